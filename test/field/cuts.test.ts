// Links that are cut in every way, again and again: each time the unit is polled again within the back-off and one scan, by the
// same driver, without a restart, and nothing is left behind. `npm run campaign:cuts` does it 1,000 times for each way, and then
// a million polls.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fieldBackoff } from '../../src/field/backoff.ts'
import { type ModbusDriver, modbusDriver } from '../../src/field/modbus/driver.ts'
import { type Poller, startPoller } from '../../src/field/poller.ts'
import { randomFrom } from '../chance.ts'
import { type Cut, CutUnit } from './cut-unit.ts'
import { device, modbusPath, seed, signal, until } from './devices.ts'
import { heapBytes, openFiles } from './growth.ts'

/** Cuts of each kind, and polls. */
const cuts = Number(process.env.CUTS ?? 7)
const polls = Number(process.env.POLLS ?? 20000)
const scanMs = 20
const timeoutMs = 60
/** What this machine may be late with a timer or a message between processes. */
const lateMs = 400

const clock = (): number => performance.now()
const random = randomFrom(seed)

/** These last until they are restored; after the others the unit can be reached again at once. */
const lasting: readonly Cut[] = ['silent drop', 'port closed']

describe(`links that are cut, SEED=${seed}`, () => {
  const kinds: [Cut, string][] = [
    ['reset', 'the unit resets the connection'],
    ['silent drop', 'nothing gets through any more'],
    ['port closed', 'the unit closes its port'],
    ['half-open', 'the unit ends its side and keeps the connection'],
    ['forgotten connection', 'the unit knows nothing of the connection any more'],
  ]
  for (const [kind, what] of kinds) {
    it(`${what}, ${cuts} times: polled again within back-off and one scan`, async function () {
      this.timeout(60000 + cuts * 1500)
      const units = Array.from({ length: crews }, (_, number) => new CutUnit(number))
      const ports = await Promise.all(units.map((unit) => unit.listen()))
      const watched = ports.map(watch)
      await Promise.all(watched.map((one) => one.answeredAfter(clock())))
      const filesBefore = openFiles()
      try {
        await inTurns(async (crew) => {
          const [unit, one] = [units[crew], watched[crew]]
          assert(unit && one)
          const lengthMs = lasting.includes(kind) ? random() * 250 : 0
          const restore = (): Promise<void> => unit.restore(kind)
          return outage(one, lengthMs, () => unit.cut(kind), restore)
        })
        await until('old connections to be gone', () =>
          units.every((unit) => unit.connections === 1),
        )
        assert(openFiles() <= filesBefore, `${openFiles()} open files after ${filesBefore}`)
      } finally {
        await Promise.all(watched.map((one) => one.close()))
        await Promise.all(units.map((unit) => unit.close()))
      }
    })
  }

  it(`the unit's process is frozen, ${cuts} times: polled again within back-off and one scan`, async function () {
    this.timeout(60000 + cuts * 1500)
    const processes = Array.from({ length: crews }, spawnUnit)
    const watched: Watched[] = []
    try {
      const ports = await Promise.all(processes.map(portOf))
      watched.push(...ports.map((port) => watch(port, 0)))
      await Promise.all(watched.map((one) => one.answeredAfter(clock())))
      const filesBefore = openFiles()
      await inTurns(async (crew) => {
        const [unit, one] = [processes[crew], watched[crew]]
        assert(unit && one)
        const thaw = (): unknown => {
          assert(openFiles() <= filesBefore, 'a frozen unit holds one connection, not several')
          return unit.kill('SIGCONT')
        }
        return outage(one, random() * 250, () => unit.kill('SIGSTOP'), thaw)
      })
      assert(openFiles() <= filesBefore, `${openFiles()} open files after ${filesBefore}`)
    } finally {
      await Promise.all(watched.map((one) => one.close()))
      for (const unit of processes) unit.kill('SIGKILL')
      await Promise.all(processes.map((unit) => unit.exitCode ?? once(unit, 'exit')))
    }
  })

  it(`${polls} polls with a reset each thousand leave memory and open files as they were`, async function () {
    this.timeout(60000 + polls / 2)
    const unit = new CutUnit(0)
    const port = await unit.listen()
    const drivers = Array.from({ length: 8 }, () => driverOf(port))
    const run = async (count: number): Promise<void> => {
      let asked = 0
      const poll = async (driver: ModbusDriver): Promise<void> => {
        while (asked < count) {
          const scan = await driver.read(true)
          if (scan.kind === 'failed') await new Promise((resolve) => setTimeout(resolve, 1))
          else if (++asked % 1000 === 0) unit.cut('reset')
        }
      }
      await Promise.all(drivers.map(poll))
    }
    try {
      await run(Math.max(5000, polls / 10))
      const [heapBefore, filesBefore] = [heapBytes(), openFiles()]
      await run(polls)
      await until('connections', () => unit.connections <= drivers.length)
      const grownKb = (heapBytes() - heapBefore) / 1024
      console.log(
        `      heap ${(heapBefore / 1024).toFixed(0)} kB, grown by ${grownKb.toFixed(0)} kB`,
      )
      assert(grownKb < 512, `the heap has grown by ${grownKb} kB`)
      assert(openFiles() <= filesBefore + drivers.length, `${openFiles()} after ${filesBefore}`)
    } finally {
      await Promise.all(drivers.map((driver) => driver.close()))
      await unit.close()
    }
  })
})

