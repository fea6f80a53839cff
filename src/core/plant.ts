// The plant as configured. Read once at the start and never changed; `digest` identifies it in every piece of evidence.

import type { HttpSettings } from './http-settings.ts'
import type { OpcUaPolicy, OpcUaSettings } from './opcua-settings.ts'
import type { MaintenanceWindow, Policy } from './policy/policy.ts'
import type { DigestLimits, SyncLimits, Tag } from './tag.ts'
import type { DeclaredWrite, VendorCommand } from './vendor-command.ts'

export type UnitId = 'A' | 'B'
export const unitIds: readonly UnitId[] = ['A', 'B']
export const otherUnit = (unit: UnitId): UnitId => (unit === 'A' ? 'B' : 'A')

/** Names one polled device: `intake.A` for a unit, `ups-1` for a UPS. */
export type DeviceId = string
export const unitDevice = (pair: string, unit: UnitId): DeviceId => `${pair}.${unit}`

export type Mode = 'supervise' | 'observe'
export type Role = 'primary' | 'standby' | 'none' | 'unknown'

/** What a value is once it has been read, and how its raw form becomes it: the same on every protocol. */
export type Signal = {
  /** Key of the value in a scan: `status`, `program`, ... for the profile's signals, `tag:NAME` for tags. */
  readonly key: string
  readonly type: DataType
  readonly scale: number
  readonly offset: number
  /** Raw values that mean "not known" (0xFFFF and the like), never a value. */
  readonly unknownWhen: readonly number[]
  /** Raw number to word, for enumerations. */
  readonly names?: Readonly<Record<number, string>>
}
export type DataType =
  | 'bool'
  | 'bit'
  | 'bits'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'float32'
  | 'float64'
  | 'bcd16'
  | 'bcd32'
  | 'string'
  | 'words'

/** A signal in Modbus registers or bits. */
export type RegisterSignal = Signal & {
  readonly area: 'hr' | 'ir' | 'co' | 'di'
  readonly address: number
  /** Order of the words of a value that takes several; strings always begin in the first word. */
  readonly wordOrder: 'big' | 'little'
  /** Order of the two bytes inside each word. */
  readonly byteOrder: 'big' | 'little'
  /** The bit of `bit`, the lowest bit of `bits` (0 is the least significant). */
  readonly bit?: number
  /** Number of bits of `bits`. */
  readonly bitCount?: number
  /** Number of words of `words` and `string`. */
  readonly words?: number
}
/** A signal in an OPC UA variable; `bit` and `bits` are cut out of a whole number. */
export type NodeSignal = Signal & {
  /** NodeId as text: `ns=2;s=LIC301.SP`. */
  readonly node: string
  readonly bit?: number
  readonly bitCount?: number
  /** Number of elements of `words`. */
  readonly words?: number
}
/** A signal in a variable of a NUT server; with `token`, whether that word stands in it (`OB` in `ups.status`). */
export type NutSignal = Signal & { readonly variable: string; readonly token?: string }
/** A signal in an SNMP object: the full numeric OID with its instance. */
export type SnmpSignal = Signal & { readonly oid: string }

/** A value that follows from others of the same scan, such as the role from three status bits. */
export type Derived = {
  readonly key: string
  /**
   * Taken from the top: the first rule whose signals all have these values gives the result. A signal that is unknown where a
   * rule would need it makes the result unknown, and so does the end of the list.
   */
  readonly rules: readonly DerivedRule[]
}
export type DerivedRule = {
  readonly when: Readonly<Record<string, number | string | boolean>>
  readonly is: number | string | boolean
}

