// Rules on the devices of a plant file: addresses that exist, no device meant twice, and feeds that are really there.

import { nearest } from './faults.ts'
import { pathWrong } from './path-rules.ts'
import type { Profiles } from './profile.ts'
import { deviceName, lineFaults, sameDevice } from './shared-places.ts'
import type { Protocol } from './signal-address.ts'
import { each, type Finding, field, numberOf, repeated, type Tree, textOf } from './tree.ts'

const unitWays: readonly Protocol[] = ['modbus', 'opcua']
const upsWays: readonly Protocol[] = ['modbus', 'nut', 'snmp']

export function deviceRules(root: Tree, profiles: Profiles): readonly Finding[] {
  const pairs = each(field(root, 'pairs'))
  const units = pairs.flatMap(unitsOf)
  const ups = each(field(root, 'ups'))
  const unitDoors = units.flatMap((unit) => each(field(unit, 'paths')))
  const doors = [...unitDoors, ...ups]
  return [
    ...unitDoors.flatMap((door) => pathWrong(door, unitWays)),
    ...ups.flatMap((door) => pathWrong(door, upsWays)),
    ...sameDevice(doors),
    ...lineFaults(doors),
    ...units.flatMap(oneNetwork),
    ...sameNumber(units),
    ...pairs.flatMap((pair) => withoutNumber(pair, profiles)),
    ...units.flatMap((unit) => feedWrong(unit, ups)),
    ...pairs.flatMap(withoutFeed),
  ]
}

const unitsOf = (pair: Tree): readonly Tree[] => [
  field(field(pair, 'units'), 'A'),
  field(field(pair, 'units'), 'B'),
]

/** Two paths over one network fail together. */
function oneNetwork(unit: Tree): readonly Finding[] {
  const lans = each(field(unit, 'paths')).map((door) => field(door, 'lan'))
  return repeated(lans, (first) => `both paths go over ${textOf(first)}: they fail together`).map(
    (finding) => ({ ...finding, warning: true as const }),
  )
}

function sameNumber(units: readonly Tree[]): readonly Finding[] {
  return repeated(
    units.map((unit) => field(unit, 'number')),
    (first, place) =>
      `${deviceName(first)} has the block unit number ${place.value} already; it must be unique on the site`,
    (place) => numberOf(place)?.toString(),
  )
}

function withoutNumber(pair: Tree, profiles: Profiles): readonly Finding[] {
  const profile = profiles.get(textOf(field(pair, 'profile')) ?? '')
  if (profile === undefined || !('status' in profile.signals)) return []
  return unitsOf(pair).flatMap((unit): readonly Finding[] => {
    const at = field(unit, 'number')
    if (typeof unit.value !== 'object' || unit.value === null || at.value !== undefined) return []
    return [{ at, message: `missing; the status block of "${profile.name}" shows this number` }]
  })
}

function feedWrong(unit: Tree, ups: readonly Tree[]): readonly Finding[] {
  const names = ups.map((one) => textOf(field(one, 'name'))).filter((name) => name !== undefined)
  const power = field(unit, 'power')
  const feeds = [...each(field(power, 'any_of')), ...each(field(power, 'all_of'))]
  return feeds.flatMap((at): readonly Finding[] => {
    const name = textOf(at)
    if (name === undefined || names.includes(name)) return []
    const meant = nearest(name, names)
    const hint = meant === undefined ? '' : `; did you mean "${meant}"?`
    return [{ at, message: `there is no UPS "${name}"${hint}` }]
  })
}

function withoutFeed(pair: Tree): readonly Finding[] {
  return unitsOf(pair).flatMap((unit): readonly Finding[] => {
    if (typeof unit.value !== 'object' || unit.value === null) return []
    const power = field(unit, 'power')
    const feeds = [...each(field(power, 'any_of')), ...each(field(power, 'all_of'))]
    if (feeds.length > 0) return []
    const message = 'no UPS is named: nothing is asked of the power of this unit'
    return [{ at: unit, message, warning: true }]
  })
}
