// What the comparison of one pair remembers from cycle to cycle.

import type { Pair, UnitId } from '../plant.ts'
import type { SyncVerdict } from '../view.ts'
import {
  type Calibration,
  fromNumbers,
  newCalibration,
  samplesKnown,
  type Tests,
  testsOf,
} from './calibration.ts'
import { ruleText, type TagRule, tagRules } from './classes.ts'
import { thresholdFor } from './cusum.ts'
import { type Increments, newIncrements } from './increments.ts'
import type { Sample } from './samples.ts'
import type { SyncTiming } from './twin.ts'

/** `in doubt`: it was in sync, and evidence gathers that it no longer is. The doors show that as "cannot tell". */
export type TagVerdict = SyncVerdict | 'in doubt'

/** The evidence on one tag: three sums, and what stands because of them. Replaced whole at every comparison. */
export type TagEvidence = {
  readonly verdict: TagVerdict
  readonly sinceMs: number
  /** Sums of the tests: outside the primary's way, shifted up, shifted down. */
  readonly outside: number
  readonly above: number
  readonly below: number
  /** Samples in which a difference would have shown, and samples without a verdict since the last comparison. */
  readonly seen: number
  readonly missed: number
  /** Share of the last samples in which a wrong value would have shown. */
  readonly informative: number
  /** Whether watching it could find a difference within reason. */
  readonly comparable: boolean
  /**
   * The comparison from which on samples count towards what is normal (-1: they do not), and how many of them hit which test.
   * Kept as a number of the pair, so that a tag that agrees needs no new object.
   */
  readonly countedFrom: number
  readonly countedOutside: number
  readonly countedAbove: number
  readonly countedBelow: number
}

/** What all tags together say; unchanged between two comparisons. */
export type Summary = {
  readonly verdict: SyncVerdict
  readonly coveragePct: number
  readonly different: readonly string[]
  readonly notComparable: readonly string[]
  /** Critical tags without a verdict, and critical tags in doubt. */
  readonly untold: readonly string[]
  readonly doubted: readonly string[]
  /** Clocks that differ: an alarm of their own, and no part of the verdict. */
  readonly clocks: readonly string[]
}

export type SyncSettings = SyncTiming & {
  /** How many samples of the primary are kept: enough for the longest window. */
  readonly samplesKept: number
  /** h: the evidence at which a tag counts as different. */
  readonly threshold: number
  /** The evidence from which on a tag that was in sync is in doubt. */
  readonly doubt: number
  readonly freshMs: number
  readonly coveragePct: number
}

export type SyncMemory = {
  readonly settings: SyncSettings
  readonly rules: readonly TagRule[]
  readonly verdict: SyncVerdict
  readonly sinceMs: number
  readonly summary: Summary
  readonly tags: readonly TagEvidence[]
  readonly calibrations: readonly Calibration[]
  /** For integrators; null for all other tags. */
  readonly increments: readonly (Increments | null)[]
  readonly tests: readonly Tests[]
  /** The unit with which the other one is compared, its last samples, and the standby's samples that wait for the next of them. */
  readonly primary?: UnitId
  readonly lead: readonly Sample[]
  readonly waiting: readonly Sample[]
  readonly comparedMs?: number
  /** Comparisons so far. */
  readonly compared: number
  readonly newest: { readonly A?: Sample; readonly B?: Sample }
  /** When the verdict was last "in sync", and since when it then was. */
  readonly lastInSync?: { readonly atMs: number; readonly sinceMs: number }
  /** Which units are fresh: `yn` when A is and B is not. */
  readonly fresh: string
  /** Counts the changes of all that the doors show of the tags. */
  readonly version: number
  /** When what was learned last went into the journal, and how many samples stood behind it. */
  readonly told: { readonly atMs: number; readonly samples: number }
}

/** What an earlier life learned of one tag, and how the tag was compared then. */
export type Learned = { readonly rule: string; readonly numbers: readonly number[] }

/** Nothing compared yet; with `learned`, what an earlier life of the supervisor found normal. */
export function newSyncMemory(
  pair: Pair,
  nowMs: number,
  learned: Readonly<Record<string, Learned>> = {},
): SyncMemory {
  const rules = tagRules(pair)
  const calibrations = rules.map((rule) => {
    const known = Object.hasOwn(learned, rule.name) ? learned[rule.name] : undefined
    return known?.rule === ruleText(rule, pair.scanMs) ? fromNumbers(known.numbers) : newCalibration
  })
  const compared = rules.filter((rule) => rule.compare !== 'none').length
  const perSecond = 1000 / pair.scanMs
  const threshold = thresholdFor(compared, perSecond, pair.sync.falseAlarmYears)
  const doubt = Math.max(doubtLeast, thresholdFor(compared, perSecond, doubtYears))
  return {
    settings: {
      ...pair.sync,
      scanMs: pair.scanMs,
      samplesKept: 6 + Math.ceil((pair.sync.lagMs[1] + pair.sync.gatewayMs) / pair.scanMs),
      threshold,
      doubt: Math.min(threshold, doubt),
      freshMs: pair.gates.freshMs,
      coveragePct: pair.gates.coveragePct,
    },
    rules,
    verdict: 'cannot tell',
    sinceMs: nowMs,
    summary: nothingCompared,
    tags: rules.map(() => newEvidence(nowMs)),
    calibrations,
    increments: rules.map(({ integrates }) => (integrates ? newIncrements(nowMs) : null)),
    tests: rules.map((rule, index) => testsOf(rule, calibrations[index] ?? newCalibration)),
    lead: [],
    waiting: [],
    compared: 0,
    newest: {},
    fresh: 'nn',
    version: 0,
    told: { atMs: nowMs, samples: calibrations.reduce((sum, one) => sum + samplesKnown(one), 0) },
  }
}

const nothingCompared: Summary = {
  verdict: 'cannot tell',
  coveragePct: 0,
  different: [],
  notComparable: [],
  untold: [],
  doubted: [],
  clocks: [],
}

/** Chance alone may put some tag of the pair into doubt once a day: then it is worth refusing until the doubt is gone. */
const doubtYears = 1 / 365.25
/** A single wrong sample adds less, however rare one has been: it puts no tag into doubt. */
const doubtLeast = 10.5

const newEvidence = (nowMs: number): TagEvidence => ({
  verdict: 'cannot tell',
  sinceMs: nowMs,
  outside: 0,
  above: 0,
  below: 0,
  seen: 0,
  missed: 0,
  informative: 1,
  comparable: true,
  countedFrom: -1,
  countedOutside: 0,
  countedAbove: 0,
  countedBelow: 0,
})
