// Open sessions. A token is 256 random bits; only its SHA-256 is kept, so that a memory dump or a log of this table opens
// nothing. A session ends by log-out, after 12 h without a request, 24 h after log-in, or when its user changes. One of a
// browser takes orders only while a person is there; one of a desk shows for a year and takes none.

import { createHash, randomBytes } from 'node:crypto'

export type SessionEntry = {
  /** Short name of the session for the journal, six hex digits; not a secret. */
  readonly id: string
  readonly user: string
  /** The door that it was opened at: `http`, `opcua`. */
  readonly door: string
  readonly address: string
  readonly openedWallMs: number
  readonly expiresWallMs: number
} & SessionKind

export type SessionKind = {
  /** Its token is in a cookie, and counts nowhere else. */
  readonly browser: boolean
  /** A screen that only shows. */
  readonly desk: boolean
  /** SHA-256 of the certificate that opened it; absent where a password did. */
  readonly certificate?: string
}

export type Sessions = {
  open(
    user: string,
    address: string,
    door?: string,
    kind?: Partial<SessionKind>,
  ): { readonly token: string; readonly entry: SessionEntry }
  /**
   * The session of a token that came in a cookie (`browser`) or in a header; counts as use. Undefined when there is none, when
   * it has run out, or when its token came the other way.
   */
  find(token: string, browser?: boolean): SessionEntry | undefined
  /** How long the session takes orders without a sign of its person, ms; 0 or less: it is locked. */
  commandsForMs(id: string): number
  /** Its person is there. */
  touch(id: string): void
  get(id: string): SessionEntry | undefined
  end(id: string, reason: string): void
  all(): readonly SessionEntry[]
  /** Ends what has run out; `find` does the same for the session that it is asked for. */
  sweep(): void
}

export const sessionIdleMs = 12 * 3_600_000
export const sessionLongestMs = 24 * 3_600_000
const deskLongestMs = 365 * 24 * 3_600_000
/** Whoever sits down at a browser that its person left may look, and order nothing. */
export const commandsIdleMs = 15 * 60_000
/** The door whose sessions last as long as their client is there. */
export const keptAliveDoor = 'opcua'
/** Sessions that one user may have open at one door; one more ends the one that was unused for longest. */
const sessionsPerUser = 32

type Kept = SessionEntry & {
  readonly hash: string
  readonly openedMs: number
  usedMs: number
  activeMs: number
}

export type SessionClock = {
  /** Monotonic, ms. */
  readonly nowMs: () => number
  /** Unix ms, for display. */
  readonly wallMs: () => number
}

/** `onEnded` is called once for every session that ends, with the reason in a few words. */
export function openSessions(
  clock: SessionClock,
  onEnded: (entry: SessionEntry, reason: string) => void,
): Sessions {
  const byHash = new Map<string, Kept>()

  const get = (id: string): Kept | undefined => [...byHash.values()].find((kept) => kept.id === id)

  const end = (id: string, reason: string): void => {
    const kept = get(id)
    if (kept === undefined) return
    byHash.delete(kept.hash)
    onEnded(kept, reason)
  }

  const endOverdue = (kept: Kept): boolean => {
    const reason = overdueReason(kept, clock.nowMs())
    if (reason !== undefined) end(kept.id, reason)
    return reason !== undefined
  }

  const makeRoom = (user: string, door: string, desk: boolean): void => {
    const own = [...byHash.values()].filter(
      (kept) => kept.user === user && kept.door === door && kept.desk === desk,
    )
    if (own.length < sessionsPerUser) return
    const unused = own.reduce((least, kept) => (kept.usedMs < least.usedMs ? kept : least))
    end(unused.id, `${user} opened more than ${sessionsPerUser} sessions`)
  }

  const open: Sessions['open'] = (user, address, door = 'http', kind = {}) => {
    const { browser = false, desk = false, ...more } = kind
    makeRoom(user, door, desk)
    const token = randomBytes(32).toString('base64url')
    let id = randomBytes(3).toString('hex')
    while (get(id) !== undefined) id = randomBytes(3).toString('hex')
    const nowMs = clock.nowMs()
    const openedWallMs = clock.wallMs()
    const expiresWallMs = openedWallMs + (desk ? deskLongestMs : sessionLongestMs)
    const entry = { id, user, door, address, openedWallMs, expiresWallMs, browser, desk, ...more }
    const hash = hashOf(token)
    byHash.set(hash, { ...entry, hash, openedMs: nowMs, usedMs: nowMs, activeMs: nowMs })
    return { token, entry }
  }

  const find = (token: string, browser = false): SessionEntry | undefined => {
    const kept = byHash.get(hashOf(token))
    if (kept === undefined || kept.browser !== browser || endOverdue(kept)) return undefined
    kept.usedMs = clock.nowMs()
    return kept
  }

  const commandsForMs = (id: string): number => {
    const kept = get(id)
    if (kept === undefined || kept.desk) return 0
    const idleMs = clock.nowMs() - kept.activeMs
    return kept.browser ? commandsIdleMs - idleMs : kept.expiresWallMs - clock.wallMs()
  }

  const touch = (id: string): void => void Object.assign(get(id) ?? {}, { activeMs: clock.nowMs() })

  const sweep = (): void => {
    for (const kept of [...byHash.values()]) endOverdue(kept)
  }

  return { open, find, get, end, all: () => [...byHash.values()], sweep, commandsForMs, touch }
}

function overdueReason(kept: Kept, nowMs: number): string | undefined {
  // A client of this door shows every few seconds that it is there; when it does not, its server ends the session.
  if (kept.door === keptAliveDoor) return undefined
  const openMs = nowMs - kept.openedMs
  if (kept.desk) return openMs >= deskLongestMs ? 'it was open for a year' : undefined
  if (openMs >= sessionLongestMs) return 'it was open for 24 h'
  return nowMs - kept.usedMs >= sessionIdleMs ? 'it was not used for 12 h' : undefined
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')
