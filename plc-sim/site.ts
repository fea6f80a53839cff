// The whole practice plant without its ports: three pairs, two UPS units, the faults that break
// them and the clock that all of them share. Time passes only through `scanSite`.
import type { Controller, UnitName } from './controller.ts'
import {
  addFault,
  armDueFaults,
  armedFaults,
  type Fault,
  type FaultList,
  newFaultList,
  noticeJudgement,
  removeFault,
} from './fault-list.ts'
import { readFaultOrder, type Targets } from './fault-order.ts'
import { newPair, type Pair, SCAN_MS, scanPair } from './pair.ts'
import { beginFault, endFault } from './pair-faults.ts'
import { breakPath, newPaths, type Path } from './paths.ts'
import { unknownWord } from './refusal.ts'
import type { Retained } from './retained.ts'
import { breakUps } from './ups.ts'
import { newUps, stepUps, type Ups } from './ups-truth.ts'

/** The demo plant of docs/protocols.md section 8; `offset` counts from the base port. */
export const PAIRS = [
  { name: 'intake', offsets: { A: 0, B: 1 }, blockUnits: { A: 11, B: 12 }, setpointPct: 55 },
  { name: 'filters', offsets: { A: 2, B: 3 }, blockUnits: { A: 21, B: 22 }, setpointPct: 40 },
  { name: 'dosing', offsets: { A: 4, B: 5 }, blockUnits: { A: 31, B: 32 }, setpointPct: 60 },
] as const
/** A pair with a maker's redundancy, on request. */
export const MAKER_PAIR = {
  name: 'boiler',
  offsets: { A: 6, B: 7 },
  blockUnits: { A: 41, B: 42 },
  setpointPct: 50,
  maker: true,
} as const
export const UPSES = [
  { name: 'ups-1', offset: 10 },
  { name: 'ups-2', offset: 11 },
] as const
export const UNIT_NAMES: readonly UnitName[] = ['A', 'B']

export type Site = {
  readonly pairs: readonly Pair[]
  readonly upses: readonly Ups[]
  /** Every way to every device, whether it is served or not. */
  readonly paths: readonly Path[]
  readonly faultList: FaultList
  readonly targets: Targets
  nowMs: number
  scan: number
}

/**
 * A healthy plant after its first scan.
 * @param seed makes the disturbances of the tanks
 * @param kept what units such as `intake.A` have kept from an earlier life of the plant
 * @param firstChallengeCount draws where the challenges of a unit begin, 0 to 2^32 - 1
 * @param maker with the pair whose units have a maker's redundancy
 */
export function newSite(
  seed: number,
  firstChallengeCount: () => number,
  kept: Readonly<Record<string, Retained>> = {},
  maker = false,
): Site {
  const pairs = [...PAIRS, ...(maker ? [MAKER_PAIR] : [])].map((pair, index) =>
    newPair({
      ...pair,
      seed: seed + index,
      firstChallengeCounts: { A: firstChallengeCount(), B: firstChallengeCount() },
      retained: retainedOf(kept, pair.name),
    }),
  )
  const upses = UPSES.map(({ name }) => newUps(name))
  const site = {
    pairs,
    upses,
    paths: newPaths(pairs, upses),
    faultList: newFaultList(),
    targets: targetsOf(pairs, upses),
    nowMs: 0,
    scan: 0,
  }
  scanSite(site)
  return site
}

/**
 * One scan of everything. A fault that waits for a judgement of this scan is armed before the next
 * one.
 */
export function scanSite(site: Site): void {
  site.scan += 1
  site.nowMs += SCAN_MS
  armFaults(site)
  for (const pair of site.pairs) {
    for (const { unit, judgement } of scanPair(pair, site.nowMs)) {
      noticeJudgement(site.faultList, { ...judgement, unit: `${pair.name}.${unit}` })
    }
  }
  for (const ups of site.upses) stepUps(ups, site.nowMs, SCAN_MS)
  armFaults(site)
}

/** Breaks something, at once unless the order says otherwise. @throws RefusedRequest */
export function orderFault(site: Site, body: unknown): Fault {
  const fault = addFault(site.faultList, readFaultOrder(body, site.targets), site.nowMs)
  armFaults(site)
  return fault
}

/** Mends what one order broke. False when there is no such order. */
export function clearFault(site: Site, id: string): boolean {
  const fault = removeFault(site.faultList, id)
  if (!fault) return false
  shareFaults(site)
  const { pair, unit } = placeOf(site, fault.target)
  if (pair && fault.armed) endFault(pair, unit, fault, site.nowMs)
  return true
}

/**
 * The pair, and the unit of it, that a target such as `intake` or `intake.A` names; neither for a
 * UPS.
 */
export function placeOf(site: Site, target: string): { pair?: Pair; unit?: UnitName } {
  if (!site.targets[target]) throw unknownWord('target', target, Object.keys(site.targets))
  const [pairName, unitName] = target.split('.')
  const pair = site.pairs.find(({ name }) => name === pairName)
  const unit = UNIT_NAMES.find((name) => name === unitName)
  return { ...(pair ? { pair } : {}), ...(unit ? { unit } : {}) }
}

/** Every unit with its full name, such as `intake.A`. */
export function unitsOf(site: Site): { readonly target: string; readonly unit: Controller }[] {
  return site.pairs.flatMap(({ name, units }) =>
    UNIT_NAMES.map((unitName) => ({ target: `${name}.${unitName}`, unit: units[unitName] })),
  )
}

function armFaults(site: Site): void {
  const due = armDueFaults(site.faultList, site.nowMs)
  if (due.length === 0) return
  shareFaults(site)
  for (const fault of due) {
    const { pair, unit } = placeOf(site, fault.target)
    if (pair) beginFault(pair, unit, fault)
  }
}

/** Lays the armed faults where they bite. */
function shareFaults(site: Site): void {
  for (const pair of site.pairs) pair.faults = armedFaults(site.faultList, pair.name)
  for (const { target, unit } of unitsOf(site)) unit.faults = armedFaults(site.faultList, target)
  for (const ups of site.upses) breakUps(ups, armedFaults(site.faultList, ups.name))
  for (const path of site.paths) breakPath(path, armedFaults(site.faultList, path.device, path.lan))
}

function targetsOf(pairs: readonly Pair[], upses: readonly Ups[]): Targets {
  const targets: Record<string, 'unit' | 'pair' | 'ups'> = {}
  for (const { name } of pairs) {
    targets[name] = 'pair'
    for (const unit of UNIT_NAMES) targets[`${name}.${unit}`] = 'unit'
  }
  for (const { name } of upses) targets[name] = 'ups'
  return targets
}

function retainedOf(
  kept: Readonly<Record<string, Retained>>,
  pair: string,
): { A?: Retained; B?: Retained } {
  const { [`${pair}.A`]: a, [`${pair}.B`]: b } = kept
  return { ...(a ? { A: a } : {}), ...(b ? { B: b } : {}) }
}
