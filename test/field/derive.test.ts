// Values that follow from others: what is known for certain, and nothing else.

import assert from 'node:assert/strict'
import type { Value } from '../../src/core/image.ts'
import type { Derived, DerivedRule } from '../../src/core/plant.ts'
import { derive, inputsFor } from '../../src/field/derive.ts'

const silent: Value = { unknown: 'reads FFFF, which means not known' }

/** The role of a Quantum hot standby unit is told by two bits. */
const role: Derived = {
  key: 'role',
  rules: [
    { when: { bit1: true, bit0: false }, is: 'primary' },
    { when: { bit1: true, bit0: true }, is: 'standby' },
    { when: { bit1: false }, is: 'none' },
  ],
}

describe('derived values', () => {
  const rows: [string, Record<string, Value>, Value | undefined][] = [
    ['the first rule that fits gives the result', { bit1: true, bit0: false }, 'primary'],
    ['a later one does when the ones above do not', { bit1: true, bit0: true }, 'standby'],
    ['a rule may leave signals open', { bit1: false, bit0: true }, 'none'],
    [
      'an unknown signal that a rule needs makes the result unknown',
      { bit1: true, bit0: silent },
      { unknown: 'bit0 reads FFFF, which means not known' },
    ],
    [
      'an unknown signal in a rule that another one rules out does not matter',
      { bit1: false, bit0: silent },
      'none',
    ],
    [
      'an unknown signal is not passed over for a rule further down',
      { bit1: silent, bit0: true },
      { unknown: 'bit1 reads FFFF, which means not known' },
    ],
    ['a value that was not asked for leaves the derived one out', { bit1: false }, undefined],
    [
      'a value of another type is another value',
      { bit1: 1, bit0: 0 },
      { unknown: 'none of its rules fits what was read' },
    ],
  ]
  for (const [title, values, expected] of rows) {
    it(title, () => {
      const all = derive([role], values)
      assert.deepEqual(all.role, expected)
      assert.equal('role' in all, expected !== undefined)
    })
  }

  it('the end of the list makes the result unknown', () => {
    const one: Derived = { key: 'mains', rules: [{ when: { state: 1 }, is: true }] }
    assert.deepEqual(derive([one], { state: 2 }).mains, {
      unknown: 'none of its rules fits what was read',
    })
  })

  it('one may build on those before it', () => {
    const fit: Derived = {
      key: 'fit',
      rules: [{ when: { role: 'standby', run: true }, is: 'yes' }],
    }
    const values = { bit1: true, bit0: true, run: true }
    assert.equal(derive([role, fit], values).fit, 'yes')
    assert.equal('fit' in derive([fit, role], values), false)
    const unclear = derive([role, fit], { ...values, bit0: silent }).fit
    assert.deepEqual(unclear, { unknown: 'role bit0 reads FFFF, which means not known' })
  })

  it('the values that were read stay as they are, beside the derived ones', () => {
    const values = Object.freeze({ bit1: false, bit0: silent, level: 4.2 })
    assert.deepEqual(derive([role], values), { ...values, role: 'none' })
    assert.equal(derive([], values), values)
  })

  it('a signal called like a part of every object is still absent when it was not read', () => {
    const one: Derived = { key: 'odd', rules: [{ when: { constructor: 1 }, is: 1 }] }
    assert.deepEqual(derive([one], {}), {})
  })

  it('to know a derived value, what it is derived from must be read', () => {
    const rule: DerivedRule = { when: { role: 'standby', heartbeat: 1 }, is: true }
    const fit: Derived = { key: 'fit', rules: [rule] }
    assert.deepEqual(inputsFor(['role', 'level'], [role, fit]), new Set(['level', 'bit1', 'bit0']))
    assert.deepEqual(inputsFor(['fit'], [role, fit]), new Set(['heartbeat', 'bit1', 'bit0']))
    assert.deepEqual(inputsFor([], [role]), new Set())
  })
})
