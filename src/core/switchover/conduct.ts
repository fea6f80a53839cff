// Carries a switchover on by one cycle: what the units showed becomes an event, the table in switchover.ts says what follows.
// Nothing advances on a write's reply; only a later read of the unit moves it. Read `conduct` first.

import { unitIds } from '../plant.ts'
import { judgeFailback } from '../policy/failback.ts'
import { apply, endStep, failureEvent, gateText, recordOutcome, sendIfReady } from './advance.ts'
import { beginGrace, confirmByPolicy, judgeGates } from './automatic.ts'
import { finish } from './ending.ts'
import { durableMs, type Exchange, noteLeft, outcomeOf } from './exchange.ts'
import { materialChange } from './material-change.ts'
import { closeJudged, noteSent, tellOrphans } from './open-blocks.ts'
import { conductOperation, conductSettling, spoiledBefore, startOperation } from './operate.ts'
import { evidenceNow } from './proposal.ts'
import { forgetRejection, maybePropose } from './proposing.ts'
import type { Event } from './switchover.ts'
import type { PairCycle, Switchover, SwitchoverMemory } from './switchover-memory.ts'
import { settleUnknown } from './unknown-outcome.ts'
import { conductVendor, startVendor } from './vendor-conduct.ts'
import { isReadAfter } from './vendor-write.ts'

/** One cycle of the pair's switchover, before the orders of this cycle are taken. */
export function conduct(before: SwitchoverMemory, cycle: PairCycle): SwitchoverMemory {
  const { memory: unjudged, closed } = closeJudged(before, cycle)
  const memory = judgeFailback(forgetRejection(settleUnknown(unjudged, cycle), cycle), cycle)
  const after = conductPhase(memory, cycle)
  tellOrphans(after, closed, cycle)
  return noteSent(after, memory)
}

function conductPhase(memory: SwitchoverMemory, cycle: PairCycle): SwitchoverMemory {
  const { current } = memory
  if (current === undefined) return maybePropose(memory, cycle)
  if (current.ending !== undefined) return conductEnding(memory, cycle, current)
  switch (current.phase) {
    case 'preparing':
      return conductPreparing(memory, cycle, current)
    case 'proposed':
      return conductProposed(memory, cycle, current)
    case 'confirmed':
      return conductConfirmed(memory, cycle, current)
    case 'demoting':
    case 'promoting':
      if (cycle.pair.vendor) return conductVendor(memory, cycle, current, cycle.pair.vendor)
      return conductOperation(memory, cycle, current)
    case 'settling':
      return conductSettling(memory, cycle, current)
  }
}

function conductPreparing(memory: SwitchoverMemory, cycle: PairCycle, current: Switchover) {
  const { input, units } = cycle
  const judged = judgeGates(memory, cycle, current, 'prepare')
  const { obstacles } = judged
  if (obstacles.length > 0) return apply(memory, cycle, current, 'obstacle', gateText(obstacles))
  let next = judged.current
  for (const claim of current.claims) {
    const noted = noteLeft(claim, input.writes)
    const outcome = outcomeOf(noted, current.claim, units[noted.unit], input.writes, input.nowMs)
    if (next.claimed[noted.unit] !== undefined) continue
    const failed = failureEvent(outcome, noted, input.nowMs)
    if (failed) {
      recordOutcome(cycle, current, noted, failed.event, failed.text)
      return apply(memory, cycle, next, failed.event, failed.text)
    }
    if (outcome.kind === 'accepted') {
      recordOutcome(cycle, current, noted, 'done')
      next = { ...next, claimed: { ...next.claimed, [noted.unit]: outcome.atMs } }
    }
    next = replaceClaim(next, sendIfReady(noted, next, cycle, memory.openBlocks))
  }
  if (input.nowMs > current.deadlineMs) {
    return apply(memory, cycle, next, 'deadline', 'the claims were not answered in time')
  }
  const read = cycle.pair.vendor ? readAfterOrder(next, cycle) : readAfterClaims(next, cycle)
  return read ? propose(memory, cycle, next) : { ...memory, current: next }
}

/** Every claimed unit was read after the last claim had been verified: only such a read may decide. */
function readAfterClaims({ claims, claimed }: Switchover, { units }: PairCycle): boolean {
  const times = claims.map(({ unit }) => claimed[unit])
  if (times.some((atMs) => atMs === undefined)) return false
  const lastMs = Math.max(0, ...times.map((atMs) => atMs ?? 0))
  return claims.every(({ unit }) => units[unit].reads.some((read) => read.sentMs > lastMs))
}

