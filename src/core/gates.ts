// What each gate finds: value, threshold, age, and what would clear it. One small function a gate; which of them apply when
// stands in readiness.ts.

import { has } from './block.ts'
import { isUnknown } from './image.ts'
import { observeOnly, otherUnit, type SiteGate, type UnitId, unitIds } from './plant.ts'
import { judgeFeed } from './power.ts'
import { seconds, type UnitFacts } from './presence.ts'
import type { GateContext } from './readiness.ts'
import { valueText } from './sync.ts'

export type GateId =
  | 'supervised'
  | 'lockout'
  | 'service'
  | 'resumed'
  | 'outcome'
  | 'authority'
  | 'journal'
  | 'clock'
  | 'cycle'
  | 'reachable'
  | 'fresh'
  | 'heartbeat'
  | 'identity'
  | 'roles'
  | 'peer'
  | 'late'
  | 'running'
  | 'commandable'
  | 'io'
  | 'forced'
  | 'program'
  | 'sync'
  | 'sync-before'
  | 'load'
  | 'power'
  | 'interval'
  | 'alarms'

export type Finding = {
  readonly met: 'yes' | 'no' | 'unknown'
  readonly value: string
  readonly threshold: string
  readonly ageMs?: number
  readonly clearsWhen: string
}

/** A lone disturbance of the clock keeps authority away for this long. */
const clockQuietMs = 10_000
/** A cycle may start this many periods late. */
const latePeriodsMax = 5

