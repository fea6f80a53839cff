// What a person orders about alarms: acknowledge, comment, shelve, take out of service. Several are acknowledged by one order each;
// a critical one only by its own id, so that nobody acknowledges it unread.

import type { AlarmView } from '../core/alarms/shown.ts'
import { isWaiting } from './alarm-text.ts'
import { exitOfReply } from './carry-out.ts'
import { type Client, pairNamed } from './client.ts'
import { type ExitCode, exitCode, nearestWord, usageFault } from './outcome.ts'
import type { Terminal } from './terminal.ts'

export async function acknowledge(
  client: Client,
  terminal: Terminal,
  ids: readonly string[],
  options: { readonly comment?: string; readonly pair?: string },
): Promise<ExitCode> {
  const view = await client.plant()
  if (ids.length === 0 && options.pair === undefined)
    throw usageFault("name the alarms: their ids, --pair PAIR, or 'all'")
  const pair = options.pair === undefined ? undefined : pairNamed(view, options.pair).name
  const chosen = ids.filter((id) => id !== 'all').map((id) => named(id, view.alarms))
  const isBlind = ids.includes('all') || pair !== undefined
  const waiting = view.alarms.filter(
    (alarm) => isBlind && isWaiting(alarm) && (pair === undefined || alarm.pair === pair),
  )
  const taken = [...new Set([...chosen, ...waiting.filter(({ priority }) => priority !== 1)])]
  if (taken.length === 0 && waiting.length === 0)
    terminal.out('no alarm waits for an acknowledgement')
  let worst: ExitCode = exitCode.ok
  for (const { id } of taken) {
    const body = options.comment === undefined ? {} : { comment: options.comment }
    const reply = await client.order(pathOf(id, 'ack'), body)
    terminal.out(`${id}: ${reply.text || 'acknowledged'}`)
    if (reply.code !== 'accepted') worst = exitOfReply(reply)
  }
  for (const { id } of waiting.filter((alarm) => alarm.priority === 1 && !taken.includes(alarm)))
    terminal.out(`${id}: critical, not acknowledged; name it: bumpless alarms ack ${id}`)
  return worst
}

export async function comment(
  client: Client,
  terminal: Terminal,
  id: string,
  text: string,
): Promise<ExitCode> {
  const { alarms } = await client.plant()
  return send(client, terminal, pathOf(named(id, alarms).id, 'comment'), { comment: text })
}

/** The choices of `--for`, in minutes; `shift` lasts until the running shift ends. */
const shelfTimes: Readonly<Record<string, number | 'shift'>> = {
  '15m': 15,
  '1h': 60,
  '4h': 240,
  shift: 'shift',
}

export type ShelveOptions = {
  readonly for?: string
  readonly minutes?: string
  readonly back?: boolean
  readonly reason: string
}

/** Puts one alarm aside for a while, or takes it back. */
export async function shelve(
  client: Client,
  terminal: Terminal,
  id: string,
  options: ShelveOptions,
): Promise<ExitCode> {
  const minutes = shelfTime(options)
  const { alarms } = await client.plant()
  const body = { minutes, reason: options.reason }
  return send(client, terminal, pathOf(named(id, alarms).id, 'shelve'), body)
}

function shelfTime({ for: choice, minutes, back }: ShelveOptions): number | 'shift' {
  const given = [choice !== undefined, minutes !== undefined, back === true].filter(Boolean).length
  if (given !== 1) throw usageFault('say for how long: --for, --minutes, or --back')
  if (back) return 0
  if (choice !== undefined) {
    const time = shelfTimes[choice]
    if (time !== undefined) return time
    throw usageFault(`--for is "${choice}"; expected ${Object.keys(shelfTimes).join(', ')}`)
  }
  const count = Number(minutes)
  if (!Number.isInteger(count) || count < 0 || count > 480)
    throw usageFault(`--minutes is "${minutes}"; expected 0 (take it back) to 480, one shift`)
  return count
}

/** Takes an alarm out of service without an end, or puts it back. */
export async function alarmOutOfService(
  client: Client,
  terminal: Terminal,
  id: string,
  options: { readonly reason?: string; readonly back?: boolean },
): Promise<ExitCode> {
  const on = options.back !== true
  if (on && (options.reason ?? '').trim() === '')
    throw usageFault('--reason: say why the alarm is out of service')
  const body = { on, reason: options.reason ?? '' }
  return send(client, terminal, pathOf(id, 'out-of-service'), body)
}

async function send(
  client: Client,
  terminal: Terminal,
  path: string,
  body: object,
): Promise<ExitCode> {
  const reply = await client.order(path, body)
  terminal.out(reply.text)
  return reply.code === 'accepted' ? exitCode.ok : exitOfReply(reply)
}

const pathOf = (id: string, what: string): string => `alarms/${encodeURIComponent(id)}/${what}`

function named(id: string, list: readonly AlarmView[]): AlarmView {
  const known = list.find((alarm) => alarm.id === id)
  if (known !== undefined) return known
  const near = nearestWord(
    id,
    list.map((alarm) => alarm.id),
  )
  throw usageFault(`no alarm has the id ${id}${near ? `; did you mean ${near}?` : ''}`)
}
