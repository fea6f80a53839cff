// OPC UA variants to values. Pure, and it never throws: whatever a server sends becomes a value or the reason why none is
// known, because a gate treats "not known" as not met, and a made-up number could pass one. The built-in types are named by
// their numbers in OPC 10000-6 (5.1.2), so that this file needs nothing of the library.

import assert from 'node:assert/strict'
import type { Value } from '../../core/image.ts'
import type { DataType, NodeSignal } from '../../core/plant.ts'
import {
  flagMeaning,
  type Meaning,
  markerTest,
  meansUnknown,
  numberMeaning,
  unknown,
} from '../meaning.ts'
import { textValue } from '../plain-value.ts'

/** What is looked at of a DataValue of the library; every field may be missing or hold anything. */
export type Answer = {
  readonly value?: Variant | null
  readonly statusCode?: { readonly value: number; readonly name?: string } | null
}
export type Variant = {
  readonly dataType?: number
  readonly arrayType?: number
  readonly value?: unknown
}
export type NodeDecoder = (answer: Answer | undefined) => Value

/**
 * Makes the decoder of one signal. Numbers come from any numeric type (a DateTime is ms since 1970) and must be one that the
 * signal's type can hold: `raw * scale + offset`, or its name. A `bool` comes from Boolean or from 0 and 1; `bit` and `bits` are
 * cut out of a whole number; `words` is an array of UInt16 of exactly `words` elements. Unknown: any status but Good (uncertain
 * too), another type, a marker of `unknownWhen`, a number that is not finite, not exact (over 2^53 - 1) or out of range.
 */
export function nodeDecoder(signal: NodeSignal): NodeDecoder {
  const decode = variantDecoder(signal)
  return (answer) => {
    if (answer === undefined || answer === null) return unknown('the server gave no answer')
    const status = answer.statusCode?.value ?? 0
    // The two highest bits are the severity: 0 good, 1 uncertain, 2 bad.
    if (status >>> 30 !== 0) return unknown(`the server says ${nameOf(answer.statusCode)}`)
    const variant = answer.value
    if (variant === undefined || variant === null) return unknown('the server gave no value')
    return decode(variant)
  }
}

type Decoder = (variant: Variant) => Value

const nameOf = (status: Answer['statusCode']): string => status?.name ?? 'that it is not good'

function variantDecoder(signal: NodeSignal): Decoder {
  switch (signal.type) {
    case 'words':
      return blockDecoder(signal)
    case 'string':
      return textOf
    case 'bool':
      return boolDecoder(signal)
    case 'bit':
    case 'bits':
      return fieldDecoder(signal)
    default:
      return numberDecoder(signal, signal.type)
  }
}

type Kind = { readonly name: string; readonly bits?: number; readonly signed?: boolean }
/** Built-in types by number; those with `bits` are whole numbers. */
const kinds: Readonly<Record<number, Kind>> = {
  0: { name: 'nothing' },
  1: { name: 'Boolean' },
  2: { name: 'SByte', bits: 8, signed: true },
  3: { name: 'Byte', bits: 8 },
  4: { name: 'Int16', bits: 16, signed: true },
  5: { name: 'UInt16', bits: 16 },
  6: { name: 'Int32', bits: 32, signed: true },
  7: { name: 'UInt32', bits: 32 },
  8: { name: 'Int64', bits: 64, signed: true },
  9: { name: 'UInt64', bits: 64 },
  10: { name: 'Float' },
  11: { name: 'Double' },
  12: { name: 'String' },
  13: { name: 'DateTime' },
  21: { name: 'LocalizedText' },
}
const boolean = 1
const float = 10
const double = 11
const uint16 = 5
const dateTime = 13

const kindOf = ({ dataType }: Variant): Kind => kinds[dataType ?? 0] ?? { name: `type ${dataType}` }
const isArray = ({ arrayType }: Variant): boolean => arrayType !== undefined && arrayType !== 0
const shapeOf = (variant: Variant): string =>
  `${isArray(variant) ? 'an array of ' : ''}${kindOf(variant).name}`
const wrongType = (variant: Variant, expected: string): Value =>
  unknown(`is ${shapeOf(variant)}, expected ${expected}`)

/** The whole number of a scalar, exact; undefined for anything else. 64 bits come as two halves, the higher one first. */
function wholeOf(variant: Variant): bigint | undefined {
  const { bits, signed } = kindOf(variant)
  const { value } = variant
  if (bits === undefined || isArray(variant)) return undefined
  const bare = bits === 64 && Array.isArray(value) ? halvesOf(value) : plainOf(value)
  if (bare === undefined) return undefined
  const folded = signed === true ? BigInt.asIntN(bits, bare) : BigInt.asUintN(bits, bare)
  // A 64-bit number that came as halves is unsigned before it is folded; any other must have been in range.
  return Array.isArray(value) || folded === bare ? folded : undefined
}

function halvesOf(value: readonly unknown[]): bigint | undefined {
  const [high, low] = value
  if (value.length !== 2 || !isHalf(high) || !isHalf(low)) return undefined
  return (BigInt(high) << 32n) | BigInt(low)
}

const isHalf = (half: unknown): half is number =>
  typeof half === 'number' && Number.isInteger(half) && half >= 0 && half < 2 ** 32
const plainOf = (value: unknown): bigint | undefined => {
  if (typeof value === 'bigint') return value
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : undefined
}

function boolDecoder(signal: NodeSignal): Decoder {
  const meaning = flagMeaning(signal)
  const isMarker = markerTest(signal, { single: false })
  return (variant) => {
    const raw = flagOf(variant)
    if (raw === undefined) return wrongType(variant, 'a Boolean')
    if (isMarker(raw)) return meansUnknown(String(raw))
    return raw === 0 || raw === 1 ? meaning(raw) : unknown(`reads ${raw}, expected 0 or 1`)
  }
}

