// Modbus RTU to one device over a serial line: each thing that a line or a device can do has its outcome, and the device is read
// again afterwards, by the same transport, without a restart.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import fs from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import { SerialPort } from 'serialport'
import type { Outcome } from '../../src/field/modbus/outcome.ts'
import type { RtuTransport } from '../../src/field/modbus/rtu-transport.ts'
import { until } from './devices.ts'
import { PtyPair } from './pty-pair.ts'
import { RtuLines, serialLink } from './rtu-lines.ts'
import { type RtuBehaviour, wordsOf } from './rtu-slave.ts'

const block = wordsOf(9, 0, 18)

describe('Modbus RTU over a serial line', () => {
  const lines = new RtuLines()
  afterEach(() => lines.close())

  it('carries 200 readings of 125 registers without a fault, as the chosen Node must', async () => {
    const { slave, link } = await lines.serial()
    const transport = await lines.ready(link, { timeoutMs: 500 })
    const startMs = performance.now()
    for (let address = 0; address < 200; address++) {
      assert.deepEqual(wordsIn(await transport.read('hr', address, 125)), wordsOf(1, address, 125))
    }
    const tookMs = performance.now() - startMs
    assert.equal(slave.requests.length, 200)
    assert.equal(transport.counters.answers, 200)
    // Where the serial port's poller is broken (Node 26.4 and later) every one of them takes a fifth of a second or more.
    assert(tookMs < 20_000, `${Math.round(tookMs)} ms`)
  })

  it('reads all four areas', async () => {
    const { slave, link } = await lines.serial()
    const transport = await lines.ready(link)
    for (const area of ['hr', 'ir'] as const) {
      assert.deepEqual(wordsIn(await transport.read(area, 65_411, 125)), wordsOf(1, 65_411, 125))
    }
    for (const area of ['co', 'di'] as const) {
      for (const count of [1, 8, 9, 2000]) {
        const outcome = await transport.read(area, 3, count)
        const bits = wordsOf(1, 3, count).map((word) => word & 1)
        assert.deepEqual(bitsIn(outcome, count), bits)
      }
    }
    const asked = new Set(slave.requests.map(({ functionCode }) => functionCode))
    assert.deepEqual(asked, new Set([1, 2, 3, 4]))
  })

  for (const parity of ['none', 'even', 'odd'] as const) {
    for (const stopBits of [1, 2] as const) {
      it(`opens a line with parity ${parity} and ${stopBits} stop bits`, async () => {
        const { pair } = await lines.serial()
        const baud = stopBits === 1 ? 9600 : 115_200
        const link = serialLink(pair.ours, { parity, stopBits, baud })
        const transport = await lines.ready(link, { timeoutMs: 200 })
        assert.deepEqual(wordsIn(await transport.read('hr', 7, 2)), wordsOf(1, 7, 2))
      })
    }
  }

  const rows: [RtuBehaviour, string, RegExp][] = [
    ['answer', 'answered', /./],
    ['chunks', 'answered', /./],
    ['duplicate', 'answered', /./],
    ['noise before', 'answered', /./],
    ['noise like a head before', 'answered', /./],
    ['noise behind', 'answered', /./],
    ['echo', 'answered', /./],
    ['exception', 'exception', /^exception 2 \(illegal data address\)$/],
    ['busy', 'exception', /^exception 6 \(device busy\)$/],
    ['only noise', 'bad-answer', /^unit 7 instead of 1$/],
    ['wrong checksum', 'bad-answer', /^wrong checksum$/],
    ['wrong unit', 'bad-answer', /^unit 2 instead of 1$/],
    ['wrong function', 'bad-answer', /^function 4 instead of 3$/],
    ['wrong byte count', 'bad-answer', /^byte count 82 instead of 80$/],
    ['cut short', 'timeout', /^no answer within 120 ms, only 82 of 85 bytes$/],
    ['only echo', 'timeout', /^no answer within 120 ms, only the request itself$/],
    ['late', 'timeout', /^no answer within 120 ms$/],
    ['silent', 'timeout', /^no answer within 120 ms$/],
  ]
  for (const [behaviour, outcome, detail] of rows) {
    it(`${behaviour}: ${outcome}, and right values afterwards`, async () => {
      const { slave, link } = await lines.serial()
      const transport = await lines.ready(link)
      slave.behave = () => (slave.requests.length === 1 ? behaviour : 'answer')
      const first = await transport.read('hr', 200, 40)
      assert.equal(first.kind === 'failed' ? first.fault : 'answered', outcome)
      if (first.kind === 'answered') assert.deepEqual(wordsIn(first), wordsOf(1, 200, 40))
      else assert.match(first.detail, detail)
      assert(first.receivedMs >= first.sentMs)
      assert.equal(transport.echoes, behaviour === 'echo' ? 1 : 0)
      await rightAfterwards(transport)
      assert.equal(transport.counters.connections, 1)
    })
  }

  it('counts what came off the line', async () => {
    const { slave, link } = await lines.serial()
    const transport = await lines.ready(link)
    const counts = async (behaviour: RtuBehaviour, counter: keyof typeof transport.counters) => {
      const before = transport.counters[counter]
      const asked = slave.requests.length
      slave.behave = () => (slave.requests.length === asked + 1 ? behaviour : 'answer')
      await transport.read('hr', 200, 40)
      await until(`${counter} after ${behaviour}`, () => transport.counters[counter] !== before)
      await rightAfterwards(transport)
    }
    await counts('chunks', 'split')
    await counts('duplicate', 'duplicates')
    await counts('late', 'late')
    await counts('wrong checksum', 'garbage')
    await counts('cut short', 'short')
  })

  it('writes a command block to its address with function 16, and nothing else', async () => {
    const { slave, link } = await lines.serial()
    const transport = await lines.ready(link, { commandAt: 1100, timeoutMs: 500 })
    const outcome = await transport.writeBlock(block)
    assert.equal(outcome.kind, 'answered')
    const [written] = slave.writes
    assert(written !== undefined && slave.writes.length === 1)
    assert.deepEqual([written.functionCode, written.address, written.count], [16, 1100, 18])
    assert.deepEqual(written.words, block)
  })

  it("writes a maker's command as it is declared, with function 16 and no other", async () => {
    const { slave, link } = await lines.serial()
    const declared = [
      { functionCode: 16, address: 70, words: [1] },
      { functionCode: 6, address: 71, words: [1] },
    ] as const
    const transport = await lines.ready(link, { declared, timeoutMs: 500 })
    assert.equal((await transport.writeDeclared(0)).kind, 'answered')
    const [written] = slave.writes
    assert(written !== undefined && slave.writes.length === 1)
    assert.deepEqual([written.functionCode, written.address, written.words], [16, 70, [1]])
    assert.throws(() => transport.writeDeclared(1), /function 6 on a serial bus/)
    assert.throws(() => transport.writeDeclared(2), /declared write 2/)
    assert.throws(() => transport.writeBlock(block), /must not be written/)
    assert.equal(slave.writes.length, 1)
  })

  it('a write that only an echoing adapter gives back is not acknowledged', async () => {
    const { slave, link } = await lines.serial()
    const transport = await lines.ready(link, { commandAt: 1100, timeoutMs: 500 })
    slave.behave = () => 'only echo'
    const unheard = await transport.writeBlock(block)
    assert(unheard.kind === 'failed' && unheard.fault === 'timeout' && unheard.left)
    slave.behave = () => 'echo'
    await until('the end of the wait', () => transport.obstacle === undefined)
    const heard = await transport.writeBlock(block)
    assert.equal(heard.kind, 'answered')
  })

  it('an acknowledgement of another write is a bad answer', async () => {
    const { slave, link } = await lines.serial()
    const transport = await lines.ready(link, { commandAt: 1100 })
    slave.behave = () => 'wrong echo'
    const outcome = await transport.writeBlock(block)
    assert(outcome.kind === 'failed' && outcome.fault === 'bad-answer' && outcome.left)
  })

  it('no command leaves while a late answer may still come', async () => {
    const { slave, link } = await lines.serial()
    const transport = await lines.ready(link, { commandAt: 1100 })
    slave.behave = () => 'silent'
    await transport.read('hr', 1, 1)
    assert.equal(transport.obstacle, 'a late answer may still come')
    const outcome = await transport.writeBlock(block)
    assert(outcome.kind === 'failed' && !outcome.left)
    assert.equal(slave.writes.length, 0)
  })

  it('a second request while one is out, and one that no frame can carry, are our own errors', async () => {
    const { link } = await lines.serial()
    const transport = await lines.ready(link)
    const first = transport.read('hr', 1, 1)
    assert.throws(() => transport.read('hr', 2, 1), /second Modbus request/)
    await first
    assert.throws(() => transport.read('hr', 0, 126))
    assert.throws(() => transport.read('co', 0, 2001))
    assert.throws(() => transport.read('hr', 65_535, 2))
    assert.throws(() => transport.read('hr', 0, 0))
    assert.throws(() => transport.writeBlock(block), /must not be written/)
    assert.throws(() => lines.open(link, { unit: 0 }), /unit 0/)
  })
})

