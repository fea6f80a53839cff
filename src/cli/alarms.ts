// `alarms`: the list, not acknowledged first, then by priority, then newest. `alarms ack`: acknowledges one, or all that
// wait, one order each.

import type { AlarmView, View } from '../core/view.ts'
import { exitOfReply } from './carry-out.ts'
import type { Client } from './client.ts'
import { type ExitCode, exitCode, nearestWord, usageFault } from './outcome.ts'
import type { Screen } from './status-text.ts'
import { clockText, wrap } from './table.ts'
import { screenOf, type Terminal } from './terminal.ts'

export async function alarms(
  client: Client,
  terminal: Terminal,
  options: { json?: boolean },
): Promise<ExitCode> {
  const { alarms: list, supervisor } = await client.plant()
  if (options.json) terminal.json(list)
  else {
    const screen = screenOf(terminal)
    for (const line of alarmLines(list, screen)) terminal.out(line)
    terminal.out(loadText(supervisor.alarmLoad))
  }
  return exitCode.ok
}

/** Above so many alarms in 10 minutes a person can no longer follow (EEMUA 191). */
const floodPer10Min = 10

function loadText({ last10Min, lastHour }: View['supervisor']['alarmLoad']): string {
  const flood = last10Min > floodPer10Min ? ': a flood; look at what came first' : ''
  return `raised: ${last10Min} in the last 10 min, ${lastHour} in the last hour${flood}`
}

/** Puts one alarm aside for some minutes; 0 takes it back. */
export async function shelve(
  client: Client,
  terminal: Terminal,
  id: string,
  options: { minutes: string; reason: string },
): Promise<ExitCode> {
  const minutes = Number(options.minutes)
  if (!Number.isInteger(minutes) || minutes < 0 || minutes > 480) {
    throw usageFault(
      `--minutes is "${options.minutes}"; expected 0 (take it back) to 480, one shift`,
    )
  }
  const { alarms: list } = await client.plant()
  if (!list.some((alarm) => alarm.id === id)) throw notThere(id, list)
  const body = { minutes, reason: options.reason }
  const reply = await client.order(`alarms/${encodeURIComponent(id)}/shelve`, body)
  terminal.out(reply.text)
  return reply.code === 'accepted' ? exitCode.ok : exitOfReply(reply)
}

function notThere(id: string, list: readonly AlarmView[]): Error {
  const near = nearestWord(
    id,
    list.map((alarm) => alarm.id),
  )
  return usageFault(`no alarm has the id ${id}${near ? `; did you mean ${near}?` : ''}`)
}

export async function acknowledge(
  client: Client,
  terminal: Terminal,
  id: string,
  options: { comment?: string },
): Promise<ExitCode> {
  const { alarms: list } = await client.plant()
  const chosen = id === 'all' ? list.filter(isWaiting) : list.filter((alarm) => alarm.id === id)
  if (chosen.length === 0 && id !== 'all') throw notThere(id, list)
  if (chosen.length === 0) terminal.out('no alarm waits for an acknowledgement')
  let worst: ExitCode = exitCode.ok
  for (const alarm of chosen) {
    const body = options.comment === undefined ? {} : { comment: options.comment }
    const reply = await client.order(`alarms/${encodeURIComponent(alarm.id)}/ack`, body)
    terminal.out(`${alarm.id}: ${reply.text || 'acknowledged'}`)
    if (reply.code !== 'accepted') worst = exitOfReply(reply)
  }
  return worst
}

/** Each alarm: number, word and time first; then condition, consequence and action. */
export function alarmLines(list: readonly AlarmView[], { width, paint }: Screen): string[] {
  if (list.length === 0) return ['no alarms']
  return [...list].sort(byUrgency).flatMap((alarm) => {
    const head = `[${alarm.priority}] ${priorityWord[alarm.priority]}  ${stateWord(alarm)}  ${clockText(alarm.raisedWallMs)}  id ${alarm.id}`
    const heading = wrap(head, width).map(
      isWaiting(alarm) ? (alarm.priority === 1 ? paint.alarm : paint.warn) : paint.letters,
    )
    return [
      ...heading,
      ...wrap(`${alarm.source}: ${alarm.condition}`, width, '    '),
      ...wrap(alarm.consequence, width, '    means: '),
      ...wrap(alarm.action, width, '    to do: '),
      ...(alarm.under === undefined ? [] : wrap(alarm.under, width, '    look first at: ')),
      ...(alarm.shelved === undefined ? [] : wrap(shelfText(alarm.shelved), width, '    shelved ')),
    ]
  })
}

const shelfText = ({ by, reason, untilWallMs }: NonNullable<AlarmView['shelved']>): string =>
  `by ${by} until ${clockText(untilWallMs)}: ${reason}`

const isWaiting = (alarm: AlarmView): boolean =>
  alarm.state !== 'acknowledged' && alarm.shelved === undefined

const priorityWord = { 1: 'critical', 2: 'high', 3: 'medium', 4: 'low' } as const

function stateWord(alarm: AlarmView): string {
  if (alarm.shelved !== undefined) return 'shelved'
  if (alarm.state === 'unacknowledged') return 'NOT ACKNOWLEDGED'
  if (alarm.state === 'returned') return 'RETURNED, NOT ACKNOWLEDGED'
  return `acknowledged${alarm.acknowledgedBy ? ` by ${alarm.acknowledgedBy}` : ''}`
}

const byUrgency = (left: AlarmView, right: AlarmView): number =>
  Number(left.shelved !== undefined) - Number(right.shelved !== undefined) ||
  Number(isWaiting(right)) - Number(isWaiting(left)) ||
  left.priority - right.priority ||
  right.raisedWallMs - left.raisedWallMs
