// Aggregates over a stretch of time, interval by interval and page by page.

import {
  type AggregateName,
  aggregateOf,
  type Judging,
  type Result,
  valueAt,
} from './aggregates.ts'
import type { SampleSource } from './sample.ts'

export type ProcessedQuestion = {
  readonly aggregate: AggregateName
  readonly fromMs: number
  /** Before `fromMs`: the intervals are counted backward from there. */
  readonly toMs: number
  /** Length of an interval, ms; 0: one over the whole stretch. */
  readonly everyMs: number
  readonly judging: Judging
}

export type ResultPage = {
  readonly results: readonly Result[]
  /** Number of the interval or time where the next page begins; absent when this was the last. */
  readonly next?: number
}

/** At most `pageMax` results from interval `first` on; fewer when it takes longer than `withinMs`, but never none. */
export function readProcessed(
  source: SampleSource,
  question: ProcessedQuestion,
  pageMax: number,
  first = 0,
  within = openLimit(),
): ResultPage {
  const { fromMs, toMs, aggregate, judging } = question
  const widthMs = Math.abs(toMs - fromMs)
  const everyMs = question.everyMs > 0 ? Math.min(question.everyMs, widthMs) : widthMs
  const count = Math.ceil(widthMs / everyMs)
  const backward = toMs < fromMs
  return page(count, first, pageMax, within, (index) => {
    const beginMs = index * everyMs
    const endMs = Math.min(beginMs + everyMs, widthMs)
    const interval = backward
      ? { lowMs: fromMs - endMs, highMs: fromMs - beginMs, backward }
      : { lowMs: fromMs + beginMs, highMs: fromMs + endMs, backward }
    const result = aggregateOf(source, aggregate, interval, judging)
    // The last one may be cut short.
    const cut = endMs - beginMs < everyMs && result.made === 'calculated'
    return cut ? { ...result, partial: true } : result
  })
}

/** The value at each of these times, in their order. */
export function readAtTimes(
  source: SampleSource,
  timesMs: readonly number[],
  simple: boolean,
  pageMax: number,
  first = 0,
): ResultPage {
  return page(timesMs.length, first, pageMax, openLimit(), (index) =>
    valueAt(source, timesMs[index] ?? 0, true, simple),
  )
}

function page(
  count: number,
  first: number,
  pageMax: number,
  within: () => boolean,
  make: (index: number) => Result,
): ResultPage {
  const results: Result[] = []
  for (let index = first; index < count; index += 1) {
    if (results.length === pageMax || (results.length > 0 && !within())) {
      return { results, next: index }
    }
    results.push(make(index))
  }
  return { results }
}

/** Others wait meanwhile: a page ends after this time, ms. */
const pageMs = 2_000

function openLimit(): () => boolean {
  const untilMs = performance.now() + pageMs
  return () => performance.now() < untilMs
}
