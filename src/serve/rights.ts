// Who may do what: one table of rights, each with the lowest role that holds it. What is not declared here is refused, at every
// door, because the inbox itself asks this table before an order reaches the cycle.

import type { OrderBody, Person } from '../core/cycle.ts'
import { type AccessRole, includesRole } from '../core/plant.ts'

/** Right to lowest role that holds it; each role also holds what the roles before it hold. */
export const orderRights = {
  view: 'observer',
  prepare: 'operator',
  confirm: 'operator',
  reject: 'operator',
  abort: 'operator',
  extend: 'operator',
  acknowledge: 'operator',
  comment: 'operator',
  shelve: 'operator',
  handover: 'operator',
  'lockout on': 'operator',
  override: 'supervisor',
  'lockout off': 'supervisor',
  'out-of-service': 'supervisor',
  'alarm-out-of-service': 'supervisor',
  qualified: 'supervisor',
  resolve: 'supervisor',
  sessions: 'engineer',
} as const satisfies Readonly<Record<string, AccessRole>>

export type Right = keyof typeof orderRights

/** Why this person may not use this right, in one sentence; undefined when they may. An undeclared right is refused. */
export function rightRefusal(
  right: string | undefined,
  by: { readonly name: string; readonly role: AccessRole },
): string | undefined {
  if (right === undefined || !isRight(right))
    return 'no role may do this: the right is not declared'
  const needed = orderRights[right]
  if (includesRole(by.role, needed)) return undefined
  return `"${right}" needs the role ${needed}; ${by.name} has the role ${by.role}`
}

/** Every right that this role holds, in the order of the table. */
export const rightsOf = (role: AccessRole): readonly Right[] =>
  (Object.keys(orderRights) as Right[]).filter((right) => includesRole(role, orderRights[right]))

/** Why this person may not give this order, in one sentence; undefined when they may. */
export function orderRefusal(order: OrderBody, by: Person): string | undefined {
  if (order.kind === 'session-ended') {
    return by.name === order.user ? undefined : 'only a person themselves can end their session'
  }
  if (order.kind === 'confirm' && order.approver !== undefined) {
    const refusal = approverRefusal(order.approver, by)
    if (refusal !== undefined) return refusal
  }
  return rightRefusal(rightOf(order), by)
}

/** Why this second person may not approve what the first one confirms; undefined when they may. */
export function approverRefusal(
  approver: { readonly name: string; readonly role: AccessRole },
  by: { readonly name: string },
): string | undefined {
  if (approver.name === by.name) {
    return `the second person must have another account than ${by.name}, who confirms`
  }
  return rightRefusal('confirm', approver)
}

/** The right that an order needs; undefined for an order that no person gives. */
function rightOf(order: OrderBody): Right | undefined {
  switch (order.kind) {
    case 'prepare':
      return order.overrides.length > 0 ? 'override' : 'prepare'
    case 'lockout':
      return order.on ? 'lockout on' : 'lockout off'
    case 'confirm':
    case 'reject':
    case 'abort':
    case 'extend':
    case 'acknowledge':
    case 'comment':
    case 'shelve':
    case 'handover':
    case 'alarm-out-of-service':
    case 'out-of-service':
    case 'qualified':
    case 'resolve':
      return order.kind
    case 'session-ended':
      return undefined
  }
}

const isRight = (right: string): right is Right => Object.hasOwn(orderRights, right)
