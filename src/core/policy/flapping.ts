// Flap damping: a unit that goes unfit again and again is not believed to be fit just because it is so at this moment. Each fall
// from fit to unfit costs a penalty that halves every quarter of an hour; bad news itself is never damped. Numbers:
// docs/decisions/0020-who-may-say-go.md.

import type { FlapMemory, UnitFitness } from './fitness.ts'

const minute = 60_000
const fallPenalty = 1000
export const halfLifeMs = 15 * minute
/** From here on the unit counts as flapping. */
const flappingFrom = 2000
/** And until its penalty has fallen to this. */
export const steadyBelow = 750
/** It never takes longer than an hour from the last fall. */
const highestPenalty = steadyBelow * 2 ** ((60 * minute) / halfLifeMs)

export const newFlapMemory = (nowMs: number): FlapMemory => ({
  penalty: 0,
  atMs: nowMs,
  fit: false,
  flapping: false,
})

/**
 * Takes in whether the unit is fit now; undefined when that is not known or nobody should judge it. The memory is the same
 * object while nothing has happened.
 */
export function noteFit(memory: FlapMemory, fit: boolean | undefined, nowMs: number): FlapMemory {
  const fell = memory.fit && fit === false
  if (fell) {
    const penalty = Math.min(highestPenalty, penaltyAt(memory, nowMs) + fallPenalty)
    const flapping = memory.flapping || penalty >= flappingFrom
    return { penalty, atMs: nowMs, fit: false, flapping }
  }
  const over = memory.flapping && penaltyAt(memory, nowMs) <= steadyBelow
  const rose = fit === true && !memory.fit
  if (!over && !rose) return memory
  return { ...memory, fit: memory.fit || rose, flapping: memory.flapping && !over }
}

const penaltyAt = ({ penalty, atMs }: FlapMemory, nowMs: number): number =>
  penalty * 2 ** (-(nowMs - atMs) / halfLifeMs)

/** What is told of it; undefined for a unit that does not flap. */
export function flappingFacts(memory: FlapMemory, nowMs: number): UnitFitness['flapping'] {
  if (!memory.flapping) return undefined
  const penalty = penaltyAt(memory, nowMs)
  const clearsInMs = Math.max(0, halfLifeMs * Math.log2(penalty / steadyBelow))
  return { penalty, clearsInMs }
}
