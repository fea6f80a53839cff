// Registers to values. Pure, and it never throws: whatever a device sends becomes a value or a reason why none is known,
// because a gate treats "not known" as not met, and a made-up number could pass one.

import type { Unknown, Value } from '../../core/image.ts'
import type { DataType, Signal } from '../../core/plant.ts'
import { isBitArea, sizeOf } from './plan.ts'

/**
 * The value of one signal. `words` are the signal's own registers in order of address (0 to 65535 each), or its one bit
 * (0 or 1) in the areas co and di. Numbers are `raw * scale + offset`; names are looked up by the raw number.
 * Unknown: a raw value of `unknownWhen`, a raw number without a name, a result that is not finite, a wrong number of words.
 */
export function decode(signal: Signal, words: readonly number[]): Value {
  const needed = sizeOf(signal)
  if (words.length !== needed) return unknown(`got ${words.length} words instead of ${needed}`)
  const first = words[0] ?? 0
  if (isBitArea(signal.area)) return first !== 0
  if (signal.type === 'words') return [...words]
  if (signal.type === 'bool' || signal.type === 'bit') return decodeFlag(signal, first)
  const raw = rawNumber(signal.type, inBigOrder(signal, words))
  const marker = unknownMarker(signal, raw)
  if (marker !== undefined) return marker
  if (signal.names !== undefined) return signal.names[raw] ?? unknown(`reads ${raw}, has no name`)
  return decodeNumber(signal, raw)
}

type NumberType = Exclude<DataType, 'bool' | 'bit' | 'words'>

const unknown = (why: string): Unknown => ({ unknown: why })

/** A flag's word is looked at as a whole for `unknownWhen`: FFFF in a status word makes every bit of it unknown. */
function decodeFlag(signal: Signal, word: number): Value {
  if (signal.unknownWhen.includes(word)) return meansUnknown(hexOf(word, 1))
  return signal.type === 'bool' ? word !== 0 : ((word >>> (signal.bit ?? 0)) & 1) === 1
}

function decodeNumber(signal: Signal, raw: number): Value {
  const value = scaled(raw, signal.scale) + signal.offset
  return Number.isFinite(value) ? value : unknown(`reads ${value}, which is not a number`)
}

/** 229 * 0.1 is 22.900000000000002, 229 / 10 is 22.9: divide where the scale is one over a whole number. */
function scaled(raw: number, scale: number): number {
  const divisor = 1 / scale
  return Number.isInteger(divisor) ? raw / divisor : raw * scale
}

/** A profile may write a marker of a signed value either way: 65535 and -1 are the same int16. */
function unknownMarker(signal: Signal, raw: number): Unknown | undefined {
  const unsigned = raw < 0 ? raw + 2 ** (16 * sizeOf(signal)) : raw
  if (!signal.unknownWhen.some((marker) => marker === raw || marker === unsigned)) return undefined
  return meansUnknown(isFloat(signal.type) ? String(raw) : hexOf(unsigned, sizeOf(signal)))
}

const meansUnknown = (read: string): Unknown => unknown(`reads ${read}, which means not known`)
const hexOf = (value: number, words: number): string =>
  value
    .toString(16)
    .toUpperCase()
    .padStart(4 * words, '0')
const isFloat = (type: DataType): boolean => type === 'float32' || type === 'float64'

const inBigOrder = (signal: Signal, words: readonly number[]): readonly number[] =>
  signal.wordOrder === 'big' ? words : [...words].reverse()

function rawNumber(type: NumberType, words: readonly number[]): number {
  const view = new DataView(new ArrayBuffer(8))
  for (const [index, word] of words.entries()) view.setUint16(2 * index, word)
  switch (type) {
    case 'int16':
      return view.getInt16(0)
    case 'uint16':
      return view.getUint16(0)
    case 'int32':
      return view.getInt32(0)
    case 'uint32':
      return view.getUint32(0)
    case 'float32':
      return view.getFloat32(0)
    case 'float64':
      return view.getFloat64(0)
  }
}
