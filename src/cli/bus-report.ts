// What a serial line has to carry: one request at a time, so the times of all devices on it add up. Pure; `check` prints it.

import type { Device, ModbusPath, Plant } from '../core/plant.ts'
import { leaveMs } from '../core/switchover/exchange.ts'
import { busTimeMs } from '../field/modbus/bus-time.ts'
import { planReads } from '../field/modbus/plan.ts'

export type BusReport = {
  readonly line: string
  readonly devices: readonly string[]
  /** Share of the time in which the line is busy while nothing is switched, %. */
  readonly busyPct: number
  /** What a person should change. */
  readonly advice: readonly string[]
}

/** One entry for each serial line of the plant, in the order of the plant file. */
export function busReports(plant: Plant): readonly BusReport[] {
  const lines = new Map<string, Taking[]>()
  for (const device of Object.values(plant.devices)) {
    for (const path of device.paths) {
      if (path.protocol !== 'modbus' || path.link.kind !== 'serial') continue
      const taking = takingOf(device, path, path.link.baud)
      lines.set(path.link.device, [...(lines.get(path.link.device) ?? []), taking])
    }
  }
  return [...lines].map(([line, takings]) => {
    const busyPct = takings.reduce((sum, one) => sum + one.busyPct, 0)
    return {
      line,
      devices: takings.map(({ device }) => device.id),
      busyPct,
      advice: advise(takings, busyPct),
    }
  })
}

type Taking = {
  readonly device: Device
  readonly busyPct: number
  /** The longest of its requests with its answer, ms. */
  readonly longestMs: number
  readonly commanded: boolean
}

/** Above this a missed answer or a retry makes the line late for everybody. */
const busyPctMax = 70

function takingOf(device: Device, path: ModbusPath, baud: number): Taking {
  const times = planReads(path.signals, path).map(({ area, count }) =>
    busTimeMs(baud, area === 'co' || area === 'di' ? Math.ceil(count / 16) : count),
  )
  const scanTakesMs = times.reduce((sum, ms) => sum + ms, 0)
  return {
    device,
    busyPct: (100 * scanTakesMs) / device.scanMs,
    longestMs: Math.max(0, ...times),
    commanded: device.mayWrite && path.commandAt !== undefined,
  }
}

function advise(takings: readonly Taking[], busyPct: number): readonly string[] {
  const late = takings.filter(({ device, longestMs }) => device.timeoutMs < 1.5 * longestMs)
  const slow = takings.filter(({ device }) => device.timeoutMs > (2 * leaveMs) / 3)
  const commanded = takings.some((one) => one.commanded) && takings.length > 1
  return [
    ...(busyPct > busyPctMax
      ? [
          `busy for ${busyPct.toFixed(0)} % of the time; lengthen scan_ms, or spread the devices over more lines`,
        ]
      : []),
    ...late.map(
      ({ device, longestMs }) =>
        `the longest answer of ${device.id} takes ${longestMs.toFixed(0)} ms; its timeout_ms of ${device.timeoutMs} leaves no room`,
    ),
    ...(commanded && slow.length > 0
      ? [
          `a command leaves within ${leaveMs} ms or never, and a device that does not answer holds the line for its timeout_ms: ` +
            `take less than ${(2 * leaveMs) / 3} for ${slow.map(({ device }) => device.id).join(', ')}`,
        ]
      : []),
  ]
}
