// Feeds the comparison of one pair with values, one poll of both units a second unless a test says otherwise.

import type { Answered, DeviceImage, Value } from '../../../src/core/image.ts'
import type { Pair, UnitId } from '../../../src/core/plant.ts'
import { judgeSync, type SyncFacts } from '../../../src/core/sync/judge-sync.ts'
import { newSyncMemory, type SyncMemory } from '../../../src/core/sync/sync-memory.ts'

export type Feed = {
  memory: SyncMemory
  nowMs: number
  readonly pair: Pair
  /** One poll: the value of the first tag in A and B; undefined is an unknown value, `lost` no answer at all. */
  poll(a: Value | undefined | 'lost', b: Value | undefined | 'lost', primary?: UnitId): SyncFacts
  /** Polls until the first tag has this verdict; how many polls that took, `limit` at most. */
  until(verdict: string, values: (poll: number) => readonly [Value, Value], limit?: number): number
}

export function newFeed(pair: Pair, memory: SyncMemory = newSyncMemory(pair, 0)): Feed {
  const feed: Feed = {
    memory,
    nowMs: 0,
    pair,
    poll(a, b, primary = 'A') {
      feed.nowMs += pair.scanMs
      const images = { A: imageOf(pair, a, feed.nowMs), B: imageOf(pair, b, feed.nowMs) }
      const judged = judgeSync(feed.memory, pair, images, primary, feed.nowMs + 10)
      feed.memory = judged.memory
      return judged.facts
    },
    until(verdict, values, limit = 2000) {
      for (let poll = 1; poll <= limit; poll++) {
        const [a, b] = values(poll)
        if (feed.poll(a, b).tags()[0]?.verdict === verdict) return poll
      }
      return Number.POSITIVE_INFINITY
    },
  }
  return feed
}

/** Every tag of the pair has this value. */
function imageOf(pair: Pair, value: Value | undefined | 'lost', sentMs: number): DeviceImage {
  if (value === 'lost') return { scans: [] }
  const known: Value = value ?? { unknown: 'bad quality' }
  const scan: Answered = {
    kind: 'answered',
    sentMs,
    receivedMs: sentMs + 4,
    path: 'lan-1',
    sample: true,
    values: Object.fromEntries(pair.tags.map((tag) => [`tag:${tag.name}`, known])),
  }
  return { scans: [scan] }
}
