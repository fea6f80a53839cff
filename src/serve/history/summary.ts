// One interval of a variable's past in a single pass: everything from which the aggregates of Part 13 are made. Values stand until the
// next entry (they are stored on change), so no line is drawn between them.

import type { Sample, SampleQuality, SampleSource } from './sample.ts'

export type Interval = {
  readonly lowMs: number
  readonly highMs: number
  /** In backward order: the value at the later end belongs to it, that at the earlier one does not. */
  readonly backward: boolean
}

/** Area under the values, in their units times ms, and for how long there were any. */
export type Area = { readonly area: number; readonly ms: number }
export type Extreme = { readonly value: number; readonly atMs: number; readonly several: boolean }

export type Summary = {
  /** Entries inside the interval. */
  readonly raw: number
  readonly good: number
  readonly uncertain: number
  /** Of the good ones that are numbers. */
  readonly sum: number
  readonly low?: Extreme
  readonly high?: Extreme
  readonly first?: Sample
  readonly last?: Sample
  readonly firstGood?: Sample
  readonly lastGood?: Sample
  /** What stood when the interval began, if it may be used: the bound of those aggregates that have one. */
  readonly bound?: Sample
  /** Changes from one good value to another one. */
  readonly transitions: number
  readonly goodMs: number
  readonly uncertainMs: number
  readonly badMs: number
  /** Time before the first entry and after the end of what is known. */
  readonly emptyMs: number
  /** Only where values may be used. */
  readonly steady: Area
  /** With the last usable value carried on over what may not be used. */
  readonly carried: Area
  readonly zeroMs: number
  readonly otherMs: number
}

/** Good, uncertain or bad, by the name of the status code. */
export function severityOf(quality: SampleQuality): 'good' | 'uncertain' | 'bad' {
  if (quality === 'Good') return 'good'
  return quality.startsWith('Uncertain') ? 'uncertain' : 'bad'
}

/** May the value be used? `strict`: an uncertain one counts as bad. */
export const isUsable = ({ quality }: Sample, strict: boolean): boolean =>
  quality === 'Good' || (!strict && severityOf(quality) === 'uncertain')

/** The newest entry before this time that may be used. Bad entries in a row are few; after many of them nothing is carried on. */
export function usableBefore(
  source: SampleSource,
  atMs: number,
  strict: boolean,
): Sample | undefined {
  let found = source.newestBefore(atMs)
  for (let left = 1000; found !== undefined && left > 0; left -= 1) {
    if (isUsable(found, strict)) return found
    found = source.newestBefore(found.atMs)
  }
  return undefined
}

export function summarize(source: SampleSource, interval: Interval, strict: boolean): Summary {
  const { lowMs, highMs, backward } = interval
  const pass = new Pass(interval, strict)
  const before = source.newestBefore(lowMs)
  if (before !== undefined) {
    const newest = (alsoUncertain: boolean): Sample | undefined =>
      isUsable(before, !alsoUncertain) ? before : usableBefore(source, before.atMs, !alsoUncertain)
    pass.begin(before, newest(!strict), newest(false))
  }
  for (const sample of source.each(lowMs, highMs + 1)) {
    pass.stand(sample)
    if (backward ? sample.atMs > lowMs : sample.atMs < highMs) pass.count(sample)
  }
  return pass.end(Math.min(highMs, source.aliveMs))
}

