// Who is behind a session of the OPC UA server. Passwords are checked in the main thread, which keeps the accounts; here it is only
// remembered which session of ours belongs to which session of the client.

import {
  type NodeId,
  type OPCUAServer,
  type ServerSession,
  UserNameIdentityToken,
} from 'node-opcua'
import type { AccessRole } from '../../core/plant.ts'
import type { LogInResult, ToMain } from './messages.ts'
import { roleNodes } from './permissions.ts'

export type Caller = { readonly user: string; readonly session: string }

type Known = Caller & { readonly role: AccessRole }

export class Users {
  readonly #send: (message: ToMain) => void
  readonly #known = new Map<string, Known>()
  readonly #asked = new Map<number, (result: LogInResult) => void>()
  #count = 0

  constructor(send: (message: ToMain) => void) {
    this.#send = send
  }

  /** For the library: is this the password of the user? Remembers the session when it is. */
  async check(session: ServerSession, user: string, password: string): Promise<boolean> {
    const key = keyOf(session)
    const before = this.#known.get(key)
    const again = before?.user === user ? before : undefined
    const result = await this.#ask({
      ...{ user, password, address: addressOf(session) },
      ...(again && { session: again.session }),
    })
    if (result.kind !== 'good') return false
    if (before !== undefined && before.session !== result.session) this.#logOut(before)
    this.#known.set(key, { user, session: result.session, role: result.role })
    return true
  }

  answer(id: number, result: LogInResult): void {
    this.#asked.get(id)?.(result)
    this.#asked.delete(id)
  }

  /** The roles of a user who gave a password. A certificate gives none, whatever name stands in it. */
  rolesOf(token: unknown): NodeId[] {
    if (!(token instanceof UserNameIdentityToken)) return []
    for (const { user, role } of this.#known.values()) {
      if (user === token.userName) return roleNodes(role)
    }
    return []
  }

  callerOf(session: { getSessionId(): NodeId } | undefined): Caller | undefined {
    return session && this.#known.get(session.getSessionId().toString())
  }

  closed(session: ServerSession): void {
    const key = keyOf(session)
    const known = this.#known.get(key)
    this.#known.delete(key)
    if (known !== undefined) this.#logOut(known)
  }

  /** Our session has ended: the client's ends with it. */
  end(server: OPCUAServer, ended: string): void {
    for (const session of server.engine.getSessions()) {
      if (this.#known.get(keyOf(session))?.session !== ended) continue
      this.#known.delete(keyOf(session))
      server.engine.closeSession(session.authenticationToken, true, 'Terminated')
    }
  }

  #logOut({ session }: Caller): void {
    this.#send({ kind: 'log-out', session })
  }

  #ask(question: Omit<Extract<ToMain, { kind: 'log-in' }>, 'kind' | 'id'>): Promise<LogInResult> {
    this.#count += 1
    const id = this.#count
    return new Promise((resolve) => {
      this.#asked.set(id, resolve)
      this.#send({ kind: 'log-in', id, ...question })
    })
  }
}

const keyOf = (session: ServerSession): string => session.getSessionId().toString()

const addressOf = (session: ServerSession): string => session.channel?.remoteAddress ?? 'unknown'
