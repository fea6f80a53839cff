import assert from 'node:assert/strict'
import fc from 'fast-check'
import { isUnknown, type Value } from '../../src/core/image.ts'
import type { DataType, NodeSignal } from '../../src/core/plant.ts'
import { type Answer, nodeDecoder, type Variant } from '../../src/field/opcua/variant.ts'
import { seed } from './devices.ts'
import { nodeSignal } from './opcua-rig.ts'

const types: readonly DataType[] = [
  ...(['bool', 'bit', 'bits', 'string', 'words', 'bcd16', 'bcd32', 'float32', 'float64'] as const),
  ...(['int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64'] as const),
]
const decode = (options: Partial<NodeSignal>, variant: Variant, status?: Answer['statusCode']) =>
  nodeDecoder(nodeSignal('value', options.type ?? 'float64', options))({
    value: variant,
    ...(status !== undefined && { statusCode: status }),
  })
const double = (value: unknown): Variant => ({ dataType: 11, arrayType: 0, value })
const uint16 = (value: unknown): Variant => ({ dataType: 5, arrayType: 0, value })

describe('a value of an OPC UA server', () => {
  const good: readonly [string, Partial<NodeSignal>, Variant, Value][] = [
    ['a Boolean', { type: 'bool' }, { dataType: 1, arrayType: 0, value: true }, true],
    ['a Byte that is 0 or 1 as a flag', { type: 'bool' }, { dataType: 3, value: 0 }, false],
    [
      'a flag with names',
      { type: 'bool', names: { 1: 'open' } },
      { dataType: 1, value: true },
      'open',
    ],
    ['an SByte', { type: 'int16' }, { dataType: 2, value: -7 }, -7],
    [
      'an Int32 into an int16 that can hold it',
      { type: 'int16' },
      { dataType: 6, value: -32768 },
      -32768,
    ],
    ['a Double into a whole number that it is', { type: 'uint16' }, double(5), 5],
    ['a Float', { type: 'float32' }, { dataType: 10, value: 1.5 }, 1.5],
    ['a number with scale and offset', { scale: 0.1, offset: -1 }, uint16(229), 21.9],
    ['a number with names', { type: 'uint16', names: { 2: 'standby' } }, uint16(2), 'standby'],
    [
      'an Int64 of two halves',
      { type: 'int64' },
      { dataType: 8, value: [0xffffffff, 0xfffffffe] },
      -2,
    ],
    ['a UInt64 of two halves', { type: 'uint64' }, { dataType: 9, value: [1, 2] }, 4294967298],
    ['BCD', { type: 'bcd16' }, uint16(0x1234), 1234],
    ['a DateTime in ms', { type: 'int64' }, { dataType: 13, value: new Date(5000) }, 5000],
    [
      'a String without the blanks at its end',
      { type: 'string' },
      { dataType: 12, value: 'M580  ' },
      'M580',
    ],
    ['a LocalizedText', { type: 'string' }, { dataType: 21, value: { text: 'Pumpe' } }, 'Pumpe'],
    ['a bit', { type: 'bit', bit: 15 }, uint16(0x8000), true],
    [
      'the highest bit of a negative Int32',
      { type: 'bit', bit: 31 },
      { dataType: 6, value: -1 },
      true,
    ],
    ['bits', { type: 'bits', bit: 4, bitCount: 4 }, uint16(0x00a0), 10],
    ['bit 63 of a UInt64', { type: 'bit', bit: 63 }, { dataType: 9, value: [0x80000000, 0] }, true],
    [
      'words of a typed array',
      { type: 'words', words: 3 },
      { dataType: 5, arrayType: 1, value: Uint16Array.of(1, 2, 65535) },
      [1, 2, 65535],
    ],
  ]
  for (const [what, options, variant, value] of good) {
    it(`is read: ${what}`, () => assert.deepEqual(decode(options, variant), value))
  }

  const bad: readonly [string, Partial<NodeSignal>, Variant, RegExp][] = [
    [
      'a String where a number is expected',
      {},
      { dataType: 12, value: '5' },
      /is String, expected a number/,
    ],
    ['a Boolean where a number is expected', {}, { dataType: 1, value: true }, /expected a number/],
    ['nothing', {}, { dataType: 0 }, /is nothing/],
    [
      'an array where a number is expected',
      {},
      { dataType: 11, arrayType: 1, value: Float64Array.of(1) },
      /an array of Double/,
    ],
    [
      'a number where a flag is expected',
      { type: 'bool' },
      double(1),
      /is Double, expected a Boolean/,
    ],
    ['a 7 where a flag is expected', { type: 'bool' }, uint16(7), /expected 0 or 1/],
    ['NaN', {}, double(Number.NaN), /not a number/],
    ['Infinity', {}, double(Number.POSITIVE_INFINITY), /not a number/],
    ['3.5 in a whole number', { type: 'int16' }, double(3.5), /expected a whole number/],
    ['70000 in a uint16', { type: 'uint16' }, { dataType: 7, value: 70000 }, /outside 0 to 65535/],
    [
      'a UInt64 that is too large to be exact',
      { type: 'uint64' },
      { dataType: 9, value: [0x00200000, 1] },
      /too large to be exact/,
    ],
    ['an Int64 with one half', { type: 'int64' }, { dataType: 8, value: [1] }, /expected a number/],
    [
      'a raw number that means not known',
      { unknownWhen: [65535] },
      uint16(65535),
      /means not known/,
    ],
    [
      '-1 for a marker of 65535',
      { type: 'int16', unknownWhen: [65535] },
      { dataType: 4, value: -1 },
      /means not known/,
    ],
    ['a number without a name', { type: 'uint16', names: { 1: 'a' } }, uint16(2), /has no name/],
    ['a digit over 9 in BCD', { type: 'bcd16' }, uint16(0x12a4), /no BCD/],
    ['a bit that the type does not have', { type: 'bit', bit: 16 }, uint16(1), /no bit 16/],
    [
      'a bit of a word that means not known',
      { type: 'bit', bit: 0, unknownWhen: [65535] },
      { dataType: 4, value: -1 },
      /means not known/,
    ],
    ['a null String', { type: 'string' }, { dataType: 12, value: null }, /expected a String/],
    [
      'a String with control characters',
      { type: 'string' },
      { dataType: 12, value: 'a\u0000b' },
      /readable/,
    ],
    [
      'too few words',
      { type: 'words', words: 3 },
      { dataType: 5, arrayType: 1, value: Uint16Array.of(1, 2) },
      /has 2 elements, expected 3/,
    ],
    [
      'words of Int16',
      { type: 'words', words: 1 },
      { dataType: 4, arrayType: 1, value: Int16Array.of(1) },
      /expected an array of UInt16/,
    ],
    [
      'one word that is no array',
      { type: 'words', words: 1 },
      uint16(1),
      /expected an array of UInt16/,
    ],
  ]
  for (const [what, options, variant, why] of bad) {
    it(`is not known: ${what}`, () => assert.match(reason(decode(options, variant)), why))
  }

  it('is not known when its status is bad or uncertain, whatever the value', () => {
    const status = { value: 0x80340000, name: 'BadNodeIdUnknown' }
    assert.match(reason(decode({}, double(1), status)), /BadNodeIdUnknown/)
    const uncertain = { value: 0x40900000, name: 'UncertainLastUsableValue' }
    assert.match(reason(decode({}, double(1), uncertain)), /UncertainLastUsableValue/)
  })

  it('is not known when the server gave none', () => {
    const one = nodeDecoder(nodeSignal('value', 'float64'))
    assert.match(reason(one(undefined)), /no answer/)
    assert.match(reason(one({ value: null })), /no value/)
  })
})

