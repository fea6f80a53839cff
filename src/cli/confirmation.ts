// The dialog between one proposal and one person: shows the evidence, asks, and sends an answer that names exactly what was
// shown. While it asks it reads the proposal on: when the evidence changes it shows what changed and asks anew, and when
// the proposal was answered elsewhere, expired or was revoked, the question is taken back.

import type { EndedView, Evidence, SwitchoverView } from '../core/cycle.ts'
import type { Client, Reply } from './client.ts'
import { evidenceLines } from './evidence-text.ts'
import { type Change, readings } from './follow.ts'
import { differenceLines, listed, obstacleLines } from './progress-text.ts'
import { askDecision, type Decision, type Draft } from './questions.ts'
import type { Terminal } from './terminal.ts'

export type Conclusion =
  /** Confirmed here or elsewhere: it is under way. */
  | { readonly kind: 'under way' }
  | { readonly kind: 'ended'; readonly ended: EndedView }
  /** Rejected here; nothing was changed. */
  | { readonly kind: 'kept' }
  /** Nothing was answered; the proposal stays open. */
  | { readonly kind: 'left open' }
  | { readonly kind: 'not ready' }
  | { readonly kind: 'gone' }

export type Proposal = SwitchoverView & { readonly evidence: Evidence }

export type DialogOptions = {
  readonly reason?: string
  /** What leaving the question with Ctrl-C does: reject one's own proposal, or leave another's open. */
  readonly whenLeft: 'reject' | 'leave open'
  /** Ctrl-C outside a question, a lost terminal, a request to end. */
  readonly interrupted: AbortSignal
}

const attemptsMax = 3

/** True when the proposal is there to be answered. */
export const isProposal = (switchover: SwitchoverView): switchover is Proposal =>
  switchover.phase === 'proposed' && switchover.evidence !== undefined

export async function confirmAtTerminal(
  client: Client,
  terminal: Terminal,
  proposal: Proposal,
  options: DialogOptions,
): Promise<Conclusion> {
  const draft: Draft = options.reason ? { reason: options.reason } : {}
  let shown = proposal
  let refusals = 0
  showEvidence(terminal, shown)
  for (;;) {
    const { decision, change } = await decide(client, terminal, shown, draft, options.interrupted)
    let next: Turn
    if (decision === 'withdrawn' && change)
      next = await afterChange(client, terminal, shown, change)
    else if (decision === 'confirm') next = await sendConfirmation(client, terminal, shown, draft)
    else if (decision === 'extend') next = await extend(client, terminal, shown)
    else return keep(client, terminal, shown, decision, options.whenLeft)
    if (next.kind === 'done') return next.conclusion
    if (next.kind === 'refused' && ++refusals >= attemptsMax) {
      terminal.out(`${attemptsMax} answers were refused; this terminal asks no more.`)
      return keep(client, terminal, shown, 'left', options.whenLeft)
    }
    if (next.kind !== 'again') clearAnswers(draft)
    if (next.kind === 'changed') {
      shown = next.shown
      showEvidence(terminal, shown)
    }
  }
}

type Turn =
  | { readonly kind: 'done'; readonly conclusion: Conclusion }
  | { readonly kind: 'again' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'changed'; readonly shown: Proposal }

const done = (conclusion: Conclusion): Turn => ({ kind: 'done', conclusion })

function showEvidence(terminal: Terminal, shown: Proposal): void {
  const screen = { width: terminal.width(), paint: terminal.paint }
  for (const line of evidenceLines(shown.evidence, shown, screen)) terminal.out(line)
}

/** The reason outlives new evidence; name, password and second person must be given for what is shown now. */
function clearAnswers(draft: Draft): void {
  delete draft.typedName
  delete draft.password
  delete draft.approver
}

/** Asks while the proposal is read on; the first material change takes the question back. */
async function decide(
  client: Client,
  terminal: Terminal,
  shown: Proposal,
  draft: Draft,
  interrupted: AbortSignal,
): Promise<{ decision: Decision; change?: Change }> {
  const stop = new AbortController()
  const withdraw = new AbortController()
  let change: Change | undefined
  let fault: unknown
  const watch = async (): Promise<void> => {
    for await (const reading of readings(client, shown.id, stop.signal)) {
      if (isSame(reading, shown)) continue
      change = reading
      break
    }
  }
  const watching = watch()
    .catch((reason: unknown) => {
      fault = reason
    })
    .then(() => withdraw.abort())
  const signal = AbortSignal.any([withdraw.signal, interrupted])
  const decision = await askDecision(terminal, shown, shown.evidence, draft, signal)
  stop.abort()
  if (decision !== 'withdrawn') return { decision }
  if (interrupted.aborted) return { decision: 'left' }
  await watching
  if (fault) throw fault
  return change ? { decision, change } : { decision: 'left' }
}

