// Starting a switchover for a person: the table's refusal, the obstacles, or the new switchover, each answered.

import type { Order } from '../cycle.ts'
import { planWords } from '../explain.ts'
import type { Obstacle } from '../view.ts'
import { gateText } from './advance.ts'
import { begin, type Request } from './proposal.ts'
import { rowOf, table } from './switchover.ts'
import type { PairCycle, SwitchoverMemory } from './switchover-memory.ts'

export function startOrRefuse(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  order: Order,
  request: Request,
): SwitchoverMemory {
  const begun = begin(memory, cycle, request)
  if ('obstacles' in begun) {
    const { obstacles } = begun
    cycle.ledger.record({
      kind: 'refusal',
      actor: order.by.name,
      pair: cycle.pair.name,
      text: `${planWords(request.kind, request.to)} refused: ${gateText(obstacles)}`,
      data: { gates: obstacles.map(({ gate }) => gate) },
    })
    refuseWith(cycle, order, request, obstacles)
    return memory
  }
  const next = begun.memory
  const text = `${cycle.pair.name}: preparing ${planWords(request.kind, request.to)}`
  cycle.ledger.answer(order, 'accepted', text, openId(next))
  return next
}

export function refuseWith(
  { ledger, pair }: PairCycle,
  order: Order,
  { kind, to }: Request,
  obstacles: readonly Obstacle[],
) {
  const count = obstacles.length === 1 ? '1 obstacle' : `${obstacles.length} obstacles`
  const text = `${pair.name}: no ${planWords(kind, to)} now, ${count}`
  ledger.answer(order, 'obstacles', text, { obstacles })
}

/** The table's refusal of an order in the present phase; undefined when the order fits. */
export function refusalOf(
  memory: SwitchoverMemory,
  event: 'prepare' | 'confirm' | 'reject' | 'abort' | 'extend',
) {
  const { current, stopped } = memory
  if (current?.ending !== undefined) return `it is ending: ${current.ending.text}`
  const row = current ? rowOf(current.phase, current.operated) : stopped ? 'stopped' : 'idle'
  const reaction = table[row][event]
  return reaction.kind === 'refuse' ? reaction.why : undefined
}

/** The id of the switchover that is under way, for an answer. */
export const openId = (memory: SwitchoverMemory): { switchover?: string } =>
  memory.current ? { switchover: memory.current.id } : {}

/** Who confirmed it and where, for those who answer too late. */
export const confirmedBy = ({ current }: SwitchoverMemory): string => {
  const by = current?.confirmation?.by
  return by === undefined ? '' : ` (by ${by.name}, ${by.via})`
}
