// What is told and done before anybody has logged in: which site this is, and the first account.

import { checked, setUpBody } from './bodies.ts'
import type { OpenCall, WebParts } from './parts.ts'
import { good, type Reply, refuse, refuseForNow } from './replies.ts'

/** `{ site, notice?, setup, tls, version, loggedIn }`; `setup`: nobody has an account yet; `loggedIn`: this request is of a session. */
export const siteNow = ({ about, setUp, secure }: WebParts, call: OpenCall): Reply =>
  good({
    ...about,
    setup: setUp?.isOpen() === true,
    tls: secure,
    loggedIn: call.session !== undefined,
  })

/** Makes the first account, an engineer: 201 `{ user, role }`. Once; afterwards there is nothing here. */
export async function makeFirst(parts: WebParts, call: OpenCall): Promise<Reply> {
  if (!parts.setUp?.isOpen()) return refuse('expired', 'there is an account already; log in')
  const body = checked(setUpBody, call.body, 'body')
  if (body.fault !== undefined) return refuse('invalid', body.fault)
  const made = await parts.setUp.makeFirst(body.value, call.address)
  switch (made.kind) {
    case 'good':
      return { status: 201, body: { user: body.value.user, role: 'engineer' } }
    case 'wrong':
      return refuse(
        'forbidden',
        'the set-up token is not right; it stands in the file that the service names',
      )
    case 'over':
      return refuse('expired', 'there is an account already, or it is being made; log in')
    case 'invalid':
      return refuse('invalid', made.text)
    case 'later':
      return refuseForNow('too many wrong set-up tokens', made.retryAfterMs)
  }
}
