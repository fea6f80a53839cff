// Registers to values. Pure, and a decoder never throws: whatever a device sends becomes a value or a reason why none is known,
// because a gate treats "not known" as not met, and a made-up number could pass one. A signal is looked at once, when its
// decoder is made, so that a reading costs no more than the bytes that changed.

import assert from 'node:assert/strict'
import type { Value } from '../../core/image.ts'
import type { DataType, RegisterSignal as Signal } from '../../core/plant.ts'
import { flagMeaning, markerTest, meansUnknown, numberMeaning, unknown } from '../meaning.ts'
import { isBitArea, sizeOf } from './plan.ts'

/**
 * The value that stands in `bytes` from `at` on: the index of the first byte in registers (high byte first), of the bit in
 * coils and inputs (packed low first). The caller answers for the length; bytes past the end would read as zero.
 */
export type Decoder = (bytes: Uint8Array, at: number) => Value

/**
 * Makes the decoder of one signal. Numbers are `raw * scale + offset`, flags are true or false; names are looked up by the raw
 * number (0 or 1 of a flag). A text is Latin-1, cut at the first NUL and without the spaces at its end. Unknown: a raw value of
 * `unknownWhen`, a raw number without a name, a result that is not finite or not exact, a BCD digit over 9, unprintable text.
 * `unknownWhen` is compared with the number before it is scaled, signed or unsigned; for a flag or a field of bits with the
 * whole word; for a text or a block with every word. Asserts that the bits are inside the word.
 */
export function decoderOf(signal: Signal): Decoder {
  if (isBitArea(signal.area)) return coilDecoder(signal)
  switch (signal.type) {
    case 'bool':
    case 'bit':
    case 'bits':
      return fieldDecoder(signal, signal.type)
    case 'words':
    case 'string':
      return blockDecoder(signal)
    case 'bcd16':
    case 'bcd32':
      return bcdDecoder(signal)
    case 'float32':
    case 'float64':
      return floatDecoder(signal, signal.type)
    default:
      return wholeDecoder(signal, signal.type)
  }
}

type WholeType = Extract<DataType, `${'int' | 'uint'}${number}`>
/** The unsigned word that stands at a byte. */
type WordAt = (bytes: Uint8Array, at: number) => number

const highFirst: WordAt = (bytes, at) => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
const lowFirst: WordAt = (bytes, at) => ((bytes[at + 1] ?? 0) << 8) | (bytes[at] ?? 0)
const wordReader = ({ byteOrder }: Signal): WordAt => (byteOrder === 'big' ? highFirst : lowFirst)

function coilDecoder(signal: Signal): Decoder {
  const { unknownWhen } = signal
  const meaning = flagMeaning(signal)
  return (bytes, at) => {
    const bit = ((bytes[at >> 3] ?? 0) >> (at & 7)) & 1
    return unknownWhen.includes(bit) ? meansUnknown(String(bit)) : meaning(bit)
  }
}

/** FFFF in a status word makes every bit of it unknown, so the marker is looked for in the whole word. */
function fieldDecoder(signal: Signal, type: 'bool' | 'bit' | 'bits'): Decoder {
  const wordAt = wordReader(signal)
  const lowest = signal.bit ?? 0
  const count = type === 'bits' ? (signal.bitCount ?? 1) : 1
  assert(lowest >= 0 && count >= 1 && lowest + count <= 16, `${signal.key}: bits outside its word`)
  const mask = 2 ** count - 1
  const isMarker = markerTest(signal, { bits: 16 })
  const meaning = type === 'bits' ? numberMeaning(signal) : flagMeaning(signal)
  return (bytes, at) => {
    const word = wordAt(bytes, at)
    if (isMarker(word)) return meansUnknown(hexOf(word, 1))
    return meaning(type === 'bool' ? Number(word !== 0) : (word >>> lowest) & mask)
  }
}

function blockDecoder(signal: Signal): Decoder {
  const wordAt = wordReader(signal)
  const count = sizeOf(signal)
  const isMarker = markerTest(signal, { bits: 16 })
  return (bytes, at) => {
    const words: number[] = []
    for (let index = 0; index < count; index++) words.push(wordAt(bytes, at + 2 * index))
    const [first = 0] = words
    if (isMarker(first) && words.every((word) => word === first)) {
      return meansUnknown(`${hexOf(first, 1)} throughout`)
    }
    return signal.type === 'words' ? words : textOf(words)
  }
}

