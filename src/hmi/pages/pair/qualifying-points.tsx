// What a unit that came back has still to show before it is relied on, point by point.

import type { UnitView } from '../../../core/view.ts'
import { Scroll } from '../../parts/scroll.tsx'
import { texts } from '../../texts.ts'
import { durationText } from '../../time-text.ts'

export function QualifyingPoints({ unit: { unit, qualifying } }: { unit: UnitView }) {
  if (qualifying === undefined) return null
  const words = texts.pair.points
  const { why, forMs, points } = qualifying
  return (
    <section class="panel">
      <p>
        <b class="deviation">{texts.pair.qualifying(unit)}</b> {why},{' '}
        {texts.pair.forTime(durationText(forMs))}
      </p>
      <Scroll label={words.title(unit)}>
        <table>
          <caption>{words.title(unit)}</caption>
          <thead>
            <tr>
              <th scope="col">{words.what}</th>
              <th scope="col">{words.met}</th>
              <th scope="col">{words.found}</th>
              <th scope="col">{words.clears}</th>
            </tr>
          </thead>
          <tbody>
            {points.map(({ what, met, value, clearsWhen }) => (
              <tr key={what}>
                <th scope="row">{what}</th>
                <td>
                  <span class={met === 'yes' ? '' : 'deviation'}>{met}</span>
                </td>
                <td>{value}</td>
                <td>{met === 'yes' ? '' : clearsWhen}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  )
}
