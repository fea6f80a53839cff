// The benchmark of the comparison runs, and its short form keeps what the manual promises of setpoints.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type Cell, type Cost, slowestMs } from './sync-report.ts'

type Bench = {
  readonly methods: readonly string[]
  readonly cells: readonly Cell[]
  readonly cost: Cost
}

describe('the benchmark of the comparison', () => {
  it('raises no false alarm on setpoints at h = 12 and finds a wrong one within 5 polls, on every network', async () => {
    const script = new URL('sync.ts', import.meta.url).pathname
    const options = ['--short', '--json', '--only', 'setpoint']
    const run = promisify(execFile)(process.execPath, [script, ...options], { maxBuffer: 2 ** 24 })
    const { methods, cells, cost }: Bench = JSON.parse((await run).stdout)
    assert.deepEqual(
      cells.map((cell) => cell.regime),
      ['LAN', 'SKEW', 'WAN'],
    )
    for (const { regime, alarms, faults } of cells) {
      assert.equal(alarms[methods.indexOf('h=12')], 0, regime)
      const wrong = faults.find((fault) => fault.name === 'wrong')
      assert(wrong !== undefined)
      const pollMs = slowestMs(wrong.firstMs)
      assert(pollMs > 1000 && pollMs <= 5000, `${regime}: ${pollMs} ms`)
    }
    assert(cost.compareNs > 0 && cost.wholeNs >= cost.compareNs)
  })
})
