// The scan clock in real time, and the seed that makes the disturbances repeatable.
import assert from 'node:assert/strict'
import { startScanClock } from '../../plc-sim/clock.ts'
import { newSite, scanSite } from '../../plc-sim/site.ts'

const BATCH_LIMIT = 50

describe('The scan clock', () => {
  it('makes up for the scans that a late event loop owes, in batches', async () => {
    let scans = 0
    let inBatch = 0
    let largestBatch = 0
    const startMs = performance.now()
    const clock = startScanClock(
      1,
      () => {
        scans += 1
        inBatch += 1
      },
      () => {
        largestBatch = Math.max(largestBatch, inBatch)
        inBatch = 0
      },
    )
    while (performance.now() - startMs < 150);
    const owed = 150
    while (scans < owed) {
      assert.ok(performance.now() - startMs < 5000, `${scans} scans`)
      await new Promise((resolve) => setImmediate(resolve))
    }
    clock.stop()
    assert.equal(largestBatch, BATCH_LIMIT)
    assert.ok(scans <= performance.now() - startMs, 'no scan comes before its time')
  })
})

describe('The disturbances of a tank', () => {
  it('are the same for the same seed, and others for another seed', () => {
    const level = (seed: number) => {
      const site = newSite(seed, () => 0)
      for (let scan = 0; scan < 1000; scan += 1) scanSite(site)
      return site.pairs.map((pair) => pair.tank.levelPct)
    }
    assert.deepEqual(level(5), level(5))
    assert.notDeepEqual(level(5), level(6))
  })
})
