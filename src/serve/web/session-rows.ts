// What a person can see and do about sessions: the own one, and the list from which one can be ended elsewhere, as when
// somebody went home without logging out.

import type { Session } from '../access.ts'
import { rightRefusal, rightsOf } from '../rights.ts'
import { emptyBody, unlockBody } from './bodies.ts'
import { withBody } from './handler.ts'
import type { Handler, WebParts } from './parts.ts'
import { good, type Reply, refuse, refuseForNow } from './replies.ts'

const sessionFields =
  '`{ user, role, via, session, desk, rights, expiresWallMs, commandsUntilWallMs? }`'

export const sessionNow: Handler = {
  says:
    'Whose session this is, with the role that the person has now, and how its orders are named in the journal (`via`). ' +
    'It ends at `expiresWallMs`, or after 12 h without a request. It takes orders until `commandsUntilWallMs`, or longer when ' +
    'something is ordered before; a desk never does.',
  answers: sessionFields,
  answer: (_parts, { session }) => toldOf(session),
}

export const stayActive = withBody(
  emptyBody,
  {
    says: 'A sign that the person is there: the session takes orders for another 15 minutes.',
    answers: sessionFields,
  },
  (parts, { session }) => current(parts, session),
)

export const unlock = withBody(
  unlockBody,
  {
    says: 'The person is back and gives the password again: the session takes orders again.',
    answers: sessionFields,
    whileLocked: true,
  },
  async (parts, { session }, { password }) => {
    const { id, desk, person } = session
    if (desk) return refuse('forbidden', 'a desk only shows; log in as yourself to order something')
    const check = await parts.access.checkPassword(id, person.name, password)
    if (check.kind === 'later') {
      return refuseForNow('too many passwords were wrong', check.retryAfterMs)
    }
    if (check.kind === 'wrong')
      return refuse('forbidden', 'the password is not right; still locked')
    parts.access.touch(id)
    return current(parts, session)
  },
)

export const sessionsNow: Handler = {
  says: 'The open sessions: the own ones, and those of everybody for whoever holds the right `sessions`.',
  answers:
    '`{ sessions: [{ session, user, role, via, address, desk, browser, here, openedWallMs, expiresWallMs }] }`',
  answer: (parts, { session }) => {
    const seesAll = rightRefusal('sessions', session.person) === undefined
    const shown = parts.access.sessions().filter((one) => seesAll || isOwn(one, session))
    return good({ sessions: shown.map((one) => rowOf(one, session)) })
  },
}

export const endSession = withBody(
  emptyBody,
  {
    says: "End a session: an own one, or with the right `sessions` anybody's. What its person confirmed is void, as after a log-out.",
    answers: '`{ text }`',
  },
  (parts, { session, parameters }) => {
    const id = parameters.id ?? ''
    const found = parts.access.session(id)
    const refusal = rightRefusal('sessions', session.person)
    if ((found === undefined || !isOwn(found, session)) && refusal !== undefined) {
      return refuse('forbidden', refusal)
    }
    if (found === undefined) {
      return refuse('not-found', `there is no session "${id.slice(0, 100)}"; it may have ended`)
    }
    parts.access.logout(id, `ended by ${session.person.name}`)
    return good({ text: `the session ${id} of ${found.person.name} has ended` })
  },
)

function toldOf({ person, id, desk, expiresWallMs, commandsUntilWallMs }: Session): Reply {
  const { name: user, role, via } = person
  const common = { user, role, via, session: id, desk, expiresWallMs }
  return desk
    ? good({ ...common, rights: ['view'] })
    : good({ ...common, rights: rightsOf(role), commandsUntilWallMs })
}

const isOwn = (one: Session, own: Session): boolean => one.person.name === own.person.name

function rowOf(one: Session, own: Session) {
  const { id, person, address, desk, browser, openedWallMs, expiresWallMs } = one
  const { name: user, role, via } = person
  const here = id === own.id
  return { session: id, user, role, via, address, desk, browser, here, openedWallMs, expiresWallMs }
}

function current(parts: WebParts, { id }: Session): Reply {
  const session = parts.access.session(id)
  return session === undefined
    ? refuse('not-logged-in', 'the session ended meanwhile')
    : toldOf(session)
}
