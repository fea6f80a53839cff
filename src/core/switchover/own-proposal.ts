// What stays of a proposal that the supervisor made itself: a no is a no, and an unanswered one is made again after a while and
// counted.

import { endFailback, openFailback } from '../policy/failback.ts'
import type {
  Ending,
  Failback,
  PairCycle,
  Switchover,
  SwitchoverMemory,
} from './switchover-memory.ts'

/** Who is named where no person is. */
const nobody = ['supervisor', 'policy']
const isPerson = (by: string): boolean => !nobody.includes(by)

/** The memory after the end of a proposal that no person had ordered, and that moved nothing. */
export function afterOwnProposal(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  current: Switchover,
  { outcome, by }: Ending,
): SwitchoverMemory {
  const { pair, input, owner } = cycle
  const apartMs = current.evidence === undefined ? backOffMs(owner, memory.count) : 0
  const againMs = input.nowMs + pair.policy.proposeAgainS * 1000 + apartMs
  const saidNo = isPerson(by)
  if (current.failback) return afterFailbackProposal(memory, cycle, outcome, by, againMs)
  const next = { ...memory, proposeAfterMs: againMs }
  const unanswered = countUnanswered(memory, cycle, current, outcome)
  if (unanswered !== undefined) return { ...next, unanswered }
  if (!saidNo) return next
  const { unanswered: _answered, ...rest } = next
  return current.from ? { ...rest, rejectedFor: current.from } : rest
}

/** Longest share of the back-off by which two supervisors differ, ms. */
const backOffMaxMs = 10_000

/**
 * Two supervisors that took each other's claims away must not meet again at the same moment. The owner's number is random for each
 * start of a supervisor, so what follows from it and from the count of attempts differs too, and can be replayed.
 */
const backOffMs = (owner: number, count: number): number =>
  ((owner * 40_503 + count * 30_011) & 0xffff) % backOffMaxMs

/** The count of unanswered proposals after this end; undefined when it adds nothing to it. */
export function countUnanswered(
  { unanswered }: SwitchoverMemory,
  { input, roles }: PairCycle,
  { id, raisedBy, failback }: Switchover,
  outcome: Ending['outcome'],
): SwitchoverMemory['unanswered'] {
  if (raisedBy !== 'supervisor' || failback || outcome !== 'expired') return undefined
  const seenMs = roles.primarySeenMs ?? input.nowMs
  const { count = 0, sinceWallMs = input.wallMs - (input.nowMs - seenMs) } = unanswered ?? {}
  return { last: id, count: count + 1, sinceWallMs }
}

/** What a switchover that moved the process leaves: the matter of the unit that failed, or the end of one. */
export function afterMoving(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  { id, failed, failback }: Switchover,
): SwitchoverMemory {
  if (failed !== undefined) return openFailback(memory, cycle, failed, id)
  return endFailback(memory, cycle, failback ? `${id} went back` : `a person ordered ${id}`)
}

function afterFailbackProposal(
  memory: SwitchoverMemory,
  { ledger, pair }: PairCycle,
  outcome: Ending['outcome'],
  by: string,
  notBeforeMs: number,
): SwitchoverMemory {
  const { failback } = memory
  if (failback === undefined) return memory
  const next: Failback = { ...failback, notBeforeMs }
  if (outcome === 'expired') {
    return { ...memory, failback: { ...next, unanswered: failback.unanswered + 1 } }
  }
  if (!isPerson(by)) return { ...memory, failback: next }
  ledger.record({
    kind: 'failback',
    actor: by,
    pair: pair.name,
    text: `${pair.name}: ${by} said no to the way back to ${failback.unit}; it is not proposed again before ${failback.unit} has failed and qualified once more`,
    data: { event: 'rejected', unit: failback.unit },
  })
  return { ...memory, failback: { ...next, unanswered: 0, rejectedBy: by } }
}
