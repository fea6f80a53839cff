// What the answers of one plan mean, scan after scan: nothing is decoded twice, and nothing is ever shown that wasn't read.

import assert from 'node:assert/strict'
import type { Value } from '../../src/core/image.ts'
import type { Derived, RegisterSignal } from '../../src/core/plant.ts'
import { decoderOf } from '../../src/field/modbus/decode.ts'
import { planReads, type Read, sizeOf } from '../../src/field/modbus/plan.ts'
import { ReadOut } from '../../src/field/modbus/read-out.ts'
import { randomFrom } from '../chance.ts'
import { seed, signal } from './devices.ts'

const limits = { gapMax: 1, registersMax: 125, bitsMax: 2000 }
const readOutOf = (signals: readonly RegisterSignal[], derived: readonly Derived[] = []): ReadOut =>
  new ReadOut(planReads(signals, limits), derived)
const bytesOf = (...words: number[]): Uint8Array =>
  Uint8Array.from(words.flatMap((word) => [word >> 8, word & 0xff]))

/** Two requests: registers 0 to 4, of which nobody uses 1, and coils 0 to 8. */
const signals = [
  signal({ key: 'level' }),
  signal({ key: 'block', address: 2, type: 'words', words: 2 }),
  signal({ key: 'run', address: 4, type: 'bit', bit: 0 }),
  signal({ key: 'fit', address: 4, type: 'bit', bit: 1 }),
  signal({ key: 'door', area: 'co', address: 0, type: 'bool' }),
  ...[2, 4, 6].map((address) =>
    signal({ key: `coil ${address}`, area: 'co', address, type: 'bool' }),
  ),
  signal({ key: 'pump', area: 'co', address: 8, type: 'bool' }),
]
const registers = bytesOf(7, 0, 10, 11, 0b10)
const coils = Uint8Array.from([0b1, 0b1])

describe('reading out the answers', () => {
  it('an answer becomes the values of its signals', () => {
    const readOut = readOutOf(signals)
    assert.deepEqual(
      readOut.plan.map(({ area, count }) => [area, count]),
      [
        ['hr', 5],
        ['co', 9],
      ],
    )
    readOut.take(0, registers)
    readOut.take(1, coils)
    assert.deepEqual(readOut.values(), {
      level: 7,
      block: [10, 11],
      run: false,
      fit: true,
      door: true,
      'coil 2': false,
      'coil 4': false,
      'coil 6': false,
      pump: true,
    })
  })

  it('a scan that says nothing new hands on the very values of the one before', () => {
    const readOut = readOutOf(signals)
    readOut.take(0, registers)
    readOut.take(1, coils)
    const first = readOut.values()
    readOut.take(0, Uint8Array.from(registers))
    readOut.take(1, Uint8Array.from(coils))
    assert.equal(readOut.values(), first)
  })

  it('a register that nobody uses may change without a word', () => {
    const readOut = readOutOf(signals)
    readOut.take(0, registers)
    readOut.take(1, coils)
    const first = readOut.values()
    readOut.take(0, bytesOf(7, 0xffff, 10, 11, 0b10))
    assert.equal(readOut.values(), first)
  })

  it('a scan that was handed on never changes, whatever is read later', () => {
    const readOut = readOutOf(signals)
    const answer = Uint8Array.from(registers)
    readOut.take(0, answer)
    readOut.take(1, coils)
    const first = readOut.values()
    const copy = structuredClone(first)
    assert(Object.isFrozen(first))
    // A transport may use the bytes of an answer again.
    answer.fill(0xff)
    readOut.take(0, answer)
    const second = readOut.values()
    assert.deepEqual(first, copy)
    assert.equal(second.level, 65535)
    readOut.take(0, registers)
    assert.deepEqual(readOut.values(), copy)
    assert.equal(second.level, 65535)
  })

  it('only what changed is decoded again', () => {
    const readOut = readOutOf(signals)
    readOut.take(0, registers)
    readOut.take(1, coils)
    const first = readOut.values()
    readOut.take(0, bytesOf(8, 0, 10, 11, 0b11))
    const second = readOut.values()
    assert.deepEqual([second.level, second.run, second.fit], [8, true, true])
    assert.equal(second.block, first.block)
  })

  it('after a scan that broke off, every value is of its own newest answer', () => {
    const readOut = readOutOf(signals)
    readOut.take(0, registers)
    readOut.take(1, coils)
    const first = readOut.values()
    // The coils are never answered; in the next scan the registers are what they were here.
    readOut.take(0, bytesOf(9, 0, 10, 11, 0b10))
    readOut.take(0, bytesOf(9, 0, 10, 11, 0b10))
    readOut.take(1, Uint8Array.from([0, 0b1]))
    assert.deepEqual(readOut.values(), { ...first, level: 9, door: false })
  })

  it('derived values follow, and are the same as long as nothing changes', () => {
    const role: Derived = {
      key: 'role',
      rules: [{ when: { run: true, fit: true }, is: 'primary' }],
    }
    const able: Derived = { key: 'able', rules: [{ when: { role: 'primary' }, is: true }] }
    for (const derived of [
      [role, able],
      [able, role],
    ]) {
      const readOut = readOutOf(signals, derived)
      readOut.take(0, registers)
      readOut.take(1, coils)
      assert.deepEqual(readOut.values().role, { unknown: 'none of its rules fits what was read' })
      for (let again = 0; again < 3; again++) {
        readOut.take(0, bytesOf(again, 0, 10, 11, 0b11))
        assert.equal(readOut.values().role, 'primary')
        // One that builds on a later one is left out, the first time and every time.
        assert.equal(readOut.values().able, derived[0] === role ? true : undefined)
        assert.equal(readOut.values(), readOut.values())
      }
    }
  })

  it('a value that was never read is never shown: that is our own error', () => {
    const readOut = readOutOf(signals)
    assert.throws(() => readOut.values(), /before every request was answered/)
    readOut.take(0, registers)
    assert.throws(() => readOut.values(), /before every request was answered/)
    assert.throws(() => readOut.take(1, registers), /an answer to another plan/)
    assert.throws(() => readOut.take(2, coils), /an answer to another plan/)
  })

  it(`is the same as decoding everything anew, however the answers change, SEED=${seed}`, () => {
    const random = randomFrom(seed)
    for (let round = 0; round < 100; round++) {
      const drawn = drawSignals(random)
      const readOut = readOutOf(drawn)
      const answers = readOut.plan.map(emptyAnswer)
      for (let scan = 0; scan < 20; scan++) {
        for (const [index, answer] of answers.entries()) {
          damage(random, answer)
          readOut.take(index, answer)
          // Sometimes the scan ends here, and the next one begins at the first request again.
          if (scan > 0 && random() < 0.1) break
        }
        if (scan === 0 || random() < 0.7) check(readOut, answers)
      }
    }
  })
})

