// Devices of a plant file that share a place: one address meant twice, one gateway, one serial line with two settings.

import { isWrong } from './address.ts'
import { parseModbusAddress } from './device-address.ts'
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
    (first) => `${deviceName(first)} has the same address and unit identifier`,
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
    return ['baud', 'parity', 'stop_bits'].flatMap((key): readonly Finding[] => {
      const [mine, theirs] = [field(door, key), field(other, key)]
      if (mine.value === theirs.value) return []
      const at = mine.value === undefined ? field(door, 'modbus') : mine
      const message = `${deviceName(other)} has another ${key} on the same line, ${parsed.device}`
      return [{ at, message }]
    })
  })
}

/** `pairs[0].units.A` as a person would look for it in the file. */
export const deviceName = (place: Tree): string => {
  const [list, index, ...rest] = place.path
  const unit = rest.includes('A') ? '.units.A' : rest.includes('B') ? '.units.B' : ''
  return `${list}[${index}]${unit}`
}

function placeText(place: Tree): string | undefined {
  const text = textOf(place)
  if (text === undefined) return undefined
  if (place.path.at(-1) !== 'modbus') return text.toLowerCase()
  const parsed = parseModbusAddress(text)
  if (isWrong(parsed)) return undefined
  return parsed.kind === 'serial' ? parsed.device : `${hostOf(parsed.host)} ${parsed.port}`
}

/** A serial line and a device server carry many devices by nature; Modbus TCP does so only behind a gateway. */
function gatewayText(place: Tree): string | undefined {
  const text = textOf(place)
  if (text === undefined || place.path.at(-1) !== 'modbus') return undefined
  const parsed = parseModbusAddress(text)
  return isWrong(parsed) || parsed.kind !== 'tcp' ? undefined : placeText(place)
}

const hostOf = (host: string): string => (host === 'localhost' ? '127.0.0.1' : host)
