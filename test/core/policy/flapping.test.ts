import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { FlapMemory } from '../../../src/core/policy/fitness.ts'
import { flappingFacts, newFlapMemory, noteFit } from '../../../src/core/policy/flapping.ts'

// RFC 2439 as the reference has it: +1000 a fall, half in 15 minutes, flapping from 2000, steady again at 750, an hour at most.
const minute = 60_000
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9))

/** Falls and recovers at once, at these minutes. */
function fallsAt(...minutes: readonly number[]): FlapMemory {
  let memory = noteFit(newFlapMemory(0), true, 0)
  for (const at of minutes) {
    memory = noteFit(memory, false, at * minute)
    memory = noteFit(memory, true, at * minute)
  }
  return memory
}
const clearsInMs = (memory: FlapMemory, nowMs: number): number | undefined =>
  flappingFacts(memory, nowMs)?.clearsInMs

describe('A unit that goes unfit again and again', () => {
  it('counts as steady after two falls within a quarter of an hour, and as flapping after the third', () => {
    assert.equal(clearsInMs(fallsAt(0, 10), 10 * minute), undefined)
    assert.notEqual(clearsInMs(fallsAt(0, 5, 10), 10 * minute), undefined)
  })

  it('is forgiven one fall every 20 minutes for ever', () => {
    const memory = fallsAt(...Array.from({ length: 50 }, (_, index) => 20 * index))
    assert.equal(clearsInMs(memory, 1000 * minute), undefined)
  })

  it('says when it is steady again, and is so at that very moment and not before', () => {
    const memory = fallsAt(0, 0, 0)
    const waitMs = clearsInMs(memory, 0) ?? 0
    assert.equal(Math.round(waitMs / minute), 30)
    const before = noteFit(memory, true, waitMs - 1)
    assert.ok(flappingFacts(before, waitMs - 1) !== undefined)
    assert.equal(flappingFacts(noteFit(before, true, waitMs + 1), waitMs + 1), undefined)
  })

  it('never waits longer than an hour after its last fall, however often it fell', () => {
    const memory = fallsAt(...Array.from({ length: 500 }, () => 0))
    const waitMs = clearsInMs(memory, 0) ?? 0
    assert.ok(Math.abs(waitMs - 60 * minute) < 1, `${waitMs} ms`)
  })

  it('is not charged for what is not known, nor for staying unfit', () => {
    let memory = fallsAt(0, 0)
    for (let at = 1; at < 100; at++) memory = noteFit(memory, undefined, at)
    memory = noteFit(memory, false, 100)
    const once = memory
    for (let at = 101; at < 200; at++) memory = noteFit(memory, false, at)
    assert.equal(memory, once)
  })

  it(`bad news is at once: a fall is a fall in the cycle that sees it (SEED=${seed})`, () => {
    const story = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 20 * minute })))
    fc.assert(
      fc.property(story, (steps) => {
        let memory = newFlapMemory(0)
        let nowMs = 0
        for (const [fit, waitMs] of steps) {
          nowMs += waitMs
          const wasFlapping = memory.flapping
          memory = noteFit(memory, fit, nowMs)
          assert.equal(memory.fit, fit)
          const { penalty = 0, clearsInMs: left = 0 } = flappingFacts(memory, nowMs) ?? {}
          assert.ok(left <= 60 * minute + 1 && penalty <= 12_000)
          if (memory.flapping && !wasFlapping) assert.ok(penalty >= 2000 && !fit)
        }
      }),
      { seed },
    )
  })
})
