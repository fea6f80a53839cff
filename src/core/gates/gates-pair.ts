// Gates on what the two units are to each other: roles, proof that the other one is inactive, sync, identity, power of the target.

import { has } from '../block.ts'
import { differingIdentities, identityText, unknownIdentities } from '../identity.ts'
import { isUnknown } from '../image.ts'
import { otherUnit, type SiteGate, type UnitId, unitIds } from '../plant.ts'
import { judgeFeed } from '../power.ts'
import { seconds, whyNotKnown } from '../presence.ts'
import { valueText } from '../sync/value-text.ts'
import { type Finding, yesIf } from './finding.ts'
import type { GateContext } from './gate-context.ts'

export const pairGates = {
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

  // What the contact says is true now; it does not stop a unit that acts a moment later. So only a lasting proof counts.
  late: ({ standing: { mayActLate }, target, units }) => {
    const late = mayActLate !== undefined && mayActLate.unit !== target ? mayActLate : undefined
    if (late === undefined) {
      return yesIf(true, {
        value: 'nothing outstanding',
        threshold: 'no promote that may still be carried out',
        clearsWhen: 'now',
      })
    }
    const { status } = units[late.unit]
    const restarted = late.boot !== undefined && status !== undefined && status.boot !== late.boot
    const own = units[target].status
    const isolated =
      own !== undefined && units[target].role !== 'unknown' && has(own, 'peerIsolated')
    const value = restarted
      ? `${late.unit} has restarted since: what was pending is gone`
      : isolated
        ? `isolation signal at ${target}: the outputs of ${late.unit} are cut off`
        : `${late.unit} may still carry out its promote`
    return yesIf(restarted || isolated, {
      value,
      threshold: 'no promote that may still be carried out',
      clearsWhen: `${late.unit} is restarted, or isolated by hardware, or one person attests that it cannot act and a second one approves`,
    })
  },

  forced: ({ units }) => {
    const unread = unitIds.filter((unit) => units[unit].statusNow === undefined)
    const { A, B } = units
    if (A.statusNow === undefined || B.statusNow === undefined) {
      return {
        met: 'unknown',
        value: unread.map((unit) => `${unit}: ${whyNotKnown(units[unit])}`).join('; '),
        threshold: 'same on both',
        clearsWhen: 'both units are read',
      }
    }
    const a = has(A.statusNow, 'forced')
    const b = has(B.statusNow, 'forced')
    return yesIf(a === b, {
      value:
        a === b ? (a ? 'forced on both' : 'nothing forced') : `forced on ${a ? 'A' : 'B'} only`,
      threshold: 'same on both',
      clearsWhen: 'the forces are removed, or set on both units',
    })
  },

  program: (context) => {
    const A = carriedBy(context, 'A')
    const B = carriedBy(context, 'B')
    const unknown = unknownIdentities(A, B)
    const apart = [...unknown, ...differingIdentities(A, B)]
    const text = apart.map(
      (key) => `${key} A ${identityText(key, A[key])}, B ${identityText(key, B[key])}`,
    )
    return {
      met: unknown.length > 0 ? 'unknown' : apart.length === 0 ? 'yes' : 'no',
      value: text.join('; ') || `program ${identityText('program', A.program)} on both`,
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
          ? `${seconds(Math.max(0, dwellMs - heldMs))} have passed, if it stays in sync`
          : sync.verdict === 'different'
            ? 'the differences are gone and stay away for the dwell time'
            : sync.doubted.length > 0
              ? 'the next samples agree, and then in sync for the dwell time'
              : 'both units are compared again, and then in sync for the dwell time',
    }
  },

  'sync-before': (context) => {
    const { sync, pair, units } = context
    const { ageMs: lostAgeMs } = units[otherUnit(context.target)]
    const held = sync.lastInSync
    const words = {
      threshold: `in sync for ${pair.gates.syncDwellS} s, at most ${pair.gates.verdictAgeS} s before the loss`,
      clearsWhen:
        'the lost unit answers again; until then a supervisor may override it with a reason',
    }
    if (held === undefined || lostAgeMs === undefined)
      return { met: 'unknown', value: 'never seen in sync by this supervisor', ...words }
    const beforeMs = Math.max(0, context.input.nowMs - lostAgeMs - held.atMs)
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

  power: ({ pair, target, ups }) => {
    const needS = pair.gates.upsRuntimeS
    const feed = judgeFeed(pair.units[target].power, ups, needS)
    return {
      met: feed.sound === 'not supervised' ? 'yes' : feed.sound,
      value: feed.text,
      threshold: `on mains, or at least ${needS} s of runtime`,
      clearsWhen:
        feed.sound === 'unknown'
          ? 'the UPS is read again and tells its state'
          : 'the mains return, or the battery is charged far enough',
    }
  },
} as const satisfies Readonly<Record<string, (context: GateContext) => Finding>>

/** A condition of the site, read at the primary: what another unit holds says nothing about the process. */
export function siteFinding(gate: SiteGate, { roles: { primary }, units }: GateContext): Finding {
  const value = primary === undefined ? undefined : units[primary].values[`tag:${gate.tag}`]
  return {
    met: isUnknown(value) ? 'unknown' : value === gate.equals ? 'yes' : 'no',
    value: `${gate.tag} is ${valueText(value)}`,
    threshold: `${gate.tag} is ${String(gate.equals)}`,
    clearsWhen: `${gate.tag} becomes ${String(gate.equals)}`,
  }
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
        `${target} standby, ${peer} not read as primary`,
        `${target} answers as standby and ${peer} is not primary; when ${target} is primary already, adopt`,
      )
    case 'adopt':
      return find(
        roles.state !== 'both primary' && roles.state !== 'unknown'
          ? true
          : roles.primary !== undefined,
        'exactly one read as primary, or both read and neither is',
        'exactly one unit is read as primary, or both are read and neither is',
      )
  }
}

/** What a unit carries: what it says now; of a unit that may be silent in this kind, what it last said. */
const carriedBy = ({ kind, target, units, lastValues }: GateContext, unit: UnitId): Values =>
  kind === 'planned' || unit === target ? units[unit].values : lastValues[unit]
type Values = GateContext['lastValues']['A']

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
