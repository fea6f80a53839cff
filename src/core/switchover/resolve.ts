// The ways out of a stopped switchover, and the release of a pair that is held after a restart. Retry, restore and adopt each
// have their own gates and are confirmed anew.

import type { Order } from '../cycle.ts'
import { otherUnit, type UnitId } from '../plant.ts'
import { openId, startOrRefuse } from './request.ts'
import { table } from './switchover.ts'
import type { PairCycle, SwitchoverMemory } from './switchover-memory.ts'

export function takeResolve(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  order: Extract<Order, { kind: 'resolve' }>,
): SwitchoverMemory {
  const { ledger } = cycle
  if (order.way === 'resume') return takeResume(memory, cycle, order)
  if (memory.current !== undefined) {
    ledger.answer(order, 'busy', 'a switchover of this pair is under way', openId(memory))
    return memory
  }
  const { stopped } = memory
  if (stopped === undefined) {
    const refusal = table.idle.resolve
    ledger.answer(order, 'busy', refusal.kind === 'refuse' ? refusal.why : 'nothing to resolve')
    return memory
  }
  if (cycle.pair.vendor !== undefined && order.way !== 'adopt') {
    const text = "a maker's command is never repeated: adopt what is read, then order a switchover"
    ledger.answer(order, 'busy', text)
    return memory
  }
  const next = attested(memory, cycle, order)
  const to = targetOf(order.way, stopped, cycle)
  const from = order.way === 'restore' ? stopped.to : stopped.from
  const begun = startOrRefuse(next, cycle, order, {
    kind: order.way,
    ...(from && { from }),
    to,
    by: order.by.name,
    reason: order.reason,
    overrides: [],
    ...(order.way === 'retry' && stopped.failed && { failed: stopped.failed }),
  })
  return begun.current === undefined ? begun : released(begun, cycle, order)
}

/** A person's own statement settles what no read can settle: an outcome, or that a unit cannot act late. */
function attested(
  memory: SwitchoverMemory,
  { ledger, pair }: PairCycle,
  order: Extract<Order, { kind: 'resolve' }>,
): SwitchoverMemory {
  const { stopped, unknown, ...rest } = memory
  const about = unknown?.unit ?? stopped?.mayActLate?.unit
  if (order.attest === undefined || stopped === undefined || about === undefined) return memory
  ledger.record({
    kind: 'outcome',
    actor: order.by.name,
    pair: pair.name,
    text: `${order.by.name} attests about ${about}: ${order.attest}`,
    data: { unit: about, fate: 'attested', attest: order.attest },
  })
  const { mayActLate: _mayActLate, ...settled } = stopped
  return { ...rest, stopped: { ...settled, attestedBy: order.by.name } }
}

/** A person's order to resolve is what a held pair waits for. */
function takeResume(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  order: Extract<Order, { kind: 'resolve' }>,
): SwitchoverMemory {
  const { ledger } = cycle
  if (memory.held === undefined && memory.unresumed === undefined) {
    ledger.answer(order, 'busy', `${cycle.pair.name} is not held; there is nothing to resume`)
    return memory
  }
  if (memory.stopped !== undefined) {
    ledger.answer(order, 'busy', 'the pair is stopped: choose retry, restore or adopt')
    return memory
  }
  ledger.answer(order, 'accepted', `${cycle.pair.name} resumed`)
  return released(memory, cycle, order)
}

/** A person has taken the pair over after a restart; everything is as usual again. */
export function released(memory: SwitchoverMemory, { ledger, pair }: PairCycle, order: Order) {
  if (memory.held === undefined && memory.unresumed === undefined) return memory
  const text = `${pair.name} resumed by ${order.by.name}`
  const data = { held: false }
  ledger.record({ kind: 'held', actor: order.by.name, pair: pair.name, text, data })
  const { held: _held, unresumed: _unresumed, ...rest } = memory
  return rest
}

function targetOf(
  way: 'retry' | 'restore' | 'adopt',
  stopped: NonNullable<SwitchoverMemory['stopped']>,
  { roles }: PairCycle,
): UnitId {
  if (way === 'retry') return stopped.to
  if (way === 'restore') return otherUnit(stopped.to)
  return roles.primary ?? stopped.to
}
