// The rows of the alarm table: a root in full, how many stand under it, and each of those when it is unfolded.

import type { Signal } from '@preact/signals'
import type { AlarmView } from '../../../core/alarms/shown.ts'
import { nowWallMs } from '../../live/live.ts'
import { PriorityMark } from '../../parts/marks.tsx'
import { texts } from '../../texts.ts'
import { clockText, dateTimeText, durationText } from '../../time-text.ts'
import {
  foldable,
  isWaiting,
  type ShownAlarm,
  type ShownGroup,
  unfoldable,
} from './alarm-groups.ts'

type AlarmRowsProps = {
  groups: readonly ShownGroup[]
  unfolded: ReadonlySet<string>
  selected: Signal<AlarmView | undefined>
  /** The row that the Tab key goes to. */
  entry: string | undefined
  onFold: (id: string, open: boolean) => void
}

export function AlarmRows({ groups, unfolded, selected, entry, onFold }: AlarmRowsProps) {
  const rowOf = (alarm: ShownAlarm, isChild: boolean) => (
    <Row key={alarm.id} {...{ alarm, isChild, selected }} isEntry={alarm.id === entry} />
  )
  return (
    <>
      {groups.map((group) => {
        const { root } = group
        const folded = foldable(group)
        const isOpen = unfolded.has(root.id)
        return [
          rowOf(root, false),
          unfoldable(group).map((child) => rowOf(child, true)),
          folded.length > 0 && (
            <Fold
              key={`${root.id} fold`}
              alarms={folded}
              isOpen={isOpen}
              onFold={() => onFold(root.id, !isOpen)}
            />
          ),
          isOpen && folded.map((child) => rowOf(child, true)),
        ]
      })}
    </>
  )
}

type RowProps = {
  alarm: ShownAlarm
  isChild: boolean
  selected: Signal<AlarmView | undefined>
  isEntry: boolean
}

function Row({ alarm, isChild, selected, isEntry }: RowProps) {
  const select = () => {
    selected.value = alarm
  }
  const isSelected = selected.value?.id === alarm.id
  const isNew = isWaiting(alarm)
  const { id, priority, state, source, condition, consequence, action } = alarm
  const kinds = ['alarm', isChild && 'child', alarm.gone && 'gone', isNew && 'new']
  return (
    <tr
      data-alarm={id}
      class={kinds.filter(Boolean).join(' ')}
      aria-selected={isSelected}
      tabIndex={isEntry ? 0 : -1}
      onClick={select}
      onFocus={select}
    >
      <td class="mark-cell">
        <PriorityMark priority={priority} state={alarm.gone ? 'acknowledged' : state} />
      </td>
      <td class="figures time">{timeText(alarm.raisedWallMs)}</td>
      <td class="figures age">
        {alarm.raisedWallMs > 0 && durationText(nowWallMs.value - alarm.raisedWallMs)}
      </td>
      <th scope="row" class="source">
        {source}
      </th>
      <td class={`condition p${priority}-text`}>{condition}</td>
      <td class="consequence">{consequence}</td>
      <td class="action">{action}</td>
      <td class="state">
        <State alarm={alarm} />
      </td>
    </tr>
  )
}

function State({ alarm }: { alarm: ShownAlarm }) {
  const { state, shelved, suppressed, outOfService, acknowledgedBy } = alarm
  const words = texts.alarms
  if (alarm.gone) return <b>{words.gone}</b>
  const more =
    state === 'shelved' && shelved
      ? words.left(durationText(shelved.untilWallMs - nowWallMs.value))
      : state === 'suppressed' && suppressed
        ? words.while(suppressed.by)
        : state === 'out of service' && outOfService
          ? words.by(outOfService.by)
          : state === 'acknowledged' && acknowledgedBy !== undefined
            ? words.by(acknowledgedBy)
            : ''
  return (
    <>
      <b>{texts.alarmStates[state]}</b> <span class="figures muted">{more}</span>
    </>
  )
}

type FoldProps = { alarms: readonly ShownAlarm[]; isOpen: boolean; onFold: () => void }

/** What stands under a root, in one line: the root itself is seen without unfolding anything. */
function Fold({ alarms, isOpen, onFold }: FoldProps) {
  const waiting = alarms.filter(isWaiting).length
  return (
    <tr class="fold">
      <td />
      <td colSpan={7}>
        <button type="button" aria-expanded={isOpen} onClick={onFold}>
          {isOpen ? texts.alarms.fold : texts.alarms.unfold}: {texts.alarms.children(alarms.length)}
          {waiting > 0 && `, ${texts.alarms.childrenWait(waiting)}`}
        </button>{' '}
        {!isOpen && (
          <span class="muted">
            {alarms.map(({ source, condition }) => `${source} ${condition}`).join('; ')}
          </span>
        )}
      </td>
    </tr>
  )
}

const dayMs = 24 * 3_600_000

/** The time alone today, with its date later; nothing for what has not been raised. */
const timeText = (wallMs: number): string =>
  wallMs === 0
    ? '-'
    : nowWallMs.value - wallMs < dayMs / 2
      ? clockText(wallMs)
      : dateTimeText(wallMs)
