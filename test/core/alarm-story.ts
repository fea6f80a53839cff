// The words of the stories about alarms: `alarms`, `alarms all`, `alarms rates`, and the orders `ack`, `comment`, `shelve` and
// `retire` (out of service).

import { type AlarmView, isAsking } from '../../src/core/alarms/shown.ts'
import type { OrderBody } from '../../src/core/cycle.ts'
import { lastOutput, type Rig } from './rig.ts'

/** What the list shows: what asks for something and what persons put aside; with `all` also what is suppressed. */
export function alarmStory(rig: Rig, words: readonly string[]): readonly string[] {
  if (rig.seen.length === 0) return ['         ALARMS   none']
  if (words[0] === 'rates') return rateStory(rig)
  const { alarms } = lastOutput(rig).view
  const shown = alarms.filter(({ state }) => words[0] === 'all' || state !== 'suppressed')
  const hidden = alarms.length - shown.length
  const more = hidden === 0 ? [] : [`         ALARMS   ${hidden} suppressed`]
  if (shown.length === 0) return hidden === 0 ? ['         ALARMS   none'] : more
  return [...shown.map((alarm) => `         ALARM    ${alarmText(alarm, rig.wallMs)}`), ...more]
}

function alarmText(alarm: AlarmView, wallMs: number): string {
  const { priority, source, condition, state, shelved, suppressed, outOfService, under } = alarm
  const told = [
    state,
    ...(shelved
      ? [`by ${shelved.by}, back in ${Math.ceil((shelved.untilWallMs - wallMs) / 60_000)} min`]
      : []),
    ...(suppressed ? [`while ${suppressed.by}`] : []),
    ...(outOfService ? [`by ${outOfService.by}`] : []),
    ...(isAsking(alarm) || alarm.active ? [] : ['does not stand now']),
    ...(under ? [`under ${under}`] : []),
    ...alarm.comments.map(({ by, text }) => `${by}: ${text}`),
  ]
  return `${priority} ${source}: ${condition} (${told.join(', ')})`
}

function rateStory(rig: Rig): readonly string[] {
  const { last10Min, lastDay, lastWeek, chattering, stale } = lastOutput(rig).view.alarmRates
  const { 1: critical, 2: high, 3: medium, 4: low } = lastDay.perPriority
  return [
    `         RATES    ${last10Min} in 10 min; last day ${lastDay.raised}, last week ${lastWeek.raised}, worst 10 min ${lastDay.peak10Min}; by priority ${critical}/${high}/${medium}/${low}`,
    ...lastDay.top.slice(0, 3).map(({ id, raised }) => `         MOST     ${raised} ${id}`),
    ...chattering.map((id) => `         CHATTERS ${id}`),
    ...stale.map(({ id }) => `         STALE    ${id}`),
  ]
}

/** `shelve ID 15`, `shelve ID shift`, `shelve ID once`, `retire ID`, `retire ID back`, `comment ID some words`. */
export function alarmOrderOf(kind: string, words: readonly string[]): OrderBody {
  const [alarm = '', second = '', ...rest] = words
  const reason = 'because the test says so'
  switch (kind) {
    case 'ack':
      return { kind: 'acknowledge', alarm, comment: '' }
    case 'comment':
      return { kind: 'comment', alarm, comment: [second, ...rest].join(' ') }
    case 'shelve':
      return {
        kind: 'shelve',
        alarm,
        minutes: second === 'shift' || second === 'once' ? second : Number(second),
        reason,
      }
    default:
      return { kind: 'alarm-out-of-service', alarm, on: second !== 'back', reason }
  }
}
