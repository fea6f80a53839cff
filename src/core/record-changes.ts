// What changed since the last cycle without an order: verdicts, roles, what the units carry. It goes into the journal as it is seen.

import { identityKeys, identityText } from './identity.ts'
import type { Ledger } from './ledger.ts'
import { type Pair, type UnitId, unitIds } from './plant.ts'
import { recordForeignChange } from './policy/foreign-change.ts'
import type { PairState } from './state.ts'
import type { PairCycle } from './switchover/switchover-memory.ts'

type Values = PairCycle['lastValues']['A']

export function recordChanges(before: PairState, cycle: PairCycle): void {
  const { pair, roles, sync, ledger, units, lastValues } = cycle
  if (sync.verdict !== before.sync.verdict) {
    const text = `${pair.name}: ${before.sync.verdict} -> ${sync.verdict} (${sync.sentence})`
    ledger.record({ kind: 'verdict', pair: pair.name, text, data: { verdict: sync.verdict } })
  }
  if (cycle.changedByOthers) recordForeignChange(before.normal, cycle)
  if (roles.primary !== undefined && roles.primary !== before.roles.primary) {
    const text = `${pair.name}: ${roles.primary} is primary (A ${units.A.role}, B ${units.B.role})`
    ledger.record({
      kind: 'role',
      pair: pair.name,
      text,
      data: { primary: roles.primary, before: before.roles.primary ?? null },
    })
  }
  for (const unit of unitIds)
    recordIdentity(before.units[unit].values, lastValues[unit], pair, unit, ledger)
}

/** What a unit carries goes into the journal when it changes, so that a later start still knows it of a unit that is lost. */
function recordIdentity(before: Values, now: Values, pair: Pair, unit: UnitId, ledger: Ledger) {
  if (now === before) return
  const carried = identityKeys.flatMap((key) => {
    const value = now[key]
    return typeof value === 'number' ? [[key, value] as const] : []
  })
  if (carried.every(([key, value]) => before[key] === value)) return
  const text = carried.map(([key, value]) => `${key} ${identityText(key, value)}`).join(', ')
  const data = { unit, ...Object.fromEntries(carried) }
  ledger.record({ kind: 'identity', pair: pair.name, text: `${pair.name}.${unit}: ${text}`, data })
}
