// Reads a group of devices (the two units of a pair) at the same instants of one drift-free grid and hands every scan on. Each
// device has its own stream, so a unit that doesn't answer never delays its peer; a reading that is still out is skipped, not queued.

import assert from 'node:assert/strict'
import {
  asyncScheduler,
  catchError,
  defer,
  EMPTY,
  exhaustMap,
  type Observable,
  of,
  Subject,
  type Subscription,
} from 'rxjs'
import type { Failed, Scan } from '../core/image.ts'
import type { DeviceId } from '../core/plant.ts'
import type { Driver } from './driver.ts'
import { type Grid, partsFor, type Tick, tickAfter, tickBefore } from './grid.ts'

export type PolledDevice = { readonly id: DeviceId; readonly driver: Driver }

export type PollerOptions = {
  readonly devices: readonly PolledDevice[]
  /** Distance of the samples, ms; also the slowest period. */
  readonly scanMs: number
  readonly onScan: (device: DeviceId, scan: Scan) => void
  /** Monotonic ms. */
  readonly clock?: () => number
  readonly scheduler?: Delays
}

/** The part of an rxjs scheduler that is used; its own clock is not, since that follows the wall. */
export type Delays = { schedule(work: () => void, delayMs: number): Subscription }

export type Poller = {
  /** Reads every `ms` from now on, rounded so that scan_ms is a multiple of it; scan_ms or more means samples only. */
  setPeriod(ms: number): void
  /** Whether samples are read with what is needed only now and then; not so in between. */
  setDetail(on: boolean): void
  /** Ends the polling; readings that are still out are not handed on. The drivers stay open. */
  close(): void
}

/** Starts with a sample at once. */
export function startPoller(options: PollerOptions): Poller {
  const { devices, scanMs, onScan } = options
  const clock = options.clock ?? (() => performance.now())
  const ticks = new Subject<Tick>()
  let detail = false
  const readings = devices.map((device) =>
    scansOf(device, ticks, clock, () => detail).subscribe((scan) => onScan(device.id, scan)),
  )
  const metronome = startMetronome(scanMs, ticks, clock, options.scheduler ?? asyncScheduler)
  return {
    setPeriod: metronome.setPeriod,
    setDetail(on) {
      detail = on
    },
    close() {
      metronome.close()
      for (const reading of readings) reading.unsubscribe()
    },
  }
}

/** One reading for each tick that finds the device free; a driver that breaks its promise becomes a failed scan. */
function scansOf(
  { driver }: PolledDevice,
  ticks: Observable<Tick>,
  clock: () => number,
  wantsDetail: () => boolean,
): Observable<Scan> {
  let lastTookMs = 0
  return ticks.pipe(
    exhaustMap((tick) => {
      const startMs = clock()
      // A burst reading that is likely to be out still when the sample is due would cost the sample.
      if (!tick.sample && startMs + lastTookMs > tick.nextSampleMs) return EMPTY
      return defer(async () => {
        const scan = await driver.read(tick.sample, tick.sample && wantsDetail())
        lastTookMs = clock() - startMs
        return scan
      }).pipe(catchError((error: unknown) => of(brokenPromise(error, startMs, clock()))))
    }),
  )
}

const brokenPromise = (error: unknown, sentMs: number, receivedMs: number): Failed => ({
  kind: 'failed',
  sentMs,
  receivedMs,
  path: '',
  fault: 'bad-answer',
  detail: `the driver failed: ${error instanceof Error ? error.message : String(error)}`,
})

function startMetronome(
  scanMs: number,
  ticks: Subject<Tick>,
  clock: () => number,
  scheduler: Delays,
): Pick<Poller, 'setPeriod' | 'close'> {
  let grid: Grid = { originMs: clock(), scanMs, parts: 1 }
  let last: Tick | undefined
  let timer: Subscription | undefined
  const next = (): Tick =>
    last === undefined ? tickBefore(grid, grid.originMs) : tickAfter(grid, last.atMs)
  const beat = (): void => {
    // After a stall the newest instant that has passed is taken and the ones before it are left out. A timer may also be early.
    const due = tickBefore(grid, clock())
    const tick = last === undefined || due.atMs > last.atMs ? due : next()
    last = tick
    arm()
    ticks.next(tick)
  }
  const arm = (): void => {
    timer = scheduler.schedule(beat, Math.max(0, next().atMs - clock()))
  }
  arm()
  return {
    setPeriod(ms) {
      assert(ms > 0, `a polling period of ${ms} ms`)
      const parts = partsFor(scanMs, ms)
      if (parts === grid.parts) return
      grid = { ...grid, parts }
      timer?.unsubscribe()
      arm()
    },
    close() {
      timer?.unsubscribe()
      ticks.complete()
    },
  }
}
