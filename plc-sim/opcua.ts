// One unit as an OPC UA server, in the layout of docs/protocols.md section 7. Every value is taken
// from the unit's registers at the moment of the read, so that Modbus and OPC UA can never tell
// two stories. A relay in front of it carries the faults of the port.
import { join } from 'node:path'
import type { OPCUAServer, UAObject, UAVariable } from 'node-opcua'
import { DIGEST_WORDS, PAGE_WORDS } from './data-block.ts'
import type { DevicePort, FrameCounts } from './modbus.ts'
import type { Registers } from './modbus-frames.ts'
import { COMMAND_AT, DIGEST_AT, INFORMATION_AT, PAGE_AT, STATUS_AT } from './registers.ts'
import { openRelay } from './relay.ts'
import { COMMAND_WORDS, STATUS_WORDS } from './wire.ts'

export type OpcUaSettings = {
  /** Such as `intake.A`. */
  readonly unit: string
  readonly registers: Registers
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  /** Folder of the server's own certificate and of those that clients have shown. */
  readonly pki: string
  /** Password of the user `operator`; with one, everybody else may only read. */
  readonly operatorPassword?: string
}

type Library = typeof import('node-opcua')
type DataTypeName = 'Float' | 'UInt16' | 'UInt32' | 'Boolean'
type Tag = {
  readonly name: string
  readonly type: DataTypeName
  readonly at: number
  readonly count: 1 | 2
  readonly value: (bytes: DataView) => number | boolean
}

export const OPERATOR = 'operator'
const NAMESPACE = 'urn:bumpless:plc-sim'
/** The server listens where nobody looks, on the number that its clients use at the relay. */
const HIDDEN_HOST = '127.0.0.2'
const COMMIT_AT = COMMAND_AT + COMMAND_WORDS - 1
const INFORMATION_WORDS = 8
const SAMPLING_MIN_MS = 10
const LIMIT = 32

const TAGS: readonly Tag[] = [
  tag('LEVEL.PV', 'Float', 100, 2, (bytes) => bytes.getFloat32(0)),
  tag('LEVEL.SP', 'Float', 102, 2, (bytes) => bytes.getFloat32(0)),
  tag('VALVE.OUT', 'Float', 104, 2, (bytes) => bytes.getFloat32(0)),
  tag('PID.I', 'Float', 106, 2, (bytes) => bytes.getFloat32(0)),
  tag('MODE', 'UInt16', 108, 1, (bytes) => bytes.getUint16(0)),
  tag('BATCH.STEP', 'UInt16', 109, 1, (bytes) => bytes.getUint16(0)),
  tag('PUMP.RUN', 'Boolean', 110, 1, (bytes) => (bytes.getUint16(0) & 1) !== 0),
  tag('HIGH.LEVEL', 'Boolean', 110, 1, (bytes) => (bytes.getUint16(0) & 2) !== 0),
  tag('FLOW.TOTAL', 'UInt32', 111, 2, (bytes) => bytes.getUint32(0)),
]
/** The unit information, each figure by itself: a client cannot name one element of an array. */
const INFORMATION: readonly Tag[] = [
  tag('Program', 'UInt32', INFORMATION_AT, 2, (bytes) => bytes.getUint32(0)),
  tag('Firmware', 'UInt32', INFORMATION_AT + 2, 2, (bytes) => bytes.getUint32(0)),
  tag('Configuration', 'UInt32', INFORMATION_AT + 4, 2, (bytes) => bytes.getUint32(0)),
  tag('ScanTime', 'UInt16', INFORMATION_AT + 6, 1, (bytes) => bytes.getUint16(0)),
  tag('Load', 'UInt16', INFORMATION_AT + 7, 1, (bytes) => bytes.getUint16(0)),
]

