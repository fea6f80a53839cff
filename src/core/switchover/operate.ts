// Demote, promote, settle: the part of a switchover that moves the plant. Each unit is selected, operated and verified by a read
// that was sent after the write; once an OPERATE is on its way only its judgement counts.

import { otherUnit, type UnitId } from '../plant.ts'
import {
  apply,
  endStep,
  type Failure,
  failureEvent,
  gateText,
  recordOutcome,
  sendIfReady,
  startStep,
} from './advance.ts'
import { evidenceWord } from './evidence.ts'
import { type Exchange, type LateUnit, label, noteLeft, outcomeOf } from './exchange.ts'
import { materialChange } from './material-change.ts'
import { evidenceNow, gatesNow } from './proposal.ts'
import { type Event, stepLimitsMs } from './switchover.ts'
import type { PairCycle, Switchover, SwitchoverMemory } from './switchover-memory.ts'
import { unknownAfter } from './unknown-outcome.ts'
import { aimOf, unverified } from './vendor-write.ts'

/** The first block of a demote or promote: a SELECT with its own durable intent. */
export function startOperation(memory: SwitchoverMemory, cycle: PairCycle): SwitchoverMemory {
  const { current } = memory
  if (current === undefined) return memory
  const demoting = current.phase === 'demoting'
  const unit = demoting ? otherUnit(current.to) : current.to
  const started = startStep(current, demoting ? 'demote' : 'promote', cycle.input.nowMs)
  return nextBlock(memory, cycle, started, {
    unit,
    opcode: 'SELECT',
    action: demoting ? 'GO_STANDBY' : 'GO_ACTIVE',
    expectedRole: demoting ? 'primary' : 'standby',
  })
}

function nextBlock(
  memory: SwitchoverMemory,
  { ledger, pair, input }: PairCycle,
  current: Switchover,
  block: Pick<Exchange, 'unit' | 'opcode' | 'expectedRole'> & {
    action: 'GO_ACTIVE' | 'GO_STANDBY'
  },
): SwitchoverMemory {
  const seq = memory.lastBlockSeq + 1
  const intentSeq = ledger.record({
    kind: block.opcode === 'SELECT' ? 'select-intent' : 'operate-intent',
    actor: current.confirmation?.by.name ?? 'supervisor',
    pair: pair.name,
    text: `${label(block)} of ${pair.name}`,
    data: {
      id: current.id,
      unit: block.unit,
      action: block.action,
      epoch: current.claim.epoch,
      owner: current.claim.owner,
      seq,
      confirmation: current.confirmation?.seq ?? 0,
      evidence: current.evidence?.hash ?? '',
    },
  })
  const evidence = evidenceWord(current.confirmation?.hash ?? '0')
  const exchange: Exchange = { ...block, seq, evidence, intentSeq, intentMs: input.nowMs }
  return { ...memory, lastBlockSeq: seq, current: { ...current, exchange } }
}

export function conductOperation(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  current: Switchover,
): SwitchoverMemory {
  const { input, units } = cycle
  if (current.exchange === undefined) return startOperation({ ...memory, current }, cycle)
  const exchange = noteLeft(current.exchange, input.writes)
  const next = { ...current, exchange }
  const outcome = outcomeOf(
    exchange,
    current.claim,
    units[exchange.unit],
    input.writes,
    input.nowMs,
  )
  const failed = failureEvent(outcome, exchange, input.nowMs)
  if (failed) return conductFailure(memory, cycle, next, failed)
  if (outcome.kind === 'accepted') return conductAccepted(memory, cycle, next, exchange)
  // Once an OPERATE is on its way nothing can spoil it any more: only its judgement counts.
  if (exchange.opcode === 'OPERATE' && exchange.sent) return { ...memory, current: next }
  const spoiled = current.operated
    ? spoiledPromote(memory, cycle, next)
    : spoiledBefore(memory, cycle, next)
  if (spoiled) return apply(memory, cycle, next, spoiled.event, spoiled.text)
  const sent = sendIfReady(exchange, next, cycle, memory.openBlocks)
  const left = exchange.opcode === 'OPERATE' && sent.sent !== undefined
  return { ...memory, current: { ...next, exchange: sent, operated: next.operated || left } }
}

