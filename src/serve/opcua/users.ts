// Who is behind a session of the OPC UA server. Passwords and certificates are looked up in the main thread, which keeps the accounts;
// here it is only remembered which session of ours belongs to which session of the client.

import {
  type NodeId,
  type OPCUAServer,
  type ServerSession,
  UserNameIdentityToken,
  X509IdentityToken,
} from 'node-opcua'
import type { AccessRole } from '../../core/plant.ts'
import { certificateDigest, certificateFacts } from '../certificate.ts'
import { openQuestions } from '../questions.ts'
import type { LogInResult, Shown, ToMain } from './messages.ts'
import { roleNodes } from './permissions.ts'

export type Caller = { readonly user: string; readonly session: string }

type Known = Caller & {
  readonly role: AccessRole
  /** SHA-256 of the certificate that was shown; absent for a password. */
  readonly certificate?: string
}

export class Users {
  readonly #send: (message: ToMain) => void
  readonly #known = new Map<string, Known>()
  readonly #asked = openQuestions<LogInResult>()

  constructor(send: (message: ToMain) => void) {
    this.#send = send
  }

  /** Is this the password of the user? Remembers the session when it is. */
  check(session: ServerSession, user: string, password: string): Promise<boolean> {
    const known = this.#known.get(keyOf(session))
    const same = known?.user === user && known.certificate === undefined
    return this.#enter(session, { kind: 'password', user, password }, same)
  }

  /** Is this certificate bound to an account? The library has seen that the client holds its key. Remembers the session. */
  checkCertificate(session: ServerSession, der: Buffer): Promise<boolean> {
    const certificate = certificateFacts(der)
    if (certificate === undefined) return Promise.resolve(false)
    const same = this.#known.get(keyOf(session))?.certificate === certificate.sha256
    return this.#enter(session, { kind: 'certificate', certificate }, same)
  }

  answer(id: number, result: LogInResult): void {
    this.#asked.answer(id, result)
  }

  /** The roles of whoever logged in with this token. The name in a certificate is looked at by nobody. */
  rolesOf(token: unknown): NodeId[] {
    const fits = memberOf(token)
    for (const known of this.#known.values()) if (fits(known)) return roleNodes(known.role)
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

  async #enter(session: ServerSession, by: Shown, same: boolean): Promise<boolean> {
    const key = keyOf(session)
    const before = this.#known.get(key)
    const result = await this.#ask({
      ...{ by, address: addressOf(session) },
      ...(same && before && { session: before.session }),
    })
    if (result.kind !== 'good') return false
    if (before !== undefined && before.session !== result.session) this.#logOut(before)
    const { user, role, session: opened } = result
    this.#known.set(key, {
      ...{ user, role, session: opened },
      ...(by.kind === 'certificate' && { certificate: by.certificate.sha256 }),
    })
    return true
  }

  #logOut({ session }: Caller): void {
    this.#send({ kind: 'log-out', session })
  }

  #ask(question: Omit<Extract<ToMain, { kind: 'log-in' }>, 'kind' | 'id'>): Promise<LogInResult> {
    return this.#asked.ask((id) => this.#send({ kind: 'log-in', id, ...question }))
  }
}

function memberOf(token: unknown): (known: Known) => boolean {
  if (token instanceof UserNameIdentityToken) {
    return ({ user, certificate }) => certificate === undefined && user === token.userName
  }
  if (token instanceof X509IdentityToken) {
    const digest = certificateDigest(token.certificateData)
    return ({ certificate }) => certificate === digest
  }
  return () => false
}

const keyOf = (session: ServerSession): string => session.getSessionId().toString()

const addressOf = (session: ServerSession): string => session.channel?.remoteAddress ?? 'unknown'
