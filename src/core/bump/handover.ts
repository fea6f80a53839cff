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
