// Which alarm conditions stand in this cycle: a pure reading of what the earlier stages found.

import type { Input } from '../cycle.ts'
import { differingIdentities } from '../identity.ts'
import { observeOnly, type UnitId, unitIds } from '../plant.ts'
import type { UpsFacts } from '../power.ts'
import { byPolicy } from '../switchover/automatic.ts'
import { unknownText } from '../switchover/proposal.ts'
import type { PairCycle, SwitchoverMemory } from '../switchover/switchover-memory.ts'
import type { Presence } from '../view.ts'
import type { Condition } from './alarm-memory.ts'

export function pairConditions(cycle: PairCycle, memory: SwitchoverMemory): readonly Condition[] {
  const { pair, plant, roles, sync, lastValues } = cycle
  const found: Condition[] = []
  const add = (key: Condition['key'], detail = '') =>
    found.push({ key, source: pair.name, pair: pair.name, detail })
  if (roles.state === 'both primary') add('both-primary')
  if (roles.state === 'none primary') add('none-primary')
  if (roles.lostPrimary !== undefined) add('primary-lost', roles.lostPrimary)
  if (memory.unanswered !== undefined) {
    const { last, count } = memory.unanswered
    const often = count === 1 ? '' : `; ${count} proposals in a row`
    add('proposal-unanswered', `${last}${often}${sinceText(memory.unanswered.sinceWallMs)}`)
    if (count >= pair.policy.escalateAfter)
      add(
        'proposal-escalated',
        `${count} proposals in a row${sinceText(memory.unanswered.sinceWallMs)}`,
      )
  }
  if (memory.failback && memory.failback.unanswered > 0)
    add('failback-unanswered', `back to ${memory.failback.unit}`)
  // From its first OPERATE on: what moved the plant was a rule and no person.
  if (memory.current?.operated && byPolicy(memory.current)) add('automatic', memory.current.id)
  if (memory.stopped !== undefined) add('stopped', memory.stopped.text)
  if (memory.unknown !== undefined) add('outcome-unknown', unknownText(memory.unknown))
  if (memory.held !== undefined) add('held', memory.held)
  if (observeOnly(plant, pair)) add('observe')
  if (sync.verdict === 'different') add('not-in-sync', sync.different.join(', '))
  if (sync.clocks.length > 0) add('clocks-differ', sync.clocks.join(', '))
  const differing = differingIdentities(lastValues.A, lastValues.B)
  if (differing.length > 0) add('program-differs', differing.join(', '))
  if (cycle.changedByOthers) {
    add('role-changed', `from ${roles.changed?.from} to ${roles.changed?.to}`)
  }
  return [...found, ...unitConditions(cycle)]
}

export function upsConditions(name: string, facts: UpsFacts): readonly Condition[] {
  const found: Condition[] = []
  const add = (key: Condition['key'], detail = '') => found.push({ key, source: name, detail })
  if (facts.lost) add('ups-lost', facts.lostDetail ?? '')
  // A self-test runs on the battery for a few seconds, and ends by itself.
  if (facts.verdict === 'on battery' && !facts.selfTest) add('ups-on-battery')
  if (facts.verdict === 'off' && !facts.selfTest) add('ups-off')
  if (facts.verdict === 'unknown' && !facts.lost && facts.ageMs !== undefined) add('ups-unknown')
  if (facts.batteryLow) add('ups-low', facts.lost ? 'it was lost while on battery' : '')
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
  if (input.recordingFault !== undefined) add('recording', input.recordingFault)
  if (input.historyFault !== undefined) add('history', input.historyFault)
  if (clockDisturbed) add('clock')
  if (unresumed.length > 0) add('unresumed', unresumed.join(', '))
  if (input.lateMs > 5 * cycleMs) add('overrun')
  return found
}

const sinceText = (wallMs: number): string =>
  `; nobody is known to be in control since ${new Date(wallMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`

function unitConditions(cycle: PairCycle): readonly Condition[] {
  const { pair, units, fitness } = cycle
  return unitIds.flatMap((unit): readonly Condition[] => {
    const { presence, presenceText, epochRolledBack, fault } = units[unit]
    const source = `${pair.name}.${unit}`
    const found: Condition[] = isUnbelievable(presence)
      ? [
          {
            key: presence,
            source,
            pair: pair.name,
            detail: presence === 'disputed' ? presenceText : (fault ?? ''),
          },
        ]
      : []
    if (epochRolledBack) found.push({ key: 'epoch-rollback', source, pair: pair.name, detail: '' })
    if (fitness[unit].flapping) found.push({ key: 'flapping', source, pair: pair.name, detail: '' })
    return [...found, ...pathConditions(cycle, unit)]
  })
}

type Unbelievable = 'lost' | 'frozen' | 'swapped' | 'damaged' | 'disputed'
const isUnbelievable = (presence: Presence): presence is Unbelievable =>
  presence !== 'answering' && presence !== 'unread'

function pathConditions({ pair, paths }: PairCycle, unit: UnitId): readonly Condition[] {
  return paths[unit].flatMap(({ name, state, detail }): readonly Condition[] => {
    const source = `${pair.name}.${unit} ${name}`
    if (state === 'down') return [{ key: 'path-down', source, pair: pair.name, detail }]
    return state === 'refused' ? [{ key: 'path-swapped', source, pair: pair.name, detail }] : []
  })
}
