// The Modbus driver: what a reading says, and when a command leaves. A command leaves now or never.

import assert from 'node:assert/strict'
import type { Scan, WriteNote } from '../../src/core/image.ts'
import type { Device, ModbusPath, RegisterSignal } from '../../src/core/plant.ts'
import type { BlockWrite } from '../../src/field/driver.ts'
import { type ModbusDriver, modbusDriver } from '../../src/field/modbus/driver.ts'
import { device, modbusPath, randomFrom, seed, signal, until } from './devices.ts'
import { HostileServer, type Request, wordAt } from './hostile-server.ts'

const clock = (): number => performance.now()
const blockWords = Array.from({ length: 18 }, (_, index) => 0xc501 + index)
const block = (options: Partial<BlockWrite> = {}): BlockWrite => ({
  commandId: 'c1',
  words: blockWords,
  deadlineMs: clock() + 1000,
  ...options,
})
/** Three areas of registers that no gap joins: three requests for one reading. */
const threeReads: RegisterSignal[] = [100, 200, 300].map((address) =>
  signal({ key: `tag:${address}`, address }),
)

let server: HostileServer
const drivers: ModbusDriver[] = []
/** Options of the path and of its device in one. */
type Options = Partial<ModbusPath & Pick<Device, 'mayWrite' | 'timeoutMs' | 'derived' | 'glance'>>
const open = (
  { mayWrite = true, timeoutMs = 60, derived = [], glance = [], ...options }: Options = {},
  port = server.port,
): ModbusDriver => {
  const path = modbusPath(port, options)
  const driver = modbusDriver(device(path, { mayWrite, timeoutMs, derived, glance }), clock, path)
  drivers.push(driver)
  return driver
}
const answered = (driver: ModbusDriver): Promise<Scan> =>
  until('an answered scan', async () => {
    const scan = await driver.read(true)
    return scan.kind === 'answered' && scan
  })

