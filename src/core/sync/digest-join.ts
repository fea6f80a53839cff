// How the digests enter the verdict on a pair: as a critical item. Different stays different whoever says so; where the digests
// cannot tell, the pair cannot.

import type { TagRule } from './classes.ts'
import type { DigestFacts } from './digest.ts'
import type { Summary } from './sync-memory.ts'

/** What tags and digests say together; the summary itself for a pair without digests. */
export function withDigest(
  summary: Summary,
  rules: readonly TagRule[],
  digest: DigestFacts | undefined,
): Summary {
  if (digest === undefined) return summary
  const { verdict, text } = digest
  if (verdict === 'different') {
    return { ...summary, verdict, different: [...summary.different, text] }
  }
  // A pair of which no tag is compared stands on its digests alone.
  const alone = rules.every((rule) => rule.compare === 'none')
  if (verdict === 'in sync') return alone ? { ...summary, verdict, coveragePct: 100 } : summary
  const untold = { ...summary, verdict, untoldDigest: text }
  return alone || summary.verdict === 'in sync' ? untold : summary
}
