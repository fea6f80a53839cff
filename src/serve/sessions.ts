// Open sessions. A token is 256 random bits; only its SHA-256 is kept, so that a memory dump or a log of this table opens
// nothing. A session ends by log-out, after 12 h without a request, 24 h after log-in, or when its user changes.

import { createHash, randomBytes } from 'node:crypto'

export type SessionEntry = {
  /** Short name of the session for the journal, six hex digits; not a secret. */
  readonly id: string
  readonly user: string
  /** The door that it was opened at: `http`, `opcua`. */
  readonly door: string
  readonly address: string
  readonly expiresWallMs: number
  /** SHA-256 of the certificate that opened it; absent where a password did. */
  readonly certificate?: string
}

export type Sessions = {
  open(
    user: string,
    address: string,
    door?: string,
    certificate?: string,
  ): { readonly token: string; readonly entry: SessionEntry }
  /** The session of a token; counts as use. Undefined when there is none or it has run out. */
  find(token: string): SessionEntry | undefined
  get(id: string): SessionEntry | undefined
  end(id: string, reason: string): void
  all(): readonly SessionEntry[]
  /** Ends what has run out; `find` does the same for the session that it is asked for. */
  sweep(): void
}

export const sessionIdleMs = 12 * 3_600_000
export const sessionLongestMs = 24 * 3_600_000
/** The door whose sessions last as long as their client is there. */
export const keptAliveDoor = 'opcua'
/** Sessions that one user may have open at one door; one more ends the one that was unused for longest. */
const sessionsPerUser = 32

type Kept = SessionEntry & { readonly hash: string; readonly openedMs: number; usedMs: number }

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
    // A client of this door shows every few seconds that it is there; when it does not, its server ends the session.
    if (kept.door === keptAliveDoor) return false
    const nowMs = clock.nowMs()
    const reason =
      nowMs - kept.openedMs >= sessionLongestMs
        ? 'it was open for 24 h'
        : nowMs - kept.usedMs >= sessionIdleMs
          ? 'it was not used for 12 h'
          : undefined
    if (reason !== undefined) end(kept.id, reason)
    return reason !== undefined
  }

  const makeRoom = (user: string, door: string): void => {
    const own = [...byHash.values()].filter((kept) => kept.user === user && kept.door === door)
    if (own.length < sessionsPerUser) return
    const unused = own.reduce((least, kept) => (kept.usedMs < least.usedMs ? kept : least))
    end(unused.id, `${user} opened more than ${sessionsPerUser} sessions`)
  }

  const open: Sessions['open'] = (user, address, door = 'http', certificate) => {
    makeRoom(user, door)
    const token = randomBytes(32).toString('base64url')
    let id = randomBytes(3).toString('hex')
    while (get(id) !== undefined) id = randomBytes(3).toString('hex')
    const nowMs = clock.nowMs()
    const expiresWallMs = clock.wallMs() + sessionLongestMs
    const entry: SessionEntry = {
      ...{ id, user, door, address, expiresWallMs },
      ...(certificate !== undefined && { certificate }),
    }
    const hash = hashOf(token)
    byHash.set(hash, { ...entry, hash, openedMs: nowMs, usedMs: nowMs })
    return { token, entry }
  }

  const find = (token: string): SessionEntry | undefined => {
    const kept = byHash.get(hashOf(token))
    if (kept === undefined || endOverdue(kept)) return undefined
    kept.usedMs = clock.nowMs()
    return kept
  }

  const sweep = (): void => {
    for (const kept of [...byHash.values()]) endOverdue(kept)
  }

  return { open, find, get, end, all: () => [...byHash.values()], sweep }
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')
