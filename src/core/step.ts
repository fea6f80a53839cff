// One cycle's decisions, top to bottom: presence, pair, sync, power, readiness and switchover, alarms, explanation. A later
// stage gets what the earlier ones found as arguments; none calls back. No clock, no randomness, no I/O: everything that counts
// is in `State` and `Input`.

import type { Condition } from './alarms/alarm-memory.ts'
import { isAlarmOrder, takeAlarmOrder } from './alarms/alarm-orders.ts'
import { alarmsByPair, judgeAlarms, type PairAlarms } from './alarms/alarms.ts'
import { pairCauses, upsCauses } from './alarms/causes.ts'
import { ownConditions, pairConditions, upsConditions } from './alarms/conditions.ts'
import { floodConditions } from './alarms/flood.ts'
import { judgeLans } from './alarms/lans.ts'
import type { Cause } from './alarms/suppression.ts'
import { followBump, learnBump } from './bump/follow-bump.ts'
import type { Seen } from './bump/measure.ts'
import type { Input, Order, Output } from './cycle.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { judgePair } from './pair.ts'
import { pathViews } from './path-view.ts'
import type { Pair, Plant, UnitId } from './plant.ts'
import { plantView } from './plant-view.ts'
import { changedByOthers, noteNormal } from './policy/foreign-change.ts'
import { judgeFitness } from './policy/judge-fitness.ts'
import { observeUps, type UpsFacts, type UpsMemory, upsFacts } from './power.ts'
import { noteEpoch, observeUnit, unitFacts } from './presence.ts'
import { recordChanges } from './record-changes.ts'
import { followShift, newShiftMemory } from './shift-handover.ts'
import { show } from './shown.ts'
import { isSwitchoverOrder, sortOrders } from './sort-orders.ts'
import { standingWords, takeStandingOrders } from './standing.ts'
import type { PairState, State } from './state.ts'
import { conduct } from './switchover/conduct.ts'
import { takeOrder } from './switchover/orders.ts'
import type { PairCycle, PairFound, SwitchoverMemory } from './switchover/switchover-memory.ts'
import { compareUnits } from './sync/compare-units.ts'
import { recordLearned } from './sync/learned-record.ts'
import type { PairView } from './view.ts'

/** The two clocks may drift apart by this much from cycle to cycle, and a cycle may be missing for this long, ms. */
const clockJumpMs = 500
const cycleGapMs = 2000

export function step(
  state: State,
  input: Input,
  plant: Plant,
): { readonly state: State; readonly output: Output } {
  const ledger = openLedger(state.nextSeq, input)
  for (const entry of state.startEntries) ledger.record(entry)
  for (const audit of input.audits) ledger.record({ kind: 'access', ...audit })
  const { clock, disturbed, woke } = judgeClock(state, input)
  const ups = observeAllUps(state, input, plant, woke)
  const unsynced = judgeJournal(state, input)
  const conditions: Condition[] = [
    ...ownConditions(input, plant.cycleMs, disturbed, unresumedPairs(state)),
    ...floodConditions(state.alarms, plant.alarms.operators, input.nowMs),
    ...plant.ups.flatMap((one) => upsConditions(one.name, found(ups.facts, one.name))),
  ]
  const causes: Cause[] = plant.ups.flatMap((one) =>
    upsCauses(one.name, found(ups.facts, one.name)),
  )
  const pairs: Record<string, PairState> = {}
  const views: PairView[] = []
  const pace: Record<string, number> = {}
  const detail: string[] = []
  const paths: Record<string, PairCycle['paths']> = {}
  const orders = sortOrders(input.orders, plant, state, ledger)
  const alarmsOf = alarmsByPair(state.alarms)
  const shared = { state, input, plant, ledger, clock, woke, unsynced, ups: ups.facts, alarmsOf }
  for (const [index, pair] of plant.pairs.entries()) {
    const before = found(state.pairs, pair.name)
    const mine = orders.get(pair.name) ?? []
    const done = stepPair(pair, index, before, mine, shared)
    pairs[pair.name] = done.state
    views.push(done.shown.view)
    pace[pair.name] = done.paceMs
    if (done.detail) detail.push(pair.name)
    conditions.push(...done.conditions)
    causes.push(...done.causes)
    paths[pair.name] = done.paths
  }
  const lans = judgeLans(plant, paths)
  conditions.push(...lans.conditions)
  causes.push(...lans.causes)
  let alarms = judgeAlarms(state.alarms, conditions, causes, input, ledger)
  for (const order of input.orders) {
    if (isAlarmOrder(order)) alarms = takeAlarmOrder(alarms, order, plant, input.wallMs, ledger)
    if (order.kind === 'session-ended') ledger.answer(order, 'accepted', 'noted')
  }
  const shiftBefore = state.shift ?? newShiftMemory()
  const shift = followShift(shiftBefore, input.orders, input.wallMs, ledger)
  const { unsynced: _unsynced, ...rest } = state
  const next: State = {
    ...rest,
    ...(unsynced && { unsynced }),
    nextSeq: ledger.nextSeq,
    startEntries: [],
    clock,
    pairs,
    ups: ups.memory,
    alarms,
    shift,
  }
  const view = plantView(next, input, plant, views, ups.facts)
  const { records, commands, answers } = ledger
  return { state: next, output: { records, commands, answers, view, pace, detail } }
}

