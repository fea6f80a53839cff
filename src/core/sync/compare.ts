// One sample of the standby against the primary's way, tag by tag: evidence, what is learned, verdicts. This is the inner loop of
// the supervisor: one object for each tag and sample, and nothing else, is made here.

import {
  type Calibration,
  count,
  isLearning,
  isWorthCounting,
  learn,
  newCalibration,
  type Tests,
  testsOf,
} from './calibration.ts'
import type { TagRule } from './classes.ts'
import { advance } from './cusum.ts'
import { addDifference, countApart, newIncrements } from './increments.ts'
import type { Sample } from './samples.ts'
import type { SyncMemory, SyncSettings, TagEvidence, TagVerdict } from './sync-memory.ts'
import { type Bracket, compareTag, type Finding, newFinding } from './twin.ts'
import { evidenceMax, isComparable, summaryOf, tagVerdict } from './verdict.ts'

/** A tag without a comparison for so many samples, or so many scan periods, is not compared any more. */
export const samplesToForget = 8

export function compareSample(
  memory: SyncMemory,
  follow: Sample,
  bracket: Bracket,
  nowMs: number,
): SyncMemory {
  const { rules, settings } = memory
  const compared = memory.compared + 1
  // While any tag differs, nothing is learned of any other one.
  const learns = memory.summary.different.length === 0
  const finding = newFinding()
  const tags = memory.tags.slice()
  let { calibrations, increments, tests } = memory
  // What the tags say together is worked out anew only when one of them says something else.
  let other = false
  for (let index = 0; index < rules.length; index++) {
    const rule = rules[index]
    const before = memory.tags[index]
    const test = memory.tests[index]
    if (rule === undefined || before === undefined || test === undefined) continue
    if (rule.compare === 'none') continue
    if (!compareTag(rule, index, bracket, follow, finding)) {
      const next = missed(before, nowMs)
      tags[index] = next
      if (next.verdict !== before.verdict) other = true
      continue
    }
    const known = memory.calibrations[index] ?? newCalibration
    const sums = memory.increments[index]
    if (sums && !isLearning(rule, known)) {
      const added = addDifference(sums, finding.bias, test.limit, nowMs)
      increments = withOne(increments, memory.increments, index, added)
      if (countApart(added)) finding.outside = Number.POSITIVE_INFINITY
    }
    // Also in doubt: leaving out what chance does once a day would make the rates too small.
    const held = before.verdict === 'in sync' || before.verdict === 'in doubt'
    const mayLearn = learns && (held || !test.usable)
    const counts = mayLearn && !isLearning(rule, known)
    const next = evidenceAfter(rule, before, test, finding, compared, nowMs, counts, settings)
    if (next !== before) {
      tags[index] = next
      if (next.verdict !== before.verdict || next.comparable !== before.comparable) other = true
    }
    if (!mayLearn || next.verdict === 'different') continue
    // Spread over the samples, so that not every tag works out its tests in the same cycle.
    if (counts && compared % turns !== index % turns) continue
    const learned = counts ? taken(known, next, test, compared, settings) : learn(known, finding)
    if (!learned) continue
    if (counts) tags[index] = { ...next, ...nothingHit, countedFrom: compared }
    calibrations = withOne(calibrations, memory.calibrations, index, learned)
    if (isLearning(rule, learned)) continue
    tests = withOne(tests, memory.tests, index, testsOf(rule, learned))
  }
  const news = { tags, calibrations, increments, tests, compared, comparedMs: nowMs }
  const next = { ...memory, ...news }
  return other || compared === 1 ? { ...next, summary: summaryOf(next) } : next
}

/** The list with one entry replaced: copied from `before` at the first change only. */
function withOne<T>(list: readonly T[], before: readonly T[], index: number, one: T): readonly T[] {
  const copy = list === before ? before.slice() : (list as T[])
  copy[index] = one
  return copy
}

/** In so many comparisons each tag has its turn to bring what was learned up to date. */
const turns = 20

/** Weight of one sample in the share of informative ones. */
const informativeWeight = 1 / 32

