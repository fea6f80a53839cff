// The aggregates of Part 13 that are offered, each as a function of one interval's summary. Which of them make sense for switches and
// words is said here, too.

import type { SampleQuality, SampleSource, SampleValue } from './sample.ts'
import {
  type Area,
  type Interval,
  isUsable,
  type Summary,
  summarize,
  usableBefore,
} from './summary.ts'

/** How the quality of a result is judged (Part 13, 4.2.1.2). */
export type Judging = {
  /** Uncertain values count as bad ones. */
  readonly strict: boolean
  /** A result is bad from this share of bad data on, %. */
  readonly badPct: number
  /** And good from this share of good data on, %. */
  readonly goodPct: number
}

/** One result with its status code and the information bits of history. */
export type Result = {
  readonly atMs: number
  readonly value: SampleValue
  readonly status: SampleQuality | 'UncertainDataSubNormal' | 'Bad'
  readonly made: 'raw' | 'calculated' | 'interpolated'
  /** Not the whole interval had data. */
  readonly partial?: boolean
  /** The value occurs more than once. */
  readonly several?: boolean
}

/** What the result is: a number, a count, a time, or of the kind of the variable. */
type Kind = 'same' | 'double' | 'count'

type Aggregate = {
  readonly kind: Kind
  /** Also for variables that are no numbers. */
  readonly words?: true
  readonly of: (summary: Summary, judging: Judging, atMs: number) => Result | undefined
}

/** Every aggregate by its name in the standard. `Interpolative` is made at an instant, not of an interval. */
export const aggregates = {
  Interpolative: { kind: 'same', words: true, of: () => undefined },
  Average: {
    kind: 'double',
    of: (s, judging, atMs) =>
      s.good === 0 ? undefined : calculated(atMs, s.sum / s.good, byCount(s, judging)),
  },
  TimeAverage: {
    kind: 'double',
    of: (s, _judging, atMs) => ofArea(atMs, s, s.carried, byBlemish(s), s.carried.ms),
  },
  TimeAverage2: {
    kind: 'double',
    of: (s, judging, atMs) => ofArea(atMs, s, s.steady, byTime(s, judging), s.steady.ms),
  },
  Total: {
    kind: 'double',
    of: (s, _judging, atMs) => ofArea(atMs, s, s.carried, byBlemish(s), 1000),
  },
  Total2: {
    kind: 'double',
    of: (s, judging, atMs) => ofArea(atMs, s, s.steady, byTime(s, judging), 1000),
  },
  Minimum: { kind: 'same', of: (s, _judging, atMs) => ofExtreme(atMs, s, s.low) },
  Maximum: { kind: 'same', of: (s, _judging, atMs) => ofExtreme(atMs, s, s.high) },
  Minimum2: { kind: 'same', of: (s, judging, atMs) => withBound(atMs, s, judging, Math.min) },
  Maximum2: { kind: 'same', of: (s, judging, atMs) => withBound(atMs, s, judging, Math.max) },
  Range: {
    kind: 'double',
    of: (s, _judging, atMs) =>
      s.low && s.high && calculated(atMs, s.high.value - s.low.value, byBlemishCount(s)),
  },
  Count: {
    kind: 'count',
    words: true,
    of: (s, judging, atMs) =>
      isEmpty(s) ? undefined : calculated(atMs, s.good, byCount(s, judging)),
  },
  NumberOfTransitions: {
    kind: 'count',
    words: true,
    of: (s, judging, atMs) =>
      isEmpty(s) ? undefined : partly(s, calculated(atMs, s.transitions, byCount(s, judging))),
  },
  Start: { kind: 'same', words: true, of: ({ first }) => first && raw(first) },
  End: { kind: 'same', words: true, of: ({ last }) => last && raw(last) },
  Delta: {
    kind: 'double',
    of: (s, _judging, atMs) =>
      typeof s.firstGood?.value === 'number' && typeof s.lastGood?.value === 'number'
        ? calculated(atMs, s.lastGood.value - s.firstGood.value, byBlemishCount(s))
        : undefined,
  },
  DurationGood: {
    kind: 'double',
    words: true,
    of: (s, judging, atMs) => time(atMs, s, goodMs(s, judging)),
  },
  DurationBad: {
    kind: 'double',
    words: true,
    of: (s, judging, atMs) => time(atMs, s, badMs(s, judging)),
  },
  PercentGood: {
    kind: 'double',
    words: true,
    of: (s, judging, atMs) => time(atMs, s, (100 * goodMs(s, judging)) / widthMs(s)),
  },
  PercentBad: {
    kind: 'double',
    words: true,
    of: (s, judging, atMs) => time(atMs, s, (100 * badMs(s, judging)) / widthMs(s)),
  },
  DurationInStateZero: {
    kind: 'double',
    words: true,
    of: (s, judging, atMs) => inState(atMs, s, judging, s.zeroMs),
  },
  DurationInStateNonZero: {
    kind: 'double',
    words: true,
    of: (s, judging, atMs) => inState(atMs, s, judging, s.otherMs),
  },
} as const satisfies Readonly<Record<string, Aggregate>>

export type AggregateName = keyof typeof aggregates

export const aggregateNames = Object.keys(aggregates) as readonly AggregateName[]

