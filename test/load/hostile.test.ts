// The campaign against the OPC UA door in short: strangers with malformed messages, connections that are dropped, strangers who say
// nothing, and a client that wears the server out. The long one is `npm run campaign:opcua`.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { HostileRun } from './hostile-report.ts'

describe('An OPC UA door under attack', function () {
  this.timeout(300_000)

  it('ends nothing, keeps nothing, and serves the client that means well', async () => {
    const script = new URL('hostile.ts', import.meta.url).pathname
    const seed = process.env.SEED ?? String(Date.now() % 1_000_000)
    console.log(`      SEED=${seed}`)
    const { stdout } = await promisify(execFile)(process.execPath, [script, '--short', '--json'], {
      maxBuffer: 1 << 26,
      env: { ...process.env, SEED: seed },
    })
    const run = JSON.parse(stdout) as HostileRun & { readonly faults: readonly string[] }
    assert.deepEqual(run.faults, [])
    const counts = Object.fromEntries(run.phases.map(({ name, count }) => [name, count ?? 0]))
    assert.ok((counts['malformed messages'] ?? 0) >= 2_000)
    assert.ok((counts['connections dropped'] ?? 0) >= 200)
  })
})
