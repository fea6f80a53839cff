// Modbus TCP against a unit that misbehaves: each fault has its outcome, and the unit is read again afterwards, by the same
// transport, without a restart.

import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import type { Counters, Outcome } from '../../src/field/modbus/outcome.ts'
import { ModbusTransport, type TransportOptions } from '../../src/field/modbus/transport.ts'
import { randomFrom } from '../chance.ts'
import { seed, until } from './devices.ts'
import { type Behaviour, bitAt, HostileServer, wordAt } from './hostile-server.ts'

const timeoutMs = 60
const clock = (): number => performance.now()
const wordsAt = (address: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => wordAt(address + index))
const bitsAt = (address: number, count: number): boolean[] =>
  Array.from({ length: count }, (_, index) => bitAt(address + index))

const noneCounted = { duplicates: 0, split: 0, coalesced: 0, late: 0, short: 0, garbage: 0 }

describe('the Modbus transport', () => {
  let server: HostileServer
  const transports: ModbusTransport[] = []
  const open = (port: number, options: Partial<TransportOptions> = {}): ModbusTransport => {
    const backoff = { firstMs: 2, longestMs: 20 }
    const defaults = { host: '127.0.0.1', port, unit: 1, timeoutMs, backoff }
    const transport = new ModbusTransport({ ...defaults, ...options }, clock)
    transports.push(transport)
    return transport
  }
  const connected = (transport: ModbusTransport): Promise<boolean> =>
    until('a connection', () => transport.obstacle === undefined)

  beforeEach(async () => {
    server = new HostileServer()
    await server.listen()
  })
  afterEach(async () => {
    await Promise.all(transports.splice(0).map((transport) => transport.close()))
    await server.close()
  })

  it('reads all four areas', async () => {
    const transport = open(server.port)
    await connected(transport)
    for (const area of ['hr', 'ir'] as const) {
      const outcome = await transport.read(area, 65411, 125)
      assert.deepEqual(wordsOf(outcome), wordsAt(65411, 125))
    }
    for (const area of ['co', 'di'] as const) {
      for (const count of [1, 8, 9, 2000]) {
        const outcome = await transport.read(area, 3, count)
        assert.deepEqual(bitsOf(outcome, count), bitsAt(3, count))
      }
    }
    assert.deepEqual(new Set(server.requests.map((one) => one.functionCode)), new Set([1, 2, 3, 4]))
    assert.equal(server.connections, 1)
  })

  // What the unit does; what becomes of the request; why; what becomes of the connection; what is counted besides.
  const rows: [Behaviour, string, RegExp, 'kept' | 'dropped', Partial<Counters>][] = [
    ['answer', 'answered', /./, 'kept', {}],
    ['byte by byte', 'answered', /./, 'kept', { split: 1 }],
    ['duplicate', 'answered', /./, 'kept', { duplicates: 1 }],
    ['coalesced', 'answered', /./, 'kept', { coalesced: 2, duplicates: 2 }],
    ['unasked reply', 'answered', /./, 'dropped', { coalesced: 1, garbage: 1 }],
    ['older reply again', 'answered', /./, 'dropped', { coalesced: 1, late: 1 }],
    ['older reply', 'bad-answer', /^transaction \d+ instead of \d+$/, 'dropped', { late: 1 }],
    ['exception', 'exception', /^exception 2 \(illegal data address\)$/, 'kept', {}],
    ['busy', 'exception', /^exception 6 \(device busy\)$/, 'kept', {}],
    ['wrong transaction', 'bad-answer', /^transaction \d+ instead/, 'dropped', { garbage: 1 }],
    ['wrong protocol', 'bad-answer', /^protocol 4660 instead of 0/, 'dropped', { garbage: 1 }],
    ['wrong unit', 'bad-answer', /^unit 0 instead of 1/, 'dropped', { garbage: 1 }],
    ['wrong function', 'bad-answer', /^function 4 instead of 3/, 'dropped', { garbage: 1 }],
    ['wrong byte count', 'bad-answer', /^byte count 12 instead of 10/, 'dropped', { garbage: 1 }],
    ['impossible length', 'bad-answer', /^length 65535/, 'dropped', { garbage: 1 }],
    ['short', 'bad-answer', /^8 data bytes instead of 10/, 'dropped', { short: 1 }],
    ['garbage prefix', 'bad-answer', /instead of/, 'dropped', { garbage: 1 }],
    ['cut', 'connection-lost', /the unit closed the connection/, 'dropped', { short: 1, split: 1 }],
    ['begun', 'timeout', /^no answer within 60 ms$/, 'dropped', { short: 1, split: 1 }],
    ['end', 'connection-lost', /the unit closed the connection/, 'dropped', {}],
    ['half-open', 'connection-lost', /the unit closed the connection/, 'dropped', {}],
    ['reset', 'connection-lost', /ECONNRESET/, 'dropped', {}],
    ['silent', 'timeout', /^no answer within 60 ms$/, 'dropped', {}],
    ['held', 'timeout', /^no answer within 60 ms$/, 'dropped', {}],
  ]
  for (const [behaviour, outcome, detail, connection, counted] of rows) {
    it(`${behaviour}: ${outcome}, connection ${connection}, ${countText(counted)}, read again afterwards`, async () => {
      const transport = open(server.port)
      await connected(transport)
      await transport.read('hr', 100, 5)
      server.behave = () => (server.requests.length === 2 ? behaviour : 'answer')
      const first = await transport.read('hr', 200, 5)
      assert.equal(first.kind === 'failed' ? first.fault : 'answered', outcome)
      if (first.kind === 'answered') assert.deepEqual(wordsOf(first), wordsAt(200, 5))
      else assert.match(first.detail, detail)
      const tookMs = first.receivedMs - first.sentMs
      assert(tookMs >= (outcome === 'timeout' ? timeoutMs : 0), `${tookMs} ms`)
      const expected = { ...noneCounted, ...counted }
      await until('the count', () => isDeepStrictEqual(countedOf(transport.counters), expected))
      // A late answer comes now, when the next questions are asked.
      server.release()
      for (const address of [300, 400, 500, 600]) {
        const next = await until('an answer', async () => {
          const again = await transport.read('hr', address, 5)
          return again.kind === 'answered' && again
        })
        assert.deepEqual(wordsOf(next), wordsAt(address, 5))
      }
      assert.equal(transport.counters.connections, connection === 'kept' ? 1 : 2)
      assert.deepEqual(countedOf(transport.counters), expected)
    })
  }

  it('a unit that is not there is unreachable, and is read as soon as it comes', async () => {
    const { port } = server
    await server.close()
    const transport = open(port)
    await until('a refusal', () => transport.obstacle?.includes('ECONNREFUSED'))
    const outcome = await transport.read('hr', 1, 1)
    assert(outcome.kind === 'failed' && outcome.fault === 'unreachable' && !outcome.left)
    assert.equal(outcome.detail, `not connected to 127.0.0.1:${port}: ECONNREFUSED`)
    server = new HostileServer()
    await server.listen(port)
    await connected(transport)
    assert.deepEqual(wordsOf(await transport.read('hr', 1, 1)), wordsAt(1, 1))
  })

  it('a unit that accepts and never answers is asked again and again, on new connections', async () => {
    const transport = open(server.port, { timeoutMs: 10 })
    server.behave = () => 'silent'
    await until('five time-outs', async () => {
      await transport.read('hr', 1, 1)
      return transport.counters.faults.timeout >= 5
    })
    assert(server.connections >= 5)
    assert.equal(new Set(server.requests.map((one) => one.connection)).size, server.requests.length)
    server.behave = () => 'answer'
    await until('an answer', async () => (await transport.read('hr', 1, 1)).kind === 'answered')
  })

  it('a connection that is lost while nothing is asked is noticed and made anew', async () => {
    const transport = open(server.port)
    await connected(transport)
    const { port } = server
    await server.close()
    await until('the loss', () => transport.obstacle !== undefined)
    server = new HostileServer()
    await server.listen(port)
    await connected(transport)
    assert.equal(transport.counters.faults['connection-lost'], 1)
  })

  it('each answer makes the wait after the next loss a short one again', async () => {
    const transport = open(server.port, { backoff: { firstMs: 2, longestMs: 60000 } })
    server.behave = () => (server.requests.length % 2 === 0 ? 'reset' : 'answer')
    await until('a dozen losses', async () => {
      await transport.read('hr', 1, 1)
      return transport.counters.connections > 12
    })
  })

  it('after bytes that belong to no reply nothing leaves on that connection any more', async () => {
    const transport = open(server.port, { commandAt: 1100 })
    await connected(transport)
    server.behave = () => 'crumbs'
    assert.equal((await transport.read('hr', 1, 1)).kind, 'answered')
    assert.equal(transport.obstacle, 'unexpected bytes on the connection')
    const outcome = await transport.writeBlock(wordsAt(0, 18))
    assert(outcome.kind === 'failed' && outcome.fault === 'connection-lost' && !outcome.left)
    assert.deepEqual(countedOf(transport.counters), {
      ...noneCounted,
      split: 1,
      garbage: 1,
    })
    server.behave = () => 'answer'
    await until('an answer', async () => (await transport.read('hr', 1, 1)).kind === 'answered')
    assert.deepEqual(server.writes, [])
  })

  it('an acknowledgement of another write is a bad answer', async () => {
    const transport = open(server.port, { commandAt: 1100 })
    await connected(transport)
    server.behave = () => 'wrong echo'
    const outcome = await transport.writeBlock(wordsAt(0, 18))
    assert(outcome.kind === 'failed' && outcome.fault === 'bad-answer' && outcome.left)
  })

  it('closing ends what is open, and leaves nothing behind', async () => {
    const transport = open(server.port)
    await connected(transport)
    server.behave = () => 'silent'
    const asked = transport.read('hr', 1, 1)
    await transport.close()
    const outcome = await asked
    assert(outcome.kind === 'failed' && outcome.fault === 'connection-lost')
    assert.equal(transport.obstacle, 'closed')
    const later = await transport.read('hr', 1, 1)
    assert(later.kind === 'failed' && later.fault === 'unreachable' && later.detail === 'closed')
  })

  it('a second request while one is out, and one that no frame can carry, are our own errors', async () => {
    const transport = open(server.port)
    await connected(transport)
    const first = transport.read('hr', 1, 1)
    assert.throws(() => transport.read('hr', 2, 1), /second Modbus request/)
    await first
    assert.throws(() => transport.read('hr', 0, 126))
    assert.throws(() => transport.read('co', 0, 2001))
    assert.throws(() => transport.read('hr', 65535, 2))
    assert.throws(() => transport.read('hr', 0, 0))
    assert.throws(() => transport.writeBlock(wordsAt(0, 18)), /must not be written/)
  })

  it(`never takes a register's value for another's: 20000 polls under random faults, SEED=${seed}`, async function () {
    this.timeout(60000)
    const random = randomFrom(seed)
    const faults: Behaviour[] = ['late', ...rows.map(([behaviour]) => behaviour)]
    server.behave = () => {
      server.lateMs = 1 + random() * 30
      return random() < 0.97 ? 'answer' : (faults[Math.floor(random() * faults.length)] ?? 'answer')
    }
    const seen = new Map<string, number>()
    const pollOne = async (polls: number): Promise<void> => {
      const transport = open(server.port, { timeoutMs: 15, backoff: { firstMs: 1, longestMs: 4 } })
      for (let asked = 0; asked < polls; ) {
        const address = Math.floor(random() * 65000)
        const count = 1 + Math.floor(random() * 125)
        const outcome = await transport.read('hr', address, count)
        const kind = outcome.kind === 'failed' ? outcome.fault : 'answered'
        seen.set(kind, (seen.get(kind) ?? 0) + 1)
        if (outcome.kind === 'answered') assert.deepEqual(wordsOf(outcome), wordsAt(address, count))
        if (kind === 'unreachable') await new Promise((resolve) => setTimeout(resolve, 1))
        else asked++
      }
    }
    await Promise.all(Array.from({ length: 8 }, () => pollOne(2500)))
    for (const fault of ['timeout', 'bad-answer', 'exception', 'connection-lost']) {
      assert((seen.get(fault) ?? 0) > 10, `${fault}: ${seen.get(fault)}`)
    }
    assert((seen.get('answered') ?? 0) > 15000, `answered: ${seen.get('answered')}`)
  })
})

function bytesOf(outcome: Outcome): Buffer {
  assert(outcome.kind === 'answered', outcome.kind === 'failed' ? outcome.detail : '')
  return Buffer.from(outcome.bytes)
}
function wordsOf(outcome: Outcome): readonly number[] {
  const bytes = bytesOf(outcome)
  return Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readUInt16BE(2 * index))
}
function bitsOf(outcome: Outcome, count: number): readonly boolean[] {
  const bytes = bytesOf(outcome)
  assert.equal(bytes.length, Math.ceil(count / 8))
  return Array.from(
    { length: count },
    (_, bit) => ((bytes[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0,
  )
}

function countText(counted: Partial<Counters>): string {
  const texts = Object.entries(counted).map(([what, times]) => `${times} ${what}`)
  return texts.join(' and ') || 'nothing counted'
}
function countedOf(counters: Counters): typeof noneCounted {
  const { duplicates, split, coalesced, late, short, garbage } = counters
  return { duplicates, split, coalesced, late, short, garbage }
}
