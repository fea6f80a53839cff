// Two units that share one tank: the wires between them, the redundancy link, the order in which
// they write the valve, and the truth about who drives it. One call of `scanPair` is 10 ms of the
// plant.
import type { Judgement } from './command-block.ts'
import {
  type Controller,
  drives,
  type Field,
  isRunning,
  newController,
  outputsLive,
  powerOn,
  scanController,
  setActive,
  type UnitName,
} from './controller.ts'
import type { ArmedFaults } from './faults.ts'
import { alignIntegral, type LevelControl, measureLevel, newLevelControl } from './level-control.ts'
import { scanMakers } from './maker.ts'
import { newMaker } from './maker-state.ts'
import { clampPct, newTank, noteDeviation, steadyValvePct, stepTank, type Tank } from './process.ts'
import type { Retained } from './retained.ts'
import { latchTruth, newTruth, type Truth } from './truth.ts'

/** The scan time of every unit. */
export const SCAN_MS = 10
/** How the two units differ in what they see of each other and of the tank. */
export type Wiring = {
  /** How far each level transmitter is from the truth, and how much it flickers, in percent. */
  readonly biasPct: { readonly A: number; readonly B: number }
  readonly noisePct: { readonly A: number; readonly B: number }
  /** By how many scans the link is late, and how far it is wrong about the valve, in percent. */
  readonly linkScans: number
  readonly linkOffsetPct: number
}
const USUAL_WIRING: Wiring = {
  biasPct: { A: 0.05, B: -0.05 },
  noisePct: { A: 0.01, B: 0.01 },
  linkScans: 0,
  linkOffsetPct: 0,
}

export type PairSettings = {
  readonly name: string
  readonly blockUnits: { readonly A: number; readonly B: number }
  readonly setpointPct: number
  /** Makes the disturbances of the tank. */
  readonly seed: number
  /** Where the challenges of each unit begin, 0 to 2^32 - 1. */
  readonly firstChallengeCounts: { readonly A: number; readonly B: number }
  /** What the units have kept from an earlier life. */
  readonly retained: { readonly A?: Retained; readonly B?: Retained }
  /** Units with a maker's redundancy in place of our command block. */
  readonly maker?: boolean
}

export type Pair = {
  readonly name: string
  readonly units: { readonly A: Controller; readonly B: Controller }
  readonly tank: Tank
  readonly truth: Truth
  faults: ArmedFaults
  /** Who was changed by both_primary or none_primary, so that clearing it can undo it. */
  forced: readonly Controller[]
  scan: number
  wiring: Wiring
  /** What the active unit held in the last scans, oldest first, while the link is late. */
  readonly onLink: LevelControl[]
}

/** A healthy pair: A primary, B standby, the level at its setpoint. */
export function newPair(settings: PairSettings): Pair {
  const { name, blockUnits, setpointPct } = settings
  const unit = (own: UnitName, peer: UnitName) => {
    const retained = settings.retained[own]
    const control = newLevelControl(setpointPct, steadyValvePct(setpointPct))
    measureLevel(control, setpointPct + USUAL_WIRING.biasPct[own])
    alignIntegral(control)
    return newController({
      name: own,
      blockUnit: blockUnits[own],
      peerBlockUnit: blockUnits[peer],
      active: own === 'A',
      control,
      firstChallengeCount: settings.firstChallengeCounts[own],
      ...(retained ? { retained } : {}),
      ...(settings.maker ? { maker: newMaker() } : {}),
    })
  }
  return {
    name,
    units: { A: unit('A', 'B'), B: unit('B', 'A') },
    tank: newTank(setpointPct, settings.seed),
    truth: newTruth(),
    faults: {},
    forced: [],
    scan: 0,
    wiring: USUAL_WIRING,
    onLink: [],
  }
}

