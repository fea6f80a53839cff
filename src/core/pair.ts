// Who is primary: one, both, none, or not known. A role is what a unit reports, never inferred from an address. A change of
// the primary that nobody here commanded is recognised and told, and never fought.

import { otherUnit, type UnitId, unitIds } from './plant.ts'
import type { UnitFacts } from './presence.ts'
import type { PairView } from './view.ts'

export type UnitPair = { readonly A: UnitFacts; readonly B: UnitFacts }

export type PairMemory = {
  /** The unit last seen as the only primary, and when it last was. */
  readonly primary?: UnitId
  readonly primarySeenMs?: number
  /** The primary that an earlier supervisor last wrote down; it only tells whether the roles have changed since. */
  readonly toldPrimary?: UnitId
}

export type PairFacts = {
  readonly state: PairView['pairState']
  readonly primary?: UnitId
  readonly lastPrimary?: UnitId
  /** When a unit was last seen as the only primary; monotonic ms. */
  readonly primarySeenMs?: number
  /** The unit that does not answer although the other one is standby: its role must be taken over, or proven dead. */
  readonly lostPrimary?: UnitId
  /** Set in the one cycle in which another unit turned out to be primary. */
  readonly changed?: { readonly from: UnitId; readonly to: UnitId }
}

export function judgePair(memory: PairMemory, units: UnitPair, nowMs: number) {
  const primaries = unitIds.filter((unit) => units[unit].role === 'primary')
  const only = primaries.length === 1 ? primaries[0] : undefined
  const lostPrimary = only === undefined ? findLostPrimary(memory, units) : undefined
  const was = memory.primary ?? memory.toldPrimary
  const changed =
    only !== undefined && was !== undefined && only !== was ? { from: was, to: only } : undefined
  const next: PairMemory = only === undefined ? memory : { primary: only, primarySeenMs: nowMs }
  const facts: PairFacts = {
    state: pairState(units, primaries.length),
    ...(only !== undefined && { primary: only }),
    ...(next.primary !== undefined && { lastPrimary: next.primary }),
    ...(next.primarySeenMs !== undefined && { primarySeenMs: next.primarySeenMs }),
    ...(lostPrimary !== undefined && { lostPrimary }),
    ...(changed !== undefined && { changed }),
  }
  return { memory: next, facts }
}

function pairState(units: UnitPair, primaries: number): PairFacts['state'] {
  if (primaries === 2) return 'both primary'
  if (primaries === 1) return 'normal'
  const known = unitIds.every((unit) => units[unit].role !== 'unknown')
  return known ? 'none primary' : 'unknown'
}

/** The silent unit, when the other one answers as standby and the silent one is not known to have been the standby. */
function findLostPrimary(memory: PairMemory, units: UnitPair): UnitId | undefined {
  return unitIds.find((unit) => {
    const { presence } = units[unit]
    const gone = presence === 'lost' || presence === 'frozen' || presence === 'damaged'
    const wasStandby = memory.primary !== undefined && memory.primary !== unit
    return gone && units[otherUnit(unit)].role === 'standby' && !wasStandby
  })
}
