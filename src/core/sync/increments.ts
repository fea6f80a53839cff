// What two integrators of their own add up in ten minutes. Their values may stand apart for ever; what they count in the same time
// may not differ by more than the values may.

/** Kept for each integrator; the differences are those between the units, B less A. */
export type Increments = {
  /** Start of the minute that is under way, with the sum of the differences in it. */
  readonly sinceMs: number
  readonly sum: number
  readonly count: number
  /** Mean difference in each of the last minutes, newest last. */
  readonly means: readonly number[]
  /** So many minutes in a row the difference had changed by too much in ten minutes. */
  readonly strikes: number
}

export const newIncrements = (nowMs: number): Increments => ({
  sinceMs: nowMs,
  sum: 0,
  count: 0,
  means: [],
  strikes: 0,
})

const minuteMs = 60_000
const minutes = 10
/** Fewer comparisons make no mean; the ten minutes then begin anew. */
const countLeast = 10
/** One minute with a wild mean says nothing. */
const strikesForDifference = 3

/** One more difference; `limit` is what the values may stand apart. */
export function addDifference(
  before: Increments,
  difference: number,
  limit: number,
  nowMs: number,
): Increments {
  const sum = before.sum + difference
  const count = before.count + 1
  if (nowMs - before.sinceMs < minuteMs) return { ...before, sum, count }
  if (count < countLeast) return newIncrements(nowMs)
  const means = [...before.means, sum / count].slice(-minutes - 1)
  const [first = 0] = means
  const changed = means.length > minutes && Math.abs(sum / count - first) > limit
  return { ...newIncrements(nowMs), means, strikes: changed ? before.strikes + 1 : 0 }
}

/** Whether the two units count differently. */
export const countApart = ({ strikes }: Increments): boolean => strikes >= strikesForDifference
