// In which order alarms are listed: those that nobody has acknowledged first, then by priority, then the newest.

import { type AlarmView, isAsking } from '../core/alarms/shown.ts'

/** Alarms that ask for something, the one to look at first in front. */
export const askingAlarms = (alarms: readonly AlarmView[]): readonly AlarmView[] =>
  alarms.filter(isAsking).sort(byUrgency)

export const byUrgency = (one: AlarmView, other: AlarmView): number =>
  Number(isAcknowledged(one)) - Number(isAcknowledged(other)) ||
  one.priority - other.priority ||
  Number(one.under !== undefined) - Number(other.under !== undefined) ||
  other.raisedWallMs - one.raisedWallMs

const isAcknowledged = ({ state }: AlarmView): boolean => state === 'acknowledged'
