// Who answers: tells a unit that answers from one that is lost, frozen, swapped or damaged. A fact that is older than its limit
// is unknown; a unit whose heartbeat stands still answers nothing that may be believed.
//
// Fixed deadlines, not adaptive ones: a detector that learns from a slowly failing link raises its own tolerance
// (reference figures in docs/decisions/0004-fixed-deadlines.md).

import { conditionNames, decodeStatus, has, type StatusBlock } from './block.ts'
import { type DeviceImage, isUnknown, type Scan, type Value } from './image.ts'
import type { GateLimits, Role, Unit } from './plant.ts'
import type { Presence } from './view.ts'

/** A status block and when the read that brought it was sent and answered. */
export type StatusRead = {
  readonly status: StatusBlock
  readonly sentMs: number
  readonly receivedMs: number
}

/** What is remembered of a unit from cycle to cycle. */
export type UnitMemory = {
  readonly sinceMs: number
  readonly last?: StatusRead
  readonly values: Readonly<Record<string, Value>>
  readonly roundTripMs?: number
  readonly heartbeatChangedMs: number
  /** The newest answer, believable or not. */
  readonly answeredMs?: number
  readonly damage?: string
  readonly fault?: string
  /** Highest epoch seen at or claimed on this unit; a lower one later is a rollback. */
  readonly epochHigh: number
}

/** What may be believed of a unit now. */
export type UnitFacts = {
  readonly presence: Presence
  readonly presenceText: string
  readonly role: Role
  /** Newest believable status block, however old; only `role` is guarded against age. */
  readonly status?: StatusBlock
  /** Every believable status block since the last cycle, for judging commands. */
  readonly reads: readonly StatusRead[]
  readonly values: Readonly<Record<string, Value>>
  readonly ageMs?: number
  readonly roundTripMs?: number
  readonly heartbeatAgeMs?: number
  /** What the last reading complained about; absent while all is well. */
  readonly fault?: string
  readonly epochRolledBack: boolean
  readonly conditions: readonly string[]
}

/** Before the first read; `values` is what an earlier supervisor last knew of the unit. */
export const newUnitMemory = (
  nowMs: number,
  epochHigh: number,
  values: UnitMemory['values'],
): UnitMemory => ({
  sinceMs: nowMs,
  values,
  heartbeatChangedMs: nowMs,
  epochHigh,
})

/** Takes in the scans since the last cycle. */
export function observeUnit(memory: UnitMemory, image: DeviceImage | undefined) {
  const reads: StatusRead[] = []
  let next = memory
  for (const scan of image?.scans ?? []) {
    const seen = observeScan(next, scan)
    next = seen.memory
    if (seen.read) reads.push(seen.read)
  }
  return { memory: next, reads }
}

/** What may be believed of the unit at `nowMs`. */
export function unitFacts(
  memory: UnitMemory,
  reads: readonly StatusRead[],
  unit: Unit,
  limits: GateLimits,
  nowMs: number,
): UnitFacts {
  const { presence, presenceText } = judgePresence(memory, unit, limits, nowMs)
  const status = memory.last?.status
  const ageMs = memory.last === undefined ? undefined : nowMs - memory.last.sentMs
  const fresh = ageMs !== undefined && ageMs <= limits.freshMs
  const swapped = presence === 'swapped'
  return {
    presence,
    presenceText,
    role: presence === 'answering' && fresh && status ? status.role : 'unknown',
    ...(status && !swapped && { status }),
    reads: swapped ? [] : reads.filter((read) => read.status.unit === unit.number),
    values: presence === 'answering' ? memory.values : {},
    ...(ageMs !== undefined && { ageMs }),
    ...(memory.roundTripMs !== undefined && { roundTripMs: memory.roundTripMs }),
    ...(memory.last && { heartbeatAgeMs: nowMs - memory.heartbeatChangedMs }),
    ...((memory.damage ?? memory.fault) !== undefined && {
      fault: memory.damage ?? memory.fault ?? '',
    }),
    epochRolledBack:
      status !== undefined &&
      !swapped &&
      status.epoch < memory.epochHigh &&
      !has(status, 'rearmed'),
    conditions: status && !swapped ? conditionNames(status.conditions) : [],
  }
}

/** Raises the epoch below which this unit may never fall again. */
export const noteEpoch = (memory: UnitMemory, epoch: number): UnitMemory =>
  epoch > memory.epochHigh ? { ...memory, epochHigh: epoch } : memory

function observeScan(memory: UnitMemory, scan: Scan): { memory: UnitMemory; read?: StatusRead } {
  if (scan.kind === 'failed') {
    return { memory: { ...memory, fault: `${scan.fault}: ${scan.detail}` } }
  }
  const words = scan.values.status
  const decoded = Array.isArray(words)
    ? decodeStatus(words)
    : `no status block: ${isUnknown(words) ? (words?.unknown ?? 'not in the scan') : 'wrong type'}`
  if (typeof decoded === 'string') {
    return { memory: { ...memory, answeredMs: scan.receivedMs, damage: decoded } }
  }
  const read = { status: decoded, sentMs: scan.sentMs, receivedMs: scan.receivedMs }
  const { damage: _damage, fault: _fault, ...rest } = memory
  const moved = memory.last?.status.heartbeat !== decoded.heartbeat
  const rearmed = has(decoded, 'rearmed') && decoded.epoch < memory.epochHigh
  return {
    memory: {
      ...rest,
      last: read,
      values: scan.values,
      roundTripMs: scan.receivedMs - scan.sentMs,
      answeredMs: scan.receivedMs,
      heartbeatChangedMs: moved ? scan.receivedMs : memory.heartbeatChangedMs,
      epochHigh: rearmed ? decoded.epoch : Math.max(memory.epochHigh, decoded.epoch),
    },
    read,
  }
}

function judgePresence(
  memory: UnitMemory,
  unit: Unit,
  limits: GateLimits,
  nowMs: number,
): { presence: Presence; presenceText: string } {
  const { last } = memory
  const silentMs = nowMs - (last?.sentMs ?? memory.sinceMs)
  const why = memory.damage ?? memory.fault
  if (silentMs > limits.lostMs) {
    const answers = memory.answeredMs !== undefined && nowMs - memory.answeredMs <= limits.lostMs
    if (memory.damage !== undefined && answers) {
      return { presence: 'damaged', presenceText: `answers, but ${memory.damage}` }
    }
    const text = `no answer for ${seconds(silentMs)}${why === undefined ? '' : ` (${why})`}`
    return { presence: 'lost', presenceText: text }
  }
  if (last === undefined) return { presence: 'unread', presenceText: 'not read yet' }
  if (last.status.unit !== unit.number) {
    const text = `answers as unit ${last.status.unit}, not ${unit.number}: swapped address?`
    return { presence: 'swapped', presenceText: text }
  }
  const stillMs = last.sentMs - memory.heartbeatChangedMs
  if (stillMs > limits.heartbeatMs) {
    return { presence: 'frozen', presenceText: `heartbeat still for ${seconds(stillMs)}` }
  }
  return { presence: 'answering', presenceText: 'answering' }
}

/** Milliseconds as seconds with one decimal, for sentences. */
export const seconds = (ms: number): string => `${(Math.max(0, ms) / 1000).toFixed(1)} s`
