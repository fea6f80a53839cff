// A person's confirmation: it must name the evidence that holds now, be complete as the pair's policy says, and come from
// people who may give it. Whatever it names that no longer holds is refused with the difference.

import type { Order, Person } from '../cycle.ts'
import { includesRole } from '../plant.ts'
import type { Policy } from '../policy/policy.ts'
import type { Evidence } from '../view.ts'
import { apply } from './advance.ts'
import { materialChange } from './material-change.ts'
import { confirmedBy, refusalOf } from './request.ts'
import type { PairCycle, Switchover, SwitchoverMemory } from './switchover-memory.ts'

export function takeConfirm(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  order: Extract<Order, { kind: 'confirm' }>,
): SwitchoverMemory {
  const { ledger, pair } = cycle
  const { current } = memory
  const refusal = refusalOf(memory, 'confirm')
  if (refusal !== undefined || current === undefined || current.evidence === undefined) {
    const text = refusal ?? 'the evidence is not complete yet'
    ledger.answer(order, 'busy', `${text}${confirmedBy(memory)}`)
    return memory
  }
  const { evidence } = current
  if (order.evidenceHash !== evidence.hash) {
    const difference = differenceSince(current, evidence, order.evidenceHash)
    const text = 'the evidence has changed since you were shown it; judge the new one'
    const more = { switchover: current.id, difference, evidence }
    ledger.record({
      kind: 'refusal',
      actor: order.by.name,
      pair: pair.name,
      text: `confirmation of ${current.id} refused: ${difference.join('; ')}`,
      data: { id: current.id, hash: order.evidenceHash, difference },
    })
    ledger.answer(order, 'evidence-changed', text, more)
    return memory
  }
  const wrong = confirmationFault(memory, current, cycle, order)
  if (wrong) {
    ledger.answer(order, wrong.code, wrong.text)
    return memory
  }
  const { by, approver } = order
  ledger.answer(order, 'accepted', `confirmed: ${evidence.question}`, { switchover: current.id })
  const reason = order.reason ?? current.reason
  return confirmed(memory, cycle, current, { by, ...(approver && { approver }), reason, evidence })
}

/** The confirmation is complete: its record, with which everything after it waits until it is durable. */
export function confirmed(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  current: Switchover,
  given: {
    readonly by: Person
    readonly approver?: Person
    readonly reason: string
    readonly evidence: Evidence
  },
): SwitchoverMemory {
  const { by, approver, reason, evidence } = given
  const { question, hash } = evidence
  const seq = cycle.ledger.record({
    kind: 'confirmation',
    actor: by.name,
    pair: cycle.pair.name,
    text: `${by.name}${approver ? ` and ${approver.name}` : ''} confirmed ${current.id}: ${question}`,
    data: {
      id: current.id,
      hash,
      via: by.via,
      reason,
      ...(approver && { approver: approver.name }),
    },
  })
  const next = apply(memory, cycle, current, 'confirm', `confirmed by ${by.name}`, by.name)
  if (next.current === undefined) return next
  const confirmation = {
    by,
    ...(approver && { approver }),
    seq,
    hash,
    expiresMs: current.deadlineMs,
  }
  return { ...next, current: { ...next.current, confirmation } }
}

/** A person must still give a reason: the order brought none, or the supervisor itself proposed. */
export const needsReason = (current: Switchover, policy: Policy): boolean =>
  policy.reason === 'required' &&
  (current.raisedBy === 'supervisor' || current.reason.trim() === '')

/** Two persons must answer: the pair's policy wants it, or what one person attested is relied on. */
export const needsSecondPerson = ({ stopped }: SwitchoverMemory, policy: Policy): boolean =>
  policy.secondPerson || stopped?.attestedBy !== undefined

/** What is missing or wrong in a confirmation of the evidence that holds. */
function confirmationFault(
  memory: SwitchoverMemory,
  current: Switchover,
  { pair }: PairCycle,
  order: Extract<Order, { kind: 'confirm' }>,
): { code: 'invalid' | 'forbidden'; text: string } | undefined {
  const { policy } = pair
  const { approver } = order
  if (policy.typedName && order.typedName !== pair.name) {
    return { code: 'invalid', text: `type the name of the pair to confirm: "${pair.name}"` }
  }
  if (needsReason(current, pair.policy) && (order.reason ?? '').trim() === '') {
    return { code: 'invalid', text: 'a reason is required: say why the switchover is wanted' }
  }
  if (policy.reauthenticate && !order.reauthenticated) {
    return { code: 'forbidden', text: 'give your password again to confirm' }
  }
  if (needsSecondPerson(memory, policy) && approver === undefined) {
    const word = memory.stopped?.attestedBy
    const why = word === undefined ? '' : `: it rests on what ${word} attested`
    return { code: 'forbidden', text: `a second person must approve with their own password${why}` }
  }
  if (approver !== undefined && approver.name === order.by.name) {
    return { code: 'forbidden', text: `${approver.name} cannot approve their own confirmation` }
  }
  if (approver !== undefined && approver.name === current.raisedBy) {
    return { code: 'forbidden', text: `${approver.name} ordered it and cannot approve it` }
  }
  if (approver !== undefined && !includesRole(approver.role, 'operator')) {
    return {
      code: 'forbidden',
      text: `${approver.name} is ${approver.role}; an operator must approve`,
    }
  }
  return undefined
}

function differenceSince(current: Switchover, now: Evidence, hash: string): readonly string[] {
  const shown = current.earlier.find((one) => one.hash === hash)
  if (shown === undefined) return ['the hash names no evidence of this proposal']
  const changes = materialChange(shown, now)
  return changes.length > 0
    ? changes
    : ['it changed meanwhile and has changed back; answer the newest']
}
