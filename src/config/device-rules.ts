// Rules on the devices of a plant file: addresses that exist, no device meant twice, and feeds that are really there.

import { isWrong, parseDeviceAddress } from './address.ts'
import { nearest } from './faults.ts'
import { each, type Finding, field, numberOf, repeated, type Tree, textOf } from './tree.ts'

export function deviceRules(root: Tree): readonly Finding[] {
  const pairs = each(field(root, 'pairs'))
  const units = pairs.flatMap(unitsOf)
  const ups = each(field(root, 'ups'))
  const doors = [...units.flatMap((unit) => each(field(unit, 'paths'))), ...ups]
  return [
    ...doors.flatMap(addressWrong),
    ...sameDevice(doors),
    ...sameNumber(units),
    ...units.flatMap((unit) => feedWrong(unit, ups)),
    ...pairs.flatMap(withoutFeed),
  ]
}

const unitsOf = (pair: Tree): readonly Tree[] => [
  field(field(pair, 'units'), 'A'),
  field(field(pair, 'units'), 'B'),
]

function addressWrong(door: Tree): readonly Finding[] {
  const at = field(door, 'modbus')
  const text = textOf(at)
  if (text === undefined) return []
  const parsed = parseDeviceAddress(text)
  return isWrong(parsed) ? [{ at, message: parsed.wrong }] : []
}

// Two entries with one address are a copied line: one of the two devices would never be asked.
function sameDevice(doors: readonly Tree[]): readonly Finding[] {
  const places = doors.map((door) => field(door, 'modbus'))
  const unitOf = new Map(doors.map((door, index) => [places[index], field(door, 'unit')]))
  const hostPort = (place: Tree): string | undefined => {
    const text = textOf(place)
    const parsed = text === undefined ? undefined : parseDeviceAddress(text)
    if (parsed === undefined || isWrong(parsed)) return undefined
    const host = parsed.host === 'localhost' ? '127.0.0.1' : parsed.host
    return `${host} ${parsed.port}`
  }
  const wire = (place: Tree): string | undefined => {
    const unit = unitOf.get(place)
    const number = unit?.value === undefined ? 1 : unit === undefined ? 1 : numberOf(unit)
    const address = hostPort(place)
    return address === undefined || number === undefined ? undefined : `${address} ${number}`
  }
  const twice = repeated(
    places,
    (first) => `${deviceName(first)} has the same address and unit identifier`,
    wire,
  )
  const told = new Set(twice.map((finding) => finding.at))
  const shared = repeated(
    places.filter((place) => !told.has(place)),
    (first) => `${deviceName(first)} has the same host and port: right only behind a gateway`,
    hostPort,
  )
  return [...twice, ...shared.map((finding) => ({ ...finding, warning: true as const }))]
}

/** `pairs[0].units.A` as a person would look for it in the file. */
const deviceName = (place: Tree): string => {
  const [list, index, ...rest] = place.path
  const unit = rest.includes('A') ? '.units.A' : rest.includes('B') ? '.units.B' : ''
  return `${list}[${index}]${unit}`
}

function sameNumber(units: readonly Tree[]): readonly Finding[] {
  return repeated(
    units.map((unit) => field(unit, 'number')),
    (first, place) =>
      `${deviceName(first)} has the block unit number ${place.value} already; it must be unique on the site`,
    (place) => numberOf(place)?.toString(),
  )
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
