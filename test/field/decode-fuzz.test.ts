// Random and damaged registers through every decoder, judged by a second decoder that is written here with Node's own readers and
// BigInt; and values that are written into registers here and must come back. CASES is the number of cases (10 million in the
// long run), SEED the seed of a run that is to be had again.

import assert from 'node:assert/strict'
import { isUnknown, type Value } from '../../src/core/image.ts'
import type { RegisterSignal as Signal } from '../../src/core/plant.ts'
import { decoderOf } from '../../src/field/modbus/decode.ts'
import { sizeOf } from '../../src/field/modbus/plan.ts'
import { randomFrom } from '../chance.ts'
import { seed, signal } from './devices.ts'

const cases = Number(process.env.CASES ?? 100_000)
/** One signal is tried with this many answers. */
const answersEach = 20

describe('decoding whatever a device sends', () => {
  it(`gives the right value or none at all, ${cases} cases, SEED=${seed}`, function () {
    this.timeout(60_000 + cases / 10)
    const random = randomFrom(seed)
    let known = 0
    for (let done = 0; done < cases; done += answersEach) {
      const drawn = drawSignal(random)
      const decode = decoderOf(drawn)
      for (let answer = 0; answer < answersEach; answer++) {
        const bytes = drawBytes(random, drawn)
        const value = decode(bytes, 0)
        if (!isUnknown(value)) known++
        if (!agree(value, expected(drawn, inPlainOrder(drawn, bytes)))) fail(drawn, bytes, value)
      }
    }
    // A decoder that knows nothing would never be wrong.
    assert(known > 0.4 * cases, `only ${known} of ${cases} values were known`)
  })

  it(`gives back every value that a device can send, ${cases} cases, SEED=${seed}`, function () {
    this.timeout(60_000 + cases / 10)
    const random = randomFrom(seed + 1)
    for (let done = 0; done < cases; done++) {
      const drawn = { ...drawSignal(random), scale: 1, offset: 0, unknownWhen: [] }
      const { names: _, ...unnamed } = drawn
      const [value, plain] = drawValue(random, unnamed)
      const bytes = inPlainOrder(unnamed, plain)
      const given = decoderOf(unnamed)(bytes, 0)
      if (!agree(given, value)) fail(unnamed, bytes, given)
    }
  })
})

function fail(drawn: Signal, bytes: Uint8Array, value: Value): never {
  const read = Buffer.from(bytes).toString('hex')
  assert.fail(`${read} as ${JSON.stringify(drawn)} became ${JSON.stringify(value)}`)
}

type Random = () => number
const pick = <T>(random: Random, choices: readonly T[], otherwise: T): T =>
  choices[Math.floor(random() * choices.length)] ?? otherwise
const whole = (random: Random, below: number): number => Math.floor(random() * below)

