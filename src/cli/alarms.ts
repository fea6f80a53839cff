// `alarms`: the list, not acknowledged first, then by priority, then newest. `alarms ack`: acknowledges one, or all that
// wait, one order each.

import type { AlarmView } from '../core/view.ts'
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
  const { alarms: list } = await client.plant()
  if (options.json) terminal.json(list)
  else {
    const screen = screenOf(terminal)
    for (const line of alarmLines(list, screen)) terminal.out(line)
  }
  return exitCode.ok
}

export async function acknowledge(
  client: Client,
  terminal: Terminal,
  id: string,
  options: { comment?: string },
): Promise<ExitCode> {
  const { alarms: list } = await client.plant()
  const chosen = id === 'all' ? list.filter(isWaiting) : list.filter((alarm) => alarm.id === id)
  if (chosen.length === 0 && id !== 'all') {
    const near = nearestWord(
      id,
      list.map((alarm) => alarm.id),
    )
    throw usageFault(`no alarm has the id ${id}${near ? `; did you mean ${near}?` : ''}`)
  }
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
    ]
  })
}

const isWaiting = (alarm: AlarmView): boolean => alarm.state !== 'acknowledged'

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
