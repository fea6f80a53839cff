// `confirm`, `reject`, `abort` and `extend` by the id of a switchover. At a terminal `confirm` shows the evidence and asks; with `--yes` it
// confirms exactly the proposal and the evidence that are named, and nothing else.

import type { PairView, SwitchoverView } from '../core/view.ts'
import { linesOfStdin } from './ask.ts'
import { afterDialog, exitOfReply, followToEnd, refused } from './carry-out.ts'
import { type Client, pairNamed } from './client.ts'
import { confirmAtTerminal, isProposal } from './confirmation.ts'
import { watchInterrupts } from './interrupts.ts'
import { type ExitCode, exitCode, Halt, usageFault } from './outcome.ts'
import { listed } from './progress-text.ts'
import { wrap } from './table.ts'
import { screenOf, type Terminal } from './terminal.ts'

export type ExactConfirmation = {
  readonly pair?: string
  readonly to?: string
  readonly proposal?: string
  readonly evidence?: string
  readonly reason?: string
  readonly approver?: string
  readonly passwordStdin?: boolean
  readonly json?: boolean
}

/** Confirms without asking: proposal, evidence and reason must all be named, and the pair when its policy wants its name. */
export async function confirmExactly(
  client: Client,
  terminal: Terminal,
  wanted: ExactConfirmation,
): Promise<ExitCode> {
  const { proposal: id, evidence, reason } = wanted
  if (!id || !evidence || !reason)
    throw usageFault('--yes needs --proposal ID, --evidence HASH and --reason TEXT, all three')
  const { pair, switchover } = await openSwitchover(client, id)
  if (wanted.pair !== undefined && wanted.pair !== pair.name)
    throw usageFault(`${id} is a switchover of ${pair.name}, not of ${wanted.pair}`)
  if (wanted.to !== undefined && switchover.to !== undefined && wanted.to !== switchover.to)
    throw usageFault(`${id} is a switchover to ${switchover.to}, not to ${wanted.to}`)
  if (switchover.needs.typedName && wanted.pair === undefined)
    throw usageFault(`the policy of ${pair.name} wants its name; add --pair NAME`)
  const secrets = await secretsFor(switchover, wanted)
  const reply = await client.order(`switchovers/${encodeURIComponent(id)}/confirm`, {
    evidenceHash: evidence,
    reason,
    ...(wanted.pair === undefined ? {} : { typedName: wanted.pair }),
    ...secrets,
  })
  const quiet = wanted.json
    ? { ...terminal, out: () => undefined, control: () => undefined }
    : terminal
  if (reply.code !== 'accepted') {
    const screen = screenOf(terminal)
    const code = await refused(client, quiet, pair.name, reply)
    if (reply.code === 'evidence-changed')
      for (const line of listed(reply.difference, screen)) quiet.out(line)
    if (wanted.json) terminal.json(reply)
    return code
  }
  const code = await followToEnd(client, quiet, pair.name, id)
  if (wanted.json) terminal.json({ id, exit: code, ended: (await client.switchover(id)).ended })
  return code
}

/** Shows an open proposal at this terminal and asks. Leaving the question leaves the proposal open. */
export async function confirmOpen(
  client: Client,
  terminal: Terminal,
  id: string,
  { reason }: { readonly reason?: string },
): Promise<ExitCode> {
  if (!terminal.interactive)
    throw usageFault(
      `this is not a terminal, so nobody can be asked; to confirm what you have seen: ` +
        `bumpless confirm ${id} --yes --evidence HASH --reason TEXT --pair NAME`,
    )
  const { pair, switchover } = await openSwitchover(client, id)
  if (!isProposal(switchover))
    throw new Halt(`${id} is ${switchover.phase}; only an open proposal can be confirmed`)
  using interrupts = watchInterrupts()
  const conclusion = await confirmAtTerminal(client, terminal, switchover, {
    ...(reason === undefined ? {} : { reason }),
    whenLeft: 'leave open',
    interrupted: interrupts.signal,
  })
  return afterDialog(client, terminal, pair.name, id, conclusion)
}

/** One order about one switchover; prints its answer. */
export async function answerById(
  client: Client,
  terminal: Terminal,
  id: string,
  what: 'reject' | 'abort' | 'extend',
  reason?: string,
): Promise<ExitCode> {
  const body = what === 'extend' ? {} : { reason: reason ?? `${what} from the command line` }
  const reply = await client.order(`switchovers/${encodeURIComponent(id)}/${what}`, body)
  for (const line of wrap(reply.text || `${id}: ${what} accepted`, terminal.width()))
    terminal.out(line)
  return exitOfReply(reply)
}

/** The switchover of that id while it is open, with its pair; a fault that says what became of it otherwise. */
async function openSwitchover(
  client: Client,
  id: string,
): Promise<{ pair: PairView; switchover: SwitchoverView }> {
  const view = await client.plant()
  for (const pair of view.pairs)
    if (pair.switchover?.id === id) return { pair, switchover: pair.switchover }
  const ended = view.pairs.flatMap((pair) => pair.lastEnded).find((one) => one.id === id)
  if (ended) throw new Halt(`${id} has ended: ${ended.outcome}, ${ended.text}`, exitCode.aborted)
  if (view.pairs.some((pair) => pair.name === id)) {
    const open = pairNamed(view, id).switchover
    throw usageFault(`${id} is a pair; name its switchover${open ? `: ${open.id}` : ''}`)
  }
  throw usageFault(`no switchover has the id ${id}; 'bumpless status' names the open ones`)
}

async function secretsFor(
  { id, needs }: SwitchoverView,
  { approver, passwordStdin }: ExactConfirmation,
): Promise<{ password?: string; approver?: { user: string; password: string } }> {
  if (!needs.reauthentication && !needs.secondPerson) return {}
  if (!passwordStdin || (needs.secondPerson && !approver))
    throw usageFault(
      `${id} needs ${needs.secondPerson ? '--approver NAME and ' : ''}--password-stdin ` +
        `(one password a line: ${needs.reauthentication ? 'yours' : ''}` +
        `${needs.reauthentication && needs.secondPerson ? ', then ' : ''}` +
        `${needs.secondPerson ? "the second person's" : ''})`,
    )
  const lines = await linesOfStdin()
  const password = needs.reauthentication ? lines.shift() : undefined
  const second = needs.secondPerson ? lines.shift() : undefined
  return {
    ...(password === undefined ? {} : { password }),
    ...(second === undefined || !approver
      ? {}
      : { approver: { user: approver, password: second } }),
  }
}
