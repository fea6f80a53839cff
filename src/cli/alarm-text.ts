// Alarms as lines of text: roots with what came with them, what was put aside with person and end, and how many alarms there
// were. Pure.

import {
  type AlarmPriority,
  type AlarmRatesView,
  type AlarmView,
  isAsking,
  type PeriodRates,
} from '../core/alarms/shown.ts'
import type { Screen } from './status-text.ts'
import { clockText, durationText, table, wrap } from './table.ts'

/** Each root alarm in full, what belongs under it as one line each, and at last what was put aside. */
export function alarmLines(
  list: readonly AlarmView[],
  screen: Screen,
  wallMs: number,
): readonly string[] {
  const asking = list.filter((alarm) => isAsking(alarm))
  const ids = new Set(asking.map(({ id }) => id))
  const roots = asking.filter(({ under }) => under === undefined || !ids.has(under))
  const groups = roots
    .map((root) => ({
      root,
      children: asking.filter(({ under }) => under === root.id).sort(byUrgency),
    }))
    .sort((one, other) => byUrgency(worst(one), worst(other)))
  const aside = list.filter((alarm) => !isAsking(alarm))
  return [
    ...(asking.length === 0 ? ['no alarms'] : []),
    ...groups.flatMap(({ root, children }) => [
      ...fullLines(root, screen),
      ...children.flatMap((child) => childLines(child, screen)),
    ]),
    ...asideLines(aside, screen, wallMs),
  ]
}

type Group = { readonly root: AlarmView; readonly children: readonly AlarmView[] }
const worst = ({ root, children }: Group): AlarmView =>
  [root, ...children].sort(byUrgency)[0] ?? root

/** Number, word and time first; then condition, consequence, action and runbook. */
function fullLines(alarm: AlarmView, { width, paint }: Screen): readonly string[] {
  const heading = wrap(headOf(alarm), width).map(painter(alarm, paint))
  return [
    ...heading,
    ...wrap(`${alarm.source}: ${alarm.condition}`, width, '    '),
    ...wrap(alarm.consequence, width, '    means: '),
    ...wrap(alarm.action, width, '    to do: '),
    ...wrap(alarm.runbook, width, '    runbook: '),
    ...alarm.comments.flatMap(({ by, text, wallMs }) =>
      wrap(`${clockText(wallMs, true)} ${by}: ${text}`, width, '    said: '),
    ),
  ]
}

function childLines(alarm: AlarmView, { width, paint }: Screen): readonly string[] {
  const text = `${headOf(alarm)}: ${alarm.source}, ${alarm.condition}`
  return wrap(text, width, '    + ').map(painter(alarm, paint))
}

const headOf = (alarm: AlarmView): string =>
  `[${alarm.priority}] ${priorityWord[alarm.priority]}  ${stateWord(alarm)}  ${clockText(alarm.raisedWallMs)}  id ${alarm.id}`

const painter = (alarm: AlarmView, paint: Screen['paint']): ((line: string) => string) =>
  isWaiting(alarm) ? (alarm.priority === 1 ? paint.alarm : paint.warn) : paint.letters

/** One line each, by whom and until when: what a shift hands over to the next one. */
function asideLines(
  list: readonly AlarmView[],
  { width }: Screen,
  wallMs: number,
): readonly string[] {
  if (list.length === 0) return []
  const lines = [...list].sort(byUrgency).flatMap((alarm) => {
    const stands = alarm.active ? '' : ', does not stand now'
    const text = `[${alarm.priority}] ${alarm.id} ${asideText(alarm, wallMs)}${stands}`
    return wrap(text, width, '  - ')
  })
  return ['put aside:', ...lines]
}

function asideText({ shelved, suppressed, outOfService }: AlarmView, wallMs: number): string {
  if (outOfService !== undefined) {
    const { by, reason, wallMs: since } = outOfService
    return `out of service since ${clockText(since)} by ${by}: ${reason}`
  }
  if (suppressed !== undefined) return `suppressed while ${suppressed.by}`
  if (shelved === undefined) return ''
  const left = durationText(Math.max(0, shelved.untilWallMs - wallMs))
  return `shelved by ${shelved.by}, back in ${left}: ${shelved.reason}`
}

export const isWaiting = ({ state }: AlarmView): boolean =>
  state === 'unacknowledged' || state === 'returned'

const priorityWord = { 1: 'critical', 2: 'high', 3: 'medium', 4: 'low' } as const

function stateWord(alarm: AlarmView): string {
  if (alarm.state === 'unacknowledged') return 'NOT ACKNOWLEDGED'
  if (alarm.state === 'returned') return 'RETURNED, NOT ACKNOWLEDGED'
  return `acknowledged${alarm.acknowledgedBy ? ` by ${alarm.acknowledgedBy}` : ''}`
}

const byUrgency = (left: AlarmView, right: AlarmView): number =>
  Number(isWaiting(right)) - Number(isWaiting(left)) ||
  left.priority - right.priority ||
  right.raisedWallMs - left.raisedWallMs

/** What a well-kept plant has, in percent of its alarms (ISA-18.2, EEMUA 191): critical, high, and the rest. */
const targetPct = { 1: 5, 2: 15, rest: 80 } as const
/** What one person can work through without hurry: one alarm in 10 minutes. */
const easyPerHour = 6

/** How many alarms there were, against what a person can follow. */
export function rateLines(
  rates: AlarmRatesView,
  { width }: Screen,
  wallMs: number,
): readonly string[] {
  const { lastDay, lastWeek, last10Min, lastHour, floodPer10Min } = rates
  const rows = [
    ['last day', ...periodCells(lastDay)],
    ['last week', ...periodCells(lastWeek)],
    [
      'aim',
      '',
      `${easyPerHour * rates.operators}`,
      '',
      `${floodPer10Min}`,
      `${targetPct[1]} %`,
      `${targetPct[2]} %`,
      `${targetPct.rest} %`,
    ],
  ]
  const heads = ['', 'RAISED', 'PER HOUR', 'WORST HOUR', 'WORST 10 MIN', '[1]', '[2]', '[3][4]']
  return [
    `raised: ${last10Min} in the last 10 min, ${lastHour} in the last hour; more than ${floodPer10Min} in 10 min are a flood`,
    `counted since ${clockText(rates.sinceWallMs)}; what was shelved, suppressed or out of service does not count`,
    '',
    ...table(heads, rows, width),
    ...topLines('most often in the last day', lastDay),
    ...topLines('most often in the last week', lastWeek),
    '',
    rates.chattering.length === 0 ? 'nothing chatters' : 'chattering:',
    ...rates.chattering.map((id) => `  ${id}`),
    rates.stale.length === 0
      ? 'nothing stands for more than a day'
      : 'standing for more than a day:',
    ...rates.stale.map(
      ({ id, raisedWallMs }) => `  ${id}, for ${durationText(wallMs - raisedWallMs)}`,
    ),
  ]
}

function periodCells({ raised, perHour, peakHour, peak10Min, perPriority }: PeriodRates): string[] {
  const share = (...priorities: AlarmPriority[]): string => {
    const count = priorities.reduce((sum, one) => sum + perPriority[one], 0)
    return raised === 0 ? '-' : `${Math.round((100 * count) / raised)} %`
  }
  const counts = [String(raised), perHour.toFixed(1), String(peakHour), String(peak10Min)]
  return [...counts, share(1), share(2), share(3, 4)]
}

const topLines = (title: string, { top }: PeriodRates): readonly string[] =>
  top.length === 0
    ? []
    : ['', `${title}:`, ...top.map(({ id, raised }) => `${String(raised).padStart(6)}  ${id}`)]