export const findings: Readonly<Record<GateId, (context: GateContext) => Finding>> = {
  supervised: ({ plant, pair }) =>
    yesIf(!observeOnly(plant, pair), {
      value: observeOnly(plant, pair) ? 'observe-only' : 'supervise',
      threshold: 'mode supervise',
      clearsWhen:
        'the plant file says "mode: supervise" for the plant and the pair, after a restart',
    }),

  lockout: ({ standing }) =>
    yesIf(standing.lockout === undefined, {
      value: standing.lockout ?? 'not locked out',
      threshold: 'not locked out',
      clearsWhen: 'a supervisor lifts the lockout',
    }),

  service: ({ standing }) => {
    const out = unitIds.filter((unit) => standing.outOfService[unit] !== undefined)
    const text = out.map((unit) => `${unit} out of service: ${standing.outOfService[unit]}`)
    return yesIf(out.length === 0, {
      value: text.join('; ') || 'both in service',
      threshold: 'both in service',
      clearsWhen: 'a supervisor puts the unit back into service',
    })
  },

  resumed: ({ standing }) =>
    yesIf(standing.held === undefined, {
      value: standing.held ?? 'not held',
      threshold: 'not held',
      clearsWhen: 'a supervisor resumes the pair',
    }),

  outcome: ({ standing }) =>
    yesIf(standing.unknownOutcome === undefined, {
      value: standing.unknownOutcome ?? 'every outcome is known',
      threshold: 'every outcome known',
      clearsWhen: 'a read of the unit settles it, or a person attests what happened',
    }),

  authority: ({ input }) =>
    yesIf(input.lease.held, {
      value: input.lease.held ? `held by ${input.lease.holder}` : `held by ${input.lease.holder}`,
      threshold: 'held here',
      clearsWhen: 'this supervisor holds the authority',
    }),

  journal: ({ input }) =>
    yesIf(input.journal.fault === undefined, {
      value: input.journal.fault ?? 'every copy is synced',
      threshold: 'every copy synced',
      clearsWhen: 'the copy is repaired and the supervisor restarted',
    }),

  clock: ({ clockDisturbedMs, input }) => {
    const agoMs = clockDisturbedMs === undefined ? undefined : input.nowMs - clockDisturbedMs
    return yesIf(agoMs === undefined || agoMs > clockQuietMs, {
      value: agoMs === undefined ? 'steady' : `jumped ${seconds(agoMs)} ago`,
      threshold: `steady for ${seconds(clockQuietMs)}`,
      clearsWhen: `the clock has run steadily for ${seconds(clockQuietMs)}`,
    })
  },

  cycle: ({ input, plant }) => {
    const limitMs = latePeriodsMax * plant.cycleMs
    return yesIf(input.lateMs <= limitMs, {
      value: `${Math.round(input.lateMs)} ms late`,
      threshold: `at most ${limitMs} ms late`,
      clearsWhen: 'the supervisor keeps its cycle again',
    })
  },

  reachable: (context) =>
    eachUnit(
      context,
      involved(context),
      ({ presence, presenceText, ageMs }) => ({
        met:
          presence === 'lost' || presence === 'damaged'
            ? 'no'
            : presence === 'unread'
              ? 'unknown'
              : 'yes',
        value: presenceText,
        ...(ageMs !== undefined && { ageMs }),
      }),
      'answers on its path',
      'the unit answers again',
    ),

  fresh: (context) =>
    eachUnit(
      context,
      involved(context),
      ({ ageMs }) => ({
        met: ageMs === undefined ? 'unknown' : ageMs <= context.pair.gates.freshMs ? 'yes' : 'no',
        value: ageMs === undefined ? 'never read' : `${seconds(ageMs)} old`,
        ...(ageMs !== undefined && { ageMs }),
      }),
      `at most ${seconds(context.pair.gates.freshMs)} old`,
      'the unit is read again',
    ),

  heartbeat: (context) =>
    eachUnit(
      context,
      involved(context),
      ({ heartbeatAgeMs }) => ({
        met:
          heartbeatAgeMs === undefined
            ? 'unknown'
            : heartbeatAgeMs <= context.pair.gates.heartbeatMs
              ? 'yes'
              : 'no',
        value:
          heartbeatAgeMs === undefined ? 'never seen' : `last moved ${seconds(heartbeatAgeMs)} ago`,
        ...(heartbeatAgeMs !== undefined && { ageMs: heartbeatAgeMs }),
      }),
      `moved within ${seconds(context.pair.gates.heartbeatMs)}`,
      'the heartbeat moves again',
    ),

  identity: (context) =>
    eachUnit(
      context,
      involved(context),
      ({ presence, status, epochRolledBack }, unit) => {
        const number = context.pair.units[unit].number
        if (presence === 'swapped') return { met: 'no', value: 'answers with another unit number' }
        if (status === undefined) return { met: 'unknown', value: 'not read' }
        if (epochRolledBack) return { met: 'no', value: `epoch fell back to ${status.epoch}` }
        return programAsConfigured(context, unit) ?? { met: 'yes', value: `unit ${number}` }
      },
      'unit number, program and epoch as known',
      'the right unit answers at this address; after an epoch roll-back somebody re-arms at the panel',
    ),

  roles: rolesFinding,

  peer: (context) => {
    const peer = otherUnit(context.target)
    const facts = context.units[peer]
    const { ageMs } = facts
    const age = ageMs === undefined ? {} : { ageMs }
    const words = {
      threshold: `${peer} read as not primary, or its contact or isolation says inactive`,
      clearsWhen: `${peer} answers as standby, or its hard-wired contact or isolation signal says that its outputs are dead`,
    }
    if (facts.role === 'standby' || facts.role === 'none') {
      return { met: 'yes', value: `${peer} read as ${facts.role}`, ...age, ...words }
    }
    if (facts.role === 'primary')
      return { met: 'no', value: `${peer} is primary`, ...age, ...words }
    const proof = hardwiredProof(context)
    if (proof !== undefined) return { met: 'yes', value: proof, ...words }
    return {
      met: 'unknown',
      value: `${peer}: ${facts.presenceText}; no contact or isolation signal says it is inactive`,
      ...words,
    }
  },

  late: (context) => {
    const { mayActLate } = context.standing
    const concerned = mayActLate !== undefined && mayActLate !== context.target
    const proof = concerned ? hardwiredProof(context) : undefined
    return yesIf(!concerned || proof !== undefined, {
      value: concerned
        ? (proof ??
          `${mayActLate} may still carry out its promote, and nothing hard-wired shows that it is inactive`)
        : 'nothing outstanding',
      threshold: 'hard-wired proof after a timed-out promote',
      clearsWhen: `the contact or isolation signal of ${mayActLate ?? 'the other unit'} says that its outputs are dead`,
    })
  },

  running: (context) =>
    eachUnit(
      context,
      [context.target],
      ({ status }) => conditionIs(status, 'running', 'RUN', 'not in RUN'),
      'RUN',
      'the controller is put into RUN',
    ),

  commandable: (context) => {
    const units: readonly UnitId[] =
      context.kind === 'planned' ? ordered(context.target) : [context.target]
    return eachUnit(
      context,
      units,
      ({ status }) => {
        if (status === undefined) return { met: 'unknown', value: 'not read' }
        const against = [
          ...(has(status, 'remote') ? [] : ['switch on LOCAL']),
          ...(has(status, 'locked') ? ['locked after lost retained data'] : []),
          ...(has(status, 'interlockOk') ? [] : ['permissive missing']),
          ...(has(status, 'executing') ? ['executing'] : []),
        ]
        return {
          met: against.length === 0 ? 'yes' : 'no',
          value: against.join(', ') || 'remote, unlocked, permitted',
        }
      },
      'REMOTE, not locked, permissive present',
      'the panel says REMOTE, re-armed where locked, and the permissive is present',
    )
  },

  io: (context) =>
    eachUnit(
      context,
      [context.target],
      ({ status }) => conditionIs(status, 'seesIo', 'sees its I/O', 'I/O not connected'),
      'sees its I/O',
      'the I/O connections of the unit work',
    ),

  forced: ({ units }) => {
    const { A, B } = units
    if (A.status === undefined || B.status === undefined) {
      return {
        met: 'unknown',
        value: 'not read',
        threshold: 'same on both',
        clearsWhen: 'both units are read',
      }
    }
    const a = has(A.status, 'forced')
    const b = has(B.status, 'forced')
    return yesIf(a === b, {
      value:
        a === b ? (a ? 'forced on both' : 'nothing forced') : `forced on ${a ? 'A' : 'B'} only`,
      threshold: 'same on both',
      clearsWhen: 'the forces are removed, or set on both units',
    })
  },

  program: (context) => {
    const keys = ['program', 'firmware', 'configuration']
    const differs = keys.filter(
      (key) =>
        isUnknown(context.lastValues.A[key]) ||
        isUnknown(context.lastValues.B[key]) ||
        context.lastValues.A[key] !== context.lastValues.B[key],
    )
    const unknown = differs.some(
      (key) => isUnknown(context.lastValues.A[key]) || isUnknown(context.lastValues.B[key]),
    )
    const text = differs.map(
      (key) =>
        `${key} A ${identityText(key, context.lastValues.A[key])}, B ${identityText(key, context.lastValues.B[key])}`,
    )
    return {
      met: unknown ? 'unknown' : differs.length === 0 ? 'yes' : 'no',
      value:
        text.join('; ') ||
        `program ${identityText('program', context.lastValues.A.program)} on both`,
      threshold: 'equal',
      clearsWhen: 'both units carry the same program, firmware and configuration',
    }
  },

  sync: ({ sync, pair, input }) => {
    const heldMs = input.nowMs - sync.sinceMs
    const dwellMs = pair.gates.syncDwellS * 1000
    const met =
      sync.verdict === 'cannot tell'
        ? 'unknown'
        : sync.verdict === 'in sync' && heldMs >= dwellMs
          ? 'yes'
          : 'no'
    return {
      met,
      value: sync.sentence,
      threshold: `in sync for ${pair.gates.syncDwellS} s, ${pair.gates.coveragePct} % of the tags compared`,
      ageMs: heldMs,
      clearsWhen:
        sync.verdict === 'in sync'
          ? `in ${seconds(Math.max(0, dwellMs - heldMs))}, if it stays in sync`
          : 'the differences are gone and stay away for the dwell time',
    }
  },

  'sync-before': (context) => {
    const { sync, pair, units } = context
    const lost = otherUnit(context.target)
    const held = sync.lastInSync
    const lastReadMs = context.input.nowMs - (units[lost].ageMs ?? Number.POSITIVE_INFINITY)
    const words = {
      threshold: `in sync for ${pair.gates.syncDwellS} s, at most ${pair.gates.verdictAgeS} s before the loss`,
      clearsWhen: 'cannot clear while the unit is lost; a supervisor may override it with a reason',
    }
    if (held === undefined)
      return { met: 'unknown', value: 'never seen in sync by this supervisor', ...words }
    const beforeMs = Math.max(0, lastReadMs - held.atMs)
    const dwelt = held.atMs - held.sinceMs >= pair.gates.syncDwellS * 1000
    const near = beforeMs <= pair.gates.verdictAgeS * 1000
    const value = `in sync for ${seconds(held.atMs - held.sinceMs)}, until ${seconds(beforeMs)} before the loss`
    return {
      met: dwelt && near ? 'yes' : 'no',
      value,
      ageMs: context.input.nowMs - held.atMs,
      ...words,
    }
  },

  load: ({ units, target, pair }) => {
    const scan = units[target].values.scan_time_ms
    const load = units[target].values.load_pct
    const { scanTimeMsMax, loadPctMax } = pair.gates
    const known = typeof scan === 'number' && typeof load === 'number'
    const sane = known && scan <= scanTimeMsMax && load <= loadPctMax
    return {
      met: known ? (sane ? 'yes' : 'no') : 'unknown',
      value: `scan ${valueText(scan)} ms, load ${valueText(load)} %`,
      threshold: `scan at most ${scanTimeMsMax} ms, load at most ${loadPctMax} %`,
      clearsWhen: 'scan time and load of the controller fall',
    }
  },

  power: ({ pair, target, ups }) => {
    const needS = pair.gates.upsRuntimeS
    const feed = judgeFeed(pair.units[target].power, ups, needS)
    return {
      met: feed.sound === 'not supervised' ? 'yes' : feed.sound,
      value: feed.text,
      threshold: `on mains, or at least ${needS} s of runtime`,
      clearsWhen: 'the mains return, or the battery is charged far enough',
    }
  },

  interval: ({ standing, pair, input }) => {
    const agoMs =
      standing.lastSwitchedMs === undefined ? undefined : input.nowMs - standing.lastSwitchedMs
    const limitMs = pair.policy.minIntervalS * 1000
    return yesIf(agoMs === undefined || agoMs >= limitMs, {
      value: agoMs === undefined ? 'none since the start' : `${seconds(agoMs)} ago`,
      threshold: `at least ${pair.policy.minIntervalS} s`,
      clearsWhen: agoMs === undefined ? 'now' : `in ${seconds(Math.max(0, limitMs - agoMs))}`,
    })
  },

  alarms: ({ blockingAlarms }) =>
    yesIf(blockingAlarms.length === 0, {
      value: blockingAlarms.join('; ') || 'none',
      threshold: 'none',
      clearsWhen: 'the alarm has cleared and is acknowledged',
    }),
}

