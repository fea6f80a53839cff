// The truth as JSON, for `GET /state` and for tests that run the plant in their own process.
import type { Judgement } from './command-block.ts'
import { type Controller, drives, isRunning, type UnitName } from './controller.ts'
import type { Fault } from './fault-list.ts'
import {
  type CountsOf,
  type LanStates,
  lanStates,
  type PortCounts,
  totalCounts,
} from './lan-state.ts'
import { LANS, type Lan } from './link-faults.ts'
import type { Pair } from './pair.ts'
import { primaryOf } from './pair.ts'
import { shownFirmware, shownProgramChecksum } from './registers.ts'
import { type Site, UNIT_NAMES } from './site.ts'
import type { Latch } from './truth.ts'
import { isOff, runtimeS, testOf, type Ups, type UpsTest } from './ups-truth.ts'
import { opcodeName, resultName } from './wire.ts'

export type UnitState = {
  readonly port: number
  /** The block unit number. */
  readonly unit: number
  readonly role: 'primary' | 'standby' | 'none'
  /** The outputs drive the process. */
  readonly active: boolean
  readonly running: boolean
  readonly heartbeat: number
  readonly boot: number
  readonly epoch: number
  readonly owner: number
  readonly accepted: number
  readonly judged: number
  readonly opcode: string
  readonly result: string
  readonly selected: boolean
  readonly executing: boolean
  readonly locked: boolean
  readonly rearmed: boolean
  readonly remote: boolean
  readonly programChecksum: number
  readonly firmware: number
  /** Of all ways together. */
  readonly writeFrames: number
  readonly readFrames: number
  /** The ways to the unit, and what is cut. */
  readonly lans: LanStates
  readonly badBlocks: number
  /** Of a unit with a maker's redundancy: orders that were written to it, and those of them that moved the roles. */
  readonly maker?: { readonly written: number; readonly executed: number }
  /** The last 100. */
  readonly judgements: readonly Judgement[]
}

export type PairState = {
  readonly units: { readonly A: UnitState; readonly B: UnitState }
  readonly process: {
    /** Percent, of the tank itself. */
    readonly level: number
    /** Percent open, of the valve itself. */
    readonly valve: number
    /** Percent, of the primary. */
    readonly setpoint: number
    /** Litres per second. */
    readonly inflow: number
    readonly mode: number
    readonly batchStep: number
    /** Percent from one scan to the next, the largest since the latches were reset. */
    readonly maxValveStep: number
    /** Percent, the largest since the latches were reset. */
    readonly maxLevelDeviation: number
  }
  readonly bothActive: Latch
  readonly noneActive: Latch
  /** By network the units that do not come through live on it, such as `{ 'lan-2': ['A'] }`. */
  readonly cut: Readonly<Partial<Record<Lan, readonly UnitName[]>>>
}

export type UpsState = {
  readonly port: number
  readonly state: 'on mains' | 'on battery' | 'off'
  /** The test that runs; mains are there meanwhile, though the UPS shows battery. */
  readonly test: UpsTest | null
  /** Plant time at which the load lost its power the last time; null when it never did. */
  readonly loadDroppedAtMs: number | null
  readonly charge: number
  readonly runtime: number
  readonly load: number
  readonly writeFrames: number
  readonly readFrames: number
  readonly lans: LanStates
}

export type FaultState = {
  readonly id: string
  readonly target: string
  readonly fault: string
  readonly armed: boolean
} & Readonly<Record<string, unknown>>

export type PlantState = {
  /** Plant time since the start, by the scan clock. */
  readonly timeMs: number
  readonly scan: number
  readonly pairs: Readonly<Record<string, PairState>>
  readonly ups: Readonly<Record<string, UpsState>>
  readonly faults: readonly FaultState[]
  /** Of all units together. */
  readonly writeFrames: number
}

/**
 * The truth at this moment.
 * @param countsOf port and frame counts of a way to a device, by its full name such as `intake.A`
 */
