// A late answer is never taken for a newer one's. RTU frames carry no number, so two readings of the same block look the same on
// the line; here each answer tells which request it belongs to, and nothing else protects but the time that is waited.

import assert from 'node:assert/strict'
import type { Outcome } from '../../src/field/modbus/outcome.ts'
import type { RtuTransport } from '../../src/field/modbus/rtu-transport.ts'
import { randomFrom } from '../chance.ts'
import { seed, until } from './devices.ts'
import { RtuLines } from './rtu-lines.ts'
import { type RtuBehaviour, type RtuSlave, wordOf } from './rtu-slave.ts'

const timeoutMs = 240

describe('a late answer on a serial bus', () => {
  const lines = new RtuLines()
  afterEach(() => lines.close())

  it('of the same length is not taken for the next one, at any delay from none to twice the time-out', async function () {
    this.timeout(60_000)
    const delays = Array.from({ length: 17 }, (_, step) => (step * 2 * timeoutMs) / 16)
    const seen = await Promise.all(
      delays.map(async (delayMs) => {
        const { slave, link } = await lines.server()
        tellRequests(slave)
        slave.lateMs = delayMs
        slave.behave = () => (slave.requests.length % 2 === 1 ? 'late' : 'answer')
        const transport = await lines.ready(link, { timeoutMs })
        await readOften(transport, slave, 6)
        return transport.counters
      }),
    )
    const total = (name: 'answers' | 'late'): number =>
      seen.reduce((sum, counters) => sum + counters[name], 0)
    assert.equal(
      seen.reduce((sum, { faults }) => sum + faults['bad-answer'], 0),
      0,
    )
    // Half of the delays are longer than the time-out, and of their requests every second one is late.
    assert(total('late') >= 15, `${total('late')} late answers came`)
    assert(total('answers') >= 70, `${total('answers')} answers were taken`)
  })

  it(`and what else a line does never give a wrong value on a real line, SEED=${seed}`, async function () {
    this.timeout(60_000)
    const random = randomFrom(seed)
    const { slave, link } = await lines.serial()
    tellRequests(slave)
    const faults: readonly RtuBehaviour[] = [
      'late',
      'silent',
      'chunks',
      'duplicate',
      'echo',
      'only echo',
      'noise before',
      'noise like a head before',
      'noise behind',
      'wrong checksum',
      'wrong unit',
      'wrong function',
      'wrong byte count',
      'cut short',
      'exception',
    ]
    slave.behave = () => {
      slave.lateMs = random() * 60
      return random() < 0.97 ? 'answer' : (faults[Math.floor(random() * faults.length)] ?? 'answer')
    }
    const transports = await Promise.all(
      [1, 2, 3].map((unit) => lines.ready(link, { unit, timeoutMs: 30 })),
    )
    const endMs = performance.now() + 5000
    await Promise.all(
      transports.map(async (transport) => {
        while (performance.now() < endMs) await readOften(transport, slave, 1)
      }),
    )
    const answers = transports.map(({ counters }) => counters.answers)
    for (const count of answers) assert(count > 50, `${count} answers`)
  })
})

describe('an answer that comes twice', () => {
  const lines = new RtuLines()
  afterEach(() => lines.close())

  it(`is not taken for the next one of a slow device, whenever it comes again, SEED=${seed}`, async function () {
    this.timeout(60_000)
    const random = randomFrom(seed)
    const { slave, link } = await lines.server()
    slave.lateMs = 30
    slave.behave = () => {
      slave.againMs = random() * 25
      return random() < 0.5 ? 'late and again' : 'late'
    }
    const transport = await lines.ready(link, { timeoutMs })
    const endMs = performance.now() + 3000
    for (let address = 0; performance.now() < endMs; address++) {
      const outcome = await transport.read('hr', address, 1)
      if (outcome.kind === 'failed') continue
      assert.equal(Buffer.from(outcome.bytes).readUInt16BE(0), wordOf(1, address), `${address}`)
    }
    const { answers, duplicates } = transport.counters
    assert(answers > 40 && duplicates > 10, `${answers} answers, ${duplicates} duplicates`)
  })

  it('does not keep two blocks with the same values from being read', async () => {
    const { slave, link } = await lines.server()
    slave.valueOf = () => 0
    const transport = await lines.ready(link)
    for (const address of [100, 200, 300]) {
      assert.equal((await transport.read('hr', address, 8)).kind, 'answered')
    }
  })
})

describe('somebody else asked before us', () => {
  const lines = new RtuLines()
  afterEach(() => lines.close())

  it('and its answer is not taken for ours: a bus is listened to first', async () => {
    const { slave, link } = await lines.serial()
    tellRequests(slave)
    const before = await lines.ready(link)
    slave.lateMs = 150
    slave.behave = () => (slave.requests.length === 1 ? 'late' : 'answer')
    const abandoned = before.read('hr', 100, 8)
    await until('the request', () => slave.requests.length === 1)
    await before.close()
    await abandoned
    const after = lines.open(link)
    await until('the line', () => after.obstacle === 'a late answer may still come')
    await readOften(after, slave, 3)
    assert.equal(after.counters.answers, 3)
  })
})

/** Each register of an answer holds the number of the request that it answers. */
function tellRequests(slave: RtuSlave): void {
  const requests = slave.requests
  slave.valueOf = (unit) => (unit << 12) | (requests.length & 0xfff)
}

/** Reads the same block, and checks that each answer belongs to the newest request of this unit. */
async function readOften(transport: RtuTransport, slave: RtuSlave, times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    const askedBefore = slave.requests.length
    const outcome = await transport.read('hr', 100, 8)
    if (outcome.kind === 'failed') continue
    const number = numberIn(outcome)
    const request = slave.requests[(number & 0xfff) - 1]
    assert(request !== undefined && (number & 0xfff) > askedBefore, `answer to ${number & 0xfff}`)
    assert.equal(request.unit, number >> 12)
  }
}

function numberIn(outcome: Outcome & { kind: 'answered' }): number {
  const bytes = Buffer.from(outcome.bytes)
  const number = bytes.readUInt16BE(0)
  for (let at = 2; at < bytes.length; at += 2) assert.equal(bytes.readUInt16BE(at), number)
  return number
}