/** One way to reach a device, and where its signals stand on that way. */
export type Path = ModbusPath | OpcUaPath | NutPath | SnmpPath
type PathCommon = {
  /** Unique among the paths of the device; the name of its LAN where one is given. */
  readonly name: string
  /** As the plant file writes it, for people. */
  readonly address: string
  readonly lan?: string
}
export type ModbusPath = PathCommon & {
  readonly protocol: 'modbus'
  readonly link: TcpLink | SerialLink
  /** Modbus unit identifier on the wire, 0 to 255. */
  readonly unit: number
  readonly signals: readonly RegisterSignal[]
  /** Read besides, only while the decisions ask for it. */
  readonly detail?: readonly RegisterSignal[]
  /** Unused registers that may be read along to save a request; 0 forbids it. */
  readonly gapMax: number
  /** Most registers (1 to 125) and bits (1 to 2000) that the device gives in one answer. */
  readonly registersMax: number
  readonly bitsMax: number
  /** First register of the command block; without it and without declared writes this device is never written. */
  readonly commandAt?: number
  /** The writes of a maker's command, in the order of its steps: the only other frames that may leave. */
  readonly declared?: readonly DeclaredWrite[]
}
/** `tcp` is Modbus TCP; `rtu-over-tcp` carries RTU frames with their checksum through a serial device server. */
export type TcpLink = {
  readonly kind: 'tcp' | 'rtu-over-tcp'
  readonly host: string
  readonly port: number
}
/** A serial line; several devices may share it, one request at a time. */
export type SerialLink = {
  readonly kind: 'serial'
  readonly device: string
  readonly baud: number
  readonly parity: 'none' | 'even' | 'odd'
  readonly stopBits: 1 | 2
}
export type OpcUaPath = PathCommon & {
  readonly protocol: 'opcua'
  readonly url: string
  readonly policy: OpcUaPolicy
  readonly mode: 'none' | 'sign' | 'sign-and-encrypt'
  /** Absent: anonymous. The password is read from the file at every connection and never logged. */
  readonly user?: { readonly name: string; readonly passwordFile: string }
  /** Folder of our own certificate and of the servers that are trusted. */
  readonly pki: string
  readonly signals: readonly NodeSignal[]
  /** Read besides, only while the decisions ask for it. */
  readonly detail?: readonly NodeSignal[]
  /** Nodes of the command block (words 0 to 16, and the word that commits them); absent: never written. */
  readonly command?: { readonly block: string; readonly commit: string }
}
export type NutPath = PathCommon & {
  readonly protocol: 'nut'
  readonly host: string
  readonly port: number
  /** Name of the UPS on its server. */
  readonly ups: string
  /** `required` asks for STARTTLS before anything else and checks the server against `ca`. */
  readonly tls: 'required' | 'off'
  readonly ca?: string
  readonly user?: { readonly name: string; readonly passwordFile: string }
  readonly signals: readonly NutSignal[]
}
export type SnmpPath = PathCommon & {
  readonly protocol: 'snmp'
  readonly host: string
  readonly port: number
  /** Version 2c with a community, or version 3 with a user; both are read from files that only we may read. */
  readonly access:
    | { readonly version: '2c'; readonly communityFile: string }
    | {
        readonly version: '3'
        readonly user: string
        readonly authFile: string
        readonly auth: 'sha' | 'sha256' | 'sha512'
        readonly privFile?: string
      }
  readonly signals: readonly SnmpSignal[]
}

/** Everything that the field layer must know to poll one device, and nothing of what the pair means. */
export type Device = {
  readonly id: DeviceId
  /** In order of preference; the first one carries the device at the start. */
  readonly paths: readonly Path[]
  readonly derived: readonly Derived[]
  /** Keys, read or derived, that a spare path is asked for: enough to see who answers, its role and that it lives. */
  readonly glance: readonly string[]
  readonly scanMs: number
  readonly timeoutMs: number
  /** False in observe-only mode: the driver itself then refuses every write. */
  readonly mayWrite: boolean
}

/** Feeds of a unit: at least one of `anyOf` (when given) and all of `allOf` must be sound. */
export type PowerFeed = { readonly anyOf: readonly string[]; readonly allOf: readonly string[] }

