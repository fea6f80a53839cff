// The symbols: an alarm's priority as shape, digit, colour and word, and a unit's role as disc, ring and word. Colour alone never says
// anything.

import type { AlarmPriority, AlarmState } from '../../core/alarms/shown.ts'
import type { Role } from '../../core/plant.ts'
import { marks } from '../palette.ts'
import { texts } from '../texts.ts'

/** Shape and digit of a priority; its symbol flashes while nobody has acknowledged it. */
export function PriorityMark({
  priority,
  state = 'acknowledged',
}: {
  priority: AlarmPriority
  state?: AlarmState
}) {
  const asks = state === 'unacknowledged' || state === 'returned'
  const kind = state === 'shelved' ? 'S' : priority
  const word = marks[priority].word
  return (
    <svg class={`mark${asks ? ' asks' : ''}`} viewBox="0 0 24 24" role="img" aria-label={word}>
      <g class={`p${kind}`}>{shapes[kind]}</g>
      <text x="12" y={textY[kind]} class={`ink${kind}`}>
        {kind}
      </text>
    </svg>
  )
}

const shapes = {
  1: <rect x="3" y="3" width="18" height="18" />,
  2: <polygon points="12,2 23,22 1,22" />,
  3: <polygon points="1,2 23,2 12,22" />,
  4: <circle cx="12" cy="12" r="10" />,
  S: <polygon points="12,1 23,12 12,23 1,12" />,
} as const
const textY = { 1: 17, 2: 20, 3: 13, 4: 17, S: 17 } as const

/** Role of a unit: filled disc, ring, broken ring. */
export function RoleMark({ role }: { role: Role }) {
  return (
    <span class={`role ${role}`} title={texts.roles[`${role}Long`]}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <circle cx="12" cy="12" r="9" />
      </svg>
      <b>{texts.roles[role]}</b>
    </span>
  )
}
