// Carries out a maker's command: each step is intended, durable, judged again, written once and read back; then the roles are
// watched until they rest. What was written and does not show is an unknown outcome, and a person is asked.

import { writtenUnit } from '../gates/gates-vendor.ts'
import type { VendorCommand } from '../vendor-command.ts'
import { apply, endStep, gateText, startStep } from './advance.ts'
import { durableMs, leaveMs } from './exchange.ts'
import { spoiledBefore } from './operate.ts'
import { gatesNow } from './proposal.ts'
import type { PairCycle, Switchover, SwitchoverMemory } from './switchover-memory.ts'
import {
  aimOf,
  handOut,
  isReadAfter,
  isShown,
  noteWrite,
  type VendorWrite,
} from './vendor-write.ts'

/** The first intent, once the confirmation is durable. */
export function startVendor(memory: SwitchoverMemory, cycle: PairCycle): SwitchoverMemory {
  const { current } = memory
  const { vendor } = cycle.pair
  if (current === undefined || vendor === undefined) return memory
  return intend(memory, cycle, startStep(current, 'promote', cycle.input.nowMs), vendor, 0)
}

/** One cycle of the phase in which the command is written. */
export function conductVendor(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  current: Switchover,
  vendor: VendorCommand,
): SwitchoverMemory {
  if (current.write === undefined) return startVendor({ ...memory, current }, cycle)
  const { input, units } = cycle
  const { write, dropped } = noteWrite(current.write, input.writes)
  const next = { ...current, write }
  if (dropped !== undefined) return giveUp(memory, cycle, next, write, dropped)
  const step = vendor.steps[write.step]
  if (write.sent === undefined) return waitToSend(memory, cycle, next, write, vendor)
  if (step !== undefined && isShown(write, step, aimOf(current), units, input.nowMs)) {
    return conductShown(memory, cycle, next, write, vendor)
  }
  if (input.nowMs > write.sent.handedMs + leaveMs + vendor.limitMs) {
    return conductSilent(memory, cycle, next, write, vendor)
  }
  return { ...memory, current: next }
}

function intend(
  memory: SwitchoverMemory,
  { ledger, pair, input }: PairCycle,
  current: Switchover,
  vendor: VendorCommand,
  step: number,
): SwitchoverMemory {
  const seq = memory.lastBlockSeq + 1
  const unit = writtenUnit(vendor, current.to)
  const intentSeq = ledger.record({
    kind: 'operate-intent',
    actor: current.confirmation?.by.name ?? 'supervisor',
    pair: pair.name,
    text: `write ${stepText(vendor, step, current)} at ${unit} of ${pair.name}, once`,
    data: {
      id: current.id,
      unit,
      makersCommand: current.to,
      step,
      epoch: current.claim.epoch,
      owner: current.claim.owner,
      seq,
      confirmation: current.confirmation?.seq ?? 0,
      evidence: current.evidence?.hash ?? '',
    },
  })
  const write: VendorWrite = { unit, step, seq, intentSeq, intentMs: input.nowMs }
  return { ...memory, lastBlockSeq: seq, current: { ...current, write } }
}

/** Before the first write everything that was confirmed must still hold; between two of them the gates of going on. */
function waitToSend(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  current: Switchover,
  write: VendorWrite,
  vendor: VendorCommand,
): SwitchoverMemory {
  const { input, pair, ledger } = cycle
  const spoiled = current.operated
    ? spoiledBetween(memory, cycle, current)
    : spoiledBefore(memory, cycle, current)
  if (spoiled) return apply(memory, cycle, current, spoiled.event, spoiled.text)
  if (input.nowMs - write.intentMs > durableMs) {
    return giveUp(
      memory,
      cycle,
      current,
      write,
      'its record was not durable in time, or the units were not read',
    )
  }
  const ready = write.intentSeq <= input.journal.durable && isFresh(cycle, current, write, vendor)
  if (!ready || !input.lease.held || input.journal.fault !== undefined) {
    return { ...memory, current }
  }
  const { device } = pair.units[write.unit]
  const { epoch } = current.claim
  const out = handOut(write, { pair: pair.name, device, epoch }, input.nowMs)
  ledger.command(out.command)
  return { ...memory, current: { ...current, write: out.write, operated: true } }
}