/** Latin-1, of which the characters 00 to 1F and 7F to 9F are no text. */
function textOf(words: readonly number[]): Value {
  let text = ''
  for (const code of words.flatMap((word) => [word >>> 8, word & 0xff])) {
    if (code === 0) break
    if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) {
      const hex = code.toString(16).toUpperCase().padStart(2, '0')
      return unknown(`holds the byte ${hex}, which is no text`)
    }
    text += String.fromCharCode(code)
  }
  return text.replace(/ +$/, '')
}

function bcdDecoder(signal: Signal): Decoder {
  const wordAt = wordReader(signal)
  const offsets = offsetsOf(signal)
  const isMarker = markerTest(signal, { single: false })
  const meaning = numberMeaning(signal)
  return (bytes, at) => {
    let raw = 0
    for (const offset of offsets) {
      const word = wordAt(bytes, at + offset)
      for (let shift = 12; shift >= 0; shift -= 4) {
        const digit = (word >>> shift) & 15
        if (digit > 9) return unknown(`reads ${hexOf(word, 1)}, which is not all decimal digits`)
        raw = 10 * raw + digit
      }
    }
    return isMarker(raw) ? meansUnknown(String(raw)) : meaning(raw)
  }
}

function floatDecoder(signal: Signal, type: 'float32' | 'float64'): Decoder {
  const wordAt = wordReader(signal)
  const offsets = offsetsOf(signal)
  const single = type === 'float32'
  const isMarker = markerTest(signal, { single })
  const meaning = numberMeaning(signal)
  const view = new DataView(new ArrayBuffer(8))
  return (bytes, at) => {
    for (let index = 0; index < offsets.length; index++) {
      view.setUint16(2 * index, wordAt(bytes, at + (offsets[index] ?? 0)))
    }
    const raw = single ? view.getFloat32(0) : view.getFloat64(0)
    return isMarker(raw) ? meansUnknown(String(raw)) : meaning(raw)
  }
}

function wholeDecoder(signal: Signal, type: WholeType): Decoder {
  const words = sizeOf(signal)
  const rawAt = wholeReader(signal, type)
  const isMarker = markerTest(signal, { bits: 16 * words })
  const meaning = numberMeaning(signal)
  return (bytes, at) => {
    const raw = rawAt(bytes, at)
    // Only 64 bits reach so far: a double that was rounded on the way never gets back below 2^53.
    if (!Number.isSafeInteger(raw)) return unknown('is too large to be exact')
    return isMarker(raw) ? meansUnknown(hexOf(raw, words)) : meaning(raw)
  }
}

function wholeReader(signal: Signal, type: WholeType): (bytes: Uint8Array, at: number) => number {
  const wordAt = wordReader(signal)
  const [first = 0, second = 0, third = 0, fourth = 0] = offsetsOf(signal)
  const signed32 = (bytes: Uint8Array, high: number, low: number): number =>
    (wordAt(bytes, high) << 16) | wordAt(bytes, low)
  switch (type) {
    case 'uint16':
      return wordAt
    case 'int16':
      return (bytes, at) => (wordAt(bytes, at) << 16) >> 16
    case 'uint32':
      return (bytes, at) => signed32(bytes, at + first, at + second) >>> 0
    case 'int32':
      return (bytes, at) => signed32(bytes, at + first, at + second)
    case 'uint64':
    case 'int64':
      return (bytes, at) => {
        const high = signed32(bytes, at + first, at + second)
        const low = signed32(bytes, at + third, at + fourth) >>> 0
        return (type === 'int64' ? high : high >>> 0) * 2 ** 32 + low
      }
  }
}

/** Where the words of a number stand, the most significant one first, in bytes. */
function offsetsOf(signal: Signal): readonly number[] {
  const offsets = Array.from({ length: sizeOf(signal) }, (_, index) => 2 * index)
  return signal.wordOrder === 'big' ? offsets : offsets.toReversed()
}

const hexOf = (raw: number, words: number): string =>
  BigInt.asUintN(16 * words, BigInt(raw))
    .toString(16)
    .toUpperCase()
    .padStart(4 * words, '0')
