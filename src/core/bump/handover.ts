// The times of a handover: how long the process is usually without an active unit, and for how long a handover is looked at. Every
// figure follows from the plant file until switchovers of the pair have been seen.

import type { Pair } from '../plant.ts'

/** The unit's own time to change its role once it has accepted an OPERATE, assumed, ms. */
const roleChangeMs = 100

/**
 * From the demote to the promote in the usual case: the demoted unit is read, then SELECT and OPERATE go to the other one, each
 * recorded in one cycle and sent in the next.
 */
export const typicalHoldMs = (pair: Pair, cycleMs: number): number =>
  4 * cycleMs + 2 * pair.burstMs + roleChangeMs

/** A handover is over when the new primary has held the process for as long as it has to settle. */
export const handoverMs = (pair: Pair, holdMs: number): number =>
  holdMs + pair.policy.settleS * 1000
/** The usual time without an active unit: the middle of the last switchovers, or what the plant file lets expect. */
export function usualHoldMs(holdsMs: readonly number[], pair: Pair, cycleMs: number): number {
  const sorted = holdsMs.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? typicalHoldMs(pair, cycleMs)
}

/** The time that a handover must be given: the longest of the last ones, and never less than what the plant file lets expect. */
export const longestHoldMs = (holdsMs: readonly number[], pair: Pair, cycleMs: number): number =>
  Math.max(typicalHoldMs(pair, cycleMs), ...holdsMs)
