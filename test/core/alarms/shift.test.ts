// The end of the shift by the clock of the site, also in the nights in which the clocks are set.

import assert from 'node:assert/strict'
import { shiftEndMs } from '../../../src/core/alarms/shift.ts'

const three = { startsMin: [6 * 60, 14 * 60, 22 * 60], zone: 'Europe/Oslo' }
const cases: readonly (readonly [string, string, string])[] = [
  ['in the morning', '2026-11-22T08:00:00Z', '2026-11-22T13:00:00Z'],
  ['in the evening', '2026-11-22T20:59:30Z', '2026-11-22T21:00:00Z'],
  [
    'at the change itself, which begins the next one',
    '2026-11-22T21:00:00Z',
    '2026-11-23T05:00:00Z',
  ],
  ['in the night in which summer time begins', '2026-03-28T21:30:00Z', '2026-03-29T04:00:00Z'],
  ['in the night in which summer time ends', '2026-10-24T20:30:00Z', '2026-10-25T05:00:00Z'],
]

describe('the end of the shift', () => {
  for (const [when, now, end] of cases) {
    it(`is found ${when}`, () => {
      const found = shiftEndMs(three, Date.parse(now))
      assert.equal(new Date(found ?? 0).toISOString(), new Date(end).toISOString())
    })
  }

  it('is not known where no shifts are configured', () => {
    assert.equal(shiftEndMs({ startsMin: [], zone: 'UTC' }, 0), undefined)
  })
})
