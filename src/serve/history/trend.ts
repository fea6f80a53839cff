// Lines for a chart, from the history: the lowest and the highest value of each short stretch, so that no peak is lost however long the
// time is that a chart shows.

import type { ReadAnswer, ReadQuestion } from './messages.ts'

export type TrendQuestion = {
  /** Variables by the names in their NodeIds. */
  readonly series: readonly string[]
  readonly fromMs: number
  readonly toMs: number
  /** Stretches that the time is cut into. */
  readonly stretches: number
}

/** Unix ms and the value; null: not known from here on. */
export type TrendPoint = readonly [wallMs: number, value: number | null]
export type TrendAnswer =
  | {
      readonly kind: 'trend'
      readonly series: readonly { readonly name: string; readonly points: readonly TrendPoint[] }[]
    }
  /** Nothing could be read, and why. */
  | { readonly kind: 'failed'; readonly text: string }

/** Reads every line; one that fails makes the whole answer fail. */
export async function readTrend(
  read: (question: ReadQuestion) => Promise<ReadAnswer>,
  question: TrendQuestion,
): Promise<TrendAnswer> {
  const series = []
  for (const name of question.series) {
    const [low, high] = await Promise.all([
      read(stretchesOf(name, 'Minimum2', question)),
      read(stretchesOf(name, 'Maximum2', question)),
    ])
    const failed = [low, high].find((answer) => answer.kind === 'failed')
    if (failed?.kind === 'failed') return failed
    series.push({ name, points: pointsOf(valuesOf(low), valuesOf(high), question) })
  }
  return { kind: 'trend', series }
}

const stretchesOf = (
  series: string,
  aggregate: 'Minimum2' | 'Maximum2',
  { fromMs, toMs, stretches }: TrendQuestion,
): ReadQuestion => ({
  kind: 'processed',
  series,
  processed: {
    ...{ aggregate, fromMs, toMs, everyMs: everyMs(fromMs, toMs, stretches) },
    // A stretch with any value at all shows it.
    judging: { strict: false, badPct: 100, goodPct: 100 },
  },
  pageMax: stretches + 1,
  first: 0,
})

const everyMs = (fromMs: number, toMs: number, stretches: number): number =>
  Math.max(1, Math.ceil((toMs - fromMs) / stretches))

const valuesOf = (answer: ReadAnswer): readonly (number | null)[] =>
  answer.kind === 'results'
    ? answer.page.results.map(({ value }) => (typeof value === 'number' ? value : null))
    : []

function pointsOf(
  low: readonly (number | null)[],
  high: readonly (number | null)[],
  { fromMs, toMs, stretches }: TrendQuestion,
): readonly TrendPoint[] {
  const lengthMs = everyMs(fromMs, toMs, stretches)
  return low.flatMap((least, index): TrendPoint[] => {
    const atMs = fromMs + index * lengthMs
    const most = high[index] ?? null
    if (least === null || most === null || least === most) return [[atMs, least]]
    return [
      [atMs, least],
      [Math.floor(atMs + lengthMs / 2), most],
    ]
  })
}