export type Unit = {
  readonly id: UnitId
  readonly device: DeviceId
  /** Block unit number that the status block must show. */
  readonly number: number
  readonly location: string
  readonly power: PowerFeed
  /** Program checksum that the unit must show, when the plant file names one. */
  readonly program?: number
}

/** A condition of the site itself on a tag of the primary. */
export type SiteGate = {
  readonly name: string
  readonly tag: string
  readonly equals: number | string | boolean
  /** Role that may override it with a reason; absent: nobody. */
  readonly override?: AccessRole
}

export type GateLimits = {
  readonly lostMs: number
  readonly freshMs: number
  readonly heartbeatMs: number
  readonly syncDwellS: number
  readonly coveragePct: number
  /** Assisted failover: how long before the loss the last in-sync verdict may lie. */
  readonly verdictAgeS: number
  readonly upsRuntimeS: number
  readonly scanTimeMsMax: number
  readonly loadPctMax: number
  /** What a tag with limits must have left beyond the usual switch time. */
  readonly budgetMarginS: number
  /** A unit that comes back must answer for so long before it counts as qualified again. */
  readonly requalifyS: number
  readonly site: readonly SiteGate[]
}

export type Pair = {
  readonly name: string
  readonly profile: string
  readonly mode: Mode
  /** Each unit has a hard-wired contact that says whether the outputs of the other one are dead. */
  readonly peerInterlock: boolean
  readonly criticality: 'low' | 'medium' | 'high'
  /** Interruption of control that the process tolerates, seconds. */
  readonly toleratesS: number
  readonly scanMs: number
  /** Polling period while a switchover runs. */
  readonly burstMs: number
  readonly units: { readonly A: Unit; readonly B: Unit }
  readonly tags: readonly Tag[]
  readonly sync: SyncLimits
  /** Absent: no digests are read. */
  readonly digest?: DigestLimits
  readonly gates: GateLimits
  readonly policy: Policy
  /** The maker's own switchover command, for units without our block. */
  readonly vendor?: VendorCommand
}

export type Ups = {
  readonly name: string
  readonly device: DeviceId
  readonly profile: string
  readonly scanMs: number
  readonly lostMs: number
}

/** What a person may do; each role includes the ones before it. */
export type AccessRole = 'observer' | 'operator' | 'supervisor' | 'engineer'
export const accessRoles: readonly AccessRole[] = ['observer', 'operator', 'supervisor', 'engineer']
export const includesRole = (held: AccessRole, needed: AccessRole): boolean =>
  accessRoles.indexOf(held) >= accessRoles.indexOf(needed)

/** How alarms are handled on this site. */
export type AlarmLimits = {
  /** Persons who share the work of the alarms; each can follow 10 in 10 minutes. */
  readonly operators: number
  readonly shelvedPerPerson: number
  readonly shifts: { readonly startsMin: readonly number[]; readonly zone: string }
  /** Path or address in front of each runbook's name. */
  readonly runbooks: string
}

export type Plant = {
  readonly site: string
  readonly cycleMs: number
  readonly mode: Mode
  readonly maintenanceWindows: readonly MaintenanceWindow[]
  readonly journalCopies: readonly string[]
  readonly recorder?: { readonly folder: string; readonly keepH: number; readonly maxMb: number }
  readonly http: HttpSettings
  /** Absent: no OPC UA server. */
  readonly opcua?: OpcUaSettings
  readonly usersFile: string
  readonly alarms: AlarmLimits
  readonly pairs: readonly Pair[]
  readonly ups: readonly Ups[]
  readonly devices: Readonly<Record<DeviceId, Device>>
  /** SHA-256 (hex) of the plant file with its profiles. */
  readonly digest: string
}

/** True when nothing may ever be written to this pair. */
export const observeOnly = (plant: Plant, pair: Pair): boolean =>
  plant.mode === 'observe' || pair.mode === 'observe'
