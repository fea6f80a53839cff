// What the requests of one plan have brought: takes the bytes of each answer and keeps the values. Bytes that are as they were
// are not decoded again, and a scan in which none changed hands on the very values of the one before, because most scans of most
// devices say nothing new.

import assert from 'node:assert/strict'
import type { Value } from '../../core/image.ts'
import type { Derived } from '../../core/plant.ts'
import { derive } from '../derive.ts'
import { type Decoder, decoderOf } from './decode.ts'
import { isBitArea, type Read, sizeOf } from './plan.ts'

export type Values = Readonly<Record<string, Value>>

export class ReadOut {
  /** In the order of the plan: `take` wants the place of the request in it. */
  readonly plan: readonly Read[]
  readonly #blocks: readonly Block[]
  readonly #derived: readonly Derived[]
  /** What the newest bytes mean. Has every key from the start: such an object is copied many times faster than one that grew. */
  readonly #newest: Record<string, Value>
  /** As handed on last, and never changed again; undefined while the newest bytes say something else. */
  #handedOn: Values | undefined

  constructor(plan: readonly Read[], derived: readonly Derived[]) {
    const keys = plan.flatMap((read) => read.signals.map((signal) => signal.key))
    this.plan = plan
    this.#blocks = plan.map(newBlock)
    this.#derived = derived
    this.#newest = Object.fromEntries(keys.map((key) => [key, { unknown: 'was not read yet' }]))
  }

  /** Takes the answer to the request at `index` of the plan; the bytes are copied. Asserts that it has the planned length. */
  take(index: number, bytes: Uint8Array): void {
    const block = this.#blocks[index]
    assert(block !== undefined && bytes.length === block.bytes.length, 'an answer to another plan')
    if (block.known && Buffer.compare(block.bytes, bytes) === 0) return
    for (const place of block.places) {
      if (block.known && isSame(block.bytes, bytes, place)) continue
      this.#newest[place.key] = place.decode(bytes, place.at)
      this.#handedOn = undefined
    }
    block.bytes.set(bytes)
    block.known = true
  }

  /** The values of all signals with what is derived from them, frozen. Asserts that every request was answered at least once. */
  values(): Values {
    if (this.#handedOn !== undefined) return this.#handedOn
    assert(
      this.#blocks.every((block) => block.known),
      'values before every request was answered',
    )
    const handedOn = Object.freeze({ ...derive(this.#derived, this.#newest) })
    this.#handedOn = handedOn
    return handedOn
  }
}

type Block = {
  /** The newest answer. */
  readonly bytes: Uint8Array
  /** False until the first answer. */
  known: boolean
  readonly places: readonly Place[]
}

/** A signal in its block. */
type Place = {
  readonly key: string
  readonly decode: Decoder
  /** Where the decoder begins: a byte, or a bit in coils and inputs. */
  readonly at: number
  /** The bytes that the signal takes a part of. */
  readonly firstByte: number
  readonly lastByte: number
}

function newBlock({ area, address, count, signals }: Read): Block {
  const bits = isBitArea(area)
  const places = signals.map((signal): Place => {
    const from = signal.address - address
    const firstByte = bits ? from >> 3 : 2 * from
    return {
      key: signal.key,
      decode: decoderOf(signal),
      at: bits ? from : firstByte,
      firstByte,
      lastByte: bits ? firstByte : firstByte + 2 * sizeOf(signal) - 1,
    }
  })
  return { bytes: new Uint8Array(bits ? Math.ceil(count / 8) : 2 * count), known: false, places }
}

function isSame(old: Uint8Array, bytes: Uint8Array, { firstByte, lastByte }: Place): boolean {
  for (let at = firstByte; at <= lastByte; at++) if (old[at] !== bytes[at]) return false
  return true
}
