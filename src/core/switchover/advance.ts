// What every phase of a switchover does alike: apply an event as the table says, let a block leave when its intent is durable,
// read its outcome as an event, keep the times of the steps.

import { executeTimeout } from '../block.ts'
import { endingOf, endWith } from './ending.ts'
import { durableMs, type Exchange, label, type Outcome, readyToSend, send } from './exchange.ts'
import { mustWait } from './open-blocks.ts'
import { type Event, rowOf, table } from './switchover.ts'
import type { PairCycle, StepKey, Switchover, SwitchoverMemory } from './switchover-memory.ts'

/** Applies one event to the current switchover as the table says; `text` says what happened. */
export function apply(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  current: Switchover,
  event: Event,
  text: string,
  by = 'supervisor',
): SwitchoverMemory {
  const reaction = table[rowOf(current.phase, current.operated)][event]
  const { pair, input, ledger } = cycle
  switch (reaction.kind) {
    case 'stay':
      return { ...memory, current }
    case 'refuse':
      // Persons are answered in orders.ts; here the supervisor itself met an event that the table forbids.
      throw new Error(`${current.id}: ${event} in phase ${current.phase}: ${reaction.why}`)
    case 'end':
    case 'stop': {
      const failed = reaction.kind === 'end' && reaction.outcome === 'done' ? undefined : text
      const told = endStep(current, input.nowMs, failed)
      return endWith(memory, cycle, told, endingOf(reaction, text, by))
    }
    case 'go': {
      const to = reaction.to as Switchover['phase']
      ledger.record({
        kind: 'phase',
        actor: by,
        pair: pair.name,
        text: `${current.id} ${to}: ${text}`,
        data: { id: current.id, phase: to, was: current.phase },
      })
      return { ...memory, current: { ...current, phase: to, sinceMs: input.nowMs } }
    }
  }
}

/** Lets the block leave when its intent is durable and observe-only does not forbid it (the driver checks that again). */
export function sendIfReady(
  exchange: Exchange,
  current: Switchover,
  cycle: PairCycle,
  open: SwitchoverMemory['openBlocks'],
): Exchange {
  const { pair, units, input, ledger } = cycle
  const status = units[exchange.unit].status
  if (!readyToSend(exchange, input.journal.durable) || status === undefined) return exchange
  if (mustWait(open, exchange)) return exchange
  if (!input.lease.held || input.journal.fault !== undefined) return exchange
  const { device, number } = pair.units[exchange.unit]
  const out = send(
    exchange,
    current.claim,
    { pair: pair.name, device, number },
    status,
    input.nowMs,
  )
  ledger.command(out.command)
  return out.exchange
}

/** What went wrong with a block, and whether the unit may still carry it out. */
export type Failure = {
  readonly event: Event
  readonly text: string
  readonly mayActLate: boolean
}

export function failureEvent(
  outcome: Outcome,
  exchange: Exchange,
  nowMs: number,
): Failure | undefined {
  if (outcome.kind === 'refused') {
    const mayActLate = outcome.result === executeTimeout
    return { event: 'unit refused', text: outcome.text, mayActLate }
  }
  if (outcome.kind === 'silent')
    return { event: 'unit silent', text: outcome.text, mayActLate: true }
  if (outcome.kind === 'dropped')
    return { event: 'never left', text: outcome.text, mayActLate: false }
  const late = exchange.sent === undefined && nowMs - exchange.intentMs > durableMs
  return late
    ? {
        event: 'never left',
        text: `${label(exchange)} was not sent in time: its record was not durable, or an earlier block stood in the way`,
        mayActLate: false,
      }
    : undefined
}

export function recordOutcome(
  { ledger, pair }: PairCycle,
  current: Switchover,
  exchange: Exchange,
  fate: string,
  text?: string,
) {
  ledger.record({
    kind: 'outcome',
    pair: pair.name,
    text: text ?? `${label(exchange)}: ${fate}`,
    data: {
      id: current.id,
      unit: exchange.unit,
      opcode: exchange.opcode,
      epoch: current.claim.epoch,
      seq: exchange.seq,
      fate,
    },
  })
}

export const startStep = (current: Switchover, key: StepKey, nowMs: number): Switchover => ({
  ...current,
  steps: current.steps.map((step) => (step.key === key ? { ...step, startedMs: nowMs } : step)),
})

/** Ends the step that runs, as done or with what failed. */
export const endStep = (
  current: Switchover,
  nowMs: number,
  failed: string | undefined,
): Switchover => ({
  ...current,
  steps: current.steps.map((step) =>
    step.startedMs !== undefined && step.endedMs === undefined
      ? { ...step, endedMs: nowMs, ...(failed !== undefined && { failed }) }
      : step,
  ),
})

/** Obstacles as one sentence: what was found, and what would clear it. */
export const gateText = (
  obstacles: readonly { title: string; value: string; clearsWhen: string }[],
): string =>
  obstacles
    .map(({ title, value, clearsWhen }) => `${title}: ${value} (clears when ${clearsWhen})`)
    .join('; ')
