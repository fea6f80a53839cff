// Devices of a plant file that share a place: one address meant twice, one gateway, one serial line with two settings.

import { isWrong } from './address.ts'
import {
  lineDefaults,
  parseModbusAddress,
  parseNutAddress,
  parseSnmpAddress,
} from './device-address.ts'
import { type Finding, field, numberOf, repeated, type Tree, textOf } from './tree.ts'

/** Two entries with one address are a copied line: one of the two devices would never be asked. */
export function sameDevice(doors: readonly Tree[]): readonly Finding[] {
  const places = doors.flatMap((door) =>
    ['modbus', 'opcua', 'nut', 'snmp'].flatMap((key) => {
      const place = field(door, key)
      return textOf(place) === undefined ? [] : [place]
    }),
  )
  const unitOf = new Map(
    doors.map((door) => [JSON.stringify(field(door, 'modbus').path), field(door, 'unit')]),
  )
  const wire = (place: Tree): string | undefined => {
    const unit = unitOf.get(JSON.stringify(place.path))
    const number = unit?.value === undefined ? 1 : numberOf(unit)
    const address = placeText(place)
    return address === undefined || number === undefined ? undefined : `${address} ${number}`
  }
  const twice = repeated(
    places,
    (first) => {
      const unit = first.path.at(-1) === 'modbus' ? ' and unit identifier' : ''
      return `${deviceName(first)} has the same address${unit}`
    },
    wire,
  )
  const told = new Set(twice.map((finding) => finding.at))
  const shared = repeated(
    places.filter((place) => !told.has(place)),
    (first) => `${deviceName(first)} has the same host and port: right only behind a gateway`,
    gatewayText,
  )
  return [...twice, ...shared.map((finding) => ({ ...finding, warning: true as const }))]
}

/** All devices on one serial line share its settings. */
export function lineFaults(doors: readonly Tree[]): readonly Finding[] {
  const first = new Map<string, Tree>()
  return doors.flatMap((door): readonly Finding[] => {
    const text = textOf(field(door, 'modbus'))
    const parsed = text === undefined ? undefined : parseModbusAddress(text)
    if (parsed === undefined || isWrong(parsed) || parsed.kind !== 'serial') return []
    const other = first.get(parsed.device)
    if (other === undefined) {
      first.set(parsed.device, door)
      return []
    }
    return (['baud', 'parity', 'stop_bits'] as const).flatMap((key): readonly Finding[] => {
      const [mine, theirs] = [settingOf(door, key), settingOf(other, key)]
      if (mine === theirs) return []
      const own = field(door, key)
      const at = own.value === undefined ? field(door, 'modbus') : own
      const message = `${deviceName(other)} has ${key} ${theirs} on the same line, ${parsed.device}, and this path has ${mine}`
      return [{ at, message }]
    })
  })
}

/** What a serial path says of a setting, or what holds where it says nothing. */
function settingOf(door: Tree, key: 'baud' | 'parity' | 'stop_bits'): unknown {
  const parity = textOf(field(door, 'parity'))
  const usual = lineDefaults(parity === 'none' || parity === 'odd' ? parity : 'even')
  return field(door, key).value ?? usual[key]
}

/** `pairs[0].units.A` as a person would look for it in the file. */
export const deviceName = (place: Tree): string => {
  const [list, index, ...rest] = place.path
  const unit = rest.includes('A') ? '.units.A' : rest.includes('B') ? '.units.B' : ''
  return `${list}[${index}]${unit}`
}

/** One text for each place, however it is written. */
function placeText(place: Tree): string | undefined {
  const text = textOf(place)
  if (text === undefined) return undefined
  switch (place.path.at(-1)) {
    case 'modbus': {
      const parsed = parseModbusAddress(text)
      if (isWrong(parsed)) return undefined
      return parsed.kind === 'serial' ? parsed.device : `${hostOf(parsed.host)} ${parsed.port}`
    }
    case 'nut': {
      const parsed = parseNutAddress(text)
      return isWrong(parsed) ? undefined : `${hostOf(parsed.host)} ${parsed.port} ${parsed.ups}`
    }
    case 'snmp': {
      const parsed = parseSnmpAddress(text)
      return isWrong(parsed) ? undefined : `${hostOf(parsed.host)} ${parsed.port}`
    }
    default:
      return text.toLowerCase().replace(/\/$/, '')
  }
}

/** A serial line and a device server carry many devices by nature; Modbus TCP does so only behind a gateway. */
function gatewayText(place: Tree): string | undefined {
  const text = textOf(place)
  if (text === undefined || place.path.at(-1) !== 'modbus') return undefined
  const parsed = parseModbusAddress(text)
  return isWrong(parsed) || parsed.kind !== 'tcp' ? undefined : placeText(place)
}

const hostOf = (host: string): string => (host === 'localhost' ? '127.0.0.1' : host)
