// The fitness of both units of a pair, cycle by cycle: what counts as a fall, when a unit has to qualify anew, and when it has.

import { has } from '../block.ts'
import type { Order } from '../cycle.ts'
import type { GateContext } from '../gates/gate-context.ts'
import { type UnitId, unitIds } from '../plant.ts'
import type { StandingMemory } from '../standing.ts'
import type { PairFound } from '../switchover/switchover-memory.ts'
import {
  type Fitness,
  type FitnessMemory,
  soundFitness,
  type UnitFitness,
  type UnitFitnessMemory,
} from './fitness.ts'
import { flappingFacts, noteFit } from './flapping.ts'
import { hasQualified, qualifyingView } from './qualifying.ts'

/** What the stage is told besides what this cycle has found. */
export type FitnessRequest = {
  /** Who was out of service before the orders of this cycle. */
  readonly wasOut: StandingMemory['outOfService']
  /** A switchover is under way: what the units do then is no failure of theirs. */
  readonly switching: boolean
  readonly orders: readonly Order[]
}

/** Takes in one cycle. The memory is the same object while nothing has happened. */
export function judgeFitness(
  before: FitnessMemory,
  found: PairFound,
  request: FitnessRequest,
): { readonly memory: FitnessMemory; readonly facts: Fitness } {
  const { nowMs } = found.input
  let memory = before
  let facts = soundFitness
  for (const unit of unitIds) {
    const flap = judgeFlapping(memory[unit], unit, found, request)
    const next = beginQualifying(flap, unit, found, request)
    const { memory: after, qualifying } = judgeQualifying(next, unit, found, request.orders)
    if (after !== memory[unit]) memory = { ...memory, [unit]: after }
    const flapping = flappingFacts(after.flap, nowMs)
    if (flapping === undefined && qualifying === undefined) continue
    const told: UnitFitness = { ...(flapping && { flapping }), ...(qualifying && { qualifying }) }
    facts = { ...facts, [unit]: told }
  }
  for (const order of request.orders) answerQualified(order, before, found)
  return { memory, facts }
}

function judgeFlapping(
  memory: UnitFitnessMemory,
  unit: UnitId,
  found: PairFound,
  { switching }: FitnessRequest,
): UnitFitnessMemory {
  const { pair, ledger, input, outOfService } = found
  const nobodyJudges = switching || outOfService[unit] !== undefined || wasAway(found)
  const judged = nobodyJudges ? undefined : isFit(unit, found)
  const flap = noteFit(memory.flap, judged, input.nowMs)
  if (flap === memory.flap) return memory
  // A fall is told once it counts, and every further one until the unit is steady again: so much must a restart know.
  if (flap.flapping && flap.penalty !== memory.flap.penalty) {
    const text = `${pair.name}.${unit} flaps: it fell from fit to unfit again, penalty ${flap.penalty.toFixed(0)}`
    const data = { unit, event: 'flaps', penalty: Math.round(flap.penalty) }
    ledger.record({ kind: 'flapping', pair: pair.name, text, data })
  } else if (memory.flap.flapping && !flap.flapping) {
    const text = `${pair.name}.${unit} is steady again`
    ledger.record({ kind: 'flapping', pair: pair.name, text, data: { unit, event: 'steady' } })
  }
  return { ...memory, flap }
}

/** The supervisor itself was away a moment ago: that it heard nothing meanwhile is no failure of a unit. */
const wasAway = ({ clockDisturbedMs, input, pair }: PairFound): boolean =>
  clockDisturbedMs !== undefined && input.nowMs - clockDisturbedMs <= pair.gates.lostMs

