// The list of alarms as it is shown: roots with what came with them, the most urgent first; and what of it stays in its place while a
// person is in the list.

import type { AlarmView } from '../../../core/alarms/shown.ts'
import { byUrgency } from '../../alarm-order.ts'

export type AlarmGroup = { readonly root: AlarmView; readonly children: readonly AlarmView[] }

/** Each root with its children. A group is as urgent as the most urgent alarm in it; a child whose root is not listed stands alone. */
export function alarmGroups(alarms: readonly AlarmView[]): readonly AlarmGroup[] {
  const ids = new Set(alarms.map(({ id }) => id))
  const isChild = ({ under }: AlarmView) => under !== undefined && ids.has(under)
  return alarms
    .filter((alarm) => !isChild(alarm))
    .map((root) => ({
      root,
      children: alarms.filter((one) => isChild(one) && one.under === root.id).sort(byUrgency),
    }))
    .sort((one, other) => byUrgency(mostUrgent(one), mostUrgent(other)))
}

const mostUrgent = ({ root, children }: AlarmGroup): AlarmView =>
  [root, ...children].reduce((first, one) => (byUrgency(one, first) < 0 ? one : first))

export type ShownAlarm = AlarmView & {
  /** It is over; it is still shown because the list is held. */
  readonly gone?: true
}
export type ShownGroup = { readonly root: ShownAlarm; readonly children: readonly ShownAlarm[] }

/** The groups in the places that they had, with what is known of each alarm now. `alarms` are all, not only the listed ones. */
export function inPlace(
  before: readonly ShownGroup[],
  alarms: readonly AlarmView[],
): readonly ShownGroup[] {
  const known = new Map(alarms.map((alarm) => [alarm.id, alarm]))
  const renew = (alarm: ShownAlarm): ShownAlarm => known.get(alarm.id) ?? { ...alarm, gone: true }
  return before.map(({ root, children }) => ({ root: renew(root), children: children.map(renew) }))
}

/** How many alarms are not among those that are shown. */
export function countNew(shown: readonly ShownGroup[], alarms: readonly AlarmView[]): number {
  const ids = new Set(shown.flatMap(({ root, children }) => [root.id, ...children.map(idOf)]))
  return alarms.filter(({ id }) => !ids.has(id)).length
}

/** The children that a person may fold away: never one that is worse than its root. */
export const foldable = ({ root, children }: ShownGroup): readonly ShownAlarm[] =>
  children.filter(({ priority }) => priority >= root.priority)

/** The children that are shown while the group is folded. */
export const unfoldable = ({ root, children }: ShownGroup): readonly ShownAlarm[] =>
  children.filter(({ priority }) => priority < root.priority)

/** The rows from top to bottom, with all children of what is unfolded. */
export const rowsOf = (
  groups: readonly ShownGroup[],
  unfolded: ReadonlySet<string>,
): readonly ShownAlarm[] =>
  groups.flatMap((group) => [
    group.root,
    ...unfoldable(group),
    ...(unfolded.has(group.root.id) ? foldable(group) : []),
  ])

/** Whether somebody has to acknowledge it. */
export const isWaiting = ({ state, gone }: ShownAlarm): boolean =>
  !gone && (state === 'unacknowledged' || state === 'returned')

const idOf = ({ id }: AlarmView): string => id
