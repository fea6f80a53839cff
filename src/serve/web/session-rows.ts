// What a person can see and do about sessions: the own one, and the list from which one can be ended elsewhere, as when
// somebody went home without logging out.

import type { Session } from '../access.ts'
import { rightRefusal, rightsOf } from '../rights.ts'
import { checked, emptyBody, unlockBody } from './bodies.ts'
import type { Call, WebParts } from './parts.ts'
import { good, type Reply, refuse, refuseForNow } from './replies.ts'

/**
 * `{ user, role, via, session, desk, rights, expiresWallMs, commandsUntilWallMs }`: who this session belongs to, with the role
 * that the person has now, and how its orders are named in the journal. `expiresWallMs` is its latest end; 12 h without a
 * request end it sooner. It takes orders until `commandsUntilWallMs`, or longer when something is ordered before; a desk never does.
 */
export function sessionNow(_parts: WebParts, { session }: Call): Reply {
  const { person, id, desk, expiresWallMs, commandsUntilWallMs } = session
  const { name: user, role, via } = person
  const common = { user, role, via, session: id, desk, expiresWallMs }
  return desk
    ? good({ ...common, rights: ['view'] })
    : good({ ...common, rights: rightsOf(role), commandsUntilWallMs })
}

/** A sign that the person is there; the session takes orders for another 15 minutes. */
export function stayActive(parts: WebParts, call: Call): Reply {
  const body = checked(emptyBody, call.body, 'body')
  if (body.fault !== undefined) return refuse('invalid', body.fault)
  return current(parts, call)
}

/** The person is back: gives the password again, and the session takes orders again. */
export async function unlock(parts: WebParts, call: Call): Promise<Reply> {
  const body = checked(unlockBody, call.body, 'body')
  if (body.fault !== undefined) return refuse('invalid', body.fault)
  const { id, desk, person } = call.session
  if (desk) return refuse('forbidden', 'a desk only shows; log in as yourself to order something')
  const check = await parts.access.checkPassword(id, person.name, body.value.password)
  if (check.kind === 'later')
    return refuseForNow('too many passwords were wrong', check.retryAfterMs)
  if (check.kind === 'wrong') return refuse('forbidden', 'the password is not right; still locked')
  parts.access.touch(id)
  return current(parts, call)
}

/** `{ sessions }`: the own ones; those of everybody for who may end them. */
export function sessionsNow(parts: WebParts, { session }: Call): Reply {
  const seesAll = rightRefusal('sessions', session.person) === undefined
  const shown = parts.access.sessions().filter((one) => seesAll || isOwn(one, session))
  return good({ sessions: shown.map((one) => rowOf(one, session)) })
}

/** Ends a session: an own one, or with the right `sessions` anybody's. What its person confirmed is void, as after a log-out. */
export function endSession(parts: WebParts, { session, parameters, body }: Call): Reply {
  const given = checked(emptyBody, body, 'body')
  if (given.fault !== undefined) return refuse('invalid', given.fault)
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
}

const isOwn = (one: Session, own: Session): boolean => one.person.name === own.person.name

function rowOf(one: Session, own: Session) {
  const { id, person, address, desk, browser, openedWallMs, expiresWallMs } = one
  const { name: user, role, via } = person
  const here = id === own.id
  return { session: id, user, role, via, address, desk, browser, here, openedWallMs, expiresWallMs }
}

function current(parts: WebParts, call: Call): Reply {
  const session = parts.access.session(call.session.id)
  if (session === undefined) return refuse('not-logged-in', 'the session ended meanwhile')
  return sessionNow(parts, { ...call, session })
}
