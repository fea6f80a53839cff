// Registers to values.

import assert from 'node:assert/strict'
import type { Value } from '../../src/core/image.ts'
import type { RegisterSignal } from '../../src/core/plant.ts'
import { decoderOf } from '../../src/field/modbus/decode.ts'
import { signal } from './devices.ts'

const notKnown = (read: string): Value => ({ unknown: `reads ${read}, which means not known` })
const bytesOf = (words: readonly number[]): Uint8Array =>
  Uint8Array.from(words.flatMap((word) => [word >> 8, word & 0xff]))
/** The words of a text, two characters in each. */
const wordsOf = (text: string): number[] =>
  Array.from({ length: Math.ceil(text.length / 2) }, (_, index) => {
    const [high = 0, low = 0] = [text.charCodeAt(2 * index), text.charCodeAt(2 * index + 1) || 0]
    return (high << 8) | low
  })
const text = (words: number): Partial<RegisterSignal> => ({ type: 'string', words })

describe('decoding', () => {
  const rows: [string, Partial<RegisterSignal>, number[], Value][] = [
    ['a zero word is false', { type: 'bool' }, [0], false],
    ['any other word is true', { type: 'bool' }, [0x0100], true],
    ['bit 0 is the lowest', { type: 'bit', bit: 0 }, [0x0001], true],
    ['bit 15 is the highest', { type: 'bit', bit: 15 }, [0x8000], true],
    ['the bit beside it is another one', { type: 'bit', bit: 14 }, [0x8000], false],
    ['a field of bits is a number', { type: 'bits', bit: 4, bitCount: 3 }, [0xff5f], 5],
    ['a field may be the whole word', { type: 'bits', bit: 0, bitCount: 16 }, [0xfffe], 65534],
    [
      'a field may have names',
      { type: 'bits', bit: 1, bitCount: 2, names: { 2: 'standby' } },
      [0x0004],
      'standby',
    ],
    ['a flag may have names', { type: 'bit', bit: 3, names: { 0: 'local' } }, [0], 'local'],
    ['uint16 has no sign', { type: 'uint16' }, [0xfffe], 65534],
    ['int16 has one', { type: 'int16' }, [0xfffe], -2],
    ['uint32 has its high word first', { type: 'uint32' }, [0x0001, 0x0002], 65538],
    ['or its low word first', { type: 'uint32', wordOrder: 'little' }, [0x0002, 0x0001], 65538],
    ['uint32 has no sign', { type: 'uint32' }, [0xffff, 0xfffe], 4294967294],
    ['int32 has one', { type: 'int32' }, [0xffff, 0xfffe], -2],
    ['uint64 is four words', { type: 'uint64' }, [0, 1, 0, 2], 2 ** 32 + 2],
    ['in either order', { type: 'uint64', wordOrder: 'little' }, [2, 0, 1, 0], 2 ** 32 + 2],
    ['int64 has a sign', { type: 'int64' }, [0xffff, 0xffff, 0xffff, 0xfffe], -2],
    [
      'the largest exact number is one',
      { type: 'uint64' },
      [0x1f, 0xffff, 0xffff, 0xffff],
      2 ** 53 - 1,
    ],
    [
      'a larger one is not known',
      { type: 'uint64' },
      [0x20, 0, 0, 0],
      { unknown: 'is too large to be exact' },
    ],
    [
      'nor is one that would be rounded',
      { type: 'int64' },
      [0xffe0, 0, 0, 0],
      { unknown: 'is too large to be exact' },
    ],
    ['four decimal digits', { type: 'bcd16' }, [0x9027], 9027],
    ['eight decimal digits', { type: 'bcd32' }, [0x1234, 0x5678], 12345678],
    ['their low word first', { type: 'bcd32', wordOrder: 'little' }, [0x5678, 0x1234], 12345678],
    [
      'a digit over 9 is none',
      { type: 'bcd32' },
      [0x1234, 0x56a8],
      { unknown: 'reads 56A8, which is not all decimal digits' },
    ],
    [
      'a marker among decimal digits',
      { type: 'bcd16', unknownWhen: [9999] },
      [0x9999],
      notKnown('9999'),
    ],
    ['float32 is single precision', { type: 'float32' }, [0x42c8, 0x0000], 100],
    ['in either order', { type: 'float32', wordOrder: 'little' }, [0x0000, 0xc2c8], -100],
    ['float64 is double precision', { type: 'float64' }, [0x400c, 0, 0, 0], 3.5],
    ['in either order too', { type: 'float64', wordOrder: 'little' }, [0, 0, 0, 0x400c], 3.5],
    ['the low byte may come first', { byteOrder: 'little' }, [0x3412], 0x1234],
    ['before a sign is taken', { type: 'int16', byteOrder: 'little' }, [0xfeff], -2],
    ['before a bit is taken', { type: 'bit', bit: 0, byteOrder: 'little' }, [0x0100], true],
    [
      'in every word of a number',
      { type: 'uint32', byteOrder: 'little' },
      [0x3412, 0x7856],
      0x12345678,
    ],
    [
      'whatever the order of the words',
      { type: 'uint32', byteOrder: 'little', wordOrder: 'little' },
      [0x7856, 0x3412],
      0x12345678,
    ],
    [
      'of a block',
      { type: 'words', words: 2, byteOrder: 'little' },
      [0x3412, 0x00ff],
      [0x1234, 0xff00],
    ],
    ['a block stays as it is', { type: 'words', words: 3 }, [0xc511, 1, 2], [0xc511, 1, 2]],
    [
      'whatever the order of words',
      { type: 'words', words: 2, wordOrder: 'little' },
      [1, 2],
      [1, 2],
    ],
    [
      'a block that is a marker throughout',
      { type: 'words', words: 2, unknownWhen: [-1] },
      [0xffff, 0xffff],
      notKnown('FFFF throughout'),
    ],
    [
      'a block with one such word is a block',
      { type: 'words', words: 2, unknownWhen: [65535] },
      [0xffff, 0],
      [0xffff, 0],
    ],
    [
      'a text ends where it is filled up with NUL',
      text(4),
      [...wordsOf('A12\0'), 0, 0x4141],
      'A12',
    ],
    ['or with blanks', text(4), wordsOf(' CPU 1  '), ' CPU 1'],
    ['it may fill its registers', text(2), wordsOf('abcd'), 'abcd'],
    ['or be empty', text(2), [0, 0x4141], ''],
    [
      'its letters may stand the other way round',
      { ...text(2), byteOrder: 'little' },
      wordsOf('badc'),
      'abcd',
    ],
    ['but begin in the first word', { ...text(2), wordOrder: 'little' }, wordsOf('abcd'), 'abcd'],
    ['letters of Latin-1 are text', text(2), wordsOf('17\u00b0C'), '17\u00b0C'],
    [
      'what can not be printed is no text',
      text(2),
      [0x4107, 0],
      { unknown: 'holds the byte 07, which is no text' },
    ],
    [
      'a text of markers',
      { ...text(2), unknownWhen: [65535] },
      [0xffff, 0xffff],
      notKnown('FFFF throughout'),
    ],
    ['a tenth of a percent', { scale: 0.1 }, [229], 22.9],
    ['a hundred-thousandth', { scale: 0.00001 }, [229], 0.00229],
    ['a scale and an offset', { type: 'int16', scale: 2, offset: -40 }, [0xffff], -42],
    ['a scale that is no fraction', { scale: 2.5 }, [4], 10],
    ['a scale of tens', { scale: 10 }, [4], 40],
    ['scaled decimal digits', { type: 'bcd16', scale: 0.1 }, [0x0229], 22.9],
    ['a scaled field of bits', { type: 'bits', bit: 8, bitCount: 8, scale: 0.5 }, [0x0300], 1.5],
    ['a scaled large number', { type: 'int64', scale: 0.1 }, [0, 0, 0, 229], 22.9],
    ['a named state', { names: { 1: 'on mains', 2: 'on battery' } }, [2], 'on battery'],
    ['a named negative state', { type: 'int16', names: { [-1]: 'stopped' } }, [0xffff], 'stopped'],
    [
      'a state without a name',
      { names: { 1: 'on mains' } },
      [7],
      { unknown: 'reads 7, has no name' },
    ],
    ['FFFF for not known', { unknownWhen: [65535] }, [0xffff], notKnown('FFFF')],
    ['7FFF for not known', { type: 'int16', unknownWhen: [0x7fff] }, [0x7fff], notKnown('7FFF')],
    ['and no other value', { type: 'int16', unknownWhen: [0x7fff] }, [0x7ffe], 32766],
    ['one of several markers', { unknownWhen: [65535, 65534] }, [0xfffe], notKnown('FFFE')],
    [
      'the same as a signed value',
      { type: 'int16', unknownWhen: [65535] },
      [0xffff],
      notKnown('FFFF'),
    ],
    ['or written as -1', { type: 'int16', unknownWhen: [-1] }, [0xffff], notKnown('FFFF')],
    ['-1 of an unsigned value', { unknownWhen: [-1] }, [0xffff], notKnown('FFFF')],
    ['before it is scaled', { scale: 0.1, unknownWhen: [65535] }, [0xffff], notKnown('FFFF')],
    ['before it is named', { names: { 9: 'nine' }, unknownWhen: [9] }, [9], notKnown('0009')],
    ['in 32 bits', { type: 'int32', unknownWhen: [-(2 ** 31)] }, [0x8000, 0], notKnown('80000000')],
    [
      'in 64 bits',
      { type: 'int64', unknownWhen: [2 ** 64] },
      [0xffff, 0xffff, 0xffff, 0xffff],
      notKnown('FFFFFFFFFFFFFFFF'),
    ],
    ['and only there', { type: 'int64', unknownWhen: [2 ** 64] }, [0, 0, 0, 0], 0],
    ['as a float', { type: 'float32', unknownWhen: [-100] }, [0xc2c8, 0], notKnown('-100')],
    [
      'as a float that is rounded',
      { type: 'float32', unknownWhen: [-99.9] },
      [0xc2c7, 0xcccd],
      notKnown('-99.9000015258789'),
    ],
    [
      'for a bit, by its whole word',
      { type: 'bit', unknownWhen: [65535] },
      [0xffff],
      notKnown('FFFF'),
    ],
    [
      'for a field of bits, by its whole word',
      { type: 'bits', bit: 4, bitCount: 2, unknownWhen: [3, 0x7fff] },
      [0x7fff],
      notKnown('7FFF'),
    ],
    ['and never by the field', { type: 'bits', bit: 4, bitCount: 2, unknownWhen: [3] }, [0x30], 3],
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
    [
      'a number that its scale makes infinite',
      { type: 'float64', scale: 1e10 },
      [0x7fef, 0xffff, 0xffff, 0xffff],
      { unknown: 'reads Infinity, which is not a number' },
    ],
  ]
  for (const [title, options, words, expected] of rows) {
    it(title, () => assert.deepEqual(decoderOf(signal(options))(bytesOf(words), 0), expected))
  }

  it('a value is read where it stands in a longer answer', () => {
    const words = [0xffff, 0xffff, 0x0001, 0x0002, 0xffff]
    assert.equal(decoderOf(signal({ type: 'uint32' }))(bytesOf(words), 4), 65538)
  })

  it('coils and inputs are packed with the lowest address in the lowest bit', () => {
    const answer = Uint8Array.from([0b1000_0001, 0b0000_0010])
    for (const area of ['co', 'di'] as const) {
      const decode = decoderOf(signal({ area, type: 'bool' }))
      const read = Array.from({ length: 10 }, (_, address) => decode(answer, address))
      assert.deepEqual(
        read.flatMap((on, address) => (on ? [address] : [])),
        [0, 7, 9],
      )
    }
    const named = decoderOf(signal({ area: 'di', type: 'bit', names: { 1: 'remote' } }))
    assert.equal(named(answer, 0), 'remote')
    assert.deepEqual(named(answer, 1), { unknown: 'reads 0, has no name' })
    const marked = decoderOf(signal({ area: 'di', type: 'bool', unknownWhen: [0] }))
    assert.deepEqual(marked(answer, 1), notKnown('0'))
  })

  it('bits that are not in the word are our own error', () => {
    assert.throws(
      () => decoderOf(signal({ type: 'bits', bit: 12, bitCount: 5 })),
      /outside its word/,
    )
    assert.throws(() => decoderOf(signal({ type: 'bit', bit: 16 })), /outside its word/)
  })
})
