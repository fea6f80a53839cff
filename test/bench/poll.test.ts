// The polling benchmark runs and yields numbers. What they are is not judged here: a busy machine would fail for nothing.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { clients } from './clients.ts'
import type { Bench } from './report.ts'

describe('the polling benchmark', () => {
  it('measures every client side by side, and the punctuality of many units', async () => {
    const script = new URL('poll.ts', import.meta.url).pathname
    const options = ['--rounds', '1', '--seconds', '0.2', '--connections', '4', '--units', '10']
    const run = promisify(execFile)(process.execPath, [script, '--json', ...options])
    const bench: Bench = JSON.parse((await run).stdout)
    assert.deepEqual(
      bench.rows.map((row) => row.client),
      Object.keys(clients),
    )
    for (const { client, cpuUsPerPoll, pollsPerSecond, wrong } of bench.rows) {
      assert(cpuUsPerPoll > 0 && pollsPerSecond > 0, `${client} did not poll`)
      assert.equal(wrong, 0, `${client} got wrong answers`)
    }
    for (const { polls, failed, lateMsP50, lateMsP99, coreShare } of [
      bench.together,
      bench.spread,
    ]) {
      assert(polls > 0 && failed === 0)
      assert(lateMsP50 >= 0 && lateMsP50 <= lateMsP99 && coreShare > 0)
    }
    assert(bench.goals.length > 0)
  })
})
