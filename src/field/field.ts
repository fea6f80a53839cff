// The whole field of a plant: a driver with all its paths for every device, and the pollers that read them. The two units of a
// pair are read together, each UPS by itself.

import type { Answered } from '../core/image.ts'
import { type DeviceId, type Plant, type Unit, unitIds } from '../core/plant.ts'
import { identityFault, readUnit } from '../core/unit-reading.ts'
import { createLatch, type Latch } from './latch.ts'
import { openDriver } from './open-driver.ts'
import { type PathsDriver, pathsDriver } from './paths.ts'
import { type Poller, startPoller } from './poller.ts'

export type Field = {
  readonly latch: Latch
  driver(device: DeviceId): PathsDriver
  /** Reads the units of a pair every `periodMs` from now on, samples with or without the details. */
  setPace(pair: string, periodMs: number, detail: boolean): void
  close(): Promise<void>
}

/** Starts to connect and to read at once. `clock` is monotonic, ms. */
export function openField(plant: Plant, clock: () => number): Field {
  const units = new Map(
    plant.pairs.flatMap(({ units: both }) =>
      unitIds.map((id): [DeviceId, Unit] => [both[id].device, both[id]]),
    ),
  )
  const drivers = new Map(
    Object.values(plant.devices).map((device): [DeviceId, PathsDriver] => {
      const unit = units.get(device.id)
      const open = (path: Parameters<typeof openDriver>[2]) => openDriver(device, clock, path)
      const refuse = (scan: Answered) => (unit === undefined ? undefined : strangerIn(scan, unit))
      return [device.id, pathsDriver({ device, clock, open, refuse })]
    }),
  )
  const driver = (device: DeviceId): PathsDriver => {
    const one = drivers.get(device)
    if (one === undefined) throw new Error(`no driver for ${device}`)
    return one
  }
  const latch = createLatch([...drivers.keys()], (device) => driver(device).reports())
  const poll = (devices: readonly DeviceId[], scanMs: number): Poller =>
    startPoller({
      devices: devices.map((id) => ({ id, driver: driver(id) })),
      scanMs,
      onScan: latch.put,
      clock,
    })
  const pairs = new Map(
    plant.pairs.map(({ name, units: { A, B }, scanMs }): [string, Poller] => [
      name,
      poll([A.device, B.device], scanMs),
    ]),
  )
  const ups = plant.ups.map((one) => poll([one.device], one.scanMs))
  return {
    latch,
    driver,
    setPace(pair, periodMs, detail) {
      const poller = pairs.get(pair)
      poller?.setPeriod(periodMs)
      poller?.setDetail(detail)
    },
    async close() {
      for (const poller of [...pairs.values(), ...ups]) poller.close()
      await Promise.all([...drivers.values()].map((one) => one.close()))
    },
  }
}

function strangerIn(scan: Answered, unit: Unit): string | undefined {
  const reading = readUnit(scan.values)
  return typeof reading === 'string' ? undefined : identityFault(reading, unit)
}