type Random = () => number
const whole = (random: Random, below: number): number => Math.floor(random() * below)
const types = ['bool', 'bit', 'int16', 'uint32', 'int64', 'float32', 'bcd16', 'string'] as const

const drawSignals = (random: Random): RegisterSignal[] =>
  Array.from({ length: 1 + whole(random, 40) }, (_, index) =>
    signal({
      key: `tag:${index}`,
      area: (['hr', 'ir', 'co', 'di'] as const)[whole(random, 4)] ?? 'hr',
      address: whole(random, 100),
      type: types[whole(random, types.length)] ?? 'words',
      wordOrder: random() < 0.5 ? 'big' : 'little',
      byteOrder: random() < 0.5 ? 'big' : 'little',
      bit: whole(random, 16),
      words: 1 + whole(random, 4),
    }),
  )

const isBits = ({ area }: Read): boolean => area === 'co' || area === 'di'
const emptyAnswer = (read: Read): Uint8Array =>
  new Uint8Array(isBits(read) ? Math.ceil(read.count / 8) : 2 * read.count)

/** None, a few or all of the bytes. */
function damage(random: Random, answer: Uint8Array): void {
  const times = [0, 0, 1, 3, answer.length][whole(random, 5)] ?? 0
  for (let time = 0; time < times; time++) answer[whole(random, answer.length)] = whole(random, 256)
}

/** The read-out copied the answers, but those that it has not been given yet may differ by now. */
function check(readOut: ReadOut, answers: readonly Uint8Array[]): void {
  const expected: Record<string, Value> = {}
  for (const [index, read] of readOut.plan.entries()) {
    const answer = answers[index] ?? new Uint8Array()
    readOut.take(index, answer)
    for (const one of read.signals) {
      const from = one.address - read.address
      const own = isBits(read)
        ? Uint8Array.of(((answer[from >> 3] ?? 0) >> (from & 7)) & 1)
        : answer.slice(2 * from, 2 * (from + sizeOf(one)))
      expected[one.key] = decoderOf(one)(own, 0)
    }
  }
  assert.deepEqual(readOut.values(), expected)
}
