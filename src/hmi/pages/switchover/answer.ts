// What a person gives with a confirmation: what is still missing, the body of the order, and the words on the two buttons.

import type { Evidence, SwitchoverView } from '../../../core/view.ts'
import { texts } from '../../texts.ts'

export type Given = {
  readonly reason: string
  readonly typedName: string
  readonly password: string
  readonly secondUser: string
  readonly secondPassword: string
}

export const nothingGiven: Given = {
  reason: '',
  typedName: '',
  password: '',
  secondUser: '',
  secondPassword: '',
}

type Needs = SwitchoverView['needs']

/** What the policy of the pair still asks for; undefined when everything is there. */
export function missingText(given: Given, needs: Needs, pair: string): string | undefined {
  const { missing, ...words } = texts.switchover.confirm
  const lacking = [
    ...(needs.reason && given.reason.trim() === '' ? [words.missingReason] : []),
    ...(needs.typedName && given.typedName !== pair ? [words.missingName] : []),
    ...(needs.reauthentication && given.password === '' ? [words.missingPassword] : []),
    ...(needs.secondPerson && (given.secondUser === '' || given.secondPassword === '')
      ? [words.missingSecond]
      : []),
  ]
  return lacking.length === 0 ? undefined : missing(lacking.join(', '))
}

/** The order, bound to the evidence that was looked at. */
export const bodyOf = (given: Given, needs: Needs, { hash }: Evidence): object => ({
  evidenceHash: hash,
  ...(needs.reason && { reason: given.reason }),
  ...(needs.typedName && { typedName: given.typedName }),
  ...(needs.reauthentication && { password: given.password }),
  ...(needs.secondPerson && {
    approver: { user: given.secondUser, password: given.secondPassword },
  }),
})

/** The verb of what is to be done; never a word that also names a state. */
export function verbText({ kind, to = 'A' }: Evidence): string {
  const { verbs } = texts.switchover.confirm
  if (kind === 'adopt') return verbs.adopt
  return kind === 'retry' || kind === 'restore' ? verbs[kind](to) : verbs.switch(to)
}

/** The safe answer: what stays as it is. */
export const keepText = ({ kind, from }: Evidence): string =>
  kind === 'planned' && from !== undefined
    ? texts.switchover.confirm.keep(from)
    : texts.switchover.confirm.keepAll
