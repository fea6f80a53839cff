// Two paths to one unit: each is a Modbus server of its own over the same truth. What is asked: no scan is missed, a dead spare is
// known before it is needed, and another unit behind a path is never taken for ours.

import assert from 'node:assert/strict'
import type { Answered, PathReport, Scan } from '../../src/core/image.ts'
import { type ModbusDriver, modbusDriver } from '../../src/field/modbus/driver.ts'
import { type PathsDriver, pathsDriver } from '../../src/field/paths.ts'
import { startPoller } from '../../src/field/poller.ts'
import { device, modbusPath, signal, until } from './devices.ts'
import { HostileServer, wordAt } from './hostile-server.ts'

const clock = (): number => performance.now()
const scanMs = 100
const timeoutMs = 250
const levelAt = 100
const roleAt = 10

type Options = {
  readonly refuse?: (scan: Answered) => string | undefined
  readonly ports?: readonly number[]
}

let lan1: HostileServer
let lan2: HostileServer
const drivers: PathsDriver[] = []
const ways: ModbusDriver[] = []

function open({ refuse, ports = [lan1.port, lan2.port] }: Options = {}): PathsDriver {
  const signals = [
    signal({ key: 'level', address: levelAt }),
    signal({ key: 'role', address: roleAt }),
  ]
  const paths = ports.map((port, index) =>
    modbusPath(port, { name: `lan-${index + 1}`, lan: `lan-${index + 1}`, signals }),
  )
  const [first] = paths
  assert(first !== undefined)
  const ours = device(first, { paths, glance: ['role'], scanMs, timeoutMs })
  const driver = pathsDriver({
    device: ours,
    clock,
    open: (path) => {
      assert(path.protocol === 'modbus')
      const way = modbusDriver(ours, clock, path)
      ways.push(way)
      return way
    },
    ...(refuse !== undefined && { refuse }),
  })
  drivers.push(driver)
  return driver
}

const report = (driver: PathsDriver, name: string): PathReport => {
  const one = driver.reports().find((path) => path.name === name)
  assert(one !== undefined)
  return one
}
const carrier = (driver: PathsDriver): string =>
  driver.reports().find(({ carries }) => carries)?.name ?? 'none'

const command = () => ({
  commandId: 'c1',
  words: Array.from({ length: 18 }, (_, index) => index),
  deadlineMs: clock() + 1000,
})
const writes = (): number => lan1.writes.length + lan2.writes.length
/** Connections that the drivers of the paths have found lost. */
const losses = (): number =>
  ways.reduce((sum, { counters }) => sum + counters.faults['connection-lost'], 0)

const bothUp = (driver: PathsDriver): Promise<boolean> =>
  until('both paths answer', async () => {
    await driver.read(true)
    return driver.reports().every(({ up }) => up === true)
  })

