// One sample of the standby against the primary's way, tag by tag: evidence, what is learned, verdicts.

import {
  type Calibration,
  count,
  isLearning,
  isWorthCounting,
  learn,
  newCalibration,
  noTally,
  type Tally,
  type Tests,
  testsOf,
} from './calibration.ts'
import type { TagRule } from './classes.ts'
import { advance } from './cusum.ts'
import type { Sample } from './samples.ts'
import type { SyncMemory, TagEvidence } from './sync-memory.ts'
import { type Bracket, compareTag, type Finding } from './twin.ts'
import { evidenceMax, evidenceOf, summaryOf, tagVerdict } from './verdict.ts'

/** A tag without a comparison for so many samples, or so many scan periods, is not compared any more. */
export const samplesToForget = 8

export function compareSample(
  memory: SyncMemory,
  follow: Sample,
  bracket: Bracket,
  nowMs: number,
): SyncMemory {
  const { rules } = memory
  // Known in sync: some tags are told, and none of them differs.
  const { coveragePct, different } = memory.summary
  const learns = coveragePct > 0 && different.length === 0
  const finding: Finding = { outside: 0, bias: 0, informative: true }
  const tags = memory.tags.slice()
  const calibrations = memory.calibrations.slice()
  const tests = memory.tests.slice()
  for (const [index, rule] of rules.entries()) {
    const before = tags[index]
    const test = tests[index]
    if (before === undefined || test === undefined || rule.compare === 'none') continue
    if (!compareTag(rule, index, bracket, follow, finding)) {
      tags[index] = missed(before, nowMs)
      continue
    }
    const hits = hitsOf(finding, test)
    const next = evidenceAfter(rule, before, test, hits, finding.informative, memory, nowMs)
    tags[index] = next
    if (!learns || (before.verdict !== 'in sync' && test.usable)) continue
    const known = calibrations[index] ?? newCalibration
    const learned = learnedAfter(rule, known, next, test, finding, hits, memory, index)
    tags[index] = learned.evidence
    if (learned.calibration === known) continue
    calibrations[index] = learned.calibration
    if (!isLearning(rule, learned.calibration)) tests[index] = testsOf(rule, learned.calibration)
  }
  const next = { ...memory, tags, calibrations, tests, comparedMs: nowMs }
  return { ...next, summary: summaryOf(next) }
}

/** What a sample says to the three tests, as bits: 1 outside, 2 above, 4 below. */
const hitsOf = ({ outside, bias }: Finding, { limit, high, low }: Tests): number =>
  (outside > limit ? 1 : 0) + (bias > high ? 2 : 0) + (bias < low ? 4 : 0)

/** Weight of one sample in the share of informative ones. */
const informativeWeight = 1 / 64

function evidenceAfter(
  rule: TagRule,
  before: TagEvidence,
  tests: Tests,
  hits: number,
  informative: boolean,
  { settings }: SyncMemory,
  nowMs: number,
): TagEvidence {
  const cap = evidenceMax(settings.threshold)
  const sums = {
    outside:
      rule.compare === 'exact'
        ? hits & 1
          ? cap
          : 0
        : advance(before.outside, tests.outside, (hits & 1) !== 0, cap),
    above: advance(before.above, tests.above, (hits & 2) !== 0, cap),
    below: advance(before.below, tests.below, (hits & 4) !== 0, cap),
  }
  const share = before.informative
  const next = {
    ...sums,
    seen: before.seen + 1,
    missed: 0,
    informative: rule.binary ? share + ((informative ? 1 : 0) - share) * informativeWeight : 1,
    tally: before.tally,
  }
  const verdict = tagVerdict(before.verdict, next, tests, settings)
  return { verdict, sinceMs: verdict === before.verdict ? before.sinceMs : nowMs, ...next }
}

/** An unknown value says nothing; when that lasts, there is no verdict any more. The evidence against the tag is kept. */
function missed(before: TagEvidence, nowMs: number): TagEvidence {
  if (before.missed < samplesToForget) return { ...before, missed: before.missed + 1 }
  if (before.verdict === 'cannot tell' && before.seen === 0) return before
  return { ...before, verdict: 'cannot tell', sinceMs: nowMs, seen: 0, tally: noTally }
}

/** No tag has a verdict any more: nothing was compared for too long, or the primary is another one. */
export function forgetAll(memory: SyncMemory, nowMs: number): SyncMemory {
  const tags = memory.tags.map((before) => {
    const sinceMs = before.verdict === 'cannot tell' ? before.sinceMs : nowMs
    return {
      ...before,
      verdict: 'cannot tell' as const,
      sinceMs,
      seen: 0,
      missed: 0,
      tally: noTally,
    }
  })
  const next = { ...memory, tags }
  return { ...next, summary: summaryOf(next) }
}

/**
 * What is learned from a sample of a tag in sync. What was counted is taken in while the evidence is low and thrown away when
 * the tag turns different: a fault must not become normal.
 */
function learnedAfter(
  rule: TagRule,
  known: Calibration,
  evidence: TagEvidence,
  tests: Tests,
  finding: Finding,
  hits: number,
  { settings, rules }: SyncMemory,
  index: number,
): { readonly evidence: TagEvidence; readonly calibration: Calibration } {
  if (evidence.verdict === 'different') {
    return { evidence: { ...evidence, tally: noTally }, calibration: known }
  }
  if (isLearning(rule, known)) return { evidence, calibration: learn(known, finding) }
  const tally = counted(evidence.tally, hits)
  const calm = evidenceOf(evidence, tests) < settings.threshold / 4
  // Spread over the samples, so that not every tag works out its tests in the same cycle.
  const mine = tally.counted % rules.length === index % rules.length
  if (!calm || !mine || !isWorthCounting(known, tally)) {
    return { evidence: { ...evidence, tally }, calibration: known }
  }
  return { evidence: { ...evidence, tally: noTally }, calibration: count(known, tally) }
}

const counted = (tally: Tally, hits: number): Tally => ({
  counted: tally.counted + 1,
  outside: tally.outside + (hits & 1),
  above: tally.above + ((hits >> 1) & 1),
  below: tally.below + ((hits >> 2) & 1),
})
