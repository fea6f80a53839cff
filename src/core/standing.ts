// What persons leave standing on a pair: lockout of the pair, units out of service. It survives restarts, shows on every door,
// and stands as a gate against every switchover.

import type { Order } from './cycle.ts'
import type { Ledger } from './ledger.ts'
import type { UnitId } from './plant.ts'

export type StandingOrder = {
  readonly by: string
  readonly reason: string
  readonly wallMs: number
}

export type StandingMemory = {
  readonly lockout?: StandingOrder
  readonly outOfService: Readonly<Partial<Record<UnitId, StandingOrder>>>
}
export const newStandingMemory = (): StandingMemory => ({ outOfService: {} })

/** Takes the orders of this cycle that leave something standing; others are not for here. */
export function takeStandingOrders(
  before: StandingMemory,
  orders: readonly Order[],
  wallMs: number,
  ledger: Ledger,
): StandingMemory {
  return orders.reduce((memory, order) => {
    if (order.kind === 'lockout') return takeLockout(memory, order, wallMs, ledger)
    if (order.kind === 'out-of-service') return takeOutOfService(memory, order, wallMs, ledger)
    return memory
  }, before)
}

/** What stands, in the words of the gates. */
export const standingWords = ({ lockout, outOfService }: StandingMemory) => ({
  ...(lockout && { lockout: `${lockout.reason} (${lockout.by})` }),
  outOfService: reasons(outOfService),
})

const reasons = (out: StandingMemory['outOfService']): { A?: string; B?: string } => ({
  ...(out.A && { A: out.A.reason }),
  ...(out.B && { B: out.B.reason }),
})

function takeLockout(
  memory: StandingMemory,
  order: Extract<Order, { kind: 'lockout' }>,
  wallMs: number,
  ledger: Ledger,
): StandingMemory {
  const { pair, on, reason, by } = order
  if (on && reason.trim() === '') {
    ledger.answer(order, 'invalid', 'a reason is required: say why the pair is locked out')
    return memory
  }
  if (on === (memory.lockout !== undefined)) {
    const text = on
      ? `${pair} is locked out already by ${memory.lockout?.by}`
      : `${pair} is not locked out`
    ledger.answer(order, 'busy', text)
    return memory
  }
  const text = on
    ? `${pair} locked out by ${by.name}: ${reason}`
    : `lockout of ${pair} lifted by ${by.name}`
  ledger.record({ kind: 'lockout', actor: by.name, pair, text, data: { on, reason } })
  ledger.answer(order, 'accepted', text)
  const { lockout: _lockout, ...rest } = memory
  return on ? { ...rest, lockout: { by: by.name, reason, wallMs } } : rest
}

function takeOutOfService(
  memory: StandingMemory,
  order: Extract<Order, { kind: 'out-of-service' }>,
  wallMs: number,
  ledger: Ledger,
): StandingMemory {
  const { pair, unit, on, reason, by } = order
  const name = `${pair}.${unit}`
  if (on && reason.trim() === '') {
    ledger.answer(order, 'invalid', 'a reason is required: say why the unit is out of service')
    return memory
  }
  if (on === (memory.outOfService[unit] !== undefined)) {
    ledger.answer(order, 'busy', `${name} is ${on ? 'out of' : 'in'} service already`)
    return memory
  }
  const text = `${name} ${on ? `out of service, ${by.name}: ${reason}` : `back in service, ${by.name}`}`
  ledger.record({ kind: 'out-of-service', actor: by.name, pair, text, data: { unit, on, reason } })
  ledger.answer(order, 'accepted', text)
  const { [unit]: _gone, ...others } = memory.outOfService
  const outOfService = on ? { ...others, [unit]: { by: by.name, reason, wallMs } } : others
  return { ...memory, outOfService }
}
