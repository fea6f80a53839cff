// What the pair's policy makes of its units, as lines of text: flapping, a re-qualification that is open, the way back, and what the
// supervisor would do without a person. Pure.

import type { PairView } from '../core/view.ts'
import type { Paint } from './paint.ts'
import { durationText, table, wrap } from './table.ts'

type Screen = { readonly width: number; readonly paint: Paint }

/** One line for each unit that flaps or re-qualifies, for the way back, and for what the supervisor would do without a person. */
export function fitnessLines(pair: PairView, { width, paint }: Screen): string[] {
  const { failback, automatic } = pair
  const against = automatic?.obstacles.map(({ title, value }) => `${title}: ${value}`).join('; ')
  const way = failback && `back to ${failback.unit} (${failback.after}): ${failback.text}`
  return [
    ...(way === undefined ? [] : wrap(way, width, '  ')),
    ...(against === undefined
      ? []
      : wrap(
          `automatic: ${against === '' ? 'nothing stands against it' : `waits for a person: ${against}`}`,
          width,
          '  ',
        )),
    ...unitLines(pair, { width, paint }),
  ]
}

function unitLines(pair: PairView, { width, paint }: Screen): string[] {
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
