// How one OPC UA session is opened: look at what the server offers, judge its certificate, build the secure channel, create
// the session and give the password only to a server that keeps it secret. A client of the library lives for one connection:
// without its own reconnection it has no queue in which a command could wait.

import type {
  ClientSession,
  EndpointDescription,
  OPCUAClient,
  UserIdentityInfoUserName,
} from 'node-opcua'
import type { OpcUaPath } from '../../core/plant.ts'
import { readSecret } from '../secret-file.ts'
import type { Library } from './library.ts'
import { openTrustStore, secretTokens, type TrustStore } from './trust.ts'
import { newWire, type Wire } from './wire.ts'

export type OpenSession = {
  readonly client: OPCUAClient
  readonly session: ClientSession
  readonly wire: Wire
}

/** Why no session could be opened, in words for people. */
export class Refusal extends Error {}

export type OpeningOptions = {
  readonly path: OpcUaPath
  readonly clock: () => number
  /** How long the server keeps a session that is not used, ms. */
  readonly sessionMs: number
  readonly signal: AbortSignal
}

/** Opens one session or throws the reason; whatever was begun is then ended. */
export async function openSession(library: Library, options: OpeningOptions): Promise<OpenSession> {
  const { path, signal } = options
  const store = await openTrustStore(library, path.pki)
  const password = path.user === undefined ? undefined : await passwordOf(path.user.passwordFile)
  const secured = path.mode !== 'none' || path.user !== undefined
  const certificate = secured ? await trustedCertificate(library, store, options) : undefined
  const { client, wire } = newClient(library, store, options, {
    securityMode: library.MessageSecurityMode[modes[path.mode]],
    securityPolicy: library.SecurityPolicy[path.policy],
    ...(certificate !== undefined && { serverCertificate: certificate }),
  })
  return during(signal, client, wire, async () => {
    await client.connect(path.url)
    const session =
      path.user === undefined || password === undefined
        ? await client.createSession({ type: library.UserTokenType.Anonymous })
        : await createUserSession(library, client, path, {
            type: library.UserTokenType.UserName,
            userName: path.user.name,
            password,
          })
    return { client, session, wire }
  })
}

/** Ends a client and its socket; a frozen server can hold it up no longer than `limitMs`. */
export async function endClient(client: OPCUAClient, wire: Wire, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const ended = client.disconnect().catch(() => undefined)
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs)
  })
  await Promise.race([ended, late])
  clearTimeout(timer)
  wire.reset('the connection is ended')
}

const modes = { none: 'None', sign: 'Sign', 'sign-and-encrypt': 'SignAndEncrypt' } as const

async function passwordOf(file: string): Promise<string> {
  const read = await readSecret(file)
  if ('wrong' in read) throw new Refusal(read.wrong)
  return read.secret
}

type Security = Pick<
  NonNullable<Parameters<typeof OPCUAClient.create>[0]>,
  'securityMode' | 'securityPolicy' | 'serverCertificate'
>

function newClient(
  library: Library,
  store: TrustStore,
  { clock, sessionMs }: OpeningOptions,
  security: Security,
): { client: OPCUAClient; wire: Wire } {
  const wire = newWire(library, clock)
  const client = library.OPCUAClient.create({
    ...security,
    applicationName: 'bumpless',
    clientName: 'bumpless',
    clientCertificateManager: store.manager,
    // The address of the plant file counts, not the name that the server gives itself.
    endpointMustExist: false,
    connectionStrategy: { maxRetry: 0 },
    keepSessionAlive: false,
    requestedSessionTimeout: sessionMs,
    // Idle time after which the library would end the socket: ours are never idle, and silence is our own watchdog's business.
    transportTimeout: idleMs,
    transportFactory: wire.factory,
  })
  return { client, wire }
}

const idleMs = 3_600_000
const endMs = 500

/** Runs `work`; when it fails or `signal` says that it is over, the client is ended before the error is thrown on. */
async function during<T>(
  signal: AbortSignal,
  client: OPCUAClient,
  wire: Wire,
  work: () => Promise<T>,
): Promise<T> {
  let stop: (() => void) | undefined
  const stopped = new Promise<never>((_resolve, reject) => {
    stop = () => reject(new Refusal('no session within the time for opening one'))
  })
  signal.addEventListener('abort', () => stop?.(), { once: true })
  try {
    if (signal.aborted) stop?.()
    return await Promise.race([work(), stopped])
  } catch (error) {
    if (signal.aborted) wire.reset('the opening was given up')
    await endClient(client, wire, endMs)
    throw error
  }
}

