// `switchover PAIR --to UNIT`: the table, the preparation, the evidence, the question, the steps, the table again.

import type { OrderBody } from '../core/cycle.ts'
import { confirmExactly } from './answer.ts'
import { ask } from './ask.ts'
import { carryOut, refused } from './carry-out.ts'
import { type Client, pairNamed } from './client.ts'
import { type ExitCode, exitCode, usageFault } from './outcome.ts'
import { obstacleLines } from './progress-text.ts'
import { pairTable, sentenceLines } from './status-text.ts'
import { wrap } from './table.ts'
import { screenOf, type Terminal } from './terminal.ts'

export type SwitchoverOptions = {
  readonly to: string
  readonly reason?: string
  readonly dryRun?: boolean
  readonly override?: readonly string[]
  readonly json?: boolean
  readonly yes?: boolean
  readonly proposal?: string
  readonly evidence?: string
  readonly approver?: string
  readonly passwordStdin?: boolean
}

export async function switchover(
  client: Client,
  terminal: Terminal,
  pairName: string,
  options: SwitchoverOptions,
): Promise<ExitCode> {
  const to = options.to.toUpperCase()
  if (to !== 'A' && to !== 'B') throw usageFault(`--to ${options.to}: a unit is A or B`)
  if (options.yes) return confirmExactly(client, terminal, { ...options, pair: pairName, to })
  if (options.json && !options.dryRun) throw usageFault('--json needs --dry-run or --yes')
  if (!terminal.interactive && !options.dryRun) throw usageFault(noTerminalText(pairName, to))
  const pair = pairNamed(await client.plant(), pairName)
  const screen = screenOf(terminal)
  if (!options.json)
    for (const line of [...pairTable([pair], screen), ...sentenceLines(pair, screen)])
      terminal.out(line)
  const overrides = options.override ?? []
  const reason = options.reason ?? (overrides.length > 0 ? await overrideReason(terminal) : '')
  const order: Omit<Extract<OrderBody, { kind: 'prepare' }>, 'kind'> = {
    pair: pair.name,
    to,
    reason,
    dryRun: options.dryRun === true,
    overrides,
  }
  if (options.dryRun) return dryRun(client, terminal, order, options.json === true)
  return carryOut(client, terminal, pair.name, { path: 'switchovers', body: order, reason })
}

/** Tells someone without a terminal what would work. */
const noTerminalText = (pair: string, to: string): string =>
  `this is not a terminal, so nobody can be asked and nothing was ordered; to confirm a proposal that is open: ` +
  `bumpless switchover ${pair} --to ${to} --yes --proposal ID --evidence HASH --reason TEXT ` +
  `(ID and HASH: bumpless status ${pair} --json); to see the obstacles: --dry-run`

async function dryRun(
  client: Client,
  terminal: Terminal,
  order: { readonly pair: string },
  json: boolean,
): Promise<ExitCode> {
  const reply = await client.order('switchovers', order)
  if (json) {
    const { code, text, obstacles } = reply
    terminal.json({ ready: code === 'accepted', code, text, obstacles })
  }
  if (reply.code === 'accepted') {
    const screen = screenOf(terminal)
    if (!json) {
      for (const line of wrap(reply.text, screen.width)) terminal.out(line)
      for (const line of obstacleLines(reply.obstacles, screen)) terminal.out(line)
    }
    return exitCode.ok
  }
  const silent = json ? { ...terminal, out: () => undefined } : terminal
  return refused(client, silent, order.pair, reply)
}

/** An override is journaled with its reason, so it is asked before the order. */
async function overrideReason(terminal: Terminal): Promise<string> {
  if (!terminal.interactive) throw usageFault('--override needs --reason TEXT')
  for (;;) {
    const asked = await ask(terminal, 'Reason for the override (needed; Ctrl-C leaves):')
    if (asked.kind !== 'line') throw usageFault('an override needs a reason; nothing was ordered')
    if (asked.text !== '') return asked.text
  }
}
