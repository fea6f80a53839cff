// What is learned of a tag while the pair is known to be in sync: first how far apart its samples usually lie, then how often
// they lie beyond that. Only the second number carries the promise on false alarms, so it is counted with the limits in force.

import type { TagRule } from './classes.ts'
import { idleTest, outsideTest, shiftTest, type Test, upperRate } from './cusum.ts'
import type { Finding } from './twin.ts'

/** Plain numbers: it goes into the journal and comes back from there. */
export type Calibration = {
  /** Samples from which the limits were learned, up to `samplesForLimits`. */
  readonly learned: number
  readonly mean: number
  /** Mean distance from the mean. */
  readonly spread: number
  /** The largest and second largest distance from the tube. */
  readonly largest: number
  readonly second: number
  /** The furthest that the primary itself moved from sample to sample meanwhile. */
  readonly motion: number
  /** Samples since then, and how many of them lay outside, above and below the limits. */
  readonly counted: number
  readonly outside: number
  readonly above: number
  readonly below: number
}

type Tally = Pick<Calibration, 'counted' | 'outside' | 'above' | 'below'>
const noTally: Tally = { counted: 0, outside: 0, above: 0, below: 0 }

export const newCalibration: Calibration = {
  learned: 0,
  mean: 0,
  spread: 0,
  largest: 0,
  second: 0,
  motion: 0,
  ...noTally,
}

const samplesForLimits = 300
/** From here on the counted rates replace the ones of the start. */
export const samplesCalibrated = 900
/** A day at one sample a second; beyond it old samples weigh less and less. */
const samplesRemembered = 100_000

const learnsLimits = ({ compare }: TagRule): boolean => compare === 'tube' || compare === 'bias'

/** Whether the limits of the tag are still being learned: nothing is counted before. */
export const isLearning = (rule: TagRule, { learned }: Calibration): boolean =>
  learnsLimits(rule) && learned < samplesForLimits

/** Samples behind what is known of a tag; complete at `samplesCalibrated`. */
export const samplesKnown = ({ learned, counted }: Calibration): number => learned + counted

export const isCalibrated = (calibration: Calibration): boolean =>
  samplesKnown(calibration) >= samplesCalibrated

/** Takes one sample into the limits. */
export function learn(before: Calibration, { bias, outside, motion }: Finding): Calibration {
  const learned = before.learned + 1
  const mean = before.mean + (bias - before.mean) / learned
  const spread = before.spread + (Math.abs(bias - mean) - before.spread) / learned
  const far = Number.isFinite(outside) ? outside : 0
  const largest = Math.max(before.largest, far)
  const second = Math.max(before.second, Math.min(before.largest, far))
  const widest = Math.max(before.motion, motion)
  return { ...before, learned, mean, spread, largest, second, motion: widest }
}

/** When a tally is worth taking in: often at first, then each time the knowledge has grown by an eighth. */
export const isWorthCounting = (before: Calibration, counted: number): boolean =>
  counted >= 100 && counted >= before.counted / 8

export function count(before: Calibration, tally: Tally): Calibration {
  const keep = before.counted > samplesRemembered ? 0.5 : 1
  return {
    ...before,
    counted: keep * before.counted + tally.counted,
    outside: keep * before.outside + tally.outside,
    above: keep * before.above + tally.above,
    below: keep * before.below + tally.below,
  }
}

/** The tests of one tag with their limits, worked out anew only when the calibration changes. */
export type Tests = {
  readonly outside: Test
  readonly above: Test
  readonly below: Test
  /** Beyond this distance a sample lies outside; beyond these sides it lies above or below. */
  readonly limit: number
  /**
   * When the primary moves further than this from sample to sample, nobody has learned what is normal: the excess is allowed on
   * top of the limit, and shifts do not count. Infinity with a tolerance, which holds always.
   */
  readonly calm: number
  readonly high: number
  readonly low: number
  /** ln of the number of tests: several chances of a false alarm cost a little evidence. */
  readonly price: number
  /** False: the class needs to learn before it can say anything. */
  readonly usable: boolean
}

/** A shift that is seen in more than this share of good samples can't be told from a bad one. */
const shiftRateMax = 0.35
/** Place of the side limits in mean distances from the mean: about the 80 % quantile of a bell curve. */
const sidePlace = 1.05

export function testsOf(rule: TagRule, calibration: Calibration): Tests {
  const ready = isCalibrated(calibration)
  const { counted, outside, above, below, mean, spread, second, motion } = calibration
  const asked = Math.max(rule.tolerance, rule.floor)
  const asIs = rule.tolerance > 0 || isLearning(rule, calibration)
  const limit = asIs ? asked : Math.max(asked, 1.25 * second)
  const learnedCalm = isLearning(rule, calibration) ? 0 : Math.max(motion, rule.floor)
  const calm = rule.tolerance > 0 ? Number.POSITIVE_INFINITY : learnedCalm
  const side = Math.max(asked, sidePlace * spread)
  const hasOutside = rule.compare !== 'bias' || rule.tolerance > 0
  const p0 = ready ? Math.max(upperRate(outside, counted), rateLeast) : rule.startRate
  const shift = (hits: number): Test => {
    const rate = upperRate(hits, counted)
    const able = ready && learnsLimits(rule) && rate <= shiftRateMax
    return able ? shiftTest(rate) : idleTest
  }
  const tests = {
    outside: hasOutside ? outsideTest(Math.min(rateMost, p0)) : idleTest,
    above: shift(above),
    below: shift(below),
  }
  const running = [tests.outside, tests.above, tests.below].filter((one) => one !== idleTest)
  return {
    ...tests,
    limit,
    calm,
    high: mean + side,
    low: mean - side,
    price: Math.log(Math.max(1, running.length)),
    usable: running.length > 0,
  }
}

/** No counting makes a rate smaller: what was never seen in a day may still happen. */
const rateLeast = 3e-5
/** Half of the samples outside: the test then looks for 90 %. */
const rateMost = 0.5

/** The numbers in the order in which the journal keeps them. */
export const toNumbers = (one: Calibration): readonly number[] =>
  [
    one.learned,
    one.mean,
    one.spread,
    one.largest,
    one.second,
    one.counted,
    one.outside,
    one.above,
    one.below,
    one.motion,
  ].map((number) => Number(number.toPrecision(9)))

export function fromNumbers(numbers: readonly number[]): Calibration {
  const [learned = 0, mean = 0, spread = 0, largest = 0, second = 0] = numbers
  const [counted = 0, outside = 0, above = 0, below = 0, motion = 0] = numbers.slice(5)
  return { learned, mean, spread, largest, second, motion, counted, outside, above, below }
}
