// The questions of a confirmation, one after the other, as the pair's policy asks them. Enter, Esc and Ctrl-C all keep things as
// they are. What was answered is kept while the same evidence stands, so that more time does not cost the typing.

import type { Evidence, SwitchoverView } from '../core/view.ts'
import { type Asked, ask } from './ask.ts'
import { keepText, verbOf } from './evidence-text.ts'
import type { Terminal } from './terminal.ts'

/** What was answered so far. Secrets live only here and only until they were sent. */
export type Draft = {
  reason?: string
  typedName?: string
  password?: string
  approver?: { user: string; password: string }
}

export type Decision = 'confirm' | 'keep' | 'extend' | 'left' | 'withdrawn'

/** Asks only what is missing in `draft` and fills it, then for the word that decides. */
export async function askDecision(
  terminal: Terminal,
  switchover: SwitchoverView,
  evidence: Evidence,
  draft: Draft,
  signal: AbortSignal,
): Promise<Decision> {
  const { needs } = switchover
  const put = (question: string, secret = false): Promise<Asked> =>
    ask(terminal, question, { signal, secret })
  const steps = [
    () => (needs.reason ? askReason(put, draft) : undefined),
    () => (needs.typedName ? askName(put, draft, evidence, terminal) : undefined),
    () => (needs.reauthentication ? askPassword(put, draft) : undefined),
    () => (needs.secondPerson ? askApprover(put, draft) : undefined),
  ]
  for (const step of steps) {
    const stopped = await step()
    if (stopped) return stopped
  }
  return askVerb(put, evidence, terminal)
}

type Put = (question: string, secret?: boolean) => Promise<Asked>
type Stopped = Promise<Exclude<Decision, 'confirm' | 'extend'> | undefined>

async function askReason(put: Put, draft: Draft): Stopped {
  while (!draft.reason) {
    const asked = await put('Reason (needed; Ctrl-C keeps things as they are):')
    if (asked.kind !== 'line') return asked.kind
    draft.reason = asked.text
  }
  return undefined
}

async function askName(put: Put, draft: Draft, evidence: Evidence, terminal: Terminal): Stopped {
  while (draft.typedName !== evidence.pair) {
    const asked = await put(`Type the pair name; Enter alone means ${keepText(evidence)}:`)
    if (asked.kind !== 'line') return asked.kind
    if (asked.text === '') return 'keep'
    if (asked.text === evidence.pair) draft.typedName = asked.text
    else terminal.out(`This is not its name. The pair is named ${evidence.pair}.`)
  }
  return undefined
}

async function askPassword(put: Put, draft: Draft): Stopped {
  if (draft.password) return undefined
  const asked = await put(`Your password again; Enter alone keeps things as they are:`, true)
  if (asked.kind !== 'line') return asked.kind
  if (asked.text === '') return 'keep'
  draft.password = asked.text
  return undefined
}

async function askApprover(put: Put, draft: Draft): Stopped {
  if (draft.approver) return undefined
  const user = await put('Second person, user name; Enter alone keeps things as they are:')
  if (user.kind !== 'line') return user.kind
  if (user.text === '') return 'keep'
  const password = await put(`Password of ${user.text}:`, true)
  if (password.kind !== 'line') return password.kind
  if (password.text === '') return 'keep'
  draft.approver = { user: user.text, password: password.text }
  return undefined
}

async function askVerb(put: Put, evidence: Evidence, terminal: Terminal): Promise<Decision> {
  const verb = verbOf(evidence)
  terminal.out(terminal.paint.strong(evidence.question))
  for (;;) {
    const asked = await put(`Answer ${verb}, extend or keep [keep]:`)
    if (asked.kind !== 'line') return asked.kind
    const answer = asked.text.toLowerCase()
    if (answer === '' || answer === 'keep') return 'keep'
    if (answer === verb) return 'confirm'
    if (answer === 'extend') return 'extend'
    terminal.out(`"${asked.text}" is no answer here; ${verb}, extend or keep is.`)
  }
}