/** The certificate of the endpoint that suits the path, once it is trusted. */
async function trustedCertificate(
  library: Library,
  store: TrustStore,
  options: OpeningOptions,
): Promise<Buffer> {
  const { path, signal } = options
  const { client, wire } = newClient(library, store, options, {
    securityMode: library.MessageSecurityMode.None,
    securityPolicy: library.SecurityPolicy.None,
  })
  const endpoints = await during(signal, client, wire, async () => {
    await client.connect(path.url)
    return client.getEndpoints({ endpointUrl: path.url })
  })
  await endClient(client, wire, endMs)
  const endpoint = endpoints.find((one) => suits(library, path, one))
  if (endpoint === undefined) {
    throw new Refusal(
      `the server offers no ${path.policy} with mode ${path.mode}; it offers ${offers(library, endpoints)}`,
    )
  }
  const why = await store.distrust(endpoint.serverCertificate)
  if (why !== undefined) throw new Refusal(why)
  return endpoint.serverCertificate
}

const suits = (library: Library, path: OpcUaPath, endpoint: EndpointDescription): boolean =>
  endpoint.securityMode === library.MessageSecurityMode[modes[path.mode]] &&
  endpoint.securityPolicyUri === library.SecurityPolicy[path.policy]

function offers(library: Library, endpoints: readonly EndpointDescription[]): string {
  const names = endpoints.map(
    ({ securityMode, securityPolicyUri }) =>
      `${securityPolicyUri?.split('#')[1] ?? 'an unnamed policy'} with mode ${library.MessageSecurityMode[securityMode]}`,
  )
  return names.length === 0 ? 'none' : [...new Set(names)].slice(0, 8).join(', ')
}

/** What the library keeps to itself: the two halves of `createSession`, between which we look at the server once more. */
type SessionMaker = {
  readonly endpoint?: EndpointDescription
  _createSession(done: (error: Error | null, session?: MadeSession) => void): void
  _addSession(session: MadeSession): void
  _activateSession(
    session: MadeSession,
    identity: UserIdentityInfoUserName,
    done: (error: Error | null, session?: MadeSession) => void,
  ): void
}
type MadeSession = ClientSession & { readonly serverCertificate?: Buffer | null }

const isMaker = (client: object): client is SessionMaker =>
  '_createSession' in client && '_addSession' in client && '_activateSession' in client

async function createUserSession(
  library: Library,
  client: OPCUAClient & { serverCertificate?: unknown },
  path: OpcUaPath,
  identity: UserIdentityInfoUserName,
): Promise<ClientSession> {
  const maker: unknown = client
  if (typeof maker !== 'object' || maker === null || !isMaker(maker)) {
    throw new Error('node-opcua was changed: its client has no _createSession')
  }
  const session = await called<MadeSession>((done) => maker._createSession(done))
  maker._addSession(session)
  if (path.mode !== 'sign-and-encrypt') keepSecret(library, maker, session, client)
  return called<MadeSession>((done) => maker._activateSession(session, identity, done))
}

/** On a channel that does not encrypt, only a way that encrypts the password for the trusted server is left to choose. */
function keepSecret(
  library: Library,
  { endpoint }: SessionMaker,
  session: MadeSession,
  { serverCertificate }: { readonly serverCertificate?: unknown },
): void {
  const shown = session.serverCertificate
  if (!shown || !Buffer.isBuffer(serverCertificate) || !shown.equals(serverCertificate)) {
    throw new Refusal('the server of the session does not show the certificate that is trusted')
  }
  if (endpoint === undefined) throw new Refusal('the server does not say how it takes a password')
  const left = secretTokens(library, endpoint)
  if (!left.some((token) => token.tokenType === library.UserTokenType.UserName)) {
    throw new Refusal(
      'the server takes passwords only in clear on this channel; use mode sign-and-encrypt',
    )
  }
  endpoint.userIdentityTokens = left
}

const called = <T>(call: (done: (error: Error | null, result?: T) => void) => void): Promise<T> =>
  new Promise((resolve, reject) => {
    call((error, result) => {
      if (error) reject(error)
      else if (result === undefined) reject(new Error('the library gave no session'))
      else resolve(result)
    })
  })