describe('a serial line that goes away', () => {
  const lines = new RtuLines()
  afterEach(() => lines.close())

  it('is opened again when the adapter is back, and the device is read', async () => {
    const { pair, slave, link } = await lines.serial()
    const transport = await lines.ready(link)
    for (let time = 1; time <= 3; time++) {
      slave.behave = () => 'silent'
      const asked = transport.read('hr', 1, 1)
      await until('the request', () => slave.requests.length > 0)
      await pair.cut()
      const outcome = await asked
      assert.equal(outcome.kind === 'failed' && outcome.fault, 'connection-lost')
      const meanwhile = await transport.read('hr', 1, 1)
      assert.equal(meanwhile.kind === 'failed' && meanwhile.fault, 'unreachable')
      assert.match(transport.obstacle ?? '', new RegExp(`^${pair.ours} is not open: `))
      await slave.detach()
      await pair.mend()
      slave.requests.length = 0
      slave.behave = () => 'answer'
      await slave.attach(pair.theirs)
      await rightAfterwards(transport)
      assert.equal(transport.counters.connections, time + 1)
    }
  })

  it('costs no handle, however often it goes away', async () => {
    const { pair, slave, link } = await lines.serial()
    const transport = await lines.ready(link)
    const open = async (): Promise<number> => (await fs.readdir('/proc/self/fd')).length
    let before = 0
    for (let time = 0; time < 12; time++) {
      await slave.detach()
      await pair.cut()
      // A hang-up in the very moment of a read is not told by the library; the next request finds it.
      await until('the loss', async () => {
        if (transport.obstacle === undefined) await transport.read('hr', 100, 1)
        return transport.obstacle !== undefined
      })
      await pair.mend()
      await slave.attach(pair.theirs)
      await rightAfterwards(transport)
      if (time === 1) before = await open()
    }
    // Ten losses that cost a handle each would show; a file that another part of the process opens meanwhile does not.
    await until('as many open files as before', async () => (await open()) < before + 5)
  })

  it('is noticed while nothing is asked', async () => {
    const { pair, link } = await lines.serial()
    const transport = await lines.ready(link)
    await pair.cut()
    await until('the loss', () => transport.obstacle !== undefined)
    assert.equal(transport.counters.faults['connection-lost'], 1)
  })

  it('is opened as soon as its device file is there', async () => {
    const { pair, slave, link } = await lines.serial()
    await slave.detach()
    await pair.cut()
    const transport = lines.open(link)
    await until('a reason', () => transport.obstacle?.includes('No such file or directory'))
    await pair.mend()
    await slave.attach(pair.theirs)
    await rightAfterwards(transport)
  })

  it('is opened as soon as the other program that has it lets it go', async () => {
    const { pair, link } = await lines.serial()
    const other = new SerialPort({ path: pair.ours, baudRate: 115_200, autoOpen: false })
    await new Promise((resolve) => other.open(resolve))
    const transport = lines.open(link)
    await until('a reason', () => transport.obstacle?.includes('another program has it'))
    await new Promise((resolve) => other.close(resolve))
    await rightAfterwards(transport)
  })

  it('leaves nothing behind when it is closed in the middle of a request or of an attempt to open', async () => {
    const { slave, link } = await lines.serial()
    const transport = await lines.ready(link)
    slave.behave = () => 'silent'
    const asked = transport.read('hr', 1, 1)
    await transport.close()
    const outcome = await asked
    assert(outcome.kind === 'failed' && outcome.fault === 'connection-lost')
    assert.equal(transport.obstacle, 'closed')
    const later = await transport.read('hr', 1, 1)
    assert(later.kind === 'failed' && later.fault === 'unreachable' && later.detail === 'closed')
    for (const device of [link.device, '/dev/no-such-line']) {
      const attempt = lines.open(serialLink(device))
      await attempt.close()
      assert.equal(attempt.obstacle, 'closed')
    }
  })
})

