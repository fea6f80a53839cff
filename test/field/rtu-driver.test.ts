// The Modbus driver on a serial bus: both units of a pair on one line are read in turn, and a command leaves now or never.

import assert from 'node:assert/strict'
import type { SerialLink } from '../../src/core/plant.ts'
import { type ModbusDriver, modbusDriver } from '../../src/field/modbus/driver.ts'
import { device, modbusPath, signal, until } from './devices.ts'
import { RtuLines } from './rtu-lines.ts'
import { type RtuSlave, wordOf, wordsOf } from './rtu-slave.ts'

const clock = (): number => performance.now()

describe('a pair of units on one serial line', () => {
  const lines = new RtuLines()
  const drivers: ModbusDriver[] = []
  let slave: RtuSlave
  let link: SerialLink

  beforeEach(async () => {
    const line = await lines.serial()
    slave = line.slave
    link = line.link
  })
  afterEach(async () => {
    await Promise.all(drivers.splice(0).map((driver) => driver.close()))
    await lines.close()
  })

  const open = (unit: number): ModbusDriver => {
    const signals = [signal({ key: 'level', address: 100 }), signal({ key: 'flow', address: 900 })]
    const path = modbusPath(0, { link, unit, signals })
    const driver = modbusDriver(device(path, { glance: ['flow'], timeoutMs: 200 }), clock, path)
    drivers.push(driver)
    return driver
  }
  const readable = (driver: ModbusDriver): Promise<unknown> =>
    until('a reading', async () => (await driver.read(true)).kind === 'answered')

  it('shows the values of each under its own name', async () => {
    for (const unit of [11, 12]) {
      const driver = open(unit)
      await readable(driver)
      const scan = await driver.read(true)
      assert(scan.kind === 'answered')
      assert.deepEqual(scan.values, { level: wordOf(unit, 100), flow: wordOf(unit, 900) })
      const glance = await driver.glance()
      assert(glance.kind === 'answered')
      assert.deepEqual(glance.values, { flow: wordOf(unit, 900) })
    }
  })

  it('takes a command between the readings of both', async () => {
    const [one, other] = [open(11), open(12)]
    await Promise.all([readable(one), readable(other)])
    let polling = true
    const poll = async (driver: ModbusDriver): Promise<void> => {
      while (polling) assert.equal((await driver.read(true)).kind, 'answered')
    }
    const polls = [poll(one), poll(other)]
    const words = wordsOf(9, 0, 18)
    for (let turn = 0; turn < 20; turn++) {
      const note = await one.write({ commandId: `${turn}`, words, deadlineMs: clock() + 2000 })
      assert.equal(note.fate, 'sent', note.detail)
    }
    polling = false
    await Promise.all(polls)
    assert.equal(slave.writes.length, 20)
    for (const write of slave.writes) assert.deepEqual([write.unit, write.words], [11, words])
  })
})
