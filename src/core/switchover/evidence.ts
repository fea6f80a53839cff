// What the operator is shown, frozen: a snapshot with a hash that a confirmation must name. Whether an answer still counts is
// decided by `materialChange`, a pure function of what was shown and what is now.

import { createHash } from 'node:crypto'
import { conditionNames } from '../block.ts'
import { budgetOf } from '../bump/budget.ts'
import { forecastOf } from '../bump/forecast.ts'
import type { GateContext } from '../gates/gate-context.ts'
import { identityText } from '../identity.ts'
import { otherUnit, type UnitId, unitIds } from '../plant.ts'
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

/**
 * What has changed materially between two pieces of evidence, one sentence each; empty when an answer to `shown` still counts.
 * Roles, verdicts, gate results, identities, conditions, alarms, plan, epoch and configuration count by equality; values of
 * stepping classes by their tolerance. Moving values count through the verdict: they differ from moment to moment by nature.
 */
export function materialChange(shown: Evidence, now: Evidence): readonly string[] {
  const changes: string[] = []
  const tell = (what: string, before: string, after: string) => {
    if (before !== after) changes.push(`${what}: was ${before || 'none'}, is ${after || 'none'}`)
  }
  tell('question', shown.question, now.question)
  tell('epoch', String(shown.epoch), String(now.epoch))
  tell('configuration', shown.configDigest.slice(0, 12), now.configDigest.slice(0, 12))
  for (const unit of unitIds) {
    const before = shown.units[unit]
    const after = now.units[unit]
    tell(`role of ${unit}`, before.role, after.role)
    tell(`presence of ${unit}`, before.presence, after.presence)
    tell(`program of ${unit}`, before.program, after.program)
    tell(`firmware of ${unit}`, before.firmware, after.firmware)
    tell(`configuration of ${unit}`, before.configuration, after.configuration)
    tell(`conditions of ${unit}`, before.conditions, after.conditions)
  }
  if (now.kind === 'planned') tell('sync verdict', shown.sync.verdict, now.sync.verdict)
  tell('without a person', shown.automatic ?? '', now.automatic ?? '')
  tell('alarms', shown.alarms.join(', '), now.alarms.join(', '))
  tell(
    'plan',
    shown.plan.map((step) => step.text).join('; '),
    now.plan.map((step) => step.text).join('; '),
  )
  changes.push(...gateChanges(shown, now), ...tagChanges(shown, now))
  return changes
}

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

function gateChanges(shown: Evidence, now: Evidence): readonly string[] {
  const before = new Map(shown.gates.map((gate) => [gate.gate, gate.met]))
  return now.gates
    .filter((gate) => before.get(gate.gate) !== gate.met)
    .map(
      (gate) =>
        `${gate.title}: was ${before.get(gate.gate) ?? 'not asked'}, is ${gate.met} (${gate.value})`,
    )
}

const stepping = ['identity', 'discrete', 'enum', 'setpoint']

function tagChanges(shown: Evidence, now: Evidence): readonly string[] {
  const after = new Map(now.tags.map((tag) => [tag.name, tag]))
  return shown.tags.flatMap((tag) => {
    const is = after.get(tag.name)
    if (is === undefined) return [`${tag.name}: no longer read`]
    // Without a single primary there is nothing to compare with: only values count then.
    const same = tag.verdict === is.verdict || now.kind !== 'planned'
    const changes = same ? [] : [`${tag.name}: was ${tag.verdict}, is ${is.verdict}`]
    if (!stepping.includes(tag.class)) return changes
    for (const side of ['a', 'b'] as const) {
      const unit = side.toUpperCase()
      if (!withinTolerance(tag[side], is[side], tag.tolerance)) {
        changes.push(
          `${tag.name} of ${unit}: was ${tag[side]} ${tag.units}, is ${is[side]} ${tag.units}`,
        )
      }
    }
    return changes
  })
}

function withinTolerance(before: string, after: string, tolerance: number): boolean {
  if (before === after) return true
  const difference = Math.abs(Number(before) - Number(after))
  return Number.isFinite(difference) && difference <= tolerance
}

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
