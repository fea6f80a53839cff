// The Modbus driver on a serial line that two units share: read, glance and write as over TCP.

import assert from 'node:assert/strict'
import type { Registers } from '../../plc-sim/modbus-frames.ts'
import { openSerialSlave, type SerialSlave } from '../../plc-sim/rtu.ts'
import type { SerialLink } from '../../src/core/plant.ts'
import { type ModbusDriver, modbusDriver } from '../../src/field/modbus/driver.ts'
import { device, modbusPath, signal } from './devices.ts'
import { answered, clock } from './driver-rig.ts'
import { PtyPair } from './pty-pair.ts'

/** Each register holds its unit and its address, until it is written. */
class Unit implements Registers {
  readonly written = new Map<number, number>()
  readonly #unit: number

  constructor(unit: number) {
    this.#unit = unit
  }

  read(address: number, count: number): number[] {
    return Array.from({ length: count }, (_, index) => {
      const at = address + index
      return this.written.get(at) ?? 10000 * this.#unit + at
    })
  }

  write(address: number, words: readonly number[]): boolean {
    for (const [index, word] of words.entries()) this.written.set(address + index, word)
    return true
  }
}

describe('reading and writing over Modbus on a serial line', () => {
  let line: PtyPair
  let slave: SerialSlave
  const units = { A: new Unit(1), B: new Unit(2) }
  const drivers: ModbusDriver[] = []
  const open = (unit: number, mayWrite: boolean): ModbusDriver => {
    const link: SerialLink = {
      kind: 'serial',
      device: line.ours,
      baud: 115200,
      parity: 'even',
      stopBits: 1,
    }
    const signals = [100, 200].map((address) => signal({ key: `tag:${address}`, address }))
    const path = modbusPath(0, { link, unit, signals })
    const polled = device(path, { mayWrite, timeoutMs: 500, glance: ['tag:200'] })
    const driver = modbusDriver(polled, clock, path)
    drivers.push(driver)
    return driver
  }
  before(async () => {
    line = await PtyPair.open()
    slave = await openSerialSlave(
      line.theirs,
      new Map([
        [1, units.A],
        [2, units.B],
      ]),
    )
  })
  afterEach(() => Promise.all(drivers.splice(0).map((driver) => driver.close())))
  after(async () => {
    await slave.close()
    await line.close()
  })

  it('each unit gives its own values, also when both are asked at once', async () => {
    const [first, second] = [open(1, true), open(2, true)]
    await Promise.all([answered(first), answered(second)])
    for (let scan = 0; scan < 10; scan++) {
      const scans = await Promise.all([first.read(true), second.read(true)])
      const values = scans.map((one) => one.kind === 'answered' && one.values)
      assert.deepEqual(values, [
        { 'tag:100': 10100, 'tag:200': 10200 },
        { 'tag:100': 20100, 'tag:200': 20200 },
      ])
    }
    const glance = await second.glance()
    assert(glance.kind === 'answered')
    assert.deepEqual(glance.values, { 'tag:200': 20200 })
  })

  it('a command goes to its unit, between the readings of both', async () => {
    const [first, second] = [open(1, true), open(2, false)]
    await Promise.all([answered(first), answered(second)])
    const readings = [first.read(true), second.read(true)]
    const words = Array.from({ length: 18 }, (_, index) => 0xc501 + index)
    const block = { commandId: 'c1', words, deadlineMs: clock() + 5000 }
    const note = await first.write(block)
    assert.deepEqual([note.fate, note.detail], ['sent', 'acknowledged'])
    assert.deepEqual(
      (await Promise.all(readings)).map((scan) => scan.kind),
      ['answered', 'answered'],
    )
    assert.deepEqual([...units.A.written.values()], words)
    assert.equal(Math.min(...units.A.written.keys()), 1100)
    assert.equal((await second.write(block)).fate, 'dropped')
    assert.equal(units.B.written.size, 0)
    assert.equal(slave.frames.write, 1)
  })
})
