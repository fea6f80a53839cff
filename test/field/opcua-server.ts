// A real OPC UA server in a process of its own, so that a test can stop, freeze and kill it. It has the nodes of docs/protocols.md
// section 7 and whatever variables the test sets, writes every write to a file before it answers, and misbehaves on demand.
// Started by opcua-rig.ts, which talks to it in messages.

import { appendFileSync } from 'node:fs'
import {
  type DataType,
  MessageSecurityMode,
  type Namespace,
  nodesets,
  OPCUACertificateManager,
  OPCUAServer,
  SecurityPolicy,
  StatusCode,
  StatusCodes,
  type UAVariable,
  Variant,
  type VariantArrayType,
  WriteRequest,
} from 'node-opcua'

export type ServerOptions = {
  readonly port: number
  readonly pki: string
  readonly writesFile: string
  readonly policies: readonly (
    | 'None'
    | 'Basic256Sha256'
    | 'Aes128_Sha256_RsaOaep'
    | 'Aes256_Sha256_RsaPss'
  )[]
  readonly anonymous: boolean
  readonly user?: { readonly name: string; readonly password: string }
  /** Offers to take the password in clear and no other way. */
  readonly clearPassword?: boolean
  /** Node numbers per read that the server takes; 0 is no limit. */
  readonly readMax?: number
}

/** A variable as the test sets it; `status` is the name of a status code. */
export type Setting = {
  readonly name: string
  readonly dataType: number
  readonly arrayType?: number
  readonly value: unknown
  readonly status?: string
}

export type Order =
  | { readonly set: readonly Setting[] }
  /** What the server does to its subscriptions from now on. */
  | { readonly subscriptions: 'publish' | 'stall' | 'lie' | 'refuse' }
  /** What becomes of a write to the command block. */
  | { readonly writes: 'take' | 'refuse' | 'clip' }
  | { readonly tell: 'sessions' }
  /** The server forgets its sessions and keeps their connections. */
  | { readonly forget: 'sessions' }

/** One write as it was carried out; `atMs` counts from 1970. */
export type WriteSeen = {
  readonly node: string
  readonly words: readonly number[]
  readonly atMs: number
  readonly stamped: boolean
}

const options = JSON.parse(process.argv[2] ?? '{}') as ServerOptions
let writes: 'take' | 'refuse' | 'clip' = 'take'
/** Whether the write that is being carried out came with a time. */
let stamped = false

const manager = new OPCUACertificateManager({
  rootFolder: options.pki,
  automaticallyAcceptUnknownCertificate: true,
})
const server = new OPCUAServer({
  port: options.port,
  hostname: '127.0.0.1',
  nodeset_filename: [nodesets.standard],
  serverCertificateManager: manager,
  allowAnonymous: options.anonymous,
  securityPolicies: options.policies.map((policy) => SecurityPolicy[policy]),
  securityModes: [
    ...(options.policies.includes('None') ? [MessageSecurityMode.None] : []),
    MessageSecurityMode.Sign,
    MessageSecurityMode.SignAndEncrypt,
  ],
  maxConnectionsPerEndpoint: 100,
  serverCapabilities: { maxSessions: 100 },
  userManager: {
    isValidUser: (name: string, password: string) => {
      appendFileSync(`${options.writesFile}.logins`, `${name}\n`)
      return name === options.user?.name && password === options.user.password
    },
  },
})

await server.initialize()
const space = server.engine.addressSpace
if (space === null) throw new Error('the server has no address space')
const own: Namespace = space.getOwnNamespace()
const unit = own.addObject({ browseName: 'Unit', organizedBy: space.rootFolder.objects })
const variables = new Map<string, UAVariable>()
addCommandNode('Command', new Uint16Array(17))
addCommandNode('Commit', 0)
if (options.readMax !== undefined) {
  server.engine.serverCapabilities.operationLimits.maxNodesPerRead = options.readMax
}
await server.start()
if (options.clearPassword === true) offerClearPassword()
server.on('request', (request) => {
  if (!(request instanceof WriteRequest)) return
  const [first] = request.nodesToWrite ?? []
  stamped = first?.value.sourceTimestamp !== null || first.value.serverTimestamp !== null
})
process.on('message', (order: Order) => {
  void obey(order).then((told) => process.send?.({ told }))
})
process.send?.({ ready: true })

