// Who is there: log-in, sessions, and the check of a password for one order. Follows the users file while it runs, so that
// a person who is removed or loses a role loses the session too.

import { type Observable, Subject } from 'rxjs'
import type { Json, Person } from '../core/cycle.ts'
import type { AccessRole } from '../core/plant.ts'
import { type Accounts, type Loss, openAccounts } from './accounts.ts'
import type { BoundCertificate } from './certificate.ts'
import { type GuardKey, openLoginGuard } from './login-guard.ts'
import { mayCheckPassword } from './password.ts'
import { openSessions, type SessionEntry, type SessionKind, type Sessions } from './sessions.ts'

/** Tells the journal about log-ins and sessions; never contains a secret. */
export type OnAudit = (text: string, data: { readonly [key: string]: Json }) => void

export type Session = {
  /** Six hex digits, for the journal; not a secret. */
  readonly id: string
  readonly person: Person
  readonly address: string
  readonly openedWallMs: number
  readonly expiresWallMs: number
  /** It takes orders until then without another sign of its person; in the past: it is locked. 0 at a desk. */
  readonly commandsUntilWallMs: number
  /** Its person was away for too long, or it is one of a desk. */
  readonly locked: boolean
} & SessionKind

export type PasswordCheck =
  | { readonly kind: 'good'; readonly role: AccessRole }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'later'; readonly retryAfterMs: number }

export type Login =
  | { readonly kind: 'good'; readonly token: string; readonly session: Session }
  | Exclude<PasswordCheck, { kind: 'good' }>

export type Access = {
  /** Opens a session for a person at an address; `door` (usually `http`) is named in `Person.via`. */
  login(
    user: string,
    password: string,
    address: string,
    door?: string,
    kind?: Partial<SessionKind>,
  ): Promise<Login>
  /**
   * Opens a session for whoever a certificate is bound to in the users file; its common name is of no account. The door has seen
   * that the client holds its key and that somebody trusts it.
   */
  loginByCertificate(certificate: BoundCertificate, address: string, door: string): Login
  /** Whom a certificate (SHA-256) is bound to now. */
  ownerOf(sha256: string): { readonly name: string; readonly role: AccessRole } | undefined
  /** The session of a token from a header or (`browser`) a cookie, with the role that its user has now; counts as use. */
  sessionOf(token: string, browser?: boolean): Session | undefined
  /** Every open session, oldest first. */
  sessions(): readonly Session[]
  /** The person of this session is there: it goes on taking orders. */
  touch(id: string): void
  /** The session with this id while it is open. */
  session(id: string): Session | undefined
  /** Ends a session; `reason` is for the journal, `logged out` unless somebody else ended it. */
  logout(id: string, reason?: string): void
  /**
   * Checks a password for one order given in a session: the person's own again, or a second person's. Guessing is counted
   * against the session, so that nobody elsewhere can delay a confirmation.
   */
  checkPassword(sessionId: string, user: string, password: string): Promise<PasswordCheck>
  /** Every session that ends, whatever the reason. */
  readonly ended: Observable<{ readonly session: Session; readonly reason: string }>
  /** True while nobody has an account: the first one has to be made before anybody can log in. */
  isEmpty(): boolean
  /** Looks at the users file again now and ends sessions that have run out; otherwise done once a second. */
  refresh(): void
  close(): void
}

export type AccessOptions = {
  readonly usersFile: string
  readonly onAudit: OnAudit
  readonly nowMs?: () => number
  readonly wallMs?: () => number
}

const refreshMs = 1_000

