// What the journal tells of a unit's fitness, and what of it still counts after a restart: a re-qualification that was open goes
// on, and a penalty is not forgotten because the supervisor was away for a while.

import type { JournalRecord } from '../cycle.ts'
import { type UnitId, unitIds } from '../plant.ts'
import type { FitnessMemory, FlapMemory, UnitFitnessMemory } from './fitness.ts'
import { halfLifeMs, newFlapMemory, steadyBelow } from './flapping.ts'

/** What the records tell of one unit. */
export type FitnessTold = {
  readonly flaps?: { readonly penalty: number; readonly wallMs: number }
  readonly qualifying?: string
}
export type FitnessOfBoth = Readonly<Partial<Record<UnitId, FitnessTold>>>

/** Takes in one record of the kind `flapping` or `qualifying`. */
export function foldFitness(
  told: FitnessOfBoth,
  { kind, data, wallMs }: Pick<JournalRecord, 'kind' | 'data' | 'wallMs'>,
): FitnessOfBoth {
  const unit = data.unit as UnitId
  const before = told[unit] ?? {}
  if (kind === 'flapping') {
    const { flaps: _flaps, ...rest } = before
    const again = data.event === 'flaps'
    return {
      ...told,
      [unit]: again ? { ...rest, flaps: { penalty: Number(data.penalty), wallMs } } : rest,
    }
  }
  const { qualifying: _qualifying, ...rest } = before
  const begun = data.event === 'begun'
  return { ...told, [unit]: begun ? { ...rest, qualifying: String(data.why) } : rest }
}

/** The fitness with which a supervisor starts. */
export const rebuildFitness = (
  told: FitnessOfBoth,
  now: { readonly nowMs: number; readonly wallMs: number },
): FitnessMemory => {
  const [a, b] = unitIds.map((unit) => unitOf(told[unit] ?? {}, now))
  const none: UnitFitnessMemory = { flap: newFlapMemory(now.nowMs) }
  return { A: a ?? none, B: b ?? none }
}

function unitOf(
  { flaps, qualifying }: FitnessTold,
  { nowMs, wallMs }: { readonly nowMs: number; readonly wallMs: number },
): UnitFitnessMemory {
  return {
    flap: flaps ? flapOf(flaps, nowMs, wallMs) : newFlapMemory(nowMs),
    ...(qualifying !== undefined && { qualifying: { why: qualifying, sinceMs: nowMs } }),
  }
}

/** A wall clock may lie: unless it says that the penalty is long gone, the whole penalty begins anew. */
function flapOf(
  { penalty, wallMs: toldMs }: NonNullable<FitnessTold['flaps']>,
  nowMs: number,
  wallMs: number,
): FlapMemory {
  const gone = wallMs - toldMs > halfLifeMs * Math.log2(penalty / steadyBelow)
  const fresh = newFlapMemory(nowMs)
  return gone ? fresh : { ...fresh, penalty, flapping: true }
}
