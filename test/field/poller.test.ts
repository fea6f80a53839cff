// When a group of devices is read: drift, skipped readings and bursts, in virtual time.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import { VirtualTimeScheduler } from 'rxjs'
import type { Scan } from '../../src/core/image.ts'
import type { Driver } from '../../src/field/driver.ts'
import { type Grid, partsFor, tickAfter, tickBefore } from '../../src/field/grid.ts'
import { startPoller } from '../../src/field/poller.ts'

type Reading = { readonly device: string; readonly atMs: number; readonly sample: boolean }

/** Virtual time, devices that take as long as told, and a poller on them. `lateMs` delays every timer, as a busy process does. */
class Bench {
  readonly readings: Reading[] = []
  readonly scans: [string, Scan][] = []
  tookMs: (device: string, atMs: number) => number = () => 5
  lateMs = 0
  nowMs = 1000
  readonly #virtual = new VirtualTimeScheduler()

  start(scanMs: number, devices = ['A', 'B']): ReturnType<typeof startPoller> {
    return startPoller({
      devices: devices.map((id) => ({ id, driver: this.driver(id) })),
      scanMs,
      onScan: (device, scan) => this.scans.push([device, scan]),
      clock: () => this.nowMs,
      scheduler: {
        schedule: (work, delayMs) => this.#virtual.schedule(work, this.#virtualDelay(delayMs)),
      },
    })
  }

  driver(device: string): Driver {
    return {
      read: (sample) => {
        const sentMs = this.nowMs
        this.readings.push({ device, atMs: sentMs, sample })
        return new Promise((resolve) => {
          const answer = (): void => {
            const receivedMs = this.nowMs
            resolve({ kind: 'answered', sentMs, receivedMs, path: '', sample, values: {} })
          }
          const tookMs = this.tookMs(device, sentMs)
          if (Number.isFinite(tookMs)) {
            this.#virtual.schedule(answer, this.#virtualDelay(tookMs, 0))
          }
        })
      },
      glance: () => Promise.reject(new Error('not used')),
      write: () => Promise.reject(new Error('not used')),
      close: () => Promise.resolve(),
    }
  }

  /** Lets time pass in steps of 1 ms; what is promised in one step happens before the next. */
  async pass(ms: number): Promise<void> {
    for (const endMs = this.nowMs + ms; this.nowMs < endMs; this.nowMs++) {
      this.#virtual.maxFrames = this.nowMs - 1000
      this.#virtual.flush()
      await new Promise(setImmediate)
    }
  }

  at(device: string): number[] {
    return this.readings.filter((one) => one.device === device).map((one) => one.atMs - 1000)
  }
  samplesAt(device: string): number[] {
    const samples = this.readings.filter((one) => one.device === device && one.sample)
    return samples.map((one) => one.atMs - 1000)
  }

  /** The virtual scheduler counts from its own last action; delays must count from now. */
  #virtualDelay(delayMs: number, lateMs = this.lateMs): number {
    return this.nowMs - 1000 - this.#virtual.frame + delayMs + lateMs
  }
}

