// What tags and digests say together of a pair.

import assert from 'node:assert/strict'
import type { DigestFacts } from '../../../src/core/sync/digest.ts'
import { judgeSync } from '../../../src/core/sync/judge-sync.ts'
import { newSyncMemory } from '../../../src/core/sync/sync-memory.ts'
import type { SyncVerdict } from '../../../src/core/view.ts'
import { pair } from './digest-feed.ts'
import { newFeed } from './feed.ts'

const texts = { 'in sync': '', different: 'digest differs in words 0 to 63' } as const
const digestOf = (verdict: SyncVerdict): DigestFacts => ({
  verdict,
  text: verdict === 'cannot tell' ? 'digest of B: not read yet' : texts[verdict],
  detail: false,
  version: 7,
  view: () => ({
    ...{ name: 'digest of the data', class: 'digest', critical: true, units: '', tolerance: 0 },
    ...{ a: '1', b: '1', verdict },
  }),
})

/** The memory of a pair whose one tag has been compared until it had this verdict. */
function tagsThat(verdict: SyncVerdict) {
  const feed = newFeed(pair)
  if (verdict === 'in sync') feed.until('in sync', () => [1, 1], 50)
  if (verdict === 'different') feed.until('different', () => [1, 2], 50)
  return feed
}

const together: readonly (readonly [SyncVerdict, SyncVerdict, SyncVerdict, RegExp])[] = [
  ['in sync', 'in sync', 'in sync', /^in sync for/],
  ['in sync', 'different', 'different', /^different for 0\.0 s: digest differs in words 0 to 63$/],
  ['in sync', 'cannot tell', 'cannot tell', /^cannot tell: digest of B: not read yet$/],
  ['different', 'in sync', 'different', /^different for .* s: TAG\.1$/],
  ['different', 'different', 'different', /TAG\.1, digest differs in words 0 to 63$/],
  ['different', 'cannot tell', 'different', /: TAG\.1$/],
  ['cannot tell', 'in sync', 'cannot tell', /^cannot tell: only 0 %/],
  ['cannot tell', 'different', 'different', /: digest differs in words 0 to 63$/],
  ['cannot tell', 'cannot tell', 'cannot tell', /^cannot tell: only 0 %/],
]

describe('The verdict on a pair', () => {
  for (const [tags, digest, verdict, sentence] of together) {
    it(`is "${verdict}" when its tags are "${tags}" and its digests "${digest}"`, () => {
      const { memory, nowMs } = tagsThat(tags)
      const images = { A: { scans: [] }, B: { scans: [] } }
      const { facts } = judgeSync(memory, pair, images, 'A', nowMs + 100, digestOf(digest))
      assert.equal(facts.verdict, verdict)
      assert.match(facts.sentence, sentence)
      assert.equal(facts.tags().at(-1)?.name, 'digest of the data')
    })
  }

  it('rests on the digests alone where no tag is compared', () => {
    const without = { ...pair, tags: [] }
    const images = { A: { scans: [] }, B: { scans: [] } }
    const judged = (verdict: SyncVerdict) =>
      judgeSync(newSyncMemory(without, 0), without, images, 'A', 100, digestOf(verdict)).facts
    assert.deepEqual([judged('in sync').verdict, judged('in sync').coveragePct], ['in sync', 100])
    assert.equal(judged('different').verdict, 'different')
    assert.equal(judged('cannot tell').sentence, 'cannot tell: digest of B: not read yet')
  })

  it('cannot be told without a single primary, whatever the digests say', () => {
    const { memory, nowMs } = tagsThat('in sync')
    const images = { A: { scans: [] }, B: { scans: [] } }
    const { facts } = judgeSync(memory, pair, images, undefined, nowMs, digestOf('cannot tell'))
    assert.equal(facts.sentence, 'cannot tell: no single primary to compare with')
  })
})