/** One scan of the pair. Returns what its units judged. */
export function scanPair(
  pair: Pair,
  nowMs: number,
): { readonly unit: UnitName; readonly judgement: Judgement }[] {
  pair.scan += 1
  forceRoles(pair)
  const { A, B } = pair.units
  for (const unit of [A, B]) maybeBoot(unit, nowMs)
  const judged = []
  // Both fields are taken before either scan: neither unit sees what the other does in the same
  // scan.
  const fields = { A: fieldOf(pair, A, B, nowMs), B: fieldOf(pair, B, A, nowMs) }
  for (const unit of [A, B]) {
    if (!isRunning(unit)) continue
    const judgements = scanController(unit, fields[unit.name])
    judged.push(...judgements.map((judgement) => ({ unit: unit.name, judgement })))
  }
  scanMakers(pair.units, !pair.faults.link_down && isPowered(pair), nowMs)
  // Who writes last changes from scan to scan: two active units fight for the valve.
  const writers = pair.scan % 2 === 0 ? [A, B] : [B, A]
  const outputs = writers.filter(drives).map((unit) => unit.control.outputPct)
  stepTank(pair.tank, outputs, { nowMs, stepMs: SCAN_MS })
  noteDeviation(pair.tank, primaryOf(pair).control.setpointPct)
  latchTruth(
    pair.truth,
    [A, B].map((unit) => ({ drives: drives(unit), cause: unit.cause })),
    nowMs,
  )
  return judged
}

/** The unit that is active, or A when none or both are. */
export function primaryOf(pair: Pair): Controller {
  const { A, B } = pair.units
  return B.active && !A.active ? B : A
}

/**
 * The unit goes active and its peer goes standby, in one scan: somebody at the panel, or the
 * vendor's own failover.
 */
export function takeOver(pair: Pair, name: UnitName, cause: string): void {
  const unit = pair.units[name]
  if (!unit.powered) return
  setActive(pair.units[name === 'A' ? 'B' : 'A'], false, cause)
  setActive(unit, true, cause)
}

/** What both_primary and none_primary do when they arm, and in every scan while they hold. */
export function forceActive(pair: Pair, active: boolean, cause: string): void {
  const { A, B } = pair.units
  const changed = [A, B].filter((unit) => unit.powered && unit.active !== active)
  pair.forced = changed.length > 0 ? changed : pair.forced
  for (const unit of changed) setActive(unit, active, cause)
}

/**
 * Undoes both_primary (`wasActive`) or none_primary, unless somebody has put the pair right
 * meanwhile. Of two units that were made standby only one comes back.
 */
export function releaseForced(pair: Pair, wasActive: boolean, cause: string): void {
  const { A, B } = pair.units
  const undone = wasActive ? pair.forced : pair.forced.slice(0, 1)
  if (A.active === wasActive && B.active === wasActive) {
    for (const unit of undone.filter((forced) => forced.powered)) setActive(unit, !wasActive, cause)
  }
  pair.forced = []
}

function forceRoles(pair: Pair): void {
  if (pair.faults.both_primary?.hold) forceActive(pair, true, 'fault both_primary')
  if (pair.faults.none_primary?.hold) forceActive(pair, false, 'fault none_primary')
}

function maybeBoot(unit: Controller, nowMs: number): void {
  if (!unit.powered && !unit.faults.crash && nowMs >= unit.upAtMs) powerOn(unit)
}

const isPowered = ({ units: { A, B } }: Pair): boolean => A.powered && B.powered

function fieldOf(pair: Pair, unit: Controller, peer: Controller, nowMs: number): Field {
  const { tank, wiring } = pair
  const flicker = (tank.random() * 2 - 1) * wiring.noisePct[unit.name]
  const linked = peer.active && isRunning(peer) && !pair.faults.link_down
  return {
    nowMs,
    stepMs: SCAN_MS,
    levelPct: tank.levelPct + wiring.biasPct[unit.name] + flicker,
    outflowLitresPerS: tank.outflowLitresPerS,
    peerOutputsDead: !outputsLive(peer),
    peerIsolated: peer.faults.isolated !== undefined,
    primary: linked ? overLink(pair, peer.control) : undefined,
  }
}

/** What arrives over the link: what was sent some scans ago, wrong by what the link is wrong. */
function overLink({ wiring, onLink }: Pair, sent: LevelControl): LevelControl {
  onLink.push({ ...sent })
  onLink.splice(0, onLink.length - 1 - wiring.linkScans)
  const arrived = onLink[0] ?? sent
  return {
    ...arrived,
    outputPct: clampPct(arrived.outputPct + wiring.linkOffsetPct),
    integralPct: arrived.integralPct + wiring.linkOffsetPct,
  }
}
