// Changes a message so that a decoder has something to choke on: bits, lengths that lie, types that do not exist, parts that come
// twice or not at all.

import type { Random } from '../chance.ts'

/** Numbers at which lengths, counts and ids break. */
const edges = [0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x10_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]

/** The bytes from `from` on, changed in one to four places. */
export function mutated(message: Buffer, random: Random, from = 0): Buffer {
  let changed: Buffer = Buffer.from(message)
  for (let times = 1 + pick(4, random); times > 0; times -= 1) {
    if (changed.length <= from) return changed
    changed = kinds[pick(kinds.length, random)]?.(changed, random, from) ?? changed
  }
  return changed
}

type Change = (message: Buffer, random: Random, from: number) => Buffer

const place = (message: Buffer, random: Random, from: number): number =>
  from + pick(message.length - from, random)

const kinds: readonly Change[] = [
  // One bit.
  (message, random, from) => {
    const at = place(message, random, from)
    message[at] = (message[at] ?? 0) ^ (1 << pick(8, random))
    return message
  },
  // One byte: types, encodings and masks are bytes.
  (message, random, from) => {
    message[place(message, random, from)] = pick(256, random)
    return message
  },
  // A number of four bytes: lengths and counts.
  (message, random, from) => {
    const at = Math.min(place(message, random, from), message.length - 4)
    if (at >= from) message.writeUInt32LE(edges[pick(edges.length, random)] ?? 0, at)
    return message
  },
  // A number of eight bytes: doubles and times, also those that are none.
  (message, random, from) => {
    const at = Math.min(place(message, random, from), message.length - 8)
    const value = [Number.NaN, Number.POSITIVE_INFINITY, -1, 1e300, -0][pick(5, random)] ?? 0
    if (at >= from) message.writeDoubleLE(value, at)
    return message
  },
  // The end is missing.
  (message, random, from) => message.subarray(0, place(message, random, from)),
  // Something is in it twice, up to a few hundred times.
  (message, random, from) => {
    const at = place(message, random, from)
    const part = message.subarray(at, at + 1 + pick(64, random))
    const times = 1 + pick(random() < 0.1 ? 500 : 3, random)
    const parts = Array.from({ length: times }, () => part)
    return Buffer.concat([message.subarray(0, at), ...parts, message.subarray(at)])
  },
  // Something is missing in the middle.
  (message, random, from) => {
    const at = place(message, random, from)
    return Buffer.concat([message.subarray(0, at), message.subarray(at + 1 + pick(16, random))])
  },
  // Noise.
  (message, random, from) => {
    const at = place(message, random, from)
    const noise = Buffer.from(Array.from({ length: 1 + pick(32, random) }, () => pick(256, random)))
    return Buffer.concat([message.subarray(0, at), noise, message.subarray(at + noise.length)])
  },
]

/** A whole number from 0 up to but not including `count`. */
export const pick = (count: number, random: Random): number => Math.floor(random() * count)
