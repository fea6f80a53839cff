// What clients were denied, for the journal and as audit events: writes, calls, sessions and connections. The library has one place
// that sees every request and every response; that is where this listens.

import {
  ActivateSessionRequest,
  CallRequest,
  CallResponse,
  CreateSessionRequest,
  DataType,
  type OPCUAServer,
  type StatusCode,
  WriteRequest,
  WriteResponse,
} from 'node-opcua'
import type { Tell } from './tell.ts'
import type { Users } from './users.ts'

type Watched = CallRequest | WriteRequest | CreateSessionRequest | ActivateSessionRequest
type Item = { readonly what: string; readonly status: StatusCode; readonly said: string }

/** Requests that have not been answered; more are forgotten, oldest first. */
const openMax = 2_000

export function watchDenials(server: OPCUAServer, users: Users, tell: Tell): void {
  const open = new Map<string, Watched[]>()
  server.on('request', (request, channel) => {
    if (!isWatched(request)) return
    const key = `${channel.channelId} ${request.requestHeader.requestHandle}`
    open.set(key, [...(open.get(key) ?? []), request])
    const oldest = open.keys().next()
    if (open.size > openMax && !oldest.done) open.delete(oldest.value)
  })
  server.on('response', (response, channel) => {
    const key = `${channel.channelId} ${response.responseHeader.requestHandle}`
    const [request, ...others] = open.get(key) ?? []
    const address = channel.remoteAddress || 'unknown'
    if (request === undefined) return
    if (others.length === 0) open.delete(key)
    else open.set(key, others)
    const { serviceResult } = response.responseHeader
    const caller = users.callerOf(sessionOf(server, request))
    const by = caller === undefined ? {} : { user: caller.user, session: caller.session }
    const from = caller === undefined ? address : `${caller.user} (opcua ${caller.session})`
    if (serviceResult.isNotGood()) {
      const what = request.schema.name.replace('Request', '')
      return tell(address, `${what} of ${from} refused: ${serviceResult.name}`, { ...by, address })
    }
    for (const { what, status, said } of itemsOf(request, response)) {
      raise(server, request, { what, status, user: caller?.user ?? '' })
      if (status.isGood()) continue
      const why = said === '' ? status.name : `${status.name}: ${said}`
      tell(caller?.session ?? address, `${what} by ${from} refused: ${why}`, { ...by, address })
    }
  })
  server.on('connectionRefused', ({ remoteAddress = 'unknown' }) => {
    tell(remoteAddress, `too many connections, one of ${remoteAddress} refused`, {})
  })
  server.on('openSecureChannelFailure', ({ remoteAddress = 'unknown' }) => {
    tell(remoteAddress, `secure channel of ${remoteAddress} refused`, { address: remoteAddress })
  })
}

const isWatched = (request: unknown): request is Watched =>
  request instanceof CallRequest ||
  request instanceof WriteRequest ||
  request instanceof CreateSessionRequest ||
  request instanceof ActivateSessionRequest

const sessionOf = (server: OPCUAServer, { requestHeader }: Watched) =>
  server.getSession(requestHeader.authenticationToken, true) ?? undefined

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
