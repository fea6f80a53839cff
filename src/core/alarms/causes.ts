// Which causes of suppression stand in this cycle: a pure reading of what the earlier stages found, as conditions.ts is for alarms.

import type { UnitId } from '../plant.ts'
import { unitIds } from '../plant.ts'
import type { UpsFacts } from '../power.ts'
import type { PairCycle, SwitchoverMemory } from '../switchover/switchover-memory.ts'
import type { Cause } from './suppression.ts'

export function pairCauses(cycle: PairCycle, memory: SwitchoverMemory): readonly Cause[] {
  const { pair, outOfService, lockout } = cycle
  const { name } = pair
  const both = unitIds.map((unit) => `${name}.${unit}`)
  const found: Cause[] = []
  for (const unit of unitIds) {
    const reason = outOfService[unit]
    const source = `${name}.${unit}`
    if (reason !== undefined) {
      const text = `${source} is out of service (${reason})`
      found.push({ key: 'unit-out-of-service', covers: [source, name], text })
    }
    if (cycle.units[unit].presence === 'unread') found.push(notRead(source))
    if (isCutOff(cycle, unit)) {
      found.push({
        key: 'unit-not-reached',
        covers: [source],
        text: `no path reaches ${source}`,
      })
    }
  }
  if (lockout !== undefined) {
    const text = `${name} is locked out: ${lockout}`
    found.push({ key: 'lockout', covers: [name, ...both], text })
  }
  const { current } = memory
  if (current?.operated === true) {
    const text = `${current.id} is being carried out`
    found.push({ key: 'switchover', covers: [name], text })
  }
  return found
}

export function upsCauses(name: string, { lost, ageMs }: UpsFacts): readonly Cause[] {
  if (lost) return [{ key: 'ups-lost', covers: [name], text: `${name} does not answer` }]
  return ageMs === undefined ? [notRead(name)] : []
}

const notRead = (source: string): Cause => ({
  key: 'not-read-yet',
  covers: [source],
  text: `${source} has not been read yet`,
})

/** Some path is down and none works; one that was not tried yet says nothing. */
const isCutOff = ({ paths }: PairCycle, unit: UnitId): boolean =>
  paths[unit].some(({ state }) => state === 'down') &&
  paths[unit].every(({ state }) => state !== 'carries' && state !== 'spare')
