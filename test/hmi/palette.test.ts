// Every contrast of the palette, computed from the colours as they are.

import assert from 'node:assert/strict'
import { contrastOf, contrasts, marks, themes, tones } from '../../src/hmi/palette.ts'

describe('the palette', () => {
  it('computes contrast as WCAG does: 21 for black on white, 4.54 for #767676 on white', () => {
    assert.equal(contrastOf('#000000', '#ffffff'), 21)
    assert.equal(contrastOf('#767676', '#ffffff').toFixed(2), '4.54')
  })
  for (const theme of themes)
    for (const { ink, on, least } of contrasts)
      it(`shows ${ink} on ${on} by ${theme} with a contrast of ${least} or more`, () => {
        const contrast = contrastOf(tones[theme][ink], tones[theme][on])
        assert.ok(contrast >= least, `${contrast.toFixed(2)}`)
      })
  for (const [priority, { fill, ink }] of Object.entries(marks))
    it(`shows the digit in the symbol of priority ${priority} with a contrast of 4.5 or more`, () => {
      assert.ok(contrastOf(fill, ink) >= 4.5, contrastOf(fill, ink).toFixed(2))
    })
  it('tells every two priorities apart by shape', () => {
    assert.equal(new Set(Object.values(marks).map(({ shape }) => shape)).size, 4)
  })
})