/** Starts the server of one unit, which takes about a second. Rejects when its port is in use. */
export async function openOpcUaPort(settings: OpcUaSettings): Promise<DevicePort> {
  const frames = { read: 0, write: 0 }
  const relay = await openRelay(settings.host, settings.port, () => ({
    host: HIDDEN_HOST,
    port: relay.port,
  }))
  const library = await import('node-opcua')
  const server = await startServer(library, settings, relay.port, frames).catch(
    async (error: unknown) => {
      await relay.close()
      throw error
    },
  )
  let closed = false
  return {
    port: relay.port,
    frames,
    behave: (behaviour) => {
      if (behaviour.mode === 'closed' && !closed) endSessions(server)
      closed = behaviour.mode === 'closed'
      return relay.behave(behaviour)
    },
    close: async () => {
      await relay.close()
      await server.shutdown(0)
    },
  }
}

async function startServer(
  library: Library,
  settings: OpcUaSettings,
  port: number,
  frames: FrameCounts,
): Promise<OPCUAServer> {
  const server = new library.OPCUAServer(serverOptions(library, settings, port))
  await server.initialize()
  fillAddressSpace(library, server, settings)
  server.on('request', (request) => {
    const changes = ['WriteRequest', 'CallRequest'].includes(request.schema.name)
    frames[changes ? 'write' : 'read'] += 1
  })
  await server.start()
  return server
}

function serverOptions(library: Library, settings: OpcUaSettings, port: number) {
  const { SecurityPolicy, MessageSecurityMode, OPCUACertificateManager, makeRoles } = library
  const { unit, pki, operatorPassword } = settings
  const store = (name: string) =>
    new OPCUACertificateManager({
      rootFolder: join(pki, name),
      automaticallyAcceptUnknownCertificate: true,
    })
  return {
    host: HIDDEN_HOST,
    hostname: settings.host,
    port,
    nodesets: library.nodesets.standard,
    serverInfo: {
      applicationUri: `${NAMESPACE}:${unit}`,
      productUri: NAMESPACE,
      applicationName: { text: `practice plant ${unit}` },
    },
    serverCertificateManager: store(unit),
    userCertificateManager: store(`${unit}.users`),
    securityPolicies: [
      SecurityPolicy.None,
      SecurityPolicy.Basic256Sha256,
      SecurityPolicy.Aes128_Sha256_RsaOaep,
      SecurityPolicy.Aes256_Sha256_RsaPss,
    ],
    securityModes: [
      MessageSecurityMode.None,
      MessageSecurityMode.Sign,
      MessageSecurityMode.SignAndEncrypt,
    ],
    allowAnonymous: true,
    isAuditing: false,
    maxConnectionsPerEndpoint: LIMIT,
    serverCapabilities: { maxSessions: LIMIT },
    userManager: {
      isValidUser: (user: string, password: string) =>
        user === OPERATOR && operatorPassword !== undefined && password === operatorPassword,
      getUserRoles: (user: string) => makeRoles(user === OPERATOR ? 'Operator' : 'Anonymous'),
    },
  }
}

function fillAddressSpace(library: Library, server: OPCUAServer, settings: OpcUaSettings): void {
  const { addressSpace } = server.engine
  if (!addressSpace) throw new Error('the OPC UA server has no address space')
  const namespace = addressSpace.registerNamespace(NAMESPACE)
  const unit = namespace.addObject({
    browseName: 'Unit',
    nodeId: 's=Unit',
    organizedBy: addressSpace.rootFolder.objects,
  })
  const { registers } = settings
  addBlock(library, unit, registers, { name: 'Status', at: STATUS_AT, count: STATUS_WORDS })
  addBlock(library, unit, registers, {
    name: 'Information',
    at: INFORMATION_AT,
    count: INFORMATION_WORDS,
  })
  addBlock(library, unit, registers, { name: 'Digest', at: DIGEST_AT, count: DIGEST_WORDS })
  addBlock(library, unit, registers, { name: 'DigestPage1', at: PAGE_AT, count: PAGE_WORDS })
  const writable = [
    addBlock(library, unit, registers, {
      name: 'Command',
      at: COMMAND_AT,
      count: COMMAND_WORDS - 1,
      writable: true,
    }),
    addCommit(library, unit, registers),
  ]
  if (settings.operatorPassword !== undefined) {
    for (const node of writable) node.setRolePermissions(operatorWrites(library))
  }
  for (const each of [...INFORMATION, ...TAGS]) addTag(library, unit, registers, each)
}

