import assert from 'node:assert/strict'
import type { Value } from '../../../src/core/image.ts'
import type { TagClass } from '../../../src/core/tag.ts'
import { newFeed } from './feed.ts'
import { samplePair } from './sample-pair.ts'

type Case = {
  readonly what: string
  readonly class: TagClass
  readonly tolerance?: number
  readonly wrapsAt?: number
  readonly same: (poll: number) => readonly [Value, Value]
  readonly apart: (poll: number) => readonly [Value, Value]
  /** Polls within which the difference must be found. */
  readonly within: number
}

const wave = (poll: number, late = 0): number => Math.round(1000 * Math.sin((poll - late) / 9))
const count = (poll: number): number => (65_500 + 3 * poll) % 65_536

const cases: readonly Case[] = [
  {
    what: 'another checksum',
    class: 'identity',
    same: () => [17, 17],
    apart: () => [17, 18],
    within: 2,
  },
  {
    what: 'another version in words',
    class: 'identity',
    same: () => ['3.2.7', '3.2.7'],
    apart: () => ['3.2.7', '3.2.8'],
    within: 2,
  },
  {
    what: 'a bit that is inverted',
    class: 'discrete',
    same: (poll) => [poll % 40 < 20, poll % 40 < 20],
    apart: (poll) => [poll % 40 < 20, poll % 40 >= 20],
    within: 7,
  },
  {
    what: 'another mode',
    class: 'enum',
    same: () => ['automatic', 'automatic'],
    apart: () => ['automatic', 'manual'],
    within: 5,
  },
  {
    what: 'a setpoint beyond its tolerance',
    class: 'setpoint',
    tolerance: 0.5,
    same: () => [50, 50.4],
    apart: () => [50, 50.6],
    within: 5,
  },
  {
    what: 'a setpoint that is not a number',
    class: 'setpoint',
    same: () => [Number.NaN, Number.NaN],
    apart: () => [1, Number.NaN],
    within: 5,
  },
  {
    what: 'a moving value that stands apart',
    class: 'analog',
    tolerance: 5,
    same: (poll) => [wave(poll), wave(poll)],
    apart: (poll) => [wave(poll), wave(poll) + 250],
    within: 12,
  },
  {
    what: 'an integral that stands apart',
    class: 'integrator',
    tolerance: 5,
    same: (poll) => [wave(poll), wave(poll)],
    apart: (poll) => [wave(poll), wave(poll) + 250],
    within: 12,
  },
  {
    what: 'a sensor of its own that stands apart',
    class: 'analog-own-sensor',
    tolerance: 20,
    same: (poll) => [wave(poll), wave(poll) + 15],
    apart: (poll) => [wave(poll), wave(poll) + 250],
    within: 12,
  },
  {
    what: 'a counter that lost 50 counts, around its wrap',
    class: 'counter',
    tolerance: 3,
    same: (poll) => [count(poll), count(poll)],
    apart: (poll) => [count(poll), count(poll + 65_486)],
    within: 12,
  },
  {
    what: 'a clock that is late',
    class: 'timestamp',
    tolerance: 2,
    same: (poll) => [poll, poll],
    apart: (poll) => [poll, poll - 60],
    within: 12,
  },
]

describe('comparing the tags of two units, class by class', () => {
  for (const one of cases) {
    it(`finds ${one.what} (${one.class}), and has no doubt before`, () => {
      const { tolerance = 0, wrapsAt = 65_536 } = one
      const feed = newFeed(samplePair(one.class, 1, 1000, { tolerance, wrapsAt }))
      const settled = feed.until('in sync', one.same, 60)
      assert(settled <= 30, `in sync after ${settled} polls`)
      let polls = settled
      for (let count = 0; count < 300; count++) {
        polls += 1
        const [a, b] = one.same(polls)
        assert.equal(feed.poll(a, b).tags()[0]?.verdict, 'in sync', `poll ${polls}`)
      }
      const found = feed.until('different', (poll) => one.apart(polls + poll), 60)
      assert(found <= one.within, `found after ${found} polls`)
      const back = feed.until('in sync', (poll) => one.same(polls + found + poll), 300)
      const least = one.class === 'identity' ? 1 : 5
      assert(back > least && back < 200, `in sync again after ${back} polls`)
    })
  }

  it('does not compare a volatile tag', () => {
    const feed = newFeed(samplePair('volatile', 1, 1000))
    assert.equal(
      feed.until('not compared', () => [1, 2]),
      1,
    )
    assert.equal(feed.poll(1, 2).verdict, 'cannot tell')
  })

  it('takes -0 for 0', () => {
    const feed = newFeed(samplePair('setpoint', 1, 1000))
    assert.notEqual(
      feed.until('in sync', () => [0, -0], 30),
      Number.POSITIVE_INFINITY,
    )
  })

  it('calls a bit that changes faster than it is read not comparable, and never in sync', () => {
    const feed = newFeed(samplePair('discrete', 1, 1000))
    const verdicts = Array.from(
      { length: 200 },
      (_, poll) => feed.poll(poll % 2, poll % 2).tags()[0]?.verdict,
    )
    assert(!verdicts.includes('in sync') && !verdicts.includes('different'))
    assert.equal(verdicts.at(-1), 'not comparable')
  })

  it('says how long a lasting difference would stay unseen, and keeps the promise', () => {
    const feed = newFeed(samplePair('setpoint', 1, 1000))
    feed.until('in sync', () => [7, 7])
    const expectedMs = feed.poll(7, 7).tags()[0]?.expectedDetectionMs ?? 0
    const polls = feed.until('different', () => [7, 8])
    assert(Math.abs(polls * 1000 - expectedMs) <= 1000, `${polls} polls, said ${expectedMs} ms`)
  })

  it('follows a switchover: what was in sync must show it again with the units changed over', () => {
    const feed = newFeed(samplePair('setpoint', 1, 1000))
    feed.until('in sync', () => [7, 7])
    assert.equal(feed.poll(7, 7, 'B').verdict, 'cannot tell')
    let facts = feed.poll(7, 7, 'B')
    for (let poll = 0; poll < 10; poll++) facts = feed.poll(7, 7, 'B')
    assert.equal(facts.verdict, 'in sync')
  })
})
