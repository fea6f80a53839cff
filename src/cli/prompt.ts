// `prompt --listen`: a terminal on a desk that waits for proposals of any pair, rings, and asks. Several queue up in the order in which they
// came; one that was answered elsewhere in the meantime is never shown. Ctrl-C leaves without answering.

import type { View } from '../core/view.ts'
import type { Client } from './client.ts'
import { confirmAtTerminal, isProposal, type Proposal } from './confirmation.ts'
import { follow } from './feed.ts'
import { conclude, makeStepPrinter, readings } from './follow.ts'
import { watchInterrupts } from './interrupts.ts'
import { type ExitCode, exitCode, usageFault } from './outcome.ts'
import { clockText } from './table.ts'
import type { Terminal } from './terminal.ts'

type Desk = {
  /** The next proposal that nobody at this desk has seen; waits for it. Nothing after `signal`. */
  readonly next: () => Promise<Proposal | undefined>
  readonly waiting: () => number
  readonly update: (view: View) => void
  /** Ends the waiting: no proposal comes any more. */
  readonly close: () => void
}

export async function listen(client: Client, terminal: Terminal): Promise<ExitCode> {
  if (!terminal.interactive)
    throw usageFault('prompt --listen asks a person and this is not a terminal; use watch --json')
  using interrupts = watchInterrupts()
  const stop = new AbortController()
  const signal = AbortSignal.any([interrupts.signal, stop.signal])
  const desk = makeDesk()
  let isAsking = false
  let fault: unknown
  const listening = hear(client, terminal, desk, signal, () => isAsking)
    .catch((reason: unknown) => {
      fault = reason
    })
    .finally(desk.close)
  terminal.out(`waiting for proposals at ${client.url}; Ctrl-C leaves`)
  for (;;) {
    const proposal = await desk.next()
    if (proposal === undefined) break
    isAsking = true
    const goesOn = await askAtDesk(client, terminal, desk, proposal, signal)
    isAsking = false
    if (!goesOn) break
    terminal.out(`waiting for proposals; ${desk.waiting()} more to answer`)
  }
  stop.abort()
  await listening
  if (fault) throw fault
  return exitCode.ok
}

/** Brings every view to the desk and tells when the service is lost and back, unless a question stands. */
async function hear(
  client: Client,
  terminal: Terminal,
  desk: Desk,
  signal: AbortSignal,
  isAsking: () => boolean,
): Promise<void> {
  for await (const news of follow(client, signal)) {
    if (news.kind === 'view') desk.update(news.view)
    else if (!isAsking())
      terminal.out(
        news.kind === 'live'
          ? `${clockText(Date.now(), true)} LIVE`
          : terminal.paint.warn(`${clockText(Date.now(), true)} LOST  ${news.text}`),
      )
  }
}

/** One proposal from the bell to its end; false when the person left. */
async function askAtDesk(
  client: Client,
  terminal: Terminal,
  desk: Desk,
  proposal: Proposal,
  interrupted: AbortSignal,
): Promise<boolean> {
  const { id, evidence } = proposal
  terminal.control('\u0007')
  terminal.out()
  const conclusion = await confirmAtTerminal(client, terminal, proposal, {
    whenLeft: 'leave open',
    interrupted,
  })
  if (conclusion.kind === 'left open') return false
  if (conclusion.kind === 'ended')
    await conclude(client, terminal, evidence.pair, id, conclusion.ended, exitCode.aborted)
  if (conclusion.kind === 'under way')
    await showSteps(client, terminal, desk, proposal, interrupted)
  return true
}

/** The steps to the end, but a proposal that waits comes first. */
async function showSteps(
  client: Client,
  terminal: Terminal,
  desk: Desk,
  { id, evidence }: Proposal,
  interrupted: AbortSignal,
): Promise<void> {
  const steps = makeStepPrinter(terminal)
  for await (const reading of readings(client, id, interrupted)) {
    if (reading.kind === 'now') steps.show(reading.switchover.steps)
    if (reading.kind === 'ended') {
      steps.show(reading.ended.steps)
      await conclude(client, terminal, evidence.pair, id, reading.ended, exitCode.aborted)
    }
    if (reading.kind === 'now' && reading.switchover.phase === 'stopped') break
    if (desk.waiting() > 0) {
      terminal.out()
      terminal.out(`${id} goes on in the service; another proposal waits here.`)
      return
    }
  }
}

function makeDesk(): Desk {
  const shown = new Set<string>()
  let open: Proposal[] = []
  let wake: () => void = () => undefined
  let isClosed = false
  const unseen = (): Proposal[] => open.filter((proposal) => !shown.has(proposal.id))
  return {
    update: (view) => {
      const now = view.pairs.flatMap(({ switchover }) =>
        switchover && isProposal(switchover) ? [switchover] : [],
      )
      const order = open.map((proposal) => proposal.id)
      const place = (id: string): number => (order.includes(id) ? order.indexOf(id) : order.length)
      open = now.sort((left, right) => place(left.id) - place(right.id))
      wake()
    },
    next: async () => {
      while (unseen().length === 0 && !isClosed)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      const proposal = isClosed ? undefined : unseen()[0]
      if (proposal) shown.add(proposal.id)
      return proposal
    },
    waiting: () => unseen().length,
    close: () => {
      isClosed = true
      wake()
    },
  }
}
