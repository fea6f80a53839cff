// One supervised order from its sending to its end: prepares, waits for the proposal, holds the dialog, follows the steps.
// `switchover`, `resolve` and an interactive `confirm` all go through here. Ctrl-C before the confirmation takes the proposal
// back; after it, it only leaves this terminal.

import type { PairView, SwitchoverView } from '../core/view.ts'
import type { Client, Reply } from './client.ts'
import { type Conclusion, confirmAtTerminal, isProposal, type Proposal } from './confirmation.ts'
import { conclude, makeStepPrinter, pairNow, readings } from './follow.ts'
import { watchInterrupts } from './interrupts.ts'
import { type ExitCode, exitCode } from './outcome.ts'
import { obstacleLines } from './progress-text.ts'
import { wrap } from './table.ts'
import { screenOf, type Terminal } from './terminal.ts'

/** Sends the order that starts it, and carries it through with the person at this terminal. */
export async function carryOut(
  client: Client,
  terminal: Terminal,
  pairName: string,
  order: { path: string; body: object; reason?: string },
): Promise<ExitCode> {
  using interrupts = watchInterrupts()
  const reply = await client.order(order.path, order.body)
  if (reply.code !== 'accepted') return refused(client, terminal, pairName, reply)
  if (reply.text) for (const line of wrap(reply.text, terminal.width())) terminal.out(line)
  if (reply.id === undefined) return exitCode.ok
  const proposal = await awaitProposal(client, terminal, pairName, reply.id, interrupts.signal)
  if (typeof proposal === 'number') return proposal
  const reason = order.reason ? { reason: order.reason } : {}
  const conclusion = await confirmAtTerminal(client, terminal, proposal, {
    ...reason,
    whenLeft: 'reject',
    interrupted: interrupts.signal,
  })
  return afterDialog(client, terminal, pairName, proposal.id, conclusion)
}

/** What follows the dialog: the steps, the end, the exit code. */
export async function afterDialog(
  client: Client,
  terminal: Terminal,
  pairName: string,
  id: string,
  conclusion: Conclusion,
): Promise<ExitCode> {
  if (conclusion.kind === 'under way') return followToEnd(client, terminal, pairName, id)
  if (conclusion.kind === 'not ready') return exitCode.notReady
  if (conclusion.kind === 'ended')
    return conclude(client, terminal, pairName, id, conclusion.ended, exitCode.aborted)
  return exitCode.aborted
}

/** Prints the steps until the switchover has ended. Leaving it stops nothing but the printing. */
export async function followToEnd(
  client: Client,
  terminal: Terminal,
  pairName: string,
  id: string,
): Promise<ExitCode> {
  using interrupts = watchInterrupts()
  const steps = makeStepPrinter(terminal)
  for await (const reading of readings(client, id, interrupts.signal)) {
    if (reading.kind === 'now') steps.show(reading.switchover.steps)
    if (reading.kind === 'ended') {
      steps.show(reading.ended.steps)
      return conclude(client, terminal, pairName, id, reading.ended, exitCode.aborted)
    }
    if (reading.kind === 'gone') {
      terminal.error(`${id} is not there any more; look at 'bumpless status ${pairName}'`)
      return exitCode.failed
    }
    if (reading.kind === 'lost')
      terminal.error(`LOST  ${reading.text}; the switchover goes on without this terminal.`)
    if (reading.kind === 'now' && reading.switchover.phase === 'stopped')
      return stopped(client, terminal, pairName, id, reading.switchover)
  }
  terminal.out()
  terminal.out(`${id} is under way in the service and goes on; no step was called back.`)
  terminal.out(`See 'bumpless status ${pairName}'; before the first step: 'bumpless abort ${id}'.`)
  return exitCode.failed
}

/** An order that was not taken: why, in full, and its exit code. */
export async function refused(
  client: Client,
  terminal: Terminal,
  pairName: string,
  reply: Reply,
): Promise<ExitCode> {
  const screen = screenOf(terminal)
  for (const line of wrap(reply.text, screen.width)) terminal.out(line)
  for (const line of obstacleLines(reply.obstacles, screen)) terminal.out(line)
  if (reply.code === 'no-answer') {
    const pair = await pairNow(client, pairName).catch(() => undefined)
    terminal.out(doubtText(pair, pairName))
  }
  return exitOfReply(reply)
}

export function exitOfReply(reply: Reply): ExitCode {
  if (reply.code === 'accepted') return exitCode.ok
  if (reply.code === 'obstacles' || reply.code === 'busy') return exitCode.notReady
  if (reply.code === 'expired' || reply.code === 'evidence-changed') return exitCode.aborted
  if (reply.code === 'invalid' || reply.code === 'not-found') return exitCode.usage
  return exitCode.failed
}

function doubtText(pair: PairView | undefined, pairName: string): string {
  if (pair === undefined) return 'Whether it was taken is not known; it was not sent again.'
  const { switchover } = pair
  if (switchover === undefined) return `Read again: ${pairName} has no switchover under way.`
  return `Read again: ${switchover.id} of ${pairName} is ${switchover.phase}, asked for by ${switchover.raisedBy}.`
}

/** Shows what the preparation waits for; gives the proposal, or the exit code when there will be none. */
async function awaitProposal(
  client: Client,
  terminal: Terminal,
  pairName: string,
  id: string,
  interrupted: AbortSignal,
): Promise<Proposal | ExitCode> {
  const steps = makeStepPrinter(terminal)
  for await (const reading of readings(client, id, interrupted)) {
    if (reading.kind === 'ended') {
      const code = await conclude(client, terminal, pairName, id, reading.ended, exitCode.notReady)
      if (reading.ended.outcome === 'refused') await showObstacles(client, terminal, pairName)
      return code
    }
    if (reading.kind === 'gone') {
      terminal.error(`${id} is not there any more`)
      return exitCode.failed
    }
    if (reading.kind === 'lost') terminal.error(`LOST  ${reading.text}; waiting.`)
    if (reading.kind !== 'now') continue
    if (isProposal(reading.switchover)) {
      terminal.control('\r\u001b[K')
      return reading.switchover
    }
    steps.show(reading.switchover.steps)
  }
  terminal.out()
  const path = `switchovers/${encodeURIComponent(id)}/abort`
  const reply = await client.order(path, { reason: 'left at the terminal' })
  terminal.out(reply.code === 'accepted' ? `${id} is aborted; nothing was changed.` : reply.text)
  return exitCode.aborted
}

async function showObstacles(client: Client, terminal: Terminal, pairName: string): Promise<void> {
  const pair = await pairNow(client, pairName)
  const screen = screenOf(terminal)
  for (const line of obstacleLines(pair?.obstacles ?? [], screen)) terminal.out(line)
}

async function stopped(
  client: Client,
  terminal: Terminal,
  pairName: string,
  id: string,
  { kind, steps }: SwitchoverView,
): Promise<ExitCode> {
  const pair = await pairNow(client, pairName)
  const text = pair?.stopped?.text ?? 'it stopped and waits for a decision'
  const ended = { id, kind, outcome: 'stopped' as const, text, endedWallMs: Date.now(), steps }
  return conclude(client, terminal, pairName, id, ended, exitCode.failed)
}
