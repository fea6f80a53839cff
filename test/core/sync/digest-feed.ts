// Feeds the judgement of digests with what two units publish, one reading of both every 200 ms. The words are made by the practice
// plant's writer, which shares no code with the reader.

import {
  type DataBlock,
  digestBlockWords,
  newDataBlock,
  pageOfLeaves,
} from '../../../plc-sim/data-block.ts'
import type { DeviceImage, Value } from '../../../src/core/image.ts'
import type { Pair, UnitId } from '../../../src/core/plant.ts'
import { type DigestFacts, judgeDigest } from '../../../src/core/sync/digest.ts'
import type { DigestMemory } from '../../../src/core/sync/digest-memory.ts'
import { samplePair } from './sample-pair.ts'

/** What a unit publishes: the data of one scan of one life of a primary. */
export type Published = {
  readonly data: readonly number[]
  readonly scan: number
  readonly origin?: number
  readonly start?: number
  /** The digest before, where the unit has one. */
  readonly before?: { readonly data: readonly number[]; readonly scan: number }
}
/** `lost`: no answer. `torn`: the block changed while it was read. Any other value is handed on as it is. */
export type Shown = Published | 'lost' | 'torn' | { readonly value: Value }

export const scanMs = 200
export const lagMs = 2000
export const aNumber = 11
export const bNumber = 12
export const pair: Pair = samplePair('setpoint', 1, scanMs)
export const limits = { lagMs, names: [{ name: 'recipe', from: 128, to: 191 }] }

export class DigestFeed {
  memory: DigestMemory | undefined
  nowMs = 0
  primary: UnitId | undefined = 'A'

  /** Both units are read, pages too where the last judgement wished for them. */
  poll(a: Shown, b: Shown, pages: 'both' | 'torn' | 'none' = 'both'): DigestFacts {
    this.nowMs += scanMs
    const looking = this.memory?.compared?.equal === false && pages !== 'none'
    const images = {
      A: this.#image(a, looking, pages === 'torn'),
      B: this.#image(b, looking, pages === 'torn'),
    }
    const judged = judgeDigest(this.memory, pair, limits, images, this.primary, this.nowMs + 10)
    // What is kept must survive being written down.
    this.memory = JSON.parse(JSON.stringify(judged.memory)) as DigestMemory
    return judged.facts
  }

  /** Reads the same again and again; the last judgement. */
  polls(count: number, a: Shown, b: Shown): DigestFacts {
    let last = this.poll(a, b)
    for (let done = 1; done < count; done++) last = this.poll(a, b)
    return last
  }

  #image(shown: Shown, looking: boolean, tornPages: boolean): DeviceImage {
    if (shown === 'lost') return { scans: [] }
    const sentMs = this.nowMs
    return {
      scans: [
        {
          ...{ kind: 'answered', sentMs, receivedMs: sentMs + 4, path: 'lan-1', sample: true },
          values: valuesOf(shown, looking, tornPages),
        },
      ],
    }
  }
}

function valuesOf(shown: Exclude<Shown, 'lost'>, looking: boolean, tornPages: boolean) {
  if (shown === 'torn') {
    const words = digestBlockWords(blockOf({ data: [1], scan: 8 }))
    return { digest: words.map((word, at) => (at === 5 ? word ^ 1 : word)) }
  }
  if ('value' in shown) return { digest: shown.value }
  const block = blockOf(shown)
  const page = (first: number) =>
    pageOfLeaves(block, first).map((word, at) => (tornPages && at === 9 ? word ^ 1 : word))
  const pages = looking ? { digest_page_1: page(0), digest_page_2: page(32) } : {}
  return { digest: digestBlockWords(block), ...pages }
}

function blockOf({ data, scan, origin = aNumber, start = 1, before }: Published): DataBlock {
  const digest = (words: readonly number[], of: number) => ({
    key: { origin, start, scan: of },
    words: Uint16Array.from(words),
    readyAt: 0,
    leaves: undefined,
  })
  return {
    ...newDataBlock(),
    newest: digest(data, scan),
    before: before && digest(before.data, before.scan),
  }
}