/** A condition of the site, read at the primary (at the target when nobody is primary). */
export function siteFinding(gate: SiteGate, context: GateContext): Finding {
  const unit = context.roles.primary ?? context.target
  const value = context.units[unit].values[`tag:${gate.tag}`]
  return {
    met: isUnknown(value) ? 'unknown' : value === gate.equals ? 'yes' : 'no',
    value: `${gate.tag} is ${valueText(value)}`,
    threshold: `${gate.tag} is ${String(gate.equals)}`,
    clearsWhen: `${gate.tag} becomes ${String(gate.equals)}`,
  }
}

/** Program checksum and the like as people compare them. */
export function identityText(key: string, value: unknown): string {
  if (typeof value !== 'number') return '?'
  if (key === 'firmware') return `${value >>> 16}.${(value >>> 8) & 255}.${value & 255}`
  return value.toString(16).toUpperCase().padStart(8, '0')
}

function rolesFinding({ kind, target, units, roles }: GateContext): Finding {
  const peer = otherUnit(target)
  const value = `A ${units.A.role}, B ${units.B.role}`
  const find = (met: boolean, threshold: string, clearsWhen: string): Finding => {
    const known =
      units[target].role !== 'unknown' && (kind !== 'planned' || units[peer].role !== 'unknown')
    return { met: met ? 'yes' : known ? 'no' : 'unknown', value, threshold, clearsWhen }
  }
  const standby = units[target].role === 'standby'
  switch (kind) {
    case 'planned':
      return find(
        roles.primary === peer && standby,
        `${peer} primary, ${target} standby`,
        `${peer} is the only primary and ${target} is standby`,
      )
    case 'assisted':
      return find(
        roles.lostPrimary === peer && standby,
        `${peer} lost, ${target} standby`,
        `${peer} is lost while ${target} is standby; when both answer, order a planned switchover or a recovery`,
      )
    case 'recovery':
    case 'retry':
    case 'restore':
      return find(
        units[peer].role !== 'primary' && standby,
        `nobody primary, ${target} standby`,
        `${target} answers as standby and ${peer} is not primary; when ${target} is primary already, adopt`,
      )
    case 'adopt':
      return find(
        roles.state !== 'both primary' && roles.state !== 'unknown'
          ? true
          : roles.primary !== undefined,
        'not both primary, roles known',
        'the roles of both units are known and at most one is primary',
      )
  }
}

