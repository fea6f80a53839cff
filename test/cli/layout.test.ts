// How text is laid out and spelled for a terminal, whatever the texts.

import assert from 'node:assert/strict'
import { nearestWord } from '../../src/cli/outcome.ts'
import { asciiOnly, withoutControls } from '../../src/cli/paint.ts'
import { durationText, table, twoColumns, wrap } from '../../src/cli/table.ts'

describe('the layout', () => {
  it('cuts the last column of a table, splits long words, and pairs short texts', () => {
    assert.deepEqual(table(['A', 'B'], [['1', 'x'.repeat(20)]], 12), ['A  B', '1  xxxxxxxx\u2026'])
    assert.deepEqual(wrap('one two three', 12, '> '), ['> one two', '  three'])
    assert.deepEqual(wrap('x'.repeat(12), 10), ['x'.repeat(10), 'xx'])
    assert.deepEqual(twoColumns(['a', 'b', 'c'.repeat(9), 'd'], 16, ''), [
      'a        b',
      'ccccccccc',
      'd',
    ])
  })

  it('writes times as people say them', () => {
    const texts = [180, 94_000, 900_000, 10_800_000, 1_036_800_000].map(durationText)
    assert.deepEqual(texts, ['0.2 s', '94 s', '15 min', '3 h', '12 d'])
  })

  it('has a 7-bit spelling for every character, and lets no text of the plant move the cursor', () => {
    assert.equal(asciiOnly('3 ≤ 4 … Ås → µ ☃'), '3 <= 4 ... As -> u ?')
    assert.equal(withoutControls('\u001b[2Jpump\u0007 \u009b1m\u001b]0;x'), 'pump 1m]0;x')
  })

  it('finds the name that was meant, or none', () => {
    assert.equal(nearestWord('intaek', ['intake', 'filters']), 'intake')
    assert.equal(nearestWord('dosing', ['intake', 'filters']), undefined)
  })
})
