// Where a value is heading: the straight line through its last samples.

export type Line = {
  readonly atMs: number
  /** At `atMs`. */
  readonly value: number
  /** Per second. */
  readonly slope: number
}

export const on = ({ atMs, value, slope }: Line, whenMs: number): number =>
  value + (slope * (whenMs - atMs)) / 1000

/** The line that fits the samples from `fromMs` to `toMs` best, as it stands at `toMs`; undefined with fewer than three. */
export function lineThrough(
  times: readonly number[],
  values: readonly (number | null)[],
  fromMs: number,
  toMs: number,
): Line | undefined {
  let count = 0
  let sumT = 0
  let sumV = 0
  let sumTT = 0
  let sumTV = 0
  for (let index = 0; index < times.length; index++) {
    const at = times[index]
    const value = values[index]
    if (at === undefined || value === undefined || value === null) continue
    if (at < fromMs || at > toMs) continue
    // Seconds before the end: small numbers keep the sums exact.
    const t = (at - toMs) / 1000
    count += 1
    sumT += t
    sumV += value
    sumTT += t * t
    sumTV += t * value
  }
  const spread = count * sumTT - sumT * sumT
  if (count < 3 || spread <= 0) return undefined
  const slope = (count * sumTV - sumT * sumV) / spread
  return { atMs: toMs, value: (sumV - slope * sumT) / count, slope }
}
