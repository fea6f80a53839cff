// From sums of evidence to verdicts: of one tag, and of the pair. A tag is in doubt when its evidence is larger than chance makes it
// in a day, different when it passes h, and in sync again when it has sunk below a quarter of h: that is the hysteresis. Before it
// may count as in sync for the first time, as many samples must have been seen as a difference would have needed to show.

import type { Tests } from './calibration.ts'
import type { TagRule } from './classes.ts'
import type { Summary, SyncMemory, SyncSettings, TagEvidence, TagVerdict } from './sync-memory.ts'

/** The largest of the three sums, less the price of looking three times. */
export const evidenceOf = (
  { outside, above, below }: Pick<TagEvidence, 'outside' | 'above' | 'below'>,
  { price }: Tests,
): number => Math.max(0, Math.max(outside, above, below) - price)

/** Evidence is kept up to here; more of it would only make the way back longer. */
export const evidenceMax = (threshold: number): number => 1.25 * threshold + 2

/** A tag that would take longer than this to be found wrong is not comparable. */
const detectionMaxMs = 300_000

/**
 * Samples after which a difference beyond the limit is found, in the mean; infinity when samples that tell nothing outweigh the
 * ones that do.
 */
export function samplesToDetect(tests: Tests, informative: number, threshold: number): number {
  const { up, down } = tests.outside.up > 0 ? tests.outside : tests.above
  const gain = informative * up + (1 - informative) * down
  return gain > 0.01 ? Math.ceil((threshold + tests.price) / gain) : Number.POSITIVE_INFINITY
}

/** The same in ms, with the wait for the primary's next sample. */
export function detectionMs(
  rule: TagRule,
  tests: Tests,
  evidence: TagEvidence,
  { threshold, scanMs }: SyncSettings,
): number | undefined {
  if (rule.compare === 'none' || !tests.usable) return undefined
  const samples =
    rule.compare === 'exact' ? 1 : samplesToDetect(tests, evidence.informative, threshold)
  return Number.isFinite(samples) ? (samples + 1) * scanMs : undefined
}

/** How much larger the share of informative samples must be for a tag to be comparable again than to stay so. */
const returnShare = 0.15

/** Whether watching the tag could find a difference within reason. It does not hop: `before` makes it easier to stay what it was. */
export function isComparable(
  before: boolean,
  tests: Tests,
  informative: number,
  { threshold, scanMs }: SyncSettings,
): boolean {
  if (informative > 0.9) return true
  const share = before ? informative : informative - returnShare
  return samplesToDetect(tests, share, threshold) * scanMs <= detectionMaxMs
}

/** The verdict on a tag after one more comparison. */
export function tagVerdict(
  before: TagVerdict,
  found: number,
  seen: number,
  comparable: boolean,
  tests: Tests,
  { threshold, doubt }: SyncSettings,
): TagVerdict {
  if (found > threshold) return 'different'
  if (!tests.usable || !comparable) return 'cannot tell'
  if (found >= threshold / 4) return before === 'in sync' && found > doubt ? 'in doubt' : before
  if (before !== 'cannot tell') return 'in sync'
  return seen >= samplesToDetect(tests, 1, threshold) ? 'in sync' : 'cannot tell'
}

/** What the tags say together. Tags that cannot be compared and are not critical are named, and left out of the count. */
export function summaryOf({ rules, tags, settings }: SyncMemory): Summary {
  const different: string[] = []
  const notComparable: string[] = []
  const untold: string[] = []
  const doubted: string[] = []
  const clocks: string[] = []
  let blocked = false
  let counted = 0
  let told = 0
  for (const [index, rule] of rules.entries()) {
    const evidence = tags[index]
    if (rule.compare === 'none' || evidence === undefined) continue
    const { verdict, comparable } = evidence
    if (rule.clock) {
      if (verdict === 'different') clocks.push(rule.name)
      continue
    }
    if (!comparable) notComparable.push(rule.name)
    if (comparable || rule.critical) counted += 1
    if (verdict === 'different') {
      different.push(rule.name)
      blocked ||= rule.critical
    }
    if (verdict !== 'cannot tell') told += comparable || rule.critical ? 1 : 0
    else if (rule.critical) untold.push(rule.name)
    if (verdict === 'in doubt' && rule.critical) doubted.push(rule.name)
  }
  const coveragePct = counted === 0 ? 0 : (100 * told) / counted
  const enough = counted > 0 && coveragePct >= settings.coveragePct && untold.length === 0
  const sure = enough && doubted.length === 0
  const verdict = blocked ? 'different' : sure ? 'in sync' : 'cannot tell'
  return { verdict, coveragePct, different, notComparable, untold, doubted, clocks }
}