/** Links that are cut side by side. */
const crews = Math.min(8, cuts)

/** One outage; how long it took from the restored link to the next answer, and the most that it may take, ms. */
type Recovery = { readonly tookMs: number; readonly allowedMs: number }

/** Cuts for every crew at once until there were enough; prints and judges how long the recoveries took. */
async function inTurns(one: (crew: number) => Promise<Recovery>): Promise<void> {
  const recoveries: Recovery[] = []
  const runs = Array.from({ length: crews }, async (_, crew) => {
    for (let turn = crew; turn < cuts; turn += crews) recoveries.push(await one(crew))
  })
  await Promise.all(runs)
  assert.equal(recoveries.length, cuts)
  const took = recoveries.map(({ tookMs }) => tookMs).sort((one, other) => one - other)
  const over = recoveries.filter(({ tookMs, allowedMs }) => tookMs > allowedMs).length
  const at = (share: number): string =>
    (took[Math.floor((took.length - 1) * share)] ?? 0).toFixed(0)
  console.log(
    `      ${cuts} cuts: answered again after ${at(0.5)} ms (p50), ${at(0.99)} (p99), ${at(1)} (max); ${over} later than back-off and one scan`,
  )
  for (const { tookMs, allowedMs } of recoveries) {
    assert(tookMs < allowedMs + lateMs, `${tookMs} ms, allowed are ${allowedMs} ms`)
  }
}

/** Cuts, waits a while, restores, and waits for the answer to a question that was asked after the cut. */
async function outage(
  watched: Watched,
  lengthMs: number,
  cut: () => void,
  restore: () => unknown,
): Promise<Recovery> {
  const cutMs = clock()
  cut()
  await new Promise((resolve) => setTimeout(resolve, lengthMs))
  await restore()
  const restoredMs = clock()
  const answeredMs = await watched.answeredAfter(restoredMs, cutMs)
  return { tookMs: answeredMs - restoredMs, allowedMs: allowedMs(restoredMs - cutMs) }
}

/**
 * The waits between attempts are at most 100, 200, 400, ... ms and at least half of that, so after an outage the one that runs
 * is at most twice the outage and the first one long. Before it a question may have to run into its time-out.
 */
const allowedMs = (outageMs: number): number =>
  Math.min(fieldBackoff.longestMs, 2 * outageMs + fieldBackoff.firstMs) + timeoutMs + scanMs

type Watched = {
  /** When the first answer came after `ms` to a question asked after `askedMs`. */
  answeredAfter(ms: number, askedMs?: number): Promise<number>
  close(): Promise<void>
}

/** Polls a unit and checks that it is always the right one. */
function watch(port: number, number: number): Watched {
  const driver = driverOf(port)
  let newest = { sentMs: 0, receivedMs: 0 }
  let wrong = 0
  const poller: Poller = startPoller({
    devices: [{ id: 'intake.A', driver }],
    scanMs,
    onScan: (_, scan) => {
      if (scan.kind === 'failed') return
      if (scan.values.number !== number) wrong++
      newest = scan
    },
  })
  return {
    answeredAfter: (ms, askedMs = 0) =>
      until(
        'an answer',
        () => newest.receivedMs > ms && newest.sentMs > askedMs && newest.receivedMs,
        10000,
      ),
    close: async () => {
      poller.close()
      await driver.close()
      assert.equal(wrong, 0)
    },
  }
}

function driverOf(port: number): ModbusDriver {
  const signals = Array.from({ length: 20 }, (_, address) =>
    signal({ key: address === 0 ? 'number' : `r${address}`, address }),
  )
  const path = modbusPath(port, { signals })
  return modbusDriver(device(path, { scanMs, timeoutMs }), clock, path)
}

const spawnUnit = (): ChildProcess =>
  spawn(process.execPath, [new URL('cut-unit.ts', import.meta.url).pathname, '1'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })

async function portOf(unit: ChildProcess): Promise<number> {
  assert(unit.stdout)
  const [line] = await once(unit.stdout, 'data')
  return JSON.parse(String(line))[0]
}
