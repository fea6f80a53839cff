// What stands against relying on a unit because of what it did lately, as lines of text: flapping, and a re-qualification that is
// open. Pure.

import type { PairView } from '../core/view.ts'
import type { Paint } from './paint.ts'
import { durationText, table, wrap } from './table.ts'

type Screen = { readonly width: number; readonly paint: Paint }

/** One line for each unit that flaps or re-qualifies. */
export function fitnessLines(pair: PairView, { width, paint }: Screen): string[] {
  return [pair.units.A, pair.units.B].flatMap(({ unit, flapping, qualifying }) => {
    const lines: string[] = []
    if (flapping !== undefined) {
      const text = `${unit} is unfit, flapping; steady again in ${durationText(flapping.clearsInMs)}, if it stays fit`
      lines.push(...wrap(text, width, '  '))
    }
    if (qualifying !== undefined) {
      const met = qualifying.points.filter((one) => one.met === 'yes').length
      const text = `${unit} re-qualifies (${qualifying.why}): ${met} of ${qualifying.points.length} points met`
      lines.push(...wrap(text, width, '  '))
    }
    return lines.map(paint.warn)
  })
}

/** Point by point what a unit that re-qualifies has shown, and when the rest clears. */
export function qualifyingTable(pair: PairView, { width, paint }: Screen): string[] {
  const points = [pair.units.A, pair.units.B].flatMap(({ unit, qualifying }) =>
    (qualifying?.points ?? []).map((one) => ({ unit, ...one })),
  )
  if (points.length === 0) return []
  const rows = points.map(({ unit, what, met, value, clearsWhen }) => [
    `${unit} ${what}`,
    met === 'yes' ? 'met' : met === 'no' ? 'not met' : 'unknown',
    met === 'yes' ? value : `${value} (clears when ${clearsWhen})`,
  ])
  const lines = table(['TO BE SHOWN', 'STATE', 'FOUND'], rows, width)
  return ['', ...lines.map((line, at) => (points[at - 1]?.met === 'yes' ? line : paint.warn(line)))]
}
