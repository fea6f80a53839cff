// A log-in of an OPC UA client, decided in the main thread, which keeps the accounts: by password as at every other door, or by a
// certificate that is bound to an account.

import type { Access } from '../access.ts'
import { keptAliveDoor } from '../sessions.ts'
import type { LogInResult, ToMain } from './messages.ts'

type Asked = Extract<ToMain, { kind: 'log-in' }>

/** `sessions`: those that this door opened; a new one is added. */
export async function logIn(
  access: Access,
  asked: Asked,
  sessions: Set<string>,
): Promise<LogInResult> {
  const { by, address, session } = asked
  // The same person in the same session: it must not end, because that would void what they confirmed.
  if (session !== undefined && access.session(session) !== undefined) {
    return again(access, by, session)
  }
  const login =
    by.kind === 'password'
      ? await access.login(by.user, by.password, address, keptAliveDoor)
      : access.loginByCertificate(by.certificate, address, keptAliveDoor)
  if (login.kind !== 'good') return { kind: login.kind }
  const { id, person } = login.session
  sessions.add(id)
  return { kind: 'good', user: person.name, session: id, role: person.role }
}

async function again(access: Access, by: Asked['by'], session: string): Promise<LogInResult> {
  if (by.kind === 'password') {
    const check = await access.checkPassword(session, by.user, by.password)
    return check.kind === 'good'
      ? { kind: 'good', user: by.user, session, role: check.role }
      : { kind: check.kind }
  }
  const owner = access.ownerOf(by.certificate.sha256)
  return owner === undefined || owner.name !== access.session(session)?.person.name
    ? { kind: 'wrong' }
    : { kind: 'good', user: owner.name, session, role: owner.role }
}
