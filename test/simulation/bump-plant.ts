// A random pair with its tank for the campaign on bumps: how fast it is read, how the units differ, how the journal lags, all drawn
// from one seed. The practice plant is the truth; it is noted every 10 ms, at the unit that really is in control.

import { drives } from '../../plc-sim/controller.ts'
import { alignIntegral } from '../../plc-sim/level-control.ts'
import type { Pair } from '../../plc-sim/pair.ts'
import { steadyValvePct } from '../../plc-sim/process.ts'
import { scanSite } from '../../plc-sim/site.ts'
import type { Tag } from '../../src/core/tag.ts'
import { randomFrom } from '../chance.ts'
import { newRig, type Rig } from '../core/rig.ts'

/** One instant of the truth: the valve as it stands, and the level as the unit in control measures it. */
export type Instant = {
  readonly atMs: number
  readonly levelPct: number
  readonly valvePct: number
  readonly tankPct: number
  /** Who drives the valve; nobody during a handover. */
  readonly driver: 'A' | 'B' | 'nobody'
}

export type BumpPlant = {
  readonly rig: Rig
  readonly pair: Pair
  readonly truth: Instant[]
  readonly random: () => number
  /** Records become durable in every so many cycles only. */
  readonly syncEvery: number
}

export const limits = { low: 5, high: 95, ratePerS: 3 }

export function newBumpPlant(seed: number): BumpPlant {
  const random = randomFrom(seed)
  const one = <T>(...of: readonly T[]): T => of[Math.floor(random() * of.length)] as T
  const [scanMs, burstMs, cycleMs] = [one(100, 200, 400), one(50, 100), one(50, 100, 200)]
  const rig = newRig((plant) => ({
    ...plant,
    cycleMs,
    devices: Object.fromEntries(
      Object.entries(plant.devices)
        .filter(([id]) => !id.startsWith('filters.') && !id.startsWith('dosing.'))
        .map(([id, device]) => [id, id.startsWith('intake.') ? { ...device, scanMs } : device]),
    ),
    pairs: plant.pairs.slice(0, 1).map((pair) => ({
      ...pair,
      scanMs,
      burstMs,
      tags: pair.tags.map(loosened),
      gates: { ...pair.gates, syncDwellS: 1, freshMs: 1500, lostMs: 3000, heartbeatMs: 1500 },
      policy: { ...pair.policy, minIntervalS: 0, bumpS: 20 },
    })),
  }))
  const [pair] = rig.site.pairs
  if (pair === undefined) throw new Error('the practice plant has no pair')
  upset(pair, random)
  // The inflow swings in 90 s: each plant is met somewhere else in it.
  for (let scans = Math.floor(random() * 9000); scans > 0; scans--) scanSite(rig.site)
  const truth: Instant[] = []
  rig.onScan = noteTruth(pair, rig, truth)
  // A journal that syncs within 0.4 s at the latest.
  const syncEvery = Math.min(one(1, 1, 2, 4), 400 / cycleMs)
  return { rig, pair, truth, random, syncEvery }
}

/** Units that differ must still count as in sync here, or nobody would be asked. */
const loosened = (tag: Tag): Tag => {
  if (tag.name === 'LEVEL.PV') return { ...tag, tolerance: 2, limits }
  return tag.tolerance > 0 && tag.class !== 'setpoint' ? { ...tag, tolerance: 10 } : tag
}

function upset(pair: Pair, random: () => number): void {
  const around = (width: number): number => (random() + random() + random() - 1.5) * width
  const noise = 0.002 + 0.03 * random()
  pair.wiring = {
    biasPct: { A: around(0.1), B: around(0.1) },
    noisePct: { A: noise * (0.7 + 0.6 * random()), B: noise * (0.7 + 0.6 * random()) },
    linkScans: random() < 0.5 ? 0 : Math.floor(random() * 30),
    linkOffsetPct: random() < 0.5 ? 0 : around(2),
  }
  const setpointPct = 30 + 40 * random()
  pair.tank.levelPct = setpointPct
  pair.tank.valvePct = steadyValvePct(setpointPct)
  for (const { control } of [pair.units.A, pair.units.B]) {
    control.setpointPct = setpointPct
    control.measuredPct = setpointPct
    control.outputPct = pair.tank.valvePct
    alignIntegral(control)
  }
}

/** Notes every scan of the practice plant. Until somebody takes over, the level is the one that the last unit in control measures. */
function noteTruth({ units, tank }: Pair, rig: Rig, truth: Instant[]): () => void {
  let last: 'A' | 'B' = 'A'
  return () => {
    const driver = drives(units.A) ? 'A' : drives(units.B) ? 'B' : 'nobody'
    if (driver !== 'nobody') last = driver
    const levelPct = units[last].control.measuredPct
    const { valvePct, levelPct: tankPct } = tank
    truth.push({ atMs: rig.nowMs, levelPct, valvePct, tankPct, driver })
  }
}
