// The first state after a start, rebuilt from the journal. What was under way is never carried on: a proposal that was open is
// void, a switchover whose OPERATE may have left is stopped with an unknown outcome, and its pair is held until a person
// resumes it. Nothing here leads to a write.

import { foldAlarms } from './alarms/told-alarms.ts'
import { newBumpMemory } from './bump/bump-memory.ts'
import type { JournalRecord } from './cycle.ts'
import type { Entry } from './ledger.ts'
import type { Plant, UnitId } from './plant.ts'
import { rebuildFitness } from './policy/fitness-told.ts'
import { newUpsMemory } from './power.ts'
import { newUnitMemory } from './presence.ts'
import { foldShift } from './shift-handover.ts'
import type { PairState, State } from './state.ts'
import {
  newSwitchoverMemory,
  type SwitchoverMemory,
  type UnknownOutcome,
} from './switchover/switchover-memory.ts'
import { settleAfterRestartMs } from './switchover/unknown-outcome.ts'
import { newSyncMemory } from './sync/sync-memory.ts'
import { fold, newTold, type Open, type Operate, stoppedFrom, type Told } from './told.ts'
import { endedAfterRestart, foldEnd } from './told-ended.ts'

export type Start = {
  readonly owner: number
  readonly nowMs: number
  readonly wallMs: number
  readonly version: string
}

/** The state with which the first cycle begins. */
export function rebuild(plant: Plant, records: readonly JournalRecord[], start: Start): State {
  const told = new Map<string, Told>(plant.pairs.map((pair) => [pair.name, newTold()]))
  for (const one of told.values()) one.lived = records.length > 0
  for (const record of records) {
    const one = record.pair === undefined ? undefined : told.get(record.pair)
    if (one) fold(one, record)
  }
  const entries: Entry[] = [startEntry(plant, start)]
  const pairs: Record<string, PairState> = {}
  for (const pair of plant.pairs) {
    const one = told.get(pair.name) ?? newTold()
    const intervalMs = pair.policy.minIntervalS * 1000
    const memory = memoryOf(pair.name, one, start, intervalMs, entries)
    pairs[pair.name] = {
      units: {
        A: newUnitMemory(start.nowMs, one.claimed.A ?? 0, one.carried.A ?? {}),
        B: newUnitMemory(start.nowMs, one.claimed.B ?? 0, one.carried.B ?? {}),
      },
      roles: { ...(one.primary && { toldPrimary: one.primary }) },
      sync: newSyncMemory(pair, start.nowMs, one.learned),
      standing: one.standing,
      fitness: rebuildFitness(fitnessOf(one), start),
      switchover: memory,
      bump: newBumpMemory(pair, one.last.holdsMs),
    }
  }
  return {
    nextSeq: (records.at(-1)?.seq ?? 0) + 1,
    owner: start.owner,
    startedWallMs: start.wallMs,
    startEntries: entries,
    pairs,
    ups: Object.fromEntries(plant.ups.map((ups) => [ups.name, newUpsMemory(start.nowMs)])),
    alarms: foldAlarms(records, start),
    shift: foldShift(records),
  }
}

/** A unit that is out of service has nothing to show before a person puts it back. */
function fitnessOf({ fitness, standing }: Told): Told['fitness'] {
  return Object.fromEntries(
    Object.entries(fitness).map(([unit, { qualifying, ...rest }]) => {
      const out = standing.outOfService[unit as UnitId] !== undefined
      return [unit, out || qualifying === undefined ? rest : { ...rest, qualifying }]
    }),
  )
}

/** Turns what was found open into what stands now, and adds the records that say so. */
function memoryOf(
  pair: string,
  told: Told,
  { nowMs, wallMs }: Start,
  minIntervalMs: number,
  entries: Entry[],
): SwitchoverMemory {
  const { open } = told
  const pending = told.operates.findLast((one) => !one.settled)
  let { stopped, held } = told
  if (open !== undefined) {
    const operated = told.operates.length > 0
    held = `the supervisor restarted while switchover ${open.id} was ${open.phase}`
    const outcome = operated ? 'stopped' : 'revoked'
    const text = operated ? held : `${held}; what was proposed or confirmed is void`
    const data = endedData(open, outcome, text, pending)
    told.last = foldEnd(told.last, { data, actor: 'supervisor', wallMs })
    entries.push(
      { kind: 'ended', pair, text: `${open.id} ${outcome}: ${text}`, data },
      { kind: 'held', pair, text: `${pair} is held: ${held}`, data: { held: true, why: held } },
    )
    if (operated) stopped ??= stoppedFrom(held, open)
  }
  if (stopped && pending?.action === 'GO_ACTIVE' && pending.makersCommand === undefined) {
    stopped = { ...stopped, mayActLate: { unit: pending.unit } }
  }
  const last = endedAfterRestart(told.last, pair)
  entries.push(...last.entries)
  const sinceMs = told.switchedWallMs === undefined ? undefined : wallMs - told.switchedWallMs
  // A wall clock may lie: an interval that has not clearly passed starts anew.
  const recent = sinceMs !== undefined && sinceMs < minIntervalMs
  return {
    ...newSwitchoverMemory(),
    epochFloor: told.epochFloor,
    count: told.count,
    ended: last.ended,
    ...(stopped && { stopped }),
    ...(held !== undefined && { held }),
    ...(told.lived && { unresumed: true as const }),
    ...(pending && { unknown: unknownOf(pending, nowMs) }),
    ...(recent && { lastSwitchedMs: nowMs }),
    ...(told.unanswered && { unanswered: told.unanswered }),
    ...(told.failback && { failback: { ...told.failback, unanswered: 0, notBeforeMs: 0 } }),
  }
}

const endedData = (open: Open, outcome: string, text: string, pending: Operate | undefined) => ({
  id: open.id,
  kind: open.kind,
  to: open.to,
  ...(open.from && { from: open.from }),
  outcome,
  text,
  operated: pending !== undefined,
  ...(pending?.action === 'GO_ACTIVE' && { mayActLate: { unit: pending.unit } }),
})

const unknownOf = (
  { unit, action, claim, seq, makersCommand }: Operate,
  nowMs: number,
): UnknownOutcome => ({
  unit,
  action,
  claim,
  seq,
  settledAfterMs: nowMs + settleAfterRestartMs,
  ...(makersCommand !== undefined && { makersCommand }),
})

const startEntry = (plant: Plant, { owner, version }: Start): Entry => ({
  kind: 'start',
  text: `supervisor ${version} started on ${plant.site}`,
  data: { owner, version, configDigest: plant.digest, mode: plant.mode },
})
