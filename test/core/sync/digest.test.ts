// How the digests of two units are judged: keys that meet later or earlier, lag, torn readings, standstill, restarts, the wrap.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import { bNumber, DigestFeed, lagMs, type Published, type Shown, scanMs } from './digest-feed.ts'

const words = (count: number): number[] => Array.from({ length: count }, (_, at) => at)
const data = words(1024)
/** The data with some words changed. */
const but = (...changed: readonly number[]): number[] =>
  data.map((word, at) => (changed.includes(at) ? word ^ 4 : word))
const of = (scan: number, more: Partial<Published> = {}): Published => ({ data, scan, ...more })
/** With the digest eight scans earlier beside it. */
const withBefore = (scan: number, more: Partial<Published> = {}): Published =>
  of(scan, { before: { data, scan: scan - 8 }, ...more })

describe('The digests of two units', () => {
  it('are equal as soon as both show one scan with one digest', () => {
    const feed = new DigestFeed()
    assert.equal(feed.poll(of(800), of(800)).verdict, 'in sync')
  })

  it('meet in time when the standby shows a scan that the primary showed in an earlier reading', () => {
    const feed = new DigestFeed()
    const first = feed.poll(of(800), of(720))
    assert.deepEqual([first.verdict, first.text], ['cannot tell', 'digest: no scan in common yet'])
    feed.poll(of(880), of(760))
    assert.equal(feed.poll(of(960), of(800)).verdict, 'in sync')
    assert.equal(feed.memory?.compared?.key.scan, 800)
  })

  it('meet in time when the primary shows late what the standby showed in an earlier reading', () => {
    const feed = new DigestFeed()
    feed.poll(of(792), of(800))
    feed.poll('lost', of(880))
    assert.equal(feed.poll(of(800), of(960)).verdict, 'in sync')
  })

  it('meet in the digest before, where one unit is always a digest ahead when they are read', () => {
    const feed = new DigestFeed()
    for (let scan = 800; scan < 1600; scan += 80) {
      assert.equal(feed.poll(withBefore(scan), withBefore(scan - 8)).verdict, 'in sync')
    }
  })

  it('differ at once, in one word among a thousand, and name the words with the next reading', () => {
    const feed = new DigestFeed()
    feed.poll(of(800), of(800))
    const first = feed.poll(of(880), of(880, { data: but(150) }))
    assert.equal(first.verdict, 'different')
    assert.equal(first.text, 'digest of 1024 words differs, the place is not known yet')
    assert.equal(first.detail, true)
    const next = feed.poll(of(960), of(960, { data: but(150) }))
    assert.equal(next.text, 'digest differs in words 128 to 191 (recipe)')
  })

  it('name neighbouring blocks as one, and count what is too much to name', () => {
    const textOf = (...changed: readonly number[]): string => {
      const feed = new DigestFeed()
      feed.poll(of(800), of(800, { data: but(...changed) }))
      return feed.poll(of(880), of(880, { data: but(...changed) })).text
    }
    assert.equal(textOf(1, 65, 140), 'digest differs in words 0 to 191 (recipe)')
    assert.equal(
      textOf(0, 200, 400, 600, 800),
      'digest differs in words 0 to 63, 192 to 255, 384 to 447 and in 2 more places',
    )
  })

  it('are in sync again with the first scan that is equal, and read no more leaves', () => {
    const feed = new DigestFeed()
    feed.poll(of(800), of(800, { data: but(3) }))
    const after = feed.poll(of(880), of(880))
    assert.deepEqual([after.verdict, after.text, after.detail], ['in sync', '', false])
  })

  it('tell a difference that was gone with the next digest, when both come in one reading', () => {
    const feed = new DigestFeed()
    feed.poll(of(800), of(800))
    const a = withBefore(816)
    const b = withBefore(816, { before: { data: but(9), scan: 808 } })
    assert.equal(feed.poll(a, b).verdict, 'different')
    assert.equal(feed.poll(of(880), of(880)).verdict, 'in sync')
  })

  it('believe no leaf page that was torn, and none of another scan', () => {
    const feed = new DigestFeed()
    const differs = { data: but(150) }
    feed.poll(of(800), of(800, differs))
    assert.match(feed.poll(of(880), of(880, differs), 'torn').text, /place is not known yet/)
    // Each page is of another scan than the other unit's, until they meet.
    assert.match(feed.poll(of(960), of(952, differs)).text, /place is not known yet/)
    assert.match(feed.poll(of(1040), of(960, differs)).text, /words 128 to 191/)
  })

  it('keep their verdict over one torn reading, and cannot tell when none is whole for too long', () => {
    const feed = new DigestFeed()
    feed.poll(of(800), of(800))
    assert.equal(feed.poll(of(880), 'torn').verdict, 'in sync')
    const last = feed.polls(6, of(960), 'torn')
    assert.deepEqual(
      [last.verdict, last.text],
      ['cannot tell', 'digest of B: digest block torn or damaged'],
    )
  })

  const silent: readonly (readonly [string, Shown, RegExp])[] = [
    ['a unit that does not answer', 'lost', /B: not read any more/],
    ['a program without digests', { value: new Array(14).fill(0) }, /B: the program makes no dig/],
    ['a register that is not known', { value: { unknown: 'bad quality' } }, /B: bad quality/],
    [
      'a block of another layout',
      { value: [0xc511, ...new Array(13).fill(0)] },
      /begins with C511/,
    ],
    ['a standby that has received nothing', of(0, { origin: 0 }), /B: no data received yet/],
  ]
  for (const [what, shown, why] of silent) {
    it(`prove nothing with ${what}`, () => {
      const feed = new DigestFeed()
      feed.polls(3, of(800), of(800))
      const last = feed.polls(7, of(880), shown)
      assert.equal(last.verdict, 'cannot tell')
      assert.match(last.text, why)
    })
  }

  it('differ when the data of the standby are older than the limit, although each is equal to an old one', () => {
    const feed = new DigestFeed()
    // 10 ms a scan: 20 scans a reading.
    const lagging = (scans: number) => {
      let last = feed.poll(of(8000), of(8000))
      for (let scan = 8000; scan < 8000 + 40 * 20; scan += 20) {
        last = feed.poll(withBefore(scan), withBefore(scan - scans))
      }
      return last
    }
    assert.equal(lagging(180).verdict, 'in sync')
    const late = lagging(220)
    assert.deepEqual([late.verdict, late.text], ['different', 'data of B lag behind (digest)'])
    assert.match(late.view().evidence ?? '', /220 scans, 2\.2 s/)
  })

  it('differ when the data of the standby stand still', () => {
    const feed = new DigestFeed()
    let verdict = ''
    for (let scan = 800; verdict !== 'different'; scan += 20) {
      verdict = feed.poll(of(scan), of(800)).verdict
      assert.ok(feed.nowMs < 2 * lagMs, 'never found')
    }
    assert.ok(feed.nowMs > lagMs)
  })

  it('cannot tell when the digest of the primary stands still, which its heartbeat does not show', () => {
    const feed = new DigestFeed()
    feed.poll(of(800), of(800))
    assert.equal(feed.polls(lagMs / scanMs - 1, of(800), of(800)).verdict, 'in sync')
    const last = feed.poll(of(800), of(800))
    assert.deepEqual([last.verdict, last.text], ['cannot tell', 'digest of A stands still'])
  })

  it('go on over the wrap of the scan number', () => {
    const feed = new DigestFeed()
    const wrapped = (scan: number) => scan % 2 ** 32
    for (let scan = 2 ** 32 - 200; scan < 2 ** 32 + 200; scan += 20) {
      const verdict = feed.poll(of(wrapped(scan)), of(wrapped(scan - 40))).verdict
      assert.equal(verdict, feed.nowMs < 600 ? 'cannot tell' : 'in sync', `scan ${scan}`)
    }
    assert.equal(feed.memory?.compared?.key.scan, 140)
  })

  it('differ when the standby keeps the data of an earlier start of the primary', () => {
    const feed = new DigestFeed()
    feed.poll(of(800), of(800))
    const restarted = (scan: number) => of(scan, { start: 2 })
    assert.equal(feed.poll(restarted(8), of(800)).verdict, 'in sync')
    let verdict = ''
    for (let scan = 28; feed.nowMs < lagMs + 3 * scanMs; scan += 20) {
      verdict = feed.poll(restarted(scan), of(800)).verdict
    }
    assert.equal(verdict, 'different')
    assert.equal(feed.poll(restarted(400), restarted(400)).verdict, 'in sync')
  })

  it('forget what was before when the counter of a primary runs backwards', () => {
    const feed = new DigestFeed()
    feed.poll(of(800), of(800))
    feed.poll(of(8, { data: but(1) }), of(800))
    assert.deepEqual(
      feed.memory?.A.seen.map(({ scan }) => scan),
      [8],
    )
  })

  it('prove nothing about a new primary while they are those of the old one', () => {
    const feed = new DigestFeed()
    feed.poll(of(800), of(800))
    feed.primary = 'B'
    const own = { origin: bNumber }
    const first = feed.poll(of(880), of(880))
    assert.deepEqual(
      [first.verdict, first.text],
      ['cannot tell', 'digest of B is still one of unit 11'],
    )
    assert.equal(feed.poll(of(880), of(960, own)).verdict, 'cannot tell')
    assert.equal(feed.poll(of(960, own), of(1040, own)).verdict, 'in sync')
  })

  it('cannot tell without a single primary', () => {
    const feed = new DigestFeed()
    feed.primary = undefined
    assert.equal(feed.polls(3, of(800), of(800)).verdict, 'cannot tell')
  })

  it('differ when they cover another number of words', () => {
    const feed = new DigestFeed()
    const last = feed.poll(of(800), of(800, { data: words(512) }))
    assert.deepEqual(
      [last.verdict, last.text],
      ['different', 'digest covers 1024 words of A, 512 of B'],
    )
  })

  it('count how many scans were compared in a minute', () => {
    const feed = new DigestFeed()
    for (let scan = 0; scan < 400; scan++) feed.poll(of(20 * scan), of(20 * scan))
    assert.match(feed.memory?.minute.before?.toString() ?? '', /^30\d$/)
  })

  it('never call units different whose data are equal, whatever is lost, late or torn', () => {
    const seed = Number(process.env.SEED ?? Date.now() & 0xffffff)
    const reading = fc.record({
      lag: fc.integer({ min: 0, max: 12 }),
      a: fc.constantFrom('lost', 'torn', 'read', 'read', 'read'),
      b: fc.constantFrom('lost', 'torn', 'read', 'read', 'read'),
    })
    fc.assert(
      fc.property(fc.array(reading, { minLength: 20, maxLength: 60 }), (readings) => {
        const feed = new DigestFeed()
        let scan = 4096
        for (const { lag, a, b } of readings) {
          // 80 scans a second: the standby lags 1.2 s at most.
          scan += 16
          const dataOf = (key: number) => words(80).map((word) => (word + key) & 0xffff)
          const shown = (key: number): Published => ({
            data: dataOf(key),
            scan: key,
            before: { data: dataOf(key - 8), scan: key - 8 },
          })
          const one = a === 'read' ? shown(scan) : (a as 'lost' | 'torn')
          const other = b === 'read' ? shown(scan - 8 * lag) : (b as 'lost' | 'torn')
          assert.notEqual(feed.poll(one, other).verdict, 'different')
        }
      }),
      { seed, numRuns: 200 },
    )
  })

  it('always find a difference with the first scan that both have shown since', () => {
    const seed = Number(process.env.SEED ?? Date.now() & 0xffffff)
    const at = fc.integer({ min: 0, max: 1023 })
    fc.assert(
      fc.property(at, fc.integer({ min: 1, max: 0xffff }), (word, mask) => {
        const feed = new DigestFeed()
        feed.poll(of(800), of(800))
        const wrong = data.map((one, index) => (index === word ? one ^ mask : one))
        assert.equal(feed.poll(of(880), of(880, { data: wrong })).verdict, 'different')
        const { text } = feed.poll(of(960), of(960, { data: wrong }))
        const first = word - (word % 64)
        assert.ok(text.startsWith(`digest differs in words ${first} to ${first + 63}`), text)
      }),
      { seed, numRuns: 100 },
    )
  })
})
