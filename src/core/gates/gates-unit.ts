// Gates on single units: both for a planned switchover, else the one that is to take over.

import { has, type StatusBlock } from '../block.ts'
import { identityText } from '../identity.ts'
import { otherUnit, type UnitId } from '../plant.ts'
import { seconds, type UnitFacts, whyNotKnown } from '../presence.ts'
import { valueText } from '../sync/value-text.ts'
import type { Finding } from './finding.ts'
import type { GateContext } from './gate-context.ts'

export const unitGates = {
  reachable: (context) =>
    eachUnit(
      context,
      involved(context),
      ({ presence, presenceText, ageMs }) => ({
        met:
          presence === 'lost' || presence === 'damaged' || presence === 'disputed'
            ? 'no'
            : presence === 'unread'
              ? 'unknown'
              : 'yes',
        value: presenceText,
        ...(ageMs !== undefined && { ageMs }),
        ...(presence === 'damaged' && { clearsWhen: 'its status block can be believed again' }),
        ...(presence === 'disputed' && { clearsWhen: 'its paths agree again' }),
      }),
      'answers on its path',
      'the unit answers again',
    ),

  paths: ({ paths, target, kind, pair }) => {
    const units = kind === 'planned' ? ordered(target) : [target]
    // A unit with one path is judged by "units reachable"; a single reading that failed is not a path that does not work.
    const every = units
      .filter((unit) => paths[unit].length > 1)
      .flatMap((unit) => paths[unit].map((path) => ({ unit, path })))
    const bad = every.filter(({ path: { state, sinceMs } }) =>
      state === 'down' || state === 'refused' ? sinceMs > pair.gates.freshMs : state === 'unread',
    )
    const unread = bad.every(({ path }) => path.state === 'unread')
    const works = every.length === 0 ? 'one path each' : `${every.length} of ${every.length} work`
    return {
      met: bad.length === 0 ? 'yes' : unread ? 'unknown' : 'no',
      value: bad.map(({ unit, path }) => `${unit}: ${path.name} ${path.state}`).join('; ') || works,
      threshold: 'every path works',
      clearsWhen: 'the path answers again',
    }
  },

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
          heartbeatAgeMs === undefined
            ? 'not seen to move yet'
            : `last moved ${seconds(heartbeatAgeMs)} ago`,
        ...(heartbeatAgeMs !== undefined && { ageMs: heartbeatAgeMs }),
      }),
      `moved within ${seconds(context.pair.gates.heartbeatMs)}`,
      'the heartbeat moves again',
    ),

  identity: (context) =>
    eachUnit(
      context,
      involved(context),
      (facts, unit) => {
        const { presence, statusNow, epochRolledBack } = facts
        const number = context.pair.units[unit].number
        if (presence === 'swapped') {
          return {
            met: 'no',
            value: 'answers with another unit number',
            clearsWhen: 'the right unit answers at this address',
          }
        }
        if (statusNow === undefined) return notKnown(facts)
        if (epochRolledBack) {
          return {
            met: 'no',
            value: `epoch fell back to ${statusNow.epoch}`,
            clearsWhen: 'somebody has looked at the unit and re-arms it at its panel',
          }
        }
        return programAsConfigured(context, unit) ?? { met: 'yes', value: `unit ${number}` }
      },
      'unit number, program and epoch as known',
      'the unit carries the configured program',
    ),

  running: (context) =>
    eachUnit(
      context,
      [context.target],
      (facts) => conditionIs(facts, 'running', 'RUN', 'not in RUN'),
      'RUN',
      'the controller is put into RUN',
    ),

  commandable: (context) =>
    eachUnit(
      context,
      involved(context),
      (facts) => {
        const { statusNow } = facts
        if (statusNow === undefined) return notKnown(facts)
        const against = refusesAll.filter(({ refuses }) => refuses(statusNow))
        return {
          met: against.length === 0 ? 'yes' : 'no',
          value: against.map(({ value }) => value).join(', ') || 'remote, unlocked, permitted',
          clearsWhen: against.map((one) => one.clearsWhen).join(', '),
        }
      },
      'REMOTE, not locked, permissive present',
      'the unit accepts commands',
    ),

  io: (context) =>
    eachUnit(
      context,
      [context.target],
      (facts) => conditionIs(facts, 'seesIo', 'sees its I/O', 'I/O not connected'),
      'sees its I/O',
      'the I/O connections of the unit work',
    ),

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
} as const satisfies Readonly<Record<string, (context: GateContext) => Finding>>

type One = {
  readonly met: Finding['met']
  readonly value: string
  readonly ageMs?: number
  /** Where something else clears it than what the gate is about. */
  readonly clearsWhen?: string
}

/** What makes a unit refuse every command. */
const refusesAll: readonly {
  readonly refuses: (status: StatusBlock) => boolean
  readonly value: string
  readonly clearsWhen: string
}[] = [
  {
    refuses: (status) => !has(status, 'remote'),
    value: 'switch on LOCAL',
    clearsWhen: 'the switch at its panel stands on REMOTE',
  },
  {
    refuses: (status) => has(status, 'locked'),
    value: 'locked after lost retained data',
    clearsWhen: 'it is re-armed at its panel',
  },
  {
    refuses: (status) => !has(status, 'interlockOk'),
    value: 'permissive missing',
    clearsWhen: 'the permissive is present',
  },
  {
    refuses: (status) => has(status, 'executing'),
    value: 'executing',
    clearsWhen: 'what it executes has ended',
  },
]

/** The units that must be fit: both for a planned switchover, else the target only. */
export const involved = ({ kind, target, stage }: GateContext): readonly UnitId[] =>
  kind === 'planned' && stage !== 'promote' ? ordered(target) : [target]
const ordered = (target: UnitId): readonly UnitId[] => [otherUnit(target), target]

/** The gate over several units: met when every one of them meets it; those that do not are told. */
export function eachUnit(
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
  const met = bad.some(({ one }) => one.met === 'no') ? 'no' : bad.length > 0 ? 'unknown' : 'yes'
  const worst = bad.find(({ one }) => one.met === 'no') ?? bad[0]
  return {
    met,
    value: told.map(({ unit, one }) => `${unit}: ${one.value}`).join('; '),
    threshold,
    ...(ages.length > 0 && { ageMs: Math.max(...ages) }),
    clearsWhen: worst?.one.clearsWhen ?? clearsWhen,
  }
}

/** What is against the program of a unit whose checksum the plant file names; undefined when nothing is. */
export function programAsConfigured({ pair, units }: GateContext, unit: UnitId): One | undefined {
  const wanted = pair.units[unit].program
  const found = units[unit].values.program
  if (wanted === undefined || found === wanted) return undefined
  const text = `program ${identityText('program', found)}, configured ${identityText('program', wanted)}`
  return { met: typeof found === 'number' ? 'no' : 'unknown', value: text }
}

function conditionIs(facts: UnitFacts, name: 'running' | 'seesIo', yes: string, no: string): One {
  const { statusNow } = facts
  if (statusNow === undefined) return notKnown(facts)
  return has(statusNow, name) ? { met: 'yes', value: yes } : { met: 'no', value: no }
}

/** An old status block is shown, and decides nothing. */
const notKnown = (facts: UnitFacts): One => ({
  met: 'unknown',
  value: whyNotKnown(facts),
  clearsWhen: 'the unit is read again and says so',
})
