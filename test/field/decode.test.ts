// Registers to values.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import { isUnknown, type Value } from '../../src/core/image.ts'
import type { Signal } from '../../src/core/plant.ts'
import { decode } from '../../src/field/modbus/decode.ts'
import { sizeOf } from '../../src/field/modbus/plan.ts'
import { signal } from './devices.ts'

const notKnown = (read: string): Value => ({ unknown: `reads ${read}, which means not known` })

describe('decoding', () => {
  const rows: [string, Partial<Signal>, number[], Value][] = [
    ['a zero word is false', { type: 'bool' }, [0], false],
    ['any other word is true', { type: 'bool' }, [0x0100], true],
    ['bit 0 is the lowest', { type: 'bit', bit: 0 }, [0x0001], true],
    ['bit 15 is the highest', { type: 'bit', bit: 15 }, [0x8000], true],
    ['the bit beside it is another one', { type: 'bit', bit: 14 }, [0x8000], false],
    ['a coil is a truth value', { area: 'co', type: 'bool' }, [1], true],
    ['an input is a truth value', { area: 'di', type: 'bit' }, [0], false],
    ['uint16 has no sign', { type: 'uint16' }, [0xfffe], 65534],
    ['int16 has one', { type: 'int16' }, [0xfffe], -2],
    ['uint32 has its high word first', { type: 'uint32' }, [0x0001, 0x0002], 65538],
    ['or its low word first', { type: 'uint32', wordOrder: 'little' }, [0x0002, 0x0001], 65538],
    ['uint32 has no sign', { type: 'uint32' }, [0xffff, 0xfffe], 4294967294],
    ['int32 has one', { type: 'int32' }, [0xffff, 0xfffe], -2],
    ['float32 is single precision', { type: 'float32' }, [0x42c8, 0x0000], 100],
    ['in either order', { type: 'float32', wordOrder: 'little' }, [0x0000, 0xc2c8], -100],
    ['float64 is double precision', { type: 'float64' }, [0x400c, 0, 0, 0], 3.5],
    ['in either order too', { type: 'float64', wordOrder: 'little' }, [0, 0, 0, 0x400c], 3.5],
    ['a block stays as it is', { type: 'words', words: 3 }, [0xc511, 1, 2], [0xc511, 1, 2]],
    ['a tenth of a percent', { scale: 0.1 }, [229], 22.9],
    ['a scale and an offset', { type: 'int16', scale: 2, offset: -40 }, [0xffff], -42],
    ['a scale that is no fraction', { scale: 2.5 }, [4], 10],
    ['a named state', { names: { 1: 'on mains', 2: 'on battery' } }, [2], 'on battery'],
    [
      'a state without a name',
      { names: { 1: 'on mains' } },
      [7],
      { unknown: 'reads 7, has no name' },
    ],
    ['FFFF for not known', { unknownWhen: [65535] }, [0xffff], notKnown('FFFF')],
    [
      'the same as a signed value',
      { type: 'int16', unknownWhen: [65535] },
      [0xffff],
      notKnown('FFFF'),
    ],
    ['or written as -1', { type: 'int16', unknownWhen: [-1] }, [0xffff], notKnown('FFFF')],
    ['before it is scaled', { scale: 0.1, unknownWhen: [65535] }, [0xffff], notKnown('FFFF')],
    ['in 32 bits', { type: 'int32', unknownWhen: [-(2 ** 31)] }, [0x8000, 0], notKnown('80000000')],
    ['as a float', { type: 'float32', unknownWhen: [-100] }, [0xc2c8, 0], notKnown('-100')],
    [
      'for a bit, by its whole word',
      { type: 'bit', unknownWhen: [65535] },
      [0xffff],
      notKnown('FFFF'),
    ],
    [
      'a float that is not a number',
      { type: 'float32' },
      [0x7fc0, 0],
      { unknown: 'reads NaN, which is not a number' },
    ],
    [
      'an infinite float',
      { type: 'float32' },
      [0xff80, 0],
      { unknown: 'reads -Infinity, which is not a number' },
    ],
    ['too few words', { type: 'uint32' }, [1], { unknown: 'got 1 words instead of 2' }],
    ['too many words', { type: 'uint16' }, [1, 2], { unknown: 'got 2 words instead of 1' }],
  ]
  for (const [title, options, words, expected] of rows) {
    it(title, () => assert.deepEqual(decode(signal(options), words), expected))
  }

  it('never throws and never yields a number that is not finite, whatever the words are', () => {
    const word = fc.oneof(fc.integer({ min: 0, max: 65535 }), fc.double(), fc.integer())
    fc.assert(
      fc.property(anySignal, fc.array(word, { maxLength: 6 }), (any, words) => {
        const value = decode(any, words)
        if (typeof value === 'number') assert(Number.isFinite(value))
        assert(words.length === sizeOf(any) || isUnknown(value))
      }),
      { numRuns: 2000 },
    )
  })

  it('gives back every float that a unit can send', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (sent) => {
        const bytes = Buffer.alloc(4)
        bytes.writeFloatBE(sent)
        const words = [bytes.readUInt16BE(0), bytes.readUInt16BE(2)]
        assert.equal(decode(signal({ type: 'float32' }), words), sent + 0)
      }),
    )
  })
})

const anySignal: fc.Arbitrary<Signal> = fc
  .record({
    area: fc.constantFrom('hr', 'ir', 'co', 'di'),
    type: fc.constantFrom(
      ...(['bool', 'bit', 'int16', 'uint16', 'int32', 'uint32', 'float32', 'float64'] as const),
      'words',
    ),
    wordOrder: fc.constantFrom('big', 'little'),
    bit: fc.integer({ min: 0, max: 15 }),
    words: fc.integer({ min: 1, max: 6 }),
    scale: fc.oneof(fc.constantFrom(0, 1, 0.1, -0.01), fc.double()),
    offset: fc.oneof(fc.constant(0), fc.double()),
    unknownWhen: fc.array(fc.constantFrom(0, -1, 65535, 32768)),
  } as const)
  .map((options) => signal(options))