const types: readonly Signal['type'][] = [
  ...(['bool', 'bit', 'bits', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64'] as const),
  ...(['float32', 'float64', 'bcd16', 'bcd32', 'string', 'words'] as const),
]
const markers = [
  0,
  1,
  -1,
  65537,
  -65535,
  0x7fff,
  0x8000,
  0xffff,
  2 ** 32 - 1,
  -(2 ** 31),
  2 ** 64,
  -99.9,
  9999,
]
const names = { 0: 'zero', 1: 'one', 2: 'two', [-1]: 'minus one', 9999: 'many', 65535: 'all' }

function drawSignal(random: Random): Signal {
  const lowest = whole(random, 16)
  const type = pick(random, types, 'uint16')
  return signal({
    type,
    wordOrder: pick(random, ['big', 'little'], 'big'),
    byteOrder: pick(random, ['big', 'little'], 'big'),
    bit: lowest,
    bitCount: 1 + whole(random, 16 - lowest),
    words: 1 + whole(random, 6),
    scale: random() < 0.5 ? 1 : pick(random, [0.1, 0.01, 0.001, 0.5, 2.5, 10, -0.1], 1),
    offset: random() < 0.7 ? 0 : pick(random, [-40, 273.15, 1000], 0),
    unknownWhen: random() < 0.6 ? [] : [pick(random, markers, 0), pick(random, markers, 0)],
    ...(random() < 0.1 && { names }),
  })
}

/** Random bytes, few of them, a text or digits; some the same throughout, some with a few bits turned over. */
function drawBytes(random: Random, drawn: Signal): Uint8Array {
  const bytes = new Uint8Array(2 * sizeOf(drawn))
  const kind = whole(random, 5)
  for (let at = 0; at < bytes.length; at++) {
    if (kind === 0) bytes[at] = whole(random, 256)
    else if (kind === 1) bytes[at] = pick(random, [0x00, 0xff, 0x7f, 0x80, 0x01], 0)
    else if (kind === 2) bytes[at] = pick(random, [0x00, 0x20, 0x41, 0x7a, 0xa0, 0xe9], 0)
    else if (kind === 3) bytes[at] = 16 * whole(random, 10) + whole(random, 10)
    else bytes[at] = at < 2 ? whole(random, 256) : 0
  }
  if (random() < 0.1) bytes.fill(pick(random, [0x00, 0xff], 0))
  for (let flips = random() < 0.3 ? 1 + whole(random, 3) : 0; flips > 0; flips--) {
    const at = whole(random, bytes.length)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << whole(random, 8))
  }
  return bytes
}

/** From the order of the device to high bytes and high words first, and back: it is its own inverse. */
function inPlainOrder(drawn: Signal, bytes: Uint8Array): Buffer {
  const plain = Buffer.from(bytes)
  if (drawn.byteOrder === 'little') plain.swap16()
  const ordered = drawn.wordOrder === 'big' || drawn.type === 'words' || drawn.type === 'string'
  return ordered ? plain : plain.reverse().swap16()
}

/** The value in plain registers; undefined where none may be given. */
function expected(drawn: Signal, plain: Buffer): Value | undefined {
  if (isMarked(drawn, plain)) return undefined
  const { type } = drawn
  if (type === 'words') return wordsIn(plain)
  if (type === 'string') return textIn(plain)
  const raw = rawIn(drawn, plain)
  const isFlag = type === 'bool' || type === 'bit'
  if (!Number.isFinite(raw)) return undefined
  if (!type.startsWith('float') && !Number.isSafeInteger(raw)) return undefined
  if (drawn.names !== undefined) return drawn.names[raw]
  const scaled = raw * drawn.scale + drawn.offset
  return isFlag ? raw === 1 : Number.isFinite(scaled) ? scaled : undefined
}

/** Markers as a profile writes them: whole numbers with or without sign; the whole word of flags; every word of a block. */
function isMarked(drawn: Signal, plain: Buffer): boolean {
  const hex = plain.toString('hex')
  const word = hex.slice(0, 4)
  const isAny = (test: (marker: number) => boolean): boolean => drawn.unknownWhen.some(test)
  switch (drawn.type) {
    case 'float32':
      return isAny((marker) => Math.fround(marker) === plain.readFloatBE(0))
    case 'float64':
      return isAny((marker) => marker === plain.readDoubleBE(0))
    case 'bcd16':
    case 'bcd32':
      return isAny((marker) => marker === rawIn(drawn, plain))
    case 'words':
    case 'string':
      return hex === word.repeat(hex.length / 4) && isAny((marker) => standsFor(marker, word))
    default:
      return isAny((marker) => standsFor(marker, hex))
  }
}

/** Whether a whole number, signed or unsigned, is written like this in registers. */
function standsFor(marker: number, hex: string): boolean {
  if (!Number.isInteger(marker)) return false
  const bits = 4 * hex.length
  // A plant file can't write the largest number of 64 bits any closer.
  const exact = marker === 2 ** 64 ? 2n ** 64n - 1n : BigInt(marker)
  const fits = exact >= -(2n ** BigInt(bits - 1)) && exact < 2n ** BigInt(bits)
  return fits && BigInt.asUintN(bits, exact) === BigInt(`0x${hex}`)
}

/** The raw number, by way of text and BigInt. */
function rawIn({ type, bit = 0, bitCount = 1 }: Signal, plain: Buffer): number {
  const hex = plain.toString('hex')
  const binary = BigInt(`0x${hex}`).toString(2).padStart(16, '0')
  switch (type) {
    case 'bool':
      return /1/.test(binary) ? 1 : 0
    case 'bit':
      return Number(binary.at(-1 - bit))
    case 'bits':
      return Number.parseInt(binary.slice(16 - bit - bitCount, 16 - bit), 2)
    case 'float32':
      return plain.readFloatBE(0)
    case 'float64':
      return plain.readDoubleBE(0)
    case 'bcd16':
    case 'bcd32':
      return /^\d+$/.test(hex) ? Number.parseInt(hex, 10) : Number.NaN
    default: {
      const unsigned = BigInt(`0x${hex}`)
      return Number(type.startsWith('u') ? unsigned : BigInt.asIntN(8 * plain.length, unsigned))
    }
  }
}

const wordsIn = (plain: Buffer): number[] =>
  Array.from({ length: plain.length / 2 }, (_, index) => plain.readUInt16BE(2 * index))

function textIn(plain: Buffer): string | undefined {
  const [text = ''] = plain.toString('latin1').split('\0')
  return /^[\x20-\x7e\xa0-\xff]*$/.test(text) ? text.replace(/ *$/, '') : undefined
}

/** Two ways to scale may differ in the last places. */
function agree(value: Value, wanted: Value | undefined): boolean {
  if (isUnknown(value) || isUnknown(wanted)) return isUnknown(value) && isUnknown(wanted)
  if (Array.isArray(value)) return JSON.stringify(value) === JSON.stringify(wanted)
  if (typeof value !== 'number' || typeof wanted !== 'number') return value === wanted
  return (
    Number.isFinite(value) && Math.abs(value - wanted) <= 1e-12 * Math.max(1000, Math.abs(wanted))
  )
}

/** A value of the signal's type, and the plain registers in which Node's own writers put it. */
function drawValue(random: Random, drawn: Signal): [Value, Buffer] {
  const plain = Buffer.alloc(2 * sizeOf(drawn))
  const [bit, bitCount] = [drawn.bit ?? 0, drawn.bitCount ?? 1]
  const wide = Math.round((random() - 0.5) * 2 ** pick(random, [8, 16, 33, 53], 8))
  switch (drawn.type) {
    case 'bool':
    case 'bit': {
      const on = random() < 0.5
      // The other bits of the word of a `bit` are noise that must not show.
      const noise = drawn.type === 'bit' ? whole(random, 65536) & ~(1 << bit) : 0
      plain.writeUInt16BE(noise | (on ? 1 << bit : 0))
      return [on, plain]
    }
    case 'bits': {
      const field = whole(random, 2 ** bitCount)
      const mask = (2 ** bitCount - 1) << bit
      plain.writeUInt16BE((whole(random, 65536) & ~mask) | (field << bit))
      return [field, plain]
    }
    case 'words': {
      const words = Array.from({ length: plain.length / 2 }, () => whole(random, 65536))
      for (const [index, word] of words.entries()) plain.writeUInt16BE(word, 2 * index)
      return [words, plain]
    }
    case 'string': {
      const length = whole(random, plain.length + 1)
      const letters = Array.from({ length }, () => pick(random, [...' aZ09-~\u00b0\u00ff'], 'a'))
      const text = letters.join('').replace(/ *$/, '')
      plain.fill(random() < 0.5 ? '\0' : ' ').write(text, 'latin1')
      return [text, plain]
    }
    case 'float32': {
      const value = Math.fround(wide / 2 ** whole(random, 60))
      plain.writeFloatBE(value)
      return [value, plain]
    }
    case 'float64': {
      const value = wide / 2 ** whole(random, 60)
      plain.writeDoubleBE(value)
      return [value, plain]
    }
    case 'bcd16':
    case 'bcd32': {
      const digits = 2 * plain.length
      const value = whole(random, 10 ** digits)
      plain.write(String(value).padStart(digits, '0'), 'hex')
      return [value, plain]
    }
    default:
      return [drawWhole(drawn.type, wide, plain), plain]
  }
}

function drawWhole(type: Signal['type'], wide: number, plain: Buffer): number {
  const bits = 8 * plain.length
  const cut = type.startsWith('u')
    ? BigInt.asUintN(Math.min(bits, 53), BigInt(wide))
    : BigInt.asIntN(Math.min(bits, 53), BigInt(wide))
  Buffer.from(
    BigInt.asUintN(bits, cut)
      .toString(16)
      .padStart(bits / 4, '0'),
    'hex',
  ).copy(plain)
  return Number(cut)
}