function flagOf(variant: Variant): number | undefined {
  if (variant.dataType !== boolean) return asNumber(wholeOf(variant))
  return typeof variant.value === 'boolean' && !isArray(variant) ? Number(variant.value) : undefined
}

const asNumber = (whole: bigint | undefined): number | undefined =>
  whole === undefined ? undefined : Number(whole)

function fieldDecoder(signal: NodeSignal): Decoder {
  const lowest = signal.bit ?? 0
  const count = signal.type === 'bits' ? (signal.bitCount ?? 1) : 1
  assert(lowest >= 0 && count >= 1 && lowest + count <= 64, `${signal.key}: bits outside its word`)
  const meaning: Meaning = signal.type === 'bits' ? numberMeaning(signal) : flagMeaning(signal)
  const mask = (1n << BigInt(count)) - 1n
  return (variant) => {
    const whole = wholeOf(variant)
    const bits = kindOf(variant).bits ?? 0
    if (whole === undefined) return wrongType(variant, 'a whole number')
    if (lowest + count > bits) {
      return unknown(`is ${shapeOf(variant)}, which has no bit ${lowest + count - 1}`)
    }
    const pattern = BigInt.asUintN(bits, whole)
    if (signal.unknownWhen.some((marker) => isPattern(marker, bits, pattern))) {
      return meansUnknown(pattern.toString(16).toUpperCase())
    }
    const field = (pattern >> BigInt(lowest)) & mask
    return field > maxExact ? unknown('is too large to be exact') : meaning(Number(field))
  }
}

const maxExact = BigInt(Number.MAX_SAFE_INTEGER)
const isPattern = (marker: number, bits: number, pattern: bigint): boolean =>
  Number.isInteger(marker) && BigInt.asUintN(bits, BigInt(marker)) === pattern

type NumberType = Exclude<DataType, 'words' | 'string' | 'bool' | 'bit' | 'bits'>
/** Smallest and largest raw number of the whole types. */
const ranges: Partial<Record<NumberType, readonly [number, number]>> = {
  int16: [-(2 ** 15), 2 ** 15 - 1],
  uint16: [0, 2 ** 16 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  uint64: [0, Number.MAX_SAFE_INTEGER],
  bcd16: [0, 2 ** 16 - 1],
  bcd32: [0, 2 ** 32 - 1],
}
const widths: Partial<Record<NumberType, number>> = {
  int16: 16,
  uint16: 16,
  int32: 32,
  uint32: 32,
  int64: 64,
  uint64: 64,
}

function numberDecoder(signal: NodeSignal, type: NumberType): Decoder {
  const meaning = numberMeaning(signal)
  const bits = widths[type]
  const form = bits === undefined ? { single: type === 'float32' } : { bits }
  const isMarker = markerTest(signal, form)
  const range = ranges[type]
  return (variant) => {
    const raw = rawNumber(variant)
    if (typeof raw !== 'number') return raw
    if (isMarker(raw)) return meansUnknown(String(raw))
    const misfit = range === undefined ? undefined : misfitOf(raw, range)
    if (misfit !== undefined) return unknown(`reads ${raw}, ${misfit}`)
    if (type !== 'bcd16' && type !== 'bcd32') return meaning(raw)
    const digits = raw.toString(16)
    return /^\d+$/.test(digits)
      ? meaning(Number(digits))
      : unknown(`reads ${digits}, which is no BCD`)
  }
}

function misfitOf(raw: number, [least, most]: readonly [number, number]): string | undefined {
  if (!Number.isInteger(raw)) return 'expected a whole number'
  return raw < least || raw > most ? `outside ${least} to ${most}` : undefined
}

/** Of any numeric scalar; a value when it can't be had. */
function rawNumber(variant: Variant): number | Value {
  const { dataType, value } = variant
  const whole = wholeOf(variant)
  if (whole !== undefined) {
    const tooLarge = whole > maxExact || whole < -maxExact
    return tooLarge ? unknown(`reads ${whole}, too large to be exact`) : Number(whole)
  }
  const numeric = dataType === float || dataType === double
  if (numeric && !isArray(variant) && typeof value === 'number') return finite(value)
  if (dataType === dateTime && value instanceof Date && !isArray(variant)) {
    return finite(value.getTime())
  }
  return wrongType(variant, 'a number')
}

const finite = (value: number): number | Value =>
  Number.isFinite(value) ? value : unknown(`reads ${value}, which is not a number`)

function textOf(variant: Variant): Value {
  const { value } = variant
  const text = typeof value === 'object' && value !== null && 'text' in value ? value.text : value
  return typeof text === 'string' && !isArray(variant)
    ? textValue(text)
    : wrongType(variant, 'a String')
}

function blockDecoder({ words, unknownWhen }: NodeSignal): Decoder {
  const count = words ?? 1
  const markers = new Set(unknownWhen)
  return (variant) => {
    const { value } = variant
    const list = value instanceof Uint16Array || Array.isArray(value) ? [...value] : undefined
    if (variant.dataType !== uint16 || variant.arrayType !== 1 || !list?.every(isWord)) {
      return wrongType(variant, 'an array of UInt16')
    }
    if (list.length !== count) return unknown(`has ${list.length} elements, expected ${count}`)
    return list.every((word) => markers.has(word)) && count > 0
      ? meansUnknown(`${list[0]?.toString(16).toUpperCase()} in every word`)
      : list
  }
}

const isWord = (word: unknown): word is number =>
  typeof word === 'number' && Number.isInteger(word) && word >= 0 && word <= 0xffff
