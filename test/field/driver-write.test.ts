// The Modbus driver: when a command leaves. It leaves now or never.

import assert from 'node:assert/strict'
import type { Scan, WriteNote } from '../../src/core/image.ts'
import type { BlockWrite } from '../../src/field/driver.ts'
import type { ModbusDriver } from '../../src/field/modbus/driver.ts'
import { randomFrom } from '../chance.ts'
import { device, modbusPath, seed, until } from './devices.ts'
import { answered, clock, DriverRig, order, threeReads } from './driver-rig.ts'
import { HostileServer } from './hostile-server.ts'

const blockWords = Array.from({ length: 18 }, (_, index) => 0xc501 + index)
const block = (options: Partial<BlockWrite> = {}): BlockWrite => ({
  commandId: 'c1',
  words: blockWords,
  deadlineMs: clock() + 1000,
  ...options,
})

describe('writing a command block over Modbus', () => {
  let rig: DriverRig
  beforeEach(async () => {
    rig = new DriverRig()
    await rig.server.listen()
  })
  afterEach(() => rig.close())

  const isDropped = (note: WriteNote, why: RegExp): void => {
    assert.equal(note.fate, 'dropped')
    assert.match(note.detail, why)
  }
  const nothingWritten = async (driver: ModbusDriver): Promise<void> => {
    rig.server.behave = () => 'answer'
    await answered(driver)
    await answered(driver)
    assert.deepEqual(rig.server.writes, [])
  }

  it('an acknowledged block is sent: 18 words in one FC16 at the command address', async () => {
    const driver = rig.open()
    await answered(driver)
    const beforeMs = clock()
    const note = await driver.write(block())
    assert.equal(note.fate, 'sent')
    assert(note.atMs >= beforeMs && note.atMs <= clock())
    assert.equal(rig.server.writes.length, 1)
    const [written] = rig.server.writes
    assert.equal(written?.functionCode, 16)
    assert.equal(written?.address, 1100)
    assert.deepEqual(written?.words, blockWords)
  })

  it('goes before the rest of a reading that is under way', async () => {
    const driver = rig.open({ signals: threeReads })
    await answered(driver)
    rig.server.requests.length = 0
    rig.server.lateMs = 10
    rig.server.behave = () => 'late'
    const asked = driver.read(true)
    await until('the first request', () => rig.server.requests.length === 1)
    const note = await driver.write(block())
    assert.equal((await asked).kind, 'answered')
    assert.equal(note.fate, 'sent')
    assert.deepEqual(order(rig.server.requests), ['read 100', 'write 1100', 'read 200', 'read 300'])
  })

  it('goes as it was ordered, whatever becomes of the order while it waits', async () => {
    const driver = rig.open()
    await answered(driver)
    rig.server.lateMs = 10
    rig.server.behave = () => 'late'
    const asked = driver.read(true)
    const words = [...blockWords]
    const written = driver.write(block({ words }))
    words.fill(0)
    await asked
    assert.equal((await written).fate, 'sent')
    assert.deepEqual(rig.server.writes[0]?.words, blockWords)
  })

  it('is dropped while another one waits', async () => {
    const driver = rig.open()
    await answered(driver)
    rig.server.lateMs = 10
    rig.server.behave = () => 'late'
    const asked = driver.read(true)
    const [first, second] = await Promise.all([driver.write(block()), driver.write(block())])
    await asked
    assert.equal(first.fate, 'sent')
    isDropped(second, /^another command waits already$/)
    assert.equal(rig.server.writes.length, 1)
  })

  it('is dropped in observe-only mode, whatever else is called', async () => {
    const driver = rig.open({ mayWrite: false })
    await answered(driver)
    isDropped(await driver.write(block()), /^observe-only/)
    await nothingWritten(driver)
  })

  it('is dropped when the device has no command block', async () => {
    const { commandAt: _, ...readOnly } = modbusPath(rig.server.port)
    const driver = rig.openOn(device(readOnly), readOnly)
    await answered(driver)
    isDropped(await driver.write(block()), /^this device has no command block$/)
    await nothingWritten(driver)
  })

  it('stays forbidden when somebody changes the plant behind the driver', async () => {
    const path = modbusPath(rig.server.port)
    const observed = device(path, { mayWrite: false })
    const driver = rig.openOn(observed, path)
    await answered(driver)
    Object.assign(observed, { mayWrite: true })
    isDropped(await driver.write(block()), /^observe-only/)
    await nothingWritten(driver)
  })

  it('is dropped when the deadline has passed, or is no time at all', async () => {
    const driver = rig.open()
    await answered(driver)
    isDropped(await driver.write(block({ deadlineMs: clock() - 5 })), /^the deadline passed \d+ ms/)
    isDropped(await driver.write(block({ deadlineMs: Number.NaN })), /^the deadline passed/)
    await nothingWritten(driver)
  })

  it('is dropped when the deadline passes while it waits for the wire', async () => {
    const driver = rig.open()
    await answered(driver)
    rig.server.lateMs = 30
    rig.server.behave = () => 'late'
    const asked = driver.read(true)
    isDropped(await driver.write(block({ deadlineMs: clock() + 5 })), /^the deadline passed/)
    assert.equal((await asked).kind, 'answered')
    await nothingWritten(driver)
  })

  it('is dropped at once when the device is not connected, and never leaves after the reconnect', async () => {
    const { port } = rig.server
    await rig.server.close()
    const driver = rig.open({}, port)
    const startMs = clock()
    isDropped(await driver.write(block({ deadlineMs: clock() + 60000 })), /no connection yet/)
    await until('a refusal', async () => {
      const note = await driver.write(block({ deadlineMs: clock() + 60000 }))
      return note.detail.includes('ECONNREFUSED')
    })
    assert(clock() - startMs < 1000)
    rig.server = new HostileServer()
    await rig.server.listen(port)
    await nothingWritten(driver)
  })

  it('is dropped when it waits behind a reading that times out, and never leaves later', async () => {
    const driver = rig.open()
    await answered(driver)
    rig.server.behave = () => 'silent'
    const asked = driver.read(true)
    const note = await driver.write(block({ deadlineMs: clock() + 60000 }))
    const scan = await asked
    assert(scan.kind === 'failed' && scan.fault === 'timeout')
    isDropped(note, /no answer within 60 ms/)
    await nothingWritten(driver)
  })

  it('is dropped after a time-out until the unit has answered again', async () => {
    const driver = rig.open()
    await answered(driver)
    rig.server.behave = () => 'silent'
    await driver.read(true)
    await until('the reconnect', async () => {
      const note = await driver.write(block())
      assert.equal(note.fate, 'dropped')
      return note.detail === 'the last request timed out'
    })
    await nothingWritten(driver)
    assert.equal((await driver.write(block())).fate, 'sent')
  })

  it('may leave again once the unit has answered, even with an exception', async () => {
    const driver = rig.open()
    await answered(driver)
    rig.server.behave = () => 'silent'
    await driver.read(true)
    rig.server.behave = () => 'busy'
    await until('an exception', async () => {
      const scan = await driver.read(true)
      return scan.kind === 'failed' && scan.fault === 'exception'
    })
    rig.server.behave = () => 'answer'
    assert.equal((await driver.write(block())).fate, 'sent')
  })

  for (const behaviour of ['silent', 'reset', 'end', 'wrong echo', 'exception', 'busy'] as const) {
    it(`is uncertain when it left and "${behaviour}" came back, and is not sent again`, async () => {
      const driver = rig.open()
      await answered(driver)
      rig.server.behave = () => behaviour
      const note = await driver.write(block())
      assert.equal(note.fate, 'uncertain')
      assert.match(note.detail, /^left, not acknowledged: /)
      rig.server.behave = () => 'answer'
      await answered(driver)
      await answered(driver)
      assert.equal(rig.server.writes.length, 1)
    })
  }

  it('of another length, or with words that are none, is our own error and sends nothing', async () => {
    const driver = rig.open()
    await answered(driver)
    await assert.rejects(driver.write(block({ words: blockWords.slice(1) })), /17 words/)
    await assert.rejects(driver.write(block({ words: [...blockWords.slice(1), 65536] })))
    await assert.rejects(driver.write(block({ words: [...blockWords.slice(1), 1.5] })))
    await nothingWritten(driver)
  })

  it(`never leaves in observe-only mode, in any order of calls and faults, SEED=${seed}`, async () => {
    const random = randomFrom(seed)
    const driver = rig.open({ mayWrite: false, signals: threeReads, timeoutMs: 5 })
    rig.server.behave = () => (random() < 0.9 ? 'answer' : random() < 0.5 ? 'reset' : 'wrong unit')
    const calls: Promise<Scan | WriteNote>[] = []
    for (let call = 0; call < 500; call++) {
      const words = Array.from({ length: Math.floor(random() * 20) }, () => random() * 65536)
      const write = block({ words, deadlineMs: clock() + 10000 })
      calls.push(random() < 0.5 ? driver.read(true) : driver.write(write))
      if (random() < 0.5) await Promise.race([calls[call], new Promise(setImmediate)])
    }
    for (const outcome of await Promise.all(calls)) {
      if ('fate' in outcome) assert.equal(outcome.fate, 'dropped')
    }
    await nothingWritten(driver)
  })
})
