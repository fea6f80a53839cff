// Log-in, log-out, and what a session is. The answer to a wrong password and to an unknown user is the same.

import { checked, emptyBody, loginBody } from './bodies.ts'
import type { Call, OpenCall, WebParts } from './parts.ts'
import { good, nothing, type Reply, refuse, refuseForNow } from './replies.ts'

/** `{ token, user, role, expiresWallMs }`, 401 for a wrong name or password, 429 while further tries are delayed. */
export async function logIn(parts: WebParts, call: OpenCall): Promise<Reply> {
  const body = checked(loginBody, call.body, 'body')
  if (body.fault !== undefined) return refuse('invalid', body.fault)
  const { user, password } = body.value
  const login = await parts.access.login(user, password, call.address)
  if (login.kind === 'later') {
    return refuseForNow('too many log-ins have failed', login.retryAfterMs)
  }
  if (login.kind === 'wrong') {
    return refuse('not-logged-in', 'the user name or the password is not right')
  }
  const { person, expiresWallMs } = login.session
  return good({ token: login.token, user: person.name, role: person.role, expiresWallMs })
}

/** Ends this session; everything that the person confirmed and that was not carried out is void. */
export function logOut(parts: WebParts, call: Call): Reply {
  const body = checked(emptyBody, call.body, 'body')
  if (body.fault !== undefined) return refuse('invalid', body.fault)
  parts.access.logout(call.session.id)
  return nothing
}

/**
 * `{ user, role, via, expiresWallMs }`: who this session belongs to, with the role that the person has now, and how orders
 * of this session are named in the journal. `expiresWallMs` is its latest end; 12 h without a request end it sooner.
 */
export function sessionNow(_parts: WebParts, { session }: Call): Reply {
  const { name, role, via } = session.person
  return good({ user: name, role, via, expiresWallMs: session.expiresWallMs })
}