const isSame = (reading: Change, shown: Proposal): boolean =>
  reading.kind === 'now' &&
  reading.switchover.phase === 'proposed' &&
  reading.switchover.evidence?.hash === shown.evidence.hash

async function afterChange(
  client: Client,
  terminal: Terminal,
  shown: Proposal,
  change: Change,
): Promise<Turn> {
  if (change.kind === 'gone') {
    terminal.out(`${shown.id} is not there any more; the question is withdrawn.`)
    return done({ kind: 'gone' })
  }
  if (change.kind === 'ended') {
    terminal.out(`The question is withdrawn: ${shown.id} is no longer open.`)
    return done({ kind: 'ended', ended: change.ended })
  }
  if (change.kind === 'lost') {
    terminal.out(terminal.paint.warn(`LOST  ${change.text}; the question waits.`))
    const back = await firstReading(client, shown.id)
    terminal.out('LIVE  the service answers again.')
    return isSame(back, shown) ? { kind: 'refused' } : afterChange(client, terminal, shown, back)
  }
  const { switchover } = change
  if (isProposal(switchover)) {
    const screen = { width: terminal.width(), paint: terminal.paint }
    terminal.out(terminal.paint.warn('THE EVIDENCE HAS CHANGED; what was answered so far is void:'))
    for (const line of differenceLines(shown.evidence, switchover.evidence, screen))
      terminal.out(line)
    return { kind: 'changed', shown: switchover }
  }
  const who = switchover.confirmedBy ? ` by ${switchover.confirmedBy}` : ''
  terminal.out(`The question is withdrawn: ${shown.id} was confirmed elsewhere${who}.`)
  return done({ kind: 'under way' })
}

/** What the service shows as soon as it answers. */
async function firstReading(client: Client, id: string): Promise<Change> {
  for await (const reading of readings(client, id, new AbortController().signal))
    if (reading.kind !== 'lost') return reading
  return { kind: 'gone' }
}

async function extend(client: Client, terminal: Terminal, shown: Proposal): Promise<Turn> {
  const reply = await client.order(`switchovers/${encodeURIComponent(shown.id)}/extend`, {})
  terminal.out(reply.text || 'The time is extended.')
  return reply.code === 'accepted' ? { kind: 'again' } : { kind: 'refused' }
}

async function sendConfirmation(
  client: Client,
  terminal: Terminal,
  shown: Proposal,
  draft: Draft,
): Promise<Turn> {
  const reply = await client.order(`switchovers/${encodeURIComponent(shown.id)}/confirm`, {
    evidenceHash: shown.evidence.hash,
    ...draft,
  })
  if (reply.code === 'accepted') return done({ kind: 'under way' })
  terminal.out(terminal.paint.warn(reply.text))
  return afterRefusal(client, terminal, shown, reply)
}

async function afterRefusal(
  client: Client,
  terminal: Terminal,
  shown: Proposal,
  reply: Reply,
): Promise<Turn> {
  const screen = { width: terminal.width(), paint: terminal.paint }
  if (reply.code === 'evidence-changed') {
    for (const line of listed(reply.difference, screen)) terminal.out(line)
    if (reply.evidence) return { kind: 'changed', shown: { ...shown, evidence: reply.evidence } }
  }
  if (reply.code === 'obstacles') {
    for (const line of obstacleLines(reply.obstacles, screen)) terminal.out(line)
    return done({ kind: 'not ready' })
  }
  if (reply.code === 'no-answer') terminal.out('Not sent again; reading what became of it.')
  const now = await firstReading(client, shown.id)
  if (!isSame(now, shown)) return afterChange(client, terminal, shown, now)
  if (reply.code === 'no-answer') terminal.out(`${shown.id} is not confirmed; it waits.`)
  return { kind: 'refused' }
}

async function keep(
  client: Client,
  terminal: Terminal,
  shown: Proposal,
  decision: Decision,
  whenLeft: DialogOptions['whenLeft'],
): Promise<Conclusion> {
  if (decision !== 'keep' && whenLeft === 'leave open') {
    terminal.out(`${shown.id} was not answered here and stays open.`)
    return { kind: 'left open' }
  }
  const reason = decision === 'keep' ? 'kept at the terminal' : 'left at the terminal'
  const path = `switchovers/${encodeURIComponent(shown.id)}/reject`
  const reply = await client.order(path, { reason })
  if (reply.code === 'accepted') {
    terminal.out(`${shown.id} is rejected; nothing was changed.`)
    return { kind: 'kept' }
  }
  terminal.out(`${shown.id} could not be rejected: ${reply.text}`)
  if (reply.code === 'no-answer') {
    terminal.out('It expires by itself; without a confirmation nothing happens.')
    return { kind: 'kept' }
  }
  const now = await firstReading(client, shown.id)
  if (now.kind === 'ended') return { kind: 'ended', ended: now.ended }
  return now.kind === 'now' ? { kind: 'under way' } : { kind: 'gone' }
}
