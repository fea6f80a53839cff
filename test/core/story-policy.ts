// What a story shows of a unit's fitness over time, and of the way back to it.

import type { PairView } from '../../src/core/view.ts'

/** `fitness`: who flaps, and point by point what a unit that re-qualifies has shown. */
export function fitnessLines(pair: PairView): readonly string[] {
  const lines = [pair.units.A, pair.units.B].flatMap(({ unit, flapping, qualifying }) => [
    ...(flapping === undefined
      ? []
      : [
          `         FLAPS    ${unit}: penalty ${flapping.penalty.toFixed(0)}, clears in ${(flapping.clearsInMs / 60_000).toFixed(1)} min`,
        ]),
    ...(qualifying === undefined
      ? []
      : [
          `         QUALIFY  ${unit}: ${qualifying.why}`,
          ...qualifying.points.map(
            ({ what, met, value, clearsWhen }) =>
              `           ${met.padEnd(8)} ${what}: ${value}${met === 'yes' ? '' : ` (clears when ${clearsWhen})`}`,
          ),
        ]),
  ])
  const { failback } = pair
  const back =
    failback === undefined ? [] : [`         FAILBACK to ${failback.unit}: ${failback.text}`]
  const all = [...lines, ...back]
  return all.length === 0 ? ['         FITNESS  both units are sound'] : all
}