describe('a unit with two paths', () => {
  beforeEach(async () => {
    lan1 = new HostileServer()
    lan2 = new HostileServer()
    await Promise.all([lan1.listen(), lan2.listen()])
  })
  afterEach(async () => {
    await Promise.all(drivers.splice(0).map((driver) => driver.close()))
    ways.length = 0
    await Promise.all([lan1.close(), lan2.close()])
  })

  it('is read over the first path, and the spare is asked for its role only', async () => {
    const driver = open()
    await bothUp(driver)
    const [before1, before2] = [lan1.requests.length, lan2.requests.length]
    const scan = await driver.read(true)
    await until('the glance', () => lan2.requests.length > before2)
    assert.equal(scan.path, 'lan-1')
    assert.deepEqual(
      lan1.requests.slice(before1).map(({ address }) => address),
      [roleAt, levelAt],
    )
    assert.deepEqual(
      lan2.requests.slice(before2).map(({ address }) => address),
      [roleAt],
    )
  })

  it('keeps its scan when the carrying path is reset in the middle of it', async () => {
    const driver = open()
    await bothUp(driver)
    lan1.behave = () => 'reset'
    const scan = await driver.read(true)
    assert(scan.kind === 'answered')
    assert.equal(scan.path, 'lan-2')
    assert.equal(scan.values.level, wordAt(levelAt))
    assert.equal(report(driver, 'lan-1').up, false)
    assert.match(report(driver, 'lan-1').fault ?? '', /connection-lost/)
  })

  it('does not wait for a path that fell silent: the scan ends before the next one begins', async () => {
    const driver = open()
    await bothUp(driver)
    lan1.behave = () => 'silent'
    const startMs = clock()
    const scan = await driver.read(true)
    assert(scan.kind === 'answered')
    assert.equal(scan.path, 'lan-2')
    assert(clock() - startMs < timeoutMs, 'it waited for the time-out of the dead path')
  })

  it('stays on the path that took over when the first one is back', async () => {
    const driver = open()
    await bothUp(driver)
    lan1.behave = () => 'reset'
    await driver.read(true)
    lan1.behave = () => 'answer'
    await bothUp(driver)
    assert.equal(carrier(driver), 'lan-2')
  })

  it('knows of a dead spare before it is needed', async () => {
    const driver = open()
    await bothUp(driver)
    lan2.behave = () => 'silent'
    await until('the dead spare', async () => {
      const scan = await driver.read(true)
      assert.equal(scan.kind, 'answered')
      assert.equal(scan.path, 'lan-1')
      return report(driver, 'lan-2').up === false
    })
    assert(report(driver, 'lan-2').lossPct > 0)
    assert.equal(report(driver, 'lan-1').lossPct, 0)
  })

  it('says when neither path answers, as soon as both have failed', async () => {
    const driver = open()
    await bothUp(driver)
    lan1.behave = () => 'reset'
    lan2.behave = () => 'exception'
    const scan = await driver.read(true)
    assert.equal(scan.kind, 'failed')
    assert.deepEqual(
      driver.reports().map(({ up }) => up),
      [false, false],
    )
  })

  it('does not use a path behind which another unit answers while the right one can be had', async () => {
    lan1.registers.set(roleAt, 12)
    lan2.registers.set(roleAt, 11)
    const refuse = ({ values }: Answered) =>
      values.role === 11 ? undefined : `answers as unit ${values.role}, not 11`
    const driver = open({ refuse })
    const scan = await until('the right unit', async () => {
      const one = await driver.read(true)
      return one.path === 'lan-2' && one
    })
    assert(scan.kind === 'answered')
    assert.equal(scan.values.role, 11)
    assert.equal(report(driver, 'lan-1').refused, 'answers as unit 12, not 11')
    lan2.behave = () => 'reset'
    const lonely = await driver.read(true)
    assert(lonely.kind === 'answered')
    assert.equal(
      lonely.values.role,
      12,
      'with nothing better the stranger is handed on, to be told',
    )
  })

  it('sends a command over the other path when no byte of it left over the first', async () => {
    const driver = open()
    await bothUp(driver)
    assert.equal(carrier(driver), 'lan-1')
    await lan1.close()
    await until('the loss is noticed', () => losses() > 0)
    const note = await driver.write(command())
    assert.equal(note.fate, 'sent')
    assert.equal(writes(), 1)
    lan1 = new HostileServer()
    await lan1.listen()
  })

  it('never sends a command twice, however its path fails', async () => {
    for (const behaviour of ['reset', 'silent', 'end', 'half-open', 'short'] as const) {
      const driver = open()
      await bothUp(driver)
      const before = writes()
      lan1.behave = ({ functionCode }) => (functionCode === 16 ? behaviour : 'answer')
      const note = await driver.write(command())
      assert.equal(note.fate, 'uncertain', behaviour)
      assert.equal(writes() - before, 1, behaviour)
      await driver.close()
    }
  })

  it('misses no scan while one path after the other is cut and mended, ten times', async () => {
    const driver = open()
    await bothUp(driver)
    const scans: Scan[] = []
    const poller = startPoller({
      devices: [{ id: 'intake.A', driver }],
      scanMs,
      onScan: (_, scan) => scans.push(scan),
      clock,
    })
    try {
      for (let round = 0; round < 10; round++) {
        const victim = round % 2 === 0 ? lan1 : lan2
        victim.behave = () =>
          (['reset', 'silent', 'half-open', 'short', 'end'] as const)[round % 5] ?? 'reset'
        const had = scans.length
        await until('five scans with the path cut', () => scans.length >= had + 5)
        victim.behave = () => 'answer'
        await until(
          'both paths back',
          () => driver.reports().every(({ up }) => up === true),
          10_000,
        )
      }
    } finally {
      poller.close()
    }
    assert.deepEqual(
      scans.filter(({ kind }) => kind === 'failed'),
      [],
    )
    const gaps = scans.slice(1).map((scan, index) => scan.sentMs - (scans[index]?.sentMs ?? 0))
    const missed = gaps.filter((gap) => gap > 1.9 * scanMs)
    assert.deepEqual(missed, [], `gaps between scans of ${scanMs} ms`)
  })
})
