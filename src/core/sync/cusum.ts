// The sums of evidence. Each sample that disagrees adds ln(p1/p0), each that agrees takes ln((1-p0)/(1-p1)) away, never below 0. Both
// are bounded, so one wild value cannot raise an alarm; and with p0 not understated a false alarm comes after e^h samples or
// later in the mean (Lorden 1971).

/** What a sample adds to the sum when it disagrees (`up`, positive) and when it agrees (`down`, negative). */
export type Test = { readonly up: number; readonly down: number }

/** A test that never gathers evidence. */
export const idleTest: Test = { up: 0, down: 0 }

/** `p0`: share of disagreeing samples while all is well; `p1`: the share that the test looks for, larger than p0. */
const testOf = (p0: number, p1: number): Test => ({
  up: Math.log(p1 / p0),
  down: Math.log((1 - p1) / (1 - p0)),
})

/** The test on values outside the primary's way: looks for 20 times the normal share, at least half and at most 90 %. */
export const outsideTest = (p0: number): Test =>
  testOf(p0, Math.min(0.9, Math.max(0.5, Math.min(1, 20 * p0))))

/** The tests on a shift to one side: look for the share half way between normal and always. */
export const shiftTest = (p0: number): Test => testOf(p0, (1 + p0) / 2)

/** The sum after one more sample, between 0 and `cap`. */
export const advance = (sum: number, test: Test, disagrees: boolean, cap: number): number => {
  const next = sum + (disagrees ? test.up : test.down)
  return next <= 0 ? 0 : next < cap ? next : cap
}

/** h for one false alarm in `years` over `tags` tags that are compared `perSecond` times a second. */
export const thresholdFor = (tags: number, perSecond: number, years: number): number =>
  Math.log(Math.max(1, tags) * 3600 * perSecond * years * hoursPerYear)

const hoursPerYear = 8766

/**
 * 95 % upper bound of a rate of which `hits` in `samples` were seen (Clopper-Pearson). Exact without hits; otherwise the bound for
 * rare events after Wilson and Hilferty, which with its margin lies a little above the exact one.
 */
export function upperRate(hits: number, samples: number): number {
  if (samples <= 0) return 1
  if (hits === 0) return 1 - 0.05 ** (1 / samples)
  const events = hits + 1
  const bound = events * (1 - 1 / (9 * events) + 1.6449 / (3 * Math.sqrt(events))) ** 3
  return Math.min(1, (margin * bound) / samples)
}

/** The approximation is 0.2 % low for a single hit. */
const margin = 1.005
