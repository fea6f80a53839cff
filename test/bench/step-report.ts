// What the benchmark of the cycle prints.

/** Times of one plant, ms a cycle. */
export type Row = {
  readonly pairs: number
  readonly tags: number
  readonly scanMs: number
  /** Readings spread over the scan period; else all in the same cycle. */
  readonly spread: boolean
  readonly times: readonly number[]
  /** The same on this thread's processor time, without what others took from it. */
  readonly busy: readonly number[]
  /** Processor times of the cycles that brought samples. */
  readonly sampled: readonly number[]
  /** Scan periods that were measured, and tag-samples that were compared in them. */
  readonly scans: number
  readonly compared: number
  /** Pairs that were ready in the end: all, or the benchmark measured something else. */
  readonly ready: number
  /** Of every sentence of every cycle: the same in every run. */
  readonly digest: string
}

export function reportOf(rows: readonly Row[]): string {
  return [
    'One cycle of the whole core, ms of processor time of its thread; "with samples": only the cycles that brought some.',
    '',
    [
      'pairs',
      'scan',
      'readings',
      'mean',
      'p50',
      'p99',
      'max',
      'with samples p50',
      'by the clock p50',
    ]
      .map((word, at) => word.padEnd(widths[at] ?? 10))
      .join(''),
    ...rows.map(lineOf),
    '',
  ].join('\n')
}

const widths = [7, 9, 10, 8, 8, 8, 8, 18, 18]

function lineOf(row: Row): string {
  const { pairs, scanMs, spread, times, busy, sampled, compared } = row
  const ms = (value: number): string => value.toFixed(1)
  const cells = [
    String(pairs),
    `${scanMs} ms`,
    spread ? 'spread' : 'at once',
    ms(mean(busy)),
    ms(quantile(busy, 0.5)),
    ms(quantile(busy, 0.99)),
    ms(Math.max(...busy)),
    ms(quantile(sampled, 0.5)),
    ms(quantile(times, 0.5)),
  ]
  const perSample = (1e6 * mean(busy) * busy.length) / compared
  const line = cells.map((cell, at) => cell.padEnd(widths[at] ?? 10)).join('')
  return `${line}${perSample.toFixed(0)} ns a tag-sample; ${row.ready} ready`
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}
