// `alarms`: the list, roots first, not acknowledged before acknowledged, then by priority. `alarms rates`: how many there were.

import { type AlarmView, isAsking } from '../core/alarms/shown.ts'
import type { View } from '../core/view.ts'
import { alarmLines, rateLines } from './alarm-text.ts'
import type { Client } from './client.ts'
import { type ExitCode, exitCode, usageFault } from './outcome.ts'
import { screenOf, type Terminal } from './terminal.ts'

export type AlarmFilter = {
  readonly state?: string
  readonly priority?: string
  readonly pair?: string
  readonly shelved?: boolean
  readonly all?: boolean
  readonly json?: boolean
}

const states = [
  'unacknowledged',
  'acknowledged',
  'returned',
  'shelved',
  'suppressed',
  'out of service',
]

export async function alarms(
  client: Client,
  terminal: Terminal,
  options: AlarmFilter,
): Promise<ExitCode> {
  const view = await client.plant()
  const list = view.alarms.filter(wantedBy(options, view))
  if (options.json) terminal.json(list)
  else {
    for (const line of alarmLines(list, screenOf(terminal), view.wallMs)) terminal.out(line)
    terminal.out(loadText(view, list))
  }
  return exitCode.ok
}

export async function alarmRates(
  client: Client,
  terminal: Terminal,
  options: { readonly json?: boolean },
): Promise<ExitCode> {
  const { alarmRates: rates, wallMs } = await client.plant()
  if (options.json) terminal.json(rates)
  else for (const line of rateLines(rates, screenOf(terminal), wallMs)) terminal.out(line)
  return exitCode.ok
}

/** Without a word: what asks for something, and what persons put aside. What is suppressed only when it is asked for. */
function wantedBy(options: AlarmFilter, view: View): (alarm: AlarmView) => boolean {
  const state = options.shelved ? 'shelved' : options.state?.replaceAll('-', ' ')
  if (state !== undefined && !states.includes(state))
    throw usageFault(`--state is "${state}"; expected one of ${states.join(', ')}`)
  const { priority, pair, all } = options
  if (priority !== undefined && !/^[1-4]$/.test(priority))
    throw usageFault(`--priority is "${priority}"; expected 1 to 4`)
  const names = view.pairs.map(({ name }) => name)
  if (pair !== undefined && !names.includes(pair))
    throw usageFault(`no pair is named "${pair}"; there are: ${names.join(', ')}`)
  return (alarm) =>
    (state === undefined ? all === true || alarm.state !== 'suppressed' : alarm.state === state) &&
    (priority === undefined || alarm.priority === Number(priority)) &&
    (pair === undefined || alarm.pair === pair)
}

function loadText({ alarms: every, supervisor }: View, list: readonly AlarmView[]): string {
  const { last10Min, lastHour, flood } = supervisor.alarmLoad
  const hidden = every.length - list.length
  const more = hidden === 0 ? '' : `; ${hidden} more with --all`
  const asking = every.filter((alarm) => isAsking(alarm)).length
  const text = `${asking} ask for something; raised: ${last10Min} in the last 10 min, ${lastHour} in the last hour`
  return `${text}${flood ? ': a flood; look at the roots first' : ''}${more}`
}