const unresumedPairs = ({ pairs }: State): readonly string[] =>
  Object.keys(pairs).filter((name) => pairs[name]?.switchover.unresumed)

type Shared = {
  readonly state: State
  readonly input: Input
  readonly plant: Plant
  readonly ledger: Ledger
  readonly clock: NonNullable<State['clock']>
  /** This is the first cycle after a gap in our own time. */
  readonly woke: boolean
  readonly unsynced: State['unsynced'] | undefined
  readonly ups: Readonly<Record<string, UpsFacts>>
  readonly alarmsOf: (pair: string) => PairAlarms
}

function stepPair(
  pair: Pair,
  index: number,
  before: PairState,
  orders: readonly Order[],
  shared: Shared,
) {
  const { state, input, plant, ledger, clock, unsynced, ups } = shared
  const alarms = shared.alarmsOf(pair.name)
  const firstSeq = ledger.nextSeq
  const { seen, units } = observeUnits(pair, before, input, shared.woke)
  const judgedRoles = judgePair(before.roles, units, input.nowMs)
  const { primary } = judgedRoles.facts
  const { images, digest, sync } = compareUnits(pair, before, units, input, primary)
  const standing = takeStandingOrders(before.standing, orders, input.wallMs, ledger)
  const found: PairFound = {
    plant,
    pair,
    owner: state.owner,
    units,
    lastValues: { A: seen.A.memory.values, B: seen.B.memory.values },
    roles: judgedRoles.facts,
    sync: sync.facts,
    ups,
    paths: { A: pathsOf(plant, pair, 'A', input), B: pathsOf(plant, pair, 'B', input) },
    ...standingWords(standing),
    activeAlarms: alarms.standing,
    blockingAlarms: alarms.blocking,
    changedByOthers: changedByOthers(pair, judgedRoles.facts, before.switchover),
    ...disturbance(clock),
    ...(unsynced && { journalWaitsMs: input.nowMs - unsynced.sinceMs }),
    bump: learnBump(before.bump, pair, plant, primary, images, sync.memory),
    input,
    ledger,
  }
  const fitness = judgeFitness(before.fitness, found, {
    wasOut: before.standing.outOfService,
    switching: before.switchover.current?.operated === true,
    orders,
  })
  const cycle: PairCycle = { ...found, fitness: fitness.facts }
  recordChanges(before, cycle)
  const normal = noteNormal(before.normal, cycle)
  const learned = noteLearned(pair, before, sync.memory, input, ledger)
  const { switchover, bump } = carryOn(before.switchover, cycle, orders, seen)
  const told = orders.length > 0 || ledger.nextSeq !== firstSeq
  const shown = show(before.shown, cycle, switchover, standing, { index, told })
  const next: PairState = {
    units: {
      A: noteEpoch(seen.A.memory, floorFor(switchover, 'A')),
      B: noteEpoch(seen.B.memory, floorFor(switchover, 'B')),
    },
    roles: judgedRoles.memory,
    sync: learned,
    ...(digest && { digest: digest.memory }),
    standing,
    fitness: fitness.memory,
    ...(normal && { normal }),
    switchover,
    bump,
    shown,
  }
  const paceMs = paceOf(pair, switchover)
  // While a switchover moves there is no time for details.
  const detail = digest?.facts.detail === true && paceMs === pair.scanMs
  return { state: next, shown, ...alarmFindings(cycle, switchover), paceMs, detail }
}

