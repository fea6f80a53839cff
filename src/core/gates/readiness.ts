// The gates of a switchover: which preconditions apply to which kind and stage (the matrix below is the data that the manual
// prints), and what each of them found. Unknown never satisfies a gate; a gate that is not met becomes an obstacle.

import type { AccessRole, Pair, SiteGate } from '../plant.ts'
import type { GateResult, Obstacle, SwitchoverKind, Weight } from '../view.ts'
import type { Finding } from './finding.ts'
import type { GateContext, Stage } from './gate-context.ts'
import { budgetGates } from './gates-budget.ts'
import { pairGates, siteFinding } from './gates-pair.ts'
import { policyGates } from './gates-policy.ts'
import { standingGates } from './gates-standing.ts'
import { unitGates } from './gates-unit.ts'
import { vendorFinding, vendorGates } from './gates-vendor.ts'

const findings = {
  ...standingGates,
  ...unitGates,
  vendor: vendorFinding,
  ...pairGates,
  ...budgetGates,
  ...policyGates,
}
export type GateId = keyof typeof findings

/** A gate under `automatic` is asked besides those of the kind while the supervisor itself is to confirm. */
type Applies = Readonly<Partial<Record<SwitchoverKind | 'automatic', readonly Stage[]>>>
export type GateRow = {
  readonly title: string
  readonly weight: Weight
  /** Role that may override an overridable gate. */
  readonly override?: AccessRole
  readonly applies: Applies
  /** Asked only of pairs with our command block, or only of those that a maker's command switches. */
  readonly only?: 'block' | 'maker'
}

const always: readonly Stage[] = ['prepare', 'operate', 'promote']
const before: readonly Stage[] = ['prepare', 'operate']
const planned: Applies = { planned: before }
const acting: Applies = {
  planned: always,
  assisted: always,
  recovery: always,
  retry: always,
  restore: always,
}
const starting: Applies = {
  planned: before,
  assisted: before,
  recovery: before,
  retry: before,
  restore: before,
}
const everyKind: Applies = { ...starting, adopt: before }
const takingOver: Applies = {
  planned: ['promote'],
  assisted: always,
  recovery: always,
  retry: always,
  restore: always,
}

const hard = (title: string, applies: Applies): GateRow => ({ title, weight: 'hard', applies })

/** The gate matrix. Order is the order in which people read it. */
export const matrix: Readonly<Record<GateId, GateRow>> = {
  supervised: hard('the pair may be commanded', acting),
  lockout: hard('no lockout', everyKind),
  service: hard('no unit out of service', starting),
  resumed: hard('resumed since the restart', {
    planned: before,
    assisted: before,
    recovery: before,
  }),
  outcome: hard('no unknown outcome', { ...starting, adopt: before }),
  authority: hard('authority held', { ...acting, adopt: before }),
  journal: hard('journal healthy', { ...acting, adopt: before }),
  clock: hard('clock sane', acting),
  cycle: hard('own cycle in time', acting),
  reachable: hard('units reachable', acting),
  paths: {
    title: 'every path works',
    weight: 'overridable',
    override: 'operator',
    applies: planned,
  },
  fresh: hard('status fresh', { ...acting, adopt: before }),
  heartbeat: hard('heartbeat moving', acting),
  identity: hard('identity as configured', acting),
  roles: hard('roles fit', { ...starting, adopt: before }),
  peer: hard('the other unit is proven inactive', takingOver),
  late: {
    ...hard('no late action possible', { recovery: always, retry: always, restore: always }),
    only: 'block',
  },
  running: hard('target runs its program', acting),
  commandable: hard('units accept commands', acting),
  vendor: {
    ...hard("the maker's conditions", { planned: before, assisted: before }),
    only: 'maker',
  },
  io: { ...hard('target sees its I/O', acting), only: 'block' },
  forced: { ...hard('no I/O forced on one side only', planned), only: 'block' },
  program: hard('same program, firmware and configuration', starting),
  sync: hard('in sync', planned),
  'sync-before': {
    title: 'in sync before the loss',
    weight: 'overridable',
    override: 'supervisor',
    applies: { assisted: before },
  },
  load: {
    title: 'scan time and load of the target sane',
    weight: 'overridable',
    override: 'supervisor',
    applies: { planned: before, recovery: before },
  },
  power: {
    title: 'power of the target',
    weight: 'overridable',
    override: 'supervisor',
    applies: starting,
  },
  budget: {
    title: 'time budget without control',
    weight: 'overridable',
    override: 'supervisor',
    applies: planned,
  },
  interval: {
    title: 'minimum interval since the last switchover',
    weight: 'overridable',
    override: 'supervisor',
    applies: planned,
  },
  steady: {
    title: 'target does not flap',
    weight: 'overridable',
    override: 'supervisor',
    applies: { planned: before, assisted: before },
  },
  requalified: {
    title: 'target has qualified again',
    weight: 'overridable',
    override: 'supervisor',
    applies: { planned: before, automatic: before },
  },
  interlock: hard('peer interlock at both units', { automatic: before }),
  alarms: hard('no blocking alarm', { planned: before, automatic: before }),
}