/** Why the peer of the target counts as inactive without being read: a wired contact, or a separate isolation signal. */
function hardwiredProof({ units, target }: GateContext): string | undefined {
  const { status, role } = units[target]
  if (status === undefined || role === 'unknown') return undefined
  if (has(status, 'peerIsolated'))
    return `isolation signal at ${target} says that the outputs of ${otherUnit(target)} are cut off`
  if (has(status, 'peerContactFitted') && has(status, 'peerNotActive')) {
    return `contact at ${target} says that ${otherUnit(target)} is not active`
  }
  return undefined
}

function programAsConfigured({ pair, lastValues }: GateContext, unit: UnitId): One | undefined {
  const wanted = pair.units[unit].program
  const found = lastValues[unit].program
  if (wanted === undefined || found === wanted) return undefined
  const text = `program ${identityText('program', found)}, configured ${identityText('program', wanted)}`
  return { met: typeof found === 'number' ? 'no' : 'unknown', value: text }
}

type One = { readonly met: Finding['met']; readonly value: string; readonly ageMs?: number }

/** The units that must be fit: both for a planned switchover, else the target only. */
const involved = ({ kind, target, stage }: GateContext): readonly UnitId[] =>
  kind === 'planned' && stage !== 'promote' ? ordered(target) : [target]
