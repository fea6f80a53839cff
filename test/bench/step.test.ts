// The benchmark of the cycle runs and measures what it says. How long anything took is not judged here: a busy machine would fail for
// nothing.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Row } from './step-report.ts'

describe('the benchmark of the cycle', () => {
  it('plays whole plants in which every pair is ready, and compares every sample', async () => {
    const script = new URL('step.ts', import.meta.url).pathname
    const run = promisify(execFile)(process.execPath, [script, '--short', '--json'])
    const rows: Row[] = JSON.parse((await run).stdout)
    const kinds = rows.map(({ pairs, scanMs, spread }) => `${pairs} ${scanMs} ${spread}`)
    assert.deepEqual(kinds, [
      ...['10 1000 false', '30 1000 false'],
      ...['10 1000 true', '30 1000 true'],
      ...['10 200 true', '30 200 true'],
    ])
    for (const { pairs, tags, ready, compared, scans, busy, digest } of rows) {
      assert.equal(ready, pairs)
      assert.equal(compared, pairs * tags * scans)
      assert(busy.length > 0 && Math.max(...busy) > 0)
      assert.match(digest, /^[0-9a-f]{16}$/)
    }
    const again = promisify(execFile)(process.execPath, [script, '--short', '--json'])
    const others: Row[] = JSON.parse((await again).stdout)
    assert.deepEqual(
      others.map(({ digest }) => digest),
      rows.map(({ digest }) => digest),
      'the same input led to other words',
    )
  })
})