/** Every gate that applies now, with what it found. `overrides` turns unmet overridable gates into "overridden". */
export function evaluateGates(
  context: GateContext,
  overrides: readonly string[],
): readonly GateResult[] {
  return [
    ...gatesOf(context).map((gate) => result(gate, matrix[gate], find(gate, context), overrides)),
    ...siteGatesOf(context).map((gate) =>
      result(siteGateId(gate), siteRow(gate), siteFinding(gate, context), overrides),
    ),
  ]
}

/** The obstacles alone, without overrides: what `evaluateGates` would find, for every pair in every cycle. */
export function standingObstacles(context: GateContext): readonly Obstacle[] {
  const found: GateResult[] = []
  for (const gate of gatesOf(context)) {
    const finding = find(gate, context)
    if (finding.met !== 'yes') found.push(result(gate, matrix[gate], finding, []))
  }
  for (const gate of siteGatesOf(context)) {
    const finding = siteFinding(gate, context)
    if (finding.met !== 'yes') found.push(result(siteGateId(gate), siteRow(gate), finding, []))
  }
  return obstaclesOf(found)
}

/** What stands against the supervisor's confirming anything itself now, whatever else a switchover would ask. */
export const automaticObstacles = (context: GateContext): readonly Obstacle[] =>
  obstaclesOf(askedBesides.map((gate) => result(gate, matrix[gate], find(gate, context), [])))

const askedBesides = (Object.keys(matrix) as GateId[]).filter(
  (gate) => matrix[gate].applies.automatic !== undefined,
)

/** Without a status block some gates look at the signals of the maker's profile instead. */
function find(gate: GateId, context: GateContext): Finding {
  const { vendor } = context.pair
  const own: Partial<Record<GateId, (typeof vendorGates)[keyof typeof vendorGates]>> = vendorGates
  const other = vendor === undefined ? undefined : own[gate]
  return vendor === undefined || other === undefined
    ? findings[gate](context)
    : other(context, vendor)
}

const asked = [
  { way: 'block', automatic: false },
  { way: 'block', automatic: true },
  { way: 'maker', automatic: false },
  { way: 'maker', automatic: true },
] as const

/**
 * The rows of the matrix by way of command, kind and stage, in its order; with the ones that are asked besides when nobody is to
 * confirm.
 */
const gatesBy: Readonly<Record<string, readonly GateId[]>> = Object.fromEntries(
  (['planned', 'assisted', 'recovery', 'retry', 'restore', 'adopt'] as const).flatMap((kind) =>
    always.flatMap((stage) =>
      asked.map(({ way, automatic }) => [
        gatesKey({ kind, stage, way, automatic }),
        (Object.keys(matrix) as GateId[]).filter((gate) =>
          isAsked(matrix[gate], { kind, stage, way, automatic }),
        ),
      ]),
    ),
  ),
)

type Asked = {
  readonly kind: SwitchoverKind
  readonly stage: Stage
  readonly way: 'block' | 'maker'
  readonly automatic: boolean
}

function gatesKey({ kind, stage, way, automatic }: Asked): string {
  return `${way} ${kind} ${stage}${automatic ? ' automatic' : ''}`
}

function isAsked({ applies, only }: GateRow, { kind, stage, way, automatic }: Asked): boolean {
  if (only !== undefined && only !== way) return false
  const besides = automatic && applies.automatic?.includes(stage) === true
  return besides || applies[kind]?.includes(stage) === true
}

const gatesOf = ({ kind, stage, automatic, pair }: GateContext): readonly GateId[] =>
  gatesBy[gatesKey({ kind, stage, automatic, way: pair.vendor ? 'maker' : 'block' })] ?? []

const siteGatesOf = ({ kind, stage, pair }: GateContext): readonly SiteGate[] =>
  kind === 'planned' && stage !== 'promote' ? pair.gates.site : []

/** The gates that stand in the way. */
export const obstaclesOf = (results: readonly GateResult[]): readonly Obstacle[] =>
  results
    .filter((one) => one.met === 'no' || one.met === 'unknown')
    .map(({ met: _met, ...obstacle }) => obstacle)

/** The role that may override a gate of this pair; undefined: nobody may. */
export function overrideRole(pair: Pair, gate: string): AccessRole | undefined {
  if (gate in matrix) return matrix[gate as GateId].override
  return pair.gates.site.find((one) => siteGateId(one) === gate)?.override
}

/** `no batch running` becomes `site:no-batch-running`, which can be typed on a command line. */
const siteGateId = (gate: SiteGate): string => `site:${gate.name.replaceAll(/\s+/g, '-')}`

const siteRow = (gate: SiteGate): GateRow => ({
  title: gate.name,
  weight: gate.override === undefined ? 'hard' : 'overridable',
  applies: planned,
})

function result(
  gate: string,
  row: GateRow,
  finding: Finding,
  overrides: readonly string[],
): GateResult {
  const { title, weight } = row
  const overridden = finding.met !== 'yes' && weight === 'overridable' && overrides.includes(gate)
  return { gate, title, weight, ...finding, met: overridden ? 'overridden' : finding.met }
}
