// What the words of a pair's data are called when a digest differs: the ranges of the plant file, and the tags that stand there.

import type { DigestLimits, WordRange } from '../core/tag.ts'
import { parseRegister, type RegisterAddress } from './address.ts'
import { right } from './build-path.ts'
import type { PairEntry } from './schema.ts'
import { parseSignalAddress } from './signal-address.ts'
import { wordCount } from './value-rules.ts'

export function digestOfPair(
  { tags }: PairEntry,
  { lag_ms, words_at, ranges }: NonNullable<PairEntry['digest']>,
): DigestLimits {
  const first = words_at === undefined ? undefined : right(parseRegister(words_at))
  const inside = first === undefined ? [] : tags.flatMap((tag) => wordsOf(tag, first))
  return { lagMs: lag_ms, names: [...ranges, ...inside] }
}

function wordsOf(tag: PairEntry['tags'][number], first: RegisterAddress): readonly WordRange[] {
  const { modbus } = right(parseSignalAddress(tag.at as string | { modbus?: string }))
  if (modbus === undefined || modbus.area !== first.area) return []
  const from = modbus.address - first.address
  const to = from + wordCount(tag) - 1
  return from < 0 ? [] : [{ name: tag.name, from, to }]
}
