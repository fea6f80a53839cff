// The library's server, mended where it decides who somebody is. As it comes, every trusted certificate is a person whatever it was made
// for; one that belongs to nobody logs in all the same; a person with a certificate who comes back over another connection ends in an
// internal error; and a client may name another application's certificate when it opens a session.

import {
  ActivateSessionRequest,
  AnonymousIdentityToken,
  CreateSessionRequest,
  OPCUAServer,
  type OPCUAServerOptions,
  type ServerSession,
  StatusCodes,
  type UserIdentityToken,
  X509IdentityToken,
} from 'node-opcua'
import { certificateDigest, certificateFacts } from '../certificate.ts'
import { notAPersons } from './person-certificate.ts'
import type { Tell } from './tell.ts'
import type { Users } from './users.ts'

type Creation = Parameters<OPCUAServer['_on_CreateSessionRequest']>
type Activation = Parameters<OPCUAServer['_on_ActivateSessionRequest']>
type Validity = Parameters<OPCUAServer['isValidUserIdentityToken']>
type CertificateValidity = Parameters<OPCUAServer['isValidX509IdentityToken']>
type Authority = Parameters<OPCUAServer['isUserAuthorized']>

export class GuardedServer extends OPCUAServer {
  readonly #users: Users
  readonly #tell: Tell
  #aside: Aside | undefined

  constructor(options: OPCUAServerOptions, users: Users, tell: Tell) {
    super(options)
    this.#users = users
    this.#tell = tell
  }

  /** A client may name any certificate here; the one that counts is the one whose key it has shown to have. */
  protected override _on_CreateSessionRequest(...[message, channel]: Creation): Promise<void> {
    const { request } = message
    const { clientCertificate } = channel
    if (request instanceof CreateSessionRequest && clientCertificate !== null) {
      request.clientCertificate = clientCertificate
    }
    return super._on_CreateSessionRequest(message, channel)
  }

  protected override _on_ActivateSessionRequest(...[message, channel]: Activation): void {
    const { request } = message
    const session = this.getSession(request.requestHeader.authenticationToken) ?? undefined
    const moves = session?.status === 'active' && session.channel !== channel
    if (request instanceof ActivateSessionRequest && session !== undefined && moves) {
      this.#aside = putAside(session, request)
    }
    try {
      super._on_ActivateSessionRequest(message, channel)
    } finally {
      this.#aside?.putBack()
      this.#aside = undefined
    }
  }

  /** Comes in the same turn, once the tokens have been compared. */
  protected override isValidUserIdentityToken(...given: Validity): void {
    const [channel, session, token, ...rest] = given
    const real = this.#aside?.putBack() ?? token
    this.#aside = undefined
    super.isValidUserIdentityToken(channel, session, real, ...rest)
  }

  /** After the library's own checks: the signature with the key, trust, and the time of its life. */
  protected override isValidX509IdentityToken(...given: CertificateValidity): void {
    const [channel, session, policy, token, signature, done] = given
    if (certificateFacts(token.certificateData) === undefined) {
      done(null, StatusCodes.BadIdentityTokenInvalid)
      return
    }
    const fault = notAPersons(token.certificateData, channel.clientCertificate ?? undefined)
    super.isValidX509IdentityToken(channel, session, policy, token, signature, (error, status) => {
      if (error !== null || status?.isNotGood() || fault === undefined) return done(error, status)
      this.#refused(channel, token, fault)
      done(null, StatusCodes.BadIdentityTokenRejected)
    })
  }

  protected override isUserAuthorized(...[channel, session, token, done]: Authority): void {
    if (!(token instanceof X509IdentityToken)) {
      super.isUserAuthorized(channel, session, token, done)
      return
    }
    this.#users.checkCertificate(session, token.certificateData).then(
      (right) => done(null, right, right ? undefined : StatusCodes.BadIdentityTokenRejected),
      () => done(null, false),
    )
  }

  #refused(channel: Authority[0], { certificateData }: X509IdentityToken, fault: string): void {
    const address = channel.remoteAddress || 'unknown'
    const name = certificateFacts(certificateData)?.name ?? 'nobody'
    const text = `the certificate of ${name}, shown for a person by ${address}, ${fault}`
    this.#tell(address, text, { address, certificate: certificateDigest(certificateData) })
  }
}

type Aside = {
  /** Puts the tokens back where they were and yields the one that was shown. */
  putBack(): UserIdentityToken | undefined
}

/**
 * A session moves to another connection only with the token that opened it. The library compares names and nothing else: for a session
 * that a certificate opened, it gets two tokens that are the same when the certificates are, and differ when they differ.
 */
function putAside(session: ServerSession, request: ActivateSessionRequest): Aside | undefined {
  const { userIdentityToken: before } = session
  const { userIdentityToken: shown } = request
  if (!(before instanceof X509IdentityToken)) return undefined
  const same =
    shown instanceof X509IdentityToken && before.certificateData.equals(shown.certificateData)
  const standIn = new AnonymousIdentityToken({ policyId: 'of the session' })
  session.userIdentityToken = standIn
  request.userIdentityToken = same ? standIn : null
  return {
    putBack: () => {
      session.userIdentityToken = before
      request.userIdentityToken = shown
      return same ? shown : undefined
    },
  }
}
