// Who stands behind a confirmation: the person's own password again, and the second person's. Passwords are checked at the
// door, because the cycle must not wait for a hash.

import type { Person } from '../core/cycle.ts'
import type { Access, Session } from './access.ts'
import { approverRefusal } from './rights.ts'

/** What was given with a confirmation; absent: it was not given. */
export type Credentials = {
  readonly password?: string
  readonly approver?: { readonly user: string; readonly password: string }
}

export type Persons =
  | { readonly kind: 'good'; readonly reauthenticated: boolean; readonly approver?: Person }
  | { readonly kind: 'forbidden'; readonly text: string }
  /** Too many passwords were wrong lately. */
  | { readonly kind: 'later'; readonly retryAfterMs: number }

/** Checks what was given. Guessing is counted against the session. */
export async function checkPersons(
  access: Access,
  { id, person }: Session,
  { password, approver }: Credentials,
): Promise<Persons> {
  if (password !== undefined) {
    const check = await access.checkPassword(id, person.name, password)
    if (check.kind === 'later') return check
    if (check.kind === 'wrong')
      return forbidden('your password is not right; nothing was confirmed')
  }
  const reauthenticated = password !== undefined
  if (approver === undefined) return { kind: 'good', reauthenticated }
  if (approver.user === person.name) {
    return forbidden(approverRefusal({ name: approver.user, role: person.role }, person) ?? '')
  }
  const check = await access.checkPassword(id, approver.user, approver.password)
  if (check.kind === 'later') return check
  if (check.kind === 'wrong') {
    return forbidden("the second person's name or password is not right; nothing was confirmed")
  }
  const second: Person = { name: approver.user, role: check.role, via: person.via }
  const refusal = approverRefusal(second, person)
  return refusal === undefined
    ? { kind: 'good', reauthenticated, approver: second }
    : forbidden(refusal)
}

const forbidden = (text: string): Persons => ({ kind: 'forbidden', text })