describe('any answer at all', function () {
  this.timeout(120_000)
  const cases = Number(process.env.CASES ?? 20_000)

  it(`is a value of the signal's type or unknown, and never an exception (SEED=${seed})`, () => {
    const signals = fc.record({
      type: fc.constantFrom(...types),
      bit: fc.nat(31),
      bitCount: fc.integer({ min: 1, max: 32 }),
      words: fc.integer({ min: 1, max: 4 }),
      unknownWhen: fc.array(fc.integer({ min: -1, max: 65535 }), { maxLength: 2 }),
    })
    const answers = fc.record({ value: variants(), statusCode: statuses() }, { requiredKeys: [] })
    let known = 0
    fc.assert(
      fc.property(signals, answers, (options, answer) => {
        const value = nodeDecoder(nodeSignal('value', options.type, options))(answer as Answer)
        if (!isUnknown(value)) known += 1
        assert.ok(fits(options.type, options.words, value), JSON.stringify(value))
      }),
      { numRuns: cases, seed },
    )
    assert.ok(known > cases / 100, `only ${known} of ${cases} values were known`)
  })

  it(`that holds a whole number is read as that number or not at all (SEED=${seed})`, () => {
    const whole: Record<number, readonly [bigint, bigint]> = {
      2: [-128n, 127n],
      3: [0n, 255n],
      4: [-32768n, 32767n],
      5: [0n, 65535n],
      6: [-(2n ** 31n), 2n ** 31n - 1n],
      7: [0n, 2n ** 32n - 1n],
      8: [-(2n ** 63n), 2n ** 63n - 1n],
      9: [0n, 2n ** 64n - 1n],
    }
    const numbers = fc.constantFrom(...Object.keys(whole).map(Number)).chain((dataType) => {
      const [min = 0n, max = 0n] = whole[dataType] ?? []
      return fc.tuple(fc.constant(dataType), fc.bigInt({ min, max }))
    })
    fc.assert(
      fc.property(numbers, fc.constantFrom(...types), ([dataType, truth], type) => {
        if (['bool', 'bit', 'bits', 'string', 'words', 'bcd16', 'bcd32'].includes(type)) return
        const bits = BigInt.asUintN(64, truth)
        const halves = [Number(bits >> 32n), Number(bits & 0xffffffffn)]
        const value = decode({ type }, { dataType, value: dataType > 7 ? halves : Number(truth) })
        if (!isUnknown(value)) assert.equal(BigInt(value as number), truth)
      }),
      { numRuns: cases, seed },
    )
  })
})

