// Leaves of a digest in words for people: which words they cover, and what is configured there.

import type { WordRange } from '../tag.ts'
import { leafWords } from './digest-block.ts'

/** Blocks that are named one by one; more of them are counted. */
const spansTold = 3

/** `words 128 to 191 (recipe) and 256 to 319`: neighbours joined, with the names that lie in them. */
export function leavesText(
  leaves: readonly number[],
  words: number,
  names: readonly WordRange[],
): string {
  const spans = spansOf(leaves, words)
  const told = spans.slice(0, spansTold).map(({ from, to }) => {
    const inside = names.filter((one) => one.from <= to && one.to >= from).map(({ name }) => name)
    const what = inside.length === 0 ? '' : ` (${inside.join(', ')})`
    return `${from === to ? from : `${from} to ${to}`}${what}`
  })
  const rest = spans.length - told.length
  return `words ${told.join(', ')}${rest > 0 ? ` and in ${rest} more places` : ''}`
}

function spansOf(
  leaves: readonly number[],
  words: number,
): readonly { from: number; to: number }[] {
  const spans: { from: number; to: number }[] = []
  for (const leaf of leaves) {
    const from = leaf * leafWords
    const to = Math.min(from + leafWords, words) - 1
    const last = spans.at(-1)
    if (last !== undefined && last.to === from - 1) last.to = to
    else spans.push({ from, to })
  }
  return spans
}
