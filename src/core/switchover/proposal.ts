// Begins a switchover, and prepares what its operator is to judge: gates, plan, evidence. Nothing here writes to a unit.

import { epochStepMax } from '../block.ts'
import { planWords } from '../explain.ts'
import type { GateContext, Stage } from '../gates/gate-context.ts'
import { evaluateGates, obstaclesOf } from '../gates/readiness.ts'
import { otherUnit, type UnitId, unitIds } from '../plant.ts'
import type { GateResult, Obstacle, PlanStep, SwitchoverKind } from '../view.ts'
import { freezeEvidence } from './evidence.ts'
import type { Claim, Exchange } from './exchange.ts'
import { stepLimitsMs } from './switchover.ts'
import type { PairCycle, Step, Switchover, SwitchoverMemory } from './switchover-memory.ts'
import { vendorSteps } from './vendor-plan.ts'

export type Request = {
  readonly kind: SwitchoverKind
  readonly from?: UnitId
  readonly to: UnitId
  readonly by: string
  readonly reason: string
  readonly overrides: readonly string[]
  /** The unit from which the process is taken because it failed. */
  readonly failed?: UnitId
  /** The supervisor's own proposal to go back. */
  readonly failback?: true
  /** The supervisor is to confirm it itself, if nobody else does. */
  readonly automatic?: true
}

export type Begun =
  | { readonly memory: SwitchoverMemory }
  | { readonly obstacles: readonly Obstacle[] }

/** The whole preparation must end within this time. */
const prepareMs = 6000

/** Starts preparing; the obstacles instead, when a gate is not met. Claims go out once their intents are durable. */
export function begin(memory: SwitchoverMemory, cycle: PairCycle, request: Request): Begun {
  const obstacles = obstaclesOf(
    evaluateGates(gateContext(memory, cycle, request, 'prepare'), request.overrides),
  )
  if (obstacles.length > 0) return { obstacles }
  const { kind, from, to, by, reason, overrides } = request
  const { pair, input, ledger } = cycle
  const count = memory.count + 1
  const id = `${pair.name}-${count}`
  const claim: Claim = { epoch: nextEpoch(memory, cycle), owner: cycle.owner }
  const { failed, failback, automatic } = request
  const plan = { id, kind, to, ...(from && { from }), reason, overrides, ...(failed && { failed }) }
  ledger.record({
    kind: 'phase',
    actor: by,
    pair: pair.name,
    text: `${pair.name}: ${planWords(kind, to)} wanted by ${by}${reason === '' ? '' : `: ${reason}`}`,
    data: { ...plan, epoch: claim.epoch, phase: 'preparing' },
  })
  const claims = intendClaims(memory, cycle, plan, claim, by)
  const current: Switchover = {
    ...plan,
    ...(failback && { failback }),
    ...(automatic && { automatic: {} }),
    raisedBy: by,
    phase: 'preparing',
    sinceMs: input.nowMs,
    operated: false,
    claim,
    claims,
    claimed: {},
    earlier: [],
    deadlineMs: input.nowMs + prepareMs,
    steps: stepsOf(request, cycle).map((step) =>
      step.key === 'claim' ? { ...step, startedMs: input.nowMs } : step,
    ),
  }
  const lastBlockSeq = claims.at(-1)?.seq ?? memory.lastBlockSeq
  return { memory: { ...memory, current, count, lastBlockSeq, epochFloor: claim.epoch } }
}

/** Every unit that answers is claimed, the one that shall not move too: only so is everybody else fenced out. */
function intendClaims(
  memory: SwitchoverMemory,
  { pair, units, input, ledger }: PairCycle,
  { id, kind }: Pick<Switchover, 'id' | 'kind'>,
  { epoch, owner }: Claim,
  by: string,
): readonly Exchange[] {
  if (kind === 'adopt' || pair.vendor !== undefined) return []
  const claimable = unitIds.filter((unit) => units[unit].presence === 'answering')
  // Numbers rise inside an epoch and may start anew with the next one, long before they run out. None may be the one that a unit
  // shows as judged now: an answer to an earlier supervisor would be taken for the answer to ours.
  const shown = claimable.map((unit) => units[unit].status?.judged)
  let before = memory.lastBlockSeq > 60_000 ? 0 : memory.lastBlockSeq
  while (claimable.some((_, index) => shown.includes(before + index + 1))) before += 1
  return claimable.map((unit, index): Exchange => {
    const seq = before + index + 1
    const intentSeq = ledger.record({
      kind: 'claim-intent',
      actor: by,
      pair: pair.name,
      text: `claim ${pair.name}.${unit} with epoch ${epoch}`,
      data: { id, unit, epoch, owner, seq },
    })
    const expectedRole = units[unit].role
    const intentMs = input.nowMs
    return { unit, opcode: 'CLAIM', expectedRole, seq, evidence: 0, intentSeq, intentMs }
  })
}

