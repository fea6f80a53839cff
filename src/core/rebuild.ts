// The first state after a start, rebuilt from the journal. What was under way is never carried on: a proposal that was open is
// void, a switchover whose OPERATE may have left is stopped with an unknown outcome, and its pair is held until a person
// resumes it. Nothing here leads to a write.

import { type AlarmKey, catalogue } from './alarm-catalogue.ts'
import { type Alarm, type AlarmMemory, newAlarmMemory } from './alarms.ts'
import type { Action } from './block.ts'
import type { JournalRecord, Json } from './cycle.ts'
import type { Claim } from './exchange.ts'
import type { Entry } from './ledger.ts'
import type { Plant, UnitId } from './plant.ts'
import { newUpsMemory } from './power.ts'
import { newUnitMemory } from './presence.ts'
import { newStandingMemory, type StandingMemory } from './standing.ts'
import type { PairState, State } from './state.ts'
import {
  newSwitchoverMemory,
  type Stopped,
  type SwitchoverMemory,
  type UnknownOutcome,
} from './switchover-memory.ts'
import { newSyncMemory } from './sync.ts'
import { settleAfterRestartMs } from './unknown-outcome.ts'

export type Start = {
  readonly owner: number
  readonly nowMs: number
  readonly wallMs: number
  readonly version: string
}

/** The state with which the first cycle begins. */
export function rebuild(plant: Plant, records: readonly JournalRecord[], start: Start): State {
  const told = new Map<string, Told>(plant.pairs.map((pair) => [pair.name, newTold()]))
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
        A: newUnitMemory(start.nowMs, one.claimed.A ?? 0),
        B: newUnitMemory(start.nowMs, one.claimed.B ?? 0),
      },
      roles: {},
      sync: newSyncMemory(start.nowMs),
      standing: one.standing,
      switchover: memory,
    }
  }
  return {
    nextSeq: (records.at(-1)?.seq ?? 0) + 1,
    owner: start.owner,
    startedWallMs: start.wallMs,
    startEntries: entries,
    pairs,
    ups: Object.fromEntries(plant.ups.map((ups) => [ups.name, newUpsMemory(start.nowMs)])),
    alarms: foldAlarms(records),
  }
}

type Operate = { unit: UnitId; action: Action; claim: Claim; seq: number; settled: boolean }
type Open = { id: string; phase: string; from?: UnitId; to: UnitId }
/** What the records tell of one pair. */
type Told = {
  open?: Open
  operates: Operate[]
  stopped?: Stopped
  held?: string
  epochFloor: number
  claimed: Partial<Record<UnitId, number>>
  count: number
  switchedWallMs?: number
  standing: StandingMemory
}

const newTold = (): Told => ({
  operates: [],
  epochFloor: 0,
  claimed: {},
  count: 0,
  standing: newStandingMemory(),
})

function fold(told: Told, { kind, data, actor, wallMs }: JournalRecord) {
  switch (kind) {
    case 'phase':
      foldPhase(told, data)
      break
    case 'claim-intent':
      told.epochFloor = Math.max(told.epochFloor, number(data.epoch))
      break
    case 'operate-intent':
      told.operates.push({
        unit: data.unit as UnitId,
        action: data.action as Action,
        claim: { epoch: number(data.epoch), owner: number(data.owner) },
        seq: number(data.seq),
        settled: false,
      })
      break
    case 'outcome':
      foldOutcome(told, data)
      break
    case 'ended':
      foldEnded(told, data, wallMs)
      break
    case 'held':
      if (data.held === true) told.held = String(data.why)
      else delete told.held
      break
    case 'lockout':
    case 'out-of-service':
      foldStanding(told, kind, data, { by: actor, reason: String(data.reason ?? ''), wallMs })
      break
    default:
      break
  }
}

function foldPhase(told: Told, data: JournalRecord['data']) {
  if (data.phase !== 'preparing') {
    if (told.open) told.open.phase = String(data.phase)
    return
  }
  told.count += 1
  told.epochFloor = Math.max(told.epochFloor, number(data.epoch))
  told.operates = told.operates.filter((one) => !one.settled)
  told.open = {
    id: String(data.id),
    phase: 'preparing',
    ...(data.from !== undefined && { from: data.from as UnitId }),
    to: data.to as UnitId,
  }
}

function foldOutcome(told: Told, data: JournalRecord['data']) {
  const { fate } = data
  if (data.opcode === 'CLAIM' && fate === 'done')
    told.claimed[data.unit as UnitId] = number(data.epoch)
  if (fate === 'attested') {
    for (const one of told.operates) one.settled = true
  }
  if (data.opcode !== 'OPERATE' || fate === 'unknown' || fate === 'not judged') return
  for (const one of told.operates) {
    if (one.seq === data.seq && one.claim.epoch === data.epoch) one.settled = true
  }
}

