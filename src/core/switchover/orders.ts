// What persons order about a pair's switchover: the table says whether it fits the phase, this file says whether it is complete
// and still counts. Every order is answered, and every refusal says what, why, and what would clear it.

import type { Order } from '../cycle.ts'
import { planWords } from '../explain.ts'
import { evaluateGates, obstaclesOf, overrideRole } from '../gates/readiness.ts'
import { includesRole, otherUnit, type UnitId, unitIds } from '../plant.ts'
import type { SwitchoverKind } from '../view.ts'
import { apply } from './advance.ts'
import { beginGrace } from './automatic.ts'
import { takeConfirm } from './confirmation.ts'
import { gateContext, type Request } from './proposal.ts'
import { confirmedBy, openId, refusalOf, refuseWith, startOrRefuse } from './request.ts'
import { released, takeResolve } from './resolve.ts'
import type { PairCycle, SwitchoverMemory } from './switchover-memory.ts'

export type SwitchoverOrder = Extract<
  Order,
  { kind: 'prepare' | 'confirm' | 'reject' | 'abort' | 'extend' | 'resolve' | 'session-ended' }
>

export function takeOrder(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  order: SwitchoverOrder,
): SwitchoverMemory {
  switch (order.kind) {
    case 'prepare':
      return takePrepare(memory, cycle, order)
    case 'confirm':
      return takeConfirm(memory, cycle, order)
    case 'reject':
    case 'abort':
      return takeEnd(memory, cycle, order)
    case 'extend':
      return takeExtend(memory, cycle, order)
    case 'resolve':
      return takeResolve(memory, cycle, order)
    case 'session-ended':
      return takeSessionEnded(memory, cycle, order)
  }
}

function takePrepare(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  order: Extract<Order, { kind: 'prepare' }>,
): SwitchoverMemory {
  const { roles, ledger } = cycle
  const kind = kindOf(cycle, order.to)
  const lacking = lacksOverride(cycle, order)
  if (lacking !== undefined) {
    ledger.answer(order, 'forbidden', lacking)
    return memory
  }
  if (order.overrides.length > 0 && order.reason.trim() === '') {
    ledger.answer(order, 'invalid', 'a reason is required: say why a gate is overridden')
    return memory
  }
  const from = kind === 'planned' ? roles.primary : otherUnit(order.to)
  const failed = failedUnit(kind, order.to, roles)
  const request: Request = {
    kind,
    ...(from && { from }),
    to: order.to,
    by: order.by.name,
    reason: order.reason,
    overrides: order.overrides,
    ...(failed && { failed }),
  }
  const refusal = refusalOf(memory, 'prepare')
  if (order.dryRun) return answerDryRun(memory, cycle, order, request, refusal)
  if (refusal !== undefined) {
    ledger.answer(order, 'busy', refusal, openId(memory))
    return memory
  }
  const begun = startOrRefuse(memory, cycle, order, request)
  return begun.current === undefined ? begun : released(begun, cycle, order)
}

/** The same gates as the real order, and nothing is started. */
function answerDryRun(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  order: Order,
  request: Request,
  refusal: string | undefined,
): SwitchoverMemory {
  const gates = evaluateGates(gateContext(memory, cycle, request, 'prepare'), request.overrides)
  const obstacles = obstaclesOf(gates)
  const { name } = cycle.pair
  if (refusal !== undefined) cycle.ledger.answer(order, 'busy', refusal, { obstacles })
  else if (obstacles.length > 0) refuseWith(cycle, order, request, obstacles)
  else {
    const text = `dry run: ${name} is ready for ${planWords(request.kind, request.to)}; nothing was started`
    cycle.ledger.answer(order, 'accepted', text, { obstacles })
  }
  return memory
}

function takeEnd(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  order: Extract<Order, { kind: 'reject' | 'abort' }>,
): SwitchoverMemory {
  const { ledger } = cycle
  const { current } = memory
  const refusal = refusalOf(memory, order.kind)
  if (refusal !== undefined || current === undefined) {
    const text = refusal ?? 'no switchover is under way'
    ledger.answer(order, 'busy', `${text}${confirmedBy(memory)}`)
    return memory
  }
  const done = order.kind === 'reject' ? 'rejected' : 'aborted'
  const why = order.reason.trim() === '' ? '' : `: ${order.reason}`
  const text = `${done} by ${order.by.name} (${order.by.via})${why}`
  ledger.answer(order, 'accepted', `${current.id} ${done}`, { switchover: current.id })
  return apply(memory, cycle, current, order.kind, text, order.by.name)
}

function takeExtend(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  order: Extract<Order, { kind: 'extend' }>,
): SwitchoverMemory {
  const { ledger, input, pair } = cycle
  const { current } = memory
  const refusal = refusalOf(memory, 'extend')
  if (refusal !== undefined || current === undefined) {
    ledger.answer(order, 'busy', refusal ?? 'nothing is proposed')
    return memory
  }
  const deadlineMs = input.nowMs + pair.policy.confirmS * 1000
  const text = `${current.id} extended by ${pair.policy.confirmS} s`
  ledger.record({ kind: 'note', actor: order.by.name, pair: pair.name, text })
  ledger.answer(order, 'accepted', text, { switchover: current.id })
  // Who asks for time gets it: the supervisor waits with its own answer too.
  return { ...memory, current: beginGrace({ ...current, deadlineMs }, cycle) }
}

/** The very session that confirmed has ended, or the second person's rights have. */
function takeSessionEnded(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  order: Extract<Order, { kind: 'session-ended' }>,
): SwitchoverMemory {
  const { current } = memory
  if (current?.confirmation === undefined || current.ending !== undefined) return memory
  const { by, approver } = current.confirmation
  const confirmer = by.name === order.user && by.via === order.by.via
  if (!confirmer && approver?.name !== order.user) return memory
  const text = `${order.user} logged out or lost the role before the first OPERATE`
  return apply(memory, cycle, current, 'session ended', text)
}

/** The unit that was primary and is lost, or is no longer: the process is taken from it because it failed. */
function failedUnit(kind: SwitchoverKind, to: UnitId, roles: PairCycle['roles']) {
  if (kind === 'assisted') return otherUnit(to)
  return kind === 'recovery' && roles.lastPrimary === otherUnit(to) ? otherUnit(to) : undefined
}

/** Planned while one unit is primary, assisted when the primary is lost, recovery when nobody is. */
export function kindOf({ roles, units }: PairCycle, to: UnitId): SwitchoverKind {
  if (roles.lostPrimary !== undefined && roles.lostPrimary !== to) return 'assisted'
  const nobody =
    unitIds.every((unit) => units[unit].role !== 'primary') && units[to].role !== 'unknown'
  return nobody && roles.state === 'none primary' ? 'recovery' : 'planned'
}

function lacksOverride(
  { pair }: PairCycle,
  order: Extract<Order, { kind: 'prepare' }>,
): string | undefined {
  for (const gate of order.overrides) {
    const needed = overrideRole(pair, gate)
    if (needed === undefined) return `gate "${gate}" cannot be overridden by anybody`
    if (!includesRole(order.by.role, needed)) {
      return `gate "${gate}" can be overridden by a ${needed}; ${order.by.name} is ${order.by.role}`
    }
  }
  return undefined
}