/** Does it make sense for switches and words, too? */
export function isForWords(name: AggregateName): boolean {
  const aggregate: Aggregate = aggregates[name]
  return aggregate.words === true
}

/** The aggregate of one interval; `BadNoData` where there is nothing to make it of. */
export function aggregateOf(
  source: SampleSource,
  name: AggregateName,
  interval: Interval,
  judging: Judging,
): Result {
  const atMs = interval.backward ? interval.highMs : interval.lowMs
  if (name === 'Interpolative') return valueAt(source, atMs, judging.strict)
  const summary = summarize(source, interval, judging.strict)
  const aggregate: Aggregate = aggregates[name]
  return aggregate.of(summary, judging, atMs) ?? noData(atMs)
}

/**
 * The value at an instant. Without `simple`, what may not be used is stepped over and the result is uncertain; with it, the newest entry
 * counts whatever it is.
 */
export function valueAt(
  source: SampleSource,
  atMs: number,
  strict: boolean,
  simple = false,
): Result {
  const newest = source.newestBefore(atMs + 1)
  if (newest === undefined) return noData(atMs)
  if (newest.atMs === atMs && isUsable(newest, strict)) return raw(newest)
  const usable = isUsable(newest, strict)
    ? newest
    : simple
      ? undefined
      : usableBefore(source, newest.atMs, strict)
  if (usable === undefined) return noData(atMs)
  // Nobody knows what stands after the last that was told.
  const sure = usable === newest && newest.quality === 'Good' && atMs <= source.aliveMs
  const status = sure ? 'Good' : 'UncertainDataSubNormal'
  return { atMs, value: usable.value, status, made: 'interpolated' }
}

const noData = (atMs: number): Result => ({ atMs, value: null, status: 'BadNoData', made: 'raw' })

const raw = ({ atMs, value, quality }: NonNullable<Summary['first']>): Result => ({
  ...{ atMs, value, status: quality, made: 'raw' },
})

const calculated = (atMs: number, value: number, status: Result['status']): Result => ({
  ...{ atMs, value, status, made: 'calculated' },
})

const partly = (s: Summary, result: Result): Result =>
  s.emptyMs > 0 ? { ...result, partial: true } : result

const isEmpty = (s: Summary): boolean => s.raw === 0 && widthMs(s) === s.emptyMs

const widthMs = (s: Summary): number => s.goodMs + s.uncertainMs + s.badMs + s.emptyMs
const goodMs = (s: Summary, { strict }: Judging): number => s.goodMs + (strict ? 0 : s.uncertainMs)
const badMs = (s: Summary, { strict }: Judging): number => s.badMs + (strict ? s.uncertainMs : 0)

const time = (atMs: number, s: Summary, value: number): Result | undefined =>
  isEmpty(s) ? undefined : partly(s, calculated(atMs, value, 'Good'))

const inState = (atMs: number, s: Summary, judging: Judging, ms: number): Result | undefined =>
  s.steady.ms === 0 ? undefined : partly(s, calculated(atMs, ms, byTime(s, judging)))

function ofArea(
  atMs: number,
  s: Summary,
  { area, ms }: Area,
  status: Result['status'],
  divisor: number,
): Result | undefined {
  return ms === 0 ? undefined : partly(s, calculated(atMs, area / divisor, status))
}

function ofExtreme(atMs: number, s: Summary, found: Summary['low']): Result | undefined {
  if (found === undefined) return undefined
  const made = found.atMs === atMs ? 'raw' : 'calculated'
  return {
    ...{ atMs, value: found.value, status: byBlemishCount(s), made },
    ...(found.several && { several: true }),
  }
}

function withBound(
  atMs: number,
  s: Summary,
  judging: Judging,
  choose: (...values: number[]) => number,
): Result | undefined {
  const inside = choose === Math.min ? s.low?.value : s.high?.value
  const values = [s.bound?.value, inside].filter((value) => typeof value === 'number')
  if (values.length === 0) return undefined
  return partly(s, calculated(atMs, choose(...values), byTime(s, judging)))
}

/** By the share of entries that are good or bad. */
function byCount(s: Summary, judging: Judging): Result['status'] {
  const uncertain = judging.strict ? 0 : s.uncertain
  return byShare(s.good + uncertain, s.raw - s.good - uncertain, judging)
}

/** By the share of time in which the value was good or bad. */
const byTime = (s: Summary, judging: Judging): Result['status'] =>
  byShare(goodMs(s, judging), badMs(s, judging), judging)

function byShare(good: number, bad: number, { badPct, goodPct }: Judging): Result['status'] {
  const all = good + bad
  if (all === 0) return 'Good'
  if ((100 * bad) / all >= badPct) return 'Bad'
  return (100 * good) / all >= goodPct ? 'Good' : 'UncertainDataSubNormal'
}

/** Uncertain as soon as not all of the time was good. */
const byBlemish = (s: Summary): Result['status'] =>
  s.badMs + s.uncertainMs > 0 ? 'UncertainDataSubNormal' : 'Good'

/** Uncertain as soon as not all of the entries were good. */
const byBlemishCount = (s: Summary): Result['status'] =>
  s.raw > s.good ? 'UncertainDataSubNormal' : 'Good'
