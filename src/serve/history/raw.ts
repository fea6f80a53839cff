// Raw values of one variable for a stretch of time (Part 11, 6.5.3.2): forward or backward, with or without the values that bound it,
// page by page. The time at the end does not belong to the stretch, so that neighbouring stretches share no value.

import type { Sample, SampleSource } from './sample.ts'

export type RawQuestion = {
  /** Where it begins; absent: at the end of what there is. Later than `toMs`: backward. */
  readonly fromMs?: number
  readonly toMs?: number
  /** Values wanted at once; 0: all of them. */
  readonly limit: number
  readonly bounds: boolean
}

/** A value, or the answer that nothing bounds the stretch there. */
export type RawItem = Sample | { readonly atMs: number; readonly quality: 'BadBoundNotFound' }

export type RawPage = {
  readonly items: readonly RawItem[]
  /** Where the next page begins; absent when this was the last. */
  readonly next?: RawPosition
}
export type RawPosition = {
  /** Time of the last item that was given. */
  readonly afterMs: number
  /** Values still wanted, where the question asked for a number of them. */
  readonly left?: number
}

/** One page of at most `pageMax` items. At least two of beginning, end and number must stand in the question. */
export function readRaw(
  source: SampleSource,
  question: RawQuestion,
  pageMax: number,
  position?: RawPosition,
): RawPage {
  const range = rangeOf(question)
  const counted = question.fromMs === undefined || question.toMs === undefined
  const left = counted ? (position?.left ?? question.limit) : undefined
  const wanted = left ?? (question.limit > 0 ? question.limit : pageMax)
  const size = Math.min(wanted, pageMax)
  const found = itemsOf(source, range, question.bounds, size + 1, position?.afterMs)
  const items = found.slice(0, size)
  const last = items.at(-1)
  const rest = left === undefined ? undefined : left - items.length
  if (found.length <= size || last === undefined || rest === 0) return { items }
  return { items, next: { afterMs: last.atMs, ...(rest !== undefined && { left: rest }) } }
}

type Range = {
  readonly fromMs: number
  readonly toMs: number
  readonly backward: boolean
  /** Whether an end was named. */
  readonly ends: boolean
}

function rangeOf({ fromMs, toMs }: RawQuestion): Range {
  if (fromMs === undefined) {
    return { fromMs: toMs ?? 0, toMs: Number.NEGATIVE_INFINITY, backward: true, ends: false }
  }
  if (toMs === undefined) {
    return { fromMs, toMs: Number.POSITIVE_INFINITY, backward: false, ends: false }
  }
  return { fromMs, toMs, backward: toMs < fromMs, ends: true }
}

/** At most `count` items of the range, beginning after the one at `afterMs`. */
function itemsOf(
  source: SampleSource,
  range: Range,
  bounds: boolean,
  count: number,
  afterMs?: number,
): readonly RawItem[] {
  const { fromMs, toMs, backward, ends } = range
  // A single instant: forward, and the instant itself belongs to it.
  const instant = ends && fromMs === toMs
  const step = backward ? -1 : 1
  const beginMs = afterMs === undefined ? fromMs : beyond(fromMs, afterMs + step, backward)
  const stopMs = instant ? toMs + 1 : toMs
  const inner = backward
    ? source.backward(beginMs, stopMs, count)
    : source.forward(beginMs, stopMs, count)
  if (!bounds) return inner
  const first = inner[0]
  const items: RawItem[] = [...inner]
  if (afterMs === undefined && first?.atMs !== fromMs) {
    const bound = backward ? source.oldestAfter(fromMs) : source.newestBefore(fromMs)
    items.unshift(bound ?? { atMs: fromMs, quality: 'BadBoundNotFound' })
  }
  const whole = inner.length < count
  if (whole && ends && !(instant && first !== undefined)) items.push(endBound(source, range))
  // The bound at the end may be all that is left; given once, it is not given again.
  return afterMs === undefined
    ? items
    : items.filter(({ atMs }) => (backward ? atMs < afterMs : atMs > afterMs))
}

function endBound(source: SampleSource, { toMs, backward }: Range): RawItem {
  const bound = backward ? source.newestBefore(toMs + 1) : source.oldestAfter(toMs - 1)
  return bound ?? { atMs: toMs, quality: 'BadBoundNotFound' }
}

const beyond = (one: number, other: number, backward: boolean): number =>
  backward ? Math.min(one, other) : Math.max(one, other)