function conductAccepted(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  current: Switchover,
  exchange: Exchange,
): SwitchoverMemory {
  recordOutcome(cycle, current, exchange, 'done')
  const { unit, action, expectedRole } = exchange
  if (exchange.opcode === 'SELECT' && action)
    return nextBlock(memory, cycle, current, { unit, opcode: 'OPERATE', action, expectedRole })
  const { exchange: _exchange, ...done } = endStep(current, cycle.input.nowMs, undefined)
  if (current.phase === 'demoting') {
    const text = `${unit} was read as standby after the OPERATE`
    return startOperation(apply(memory, cycle, done, 'demoted', text), cycle)
  }
  const text = `${unit} was read as primary after the OPERATE`
  const settling = apply(
    memory,
    cycle,
    startStep(done, 'settle', cycle.input.nowMs),
    'promoted',
    text,
  )
  const deadlineMs = cycle.input.nowMs + cycle.pair.policy.settleS * 1000
  return settling.current ? { ...settling, current: { ...settling.current, deadlineMs } } : settling
}

function conductFailure(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  current: Switchover,
  failed: Failure,
): SwitchoverMemory {
  const { exchange } = current
  if (exchange === undefined) return memory
  const { event, text } = failed
  const operate = exchange.opcode === 'OPERATE'
  const unknown = event === 'unit silent' && operate && exchange.sent !== undefined
  recordOutcome(cycle, current, exchange, unknown ? 'unknown' : event, text)
  const neverOperated = event === 'never left' && operate && isFirstOperate(current)
  const late = failed.mayActLate && operate && exchange.action === 'GO_ACTIVE'
  // A SELECT that was refused or never left stands nowhere; one that stayed unanswered may, and is cancelled.
  const { exchange: _exchange, ...withoutBlock } = current
  const told: Switchover = {
    ...(event === 'unit silent' ? current : withoutBlock),
    operated: current.operated && !neverOperated,
    ...(late && { mayActLate: lateUnit(exchange.unit, cycle) }),
  }
  const next = apply(memory, cycle, told, event, text)
  if (!unknown) return next
  return { ...next, unknown: unknownAfter(exchange, current.claim, cycle.input.nowMs) }
}

export function conductSettling(memory: SwitchoverMemory, cycle: PairCycle, current: Switchover) {
  const { roles, units, input } = cycle
  const role = units[current.to].role
  if (roles.state === 'both primary' || (role !== 'primary' && role !== 'unknown')) {
    return apply(
      memory,
      cycle,
      current,
      'obstacle',
      `${current.to} is ${role} after the promote, ${otherUnit(current.to)} is ${units[otherUnit(current.to)].role}`,
    )
  }
  if (input.nowMs < current.deadlineMs) return { ...memory, current }
  const { vendor } = cycle.pair
  const open = vendor && unverified(vendor, units, aimOf(current))
  if (roles.primary === current.to && open === undefined) {
    return apply(
      memory,
      cycle,
      current,
      'settled',
      `${current.to} is primary`,
      current.confirmation?.by.name,
    )
  }
  if (input.nowMs < current.deadlineMs + stepLimitsMs.promote) return { ...memory, current }
  return apply(
    memory,
    cycle,
    current,
    'obstacle',
    open ?? `${current.to} is not read as primary any more: ${units[current.to].presenceText}`,
  )
}

/** What voids a confirmed plan before its first OPERATE. */
export function spoiledBefore(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  current: Switchover,
): { event: Event; text: string } | undefined {
  const { results, obstacles } = gatesNow(memory, cycle, current, 'operate')
  if (obstacles.length > 0) return { event: 'obstacle', text: gateText(obstacles) }
  const { confirmation, evidence } = current
  const changes = evidence
    ? materialChange(evidence, evidenceNow(memory, cycle, current, results))
    : []
  if (changes.length > 0)
    return {
      event: 'evidence changed',
      text: `the evidence changed after the confirmation: ${changes.join('; ')}`,
    }
  if (confirmation && cycle.input.nowMs > confirmation.expiresMs) {
    return { event: 'deadline', text: 'the confirmation expired before the first OPERATE' }
  }
  return undefined
}

function spoiledPromote(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  current: Switchover,
): { event: Event; text: string } | undefined {
  const { obstacles } = gatesNow(memory, cycle, current, 'promote')
  return obstacles.length > 0 ? { event: 'obstacle', text: gateText(obstacles) } : undefined
}

/** The first OPERATE of a planned switchover is the demote's, of any other kind the promote's. */
const isFirstOperate = ({ kind, phase }: Switchover): boolean =>
  phase === 'demoting' || kind !== 'planned'

const lateUnit = (unit: UnitId, { units }: PairCycle): LateUnit => {
  const boot = units[unit].status?.boot
  return { unit, ...(boot !== undefined && { boot }) }
}