function offerClearPassword(): void {
  for (const endpoint of server.endpoints) {
    for (const description of endpoint.endpointDescriptions()) {
      const named = description.userIdentityTokens?.filter((token) => token.tokenType === 1) ?? []
      const [token] = named
      if (token === undefined) continue
      token.securityPolicyUri = SecurityPolicy.None
      description.userIdentityTokens = [token]
    }
  }
}

async function obey(order: Order): Promise<unknown> {
  if ('set' in order) for (const one of order.set) set(one)
  if ('writes' in order) writes = order.writes
  if ('subscriptions' in order) disturb(order.subscriptions)
  if ('forget' in order) {
    for (const session of server.engine.getSessions()) {
      server.engine.closeSession(session.authenticationToken, true, 'Forcing')
    }
  }
  return 'tell' in order ? server.engine.currentSessionCount : true
}

function set({ name, dataType, arrayType, value, status }: Setting): void {
  const variable = variables.get(name) ?? addVariable(name, dataType, arrayType === 1)
  const good = StatusCodes.Good
  const named = Object.values(StatusCodes).find(
    (one) => one instanceof StatusCode && one.name === status,
  )
  variable.setValueFromSource(
    new Variant({
      dataType: dataType as DataType,
      arrayType: (arrayType ?? 0) as VariantArrayType,
      value,
    }),
    named instanceof StatusCode ? named : good,
  )
}

function addVariable(name: string, dataType: number, isArray: boolean): UAVariable {
  const variable = own.addVariable({
    componentOf: unit,
    browseName: name,
    nodeId: `s=${name}`,
    dataType: `i=${dataType}`,
    valueRank: isArray ? 1 : -1,
  })
  variables.set(name, variable)
  return variable
}

function addCommandNode(name: string, first: Uint16Array | number): void {
  const isArray = typeof first !== 'number'
  let value = first
  own.addVariable({
    componentOf: unit,
    browseName: name,
    nodeId: `s=${name}`,
    dataType: 'UInt16',
    valueRank: isArray ? 1 : -1,
    ...(isArray && { arrayDimensions: [17] }),
    accessLevel: 'CurrentRead | CurrentWrite',
    minimumSamplingInterval: 50,
    value: {
      get: () =>
        new Variant({ dataType: 5, ...(isArray && { arrayType: 1 }), value: value as unknown }),
      set: ({ value: written }: { readonly value: Uint16Array | number }) => {
        if (writes === 'refuse') return StatusCodes.BadUserAccessDenied
        const clipped = writes === 'clip' && typeof written !== 'number'
        value = clipped ? written.map((word, at) => (at > 8 ? 0 : word)) : written
        const seen: WriteSeen = {
          node: name,
          words: typeof value === 'number' ? [value] : [...value],
          atMs: performance.timeOrigin + performance.now(),
          stamped,
        }
        appendFileSync(options.writesFile, `${JSON.stringify(seen)}\n`)
        return StatusCodes.Good
      },
    },
  } as unknown as Parameters<Namespace['addVariable']>[0])
}

/** The insides of the library that it does not show. */
type Inside = { monitoredItems: Map<number, { setMonitoringMode(mode: number): void }> }

function disturb(how: 'publish' | 'stall' | 'lie' | 'refuse'): void {
  const capabilities = server.engine.serverCapabilities
  capabilities.maxSubscriptionsPerSession = how === 'refuse' ? 0 : 10
  for (const { publishEngine } of server.engine.getSessions()) {
    // A publish request that is swallowed is never answered.
    if (how === 'stall') Object.assign(publishEngine, { _on_PublishRequest: () => {} })
    else Reflect.deleteProperty(publishEngine, '_on_PublishRequest')
    if (how !== 'lie') continue
    for (const subscription of publishEngine.subscriptions) {
      const { monitoredItems } = subscription as unknown as Inside
      for (const item of monitoredItems.values()) item.setMonitoringMode(0)
    }
  }
}
