// Many units polled on a grid, each by a poller and a driver of its own, in a process of its own: prints how late the polls start
// against the ideal instants of their poller, and the share of a core that all of it takes. `timersOnly` does the same with plain
// timers in place of pollers. Arguments: units, period in ms, seconds, `together`, `spread` or `timersOnly`, ports as JSON.

import type { Scan } from '../../src/core/image.ts'
import { modbusDriver } from '../../src/field/modbus/driver.ts'
import { startPoller } from '../../src/field/poller.ts'
import { benchDevice, type Ports } from './exchange.ts'

export type Paced = {
  /** Polls that should have started, and did. */
  readonly due: number
  readonly polls: number
  readonly failed: number
  readonly lateMsP50: number
  readonly lateMsP99: number
  readonly lateMsMax: number
  readonly coreShare: number
}

const earlyMsMax = 3

const [units = '', period = '', seconds = '', how = '', ports = ''] = process.argv.slice(2)
const scanMs = Number(period)
const paced = await measure(Number(units), Number(seconds), JSON.parse(ports))
process.stdout.write(`${JSON.stringify(paced)}\n`, () => process.exit(0))

/** Called at each start of a poll with its distance from the first instant of the grid. */
type OnPoll = (sinceOriginMs: number, failed: boolean) => void

async function measure(count: number, lengthS: number, target: Ports): Promise<Paced> {
  let counting = false
  let failed = 0
  const lateMs: number[] = []
  const onPoll: OnPoll = (sinceOriginMs, hasFailed) => {
    if (!counting) return
    if (hasFailed) failed++
    lateMs.push(offGrid(sinceOriginMs))
  }
  for (let unit = 0; unit < count; unit++) {
    if (how === 'timersOnly') runTimer(onPoll)
    else pollUnit(unit, target, onPoll)
    if (how === 'spread') await passed(scanMs / count)
  }
  await passed(lengthS * 500)
  counting = true
  const startMs = performance.now()
  const cpu = process.cpuUsage()
  await passed(lengthS * 1000)
  counting = false
  const { user, system } = process.cpuUsage(cpu)
  const tookMs = performance.now() - startMs
  lateMs.sort((one, other) => one - other)
  return {
    due: Math.floor((count * tookMs) / scanMs),
    polls: lateMs.length,
    failed,
    lateMsP50: lateMs[Math.floor(lateMs.length * 0.5)] ?? Number.NaN,
    lateMsP99: lateMs[Math.floor(lateMs.length * 0.99)] ?? Number.NaN,
    lateMsMax: lateMs.at(-1) ?? Number.NaN,
    coreShare: (user + system) / 1000 / tookMs,
  }
}

function pollUnit(unit: number, target: Ports, onPoll: OnPoll): void {
  let originMs: number | undefined
  const clock = (): number => {
    const nowMs = performance.now()
    // The poller's first look at its clock is the origin of its grid.
    originMs ??= nowMs
    return nowMs
  }
  const { device, path } = benchDevice(`unit-${unit}`, target.moving)
  const driver = modbusDriver(device, () => performance.now(), path)
  const onScan = (_id: string, scan: Scan): void =>
    onPoll(scan.sentMs - (originMs ?? 0), scan.kind === 'failed')
  startPoller({ devices: [{ id: device.id, driver }], scanMs, onScan, clock })
}

function runTimer(onPoll: OnPoll): void {
  const originMs = performance.now()
  const beat = (): void => {
    const sinceMs = performance.now() - originMs
    onPoll(sinceMs, false)
    const nextMs = (Math.floor((sinceMs + earlyMsMax) / scanMs) + 1) * scanMs
    setTimeout(beat, nextMs - sinceMs)
  }
  beat()
}

/** Distance from the ideal instant, be it late or (timers count whole milliseconds) a little early. */
function offGrid(sinceOriginMs: number): number {
  const ideal = Math.floor((sinceOriginMs + earlyMsMax) / scanMs) * scanMs
  return Math.abs(sinceOriginMs - ideal)
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
