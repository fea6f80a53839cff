// A change of roles that nobody here commanded: told from our own, and written down with what was so before and after. It is never
// fought; whoever or whatever changed the roles may have had a reason.

import type { PairFacts } from '../pair.ts'
import { type Pair, type UnitId, unitIds } from '../plant.ts'
import type { PairCycle, SwitchoverMemory } from '../switchover/switchover-memory.ts'

/** What was so while the pair last had exactly one primary. Small, because it is carried along in every cycle. */
export type Normal = {
  readonly roles: string
  readonly verdict: string
  readonly verdictSinceMs: number
  readonly different: readonly string[]
  readonly alarms: readonly string[]
}

/** The same object while nothing of it has changed. */
export function noteNormal(before: Normal | undefined, cycle: PairCycle): Normal | undefined {
  const { roles, sync, activeAlarms } = cycle
  if (roles.primary === undefined) return before
  const now = rolesText(cycle)
  const same =
    before !== undefined &&
    before.roles === now &&
    before.verdict === sync.verdict &&
    before.verdictSinceMs === sync.sinceMs &&
    equal(before.different, sync.different) &&
    equal(before.alarms, activeAlarms)
  if (same) return before
  return {
    roles: now,
    verdict: sync.verdict,
    verdictSinceMs: sync.sinceMs,
    different: sync.different,
    alarms: activeAlarms,
  }
}

/** The primary changed, and no OPERATE of ours was to make that unit primary, or may still have been carried out. */
export function changedByOthers(
  { vendor }: Pair,
  roles: PairFacts,
  memory: SwitchoverMemory,
): boolean {
  if (roles.changed === undefined) return false
  const { to } = roles.changed
  const { current, stopped, unknown } = memory
  const left = vendor === undefined ? current && promoteLeft(current) : current?.operated
  const ours = current?.to === to && left === true
  // What showed no effect in time and is carried out late was ordered here all the same.
  const late =
    stopped?.mayActLate?.unit === to ||
    unknown?.unit === to ||
    (vendor !== undefined && stopped?.to === to)
  return !ours && !late
}

/** That the switchover wants this unit is not enough: the promote itself must have been on its way. */
const promoteLeft = ({ phase, exchange }: NonNullable<SwitchoverMemory['current']>): boolean =>
  phase === 'settling' ||
  (phase === 'promoting' && exchange?.opcode === 'OPERATE' && exchange.sent !== undefined)

/** Writes the change down with the evidence of both sides. */
export function recordForeignChange(before: Normal | undefined, cycle: PairCycle): void {
  const { roles, sync, activeAlarms, pair, units, ledger, input } = cycle
  const { changed } = roles
  if (changed === undefined) return
  const agoS = before === undefined ? 0 : (input.nowMs - before.verdictSinceMs) / 1000
  const was = before === undefined ? 'not known' : `${before.roles}, ${wordsOf(before, agoS)}`
  ledger.record({
    kind: 'role',
    pair: pair.name,
    text: `${pair.name}: nobody here ordered that ${changed.to} took over from ${changed.from}; before: ${was}; after: ${rolesText(cycle)}`,
    data: {
      foreign: true,
      from: changed.from,
      to: changed.to,
      before: before === undefined ? null : { ...before, verdictForS: Math.round(agoS) },
      after: {
        roles: rolesText(cycle),
        presence: Object.fromEntries(unitIds.map((unit) => [unit, units[unit].presence])),
        verdict: sync.verdict,
        different: sync.different,
        alarms: activeAlarms,
      },
    },
  })
}

function wordsOf({ verdict, different, alarms }: Normal, agoS: number): string {
  const apart = different.length === 0 ? '' : ` (${different.join(', ')})`
  const alarmed = alarms.length === 0 ? 'no alarms' : alarms.join('; ')
  return `${verdict}${apart} for ${agoS.toFixed(1)} s, ${alarmed}`
}

const rolesText = ({ units }: PairCycle): string =>
  unitIds.map((unit: UnitId) => `${unit} ${units[unit].role}`).join(', ')

const equal = (one: readonly string[], other: readonly string[]): boolean =>
  one === other || (one.length === other.length && one.every((word, at) => word === other[at]))
