// What the operator is shown, frozen: a snapshot with a hash that a confirmation must name. Whether an answer still counts is
// decided by `materialChange` in the file of that name.

import { createHash } from 'node:crypto'
import { conditionNames } from '../block.ts'
import { budgetOf } from '../bump/budget.ts'
import { forecastOf } from '../bump/forecast.ts'
import type { GateContext } from '../gates/gate-context.ts'
import { identityText } from '../identity.ts'
import { otherUnit, type UnitId } from '../plant.ts'
import type { Evidence, GateResult, PlanStep, SwitchoverKind } from '../view.ts'
import { vendorRisks } from './vendor-plan.ts'

export type EvidenceRequest = {
  readonly context: GateContext
  readonly from?: UnitId
  readonly epoch: number
  readonly revision: number
  readonly wallMs: number
  readonly gates: readonly GateResult[]
  readonly alarms: readonly string[]
  readonly plan: readonly PlanStep[]
}

/** Freezes what the operator is to judge. */
export function freezeEvidence(request: EvidenceRequest): Evidence {
  const { context, from } = request
  const { pair, plant, kind, target, sync } = context
  const shown: Omit<Evidence, 'hash'> = {
    revision: request.revision,
    pair: pair.name,
    kind,
    ...(from !== undefined && { from }),
    to: target,
    question: questionOf(kind, pair.name, target),
    epoch: request.epoch,
    configDigest: plant.digest,
    takenWallMs: request.wallMs,
    units: { A: unitEvidence(context, 'A'), B: unitEvidence(context, 'B') },
    sync: { verdict: sync.verdict, sentence: sync.sentence },
    gates: request.gates,
    tags: sync.tags(),
    alarms: request.alarms,
    plan: request.plan,
    ...(context.automatic && { automatic: automaticText(context) }),
    ...bumpEvidence(context),
    risks: risksOf(context),
    wayBack: wayBackOf(kind, target),
  }
  return { hash: hashOf(shown), ...shown }
}

/** What it would do to the process, where the plant file asks for it. */
function bumpEvidence({ bump, pair, plant, target, units, input }: GateContext) {
  const limited = bump.watched.some(({ tag }) => tag.limits !== undefined)
  const { cycleMs } = plant
  return {
    ...(bump.bumpTags > 0 && {
      forecast: forecastOf(bump, pair, cycleMs, target, input.nowMs),
    }),
    ...(limited && { budget: budgetOf(bump, pair, units) }),
  }
}

/** First 32 bits of the hash: the unit retains them as a witness. */
export const evidenceWord = (hash: string): number => Number.parseInt(hash.slice(0, 8), 16)

/** JSON with sorted keys, so that equal things have equal text. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, one]) => `${JSON.stringify(key)}:${canonicalJson(one)}`)
  return `{${entries.join(',')}}`
}

const hashOf = (shown: Omit<Evidence, 'hash'>): string =>
  createHash('sha256').update(canonicalJson(shown)).digest('hex').slice(0, 32)

/** Conditions that a switchover itself does not touch. */
const lasting = [
  'remote',
  'locked',
  'interlockOk',
  'peerIsolated',
  'running',
  'forced',
  'seesIo',
  'peerContactFitted',
]

function unitEvidence({ units, lastValues }: GateContext, unit: UnitId): Evidence['units']['A'] {
  const facts = units[unit]
  const values = lastValues[unit]
  return {
    role: facts.role,
    presence: facts.presence,
    program: identityText('program', values.program),
    firmware: identityText('firmware', values.firmware),
    configuration: identityText('configuration', values.configuration),
    epoch: facts.status?.epoch ?? 0,
    conditions: facts.status
      ? conditionNames(facts.status.conditions)
          .filter((name) => lasting.includes(name))
          .join(' ')
      : facts.conditions.join(', '),
  }
}

const automaticText = ({ pair }: GateContext): string =>
  `the supervisor confirms this itself after ${pair.policy.automaticAfterS} s, unless somebody confirms or rejects it before`

function questionOf(kind: SwitchoverKind, pair: string, target: UnitId): string {
  const other = otherUnit(target)
  switch (kind) {
    case 'planned':
      return `Make ${target} the primary of ${pair}? (${other} becomes standby)`
    case 'assisted':
      return `Make ${target} the primary of ${pair}? (${other} is lost)`
    case 'recovery':
      return `Make ${target} the primary of ${pair}? (nobody is primary)`
    case 'retry':
      return `Promote ${target} of ${pair} once more? (nobody is primary)`
    case 'restore':
      return `Give ${pair} back to ${target}? (nobody is primary)`
    case 'adopt':
      return `Accept the roles of ${pair} as they are read now? (nothing is written)`
  }
}

function risksOf({ kind, pair, target, units }: GateContext): readonly string[] {
  const other = otherUnit(target)
  if (kind === 'adopt') return ['nothing is written to either unit']
  if (pair.vendor !== undefined) return vendorRisks(pair.vendor, target)
  const gap = `the process runs without control between the demote and the promote; it tolerates ${pair.toleratesS} s`
  const stop =
    'if a step fails, the switchover stops and asks: nobody may be primary until somebody decides'
  if (kind === 'planned') return [gap, stop]
  const unread = units[other].role === 'unknown'
  return [
    ...(unread
      ? [`${other} cannot be read: that it is inactive rests on the hard-wired signal alone`]
      : []),
    `${target} goes on from the last state that it received from ${other}`,
    stop,
  ]
}

function wayBackOf(kind: SwitchoverKind, target: UnitId): string {
  if (kind === 'adopt') return 'order a switchover'
  return `none by itself; afterwards by a planned switchover to ${otherUnit(target)}`
}