/** Reads the users file, which need not be there yet; throws UsersError, one clear line, when it is open to others or damaged. */
export async function openAccess(options: AccessOptions): Promise<Access> {
  const { usersFile, onAudit } = options
  const nowMs = options.nowMs ?? (() => performance.now())
  const wallMs = options.wallMs ?? Date.now
  const accounts = await openAccounts(usersFile)
  const passwords = guardedPasswords(accounts, nowMs, onAudit)
  const ended = new Subject<{ session: Session; reason: string }>()
  const sessionFrom: SessionMaker = (entry, role) =>
    sessionOf(entry, role, sessions.commandsForMs(entry.id), wallMs())
  const sessions = openSessions({ nowMs, wallMs }, (entry, reason) => {
    // A removed user has no role any more; the lowest one is enough to say that the session ended.
    const session = sessionFrom(entry, accounts.roleOf(entry.user) ?? 'observer')
    onAudit(`session of ${entry.user} ended: ${reason}`, sessionFacts(entry))
    ended.next({ session, reason })
  })
  const withRole = (entry: SessionEntry | undefined): Session | undefined => {
    const role = entry && accounts.roleOf(entry.user)
    return entry && role && sessionFrom(entry, role)
  }

  const login: Access['login'] = async (name, password, address, door = 'http', kind = {}) => {
    const keys: readonly GuardKey[] = [
      { kind: 'user', name },
      { kind: 'address', name: address },
    ]
    const result = await passwords.check(keys, name, password, { log: 'log-in', address })
    if (result.kind !== 'good') return result
    const { token, entry } = sessions.open(name, address, door, kind)
    const how = entry.desk ? 'opened a desk that only shows' : `logged in as ${result.role}`
    onAudit(`${name} ${how}`, sessionFacts(entry))
    return { kind: 'good', token, session: sessionFrom(entry, result.role) }
  }

  const refresh = (): void => {
    sessions.sweep()
    const { losses, fault } = accounts.refresh()
    if (fault !== undefined) onAudit(`users file not used: ${fault}`, {})
    for (const loss of losses) {
      const hit = sessions.all().filter((entry) => isHit(entry, loss))
      for (const { id } of hit) sessions.end(id, loss.reason)
    }
  }

  const timer = setInterval(refresh, refreshMs)
  timer.unref()
  return {
    login,
    loginByCertificate: byCertificate(accounts, sessions, sessionFrom, onAudit),
    ownerOf: accounts.ownerOf,
    sessionOf: (token, browser) => withRole(sessions.find(token, browser)),
    session: (id) => withRole(sessions.get(id)),
    sessions: () => sessions.all().flatMap((entry) => withRole(entry) ?? []),
    touch: sessions.touch,
    logout: (id, reason = 'logged out') => sessions.end(id, reason),
    isEmpty: accounts.isEmpty,
    checkPassword: (session, name, password) =>
      passwords.check([{ kind: 'session', name: session }], name, password, {
        log: 'password',
        session,
      }),
    ended: ended.asObservable(),
    refresh,
    close: () => {
      clearInterval(timer)
      ended.complete()
    },
  }
}

type SessionMaker = (entry: SessionEntry, role: AccessRole) => Session

function sessionOf(
  entry: SessionEntry,
  role: AccessRole,
  commandsForMs: number,
  wallMs: number,
): Session {
  const { id, user, door, address, openedWallMs, expiresWallMs, browser, desk } = entry
  return {
    ...{ id, address, openedWallMs, expiresWallMs, browser, desk },
    // Whatever the account may do: a desk only shows, also to a door that forgets to ask.
    person: { name: user, role: desk ? 'observer' : role, via: `${door} ${id}` },
    commandsUntilWallMs: desk ? 0 : wallMs + commandsForMs,
    locked: commandsForMs <= 0,
  }
}

const isHit = (entry: SessionEntry, { name, certificate }: Loss): boolean =>
  entry.user === name && (certificate === undefined || entry.certificate === certificate)

const byCertificate =
  (
    accounts: Accounts,
    sessions: Sessions,
    sessionFrom: SessionMaker,
    onAudit: OnAudit,
  ): Access['loginByCertificate'] =>
  ({ name, sha256 }, address, door) => {
    const owner = accounts.ownerOf(sha256)
    if (owner === undefined) {
      const words = `the certificate of ${name} (${sha256.slice(0, 12)}) is bound to no account`
      onAudit(`log-in refused: ${words}`, { certificate: sha256, address, door })
      return { kind: 'wrong' }
    }
    const { token, entry } = sessions.open(owner.name, address, door, { certificate: sha256 })
    const facts = { ...sessionFacts(entry), certificate: sha256 }
    onAudit(`${owner.name} logged in as ${owner.role} with a certificate`, facts)
    return { kind: 'good', token, session: sessionFrom(entry, owner.role) }
  }

type Tried = { readonly log: string; readonly [fact: string]: string }

function guardedPasswords(accounts: Accounts, nowMs: () => number, onAudit: OnAudit) {
  const guard = openLoginGuard()
  const check = async (
    keys: readonly GuardKey[],
    name: string,
    password: string,
    { log, ...facts }: Tried,
  ): Promise<PasswordCheck> => {
    if (!mayCheckPassword()) return { kind: 'later', retryAfterMs: 1_000 }
    const attempt = guard.attempt(keys, nowMs())
    if (!attempt.allowed) return { kind: 'later', retryAfterMs: attempt.retryAfterMs }
    const role = await accounts.check(name, password)
    if (role !== undefined) {
      attempt.succeeded()
      return { kind: 'good', role }
    }
    // People type their password into the wrong field: a name that nobody has is never written down.
    const user = accounts.roleOf(name) === undefined ? 'an unknown user' : name
    onAudit(`${log} refused for ${user}`, { user, ...facts })
    return { kind: 'wrong' }
  }
  return { check }
}

const sessionFacts = (entry: SessionEntry) => ({
  user: entry.user,
  session: entry.id,
  door: entry.door,
  address: entry.address,
  ...(entry.desk && { desk: true }),
})
