// Our own process is held up, in whatever part of Node's loop: an answer that has arrived in the meantime is not a time-out.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { stat } from 'node:fs'
import type { Outcome } from '../../src/field/modbus/outcome.ts'
import { ModbusTransport } from '../../src/field/modbus/transport.ts'
import { until } from './devices.ts'

const timeoutMs = 60

describe('the Modbus transport while its own process is held up', () => {
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
    ['the end of a file access', (run) => stat('.', run)],
    ['an immediate', (run) => setImmediate(run)],
  ]
  for (const [place, runIn] of places) {
    it(`an answer that arrives while ${place} takes long is an answer`, async () => {
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
})
