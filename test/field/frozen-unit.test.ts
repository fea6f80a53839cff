// Modbus TCP and units in processes of their own: frozen, out of reach, or answering while our own process is held up.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import net from 'node:net'
import { backoffMs } from '../../src/field/backoff.ts'
import { ModbusTransport } from '../../src/field/modbus/transport.ts'
import { until } from './devices.ts'
import { wordAt } from './hostile-server.ts'

const timeoutMs = 60
const clock = (): number => performance.now()
const bytesAt = (address: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => wordAt(address + index)).flatMap((word) => [
    word >> 8,
    word & 0xff,
  ])

describe('the Modbus transport and a unit in another process', () => {
  let unit: ChildProcess
  let port: number
  let transport: ModbusTransport
  before(async () => {
    const script = `import { HostileServer } from '${new URL('hostile-server.ts', import.meta.url).href}'
      console.log(await new HostileServer().listen())`
    unit = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    assert(unit.stdout)
    const [line] = await once(unit.stdout, 'data')
    port = Number(line)
  })
  beforeEach(() => {
    const backoff = { firstMs: 2, longestMs: 20 }
    transport = new ModbusTransport({ host: '127.0.0.1', port, unit: 1, timeoutMs, backoff }, clock)
  })
  afterEach(() => transport.close())
  after(async () => {
    unit.kill('SIGKILL')
    await once(unit, 'exit')
  })

  it('an answer that arrived while our own process was held up is not a time-out', async () => {
    await until('a connection', () => transport.obstacle === undefined)
    const asked = transport.read('hr', 100, 2)
    const endMs = performance.now() + 2 * timeoutMs
    while (performance.now() < endMs);
    const outcome = await asked
    assert(outcome.kind === 'answered')
    assert.deepEqual([...outcome.bytes], bytesAt(100, 2))
  })

  it('a frozen unit is a time-out, and right values come again when it thaws', async () => {
    await until('an answer', async () => (await transport.read('hr', 1, 1)).kind === 'answered')
    unit.kill('SIGSTOP')
    try {
      const outcome = await until('a failure', async () => {
        const again = await transport.read('hr', 100, 2)
        return again.kind === 'failed' && again
      })
      assert.equal(outcome.fault, 'timeout')
    } finally {
      unit.kill('SIGCONT')
    }
    for (let address = 200; address < 230; address++) {
      const next = await until('an answer', async () => {
        const again = await transport.read('hr', address, 2)
        return again.kind === 'answered' && again
      })
      assert.deepEqual([...next.bytes], bytesAt(address, 2))
    }
  })
})

describe('the deadline of a connection', () => {
  it('a unit that swallows connection requests is unreachable, and is connected once it takes them', async () => {
    const script = `const server = require('node:net').createServer((socket) => socket.on('error', () => {}))
      server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(server.address().port))`
    const unit = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    assert(unit.stdout)
    const [line] = await once(unit.stdout, 'data')
    const port = Number(line)
    unit.kill('SIGSTOP')
    // A stopped process accepts nothing; with its waiting room full, the kernel drops every further request to connect.
    const fillers = Array.from({ length: 4 }, () => net.connect(port, '127.0.0.1'))
    for (const filler of fillers) filler.on('error', () => undefined)
    await once(fillers[0] ?? unit, 'connect')
    const options = {
      host: '127.0.0.1',
      port,
      unit: 1,
      timeoutMs,
      backoff: { firstMs: 2, longestMs: 20 },
    }
    const transport = new ModbusTransport(options, clock)
    try {
      await until('the deadline', () => transport.obstacle?.includes('no connection within 60 ms'))
      unit.kill('SIGCONT')
      await until('a connection', () => transport.obstacle === undefined)
    } finally {
      await transport.close()
      for (const filler of fillers) filler.destroy()
      unit.kill('SIGKILL')
      await once(unit, 'exit')
    }
  })

  it('the wait between two attempts doubles from 100 ms to 2 s and is spread by chance', () => {
    const backoff = { firstMs: 100, longestMs: 2000 }
    const longest = [1, 2, 3, 4, 5, 6, 1e9].map((failures) => backoffMs(backoff, failures, 1))
    assert.deepEqual(longest, [100, 200, 400, 800, 1600, 2000, 2000])
    assert.equal(backoffMs(backoff, 1, 0), 50)
    assert.equal(backoffMs(backoff, 1e9, 0), 1000)
  })
})
