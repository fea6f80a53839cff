import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Answered } from '../../../src/core/image.ts'
import type { Pair } from '../../../src/core/plant.ts'
import { judgeSync } from '../../../src/core/sync/judge-sync.ts'
import { recordLearned } from '../../../src/core/sync/learned-record.ts'
import { type Learned, newSyncMemory } from '../../../src/core/sync/sync-memory.ts'
import type { TagClass } from '../../../src/core/tag.ts'
import { newFeed } from './feed.ts'
import { samplePair } from './sample-pair.ts'

const seed = Number(process.env.SEED ?? 20_261_122)
const classes: readonly TagClass[] = [
  'discrete',
  'enum',
  'setpoint',
  'analog',
  'integrator',
  'counter',
]

describe('judging whether two units are in sync', () => {
  it('counts an unknown value neither as match nor as mismatch, whatever the class', () => {
    const tagClass = fc.constantFrom(...classes)
    const polls = fc.array(fc.constantFrom('both', 'A', 'B'), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(tagClass, polls, (kind, gaps) => {
        const feed = newFeed(samplePair(kind, 1, 1000, { tolerance: 1 }))
        feed.until('in sync', () => [5, 5])
        feed.poll(5, 9)
        feed.poll(undefined, undefined)
        const before = feed.memory.tags[0]
        for (const gap of gaps) feed.poll(gap === 'B' ? 5 : undefined, gap === 'A' ? 9 : undefined)
        const after = feed.memory.tags[0]
        assert.equal(after?.outside, before?.outside)
        assert.notEqual(after?.verdict, 'different')
      }),
      { seed, numRuns: 60 },
    )
  })

  it('has no verdict any more when values stay unknown or a unit stays silent', () => {
    for (const gap of [undefined, 'lost'] as const) {
      const feed = newFeed(samplePair('setpoint', 1, 1000))
      feed.until('in sync', () => [5, 5])
      let facts = feed.poll(5, gap)
      for (let poll = 0; poll < 12; poll++) facts = feed.poll(5, gap)
      assert.equal(facts.verdict, 'cannot tell')
      assert.equal(facts.coveragePct, 0)
    }
  })

  it('begins the time in sync anew after a gap, though every sample of the gap comes in at once', () => {
    const pair = samplePair('setpoint', 1, 1000)
    const feed = newFeed(pair)
    feed.until('in sync', () => [5, 5])
    for (let poll = 0; poll < 20; poll++) feed.poll(5, 5)
    const scans = Array.from({ length: 20 }, (_, index): Answered => {
      const sentMs = feed.nowMs + 1000 * (index + 1)
      const values = Object.fromEntries(pair.tags.map((tag) => [`tag:${tag.name}`, 5]))
      return {
        kind: 'answered',
        sentMs,
        receivedMs: sentMs + 4,
        path: 'lan-1',
        sample: true,
        values,
      }
    })
    const nowMs = feed.nowMs + 20_010
    const { facts } = judgeSync(feed.memory, pair, { A: { scans }, B: { scans } }, 'A', nowMs)
    assert.ok(facts.verdict !== 'in sync' || nowMs - facts.sinceMs === 0, facts.sentence)
  })

  it('does not care in which order the tags stand', () => {
    const values = fc.array(
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 6, maxLength: 6 }),
      {
        minLength: 20,
        maxLength: 80,
      },
    )
    fc.assert(
      fc.property(values, (polls) => {
        const pair = mixedPair()
        const turned = { ...pair, tags: pair.tags.toReversed() }
        const one = verdictsOf(pair, polls)
        const other = verdictsOf(turned, polls)
        assert.deepEqual(one, other)
      }),
      { seed, numRuns: 40 },
    )
  })

  it('comes to the same state from the same samples, and the state survives JSON', () => {
    const feed = newFeed(samplePair('analog', 2, 1000))
    for (let poll = 0; poll < 50; poll++) feed.poll(poll, poll)
    const copy = newFeed(feed.pair, JSON.parse(JSON.stringify(feed.memory)))
    copy.nowMs = feed.nowMs
    for (let poll = 50; poll < 100; poll++) {
      const one = feed.poll(poll, poll + (poll % 3))
      const other = copy.poll(poll, poll + (poll % 3))
      assert.deepEqual({ ...other, tags: other.tags() }, { ...one, tags: one.tags() })
    }
  })

  it('finds a drift once it is larger than the tolerance, and not before', () => {
    const feed = newFeed(samplePair('analog', 1, 1000, { tolerance: 5 }))
    feed.until('in sync', () => [100, 100])
    const polls = feed.until('different', (poll) => [100, 100 + poll / 20], 400)
    assert(polls > 100 && polls < 115, `after ${polls} polls, ${polls / 20} away`)
  })

  it('finds a stuck value as soon as the primary moves away from it', () => {
    const feed = newFeed(samplePair('analog', 1, 1000, { tolerance: 5 }))
    feed.until('in sync', () => [100, 100])
    for (let poll = 0; poll < 500; poll++) assert.equal(feed.poll(100, 100).verdict, 'in sync')
    const polls = feed.until('different', (poll) => [100 + poll, 100], 100)
    assert(polls < 20, `after ${polls} polls`)
  })

  it('finds a standby that lags by three seconds while the process moves', () => {
    const feed = newFeed(samplePair('analog', 1, 1000, { tolerance: 2 }))
    const wave = (poll: number): number => 100 * Math.sin(poll / 15)
    feed.until('in sync', (poll) => [wave(poll), wave(poll)])
    const polls = feed.until('different', (poll) => [wave(poll), wave(poll - 3)], 200)
    assert(polls < 30, `after ${polls} polls`)
  })

  it('does not take motion for a difference when it has learned at rest', () => {
    const feed = newFeed(samplePair('analog', 1, 1000))
    for (let poll = 0; poll < 1200; poll++) feed.poll(500, 500)
    const wave = (at: number): number => Math.round(500 + 400 * Math.sin(1.3 * at))
    for (let poll = 0; poll < 2000; poll++) {
      const { different } = feed.poll(wave(poll), wave(poll - 0.05))
      assert.deepEqual(different, [], `poll ${poll}`)
    }
  })

  it('makes nothing learned of a fault: a difference that stays is still one after an hour', () => {
    const feed = newFeed(samplePair('setpoint', 1, 1000))
    feed.until('in sync', () => [7, 7])
    feed.until('different', () => [7, 8])
    const known = feed.memory.calibrations[0]
    for (let poll = 0; poll < 3600; poll++) assert.equal(feed.poll(7, 8).verdict, 'different')
    assert.deepEqual(feed.memory.calibrations[0], known)
  })

  it('keeps what it has learned over a restart, and forgets it when the tag is compared differently', () => {
    const feed = newFeed(samplePair('analog', 1, 1000))
    for (let poll = 0; poll < 1200; poll++) {
      feed.poll(Math.round(50 * Math.sin(poll / 4)), Math.round(50 * Math.sin(poll / 4 + 0.05)))
    }
    const { entry } = recordLearned('p', feed.memory, feed.memory, feed.nowMs)
    assert.match(entry?.text ?? '', /has learned what is normal of 1 of 1 tags/)
    const learned = JSON.parse(JSON.stringify(entry?.data?.tags)) as Record<string, Learned>
    const again = newSyncMemory(feed.pair, 0, learned)
    assert(Math.abs((again.tests[0]?.limit ?? 0) - (feed.memory.tests[0]?.limit ?? 1)) < 1e-6)
    assert((again.calibrations[0]?.counted ?? 0) >= 600)
    const other = newSyncMemory(samplePair('analog', 1, 1000, { tolerance: 1 }), 0, learned)
    assert.equal(other.calibrations[0]?.counted, 0)
  })
})

