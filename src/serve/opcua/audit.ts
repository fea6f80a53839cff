// What clients were denied, for the journal and as audit events: writes, calls, sessions and connections. The library has one place
// that sees every request and every response; that is where this listens.

import {
  ActivateSessionRequest,
  CallRequest,
  CallResponse,
  CreateSessionRequest,
  DataType,
  type NodeId,
  type OPCUAServer,
  type ServerSession,
  type StatusCode,
  StatusCodes,
  TransferSubscriptionsRequest,
  TransferSubscriptionsResponse,
  WriteRequest,
  WriteResponse,
} from 'node-opcua'
import { certificateFacts } from '../certificate.ts'
import type { Tell } from './tell.ts'
import type { Users } from './users.ts'

type Watched =
  | CallRequest
  | WriteRequest
  | TransferSubscriptionsRequest
  | CreateSessionRequest
  | ActivateSessionRequest
/** A request under way; the whole of it only where it is looked at again. */
type Asked = { readonly name: string; readonly token: NodeId; readonly request?: Watched }
type Item = { readonly what: string; readonly status: StatusCode; readonly said: string }

/** Requests of a connection that have not been answered; more are forgotten, oldest first. A client may give many the same number. */
const openMax = 200
const sameMax = 8

export function watchDenials(server: OPCUAServer, users: Users, tell: Tell): void {
  // They go with the connection: a request may be large, and some are never answered.
  const channels = new WeakMap<object, Map<number, Asked[]>>()
  server.on('request', (request, channel) => {
    const { requestHandle: key, authenticationToken } = request.requestHeader
    const open = channels.get(channel) ?? new Map<number, Asked[]>()
    channels.set(channel, open)
    const asked: Asked = {
      ...{ name: request.schema.name.replace('Request', ''), token: authenticationToken },
      ...(isWatched(request) && { request }),
    }
    open.set(key, [...(open.get(key) ?? []), asked].slice(-sameMax))
    const oldest = open.keys().next()
    if (open.size > openMax && !oldest.done) open.delete(oldest.value)
  })
  server.on('response', (response, channel) => {
    const open = channels.get(channel)
    const key = response.responseHeader.requestHandle
    const [asked, ...others] = open?.get(key) ?? []
    if (open === undefined || asked === undefined) return
    if (others.length === 0) open.delete(key)
    else open.set(key, others)
    const { name, request } = asked
    const { serviceResult } = response.responseHeader
    if (request === undefined && !isIntrusion(name, serviceResult)) return
    const client = clientOf(server, users, asked.token, channel)
    const { from, data, address } = client
    if (serviceResult.isNotGood()) {
      return tell(address, `${name} of ${from} refused: ${serviceResult.name}`, data)
    }
    if (request === undefined) return
    for (const { what, status, said } of itemsOf(request, response)) {
      raise(server, request, { what, status, user: data.user ?? '' })
      if (status.isGood()) continue
      const why = said === '' ? status.name : `${status.name}: ${said}`
      tell(data.session ?? address, `${what} by ${from} refused: ${why}`, data)
    }
  })
  watchConnections(server, tell)
}

function watchConnections(server: OPCUAServer, tell: Tell): void {
  server.on('connectionRefused', ({ remoteAddress = 'unknown' }) => {
    tell(remoteAddress, `too many connections, one of ${remoteAddress} refused`, {
      address: remoteAddress,
    })
  })
  // The library keeps it to itself that a certificate was not good enough; this is where it asks whether that shall stand.
  for (const endpoint of server.endpoints) {
    endpoint.adjustCertificateStatus = (status, certificate) => {
      const shown = certificateFacts(certificate)
      const name = shown?.name ?? 'no certificate at all'
      tell(shown?.sha256 ?? 'unknown', `client ${name} turned away: ${status.name}`, {
        ...(shown !== undefined && { certificate: shown.sha256 }),
      })
      return status
    }
  }
  server.on('openSecureChannelFailure', ({ remoteAddress = 'unknown', reason }) => {
    const text = `secure channel of ${remoteAddress} refused: ${plain(reason)}`
    tell(remoteAddress, text, { address: remoteAddress })
  })
}

