import assert from 'node:assert/strict'
import type { MaintenanceWindow } from '../../../src/core/policy/policy.ts'
import { openWindow, windowText } from '../../../src/core/policy/windows.ts'

const oslo = (
  days: MaintenanceWindow['days'],
  fromMin: number,
  toMin: number,
): MaintenanceWindow => ({
  days,
  fromMin,
  toMin,
  zone: 'Europe/Oslo',
})
const isOpen = (window: MaintenanceWindow, utc: string): boolean =>
  openWindow([window], Date.parse(utc)) !== undefined

type Row = readonly [what: string, window: MaintenanceWindow, utc: string, open: boolean]
const two = 2 * 60
const saturday = oslo(['sat'], two, 5 * 60)
const overMidnight = oslo(['fri'], 22 * 60, two)
const sunday = oslo(['sun'], two, 3 * 60)
const rows: readonly Row[] = [
  ['a minute before it begins, in winter', saturday, '2026-01-10T00:59:59Z', false],
  ['as it begins, in winter (UTC+1)', saturday, '2026-01-10T01:00:00Z', true],
  ['its last second', saturday, '2026-01-10T03:59:59Z', true],
  ['as it ends', saturday, '2026-01-10T04:00:00Z', false],
  ['as it begins, in summer (UTC+2)', saturday, '2026-07-11T00:00:00Z', true],
  ['an hour before that', saturday, '2026-07-10T23:59:59Z', false],
  ['the same hours of another day', saturday, '2026-01-11T02:00:00Z', false],
  ['over midnight: the evening', overMidnight, '2026-01-09T21:30:00Z', true],
  ['over midnight: the morning after', overMidnight, '2026-01-10T00:30:00Z', true],
  ['over midnight: as it ends', overMidnight, '2026-01-10T01:00:00Z', false],
  ['over midnight: the morning of its own day', overMidnight, '2026-01-09T00:30:00Z', false],
  // On 29 March 2026 the clock in Oslo goes from 02:00 straight to 03:00 (01:00 UTC).
  ['the night the clock skips an hour: before', sunday, '2026-03-29T00:59:59Z', false],
  [
    'the night the clock skips an hour: there is no such hour',
    sunday,
    '2026-03-29T01:00:00Z',
    false,
  ],
  [
    'a longer window in that night goes on after it',
    oslo(['sun'], 60, 240),
    '2026-03-29T01:30:00Z',
    true,
  ],
  ['and ends by the clock on the wall', oslo(['sun'], 60, 240), '2026-03-29T02:00:00Z', false],
  // On 25 October 2026 the clock goes from 03:00 back to 02:00 (01:00 UTC): the hour from two to three comes twice.
  ['the night of the hour that comes twice: the first time', sunday, '2026-10-25T00:30:00Z', true],
  ['the second time', sunday, '2026-10-25T01:30:00Z', true],
  ['after both', sunday, '2026-10-25T02:00:00Z', false],
  ['over midnight into that night', oslo(['sat'], 23 * 60, 150), '2026-10-25T01:29:00Z', true],
  ['and over its end', oslo(['sat'], 23 * 60, 150), '2026-10-25T01:30:00Z', false],
  ['a zone with half hours', { ...saturday, zone: 'Asia/Kolkata' }, '2026-01-09T20:30:00Z', true],
  [
    'a zone on the other side of the date line',
    { ...saturday, zone: 'Pacific/Auckland' },
    '2026-01-09T13:00:00Z',
    true,
  ],
  ['UTC', { ...saturday, zone: 'UTC' }, '2026-01-10T02:00:00Z', true],
]

describe('A maintenance window', () => {
  for (const [what, window, utc, open] of rows) {
    it(`${open ? 'is open' : 'is not open'}: ${what}`, () => {
      assert.equal(isOpen(window, utc), open)
    })
  }

  it('is open for exactly its minutes of an ordinary week, and for an hour more or less when the clock is changed', () => {
    const minutesOf = (window: MaintenanceWindow, fromUtc: string): number => {
      let open = 0
      for (let minute = 0; minute < 7 * 24 * 60; minute += 15)
        if (openWindow([window], Date.parse(fromUtc) + minute * 60_000) !== undefined) open += 15
      return open
    }
    const everyNight = oslo(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], 90, 210)
    assert.equal(minutesOf(everyNight, '2026-01-05T12:00:00Z'), 7 * 120)
    assert.equal(minutesOf(everyNight, '2026-03-25T12:00:00Z'), 7 * 120 - 60)
    assert.equal(minutesOf(everyNight, '2026-10-21T12:00:00Z'), 7 * 120 + 60)
  })

  it('is told as people write it', () => {
    assert.equal(windowText(overMidnight), 'fri 22:00-02:00 Europe/Oslo')
  })
})