function evidenceAfter(
  rule: TagRule,
  before: TagEvidence,
  tests: Tests,
  { outside, bias, motion, informative }: Finding,
  /** Number of this comparison. */
  compared: number,
  nowMs: number,
  /** Whether the sample counts towards what is normal. */
  counts: boolean,
  settings: SyncSettings,
): TagEvidence {
  const cap = evidenceMax(settings.threshold)
  const calm = motion <= tests.calm
  const isOutside = outside > (calm ? tests.limit : tests.limit + motion - tests.calm)
  const isAbove = calm && bias > tests.high
  const isBelow = calm && bias < tests.low
  const sum =
    rule.compare !== 'exact'
      ? advance(before.outside, tests.outside, isOutside, cap)
      : isOutside
        ? cap
        : 0
  const above = advance(before.above, tests.above, isAbove, cap)
  const below = advance(before.below, tests.below, isBelow, cap)
  const told = ((informative ? 1 : 0) - before.informative) * informativeWeight
  const share = rule.binary ? informativeAfter(before.informative + told) : 1
  const found = Math.max(0, Math.max(sum, above, below) - tests.price)
  const seen = informative && before.seen < seenMax ? before.seen + 1 : before.seen
  const comparable = isComparable(before.comparable, tests, share, settings)
  const verdict = tagVerdict(before.verdict, found, seen, comparable, tests, settings)
  // What was counted on the way to a difference is thrown away: a fault must not become normal.
  const keeps = counts && verdict !== 'different'
  const from = before.countedFrom < 0 ? compared - 1 : before.countedFrom
  const countedFrom = keeps ? from : -1
  const same =
    !isOutside &&
    !isAbove &&
    !isBelow &&
    sum === before.outside &&
    above === before.above &&
    below === before.below &&
    seen === before.seen &&
    share === before.informative &&
    comparable === before.comparable &&
    verdict === before.verdict &&
    countedFrom === before.countedFrom &&
    before.missed === 0
  if (same) return before
  return {
    verdict,
    sinceMs: verdict === before.verdict ? before.sinceMs : nowMs,
    outside: sum,
    above,
    below,
    seen,
    missed: 0,
    informative: share,
    comparable,
    countedFrom,
    countedOutside: keeps ? before.countedOutside + (isOutside ? 1 : 0) : 0,
    countedAbove: keeps ? before.countedAbove + (isAbove ? 1 : 0) : 0,
    countedBelow: keeps ? before.countedBelow + (isBelow ? 1 : 0) : 0,
  }
}

/** Close enough to all: a share that creeps on would make a new object of a tag that says nothing new. */
const informativeAfter = (share: number): number => (share > 0.998 ? 1 : share)

const nothingHit = { countedOutside: 0, countedAbove: 0, countedBelow: 0 }

/** More samples than any first verdict asks for. */
const seenMax = 255

/** An unknown value says nothing; when that lasts, there is no verdict any more. The evidence against the tag is kept. */
function missed(before: TagEvidence, nowMs: number): TagEvidence {
  if (before.missed < samplesToForget) {
    const countedFrom = before.countedFrom < 0 ? -1 : before.countedFrom + 1
    return { ...before, missed: before.missed + 1, countedFrom }
  }
  if (before.verdict === 'cannot tell' && before.seen === 0) return before
  return { ...forgotten(before, nowMs), missed: before.missed }
}

const noVerdict: TagVerdict = 'cannot tell'

const forgotten = (before: TagEvidence, nowMs: number): TagEvidence => ({
  ...before,
  verdict: noVerdict,
  sinceMs: before.verdict === noVerdict ? before.sinceMs : nowMs,
  seen: 0,
  missed: 0,
  ...nothingHit,
  countedFrom: -1,
})

/** No tag has a verdict any more: nothing was compared for too long, or the primary is another one. */
export function forgetAll(memory: SyncMemory, nowMs: number): SyncMemory {
  const tags = memory.tags.map((before) => forgotten(before, nowMs))
  const increments = memory.increments.map((one) => (one === null ? null : newIncrements(nowMs)))
  const next = { ...memory, tags, increments }
  return { ...next, summary: summaryOf(next) }
}

/** The knowledge with what was counted since, while the evidence is low and the count is worth the work. */
function taken(
  known: Calibration,
  evidence: TagEvidence,
  tests: Tests,
  compared: number,
  { threshold }: SyncSettings,
): Calibration | undefined {
  const counted = evidence.countedFrom < 0 ? 0 : compared - evidence.countedFrom
  if (!isWorthCounting(known, counted)) return undefined
  const sum = Math.max(evidence.outside, evidence.above, evidence.below) - tests.price
  if (sum >= threshold / 4) return undefined
  const { countedOutside, countedAbove, countedBelow } = evidence
  return count(known, {
    counted,
    outside: countedOutside,
    above: countedAbove,
    below: countedBelow,
  })
}