/** Without claims the units that decide were read after the order itself. */
function readAfterOrder({ kind, to, sinceMs }: Switchover, { units, input }: PairCycle): boolean {
  const decisive = kind === 'planned' ? unitIds : kind === 'adopt' ? [] : [to]
  return decisive.every((unit) => isReadAfter(units[unit].ageMs, sinceMs, input.nowMs))
}

function propose(memory: SwitchoverMemory, cycle: PairCycle, before: Switchover) {
  const { current, results, obstacles } = judgeGates(memory, cycle, before, 'operate')
  if (obstacles.length > 0) return apply(memory, cycle, before, 'obstacle', gateText(obstacles))
  const claimed = endStep(current, cycle.input.nowMs, undefined)
  const proposed = apply(
    memory,
    cycle,
    claimed,
    'claimed',
    'evidence shown, waiting for confirmation',
  )
  const next = proposed.current
  if (next === undefined) return proposed
  const deadlineMs = cycle.input.nowMs + cycle.pair.policy.confirmS * 1000
  return showEvidence(
    proposed,
    cycle,
    { ...next, deadlineMs },
    evidenceNow(memory, cycle, next, results),
    [],
  )
}

function conductProposed(memory: SwitchoverMemory, cycle: PairCycle, before: Switchover) {
  const { current, results, obstacles } = judgeGates(memory, cycle, before, 'operate')
  if (obstacles.length > 0) return apply(memory, cycle, before, 'obstacle', gateText(obstacles))
  if (cycle.input.nowMs > current.deadlineMs) {
    return apply(memory, cycle, current, 'deadline', 'nobody answered in time; nothing was changed')
  }
  const now = evidenceNow(memory, cycle, current, results)
  const changes = current.evidence ? materialChange(current.evidence, now) : []
  return changes.length > 0
    ? showEvidence(memory, cycle, current, now, changes)
    : confirmByPolicy(memory, cycle, current)
}

function showEvidence(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  current: Switchover,
  evidence: NonNullable<Switchover['evidence']>,
  changes: readonly string[],
): SwitchoverMemory {
  const { ledger, pair } = cycle
  const why =
    changes.length > 0
      ? `evidence of ${current.id} changed: ${changes.join('; ')}`
      : evidence.question
  ledger.record({
    kind: 'proposal',
    actor: current.raisedBy,
    pair: pair.name,
    text: why,
    data: {
      id: current.id,
      hash: evidence.hash,
      changes,
      evidence: JSON.parse(JSON.stringify(evidence)),
    },
  })
  const earlier = current.evidence
    ? [...current.earlier, current.evidence].slice(-8)
    : current.earlier
  return { ...memory, current: beginGrace({ ...current, evidence, earlier }, cycle) }
}

function conductConfirmed(memory: SwitchoverMemory, cycle: PairCycle, current: Switchover) {
  const spoiled = spoiledBefore(memory, cycle, current)
  if (spoiled) return apply(memory, cycle, current, spoiled.event, spoiled.text)
  const { confirmation } = current
  if (confirmation === undefined || confirmation.seq > cycle.input.journal.durable)
    return { ...memory, current }
  if (current.kind === 'adopt')
    return apply(
      memory,
      cycle,
      current,
      'settled',
      `roles accepted by ${confirmation.by.name}`,
      confirmation.by.name,
    )
  const { vendor } = cycle.pair
  // A maker's command moves both roles at once.
  const demote = current.kind === 'planned' && vendor === undefined
  const event: Event = demote ? 'record durable' : 'nothing to demote'
  const text = `confirmed by ${confirmation.by.name}, record durable`
  const started = apply(memory, cycle, current, event, text)
  return vendor === undefined ? startOperation(started, cycle) : startVendor(started, cycle)
}

function conductEnding(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  current: Switchover,
): SwitchoverMemory {
  const { exchange, ending } = current
  if (ending === undefined) return memory
  if (exchange === undefined) return finish(memory, cycle, current, ending)
  const { input, units } = cycle
  const noted = noteLeft(exchange, input.writes)
  const outcome = outcomeOf(noted, current.claim, units[noted.unit], input.writes, input.nowMs)
  const stuck = noted.sent === undefined && input.nowMs - noted.intentMs > durableMs
  if (outcome.kind !== 'waiting' || stuck) {
    recordOutcome(cycle, current, noted, outcome.kind === 'accepted' ? 'done' : outcome.kind)
    return finish(memory, cycle, current, ending)
  }
  return {
    ...memory,
    current: { ...current, exchange: sendIfReady(noted, current, cycle, memory.openBlocks) },
  }
}

const replaceClaim = (current: Switchover, claim: Exchange): Switchover => ({
  ...current,
  claims: current.claims.map((one) => (one.unit === claim.unit ? claim : one)),
})