type Client = {
  readonly address: string
  /** In words, for the journal. */
  readonly from: string
  readonly data: Readonly<Record<string, string>>
}

/** Who asks. A session that is named over another connection than its own says nothing of who asks. */
function clientOf(
  server: OPCUAServer,
  users: Users,
  token: NodeId,
  channel: ServerSession['channel'],
): Client {
  const address = channel?.remoteAddress || 'unknown'
  const session = server.getSession(token, true) ?? undefined
  const caller = users.callerOf(session)
  if (caller === undefined) return { address, from: address, data: { address } }
  const { user, session: id } = caller
  return session?.channel === channel
    ? { address, from: `${user} (opcua ${id})`, data: { user, session: id, address } }
    : { address, from: `${address}, naming the session of ${user}`, data: { address } }
}

/**
 * A session that is closed, was never activated or belongs to another connection (Publish answers so when a client comes back), or a
 * service that would change the address space or the past.
 */
const isIntrusion = (name: string, status: StatusCode): boolean =>
  changing.includes(name)
    ? status.isNotGood()
    : name !== 'Publish' && intrusions.some((one) => one.equals(status))

const changing = ['AddNodes', 'DeleteNodes', 'AddReferences', 'DeleteReferences', 'HistoryUpdate']

const intrusions = [
  StatusCodes.BadSessionIdInvalid,
  StatusCodes.BadSessionClosed,
  StatusCodes.BadSessionNotActivated,
  StatusCodes.BadSecureChannelIdInvalid,
]

const isWatched = (request: unknown): request is Watched =>
  request instanceof CallRequest ||
  request instanceof WriteRequest ||
  request instanceof TransferSubscriptionsRequest ||
  request instanceof CreateSessionRequest ||
  request instanceof ActivateSessionRequest

function itemsOf(request: Watched, response: unknown): readonly Item[] {
  if (request instanceof WriteRequest && response instanceof WriteResponse) {
    return (response.results ?? []).map((status, index) => {
      const node = request.nodesToWrite?.[index]?.nodeId.toString() ?? ''
      return { what: `write of ${plain(node)}`, status, said: '' }
    })
  }
  if (request instanceof CallRequest && response instanceof CallResponse) {
    return (response.results ?? []).map(({ statusCode, outputArguments }, index) => {
      const node = request.methodsToCall?.[index]?.methodId.toString() ?? ''
      const said: unknown = outputArguments?.[1]?.value
      return {
        ...{ what: `call of ${plain(node)}`, status: statusCode },
        said: typeof said === 'string' ? said : '',
      }
    })
  }
  if (
    request instanceof TransferSubscriptionsRequest &&
    response instanceof TransferSubscriptionsResponse
  ) {
    return (response.results ?? []).map(({ statusCode }, index) => {
      const what = `transfer of subscription ${request.subscriptionIds?.[index] ?? ''}`
      return { what, status: statusCode, said: '' }
    })
  }
  return []
}

/** Names of nodes come from the client: one line, no control characters, not too long. */
const plain = (text: string): string => text.replaceAll(/\p{Cc}/gu, '?').slice(0, 120)

/** The audit event of the standard. Arguments are left out: some of them are passwords. */
function raise(
  server: OPCUAServer,
  request: Watched,
  { what, status, user }: { what: string; status: StatusCode; user: string },
): void {
  if (request instanceof TransferSubscriptionsRequest) return
  const type =
    request instanceof WriteRequest ? 'AuditWriteUpdateEventType' : 'AuditUpdateMethodEventType'
  server.engine.addressSpace?.rootFolder.objects.server.raiseEvent(type, {
    actionTimeStamp: { dataType: DataType.DateTime, value: new Date() },
    status: { dataType: DataType.Boolean, value: status.isGood() },
    severity: { dataType: DataType.UInt16, value: status.isGood() ? 100 : 500 },
    sourceName: { dataType: DataType.String, value: what },
    message: { dataType: DataType.LocalizedText, value: { text: `${what}: ${status.name}` } },
    clientUserId: { dataType: DataType.String, value: user },
    clientAuditEntryId: {
      dataType: DataType.String,
      value: request.requestHeader.auditEntryId ?? '',
    },
  })
}
