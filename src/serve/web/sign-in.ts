// Log-in and log-out. The answer to a wrong password and to an unknown user is the same.

import { emptyBody, loginBody } from './bodies.ts'
import { openWithBody, withBody } from './handler.ts'
import { foreignRefusal } from './origin.ts'
import { good, nothing, refuse, refuseForNow } from './replies.ts'

export const logIn = openWithBody(
  loginBody,
  {
    says: 'Log in. With `cookie` the token goes into a cookie. With `desk` the session only shows, and has no end of its own.',
    answers: '`{ token, user, role, expiresWallMs, desk }`; with `cookie` without the token',
  },
  async (parts, call, { user, password, cookie, desk }) => {
    const foreign = cookie ? foreignRefusal(call.headers, true) : undefined
    if (foreign !== undefined) return foreign
    if (parts.setUp?.isOpen()) {
      return refuse('set-up', 'nobody has an account yet; make the first one')
    }
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
    const before = call.session?.browser ? call.session.id : undefined
    if (before !== undefined) parts.access.logout(before, `${user} logged in at this screen`)
    const kept = parts.cookies.keep(login.token, desk ? deskCookieS : undefined)
    return { ...good(told), headers: { 'set-cookie': kept } }
  },
)

export const logOut = withBody(
  emptyBody,
  {
    says: 'End this session; what the person confirmed and what was not carried out is void.',
    answers: 'nothing',
    status: 204,
    whileLocked: true,
  },
  (parts, { session }) => {
    parts.access.logout(session.id)
    return session.browser
      ? { ...nothing, headers: { 'set-cookie': parts.cookies.drop() } }
      : nothing
  },
)

/** The longest that browsers keep a cookie. */
const deskCookieS = 400 * 24 * 3_600
