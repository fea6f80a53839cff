// What stands in the way, gate by gate: what was found, what is wanted, how old it is, and when it clears by itself.

import type { Obstacle } from '../../core/view.ts'
import { texts } from '../texts.ts'
import { durationText } from '../time-text.ts'

export function Obstacles({ obstacles }: { obstacles: readonly Obstacle[] }) {
  return (
    <ul class="obstacle-list">
      {obstacles.map((obstacle) => (
        <li key={obstacle.gate}>
          <ObstacleText obstacle={obstacle} />
        </li>
      ))}
    </ul>
  )
}

function ObstacleText({ obstacle }: { obstacle: Obstacle }) {
  const { title, value, threshold, weight, ageMs, clearsWhen } = obstacle
  const { readiness } = texts.pair
  return (
    <>
      <b class="deviation">{title}</b>{' '}
      <span class="muted">
        ({weight === 'hard' ? readiness.hard : readiness.overridable}
        {ageMs === undefined ? '' : `, ${readiness.old(durationText(ageMs))}`})
      </span>
      <dl>
        <dt>{readiness.found}</dt>
        <dd>{value}</dd>
        <dt>{readiness.wanted}</dt>
        <dd>{threshold}</dd>
        <dt>{readiness.clears}</dt>
        <dd>{clearsWhen}</dd>
      </dl>
    </>
  )
}