describe('the Modbus driver', () => {
  beforeEach(async () => {
    server = new HostileServer()
    await server.listen()
  })
  afterEach(async () => {
    await Promise.all(drivers.splice(0).map((driver) => driver.close()))
    await server.close()
  })

  describe('reading a device', () => {
    it('one scan carries every signal, with its times, its path and whether it is a sample', async () => {
      const words = signal({ key: 'status', address: 1000, type: 'words', words: 22 })
      const unknown = signal({ key: 'runtime', address: 2, unknownWhen: [wordAt(2)] })
      const driver = open({ signals: [...threeReads, words, unknown] })
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
        blockWords.concat(0, 0, 0, 0).map((_, index) => wordAt(1000 + index)),
      )
      const read = wordAt(2).toString(16).toUpperCase().padStart(4, '0')
      assert.deepEqual(scan.values.runtime, { unknown: `reads ${read}, which means not known` })
    })

    it('a scan fails as a whole and says at which registers', async () => {
      const driver = open({
        signals: [...threeReads, signal({ key: 'two', address: 300, type: 'int32' })],
      })
      await answered(driver)
      server.behave = (request) => (request.address === 300 ? 'exception' : 'answer')
      const scan = await driver.read(true)
      assert(scan.kind === 'failed')
      assert.equal(scan.fault, 'exception')
      assert.equal(scan.detail, 'holding registers 300 to 301: exception 2 (illegal data address)')
    })

    it('a second reading while one is out is not asked', async () => {
      const driver = open()
      await answered(driver)
      const asked = driver.read(true)
      const second = await driver.read(true)
      assert(second.kind === 'failed' && second.fault === 'not-asked')
      assert.equal((await asked).kind, 'answered')
    })

    it('a closed driver asks nothing and writes nothing', async () => {
      const driver = open()
      await answered(driver)
      await driver.close()
      const scan = await driver.read(true)
      assert(scan.kind === 'failed' && scan.fault === 'not-asked')
      assert.equal((await driver.write(block())).detail, 'the driver is closed')
    })
  })

  describe('writing a command block', () => {
    const isDropped = (note: WriteNote, why: RegExp): void => {
      assert.equal(note.fate, 'dropped')
      assert.match(note.detail, why)
    }
    const nothingWritten = async (driver: ModbusDriver): Promise<void> => {
      server.behave = () => 'answer'
      await answered(driver)
      await answered(driver)
      assert.deepEqual(server.writes, [])
    }

    it('an acknowledged block is sent: 18 words in one FC16 at the command address', async () => {
      const driver = open()
      await answered(driver)
      const beforeMs = clock()
      const note = await driver.write(block())
      assert.equal(note.fate, 'sent')
      assert(note.atMs >= beforeMs && note.atMs <= clock())
      assert.equal(server.writes.length, 1)
      const [written] = server.writes
      assert.equal(written?.functionCode, 16)
      assert.equal(written?.address, 1100)
      assert.deepEqual(written?.words, blockWords)
    })

    it('goes before the rest of a reading that is under way', async () => {
      const driver = open({ signals: threeReads })
      await answered(driver)
      server.requests.length = 0
      server.lateMs = 10
      server.behave = () => 'late'
      const asked = driver.read(true)
      await until('the first request', () => server.requests.length === 1)
      const note = await driver.write(block())
      assert.equal((await asked).kind, 'answered')
      assert.equal(note.fate, 'sent')
      assert.deepEqual(order(server.requests), ['read 100', 'write 1100', 'read 200', 'read 300'])
    })

    it('is dropped while another one waits', async () => {
      const driver = open()
      await answered(driver)
      server.lateMs = 10
      server.behave = () => 'late'
      const asked = driver.read(true)
      const [first, second] = await Promise.all([driver.write(block()), driver.write(block())])
      await asked
      assert.equal(first.fate, 'sent')
      isDropped(second, /^another command waits already$/)
      assert.equal(server.writes.length, 1)
    })

    it('is dropped in observe-only mode, whatever else is called', async () => {
      const driver = open({ mayWrite: false })
      await answered(driver)
      isDropped(await driver.write(block()), /^observe-only/)
      await nothingWritten(driver)
    })

    it('is dropped when the device has no command block', async () => {
      const { commandAt: _, ...readOnly } = modbusPath(server.port)
      const driver = modbusDriver(device(readOnly), clock, readOnly)
      drivers.push(driver)
      await answered(driver)
      isDropped(await driver.write(block()), /^this device has no command block$/)
      await nothingWritten(driver)
    })

    it('stays forbidden when somebody changes the plant behind the driver', async () => {
      const path = modbusPath(server.port)
      const observed = device(path, { mayWrite: false })
      const driver = modbusDriver(observed, clock, path)
      drivers.push(driver)
      await answered(driver)
      Object.assign(observed, { mayWrite: true })
      isDropped(await driver.write(block()), /^observe-only/)
      await nothingWritten(driver)
    })

    it('is dropped when the deadline has passed, or is no time at all', async () => {
      const driver = open()
      await answered(driver)
      isDropped(
        await driver.write(block({ deadlineMs: clock() - 5 })),
        /^the deadline passed \d+ ms/,
      )
      isDropped(await driver.write(block({ deadlineMs: Number.NaN })), /^the deadline passed/)
      await nothingWritten(driver)
    })

    it('is dropped when the deadline passes while it waits for the wire', async () => {
      const driver = open()
      await answered(driver)
      server.lateMs = 30
      server.behave = () => 'late'
      const asked = driver.read(true)
      isDropped(await driver.write(block({ deadlineMs: clock() + 5 })), /^the deadline passed/)
      assert.equal((await asked).kind, 'answered')
      await nothingWritten(driver)
    })

    it('is dropped at once when the device is not connected, and never leaves after the reconnect', async () => {
      const { port } = server
      await server.close()
      const driver = open({}, port)
      const startMs = clock()
      isDropped(await driver.write(block({ deadlineMs: clock() + 60000 })), /no connection yet/)
      await until('a refusal', async () => {
        const note = await driver.write(block({ deadlineMs: clock() + 60000 }))
        return note.detail.includes('ECONNREFUSED')
      })
      assert(clock() - startMs < 1000)
      server = new HostileServer()
      await server.listen(port)
      await nothingWritten(driver)
    })

    it('is dropped when it waits behind a reading that times out, and never leaves later', async () => {
      const driver = open()
      await answered(driver)
      server.behave = () => 'silent'
      const asked = driver.read(true)
      const note = await driver.write(block({ deadlineMs: clock() + 60000 }))
      const scan = await asked
      assert(scan.kind === 'failed' && scan.fault === 'timeout')
      isDropped(note, /no answer within 60 ms/)
      await nothingWritten(driver)
    })

    it('is dropped after a time-out until the unit has answered again', async () => {
      const driver = open()
      await answered(driver)
      server.behave = () => 'silent'
      await driver.read(true)
      await until('the reconnect', async () => {
        const note = await driver.write(block())
        assert.equal(note.fate, 'dropped')
        return note.detail === 'the last request timed out'
      })
      await nothingWritten(driver)
      assert.equal((await driver.write(block())).fate, 'sent')
    })

    for (const behaviour of [
      'silent',
      'reset',
      'end',
      'wrong echo',
      'exception',
      'busy',
    ] as const) {
      it(`is uncertain when it left and "${behaviour}" came back, and is not sent again`, async () => {
        const driver = open()
        await answered(driver)
        server.behave = () => behaviour
        const note = await driver.write(block())
        assert.equal(note.fate, 'uncertain')
        assert.match(note.detail, /^left, not acknowledged: /)
        server.behave = () => 'answer'
        await answered(driver)
        await answered(driver)
        assert.equal(server.writes.length, 1)
      })
    }

    it('of another length, or with words that are none, is our own error and sends nothing', async () => {
      const driver = open()
      await answered(driver)
      await assert.rejects(driver.write(block({ words: blockWords.slice(1) })), /17 words/)
      await assert.rejects(driver.write(block({ words: [...blockWords.slice(1), 65536] })))
      await assert.rejects(driver.write(block({ words: [...blockWords.slice(1), 1.5] })))
      await nothingWritten(driver)
    })

    it(`never leaves in observe-only mode, in any order of calls and faults, SEED=${seed}`, async () => {
      const random = randomFrom(seed)
      const driver = open({ mayWrite: false, signals: threeReads, timeoutMs: 5 })
      server.behave = () => (random() < 0.9 ? 'answer' : random() < 0.5 ? 'reset' : 'wrong unit')
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
})

const order = (requests: readonly Request[]): string[] =>
  requests.map((one) => `${one.functionCode === 16 ? 'write' : 'read'} ${one.address}`)
