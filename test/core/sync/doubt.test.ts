import assert from 'node:assert/strict'
import { ruleText, tagRules } from '../../../src/core/sync/classes.ts'
import { newSyncMemory } from '../../../src/core/sync/sync-memory.ts'
import { newFeed } from './feed.ts'
import { samplePair } from './sample-pair.ts'

const seed = Number(process.env.SEED ?? 20_261_123)

describe('a tag against which evidence gathers', () => {
  it('is in doubt before it is different, and a critical one takes the verdict on the pair with it', () => {
    const feed = newFeed(samplePair('setpoint', 1, 1000))
    feed.until('in sync', () => [7, 7])
    const verdicts = Array.from({ length: 6 }, () => feed.poll(7, 8).verdict)
    const first = verdicts.indexOf('cannot tell')
    assert(first > 0, `${verdicts}`)
    assert.equal(verdicts[first + 1], 'different')
    assert.deepEqual(verdicts.slice(0, first), Array(first).fill('in sync'))
  })

  it('says so in words, and names it', () => {
    const feed = newFeed(samplePair('setpoint', 1, 1000))
    feed.until('in sync', () => [7, 7])
    let facts = feed.poll(7, 8)
    while (facts.verdict === 'in sync') facts = feed.poll(7, 8)
    assert.equal(facts.sentence, 'cannot tell: evidence gathers against TAG.1')
    assert.equal(facts.tags()[0]?.verdict, 'cannot tell')
    assert.match(facts.tags()[0]?.evidence ?? '', /in sync below 4\.9, different from 19\.6 on/)
  })

  it('comes out of the doubt only when the evidence has sunk below a quarter of h', () => {
    const feed = newFeed(samplePair('setpoint', 1, 1000))
    feed.until('in sync', () => [7, 7])
    while (feed.poll(7, 8).verdict === 'in sync');
    let polls = 0
    while (feed.poll(7, 7).verdict !== 'in sync') polls += 1
    const { threshold } = feed.memory.settings
    assert((feed.memory.tags[0]?.outside ?? 0) < threshold / 4)
    assert(polls > 5 && polls < 30, `${polls} polls`)
  })

  it('does not block when it is not critical: it is compared, and counts towards the coverage', () => {
    const pair = samplePair('setpoint', 1, 1000, { critical: false })
    const feed = newFeed(pair)
    feed.until('in sync', () => [7, 7])
    const facts = Array.from({ length: 5 }, () => feed.poll(7, 8))
    assert(facts.some((one) => one.tags()[0]?.verdict === 'cannot tell'))
    for (const { verdict, coveragePct } of facts) {
      assert.equal(verdict, 'in sync')
      assert.equal(coveragePct, 100)
    }
  })

  it('is put into doubt by a single wrong sample never, whatever was learned', () => {
    for (const scanMs of [100, 1000, 10_000]) {
      const pair = samplePair('discrete', 1, scanMs)
      const rule = ruleText(tagRules(pair)[0] ?? assert.fail(), scanMs)
      const learned = { 'TAG.1': { rule, numbers: [0, 0, 0, 0, 0, 200_000, 0, 0, 0, 0] } }
      const { settings, tests } = newSyncMemory(pair, 0, learned)
      const most = tests[0]?.outside.up ?? 0
      assert(most > 9 && most < settings.doubt, `scan ${scanMs}: ${most}`)
      assert(settings.doubt < settings.threshold)
      assert(settings.doubt > settings.threshold / 4)
    }
  })
})

describe('a bit that changes about as fast as it is read', () => {
  it('does not hop between comparable and not comparable', () => {
    // The share of samples that tell something lies where the limit lies, and is driven across it by chance all the time.
    for (const share of [0.06, 0.08, 0.1, 0.12, 0.14]) {
      const random = randomFrom(seed)
      const feed = newFeed(samplePair('discrete', 1, 1000))
      let value = 0
      let hops = 0
      let before = true
      const polls = 20_000
      for (let poll = 0; poll < polls; poll++) {
        if (random() > share) value = 1 - value
        feed.poll(value, value)
        const now = feed.memory.tags[0]?.comparable ?? true
        if (now !== before) hops += 1
        before = now
      }
      assert(hops >= 1 && hops <= 8, `share ${share}: ${hops} hops in ${polls} polls, SEED=${seed}`)
    }
  })
})

describe('the clocks of two units', () => {
  it('are told when they differ, and are no part of the verdict on the pair', () => {
    // One value for both tags: the setpoint takes it for equal, the clock does not.
    const pair = samplePair('setpoint', 2, 1000, { tolerance: 1000 })
    const [setpoint, clock] = pair.tags
    assert(setpoint !== undefined && clock !== undefined)
    const tags = [{ ...clock, class: 'timestamp' as const, tolerance: 2 }, setpoint]
    const feed = newFeed({ ...pair, tags })
    feed.until('in sync', (poll) => [poll, poll])
    const from = feed.nowMs / 1000
    const polls = feed.until('different', (poll) => [from + poll, from + poll - 30], 60)
    assert(polls < 20, `${polls} polls`)
    const told = feed.poll(from + polls + 1, from + polls - 29)
    assert.equal(told.verdict, 'in sync')
    assert.deepEqual(told.clocks, ['TAG.2'])
    assert.deepEqual(told.different, [])
    assert.match(told.tags()[0]?.evidence ?? '', /^the clocks differ in repeated samples/)
  })
})

describe('two integrators', () => {
  it('may stand apart within the tolerance for ever', () => {
    const feed = newFeed(samplePair('integrator', 1, 1000, { tolerance: 100 }))
    for (let poll = 0; poll < 2000; poll++) {
      const { different } = feed.poll(2 * poll, 2 * poll + 90)
      assert.deepEqual(different, [], `poll ${poll}`)
    }
  })

  it('are different when they count differently, also where their values are not yet too far apart', () => {
    const feed = newFeed(samplePair('integrator', 1, 1000, { tolerance: 100 }))
    for (let poll = 0; poll < 1500; poll++) feed.poll(2 * poll, 2 * poll - 95)
    // From here on B counts a tenth more: the values cross, and stay within the tolerance for 975 s.
    let found = 0
    for (let poll = 0; poll < 970 && found === 0; poll++) {
      const at = 2 * (1500 + poll)
      if (feed.poll(at, at - 95 + 0.2 * poll).different.length > 0) found = poll
    }
    assert(found > 500 && found < 900, `found after ${found} s`)
  })
})

function randomFrom(start: number): () => number {
  let state = start
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
