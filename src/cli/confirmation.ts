// The dialog between one proposal and one person: shows the evidence, asks, and sends an answer that names exactly what was
// shown. While it asks it reads the proposal on: when the evidence changes it shows what changed and asks anew, and when
// the proposal was answered elsewhere, expired or was revoked, the question is taken back.

import type { EndedView, Evidence, SwitchoverView } from '../core/view.ts'
import type { Client, Reply } from './client.ts'
import { evidenceLines } from './evidence-text.ts'
import { type Change, readings } from './follow.ts'
import { differenceLines, listed, obstacleLines } from './progress-text.ts'
import { askDecision, type Decision, type Draft } from './questions.ts'
import { screenOf, type Terminal } from './terminal.ts'

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
  const seat: Seat = { client, terminal, ...options }
  const draft: Draft = options.reason ? { reason: options.reason } : {}
  let shown = proposal
  let refusals = 0
  showEvidence(terminal, shown)
  for (;;) {
    const { decision, change } = await decide(seat, shown, draft)
    const turn = await turnOf(seat, shown, draft, decision, change)
    if (turn.kind === 'done') return turn.conclusion
    if (turn.kind === 'refused' && ++refusals >= attemptsMax) {
      terminal.out(`${attemptsMax} answers were refused; this terminal asks no more.`)
      return keep(seat, shown, 'left')
    }
    if (turn.kind === 'left') return keep(seat, shown, 'left')
    if (turn.kind !== 'again') clearAnswers(draft)
    if (turn.kind === 'changed') {
      shown = turn.shown
      showEvidence(terminal, shown)
    }
  }
}

type Seat = DialogOptions & { readonly client: Client; readonly terminal: Terminal }

/** How the dialog goes on. `again`: the same question, what was answered stays; `refused`: it must be answered anew. */
type Turn =
  | { readonly kind: 'done'; readonly conclusion: Conclusion }
  | { readonly kind: 'again' | 'refused' | 'left' }
  | { readonly kind: 'changed'; readonly shown: Proposal }

const done = (conclusion: Conclusion): Turn => ({ kind: 'done', conclusion })

async function turnOf(
  seat: Seat,
  shown: Proposal,
  draft: Draft,
  decision: Decision,
  change: Change | undefined,
): Promise<Turn> {
  if (decision === 'withdrawn' && change) return afterChange(seat, shown, change)
  if (decision === 'confirm') return sendConfirmation(seat, shown, draft)
  if (decision === 'extend') return extend(seat, shown)
  return done(await keep(seat, shown, decision))
}

function showEvidence(terminal: Terminal, shown: Proposal): void {
  for (const line of evidenceLines(shown.evidence, shown, screenOf(terminal))) terminal.out(line)
}

/** The reason outlives new evidence; name, password and second person must be given for what is shown now. */
function clearAnswers(draft: Draft): void {
  delete draft.typedName
  delete draft.password
  delete draft.approver
}

/** Asks while the proposal is read on; the first material change takes the question back. */
async function decide(
  { client, terminal, interrupted }: Seat,
  shown: Proposal,
  draft: Draft,
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

async function afterChange(seat: Seat, shown: Proposal, change: Change): Promise<Turn> {
  const { terminal } = seat
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
    const back = await firstReading(seat, shown.id)
    if (back === undefined) return { kind: 'left' }
    terminal.out('LIVE  the service answers again.')
    return isSame(back, shown) ? { kind: 'again' } : afterChange(seat, shown, back)
  }
  const { switchover } = change
  if (isProposal(switchover)) {
    terminal.out(terminal.paint.warn('THE EVIDENCE HAS CHANGED; what was answered so far is void:'))
    for (const line of differenceLines(shown.evidence, switchover.evidence, screenOf(terminal)))
      terminal.out(line)
    return { kind: 'changed', shown: switchover }
  }
  const who = switchover.confirmedBy ? ` by ${switchover.confirmedBy}` : ''
  terminal.out(`The question is withdrawn: ${shown.id} was confirmed elsewhere${who}.`)
  return done({ kind: 'under way' })
}

/** What the service shows as soon as it answers; nothing when `interrupted` comes first. */
async function firstReading(
  { client, interrupted }: Seat,
  id: string,
): Promise<Change | undefined> {
  for await (const reading of readings(client, id, interrupted))
    if (reading.kind !== 'lost') return reading
  return undefined
}

async function extend({ client, terminal }: Seat, shown: Proposal): Promise<Turn> {
  const reply = await client.order(`switchovers/${encodeURIComponent(shown.id)}/extend`, {})
  terminal.out(reply.text || 'The time is extended.')
  return reply.code === 'accepted' ? { kind: 'again' } : { kind: 'refused' }
}

async function sendConfirmation(seat: Seat, shown: Proposal, draft: Draft): Promise<Turn> {
  const { client, terminal } = seat
  const reply = await client.order(`switchovers/${encodeURIComponent(shown.id)}/confirm`, {
    evidenceHash: shown.evidence.hash,
    ...draft,
  })
  if (reply.code === 'accepted') return done({ kind: 'under way' })
  terminal.out(terminal.paint.warn(reply.text))
  return afterRefusal(seat, shown, reply)
}

async function afterRefusal(seat: Seat, shown: Proposal, reply: Reply): Promise<Turn> {
  const { terminal } = seat
  const screen = screenOf(terminal)
  if (reply.code === 'evidence-changed') {
    for (const line of listed(reply.difference, screen)) terminal.out(line)
    if (reply.evidence) return { kind: 'changed', shown: { ...shown, evidence: reply.evidence } }
  }
  if (reply.code === 'obstacles') {
    for (const line of obstacleLines(reply.obstacles, screen)) terminal.out(line)
    return done({ kind: 'not ready' })
  }
  if (reply.code === 'no-answer') terminal.out('Not sent again; reading what became of it.')
  const now = await firstReading(seat, shown.id)
  if (now === undefined) return { kind: 'left' }
  if (!isSame(now, shown)) return afterChange(seat, shown, now)
  if (reply.code === 'no-answer') terminal.out(`${shown.id} is not confirmed; it waits.`)
  return { kind: 'refused' }
}

async function keep(seat: Seat, shown: Proposal, decision: Decision): Promise<Conclusion> {
  const { client, terminal, whenLeft } = seat
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
  const now = await firstReading(seat, shown.id)
  if (now?.kind === 'ended') return { kind: 'ended', ended: now.ended }
  return now?.kind === 'now' ? { kind: 'under way' } : { kind: 'gone' }
}