const reason = (value: Value): string => {
  assert.ok(isUnknown(value), `known: ${JSON.stringify(value)}`)
  return value?.unknown ?? ''
}

const variants = () =>
  fc.oneof(
    fc.record(
      {
        dataType: fc.integer({ min: 0, max: 26 }),
        arrayType: fc.nat(3),
        value: fc.oneof(fc.anything(), fc.nat(65535), fc.double(), fc.boolean(), fc.string()),
      },
      { requiredKeys: [] },
    ),
    fc.record({
      dataType: fc.constant(5),
      arrayType: fc.constant(1),
      value: fc.uint16Array({ minLength: 1, maxLength: 4 }),
    }),
    fc.record({ dataType: fc.constant(5), value: fc.nat(65535) }),
  )
const statuses = () =>
  fc.oneof(fc.constant(null), fc.record({ value: fc.constantFrom(0, 0x400, 0x80000000) }))

function fits(type: DataType, words: number, value: Value): boolean {
  if (isUnknown(value)) return typeof value?.unknown === 'string' && value.unknown !== ''
  if (type === 'bool' || type === 'bit') return typeof value === 'boolean'
  if (type === 'string') return typeof value === 'string'
  if (type === 'words') {
    return (
      Array.isArray(value) &&
      value.length === words &&
      value.every((word) => word >= 0 && word <= 65535)
    )
  }
  return typeof value === 'number' && Number.isFinite(value)
}
