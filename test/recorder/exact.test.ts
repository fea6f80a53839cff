// The encoding of the recording: what comes back is what went in, to the last bit.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import { applied, differenceOf, placesOf } from '../../src/recorder/difference.ts'
import { fromText, toText } from '../../src/recorder/exact.ts'

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000)
const numRuns = 2000

const leaf = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(-0, 0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324),
  fc.string({ unit: 'binary' }),
  fc.boolean(),
  fc.constantFrom(null, undefined, '$', 'NaN', 'undefined', '\ud800'),
)
const key = fc.oneof(
  fc.constantFrom('$', '#', '__proto__', 'constructor', '0', '7', '', 'a', 'b'),
  fc.string({ unit: 'binary', maxLength: 4 }),
)
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    // Object.fromEntries makes own keys of all of them, __proto__ too.
    fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map(Object.fromEntries),
  ),
}))

/** deepEqual does not look at the order of keys, and a program can see it. */
function assertSame(actual: unknown, expected: unknown): void {
  assert.deepStrictEqual(actual, expected)
  assert.equal(toText(actual), toText(expected))
}

describe('A recorded value', () => {
  before(() => console.log(`      SEED=${seed}`))

  it('comes back from its text to the last bit, -0, NaN, infinities and undefined included', () => {
    fc.assert(
      fc.property(value, (one) => assertSame(fromText(toText(one)), one)),
      { seed, numRuns },
    )
  })

  it('takes one line, whatever stands in it', () => {
    fc.assert(
      fc.property(value, (one) => assert.ok(!toText(one).includes('\n'))),
      { seed, numRuns },
    )
  })

  it('tells -0 from 0, undefined from absent, and keeps the order of keys', () => {
    const odd = { b: -0, a: undefined, $: { $: 'NaN' }, list: [Number.NaN, undefined, -0] }
    const back = fromText(toText(odd)) as typeof odd
    assertSame(back, odd)
    assert.ok(Object.is(back.b, -0))
    assert.ok('a' in back)
    assert.deepEqual(Object.keys(back), ['b', 'a', '$', 'list'])
    assert.notEqual(toText({ a: undefined }), toText({}))
  })

  it('is refused when it is something that a text cannot give back', () => {
    for (const one of [() => 1, Symbol('x'), 1n, new Date(0), new Map()])
      assert.throws(() => toText({ one }), /can(not)? be recorded/)
  })
})

describe('What changed between two values', () => {
  it('gives the second value again, through its text too', () => {
    fc.assert(
      fc.property(value, value, (one, other) => {
        const change = differenceOf(one, other)
        assertSame(applied(one, change), other)
        const back = change === undefined ? change : (fromText(toText(change)) as typeof change)
        assertSame(applied(one, back), other)
      }),
      { seed, numRuns },
    )
  })

  it('is nothing between a value and its copy, and something between any two that differ', () => {
    fc.assert(
      fc.property(value, value, (one, other) => {
        assert.equal(differenceOf(one, fromText(toText(one))), undefined)
        assert.equal(differenceOf(one, other) === undefined, toText(one) === toText(other))
        assert.equal(placesOf(one, other, 3).length === 0, toText(one) === toText(other))
      }),
      { seed, numRuns },
    )
  })

  it('is small when little changed', () => {
    const before = { values: { level: 50.5, mode: 'automatic', status: [1, 2, 3] }, sentMs: 1 }
    const after = { values: { level: 50.5, mode: 'automatic', status: [1, 9, 3] }, sentMs: 2 }
    assert.equal(
      toText(differenceOf(before, after)),
      '{"values":{"status":{"1":[9],"#":[3]}},"sentMs":[2]}',
    )
  })
})
