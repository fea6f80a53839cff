// What the doors show of one pair. Pure reading; nothing here decides.

import { explain } from './explain.ts'
import { automaticObstacles, standingObstacles } from './gates/readiness.ts'
import { identityText } from './identity.ts'
import { observeOnly, otherUnit, type UnitId } from './plant.ts'
import { failbackText } from './policy/failback.ts'
import { judgeFeed } from './power.ts'
import type { StandingMemory } from './standing.ts'
import { needsReason, needsSecondPerson } from './switchover/confirmation.ts'
import { stepView } from './switchover/ending.ts'
import { kindOf } from './switchover/orders.ts'
import { gateContext, unknownText } from './switchover/proposal.ts'
import { rowOf, table } from './switchover/switchover.ts'
import type { PairCycle, Switchover, SwitchoverMemory } from './switchover/switchover-memory.ts'
import type { Obstacle, PairView, SwitchoverView, TagView, UnitView } from './view.ts'

export function pairView(
  cycle: PairCycle,
  memory: SwitchoverMemory,
  standing: StandingMemory,
  tags: readonly TagView[],
): PairView {
  const { pair, plant, roles, sync, input } = cycle
  const { current, stopped, held, unknown } = memory
  const target = targetOf(cycle)
  const obstacles = target === undefined ? [] : obstaclesTo(cycle, memory, target)
  const phase = current?.phase ?? (stopped ? 'stopped' : 'idle')
  const view: Omit<PairView, 'sentence'> = {
    name: pair.name,
    mode: observeOnly(plant, pair) ? 'observe' : 'supervise',
    criticality: pair.criticality,
    phase,
    ...(roles.primary && { primary: roles.primary }),
    pairState: roles.state,
    sync: {
      verdict: sync.verdict,
      sinceMs: input.nowMs - sync.sinceMs,
      coveragePct: sync.coveragePct,
      sentence: sync.sentence,
    },
    units: { A: unitView(cycle, standing, 'A'), B: unitView(cycle, standing, 'B') },
    tags,
    obstacles,
    ...(target && { target }),
    ready: phase === 'idle' && target !== undefined && obstacles.length === 0,
    ...(current && { switchover: switchoverView(cycle, memory, current) }),
    ...(stopped && {
      stopped: {
        text: stopped.text,
        ways: pair.vendor ? (['adopt'] as const) : (['retry', 'restore', 'adopt'] as const),
      },
    }),
    ...(held !== undefined && { held }),
    ...(unknown && { unknownOutcome: unknownText(unknown) }),
    ...(standing.lockout && { lockout: standing.lockout }),
    ...policyView(cycle, memory, target, obstacles),
    lastEnded: memory.ended,
  }
  const sentence = sentenceOf(cycle, view)
  return { ...view, sentence }
}

/** What the policy of the pair makes of the situation. */
function policyView(
  cycle: PairCycle,
  memory: SwitchoverMemory,
  to: UnitId | undefined,
  obstacles: readonly Obstacle[],
): Pick<PairView, 'automatic' | 'failback'> {
  const { failback } = memory
  const automatic = cycle.pair.policy.switchover === 'automatic' && to !== undefined
  const asked = { kind: 'assisted', to: to ?? 'A', automatic } as const
  return {
    ...(automatic && {
      automatic: { obstacles: automaticObstacles(gateContext(memory, cycle, asked, 'prepare')) },
    }),
    ...(failback && {
      failback: {
        unit: failback.unit,
        after: failback.after,
        text: failbackText(memory, cycle, obstacles),
      },
    }),
  }
}

