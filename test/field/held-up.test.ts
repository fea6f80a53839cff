// Processes that stand still. Ours is held up, in whatever part of Node's loop: an answer that has arrived in the meantime is not
// a time-out. The unit's is frozen: its connections are given up whole, without waiting for it.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { stat } from 'node:fs'
import type { Outcome } from '../../src/field/modbus/outcome.ts'
import { ModbusTransport } from '../../src/field/modbus/transport.ts'
import { until } from './devices.ts'
import { openFiles } from './growth.ts'

const timeoutMs = 60

describe('the Modbus transport while a process stands still', () => {
  let unit: ChildProcess
  let transport: ModbusTransport
  before(async () => {
    unit = spawn(process.execPath, [new URL('cut-unit.ts', import.meta.url).pathname, '1'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    assert(unit.stdout)
    const [line] = await once(unit.stdout, 'data')
    const options = { host: '127.0.0.1', port: JSON.parse(String(line))[0], unit: 1, timeoutMs }
    transport = new ModbusTransport(options, () => performance.now())
    await until('a connection', () => transport.obstacle === undefined)
  })
  after(async () => {
    await transport.close()
    unit.kill('SIGKILL')
    await once(unit, 'exit')
  })

  const places: [string, (run: () => void) => void][] = [
    ['a timer', (run) => setTimeout(run, 1)],
    ['an end of a file access', (run) => stat('.', run)],
    ['an immediate', (run) => setImmediate(run)],
  ]
  for (const [place, runIn] of places) {
    it(`an answer that arrives while ${place} of ours takes long is an answer`, async () => {
      const outcome = await new Promise<Outcome>((resolve) => {
        runIn(() => {
          resolve(transport.read('hr', 0, 10))
          const endMs = performance.now() + 2 * timeoutMs
          while (performance.now() < endMs);
        })
      })
      assert.equal(outcome.kind, 'answered')
      assert(outcome.receivedMs - outcome.sentMs > timeoutMs)
    })
  }

  it('a frozen unit is asked on one new connection after the other, and none is kept', async () => {
    const filesBefore = openFiles()
    const connectionsBefore = transport.counters.connections
    unit.kill('SIGSTOP')
    try {
      await until('three new connections', async () => {
        await transport.read('hr', 0, 1)
        return transport.counters.connections >= connectionsBefore + 3
      })
      assert(openFiles() <= filesBefore)
    } finally {
      unit.kill('SIGCONT')
    }
    await until('an answer', async () => (await transport.read('hr', 0, 1)).kind === 'answered')
  })
})

describe('two units in another process', () => {
  it('a connection that was ended while our process was held up is given up whole', async () => {
    // At the word "cut" the first unit ends its side; a little later the second one answers what it was asked.
    const script = `import { CutUnit } from '${new URL('cut-unit.ts', import.meta.url).href}'
      const [first, second] = [new CutUnit(0), new CutUnit(1)]
      console.log(JSON.stringify([await first.listen(), await second.listen()]))
      second.cut('silent drop')
      process.stdin.on('data', () => {
        first.cut('half-open')
        setTimeout(() => second.restore('silent drop').then(() => second.cut('silent drop')), 10)
      })`
    const units = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const [line] = await once(units.stdout, 'data')
    const ports: number[] = JSON.parse(String(line))
    const backoff = { firstMs: 1, longestMs: 10 }
    const [first, second] = ports.map((port) => {
      const options = { host: '127.0.0.1', port, unit: 1, timeoutMs: 2000, backoff }
      return new ModbusTransport(options, () => performance.now())
    })
    assert(first && second)
    try {
      await until('connections', () => !first.obstacle && !second.obstacle)
      const filesBefore = openFiles()
      const seen: string[] = []
      for (let turn = 0; turn < 5; turn++) {
        await until('a connection', () => first.obstacle === undefined)
        const asked: Promise<Outcome> = second.read('hr', 0, 1)
        units.stdin.write('cut')
        const endMs = performance.now() + 40
        while (performance.now() < endMs);
        assert.equal((await asked).kind, 'answered')
        const outcome = await first.read('hr', 0, 1)
        seen.push(outcome.kind === 'failed' ? outcome.detail : outcome.kind)
      }
      // The very moment in which Node can't reset a socket, because it is about to end it.
      assert(seen.includes('the connection takes no bytes'), seen.join(', '))
      await until('a connection', () => first.obstacle === undefined)
      await until('no open file left over', () => openFiles() <= filesBefore)
    } finally {
      await Promise.all([first.close(), second.close()])
      units.kill('SIGKILL')
      await once(units, 'exit')
    }
  })
})