export function stateOf(site: Site, countsOf: CountsOf): PlantState {
  const seen = (device: string): Seen => ({
    counts: totalCounts(device, countsOf),
    lans: lanStates(site, device, countsOf),
  })
  const pairs = Object.fromEntries(site.pairs.map((pair) => [pair.name, pairState(pair, seen)]))
  const units = Object.values(pairs).flatMap((pair) => UNIT_NAMES.map((name) => pair.units[name]))
  return {
    timeMs: site.nowMs,
    scan: site.scan,
    pairs,
    ups: Object.fromEntries(site.upses.map((ups) => [ups.name, upsStateOf(ups, seen(ups.name))])),
    faults: site.faultList.faults.map(faultState),
    writeFrames: units.reduce((total, unit) => total + unit.writeFrames, 0),
  }
}

type Seen = { readonly counts: PortCounts; readonly lans: LanStates }

function pairState(pair: Pair, seen: (device: string) => Seen): PairState {
  const { tank, truth, units } = pair
  const { control } = primaryOf(pair)
  return {
    units: {
      A: unitState(units.A, seen(`${pair.name}.A`)),
      B: unitState(units.B, seen(`${pair.name}.B`)),
    },
    process: {
      level: tank.levelPct,
      valve: tank.valvePct,
      setpoint: control.setpointPct,
      inflow: tank.inflowLitresPerS,
      mode: control.mode,
      batchStep: control.batchStep,
      maxValveStep: tank.maxValveStepPct,
      maxLevelDeviation: tank.maxLevelDeviationPct,
    },
    bothActive: copyOf(truth.bothActive),
    noneActive: copyOf(truth.noneActive),
    cut: cutOf(pair.name, seen),
  }
}

function cutOf(pair: string, seen: (device: string) => Seen): PairState['cut'] {
  const cut: Partial<Record<Lan, UnitName[]>> = {}
  for (const name of UNIT_NAMES) {
    const { lans } = seen(`${pair}.${name}`)
    for (const lan of LANS) {
      if (lans[lan] && lans[lan].carries !== 'live') cut[lan] = [...(cut[lan] ?? []), name]
    }
  }
  return cut
}

function unitState(unit: Controller, { counts, lans }: Seen): UnitState {
  const { block } = unit
  const { retained } = block
  const standby = isRunning(unit) ? 'standby' : 'none'
  return {
    port: counts.port,
    unit: block.unit,
    role: unit.active ? 'primary' : standby,
    active: drives(unit),
    running: isRunning(unit),
    heartbeat: unit.heartbeat,
    boot: retained.boot,
    epoch: retained.epoch,
    owner: retained.owner,
    accepted: retained.accepted,
    judged: block.judged,
    opcode: opcodeName(block.opcode),
    result: resultName(block.result),
    selected: block.phase.kind === 'selected',
    executing: block.phase.kind === 'executing',
    locked: block.locked,
    rearmed: block.rearmed,
    remote: unit.remote,
    programChecksum: shownProgramChecksum(unit),
    firmware: shownFirmware(unit),
    writeFrames: counts.write,
    readFrames: counts.read,
    lans,
    badBlocks: block.badBlocks,
    ...(unit.maker && {
      maker: { written: unit.maker.written, executed: unit.maker.executed },
    }),
    judgements: [...unit.judgements],
  }
}

function upsStateOf(ups: Ups, { counts, lans }: Seen): UpsState {
  const running = ups.onMains ? 'on mains' : 'on battery'
  return {
    port: counts.port,
    state: isOff(ups) ? 'off' : running,
    test: testOf(ups) ?? null,
    loadDroppedAtMs: ups.loadDroppedAtMs,
    charge: ups.chargePct,
    runtime: runtimeS(ups),
    load: ups.loadPct,
    writeFrames: counts.write,
    readFrames: counts.read,
    lans,
  }
}

function faultState(fault: Fault): FaultState {
  const { id, target, fault: name, armed, parameters, afterMs, when } = fault
  const waiting = { ...(afterMs > 0 ? { after_ms: afterMs } : {}), ...(when ? { when } : {}) }
  return { ...parameters, ...waiting, id, target, fault: name, armed }
}

function copyOf(latch: Latch): Latch {
  return { ...latch, causes: { ...latch.causes } }
}
