// Who answers: tells a unit that answers from one that is lost, frozen, swapped or damaged. A fact that is older than its limit
// is unknown; a unit whose heartbeat stands still answers nothing that may be believed.
//
// Fixed deadlines, not adaptive ones: a detector that learns from a slowly failing link raises its own tolerance
// (reference figures in docs/decisions/0004-fixed-deadlines.md).

import { conditionNames, has, type StatusBlock } from './block.ts'
import { type DeviceImage, type PathReport, type Scan, sameValue, type Value } from './image.ts'
import { comparePaths, newPathMemory, type PathMemory } from './path-agreement.ts'
import type { GateLimits, Role, Unit } from './plant.ts'
import { identityFault, readUnit, type UnitReading } from './unit-reading.ts'
import type { Presence } from './view.ts'

/** A status block and when the read that brought it was sent and answered. */
export type StatusRead = {
  readonly status: StatusBlock
  readonly sentMs: number
  readonly receivedMs: number
}

/** What is remembered of a unit from cycle to cycle. */
export type UnitMemory = {
  /** Since when we listen: the start, or the end of a gap in our own time. */
  readonly sinceMs: number
  /** Newest believable answer. */
  readonly last?: UnitReading & { readonly sentMs: number; readonly receivedMs: number }
  readonly values: Readonly<Record<string, Value>>
  readonly roundTripMs?: number
  readonly heartbeatChangedMs: number
  /** The heartbeat was seen to change: one reading alone says nothing about whether it moves. */
  readonly heartbeatMoved?: true
  /** The newest answer, believable or not. */
  readonly answeredMs?: number
  readonly damage?: string
  readonly fault?: string
  /** Highest epoch seen at or claimed on this unit; a lower one later is a rollback. */
  readonly epochHigh: number
  readonly paths: PathMemory
  /** Why the paths to the unit cannot both be right. */
  readonly dispute?: string
}

/** What may be believed of a unit now. */
export type UnitFacts = {
  readonly presence: Presence
  readonly presenceText: string
  readonly role: Role
  /** Newest believable status block, however old. */
  readonly status?: StatusBlock
  /** The same while it may still be believed: what a gate may look at. */
  readonly statusNow?: StatusBlock
  /** Every believable status block since the last cycle, for judging commands. */
  readonly reads: readonly StatusRead[]
  /** Values of the last scan while they may still be believed; empty otherwise. */
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
  paths: newPathMemory(nowMs),
})

/** Takes in the scans since the last cycle, and what each path says. */
export function observeUnit(
  memory: UnitMemory,
  image: DeviceImage | undefined,
  unit: Unit,
  limits: GateLimits,
  nowMs: number,
) {
  const reads: StatusRead[] = []
  let next = withPaths(memory, image?.paths ?? [], unit, limits, nowMs)
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
  const { last } = memory
  const status = last?.status
  const ageMs = last === undefined ? undefined : nowMs - last.sentMs
  const fresh = ageMs !== undefined && ageMs <= limits.freshMs
  const swapped = presence === 'swapped'
  const believed = presence === 'answering' && fresh
  const fault = memory.damage ?? memory.fault
  // Field by field, without spreading: this runs for every unit in every cycle.
  const facts: Writable<UnitFacts> = {
    presence,
    presenceText,
    role: believed && last ? last.role : 'unknown',
    reads: swapped ? [] : reads.filter((read) => read.status.unit === unit.number),
    values: believed ? memory.values : {},
    epochRolledBack: !swapped && status !== undefined && rolledBack(memory, status),
    conditions:
      swapped || !last ? [] : status ? conditionNames(status.conditions) : told(memory.values),
  }
  if (status && !swapped) facts.status = status
  if (status && believed) facts.statusNow = status
  if (ageMs !== undefined) facts.ageMs = ageMs
  if (memory.roundTripMs !== undefined) facts.roundTripMs = memory.roundTripMs
  if (last?.heartbeat !== undefined && memory.heartbeatMoved)
    facts.heartbeatAgeMs = nowMs - memory.heartbeatChangedMs
  if (fault !== undefined) facts.fault = fault
  return facts
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

const rolledBack = ({ epochHigh }: UnitMemory, status: StatusBlock): boolean =>
  status.epoch < epochHigh && !has(status, 'rearmed')

/** Raises the epoch below which this unit may never fall again. */
export const noteEpoch = (memory: UnitMemory, epoch: number): UnitMemory =>
  epoch > memory.epochHigh ? { ...memory, epochHigh: epoch } : memory

function withPaths(
  memory: UnitMemory,
  reports: readonly PathReport[],
  unit: Unit,
  limits: GateLimits,
  nowMs: number,
): UnitMemory {
  const { memory: paths, dispute } = comparePaths(memory.paths, reports, unit, limits, nowMs)
  if (dispute !== undefined) return { ...memory, paths, dispute }
  if (memory.dispute === undefined) return { ...memory, paths }
  const { dispute: _before, ...rest } = memory
  return { ...rest, paths }
}

/**
 * What a maker's redundancy says of itself: every `inhibit_...` and `notice_...` of the profile that holds, or that is not
 * known, as words.
 */
function told(values: UnitMemory['values']): readonly string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const words = /^(?:inhibit|notice)_(.+)$/.exec(key)?.[1]?.replaceAll('_', ' ')
    if (words === undefined || value === false) return []
    return value === true ? [words] : [`${words} not known`]
  })
}