/** What the gates find now for a switchover of this kind. */
export function gateContext(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  request: { readonly kind: SwitchoverKind; readonly to: UnitId; readonly automatic?: unknown },
  stage: Stage,
): GateContext {
  const { plant, pair, units, lastValues, roles, sync, ups, paths, fitness, input } = cycle
  return {
    plant,
    pair,
    kind: request.kind,
    stage,
    target: request.to,
    units,
    lastValues,
    roles,
    sync,
    ups,
    paths,
    fitness,
    automatic: request.automatic !== undefined,
    standing: {
      ...(cycle.lockout !== undefined && { lockout: cycle.lockout }),
      outOfService: cycle.outOfService,
      ...(memory.held !== undefined && { held: memory.held }),
      ...(memory.unknown && { unknownOutcome: unknownText(memory.unknown) }),
      ...(memory.lastSwitchedMs !== undefined && { lastSwitchedMs: memory.lastSwitchedMs }),
      ...(memory.stopped?.mayActLate && { mayActLate: memory.stopped.mayActLate }),
    },
    blockingAlarms: cycle.blockingAlarms,
    ...(cycle.clockDisturbedMs !== undefined && { clockDisturbedMs: cycle.clockDisturbedMs }),
    bump: cycle.bump,
    ...(cycle.journalWaitsMs !== undefined && { journalWaitsMs: cycle.journalWaitsMs }),
    input,
  }
}

/** The gates of the present stage of a running switchover, and whether somebody else has claimed a unit meanwhile. */
export function gatesNow(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  current: Switchover,
  stage: Stage,
): { readonly results: readonly GateResult[]; readonly obstacles: readonly Obstacle[] } {
  const results = evaluateGates(gateContext(memory, cycle, current, stage), current.overrides)
  return { results, obstacles: [...obstaclesOf(results), ...claimLost(cycle, current)] }
}

/** Freezes what is true now. */
export function evidenceNow(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  current: Switchover,
  gates: readonly GateResult[],
) {
  return freezeEvidence({
    context: gateContext(memory, cycle, current, 'operate'),
    ...(current.from && { from: current.from }),
    epoch: current.claim.epoch,
    revision: (current.evidence?.revision ?? 0) + 1,
    wallMs: cycle.input.wallMs,
    gates,
    alarms: cycle.activeAlarms,
    plan: current.steps
      .filter((step) => step.key !== 'claim')
      .map(({ text, limitMs }): PlanStep => ({ text, limitMs })),
  })
}

export const unknownText = (unknown: NonNullable<SwitchoverMemory['unknown']>): string =>
  unknown.makersCommand === undefined
    ? `OPERATE ${unknown.action} at ${unknown.unit} may or may not have been carried out`
    : `the maker's command at ${unknown.unit} may or may not have been carried out`

function nextEpoch(memory: SwitchoverMemory, { units }: PairCycle): number {
  const seen = unitIds.map((unit) => units[unit].status?.epoch ?? 0)
  return Math.max(memory.epochFloor, ...seen) + 1
}

function claimLost({ units }: PairCycle, { claim, claimed }: Switchover): readonly Obstacle[] {
  return unitIds.flatMap((unit) => {
    const status = units[unit].status
    if (claimed[unit] === undefined || status === undefined) return []
    if (status.epoch === claim.epoch && status.owner === claim.owner) return []
    return [
      {
        gate: 'claim',
        weight: 'hard' as const,
        title: 'claim held',
        value: `${unit} is claimed with epoch ${status.epoch}, ours is ${claim.epoch}`,
        threshold: `epoch ${claim.epoch}, at most ${epochStepMax} above the last`,
        clearsWhen: 'a new switchover is ordered; look for a second supervisor',
      },
    ]
  })
}

function stepsOf({ kind, from, to }: Request, { pair }: PairCycle): readonly Step[] {
  if (kind === 'adopt')
    return [{ key: 'adopt', text: 'accept the roles as read; nothing is written', limitMs: 0 }]
  if (pair.vendor !== undefined) return vendorSteps(pair.vendor, to, pair.policy.settleS * 1000)
  const settleMs = pair.policy.settleS * 1000
  const demote: readonly Step[] =
    kind === 'planned' && from
      ? [
          {
            key: 'demote',
            text: `${from} gives up the process: select, operate, verify it is standby`,
            limitMs: stepLimitsMs.demote,
          },
        ]
      : []
  return [
    {
      key: 'claim',
      text: 'claim the units that answer, read them after the claims',
      limitMs: stepLimitsMs.claim,
    },
    ...demote,
    {
      key: 'promote',
      text: `${to} takes the process: select, operate, verify it is primary`,
      limitMs: stepLimitsMs.promote,
    },
    {
      key: 'settle',
      text: `${to} stays the only primary${kind === 'planned' ? '' : `; ${otherUnit(to)} stays inactive`}`,
      limitMs: settleMs,
    },
  ]
}