const ordered = (target: UnitId): readonly UnitId[] => [otherUnit(target), target]

function eachUnit(
  context: GateContext,
  units: readonly UnitId[],
  judge: (facts: UnitFacts, unit: UnitId) => One,
  threshold: string,
  clearsWhen: string,
): Finding {
  const ones = units.map((unit) => ({ unit, one: judge(context.units[unit], unit) }))
  const bad = ones.filter(({ one }) => one.met !== 'yes')
  const told = bad.length > 0 ? bad : ones
  const ages = told.flatMap(({ one }) => (one.ageMs === undefined ? [] : [one.ageMs]))
  return {
    met: bad.some(({ one }) => one.met === 'no') ? 'no' : bad.length > 0 ? 'unknown' : 'yes',
    value: told.map(({ unit, one }) => `${unit}: ${one.value}`).join('; '),
    threshold,
    ...(ages.length > 0 && { ageMs: Math.max(...ages) }),
    clearsWhen,
  }
}

function conditionIs(
  status: UnitFacts['status'],
  name: 'running' | 'seesIo',
  yes: string,
  no: string,
): One {
  if (status === undefined) return { met: 'unknown', value: 'not read' }
  return has(status, name) ? { met: 'yes', value: yes } : { met: 'no', value: no }
}

const yesIf = (met: boolean, words: Omit<Finding, 'met'>): Finding => ({
  met: met ? 'yes' : 'no',
  ...words,
})
