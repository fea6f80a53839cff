// `handover`: what has happened since the last accepted change of shift and what stands now; with --accept the person takes the shift,
// having read just that.

import type { ShiftView } from '../core/view.ts'
import type { HandoverReport, Happened } from '../serve/handover-report.ts'
import { exitOfReply } from './carry-out.ts'
import type { Client } from './client.ts'
import { type ExitCode, exitCode } from './outcome.ts'
import { clockText, wrap } from './table.ts'
import type { Terminal } from './terminal.ts'

export type HandoverOptions = {
  readonly accept?: boolean
  readonly note?: string
  readonly json?: boolean
}
type Shown = HandoverReport & {
  readonly since?: ShiftView
  readonly upTo: number
  readonly leftOut?: number
}

export async function handover(
  client: Client,
  terminal: Terminal,
  { accept, note = '', json }: HandoverOptions,
): Promise<ExitCode> {
  const shown = await client.read<Shown>('handover')
  if (json) terminal.json(shown)
  else for (const line of reportLines(shown)) out(terminal, line)
  if (!accept) return exitCode.ok
  const reply = await client.order('handover', { seen: shown.upTo, note })
  if (!json) {
    terminal.out('')
    terminal.out(reply.text)
    for (const line of reply.difference) terminal.out(`  ${line}`)
  }
  return exitOfReply(reply)
}

function out(terminal: Terminal, line: string): void {
  const indent = line.startsWith('  ') ? '  ' : ''
  for (const part of line === '' ? [''] : wrap(line.trim(), terminal.width(), indent))
    terminal.out(part)
}

function reportLines({ since, upTo, leftOut, happened, standing }: Shown): readonly string[] {
  const { alarms, putAside, lockouts, outOfService, notReady, prompts, unproven } = standing
  return [
    since === undefined
      ? 'Nobody has taken a shift yet.'
      : `${since.by} has the shift since ${clockText(since.sinceWallMs)}${since.note === '' ? '' : `: ${since.note}`}`,
    '',
    `Happened since, up to record ${upTo}`,
    ...(leftOut === undefined ? [] : [`  ${leftOut} older records were not looked through`]),
    ...orNone(happened.map(happenedLine)),
    '',
    'Stands now',
    ...orNone([
      ...prompts.map(({ pair, id }) => `  prompt: ${pair}: ${id} waits for an answer`),
      ...notReady.map(({ sentence }) => `  not ready: ${sentence}`),
      ...alarms.map(
        ({ priority, state, text }) => `  alarm, priority ${priority}: ${text} (${state})`,
      ),
      ...putAside.map(
        ({ id, state, by, reason }) => `  put aside: ${id} (${state}) by ${by}: ${reason}`,
      ),
      ...lockouts.map(({ pair, by, reason }) => `  lockout: ${pair} by ${by}: ${reason}`),
      ...outOfService.map(
        ({ unit, by, reason }) => `  out of service: ${unit} by ${by}: ${reason}`,
      ),
      ...unproven.map(
        ({ pair, lastProvenWallMs }) =>
          `  unproven: ${pair}: ${lastProvenWallMs === undefined ? 'no switchover is known' : `last switched ${clockText(lastProvenWallMs)}`}`,
      ),
    ]),
  ]
}

function happenedLine({ wallMs, what, text, by, count }: Happened): string {
  const who = by === 'supervisor' ? '' : ` [${by}]`
  return `  ${clockText(wallMs)}  ${what}${who}: ${text}${count > 1 ? ` (${count} times)` : ''}`
}

const orNone = (lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? ['  nothing'] : lines
