// How a switchover ends: what is recorded, what stays standing on the pair, and the CANCEL that gives a selection back before
// the end is told. No CANCEL follows an OPERATE at the same unit.

import type { EndedView, StepView } from '../view.ts'
import type { Exchange } from './exchange.ts'
import type { Reaction } from './switchover.ts'
import type {
  Ending,
  PairCycle,
  Step,
  Stopped,
  Switchover,
  SwitchoverMemory,
} from './switchover-memory.ts'

const endedKept = 5

/** Ends or stops the current switchover; first cancels a selection that stands. */
export function endWith(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  current: Switchover,
  ending: Ending,
): SwitchoverMemory {
  const { exchange } = current
  if (exchange === undefined || !selectionMayStand(exchange)) {
    return finish(memory, cycle, current, ending)
  }
  const seq = memory.lastBlockSeq + 1
  const intentSeq = cycle.ledger.record({
    kind: 'cancel-intent',
    pair: cycle.pair.name,
    text: `cancel the selection at ${cycle.pair.name}.${exchange.unit}: ${ending.text}`,
    data: { id: current.id, unit: exchange.unit, epoch: current.claim.epoch, seq },
  })
  const cancel: Exchange = {
    unit: exchange.unit,
    opcode: 'CANCEL',
    expectedRole: exchange.expectedRole,
    seq,
    evidence: exchange.evidence,
    intentSeq,
    intentMs: cycle.input.nowMs,
  }
  return { ...memory, lastBlockSeq: seq, current: { ...current, exchange: cancel, ending } }
}

/** A SELECT has left, or its OPERATE has not. */
const selectionMayStand = ({ opcode, sent }: Exchange): boolean =>
  (opcode === 'SELECT' && sent !== undefined) || (opcode === 'OPERATE' && sent === undefined)

/** Tells the end and leaves standing what must be remembered. */
export function finish(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  current: Switchover,
  ending: Ending,
): SwitchoverMemory {
  const { pair, input, ledger } = cycle
  const { outcome, text } = ending
  const ended: EndedView = {
    id: current.id,
    kind: current.kind,
    to: current.to,
    outcome,
    text,
    endedWallMs: input.wallMs,
    by: ending.by,
    steps: current.steps.map((step) => stepView(step, input.nowMs)),
  }
  ledger.record({
    kind: 'ended',
    actor: ending.by,
    pair: pair.name,
    text: `${current.id} ${outcome}: ${text}`,
    data: {
      id: current.id,
      kind: current.kind,
      to: current.to,
      ...(current.from && { from: current.from }),
      outcome,
      text,
      operated: current.operated,
      ...(current.mayActLate && { mayActLate: current.mayActLate }),
      steps: ended.steps,
    },
  })
  const { current: _current, unanswered: _unanswered, ...rest } = memory
  const next: SwitchoverMemory = { ...rest, ended: [ended, ...memory.ended].slice(0, endedKept) }
  return standingAfter(next, cycle, current, ending)
}

export const stepView = (step: Step, nowMs: number): StepView => ({
  text: step.text,
  state:
    step.failed !== undefined
      ? 'failed'
      : step.endedMs !== undefined
        ? 'ok'
        : step.startedMs !== undefined
          ? 'now'
          : 'wait',
  limitMs: step.limitMs,
  ...(step.startedMs !== undefined && { tookMs: (step.endedMs ?? nowMs) - step.startedMs }),
  ...(step.failed !== undefined && { detail: step.failed }),
})

/** The end that a reaction of the table asks for. */
export function endingOf(
  reaction: Extract<Reaction, { kind: 'end' | 'stop' }>,
  text: string,
  by: string,
): Ending {
  return { outcome: reaction.kind === 'stop' ? 'stopped' : reaction.outcome, text, by }
}

function standingAfter(
  memory: SwitchoverMemory,
  { pair, input, owner }: PairCycle,
  current: Switchover,
  { outcome, text, by }: Ending,
): SwitchoverMemory {
  if (outcome === 'stopped') return { ...memory, stopped: stoppedBy(memory.stopped, current, text) }
  if (outcome === 'done') {
    const { stopped: _stopped, unknown: _unknown, ...free } = memory
    return current.operated ? { ...free, lastSwitchedMs: input.nowMs } : free
  }
  if (current.raisedBy !== 'supervisor') return memory
  const againMs = pair.policy.proposeAgainS * 1000
  const apartMs = current.evidence === undefined ? backOffMs(owner, memory.count) : 0
  const next = { ...memory, proposeAfterMs: input.nowMs + againMs + apartMs }
  if (outcome === 'expired') return { ...next, unanswered: current.id }
  const rejected = outcome === 'refused' && by !== 'supervisor'
  return rejected && current.from ? { ...next, rejectedFor: current.from } : next
}

/** Longest share of the back-off by which two supervisors differ, ms. */
const backOffMaxMs = 10_000

/**
 * Two supervisors that took each other's claims away must not meet again at the same moment. The owner's number is random for each
 * start of a supervisor, so what follows from it and from the count of attempts differs too, and can be replayed.
 */
const backOffMs = (owner: number, count: number): number =>
  ((owner * 40_503 + count * 30_011) & 0xffff) % backOffMaxMs

/** A stopped resolution keeps what the first stop was about, so that retry and restore mean the same units. */
function stoppedBy(before: Stopped | undefined, current: Switchover, text: string): Stopped {
  const mayActLate = current.mayActLate ?? before?.mayActLate
  const from = before ? before.from : current.from
  return {
    text,
    ...(from && { from }),
    to: before?.to ?? current.to,
    ...(mayActLate && { mayActLate }),
  }
}
