// What follows from the numbers of a plant file: how late things are noticed, how long a command may be under way, and what
// load the readings put on each device. Pure; `check` prints it.

import { delaysOf, type SwitchTime, switchTime } from '../config/timing.ts'
import {
  type Device,
  observeOnly,
  type Pair,
  type Path,
  type Plant,
  type UnitId,
  unitIds,
} from '../core/plant.ts'
import { leaveMs } from '../core/switchover/exchange.ts'
import { inputsFor } from '../field/derive.ts'
import { planReads } from '../field/modbus/plan.ts'
import { type BusReport, busReports } from './bus-report.ts'

export type Load = {
  readonly device: string
  readonly requestsPerScan: number
  readonly requestsPerS: number
  /** What the spare path is asked besides, at every sample; absent where there is no spare. */
  readonly spareRequestsPerS?: number
}

/** How a command of the maker counts that nothing fences. */
type MakersCommand = {
  readonly idempotence: string
  readonly limitMs: number
  readonly persons: 1 | 2
}

export type PairReport = {
  readonly name: string
  readonly supervised: boolean
  readonly profile: string
  readonly criticality: string
  readonly toleratesMs: number
  readonly tags: number
  readonly criticalTags: number
  /** The controllers make digests of their data, and they are compared. */
  readonly digests: boolean
  /** Worst case from the loss or the freeze of a unit to the moment at which it is called so. */
  readonly lossNoticedMs: number
  readonly frozenNoticedMs: number
  /** Worst case from the loss of a primary to the question on the screens: the unit is called lost, claimed and read again. */
  readonly askedAfterMs: number
  /** For so long an old role or value may still be taken for true. */
  readonly blindMs: number
  /** A block leaves within a limit or never, and its answer is waited for no longer than the time-out. */
  readonly commandUnderWayMs: number
  readonly switchTime: SwitchTime
  /** Absent for pairs with our command block. */
  readonly makersCommand?: MakersCommand
  /** Readings while nothing is switched, and while a switchover runs. */
  readonly load: readonly Load[]
  readonly burstLoad: readonly Load[]
}

export type PlantReport = {
  readonly site: string
  readonly mode: string
  readonly digest: string
  readonly pairs: readonly PairReport[]
  readonly ups: readonly (Load & { readonly lostNoticedMs: number })[]
  readonly lines: readonly BusReport[]
  /** Absent where none is kept. */
  readonly history?: HistoryReport
}

/** What is kept for SCADA clients, and how long it lasts when every tag moves all the time. */
type HistoryReport = {
  readonly folder: string
  readonly keepDays: number
  readonly maxMb: number
  readonly perS: number
  readonly fitsDays: number
}

export const plantReport = (plant: Plant): PlantReport => ({
  site: plant.site,
  mode: plant.mode,
  digest: plant.digest,
  pairs: plant.pairs.map((pair) => pairReport(plant, pair)),
  ...historyReport(plant),
  ups: plant.ups.map((ups) => ({
    ...loadOf(plant, ups.device, ups.scanMs),
    lostNoticedMs: ups.lostMs + plant.cycleMs,
  })),
  lines: busReports(plant),
})

function pairReport(plant: Plant, pair: Pair): PairReport {
  const timeoutMs = Math.max(...unitIds.map((id) => deviceOf(plant, pair, id).timeoutMs))
  const delays = delaysOf(pair, timeoutMs, plant)
  const load = (periodMs: number) =>
    unitIds.map((id) => loadOf(plant, pair.units[id].device, periodMs))
  return {
    name: pair.name,
    supervised: !observeOnly(plant, pair),
    profile: pair.profile,
    criticality: pair.criticality,
    toleratesMs: pair.toleratesS * 1000,
    tags: pair.tags.length,
    criticalTags: pair.tags.filter((tag) => tag.critical).length,
    digests: pair.digest !== undefined,
    lossNoticedMs: delays.lossMs,
    // Intent durable, claim out, claim judged, read after the claim: a cycle each, and a burst poll for each of the two readings.
    askedAfterMs: delays.lossMs + 4 * plant.cycleMs + 2 * pair.burstMs,
    frozenNoticedMs: delays.frozenMs,
    blindMs: delays.blindMs,
    commandUnderWayMs: leaveMs + timeoutMs,
    switchTime: switchTime(pair, plant),
    ...(pair.vendor && { makersCommand: makersCommandOf(pair, pair.vendor) }),
    load: load(pair.scanMs),
    burstLoad: load(pair.burstMs),
  }
}

const makersCommandOf = (
  { policy }: Pair,
  { idempotence, limitMs }: NonNullable<Pair['vendor']>,
): MakersCommand => ({ idempotence, limitMs, persons: policy.secondPerson ? 2 : 1 })

function deviceOf(plant: Plant, pair: Pair, id: UnitId) {
  const name = pair.units[id].device
  const device = plant.devices[name]
  if (device === undefined) throw new Error(`the plant has no device ${name}`)
  return device
}

function loadOf(plant: Plant, name: string, periodMs: number): Load {
  const device = plant.devices[name]
  if (device === undefined) throw new Error(`the plant has no device ${name}`)
  const requestsPerScan = Math.max(0, ...device.paths.map(requestsOf))
  const spares = device.paths.slice(1).map((path) => glancesOf(device, path))
  const load = { device: name, requestsPerScan, requestsPerS: (requestsPerScan * 1000) / periodMs }
  if (spares.length === 0) return load
  return { ...load, spareRequestsPerS: (Math.max(...spares) * 1000) / device.scanMs }
}

/** Requests of one full scan over a path; NUT lists everything at once, and SNMP asks for 20 objects a request. */
function requestsOf(path: Path): number {
  if (path.protocol === 'modbus') return planReads(path.signals, path).length
  return path.protocol === 'snmp' ? Math.ceil(path.signals.length / 20) : 1
}

/** Requests of one glance at a spare path. */
function glancesOf({ glance, derived }: Device, path: Path): number {
  if (path.protocol !== 'modbus') return 1
  const needed = inputsFor(glance, derived)
  const looked = path.signals.filter(({ key }) => needed.has(key))
  return planReads(looked, path).length
}

/** Measured: an entry with its place in the order of the file, bytes. The door shows tags twice a second. */
const entryBytes = 25
const shownMs = 500

function historyReport({ opcua, pairs }: Plant): { readonly history?: HistoryReport } {
  const { history } = opcua ?? {}
  if (history === undefined) return {}
  const { folder, keepDays, maxMb, tagMs } = history
  const values = pairs.reduce((sum, { tags }) => sum + 2 * tags.length, 0)
  const perS = (values * 1000) / Math.max(tagMs, shownMs)
  const bytesPerDay = perS * entryBytes * 86_400
  const fitsDays = bytesPerDay === 0 ? keepDays : (maxMb * 1e6 * 0.8) / bytesPerDay
  return { history: { folder, keepDays, maxMb, perS, fitsDays } }
}
