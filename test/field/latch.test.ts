// Where scans meet the cycle.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Answered, Failed, Scan } from '../../src/core/image.ts'
import { createLatch, scansMax } from '../../src/field/latch.ts'

const answered = (atMs: number, options: Partial<Answered> = {}): Answered => ({
  kind: 'answered',
  sentMs: atMs,
  receivedMs: atMs + 1,
  path: 'lan-1',
  sample: true,
  values: { role: 'primary' },
  ...options,
})
const failed = (atMs: number): Failed => ({
  kind: 'failed',
  sentMs: atMs,
  receivedMs: atMs + 1,
  path: 'lan-1',
  fault: 'timeout',
  detail: '',
})

describe('the latch', () => {
  it('shows every device from the first cycle on, also one that was never read', () => {
    assert.deepEqual(createLatch(['a', 'b']).take(), { a: { scans: [] }, b: { scans: [] } })
  })

  it('keeps every scan since the last cycle in order, so that a flicker is seen', () => {
    const latch = createLatch(['a'])
    const scans = [
      answered(1),
      answered(2, { values: { role: 'standby' } }),
      failed(3),
      answered(4),
    ]
    for (const scan of scans) latch.put('a', scan)
    assert.deepEqual(latch.take().a, { newest: scans[3], scans })
  })

  it('keeps the newest answer over cycles in which nothing was answered', () => {
    const latch = createLatch(['a'])
    latch.put('a', answered(1))
    latch.take()
    latch.put('a', failed(2))
    assert.deepEqual(latch.take().a, { newest: answered(1), scans: [failed(2)] })
    assert.deepEqual(latch.take().a, { newest: answered(1), scans: [] })
  })

  it('an answer that was asked for earlier, over another path, is not the newest', () => {
    const latch = createLatch(['a'])
    latch.put('a', answered(5))
    latch.put('a', answered(4, { receivedMs: 9 }))
    assert.deepEqual(latch.take().a?.newest, answered(5))
  })

  it('never changes an image that was taken', () => {
    const latch = createLatch(['a'])
    latch.put('a', answered(1))
    const image = latch.take()
    const before = structuredClone(image)
    latch.put('a', answered(2))
    latch.take()
    assert.deepEqual(image, before)
  })

  it('keeps devices apart', () => {
    const latch = createLatch(['a', 'b'])
    latch.put('a', answered(1))
    latch.put('b', failed(2))
    const image = latch.take()
    assert.deepEqual(image.a?.scans, [answered(1)])
    assert.deepEqual(image.b, { scans: [failed(2)] })
  })

  it('held up for long, it forgets the least bad scans first and never the last', () => {
    const anyScan: fc.Arbitrary<Scan> = fc.oneof(
      fc.constant(failed(1)),
      fc.constant(answered(1, { values: { charge: { unknown: 'reads FFFF' } } })),
      fc.constant(answered(1)),
      fc.constant(answered(1, { sample: false })),
    )
    const many = fc.array(anyScan, { minLength: 60, maxLength: 200, size: 'max' })
    fc.assert(
      fc.property(many, (kinds) => {
        const latch = createLatch(['a'])
        const put = kinds.map((scan, index) => ({ ...scan, sentMs: index }))
        for (const scan of put) latch.put('a', scan)
        const kept = latch.take().a?.scans ?? []
        assert.equal(kept.length, Math.min(put.length, scansMax))
        assert.deepEqual(kept.at(-1), put.at(-1))
        const times = kept.map((scan) => scan.sentMs)
        assert.deepEqual(
          times,
          times.toSorted((one, other) => one - other),
        )
        const failures = put.filter((scan) => scan.kind === 'failed').length
        const keptFailures = kept.filter((scan) => scan.kind === 'failed').length
        assert(keptFailures >= Math.min(failures, scansMax - 1))
      }),
      { numRuns: 50 },
    )
  })
})
