// The plant as configured: pairs, units, UPS units, tags, limits and policies. Read once at the start and never changed;
// `digest` identifies it in every piece of evidence.

export type UnitId = 'A' | 'B'
export const unitIds: readonly UnitId[] = ['A', 'B']
export const otherUnit = (unit: UnitId): UnitId => (unit === 'A' ? 'B' : 'A')

/** Names one polled device: `intake.A` for a unit, `ups-1` for a UPS. */
export type DeviceId = string
export const unitDevice = (pair: string, unit: UnitId): DeviceId => `${pair}.${unit}`

export type Mode = 'supervise' | 'observe'
export type Role = 'primary' | 'standby' | 'none' | 'unknown'

export type TagClass =
  | 'identity'
  | 'discrete'
  | 'enum'
  | 'setpoint'
  | 'analog'
  | 'analog-own-sensor'
  | 'integrator'
  | 'counter'
  | 'timestamp'
  | 'volatile'

/** A value that is compared between the units of a pair, or shown. */
export type Tag = {
  readonly name: string
  readonly class: TagClass
  /** Largest difference that still counts as equal, in the tag's own unit. */
  readonly tolerance: number
  readonly units: string
  /** A difference in a critical tag blocks a switchover; in any other it is shown. */
  readonly critical: boolean
}

/** Where and how one signal stands in a device. The core never looks at it; the field layer does. */
export type Signal = {
  /** Key of the value in a scan: `status`, `program`, ... for the profile's signals, `tag:NAME` for tags. */
  readonly key: string
  readonly area: 'hr' | 'ir' | 'co' | 'di'
  readonly address: number
  readonly type: DataType
  /** Word order of 32- and 64-bit values. */
  readonly wordOrder: 'big' | 'little'
  /** Bit of the word for `bit`, number of words for `words`. */
  readonly bit?: number
  readonly words?: number
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
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'float32'
  | 'float64'
  | 'words'

/** One way to reach a device. */
export type Path = {
  readonly name: string
  readonly protocol: 'modbus-tcp'
  readonly host: string
  readonly port: number
  /** Modbus unit identifier on the wire, 0 to 255. */
  readonly unit: number
  readonly lan?: string
}

/** Everything that the field layer must know to poll one device, and nothing of what the pair means. */
export type Device = {
  readonly id: DeviceId
  readonly paths: readonly Path[]
  readonly signals: readonly Signal[]
  /** Unused registers that may be read along to save a request; 0 forbids it. */
  readonly gapMax: number
  readonly scanMs: number
  readonly timeoutMs: number
  /** First register of the command block; absent: this device is never written. */
  readonly commandAt?: number
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
  readonly site: readonly SiteGate[]
}

export type Policy = {
  readonly confirmS: number
  readonly typedName: boolean
  readonly reauthenticate: boolean
  readonly secondPerson: boolean
  readonly reason: 'required' | 'optional'
  readonly failback: 'hold'
  readonly minIntervalS: number
  /** An unanswered proposal is made again after this time. */
  readonly proposeAgainS: number
  readonly settleS: number
}

export type Pair = {
  readonly name: string
  readonly profile: string
  readonly mode: Mode
  readonly criticality: 'low' | 'medium' | 'high'
  /** Interruption of control that the process tolerates, seconds. */
  readonly toleratesS: number
  readonly scanMs: number
  /** Polling period while a switchover runs. */
  readonly burstMs: number
  readonly units: { readonly A: Unit; readonly B: Unit }
  readonly tags: readonly Tag[]
  readonly gates: GateLimits
  readonly policy: Policy
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

export type Plant = {
  readonly site: string
  readonly cycleMs: number
  readonly mode: Mode
  readonly journalCopies: readonly string[]
  readonly http: { readonly host: string; readonly port: number }
  readonly usersFile: string
  readonly pairs: readonly Pair[]
  readonly ups: readonly Ups[]
  readonly devices: Readonly<Record<DeviceId, Device>>
  /** SHA-256 (hex) of the plant file with its profiles. */
  readonly digest: string
}

/** True when nothing may ever be written to this pair. */
export const observeOnly = (plant: Plant, pair: Pair): boolean =>
  plant.mode === 'observe' || pair.mode === 'observe'