class Pass {
  readonly #interval: Interval
  readonly #strict: boolean
  #standing: Sample | undefined
  #carried: Sample | undefined
  #sinceMs: number
  #lastGood: Sample | undefined
  readonly #found = {
    ...{ raw: 0, good: 0, uncertain: 0, sum: 0, transitions: 0 },
    ...{ goodMs: 0, uncertainMs: 0, badMs: 0, emptyMs: 0, zeroMs: 0, otherMs: 0 },
    ...{ steadyArea: 0, steadyMs: 0, carriedArea: 0, carriedMs: 0 },
  }
  #low: Extreme | undefined
  #high: Extreme | undefined
  #first: Sample | undefined
  #firstGood: Sample | undefined
  #lastGoodInside: Sample | undefined
  #last: Sample | undefined
  #bound: Sample | undefined

  constructor(interval: Interval, strict: boolean) {
    this.#interval = interval
    this.#strict = strict
    this.#sinceMs = interval.lowMs
  }

  /** What stood before the interval, the newest before it that may be used, and the newest that was good. */
  begin(standing: Sample, usable: Sample | undefined, good: Sample | undefined): void {
    this.#standing = standing
    this.#carried = usable
    if (isUsable(standing, this.#strict)) this.#bound = standing
    this.#lastGood = good
  }

  /** From here on this value stands. */
  stand(sample: Sample): void {
    this.#region(sample.atMs)
    this.#standing = sample
    if (!isUsable(sample, this.#strict)) {
      if (sample.atMs === this.#interval.lowMs) this.#bound = undefined
      return
    }
    this.#carried = sample
    if (sample.atMs === this.#interval.lowMs) this.#bound = sample
  }

  /** An entry inside the interval. */
  count(sample: Sample): void {
    const found = this.#found
    found.raw += 1
    this.#first ??= sample
    this.#last = sample
    if (sample.quality !== 'Good') {
      if (severityOf(sample.quality) === 'uncertain') found.uncertain += 1
      return
    }
    found.good += 1
    if (this.#lastGood !== undefined && this.#lastGood.value !== sample.value) {
      found.transitions += 1
    }
    this.#lastGood = sample
    this.#firstGood ??= sample
    this.#lastGoodInside = sample
    if (typeof sample.value !== 'number') return
    found.sum += sample.value
    this.#low = extreme(this.#low, sample.value, sample.atMs, -1)
    this.#high = extreme(this.#high, sample.value, sample.atMs, 1)
  }

  end(untilMs: number): Summary {
    this.#region(Math.max(untilMs, this.#sinceMs))
    const { steadyArea, steadyMs, carriedArea, carriedMs, ...found } = this.#found
    found.emptyMs += Math.max(0, this.#interval.highMs - this.#sinceMs)
    return {
      ...found,
      ...(this.#low && { low: this.#low }),
      ...(this.#high && { high: this.#high }),
      ...(this.#first && { first: this.#first }),
      ...(this.#last && { last: this.#last }),
      ...(this.#firstGood && { firstGood: this.#firstGood }),
      ...(this.#lastGoodInside && { lastGood: this.#lastGoodInside }),
      ...(this.#bound && { bound: this.#bound }),
      steady: { area: steadyArea, ms: steadyMs },
      carried: { area: carriedArea, ms: carriedMs },
    }
  }

  /** What stood until now stood until then. */
  #region(untilMs: number): void {
    const ms = Math.min(untilMs, this.#interval.highMs) - this.#sinceMs
    if (ms <= 0) return
    this.#sinceMs += ms
    const found = this.#found
    if (typeof this.#carried?.value === 'number') {
      found.carriedArea += this.#carried.value * ms
      found.carriedMs += ms
    }
    if (this.#standing === undefined) {
      found.emptyMs += ms
      return
    }
    const severity = severityOf(this.#standing.quality)
    if (severity === 'good') found.goodMs += ms
    else if (severity === 'uncertain') found.uncertainMs += ms
    else found.badMs += ms
    const { value } = this.#standing
    if (!isUsable(this.#standing, this.#strict) || typeof value !== 'number') return
    found.steadyArea += value * ms
    found.steadyMs += ms
    if (value === 0) found.zeroMs += ms
    else found.otherMs += ms
  }
}

function extreme(
  before: Extreme | undefined,
  value: number,
  atMs: number,
  sign: 1 | -1,
): Extreme | undefined {
  if (before === undefined || (value - before.value) * sign > 0) {
    return { value, atMs, several: false }
  }
  return value === before.value ? { ...before, several: true } : before
}