/** Could the unit be relied on now? Undefined: that is not known, or it was never read. */
function isFit(unit: UnitId, { units, roles, sync }: PairFound): boolean | undefined {
  const { presence, role, status } = units[unit]
  if (presence === 'unread') return undefined
  if (presence !== 'answering' || role === 'none') return false
  if (role === 'unknown') return undefined
  if (status !== undefined) {
    const well = has(status, 'running') && has(status, 'seesIo') && has(status, 'interlockOk')
    if (!well || has(status, 'locked')) return false
  }
  const standsBy = roles.primary !== undefined && roles.primary !== unit
  return !(standsBy && sync.verdict === 'different')
}

/** A failure, or a person who puts the unit back, begins it; one that a person has taken out of service has nothing to show. */
function beginQualifying(
  memory: UnitFitnessMemory,
  unit: UnitId,
  found: PairFound,
  { wasOut }: FitnessRequest,
): UnitFitnessMemory {
  const { units, input, pair, ledger, outOfService } = found
  if (outOfService[unit] !== undefined) {
    if (memory.qualifying === undefined) return memory
    return { flap: memory.flap }
  }
  const { presence } = units[unit]
  const failed = presence !== 'answering' && presence !== 'unread' && !wasAway(found)
  const back = wasOut[unit] !== undefined
  if (memory.qualifying !== undefined || !(failed || back)) return memory
  const why = back ? 'put back into service' : `was ${presence}`
  ledger.record({
    kind: 'qualifying',
    pair: pair.name,
    text: `${pair.name}.${unit} has to qualify again: ${why}`,
    data: { unit, event: 'begun', why },
  })
  return { ...memory, qualifying: { why, sinceMs: input.nowMs } }
}

function judgeQualifying(
  memory: UnitFitnessMemory,
  unit: UnitId,
  found: PairFound,
  orders: readonly Order[],
) {
  if (memory.qualifying === undefined) return { memory }
  const { pair, ledger, input, units } = found
  const answers = units[unit].presence === 'answering'
  const { steadyMs, ...rest } = memory.qualifying
  const sinceMs = answers ? (steadyMs ?? input.nowMs) : undefined
  const qualifying =
    sinceMs === steadyMs
      ? memory.qualifying
      : { ...rest, ...(sinceMs !== undefined && { steadyMs: sinceMs }) }
  const view = qualifyingView(qualifying, unit, contextOf(unit, found))
  const person = orders.find((order) => order.kind === 'qualified' && order.unit === unit)
  const said = person?.kind === 'qualified' && person.reason.trim() !== '' ? person : undefined
  if (!hasQualified(view) && said === undefined) {
    const same = qualifying === memory.qualifying
    return { memory: same ? memory : { ...memory, qualifying }, qualifying: view }
  }
  const open = view.points.filter(({ met }) => met !== 'yes').map(({ what }) => what)
  const text = said
    ? `${said.by.name} ends the re-qualification of ${pair.name}.${unit}: ${said.reason}`
    : `${pair.name}.${unit} has qualified again`
  ledger.record({
    kind: 'qualifying',
    ...(said && { actor: said.by.name }),
    pair: pair.name,
    text,
    data: { unit, event: 'ended', open },
  })
  return { memory: { flap: memory.flap } }
}

function answerQualified(order: Order, before: FitnessMemory, { ledger, pair }: PairFound): void {
  if (order.kind !== 'qualified') return
  const name = `${pair.name}.${order.unit}`
  if (order.reason.trim() === '') {
    ledger.answer(order, 'invalid', 'a reason is required: say why the unit may be relied on')
  } else if (before[order.unit].qualifying === undefined) {
    ledger.answer(order, 'busy', `${name} does not re-qualify; there is nothing to end`)
  } else {
    ledger.answer(order, 'accepted', `re-qualification of ${name} ended by ${order.by.name}`)
  }
}

/** The unit is looked at by the gates of a unit that is to take over. */
const contextOf = (unit: UnitId, found: PairFound): GateContext => ({
  ...found,
  kind: 'recovery',
  stage: 'prepare',
  target: unit,
  fitness: soundFitness,
  automatic: false,
  standing: { outOfService: {} },
})