function observeScan(memory: UnitMemory, scan: Scan): { memory: UnitMemory; read?: StatusRead } {
  if (scan.kind === 'failed') {
    return { memory: { ...memory, fault: `${scan.fault}: ${scan.detail}` } }
  }
  const reading = readUnit(scan.values)
  if (typeof reading === 'string') {
    return { memory: { ...memory, answeredMs: scan.receivedMs, damage: reading } }
  }
  const { sentMs, receivedMs } = scan
  const { status, heartbeat } = reading
  const { damage: _damage, fault: _fault, ...rest } = memory
  const first = memory.last === undefined
  const moved = !first && !sameValue(memory.last.heartbeat, heartbeat)
  return {
    memory: {
      ...rest,
      last: { ...reading, sentMs, receivedMs },
      values: scan.values,
      roundTripMs: receivedMs - sentMs,
      answeredMs: receivedMs,
      heartbeatChangedMs: first || moved ? receivedMs : memory.heartbeatChangedMs,
      ...((moved || memory.heartbeatMoved) && { heartbeatMoved: true }),
      epochHigh: status === undefined ? memory.epochHigh : epochAfter(memory, status),
    },
    ...(status !== undefined && { read: { status, sentMs, receivedMs } }),
  }
}

function epochAfter({ epochHigh }: UnitMemory, status: StatusBlock): number {
  const rearmed = has(status, 'rearmed') && status.epoch < epochHigh
  return rearmed ? status.epoch : Math.max(epochHigh, status.epoch)
}

function judgePresence(
  memory: UnitMemory,
  unit: Unit,
  limits: GateLimits,
  nowMs: number,
): { presence: Presence; presenceText: string } {
  const { last } = memory
  const silentMs = nowMs - Math.max(last?.sentMs ?? memory.sinceMs, memory.sinceMs)
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
  const stranger = identityFault(last, unit)
  if (stranger !== undefined) return { presence: 'swapped', presenceText: stranger }
  // Before frozen: a heartbeat that moves on another path says that the unit lives and this path lies.
  if (memory.dispute !== undefined) return { presence: 'disputed', presenceText: memory.dispute }
  const stillMs = last.sentMs - memory.heartbeatChangedMs
  if (last.heartbeat !== undefined && stillMs > limits.heartbeatMs) {
    return { presence: 'frozen', presenceText: `heartbeat still for ${seconds(stillMs)}` }
  }
  return { presence: 'answering', presenceText: 'answering' }
}

/** Why there is no status block that may be believed, for gates. */
export const whyNotKnown = ({ presence, presenceText, ageMs }: UnitFacts): string =>
  presence === 'answering' && ageMs !== undefined
    ? `not known: last read ${seconds(ageMs)} ago`
    : `not known: ${presenceText}`

/** Milliseconds as seconds with one decimal, for sentences. */
export const seconds = (ms: number): string => `${(Math.max(0, ms) / 1000).toFixed(1)} s`