function sentenceOf(cycle: PairCycle, view: Omit<PairView, 'sentence'>): string {
  const { switchover } = view
  return explain({
    name: view.name,
    observed: view.mode === 'observe',
    units: cycle.units,
    pairState: view.pairState,
    ...(view.primary && { primary: view.primary }),
    syncSentence: view.sync.sentence,
    ...(view.target && { target: view.target }),
    obstacles: view.obstacles,
    ...(view.held !== undefined && { held: view.held }),
    ...(view.lockout && { lockout: `${view.lockout.reason} (${view.lockout.by})` }),
    ...(view.stopped && { stopped: view.stopped.text, ways: view.stopped.ways }),
    ...(view.unknownOutcome !== undefined && { unknownOutcome: view.unknownOutcome }),
    ...(switchover?.to && {
      switchover: {
        phase: switchover.phase,
        to: switchover.to,
        kind: switchover.kind,
        ...(switchover.expiresInMs !== undefined && { expiresInMs: switchover.expiresInMs }),
        ...(switchover.automaticInMs !== undefined && {
          automaticInMs: switchover.automaticInMs,
        }),
        ...(switchover.confirmedBy && { confirmedBy: switchover.confirmedBy }),
      },
    }),
  })
}

/** The unit that a switchover would go to: the one that is not primary, or the fit one of a pair without a primary. */
function targetOf({ roles, units }: PairCycle): UnitId | undefined {
  if (roles.primary) return otherUnit(roles.primary)
  if (roles.lostPrimary) return otherUnit(roles.lostPrimary)
  if (roles.state === 'both primary') return undefined
  if (roles.lastPrimary) return otherUnit(roles.lastPrimary)
  return units.B.role === 'standby' ? 'B' : units.A.role === 'standby' ? 'A' : undefined
}

function obstaclesTo(cycle: PairCycle, memory: SwitchoverMemory, to: UnitId): readonly Obstacle[] {
  const kind = kindOf(cycle, to)
  return standingObstacles(gateContext(memory, cycle, { kind, to }, 'prepare'))
}

function unitView(cycle: PairCycle, standing: StandingMemory, unit: UnitId): UnitView {
  const { pair, units, lastValues, ups } = cycle
  const facts = units[unit]
  const values = lastValues[unit]
  const out = standing.outOfService[unit]
  const known = facts.status !== undefined || values.program !== undefined
  return {
    unit,
    device: pair.units[unit].device,
    location: pair.units[unit].location,
    presence: facts.presence,
    presenceText: facts.presenceText,
    role: facts.role,
    ...(facts.ageMs !== undefined && { ageMs: facts.ageMs }),
    ...(facts.roundTripMs !== undefined && { roundTripMs: facts.roundTripMs }),
    ...(facts.heartbeatAgeMs !== undefined && { heartbeatAgeMs: facts.heartbeatAgeMs }),
    ...(known && {
      program: identityText('program', values.program),
      firmware: identityText('firmware', values.firmware),
      configuration: identityText('configuration', values.configuration),
    }),
    ...(facts.status && { epoch: facts.status.epoch }),
    conditions: facts.conditions,
    powerText: judgeFeed(pair.units[unit].power, ups, pair.gates.upsRuntimeS).text,
    paths: cycle.paths[unit],
    ...(out && { outOfService: { by: out.by, reason: out.reason } }),
    ...cycle.fitness[unit],
  }
}

function switchoverView(
  { pair, input }: PairCycle,
  memory: SwitchoverMemory,
  current: Switchover,
): SwitchoverView {
  const { policy } = pair
  const abort = table[rowOf(current.phase, current.operated)].abort
  return {
    id: current.id,
    kind: current.kind,
    ...(current.from && { from: current.from }),
    to: current.to,
    phase: current.phase,
    raisedBy: current.raisedBy,
    reason: current.reason,
    ...(current.evidence && { evidence: current.evidence }),
    ...(current.phase === 'proposed' && {
      expiresInMs: Math.max(0, current.deadlineMs - input.nowMs),
      ...(current.automatic?.atMs !== undefined && {
        automaticInMs: Math.max(0, current.automatic.atMs - input.nowMs),
      }),
    }),
    needs: {
      typedName: policy.typedName,
      reason: needsReason(current, policy),
      reauthentication: policy.reauthenticate,
      secondPerson: needsSecondPerson(memory, policy),
    },
    ...(current.confirmation && {
      confirmedBy: current.confirmation.by.name,
      confirmedVia: current.confirmation.by.via,
    }),
    ...(current.confirmation?.approver && { approvedBy: current.confirmation.approver.name }),
    steps: current.steps.map((step) => stepView(step, input.nowMs)),
    canAbort: abort.kind !== 'refuse' && current.ending === undefined,
  }
}
