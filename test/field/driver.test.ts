// The Modbus driver: what a reading says.

import assert from 'node:assert/strict'
import { signal } from './devices.ts'
import { answered, clock, DriverRig, order, threeReads } from './driver-rig.ts'
import { bitAt, wordAt } from './hostile-server.ts'

describe('reading a device over Modbus', () => {
  let rig: DriverRig
  beforeEach(async () => {
    rig = new DriverRig()
    await rig.server.listen()
  })
  afterEach(() => rig.close())

  it('one scan carries every signal, with its times, its path and whether it is a sample', async () => {
    const words = signal({ key: 'status', address: 1000, type: 'words', words: 22 })
    const unknown = signal({ key: 'runtime', address: 2, unknownWhen: [wordAt(2)] })
    const driver = rig.open({ signals: [...threeReads, words, unknown] })
    const startMs = clock()
    await answered(driver)
    const scan = await driver.read(false)
    assert(scan.kind === 'answered')
    assert.equal(scan.path, 'lan-1')
    assert.equal(scan.sample, false)
    assert(startMs < scan.sentMs && scan.sentMs < scan.receivedMs && scan.receivedMs <= clock())
    assert.equal(scan.values['tag:200'], wordAt(200))
    assert.deepEqual(
      scan.values.status,
      Array.from({ length: 22 }, (_, index) => wordAt(1000 + index)),
    )
    const read = wordAt(2).toString(16).toUpperCase().padStart(4, '0')
    assert.deepEqual(scan.values.runtime, { unknown: `reads ${read}, which means not known` })
  })

  it('the times of a scan are those of its first question and its last answer', async () => {
    const driver = rig.open({ signals: threeReads, timeoutMs: 500 })
    await answered(driver)
    rig.server.lateMs = 20
    rig.server.behave = () => 'late'
    const scan = await driver.read(true)
    // Timers of the server may fire a millisecond early.
    assert(scan.receivedMs - scan.sentMs >= 57, `${scan.receivedMs - scan.sentMs} ms`)
    rig.server.behave = (request) => (request.address === 300 ? 'exception' : 'late')
    const broken = await driver.read(true)
    assert.equal(broken.kind, 'failed')
    assert(broken.receivedMs - broken.sentMs >= 38)
  })

  it('a scan fails as a whole and says at which registers', async () => {
    const driver = rig.open({
      signals: [...threeReads, signal({ key: 'two', address: 300, type: 'int32' })],
    })
    await answered(driver)
    rig.server.behave = (request) => (request.address === 300 ? 'exception' : 'answer')
    const scan = await driver.read(true)
    assert(scan.kind === 'failed')
    assert.equal(scan.fault, 'exception')
    assert.equal(scan.detail, 'holding registers 300 to 301: exception 2 (illegal data address)')
  })

  it('a scan that says nothing new has the very values of the one before', async () => {
    const driver = rig.open({ signals: threeReads })
    const first = await answered(driver)
    const second = await driver.read(true)
    assert(first.kind === 'answered' && second.kind === 'answered')
    assert.equal(second.values, first.values)
    assert(second.sentMs > first.sentMs)
    rig.server.registers.set(200, 4711)
    const third = await driver.read(true)
    assert(third.kind === 'answered')
    assert.deepEqual(third.values, { ...first.values, 'tag:200': 4711 })
    assert.equal(first.values['tag:200'], wordAt(200))
  })

  it('all four areas are read, coils and inputs bit by bit', async () => {
    const areas = (['hr', 'ir', 'co', 'di'] as const).flatMap((area) =>
      [30, 31, 33].map((address) =>
        signal({
          key: `${area}:${address}`,
          area,
          address,
          type: area === 'hr' || area === 'ir' ? 'uint16' : 'bool',
        }),
      ),
    )
    const driver = rig.open({ signals: areas, gapMax: 1 })
    const scan = await answered(driver)
    assert(scan.kind === 'answered')
    for (const { key, area, address } of areas) {
      const bit = area === 'co' || area === 'di'
      assert.equal(scan.values[key], bit ? bitAt(address) : wordAt(address), key)
    }
    rig.server.requests.length = 0
    await driver.read(true)
    assert.deepEqual(
      rig.server.requests.map(({ functionCode, address, count }) => [functionCode, address, count]),
      [3, 4, 1, 2].map((code) => [code, 30, 4]),
    )
  })

  it('a device that gives less in one answer is asked for less', async () => {
    const words = signal({ key: 'block', address: 0, type: 'words', words: 8 })
    const driver = rig.open({
      signals: [words, signal({ key: 'next', address: 8 })],
      registersMax: 8,
    })
    await answered(driver)
    rig.server.requests.length = 0
    assert.equal((await driver.read(true)).kind, 'answered')
    assert.deepEqual(
      rig.server.requests.map(({ count }) => count),
      [8, 1],
    )
  })

  it('a glance asks for its few signals alone, and is no sample', async () => {
    const driver = rig.open({ signals: threeReads, glance: ['tag:200', 'not on this path'] })
    await answered(driver)
    rig.server.requests.length = 0
    const scan = await driver.glance()
    assert(scan.kind === 'answered')
    assert.deepEqual(scan.values, { 'tag:200': wordAt(200) })
    assert.equal(scan.sample, false)
    assert.equal(scan.path, 'lan-1')
    assert.deepEqual(order(rig.server.requests), ['read 200'])
  })

  it('a glance at a derived value asks for what it is derived from', async () => {
    const role = {
      key: 'role',
      rules: [{ when: { 'tag:100': wordAt(100), 'tag:300': wordAt(300) }, is: 'primary' }],
    }
    const fit = { key: 'fit', rules: [{ when: { role: 'primary', 'tag:200': 0 }, is: true }] }
    const driver = rig.open({ signals: threeReads, glance: ['role'], derived: [role, fit] })
    const full = await answered(driver)
    assert(full.kind === 'answered')
    assert.equal(full.values.role, 'primary')
    assert.deepEqual(full.values.fit, { unknown: 'none of its rules fits what was read' })
    rig.server.requests.length = 0
    const scan = await driver.glance()
    assert(scan.kind === 'answered')
    assert.deepEqual(Object.keys(scan.values), ['tag:100', 'tag:300', 'role'])
    assert.equal(scan.values.role, 'primary')
    assert.deepEqual(order(rig.server.requests), ['read 100', 'read 300'])
  })

  it('a glance while a reading is out is not asked, and the other way round', async () => {
    const driver = rig.open({ signals: threeReads, glance: ['tag:200'] })
    await answered(driver)
    const asked = driver.read(true)
    const glance = await driver.glance()
    assert(glance.kind === 'failed' && glance.fault === 'not-asked')
    assert.equal((await asked).kind, 'answered')
    const glanced = driver.glance()
    assert.equal((await driver.read(true)).kind, 'failed')
    assert.equal((await glanced).kind, 'answered')
  })

  it('a path on which nothing of the glance stands is read whole', async () => {
    const driver = rig.open({ signals: threeReads, glance: ['status'] })
    await answered(driver)
    const scan = await driver.glance()
    assert(scan.kind === 'answered' && !scan.sample)
    assert.deepEqual(Object.keys(scan.values), ['tag:100', 'tag:200', 'tag:300'])
  })

  it('a scan that broke off in the middle leaves no old value in the next one', async () => {
    const driver = rig.open({ signals: threeReads })
    await answered(driver)
    for (const address of [100, 200, 300]) rig.server.registers.set(address, 1)
    rig.server.behave = (request) => (request.address === 300 ? 'exception' : 'answer')
    assert.equal((await driver.read(true)).kind, 'failed')
    rig.server.behave = () => 'answer'
    rig.server.registers.set(200, 2)
    const scan = await driver.read(true)
    assert(scan.kind === 'answered')
    assert.deepEqual(scan.values, { 'tag:100': 1, 'tag:200': 2, 'tag:300': 1 })
  })

  it('a second reading while one is out is not asked', async () => {
    const driver = rig.open()
    await answered(driver)
    const asked = driver.read(true)
    const second = await driver.read(true)
    assert(second.kind === 'failed' && second.fault === 'not-asked')
    assert.equal((await asked).kind, 'answered')
  })

  it('a closed driver asks nothing and writes nothing', async () => {
    const driver = rig.open()
    await answered(driver)
    await driver.close()
    const scan = await driver.read(true)
    assert(scan.kind === 'failed' && scan.fault === 'not-asked')
    assert.equal((await driver.glance()).kind, 'failed')
    const block = { commandId: 'c1', words: [], deadlineMs: clock() + 1000 }
    assert.equal((await driver.write(block)).detail, 'the driver is closed')
  })
})
