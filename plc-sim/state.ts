// The truth as JSON, for `GET /state` and for tests that run the plant in their own process.
import type { Judgement } from './command-block.ts'
import { type Controller, drives, isRunning } from './controller.ts'
import type { Fault } from './fault-list.ts'
import type { Pair } from './pair.ts'
import { primaryOf } from './pair.ts'
import { shownFirmware, shownProgramChecksum } from './registers.ts'
import { type Site, UNIT_NAMES } from './site.ts'
import type { Latch } from './truth.ts'
import { runtimeS, UPS_STATE, type Ups, upsState } from './ups.ts'
import { opcodeName, resultName } from './wire.ts'

/** What the network did at one device's port. */
export type PortCounts = { readonly port: number; readonly read: number; readonly write: number }

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
  readonly writeFrames: number
  readonly readFrames: number
  readonly badBlocks: number
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
}

export type UpsState = {
  readonly port: number
  readonly state: 'on mains' | 'on battery' | 'off'
  readonly charge: number
  readonly runtime: number
  readonly load: number
  readonly writeFrames: number
  readonly readFrames: number
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
 * @param countsOf port and frame counts of a device, by its full name such as `intake.A` or `ups-1`
 */
export function stateOf(site: Site, countsOf: (device: string) => PortCounts): PlantState {
  const pairs = Object.fromEntries(site.pairs.map((pair) => [pair.name, pairState(pair, countsOf)]))
  const units = Object.values(pairs).flatMap((pair) => UNIT_NAMES.map((name) => pair.units[name]))
  return {
    timeMs: site.nowMs,
    scan: site.scan,
    pairs,
    ups: Object.fromEntries(
      site.upses.map((ups) => [ups.name, upsStateOf(ups, countsOf(ups.name))]),
    ),
    faults: site.faultList.faults.map(faultState),
    writeFrames: units.reduce((total, unit) => total + unit.writeFrames, 0),
  }
}

function pairState(pair: Pair, countsOf: (device: string) => PortCounts): PairState {
  const { tank, truth, units } = pair
  const { control } = primaryOf(pair)
  return {
    units: {
      A: unitState(units.A, countsOf(`${pair.name}.A`)),
      B: unitState(units.B, countsOf(`${pair.name}.B`)),
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
  }
}

function unitState(unit: Controller, counts: PortCounts): UnitState {
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
    badBlocks: block.badBlocks,
    judgements: [...unit.judgements],
  }
}

function upsStateOf(ups: Ups, counts: PortCounts): UpsState {
  const state = upsState(ups)
  const running = state === UPS_STATE.onMains ? 'on mains' : 'on battery'
  return {
    port: counts.port,
    state: state === UPS_STATE.off ? 'off' : running,
    charge: ups.chargePct,
    runtime: runtimeS(ups),
    load: ups.loadPct,
    writeFrames: counts.write,
    readFrames: counts.read,
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