/** A pair is polled in bursts while a switchover moves. */
const paceOf = ({ burstMs, scanMs }: Pair, { current }: SwitchoverMemory): number =>
  current !== undefined && current.phase !== 'proposed' ? burstMs : scanMs

const alarmFindings = (cycle: PairCycle, switchover: SwitchoverMemory) => ({
  conditions: pairConditions(cycle, switchover),
  causes: pairCauses(cycle, switchover),
  paths: cycle.paths,
})

/** The switchover of the pair and the orders about it, and what they do to the process. */
function carryOn(before: SwitchoverMemory, cycle: PairCycle, orders: readonly Order[], seen: Seen) {
  const conducted = conduct(before, cycle)
  const after = orders
    .filter(isSwitchoverOrder)
    .reduce((memory, order) => takeOrder(memory, cycle, order), conducted)
  return followBump(before, after, cycle, seen)
}

function noteLearned(
  { name }: Pair,
  before: PairState,
  after: PairState['sync'],
  { nowMs }: Input,
  ledger: Ledger,
): PairState['sync'] {
  const { entry, memory } = recordLearned(name, before.sync, after, nowMs)
  if (entry) ledger.record(entry)
  return memory
}

const disturbance = ({ disturbedMs }: Shared['clock']): { clockDisturbedMs?: number } =>
  disturbedMs === undefined ? {} : { clockDisturbedMs: disturbedMs }

/** What the two units showed, and what of it may be believed. */
function observeUnits(
  { units, gates }: Pair,
  before: PairState,
  { image, nowMs }: Input,
  woke: boolean,
) {
  const observe = (unit: UnitId) => {
    const memory = woke ? { ...before.units[unit], sinceMs: nowMs } : before.units[unit]
    return observeUnit(memory, image[units[unit].device], units[unit], gates, nowMs)
  }
  const seen = { A: observe('A'), B: observe('B') }
  const facts = (unit: UnitId) =>
    unitFacts(seen[unit].memory, seen[unit].reads, units[unit], gates, nowMs)
  return { seen, units: { A: facts('A'), B: facts('B') } }
}

const pathsOf = (plant: Plant, pair: Pair, unit: UnitId, { image, nowMs }: Input) => {
  const { device } = pair.units[unit]
  return pathViews(found(plant.devices, device), image[device], nowMs)
}

/** A unit that accepted our claim may never again show a lower epoch. */
function floorFor({ current }: SwitchoverMemory, unit: UnitId): number {
  return current?.claimed[unit] === undefined ? 0 : current.claim.epoch
}

function judgeClock(state: State, { nowMs, wallMs }: Input) {
  const before = state.clock
  const wallStep = before ? wallMs - before.wallMs : 0
  const step = before ? nowMs - before.nowMs : 0
  // Turned round so that a clock which is not a number counts as disturbed.
  const steady = Math.abs(wallStep - step) <= clockJumpMs && step <= cycleGapMs
  const disturbed = !steady
  const disturbedMs = disturbed ? nowMs : before?.disturbedMs
  const clock = { nowMs, wallMs, ...(disturbedMs !== undefined && { disturbedMs }) }
  // A gap in our own time: from here on silence is counted, so that no unit is blamed for it.
  const woke = step > cycleGapMs
  return { clock, disturbed, woke }
}

/** Since when records wait while the journal does not move on; undefined while every one is synced. */
function judgeJournal({ nextSeq, unsynced }: State, { journal: { durable }, nowMs }: Input) {
  if (durable >= nextSeq - 1) return undefined
  return unsynced?.durable === durable ? unsynced : { durable, sinceMs: nowMs }
}

function observeAllUps(state: State, input: Input, plant: Plant, woke: boolean) {
  const memory: Record<string, UpsMemory> = {}
  const facts: Record<string, UpsFacts> = {}
  for (const ups of plant.ups) {
    const before = found(state.ups, ups.name)
    const listening = woke ? { ...before, sinceMs: input.nowMs } : before
    const seen = observeUps(listening, input.image[ups.device])
    memory[ups.name] = seen
    facts[ups.name] = upsFacts(seen, ups, input.nowMs)
  }
  return { memory, facts }
}

/** What the state must hold for everything that the plant names; its absence is our own error. */
function found<T>(of: Readonly<Record<string, T>>, name: string): T {
  const one = of[name]
  if (one === undefined) throw new Error(`nothing is known of "${name}"`)
  return one
}