function foldEnded(told: Told, data: JournalRecord['data'], wallMs: number) {
  const { open } = told
  delete told.open
  if (data.outcome === 'stopped') {
    told.stopped ??= stoppedFrom(String(data.text), open ?? { to: data.to as UnitId })
    const late = data.mayActLate
    if (late !== undefined) told.stopped = { ...told.stopped, mayActLate: late as UnitId }
  }
  if (data.outcome !== 'done') return
  delete told.stopped
  told.operates = []
  if (data.operated === true) told.switchedWallMs = wallMs
}

function foldStanding(
  told: Told,
  kind: 'lockout' | 'out-of-service',
  data: JournalRecord['data'],
  order: { by: string; reason: string; wallMs: number },
) {
  const { lockout, outOfService } = told.standing
  if (kind === 'lockout') {
    told.standing = { outOfService, ...(data.on === true && { lockout: order }) }
    return
  }
  const unit = data.unit as UnitId
  const { [unit]: _gone, ...others } = outOfService
  const next = data.on === true ? { ...others, [unit]: order } : others
  told.standing = { ...(lockout && { lockout }), outOfService: next }
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
    entries.push(
      {
        kind: 'ended',
        pair,
        text: `${open.id} ${outcome}: ${text}`,
        data: endedData(open, outcome, text, pending),
      },
      { kind: 'held', pair, text: `${pair} is held: ${held}`, data: { held: true, why: held } },
    )
    if (operated) stopped ??= stoppedFrom(held, open)
  }
  if (stopped && pending?.action === 'GO_ACTIVE') stopped = { ...stopped, mayActLate: pending.unit }
  const sinceMs = told.switchedWallMs === undefined ? undefined : wallMs - told.switchedWallMs
  // A wall clock may lie: an interval that has not clearly passed starts anew.
  const recent = sinceMs !== undefined && sinceMs < minIntervalMs
  return {
    ...newSwitchoverMemory(),
    epochFloor: told.epochFloor,
    count: told.count,
    ...(stopped && { stopped }),
    ...(held !== undefined && { held }),
    ...(pending && { unknown: unknownOf(pending, nowMs) }),
    ...(recent && { lastSwitchedMs: nowMs }),
  }
}

const endedData = (open: Open, outcome: string, text: string, pending: Operate | undefined) => ({
  id: open.id,
  to: open.to,
  ...(open.from && { from: open.from }),
  outcome,
  text,
  operated: pending !== undefined,
  ...(pending?.action === 'GO_ACTIVE' && { mayActLate: pending.unit }),
})

const unknownOf = ({ unit, action, claim, seq }: Operate, nowMs: number): UnknownOutcome => ({
  unit,
  action,
  claim,
  seq,
  settledAfterMs: nowMs + settleAfterRestartMs,
})

const stoppedFrom = (text: string, open: { from?: UnitId; to: UnitId }): Stopped => ({
  text,
  ...(open.from && { from: open.from }),
  to: open.to,
})

const startEntry = (plant: Plant, { owner, version }: Start): Entry => ({
  kind: 'start',
  text: `supervisor ${version} started on ${plant.site}`,
  data: { owner, version, configDigest: plant.digest, mode: plant.mode },
})

function foldAlarms(records: readonly JournalRecord[]): AlarmMemory {
  const active: Record<string, Alarm> = {}
  for (const record of records) {
    if (record.kind !== 'alarm') continue
    const id = String(record.data.id)
    const known = active[id]
    if (record.data.event === 'raised' && String(record.data.key) in catalogue) {
      active[id] = raisedFrom(record)
    } else if (record.data.event === 'cleared' && known) {
      if (known.state === 'acknowledged') delete active[id]
      else active[id] = { ...known, state: 'returned', returnedWallMs: record.wallMs }
    } else if (record.data.event === 'acknowledged' && known) {
      if (known.state === 'returned' || 'latched' in catalogue[known.key]) delete active[id]
      else active[id] = { ...known, state: 'acknowledged', acknowledgedBy: record.actor }
    }
  }
  return { ...newAlarmMemory(), active }
}

const raisedFrom = ({ data, pair, wallMs, seq }: JournalRecord): Alarm => ({
  id: String(data.id),
  key: data.key as AlarmKey,
  source: String(data.source),
  ...(pair && { pair }),
  detail: String(data.detail ?? ''),
  state: 'unacknowledged',
  raisedWallMs: wallMs,
  seq,
})

const number = (value: Json | undefined): number => (typeof value === 'number' ? value : 0)
