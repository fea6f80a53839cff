// What the doors show of each tag: both values, the verdict, and in words why there is none or why it is "different".

import type { Pair } from '../plant.ts'
import type { Tag } from '../tag.ts'
import type { TagView } from '../view.ts'
import { isCalibrated, newCalibration, samplesCalibrated, samplesKnown } from './calibration.ts'
import type { Sample } from './samples.ts'
import type { SyncMemory } from './sync-memory.ts'
import { valueText } from './value-text.ts'
import { detectionMs, evidenceOf, isComparable, samplesToDetect } from './verdict.ts'

/** A value that is no longer fresh is not shown as if it were. */
export const freshUnits = ({ newest, settings }: SyncMemory, nowMs: number): string =>
  [newest.A, newest.B]
    .map((sample) => (isFresh(sample, settings.freshMs, nowMs) ? 'y' : 'n'))
    .join('')

export function tagViews(memory: SyncMemory, pair: Pair, nowMs: number): readonly TagView[] {
  return pair.tags.map((tag, index) => tagView(tag, index, memory, nowMs))
}

function tagView(tag: Tag, index: number, memory: SyncMemory, nowMs: number): TagView {
  const { newest, settings, rules, tests, tags } = memory
  const rule = rules[index]
  const test = tests[index]
  const evidence = tags[index]
  const key = `tag:${tag.name}`
  const shown = (sample: Sample | undefined): string =>
    sample && isFresh(sample, settings.freshMs, nowMs) ? valueText(sample.values[key]) : '?'
  const { name, critical, units, tolerance } = tag
  const plain = { name, class: tag.class, critical, units, tolerance }
  const values = { a: shown(newest.A), b: shown(newest.B) }
  if (rule === undefined || test === undefined || evidence === undefined) {
    return { ...plain, ...values, verdict: 'not compared' }
  }
  if (rule.compare === 'none') return { ...plain, ...values, verdict: 'not compared' }
  const expectedMs = detectionMs(rule, test, evidence, settings)
  const text = evidenceText(index, memory)
  const comparable = isComparable(test, evidence.informative, settings)
  return {
    ...plain,
    ...values,
    verdict: comparable ? evidence.verdict : 'not comparable',
    sinceMs: nowMs - evidence.sinceMs,
    ...(expectedMs !== undefined && { expectedDetectionMs: expectedMs }),
    ...(text !== undefined && { evidence: text }),
  }
}

/** Only where there is something to tell: a tag in sync that has been learned needs no words. */
function evidenceText(index: number, memory: SyncMemory): string | undefined {
  const { rules, tests, tags, settings, calibrations } = memory
  const rule = rules[index]
  const test = tests[index]
  const one = tags[index]
  if (rule === undefined || test === undefined || one === undefined) return undefined
  const { threshold } = settings
  if (one.verdict === 'different' || evidenceOf(one, test) >= threshold / 4) {
    const how = rule.compare === 'exact' ? 'not the same' : `${sideText(one)} in repeated samples`
    return `${how}: evidence ${evidenceOf(one, test).toFixed(1)}, different from ${threshold.toFixed(1)} on`
  }
  if (!isComparable(test, one.informative, settings))
    return 'changes too fast for the period of reading'
  const calibration = calibrations[index] ?? newCalibration
  if (!test.usable) return `learning: ${samplesKnown(calibration)} of ${samplesCalibrated} samples`
  if (one.verdict === 'cannot tell') {
    if (one.missed > 0) return 'not known on both sides'
    return `${one.seen} of ${samplesToDetect(test, 1, threshold)} samples seen`
  }
  return isCalibrated(calibration) ? undefined : 'limits of the start, still learning'
}

function sideText({ outside, above, below }: SyncMemory['tags'][number]): string {
  if (outside >= above && outside >= below) return "outside the primary's way"
  return above > below ? 'B above A' : 'B below A'
}

const isFresh = (sample: Sample | undefined, freshMs: number, nowMs: number): boolean =>
  sample !== undefined && nowMs - sample.sentMs <= freshMs