function spoiledBetween(memory: SwitchoverMemory, cycle: PairCycle, current: Switchover) {
  const { obstacles } = gatesNow(memory, cycle, current, 'promote')
  return obstacles.length > 0
    ? ({ event: 'obstacle', text: gateText(obstacles) } as const)
    : undefined
}

/** What decides was read after the intent; of a command that swaps, both units in the same moment. */
function isFresh(
  { units, input, plant }: PairCycle,
  { kind, to }: Switchover,
  { intentMs }: VendorWrite,
  { idempotence }: VendorCommand,
): boolean {
  const after = (ageMs: number | undefined) => isReadAfter(ageMs, intentMs, input.nowMs)
  if (kind !== 'planned') return after(units[to].ageMs)
  const { A, B } = units
  if (!after(A.ageMs) || !after(B.ageMs)) return false
  const apartMs = Math.abs((A.ageMs ?? 0) - (B.ageMs ?? 0))
  return idempotence === 'absolute' || apartMs <= plant.cycleMs
}

function conductShown(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  current: Switchover,
  write: VendorWrite,
  vendor: VendorCommand,
): SwitchoverMemory {
  recordFate(
    cycle,
    current,
    write,
    'done',
    `${stepText(vendor, write.step, current)} at ${write.unit}: read back`,
  )
  if (write.step + 1 < vendor.steps.length) {
    return intend(memory, cycle, current, vendor, write.step + 1)
  }
  const { nowMs } = cycle.input
  const { write: _write, ...done } = endStep(current, nowMs, undefined)
  const text = `${current.to} was read as primary after the command`
  const settling = apply(memory, cycle, startStep(done, 'settle', nowMs), 'promoted', text)
  const restMs = Math.max(cycle.pair.policy.settleS * 1000, vendor.settleMs)
  return settling.current
    ? { ...settling, current: { ...settling.current, deadlineMs: nowMs + restMs } }
    : settling
}

/** Written, and nothing came of it that could be read: it may still be carried out, and nobody here knows. */
function conductSilent(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  current: Switchover,
  write: VendorWrite,
  vendor: VendorCommand,
): SwitchoverMemory {
  const { units } = cycle
  const told = write.sent?.detail === undefined ? '' : ` (${write.sent.detail})`
  const what = `${stepText(vendor, write.step, current)} at ${write.unit}`
  const text =
    `${what} shows no effect within ${vendor.limitMs / 1000} s: A is ${units.A.role}, ` +
    `B is ${units.B.role}${told}; it may still be carried out`
  recordFate(cycle, current, write, 'unknown', text)
  const { write: _write, ...rest } = current
  const next = apply(memory, cycle, rest, 'unit silent', text)
  return {
    ...next,
    unknown: {
      unit: write.unit,
      action: 'GO_ACTIVE',
      claim: current.claim,
      seq: write.seq,
      settledAfterMs: cycle.input.nowMs,
      makersCommand: current.to,
    },
  }
}

/** No byte of it left: the first one has changed nothing, a later one leaves the command half done. */
function giveUp(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  current: Switchover,
  write: VendorWrite,
  why: string,
): SwitchoverMemory {
  const text = `the maker's command at ${write.unit} never left: ${why}`
  recordFate(cycle, current, write, 'never left', text)
  const { write: _write, ...rest } = current
  return apply(memory, cycle, { ...rest, operated: write.step > 0 }, 'never left', text)
}

function recordFate(
  { ledger, pair }: PairCycle,
  current: Switchover,
  { unit, step, seq }: VendorWrite,
  fate: string,
  text: string,
) {
  const { id, claim } = current
  const data = { id, unit, opcode: 'MAKER', step, epoch: claim.epoch, seq, fate }
  ledger.record({ kind: 'outcome', pair: pair.name, text, data })
}

const stepText = ({ steps }: VendorCommand, step: number, { to }: Switchover): string =>
  steps[step]?.text[to] ?? `step ${step}`
