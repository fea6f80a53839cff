// Which alarm conditions stand in this cycle: a pure reading of what the earlier stages found.

import type { Input } from '../cycle.ts'
import { differingIdentities } from '../identity.ts'
import { observeOnly, unitIds } from '../plant.ts'
import type { UpsFacts } from '../power.ts'
import { unknownText } from '../switchover/proposal.ts'
import type { PairCycle, SwitchoverMemory } from '../switchover/switchover-memory.ts'
import type { Condition } from './alarms.ts'

export function pairConditions(cycle: PairCycle, memory: SwitchoverMemory): readonly Condition[] {
  const { pair, plant, roles, sync, lastValues } = cycle
  const found: Condition[] = []
  const add = (key: Condition['key'], detail = '') =>
    found.push({ key, source: pair.name, pair: pair.name, detail })
  if (roles.state === 'both primary') add('both-primary')
  if (roles.state === 'none primary' && memory.current?.operated !== true) add('none-primary')
  if (roles.lostPrimary !== undefined) add('primary-lost', roles.lostPrimary)
  if (memory.unanswered !== undefined) add('proposal-unanswered', memory.unanswered)
  if (memory.stopped !== undefined) add('stopped', memory.stopped.text)
  if (memory.unknown !== undefined) add('outcome-unknown', unknownText(memory.unknown))
  if (memory.held !== undefined) add('held', memory.held)
  if (observeOnly(plant, pair)) add('observe')
  if (sync.verdict === 'different') add('not-in-sync', sync.different.join(', '))
  const differing = differingIdentities(lastValues.A, lastValues.B)
  if (differing.length > 0) add('program-differs', differing.join(', '))
  if (changedByOthers(cycle, memory)) {
    add('role-changed', `from ${roles.changed?.from} to ${roles.changed?.to}`)
  }
  return [...found, ...unitConditions(cycle)]
}

export function upsConditions(name: string, facts: UpsFacts): readonly Condition[] {
  const found: Condition[] = []
  const add = (key: Condition['key'], detail = '') => found.push({ key, source: name, detail })
  if (facts.lost) add('ups-lost')
  if (facts.verdict === 'on battery') add('ups-on-battery')
  if (facts.batteryLow) add('ups-low')
  if (facts.replaceBattery) add('ups-battery')
  return found
}

export function ownConditions(
  input: Input,
  cycleMs: number,
  clockDisturbed: boolean,
  unresumed: readonly string[],
): readonly Condition[] {
  const found: Condition[] = []
  const add = (key: Condition['key'], detail = '') =>
    found.push({ key, source: 'supervisor', detail })
  if (input.journal.fault !== undefined) add('journal', input.journal.fault)
  if (clockDisturbed) add('clock')
  if (unresumed.length > 0) add('unresumed', unresumed.join(', '))
  if (input.lateMs > 5 * cycleMs) add('overrun')
  return found
}

/** The primary changed, and no switchover of ours that has sent an OPERATE asked for that unit. */
function changedByOthers({ roles }: PairCycle, { current }: SwitchoverMemory): boolean {
  if (roles.changed === undefined) return false
  const ours = current?.operated === true && current.to === roles.changed.to
  return !ours
}

function unitConditions({ pair, units, outOfService }: PairCycle): readonly Condition[] {
  return unitIds.flatMap((unit): readonly Condition[] => {
    if (outOfService[unit] !== undefined) return []
    const { presence, epochRolledBack, fault } = units[unit]
    const source = `${pair.name}.${unit}`
    const bad =
      presence === 'lost' ||
      presence === 'frozen' ||
      presence === 'swapped' ||
      presence === 'damaged'
    const found: Condition[] = bad
      ? [{ key: presence, source, pair: pair.name, detail: fault ?? '' }]
      : []
    if (epochRolledBack) found.push({ key: 'epoch-rollback', source, pair: pair.name, detail: '' })
    return found
  })
}
