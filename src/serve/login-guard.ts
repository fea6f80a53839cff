// Slows down guessing of passwords: after some failures each further one doubles the wait, per user and per address. It
// only ever delays the next log-in; sessions that are open are not touched, so nobody can be locked out of viewing.

export type LoginGuard = {
  /**
   * Asks for one attempt under all of these keys. It counts as failed at once, so that attempts made in parallel count too;
   * `succeeded` takes that back and forgives the keys it names.
   */
  attempt(keys: readonly GuardKey[], nowMs: number): Attempt
}
export type GuardKey = { readonly kind: GuardKind; readonly name: string }
export type GuardKind = keyof typeof guardLimits
export type Attempt =
  | { readonly allowed: false; readonly retryAfterMs: number }
  | { readonly allowed: true; succeeded(): void }

/** Failures that cost nothing, and the longest wait, ms. An address may be shared by a whole control room. */
export const guardLimits = {
  user: { free: 4, longestMs: 60_000 },
  address: { free: 20, longestMs: 300_000 },
  session: { free: 4, longestMs: 60_000 },
} as const

const firstWaitMs = 1_000
const forgottenAfterMs = 900_000
const keysMax = 10_000

type Entry = { failures: number; lastMs: number; untilMs: number }

export function openLoginGuard(): LoginGuard {
  // Kept in order of the last failure, so that the first one is the one to forget.
  const entries = new Map<string, Entry>()

  const entryOf = (key: GuardKey, nowMs: number): Entry => {
    const entry = entries.get(idOf(key))
    const fresh = entry !== undefined && nowMs - entry.lastMs < forgottenAfterMs
    return fresh ? entry : { failures: 0, lastMs: nowMs, untilMs: nowMs }
  }

  const fail = (key: GuardKey, nowMs: number): void => {
    const { failures: before } = entryOf(key, nowMs)
    const failures = before + 1
    const { free, longestMs } = guardLimits[key.kind]
    const waitMs =
      failures < free ? 0 : Math.min(longestMs, firstWaitMs * 2 ** Math.min(failures - free, 30))
    entries.delete(idOf(key))
    entries.set(idOf(key), { failures, lastMs: nowMs, untilMs: nowMs + waitMs })
    const oldest = entries.keys().next()
    if (entries.size > keysMax && !oldest.done) entries.delete(oldest.value)
  }

  const succeeded = (key: GuardKey): void => {
    const entry = entries.get(idOf(key))
    if (entry === undefined) return
    // One good account must not buy its owner endless guesses at the others from the same address.
    if (key.kind === 'address' && entry.failures > 1) {
      entry.failures -= 1
      entry.untilMs = entry.lastMs
    } else {
      entries.delete(idOf(key))
    }
  }

  return {
    attempt: (keys, nowMs) => {
      const waits = keys.map((key) => entryOf(key, nowMs).untilMs - nowMs)
      const retryAfterMs = Math.max(0, ...waits)
      if (retryAfterMs > 0) return { allowed: false, retryAfterMs }
      for (const key of keys) fail(key, nowMs)
      return { allowed: true, succeeded: () => keys.forEach(succeeded) }
    },
  }
}

const idOf = (key: GuardKey): string => `${key.kind} ${key.name}`
