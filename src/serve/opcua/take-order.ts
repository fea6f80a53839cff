// An order from an OPC UA client becomes an order of a person: form and passwords are checked here, rights and everything about the
// plant where every other door has them checked. Nothing is decided here.

import type { Answer, AnswerCode, OrderBody } from '../../core/cycle.ts'
import { unitIds } from '../../core/plant.ts'
import type { Access, Session } from '../access.ts'
import type { Inbox } from '../inbox.ts'
import { unknownName } from '../nearest.ts'
import { checkPersons } from '../persons.ts'
import type { OrderRequest } from './messages.ts'

export type Given = Omit<Answer, 'orderId'>

export type OrderParts = {
  readonly access: Access
  readonly inbox: Inbox
  readonly pairNames: readonly string[]
}

/** Gives the order for the session and resolves with the answer; never rejects for anything a client can do. */
export async function takeOrder(
  parts: OrderParts,
  sessionId: string,
  request: OrderRequest,
): Promise<Given> {
  const session = parts.access.session(sessionId)
  if (session === undefined) return over
  const made = await orderOf(parts, session, request)
  if ('code' in made) return made
  // Checking a password takes a while: the session must still be open, with the role that it has now.
  const now = parts.access.session(sessionId)
  if (now === undefined) return over
  return parts.inbox.submit(made, now.person)
}

async function orderOf(
  parts: OrderParts,
  session: Session,
  request: OrderRequest,
): Promise<OrderBody | Given> {
  const fault = formFault(request)
  if (fault !== undefined) return refused('invalid', fault)
  if ('pair' in request && !parts.pairNames.includes(request.pair)) {
    return refused('not-found', unknownName('pair', request.pair, parts.pairNames))
  }
  if (request.kind === 'confirm') return confirmOf(parts, session, request)
  if (request.kind === 'resolve') return resolveOf(request)
  if (request.kind !== 'prepare') return request
  const to = unitIds.find((unit) => unit === request.to)
  if (to === undefined) return refused('invalid', 'Target: expected A or B')
  return { ...request, to }
}

const resolveWays = ['retry', 'restore', 'adopt', 'resume'] as const

function resolveOf({
  attest,
  ...request
}: Extract<OrderRequest, { kind: 'resolve' }>): OrderBody | Given {
  const way = resolveWays.find((one) => one === request.way)
  if (way === undefined) return refused('invalid', `Way: expected ${resolveWays.join(', ')}`)
  return { ...request, way, ...(attest !== '' && { attest }) }
}

async function confirmOf(
  { access }: OrderParts,
  session: Session,
  request: Extract<OrderRequest, { kind: 'confirm' }>,
): Promise<OrderBody | Given> {
  const { password, approver, approverPassword, typedName, reason, ...rest } = request
  const persons = await checkPersons(access, session, {
    ...(password !== '' && { password }),
    ...(approver !== '' && { approver: { user: approver, password: approverPassword } }),
  })
  if (persons.kind === 'forbidden') return refused('forbidden', persons.text)
  if (persons.kind === 'later') {
    const seconds = Math.max(1, Math.ceil(persons.retryAfterMs / 1000))
    return refused(
      'busy',
      `too many passwords were wrong; nothing was confirmed; try again in ${seconds} s`,
    )
  }
  return {
    ...rest,
    ...(typedName !== '' && { typedName }),
    ...(reason !== '' && { reason }),
    reauthenticated: persons.reauthenticated,
    ...(persons.approver !== undefined && { approver: persons.approver }),
  }
}

/** Text of one line: no control characters, which could paint over a terminal that shows it. */
const line = /^\P{Cc}{0,500}$/u

const overridesMax = 32
const reasoned: readonly string[] = [
  ...['lockout', 'out-of-service', 'qualified', 'resolve', 'shelve'],
]

function formFault(request: OrderRequest): string | undefined {
  const overrides = request.kind === 'prepare' ? request.overrides : []
  if (overrides.length > overridesMax || !overrides.every((one) => line.test(one))) {
    return `Overrides: expected at most ${overridesMax} names of gates`
  }
  for (const [key, value] of Object.entries(request)) {
    if (typeof value !== 'string' || key.toLowerCase().includes('password')) continue
    if (!line.test(value)) {
      return `${key}: expected at most 500 characters and no control characters`
    }
  }
  const needsReason =
    reasoned.includes(request.kind) || (request.kind === 'prepare' && overrides.length > 0)
  const reasonless = 'reason' in request && request.reason.trim() === ''
  return needsReason && reasonless ? 'reason: a reason in words is needed' : undefined
}

const refused = (code: AnswerCode, text: string): Given => ({ code, text })
const over = refused('forbidden', 'the session ended meanwhile; nothing was done')
