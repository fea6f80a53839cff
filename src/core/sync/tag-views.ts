// What the doors show of each tag: both values, the verdict, and in words why there is none or why it is "different".

import type { Pair } from '../plant.ts'
import type { Tag } from '../tag.ts'
import type { SyncVerdict, TagView } from '../view.ts'
import {
  type Calibration,
  isCalibrated,
  newCalibration,
  samplesCalibrated,
  samplesKnown,
  type Tests,
} from './calibration.ts'
import type { TagRule } from './classes.ts'
import type { Sample } from './samples.ts'
import type { SyncMemory, SyncSettings, TagEvidence, TagVerdict } from './sync-memory.ts'
import { valueText } from './value-text.ts'
import { detectionMs, evidenceOf, samplesToDetect } from './verdict.ts'

/** A value that is no longer fresh is not shown as if it were. */
export function freshUnits({ newest, settings }: SyncMemory, nowMs: number): string {
  const a = isFresh(newest.A, settings.freshMs, nowMs)
  const b = isFresh(newest.B, settings.freshMs, nowMs)
  return a ? (b ? 'yy' : 'yn') : b ? 'ny' : 'nn'
}

/** Times are as of the newest comparison, so that the same memory always gives the same views. */
export function tagViews(memory: SyncMemory, pair: Pair): readonly TagView[] {
  const { newest, fresh, comparedMs = 0 } = memory
  const shown = {
    A: fresh[0] === 'y' ? newest.A : undefined,
    B: fresh[1] === 'y' ? newest.B : undefined,
  }
  return pair.tags.map((tag, index) => tagView(tag, index, memory, shown, comparedMs))
}

function tagView(
  tag: Tag,
  index: number,
  { settings, rules, tests, tags, calibrations }: SyncMemory,
  { A, B }: { readonly A: Sample | undefined; readonly B: Sample | undefined },
  comparedMs: number,
): TagView {
  const rule = rules[index]
  const test = tests[index]
  const evidence = tags[index]
  const key = rule?.key ?? ''
  // One literal and no spreading: this runs for every tag and sample.
  const plain = {
    name: tag.name,
    class: tag.class,
    critical: tag.critical,
    units: tag.units,
    tolerance: tag.tolerance,
    a: valueText(A?.values[key]),
    b: valueText(B?.values[key]),
    verdict: 'not compared' as TagView['verdict'],
    sinceMs: Math.max(0, comparedMs - (evidence?.sinceMs ?? comparedMs)),
    expectedDetectionMs: 0,
  }
  const compared = rule !== undefined && rule.compare !== 'none'
  if (!compared || test === undefined || evidence === undefined) {
    const { sinceMs: _since, expectedDetectionMs: _expected, ...shown } = plain
    return shown
  }
  plain.verdict = evidence.comparable ? shownVerdict(evidence.verdict) : 'not comparable'
  const expectedMs = detectionMs(rule, test, evidence, settings)
  const text = evidenceText(rule, test, evidence, calibrations[index] ?? newCalibration, settings)
  plain.expectedDetectionMs = expectedMs ?? 0
  if (expectedMs !== undefined) return text === undefined ? plain : { ...plain, evidence: text }
  const { expectedDetectionMs: _never, ...shown } = plain
  return text === undefined ? shown : { ...shown, evidence: text }
}

/** Only where there is something to tell: a tag in sync that has been learned needs no words. */
function evidenceText(
  rule: TagRule,
  test: Tests,
  one: TagEvidence,
  calibration: Calibration,
  settings: SyncSettings,
): string | undefined {
  const { threshold } = settings
  const evidence = evidenceOf(one, test)
  if (one.verdict === 'different' || evidence >= threshold / 4) {
    const how =
      rule.compare === 'exact' ? 'not the same' : `${sideText(one, rule)} in repeated samples`
    const back = one.verdict === 'in sync' ? '' : `in sync below ${(threshold / 4).toFixed(1)}, `
    return `${how}: evidence ${evidence.toFixed(1)}, ${back}different from ${threshold.toFixed(1)} on`
  }
  if (!one.comparable) return 'changes too fast for the period of reading'
  if (!test.usable) return `learning: ${samplesKnown(calibration)} of ${samplesCalibrated} samples`
  if (one.verdict === 'cannot tell') {
    if (one.missed > 0) return 'not known on both sides'
    return `${one.seen} of ${samplesToDetect(test, 1, threshold)} samples seen`
  }
  return isCalibrated(calibration) ? undefined : 'limits of the start, still learning'
}

const shownVerdict = (verdict: TagVerdict): SyncVerdict =>
  verdict === 'in doubt' ? 'cannot tell' : verdict

function sideText({ outside, above, below }: TagEvidence, { clock }: TagRule): string {
  if (clock) return 'the clocks differ'
  if (outside >= above && outside >= below) return "outside the primary's way"
  return above > below ? 'B above A' : 'B below A'
}

const isFresh = (sample: Sample | undefined, freshMs: number, nowMs: number): boolean =>
  sample !== undefined && nowMs - sample.sentMs <= freshMs
