// The sums that decide whether a switchover fits into its select time, and how late things are noticed.

import assert from 'node:assert/strict'
import { assumedFigures, delaysOf, switchTime } from '../../src/config/timing.ts'

const pair = {
  scanMs: 200,
  burstMs: 50,
  gates: { lostMs: 1500, freshMs: 1000, heartbeatMs: 1000, scanTimeMsMax: 100 },
}
const plant = { cycleMs: 100 }

describe('The time from SELECT to OPERATE', () => {
  it('is one sync, two cycles, two burst polls, four round trips and four controller scans', () => {
    const time = switchTime(pair, plant, { journalSyncMs: 7, roundTripMs: 20, plcScanMs: 30 })
    assert.deepEqual(
      time.parts.map((part) => part.ms),
      [7, 200, 100, 80, 120],
    )
    assert.equal(time.sumMs, 507)
    assert.equal(time.fault, undefined)
  })

  it('takes the limit of the pair for a controller whose scan time was not measured', () => {
    const time = switchTime(pair, plant, { journalSyncMs: 0, roundTripMs: 0 })
    assert.equal(time.parts.at(-1)?.ms, 400)
  })

  it('is allowed at 1999 ms and refused at 2000 ms', () => {
    const measured = { roundTripMs: 0, plcScanMs: 0 }
    const under = switchTime(pair, plant, { ...measured, journalSyncMs: 1699 })
    assert.deepEqual([under.sumMs, under.fault], [1999, undefined])
    const over = switchTime(pair, plant, { ...measured, journalSyncMs: 1700 })
    assert.equal(over.sumMs, 2000)
    assert.equal(
      over.fault,
      'from SELECT to OPERATE it may take 2000 ms (journal sync 1700 + 2 cycles 200 + 2 burst polls 100 + ' +
        '4 round trips 0 + 4 PLC scans 0); it must stay under 2000 ms: shorten cycle_ms, burst_ms or gates.scan_time_ms_max',
    )
  })

  it('leaves room with the default limits, even before anything is measured', () => {
    assert.equal(switchTime(pair, plant, assumedFigures).sumMs, 1150)
  })
})

describe('The delay until something is noticed', () => {
  it('counts one cycle for a loss, and a scan and an answer more for a frozen heartbeat', () => {
    assert.deepEqual(delaysOf(pair, 500, plant), { lossMs: 1600, frozenMs: 1800, blindMs: 1100 })
  })
})
