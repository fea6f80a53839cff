// What was learned goes into the journal now and then, so that a restart does not begin from nothing: every quarter of an hour
// and when the verdict changes, but only when half as much again is known as the journal knows already.

import type { Entry } from '../ledger.ts'
import { isCalibrated, newCalibration, samplesKnown, toNumbers } from './calibration.ts'
import { ruleText } from './classes.ts'
import type { Learned, SyncMemory } from './sync-memory.ts'

const everyMs = 15 * 60_000
const growth = 1.5

/** The record that is due, and the memory that knows of it. `told.atMs` also moves on when a look found nothing new. */
export function recordLearned(
  pair: string,
  before: SyncMemory,
  memory: SyncMemory,
  nowMs: number,
): { readonly memory: SyncMemory; readonly entry?: Entry } {
  const due = nowMs - memory.told.atMs >= everyMs || before.verdict !== memory.verdict
  if (!due) return { memory }
  const samples = memory.calibrations.reduce((sum, one) => sum + samplesKnown(one), 0)
  const told = { atMs: nowMs, samples }
  if (!memory.calibrations.some(isCalibrated) || samples < growth * memory.told.samples) {
    return { memory: { ...memory, told: { ...memory.told, atMs: nowMs } } }
  }
  return { memory: { ...memory, told }, entry: entryOf(pair, memory) }
}

function entryOf(pair: string, { rules, calibrations, settings }: SyncMemory): Entry {
  const tags: Record<string, Learned> = {}
  let calibrated = 0
  for (const [index, rule] of rules.entries()) {
    const calibration = calibrations[index] ?? newCalibration
    if (samplesKnown(calibration) === 0) continue
    tags[rule.name] = { rule: ruleText(rule, settings.scanMs), numbers: toNumbers(calibration) }
    if (isCalibrated(calibration)) calibrated += 1
  }
  const compared = rules.filter((rule) => rule.compare !== 'none').length
  const text = `${pair}: the comparison has learned what is normal of ${calibrated} of ${compared} tags`
  return { kind: 'calibration', pair, text, data: { tags } }
}
