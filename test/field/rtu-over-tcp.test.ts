// RTU frames through a serial device server: the same bus on a TCP connection that can be refused, reset, or dead without a sign.

import assert from 'node:assert/strict'
import type { Outcome } from '../../src/field/modbus/outcome.ts'
import { until } from './devices.ts'
import { RtuLines } from './rtu-lines.ts'
import { wordsOf } from './rtu-slave.ts'

const block = wordsOf(9, 0, 18)

describe('RTU over TCP', () => {
  const lines = new RtuLines()
  afterEach(() => lines.close())

  it('carries several devices on one connection', async () => {
    const { slave, link } = await lines.server()
    const transports = await Promise.all([1, 2, 3].map((unit) => lines.ready(link, { unit })))
    for (const [index, transport] of transports.entries()) {
      const outcome = await transport.read('hr', 100, 125)
      assert.deepEqual(wordsIn(outcome), wordsOf(index + 1, 100, 125))
    }
    assert.equal(slave.connections, 1)
  })

  it('reads again after a reset, and after the server was away', async () => {
    const { slave, link } = await lines.server()
    const transport = await lines.ready(link)
    slave.behave = () => 'silent'
    const asked = transport.read('hr', 1, 1)
    await until('the request', () => slave.requests.length === 1)
    slave.reset()
    const outcome = await asked
    assert(outcome.kind === 'failed' && outcome.fault === 'connection-lost' && outcome.left)
    slave.behave = () => 'answer'
    await until('an answer', async () => (await transport.read('hr', 1, 1)).kind === 'answered')
    await slave.detach()
    await until('a refusal', () => transport.obstacle?.includes('ECONNREFUSED'))
    await slave.listen(link.port)
    await until('an answer', async () => (await transport.read('hr', 1, 1)).kind === 'answered')
    assert.deepEqual(wordsIn(await transport.read('hr', 5, 3)), wordsOf(1, 5, 3))
  })

  it('makes a new connection when nothing comes on the old one, and keeps one on which somebody answers', async () => {
    const { slave, link } = await lines.server()
    const silent = await lines.ready(link, { unit: 1, timeoutMs: 20 })
    const alive = await lines.ready(link, { unit: 2, timeoutMs: 200 })
    slave.behave = ({ unit }) => (unit === 1 ? 'silent' : 'answer')
    for (let time = 0; time < 4; time++) {
      await silent.read('hr', 1, 1)
      assert.equal((await alive.read('hr', 1, 1)).kind, 'answered')
    }
    assert.equal(silent.counters.connections, 1)
    slave.behave = () => 'silent'
    await until('a new connection', async () => {
      await silent.read('hr', 1, 1)
      return silent.counters.connections > 1
    })
  })

  it('resets the connection after a command that was not acknowledged, so that it can not arrive later', async () => {
    const { slave, link } = await lines.server()
    const transport = await lines.ready(link, { commandAt: 1100 })
    slave.behave = () => 'silent'
    const outcome = await transport.writeBlock(block)
    assert(outcome.kind === 'failed' && outcome.fault === 'timeout' && outcome.left)
    await until('another connection', () => transport.counters.connections === 2)
    assert.equal(slave.writes.length, 1)
  })
})

function wordsIn(outcome: Outcome): readonly number[] {
  assert(outcome.kind === 'answered', outcome.kind === 'failed' ? outcome.detail : '')
  const bytes = Buffer.from(outcome.bytes)
  return Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readUInt16BE(2 * index))
}
