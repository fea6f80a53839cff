// The load on the OPC UA door in short: clients that watch every tag of a small plant miss nothing and cost the deciding thread no
// more than a machine is uneven by itself. What a large plant costs is measured by `npm run bench:opcua`.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type LoadRun, latenessOf } from './load-report.ts'

describe('Clients that watch every tag', function () {
  this.timeout(120_000)
  let run: LoadRun
  before(async () => {
    const script = new URL('load.ts', import.meta.url).pathname
    const { stdout } = await promisify(execFile)(process.execPath, [script, '--short', '--json'], {
      maxBuffer: 1 << 26,
    })
    run = JSON.parse(stdout)
  })

  it('are told of every change, each of them', () => {
    const clients = run.loaded.flatMap((phase) => phase.clients?.each ?? [])
    assert.equal(clients.length, run.clients)
    for (const { values, lost, failed } of clients) {
      const offered = 2 * run.pairs * run.tags * run.seconds
      assert.ok(values > 0.6 * offered, `${values} of ${offered} values`)
      assert.deepEqual({ lost, failed }, { lost: 0, failed: 0 })
    }
  })

  it('do not make the cycle late', () => {
    // Half a cycle more than without them: a machine that is busy with other things must not fail here.
    const [idle, loaded] = [latenessOf(run.idle), latenessOf(run.loaded)]
    assert.ok(loaded.p50 < idle.p50 + 50, `${idle.p50} ms without, ${loaded.p50} ms with clients`)
  })
})