describe('the poller', () => {
  it('reads both units at the same instants of the grid, the first at once', async () => {
    const bench = new Bench()
    const poller = bench.start(200)
    await bench.pass(1000)
    assert.deepEqual(bench.at('A'), [0, 200, 400, 600, 800])
    assert.deepEqual(bench.at('B'), bench.at('A'))
    assert(bench.readings.every((one) => one.sample))
    assert.equal(bench.scans.length, 10)
    poller.close()
  })

  it('does not drift when every timer is late', async () => {
    const bench = new Bench()
    bench.lateMs = 7
    const poller = bench.start(200)
    await bench.pass(20000)
    const times = bench.at('A')
    assert.equal(times.length, 100)
    for (const [index, ms] of times.entries()) assert.equal(ms, index * 200 + 7)
    poller.close()
  })

  it('an early timer neither repeats an instant nor moves a sample off the grid', async () => {
    const bench = new Bench()
    bench.lateMs = -1
    const poller = bench.start(200)
    poller.setPeriod(50)
    await bench.pass(400)
    assert.deepEqual(bench.at('A'), [0, 49, 99, 149, 199, 249, 299, 349, 399])
    assert.deepEqual(bench.samplesAt('A'), [0, 199, 399])
    poller.close()
  })

  it('skips a reading that is still out instead of queueing it, and keeps to the grid', async () => {
    const bench = new Bench()
    bench.tookMs = () => 450
    const poller = bench.start(200)
    await bench.pass(2000)
    assert.deepEqual(bench.at('A'), [0, 600, 1200, 1800])
    poller.close()
  })

  it('a unit that never answers does not delay its peer', async () => {
    const bench = new Bench()
    bench.tookMs = (device) => (device === 'A' ? Number.POSITIVE_INFINITY : 5)
    const poller = bench.start(200)
    await bench.pass(1000)
    assert.deepEqual(bench.at('A'), [0])
    assert.deepEqual(bench.at('B'), [0, 200, 400, 600, 800])
    poller.close()
  })

  it('reads in bursts when told, with samples on the scan_ms grid only', async () => {
    const bench = new Bench()
    const poller = bench.start(200)
    await bench.pass(250)
    poller.setPeriod(50)
    await bench.pass(400)
    poller.setPeriod(200)
    await bench.pass(400)
    const burst = [250, 300, 350, 400, 450, 500, 550, 600]
    assert.deepEqual(bench.at('A'), [0, 200, ...burst, 800, 1000])
    assert.deepEqual(bench.samplesAt('A'), [0, 200, 400, 600, 800, 1000])
    poller.close()
  })

  it('a burst period that does not divide scan_ms is rounded to one that does', async () => {
    const bench = new Bench()
    const poller = bench.start(200)
    poller.setPeriod(70)
    await bench.pass(600)
    assert.deepEqual(bench.at('A'), [0, 67, 134, 200, 267, 334, 400, 467, 534])
    assert.deepEqual(bench.samplesAt('A'), [0, 200, 400])
    poller.close()
  })

  it('a period longer than scan_ms changes nothing', async () => {
    const bench = new Bench()
    const poller = bench.start(200)
    poller.setPeriod(5000)
    await bench.pass(600)
    assert.deepEqual(bench.at('A'), [0, 200, 400])
    assert.throws(() => poller.setPeriod(0), /period of 0 ms/)
    poller.close()
  })

  it('a slow unit in a burst loses burst readings, never a sample', async () => {
    const bench = new Bench()
    bench.tookMs = () => 60
    const poller = bench.start(200)
    poller.setPeriod(30)
    await bench.pass(2000)
    assert.deepEqual(
      bench.samplesAt('A'),
      Array.from({ length: 10 }, (_, index) => index * 200),
    )
    assert(bench.at('A').length > 10)
    poller.close()
  })

  it('after the process was held up, the instants that passed are left out and the grid stands', async () => {
    const bench = new Bench()
    const poller = bench.start(200)
    await bench.pass(150)
    bench.nowMs += 1000
    await bench.pass(600)
    assert.deepEqual(bench.at('A'), [0, 1150, 1200, 1400, 1600])
    poller.close()
  })

  it('a driver that breaks its promise yields failed scans and does not end the polling', async () => {
    const bench = new Bench()
    const scans: Scan[] = []
    let asked = 0
    const broken: Driver = {
      ...bench.driver('A'),
      read: () => {
        asked++
        if (asked % 2 === 0) throw new Error('bug')
        return Promise.reject(new Error('bug'))
      },
    }
    const scheduler = new VirtualTimeScheduler()
    const poller = startPoller({
      devices: [{ id: 'A', driver: broken }],
      scanMs: 10,
      onScan: (_, scan) => scans.push(scan),
      clock: () => scheduler.frame,
      scheduler,
    })
    for (let ms = 0; ms <= 100; ms += 5) {
      scheduler.maxFrames = ms
      scheduler.flush()
      await new Promise(setImmediate)
    }
    poller.close()
    assert.equal(asked, 11)
    assert.equal(scans.length, 11)
    for (const scan of scans) {
      assert(scan.kind === 'failed' && scan.detail === 'the driver failed: bug')
    }
  })

  it('closed, it reads no more and hands nothing on', async () => {
    const bench = new Bench()
    const poller = bench.start(200)
    await bench.pass(203)
    assert.equal(bench.scans.length, 2)
    poller.close()
    await bench.pass(1000)
    assert.equal(bench.scans.length, 2)
    assert.deepEqual(bench.at('A'), [0, 200])
  })

  it('in real time, no reading comes before its instant', async () => {
    const times: number[] = []
    const startMs = performance.now()
    await new Promise<void>((resolve) => {
      const read = async (sample: boolean): Promise<Scan> => {
        const sentMs = performance.now()
        times.push(sentMs - startMs)
        return { kind: 'answered', sentMs, receivedMs: sentMs, path: '', sample, values: {} }
      }
      const poller = startPoller({
        devices: [{ id: 'A', driver: { ...new Bench().driver('A'), read } }],
        scanMs: 20,
        onScan: () => {
          if (times.length < 25) return
          poller.close()
          resolve()
        },
      })
    })
    // A timer may fire a millisecond early.
    for (const [index, ms] of times.entries()) assert(ms > index * 20 - 2, `${index}: ${ms} ms`)
  })
})

describe('the grid of instants', () => {
  const grid = (parts: number): Grid => ({ originMs: 1000, scanMs: 200, parts })
  it('a tick is never before itself, and the next one is one step later', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 1e9 }), (parts, k) => {
        const tick = tickAfter(grid(parts), 1000 + (k * 200) / parts - 0.01)
        assert.equal(tickBefore(grid(parts), tick.atMs).atMs, tick.atMs)
        const next = tickAfter(grid(parts), tick.atMs)
        assert(Math.abs(next.atMs - tick.atMs - 200 / parts) < 1e-3)
        assert.equal(tick.sample, k % parts === 0)
        assert(tick.nextSampleMs > tick.atMs && tick.nextSampleMs - tick.atMs <= 200)
      }),
    )
  })
  it('is never slower than scan_ms', () => {
    assert.deepEqual(
      [1000, 200, 140, 100, 30].map((ms) => partsFor(200, ms)),
      [1, 1, 1, 2, 7],
    )
  })
})
