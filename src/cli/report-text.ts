// The report of a switchover as lines of text: how long nobody was in control, and what each tag did. Pure.

import type { TagBump } from '../core/bump/bump-view.ts'
import { gapText } from '../core/bump/report-text.ts'
import type { EndedView } from '../core/view.ts'
import type { Screen } from './status-text.ts'
import { durationText, table, wrap } from './table.ts'

/** Nothing for a switchover that moved nothing. */
export function reportLines({ id, report }: EndedView, { width, paint }: Screen): string[] {
  if (report === undefined) return []
  const { state, gap, tags, text } = report
  // What was cut off says why in its sentence.
  const first = state === 'interrupted' ? wrap(text, width, '  ').map(paint.warn) : []
  if (tags.length === 0) return first.length > 0 ? first : wrap(gapText(gap), width, '  ')
  const rows = tags.map((tag) => [
    `  ${tag.name}`,
    amount(tag.step, tag),
    amount(tag.excursion, tag),
    settledText(tag, report.measuredMs, state),
  ])
  const heading = ['  BUMP', 'STEP', 'EXCURSION', 'OUTSIDE TOLERANCE']
  const more =
    state === 'measuring'
      ? wrap(`measuring goes on until the process has settled; ${id} shows it then`, width, '  ')
      : []
  return [
    ...(first.length > 0 ? first : wrap(gapText(gap), width, '  ')),
    ...table(heading, rows, width),
    ...more,
  ]
}

const amount = (value: number | undefined, { units }: TagBump): string =>
  value === undefined ? '-' : `${value} ${units}`.trimEnd()

function settledText(
  { outsideMs, settledMs }: TagBump,
  measuredMs: number,
  state: 'measuring' | 'complete' | 'interrupted',
): string {
  if (settledMs === 0) return 'never'
  if (outsideMs === 0) return `not in ${durationText(measuredMs)}`
  const outside = durationText(outsideMs)
  if (settledMs !== undefined) return `${outside}, settled after ${durationText(settledMs)}`
  return state === 'measuring'
    ? `${outside} so far`
    : `${outside}, not settled within ${durationText(measuredMs)}`
}
