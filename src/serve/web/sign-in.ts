// Log-in and log-out. The answer to a wrong password and to an unknown user is the same.

import { checked, emptyBody, loginBody } from './bodies.ts'
import { foreignRefusal } from './origin.ts'
import type { Call, OpenCall, WebParts } from './parts.ts'
import { good, nothing, type Reply, refuse, refuseForNow } from './replies.ts'

/**
 * `{ token, user, role, expiresWallMs, desk }`, 401 for a wrong name or password, 429 while further tries are delayed. With
 * `cookie` the token goes into a cookie instead. With `desk` the session only shows, and has no end of its own.
 */
export async function logIn(parts: WebParts, call: OpenCall): Promise<Reply> {
  const body = checked(loginBody, call.body, 'body')
  if (body.fault !== undefined) return refuse('invalid', body.fault)
  const { user, password, cookie, desk } = body.value
  const foreign = cookie ? foreignRefusal(call.headers, true) : undefined
  if (foreign !== undefined) return foreign
  if (parts.setUp?.isOpen())
    return refuse('set-up', 'nobody has an account yet; make the first one')
  const kind = { browser: cookie, desk }
  const login = await parts.access.login(user, password, call.address, 'http', kind)
  if (login.kind === 'later') {
    return refuseForNow('too many log-ins have failed', login.retryAfterMs)
  }
  if (login.kind === 'wrong') {
    return refuse('not-logged-in', 'the user name or the password is not right')
  }
  const { person, expiresWallMs } = login.session
  const told = { user: person.name, role: person.role, expiresWallMs, desk }
  if (!cookie) return good({ token: login.token, ...told })
  // Whoever logs in at a browser takes the place of whoever was there.
  if (call.session?.browser)
    parts.access.logout(call.session.id, `${user} logged in at this screen`)
  const ageS = desk ? deskCookieS : undefined
  return { ...good(told), headers: { 'set-cookie': parts.cookies.keep(login.token, ageS) } }
}

/** Ends this session; everything that the person confirmed and that was not carried out is void. */
export function logOut(parts: WebParts, call: Call): Reply {
  const body = checked(emptyBody, call.body, 'body')
  if (body.fault !== undefined) return refuse('invalid', body.fault)
  parts.access.logout(call.session.id)
  if (!call.session.browser) return nothing
  return { ...nothing, headers: { 'set-cookie': parts.cookies.drop() } }
}

/** The longest that browsers keep a cookie. */
const deskCookieS = 400 * 24 * 3_600
