// What must fit between the address, the type and the decoding of one value, be it a profile's signal or a tag.

import type { DataType } from '../core/plant.ts'
import { isWrong, type RegisterAddress } from './address.ts'
import { oneOf } from './faults.ts'
import {
  type NodeAddress,
  parseSignalAddress,
  type SignalAddress,
  type WrittenAddress,
} from './signal-address.ts'

export type ValueEntry = {
  readonly at: WrittenAddress
  readonly type: DataType
  readonly words?: number | undefined
  readonly scale: number
  readonly offset: number
  readonly names?: Readonly<Record<string, string>> | undefined
  readonly unknown_when?: readonly number[] | undefined
}
/** `path` leads from the value to the key that is wrong. */
export type ValueFault = { readonly path: readonly string[]; readonly message: string }

/** What is wrong with one value; the first fault only. */
export function valueWrong(value: ValueEntry): ValueFault | undefined {
  const parsed = parseSignalAddress(value.at)
  if (isWrong(parsed)) {
    const path = parsed.key === undefined ? ['at'] : ['at', parsed.key]
    return { path, message: parsed.wrong }
  }
  const at = (protocol: keyof SignalAddress) =>
    typeof value.at === 'string' ? ['at'] : ['at', protocol]
  return (
    (parsed.modbus && registerWrong(value, parsed.modbus, at('modbus'))) ??
    (parsed.opcua && nodeWrong(value, parsed.opcua, at('opcua'))) ??
    textualWrong(value, parsed) ??
    wordsWrong(value) ??
    scalingWrong(value) ??
    (parsed.modbus && markerWrong(value))
  )
}

/** Registers that a value takes; 1 for bits and coils. */
export function wordCount(value: {
  readonly type: string
  readonly words?: number | undefined
}): number {
  if (value.type === 'words' || value.type === 'string') return value.words ?? 1
  if (value.type.endsWith('64')) return 4
  return value.type.endsWith('32') ? 2 : 1
}

function registerWrong(
  value: ValueEntry,
  { area, address, bit, bitCount }: RegisterAddress,
  at: readonly string[],
): ValueFault | undefined {
  const { type } = value
  const type_ = (message: string): ValueFault => ({ path: ['type'], message })
  const coil = area === 'co' || area === 'di'
  if (coil && type !== 'bool') {
    return type_(`${area} holds single bits; expected bool, found "${type}"`)
  }
  if (!coil && type === 'bool') {
    return type_(`${area} holds words; expected bit with an address such as hr:110.0`)
  }
  if (type === 'bit' && (bit === undefined || bitCount !== undefined)) {
    return { path: at, message: `a bit needs its number; expected ${area}:${address}.0 or so` }
  }
  if (type === 'bits' && bitCount === undefined) {
    return { path: at, message: `bits need a field; expected ${area}:${address}.0-1 or so` }
  }
  if (type !== 'bit' && type !== 'bits' && bit !== undefined) {
    const field = bitCount === undefined ? `.${bit}` : `.${bit}-${bit + bitCount - 1}`
    return { path: at, message: `only the type bit takes a bit number; leave "${field}" away` }
  }
  const last = address + wordCount(value) - 1
  if (last > 65_535) return { path: at, message: `reaches to ${area}:${last}; the last is 65535` }
  return undefined
}

function nodeWrong(
  { type }: ValueEntry,
  { node, bit, bitCount }: NodeAddress,
  at: readonly string[],
): ValueFault | undefined {
  if (type.startsWith('bcd')) {
    return { path: ['type'], message: `${type} exists in registers only; take a whole number` }
  }
  if (type === 'bits' && bitCount === undefined) {
    return { path: at, message: `bits need a field; expected ${node}#0-1 or so` }
  }
  if (type === 'bit' && bitCount !== undefined) {
    return { path: at, message: `a bit has one number; expected ${node}#${bit ?? 0}` }
  }
  if (type !== 'bit' && type !== 'bits' && bit !== undefined) {
    return { path: at, message: `only the type bit takes a bit number; leave "#${bit}" away` }
  }
  return undefined
}

/** The column of RFC 1628 that names the alarms which stand. */
const alarmColumn = '1.3.6.1.2.1.33.1.6.2.1.2'

/** Variables and objects come as texts and numbers of their own; a token is there or not. */
function textualWrong(value: ValueEntry, { nut, snmp }: SignalAddress): ValueFault | undefined {
  const fits = ['bool', 'float64', 'string']
  if (nut === undefined && snmp === undefined) return undefined
  if (!fits.includes(value.type)) {
    return { path: ['type'], message: `expected ${oneOf(fits)}, found "${value.type}"` }
  }
  if (snmp?.oid.includes('#') && (value.type !== 'bool' || !snmp.oid.startsWith(alarmColumn))) {
    return {
      path: value.type === 'bool' ? ['at'] : ['type'],
      message: `an alarm (${alarmColumn}#ALARM) is bool, and stands in that column only`,
    }
  }
  if (nut !== undefined && (nut.token !== undefined) !== (value.type === 'bool')) {
    return {
      path: ['type'],
      message: 'a word of a variable (nut:ups.status/OB) is bool, and only that',
    }
  }
  return undefined
}

function wordsWrong({ at, type, words }: ValueEntry): ValueFault | undefined {
  const inRegisters = typeof at === 'string' ? /^(hr|ir):/.test(at) : at.modbus !== undefined
  const wanted = type === 'words' || (type === 'string' && inRegisters)
  if (wanted === (words !== undefined)) return undefined
  return {
    path: ['words'],
    message: 'the types words and string need the key words, and no other type has it',
  }
}

function scalingWrong({ at, type, scale, offset, names }: ValueEntry): ValueFault | undefined {
  const scaled = scale !== 1 || offset !== 0
  const plain = ['bit', 'bool', 'words', 'string'].includes(type)
  const key = scale !== 1 ? 'scale' : 'offset'
  if (plain && scaled) return { path: [key], message: `${type} cannot be scaled` }
  // SNMP hands out whole numbers as numbers, so an enumeration there is a float64 by type.
  const isSnmp = typeof at === 'string' ? at.startsWith('oid:') : at.snmp !== undefined
  const float = type === 'float32' || (type === 'float64' && !isSnmp)
  if (names !== undefined && (plain || float || scaled)) {
    return {
      path: ['names'],
      message: 'only whole numbers without scale and offset can have names',
    }
  }
  return undefined
}

/** A marker out of reach would let the value through that it should stop. Signed and unsigned count as the same bits. */
function markerWrong({ type, unknown_when = [] }: ValueEntry): ValueFault | undefined {
  const size = /^(?:u?int|bcd)(16|32)$/.exec(type)?.[1] ?? (/^(bits?|bool)$/.test(type) && '16')
  if (!size) return undefined
  const reach = 2 ** Number(size)
  const marker = unknown_when.find((raw) => raw < -reach / 2 || raw >= reach)
  if (marker === undefined) return undefined
  return { path: ['unknown_when'], message: `${marker} never stands in ${type}` }
}
