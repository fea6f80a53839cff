// Hands each order to the pair that it is about. An order that names no pair of this plant, or no open switchover, is answered
// here.

import { isAlarmOrder } from './alarms/alarm-orders.ts'
import type { Order } from './cycle.ts'
import type { Ledger } from './ledger.ts'
import type { Plant } from './plant.ts'
import type { State } from './state.ts'
import type { SwitchoverOrder } from './switchover/orders.ts'

/** Orders by pair; every pair of the plant has a list. */
export function sortOrders(
  orders: readonly Order[],
  plant: Plant,
  state: State,
  ledger: Ledger,
): Map<string, Order[]> {
  const sorted = new Map<string, Order[]>(plant.pairs.map((pair) => [pair.name, []]))
  for (const order of orders) {
    if (isAlarmOrder(order) || order.kind === 'handover') continue
    if (order.kind === 'session-ended') {
      for (const list of sorted.values()) list.push(order)
      continue
    }
    const name = 'pair' in order ? order.pair : pairOfSwitchover(state, order.switchover)
    const list = name === undefined ? undefined : sorted.get(name)
    if (list) list.push(order)
    else answerUnknown(order, plant, state, ledger)
  }
  return sorted
}

function answerUnknown(order: Order, plant: Plant, state: State, ledger: Ledger) {
  if ('pair' in order) {
    const names = plant.pairs.map((pair) => pair.name).join(', ')
    ledger.answer(order, 'not-found', `no pair "${order.pair}"; there are: ${names}`)
    return
  }
  const id = 'switchover' in order ? order.switchover : ''
  const ended = Object.values(state.pairs)
    .flatMap((pair) => pair.switchover.ended)
    .find((one) => one.id === id)
  if (ended) ledger.answer(order, 'expired', `${id} has ended: ${ended.outcome}, ${ended.text}`)
  else ledger.answer(order, 'not-found', `no switchover "${id}" is open`)
}

const pairOfSwitchover = (state: State, id: string): string | undefined =>
  Object.entries(state.pairs).find(([, pair]) => pair.switchover.current?.id === id)?.[0]

/** True for what orders.ts takes. */
export const isSwitchoverOrder = (order: Order): order is SwitchoverOrder =>
  !['lockout', 'out-of-service', 'qualified', 'handover'].includes(order.kind) &&
  !isAlarmOrder(order)