describe('while our own process is held up', () => {
  const lines = new RtuLines()
  let pair: PtyPair
  let worker: Worker
  let said: Int32Array
  beforeEach(async () => {
    pair = await PtyPair.open()
  })
  afterEach(async () => {
    await lines.close()
    await worker.terminate()
    await pair.close()
  })

  /** A device on another thread, which goes on. */
  const attach = async (behaviour: RtuBehaviour): Promise<RtuTransport> => {
    const module = JSON.stringify(new URL('./rtu-slave.ts', import.meta.url))
    const told = JSON.stringify({ path: pair.theirs, behaviour })
    const run = `const { path, behaviour } = ${told}
      const { parentPort, workerData } = require('node:worker_threads')
      import(${module}).then(async ({ RtuSlave }) => {
        const slave = new RtuSlave()
        slave.behave = () => behaviour
        slave.lateMs = 30
        slave.onSaid = () => Atomics.add(workerData, 0, 1)
        slave.onHeard = () => Atomics.add(workerData, 1, 1)
        await slave.attach(path)
        parentPort.postMessage('attached')
      })`
    said = new Int32Array(new SharedArrayBuffer(8))
    worker = new Worker(run, { eval: true, workerData: said })
    await once(worker, 'message')
    return lines.ready(serialLink(pair.ours))
  }
  /** Nothing else runs here until the device has said so much, and for `ms` afterwards, while it is on its way to us. */
  const holdUp = (times: number, ms: number): void => {
    const limitMs = performance.now() + 5000
    while (Atomics.load(said, 0) < times) {
      assert(performance.now() < limitMs, 'the device said nothing')
    }
    const endMs = performance.now() + ms
    while (performance.now() < endMs);
  }

  it('an answer that comes in time is taken', async () => {
    const transport = await attach('late')
    for (let time = 1; time <= 3; time++) {
      const asked = transport.read('hr', 100, 20)
      await until('the request', () => Atomics.load(said, 1) === time)
      holdUp(time, 150)
      assert.deepEqual(wordsIn(await asked), wordsOf(1, 100, 20))
    }
  })

  it('an answer that comes twice is not taken for the next one', async () => {
    const transport = await attach('duplicate')
    for (let time = 1; time <= 15; time++) {
      assert.deepEqual(wordsIn(await transport.read('hr', time, 20)), wordsOf(1, time, 20))
      holdUp(2 * time, 50)
    }
  })
})

/** Reads four blocks, each until the device answers: every value must be the right one. */
async function rightAfterwards(transport: RtuTransport): Promise<void> {
  for (const address of [200, 300, 400, 500]) {
    await until('an answer', async () => {
      const outcome = await transport.read('hr', address, 40)
      if (outcome.kind === 'answered') assert.deepEqual(wordsIn(outcome), wordsOf(1, address, 40))
      return outcome.kind === 'answered'
    })
  }
}

function bytesIn(outcome: Outcome): Buffer {
  assert(outcome.kind === 'answered', outcome.kind === 'failed' ? outcome.detail : '')
  return Buffer.from(outcome.bytes)
}

function wordsIn(outcome: Outcome): readonly number[] {
  const bytes = bytesIn(outcome)
  return Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readUInt16BE(2 * index))
}

function bitsIn(outcome: Outcome, count: number): readonly number[] {
  const bytes = bytesIn(outcome)
  return Array.from({ length: count }, (_, bit) => ((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1)
}