type Block = {
  readonly name: string
  readonly at: number
  readonly count: number
  readonly writable?: boolean
}

function addBlock(
  { DataType, StatusCodes, Variant, VariantArrayType }: Library,
  unit: UAObject,
  registers: Registers,
  { name, at, count, writable = false }: Block,
): UAVariable {
  const node = addVariable(unit, name, 'UInt16', writable, count)
  const get = () => {
    const words = registers.read(at, count)
    if (!words) return StatusCodes.BadNoData
    const value = Uint16Array.from(words)
    return new Variant({ dataType: DataType.UInt16, arrayType: VariantArrayType.Array, value })
  }
  const set = ({ value }: { readonly value: ArrayLike<number> }) => {
    if (value.length !== count) return StatusCodes.BadOutOfRange
    return registers.write(at, Array.from(value)) ? StatusCodes.Good : StatusCodes.BadNotWritable
  }
  node.bindVariable(writable ? { get, set } : { get }, true)
  return node
}

function addCommit(
  { DataType, StatusCodes, Variant }: Library,
  unit: UAObject,
  registers: Registers,
): UAVariable {
  const node = addVariable(unit, 'Commit', 'UInt16', true)
  const get = () =>
    new Variant({ dataType: DataType.UInt16, value: registers.read(COMMIT_AT, 1)?.[0] ?? 0 })
  const set = ({ value }: { readonly value: number }) =>
    registers.write(COMMIT_AT, [value]) ? StatusCodes.Good : StatusCodes.BadNotWritable
  node.bindVariable({ get, set }, true)
  return node
}

function addTag(
  { DataType, StatusCodes, Variant }: Library,
  unit: UAObject,
  registers: Registers,
  { name, type, at, count, value }: Tag,
): void {
  const get = () => {
    const words = registers.read(at, count)
    if (!words) return StatusCodes.BadNoData
    const bytes = new DataView(new ArrayBuffer(4))
    for (const [index, word] of words.entries()) bytes.setUint16(index * 2, word)
    return new Variant({ dataType: DataType[type], value: value(bytes) })
  }
  addVariable(unit, name, type, false).bindVariable({ get }, true)
}

function addVariable(
  unit: UAObject,
  name: string,
  dataType: DataTypeName,
  writable: boolean,
  count?: number,
): UAVariable {
  return unit.namespace.addVariable({
    componentOf: unit,
    browseName: name,
    nodeId: `s=${name}`,
    dataType,
    accessLevel: writable ? 'CurrentRead | CurrentWrite' : 'CurrentRead',
    userAccessLevel: writable ? 'CurrentRead | CurrentWrite' : 'CurrentRead',
    minimumSamplingInterval: SAMPLING_MIN_MS,
    ...(count === undefined ? {} : { valueRank: 1, arrayDimensions: [count] }),
  })
}

function operatorWrites({ makePermissionFlag, WellKnownRoles }: Library) {
  const reads = 'Browse | Read | ReadRolePermissions'
  return [
    { roleId: WellKnownRoles.Anonymous, permissions: makePermissionFlag(reads) },
    { roleId: WellKnownRoles.Operator, permissions: makePermissionFlag(`${reads} | Write`) },
  ]
}

/** A unit without power, or with its server stopped, remembers no session. */
function endSessions({ engine }: OPCUAServer): void {
  for (const session of engine.getSessions()) {
    engine.closeSession(session.authenticationToken, true, 'Terminated')
  }
}

function tag(name: string, type: DataTypeName, at: number, count: 1 | 2, value: Tag['value']): Tag {
  return { name, type, at, count, value }
}
