// What is told and done before anybody has logged in: which site this is, and the first account.

import { setUpBody } from './bodies.ts'
import { openWithBody } from './handler.ts'
import type { OpenHandler } from './parts.ts'
import { good, refuse, refuseForNow } from './replies.ts'

export const siteNow: OpenHandler = {
  says: 'Which site this is. `setup`: nobody has an account yet. `loggedIn`: this request is of a session.',
  answers: '`{ site, notice?, setup, tls, version, loggedIn }`',
  open: ({ about, setUp, secure }, { session }) =>
    good({
      ...about,
      setup: setUp?.isOpen() === true,
      tls: secure,
      loggedIn: session !== undefined,
    }),
}

export const makeFirst = openWithBody(
  setUpBody,
  {
    says: 'Make the first account, an engineer, with the one-time token that the service keeps in a file. Afterwards there is nothing here.',
    answers: '`{ user, role }`',
    status: 201,
  },
  async (parts, call, first) => {
    if (!parts.setUp?.isOpen()) return refuse('expired', 'there is an account already; log in')
    const made = await parts.setUp.makeFirst(first, call.address)
    switch (made.kind) {
      case 'good':
        return { status: 201, body: { user: first.user, role: 'engineer' } }
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
  },
)