function mixedPair(): Pair {
  const pair = samplePair('analog', classes.length, 1000)
  return {
    ...pair,
    tags: pair.tags.map((tag, index) => ({ ...tag, class: classes[index] ?? 'enum' })),
  }
}

/** Verdict of each tag by name after all polls; A stays at 1. */
function verdictsOf(pair: Pair, polls: readonly (readonly number[])[]) {
  let memory = newSyncMemory(pair, 0)
  const names = mixedPair().tags.map((tag) => `tag:${tag.name}`)
  for (const [poll, values] of polls.entries()) {
    const scan = (of: (index: number) => number): Answered => ({
      kind: 'answered',
      sentMs: 1000 * poll,
      receivedMs: 1000 * poll + 4,
      path: 'lan-1',
      sample: true,
      values: Object.fromEntries(names.map((name, index) => [name, of(index)])),
    })
    const images = {
      A: { scans: [scan(() => 1)] },
      B: { scans: [scan((index) => values[index] ?? 1)] },
    }
    memory = judgeSync(memory, pair, images, 'A', 1000 * poll + 10).memory
  }
  const told = memory.rules.map(({ name }, index) => [name, memory.tags[index]?.outside] as const)
  return Object.fromEntries(told.toSorted(([one], [other]) => (one < other ? -1 : 1)))
}
