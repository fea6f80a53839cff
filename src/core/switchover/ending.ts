// How a switchover ends: what is recorded, what stays standing on the pair, and the CANCEL that gives a selection back before
// the end is told. No CANCEL follows an OPERATE at the same unit.

import type { EndedView, StepView } from '../view.ts'
import type { Exchange } from './exchange.ts'
import { afterMoving, afterOwnProposal, countUnanswered } from './own-proposal.ts'
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
  const unanswered = countUnanswered(memory, cycle, current, outcome)
  const ended: EndedView = {
    id: current.id,
    kind: current.kind,
    to: current.to,
    outcome,
    text,
    endedWallMs: input.wallMs,
    by: ending.by,
    ...confirmedOf(current),
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
      ...(current.failed && { failed: current.failed }),
      ...(unanswered && { unanswered }),
      ...confirmedOf(current),
      steps: ended.steps,
    },
  })
  const { current: _current, ...rest } = memory
  const next: SwitchoverMemory = { ...rest, ended: [ended, ...memory.ended].slice(0, endedKept) }
  return standingAfter(next, cycle, current, ending)
}

function confirmedOf({ confirmation }: Switchover) {
  if (confirmation === undefined) return {}
  const { by, approver } = confirmation
  return {
    confirmed: { by: by.name, via: by.via, ...(approver && { approver: approver.name }) },
  }
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
  cycle: PairCycle,
  current: Switchover,
  ending: Ending,
): SwitchoverMemory {
  const { outcome, text } = ending
  // Whoever confirmed has answered; that what was confirmed did not come to its end is another matter.
  const answered = current.confirmation === undefined ? memory : withoutUnanswered(memory)
  if (outcome === 'stopped') {
    return { ...answered, stopped: stoppedBy(memory.stopped, current, text) }
  }
  if (outcome === 'done') {
    const { stopped: _stopped, unknown: _unknown, ...free } = answered
    if (!current.operated) return free
    return afterMoving({ ...free, lastSwitchedMs: cycle.input.nowMs }, cycle, current)
  }
  if (current.raisedBy !== 'supervisor') return answered
  return afterOwnProposal(answered, cycle, current, ending)
}

function withoutUnanswered({ unanswered: _answered, ...rest }: SwitchoverMemory): SwitchoverMemory {
  return rest
}

/** A stopped resolution keeps what the first stop was about, so that retry and restore mean the same units. */
function stoppedBy(before: Stopped | undefined, current: Switchover, text: string): Stopped {
  const mayActLate = current.mayActLate ?? before?.mayActLate
  const from = before ? before.from : current.from
  const failed = before ? before.failed : current.failed
  return {
    text,
    ...(failed && { failed }),
    ...(from && { from }),
    to: before?.to ?? current.to,
    ...(mayActLate && { mayActLate }),
    ...(before?.attestedBy !== undefined && { attestedBy: before.attestedBy }),
  }
}
