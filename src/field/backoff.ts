// How long to wait before the next attempt to connect. Devices are asked for ever, so the wait is bounded; it is spread by
// chance, so that all devices of a plant don't come back to a recovered switch in the same millisecond.

export type Backoff = {
  readonly firstMs: number
  readonly longestMs: number
}

/** 2 s keeps a repaired unit's absence short for an operator and costs a dead one half a connection a second. */
export const fieldBackoff: Backoff = { firstMs: 100, longestMs: 2000 }

/**
 * Wait before the next attempt, ms: doubles with each failure since the last answer, and lies between half of that and all of it.
 * `failures` counts from 1; `chance` is 0 up to but not including 1.
 */
export function backoffMs(backoff: Backoff, failures: number, chance: number): number {
  // The exponent is bounded because 2 ** 1024 is Infinity, and a unit may be away for a year.
  const doubled = backoff.firstMs * 2 ** Math.min(Math.max(failures, 1) - 1, 30)
  return Math.min(doubled, backoff.longestMs) * (0.5 + chance / 2)
}
