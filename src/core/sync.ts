// Primary against standby, tag by tag. The two units are read at different instants, so a moving value is compared with the
// short history of the primary, and a difference counts only when it stands over several samples.
//
// An unknown value is neither a match nor a mismatch: it lowers the coverage, and too little coverage means "cannot tell".

import { type Answered, type DeviceImage, isUnknown, type Value } from './image.ts'
import type { Pair, Tag, TagClass, UnitId } from './plant.ts'
import { seconds } from './presence.ts'
import type { SyncVerdict, TagView } from './view.ts'

export type TagMemory = {
  readonly verdict: SyncVerdict
  readonly sinceMs: number
  readonly mismatches: number
  readonly comparedMs?: number
}

export type Sample = { readonly sentMs: number; readonly values: Answered['values'] }

export type SyncMemory = {
  readonly verdict: SyncVerdict
  readonly sinceMs: number
  readonly tags: Readonly<Record<string, TagMemory>>
  readonly newest: { readonly A?: Sample; readonly B?: Sample }
  readonly comparedSentMs?: number
  /** The primary's last samples, newest last: the window in which a standby value may lie. */
  readonly window: readonly Sample[]
  readonly windowOf?: UnitId
  /** When the verdict was last "in sync", and since when it then was. */
  readonly lastInSync?: { readonly atMs: number; readonly sinceMs: number }
}

export type SyncFacts = {
  readonly verdict: SyncVerdict
  readonly sinceMs: number
  readonly coveragePct: number
  readonly sentence: string
  readonly tags: readonly TagView[]
  readonly different: readonly string[]
  readonly lastInSync?: { readonly atMs: number; readonly sinceMs: number }
}

export const newSyncMemory = (nowMs: number): SyncMemory => ({
  verdict: 'cannot tell',
  sinceMs: nowMs,
  tags: {},
  newest: {},
  window: [],
})

/** Samples that a difference must stand for before it counts: moving values need one more than stepping ones. */
const samplesToDiffer: Readonly<Record<TagClass, number>> = {
  identity: 1,
  discrete: 2,
  enum: 2,
  setpoint: 2,
  analog: 3,
  'analog-own-sensor': 3,
  integrator: 3,
  counter: 3,
  timestamp: 3,
  volatile: 0,
}
/** A tag without a comparison for this many scan periods is not compared any more. */
const samplesToForget = 5
const windowSamples = 4

/** Takes in the new samples and judges; `primary` is undefined when nobody or both are. */
export function judgeSync(
  memory: SyncMemory,
  pair: Pair,
  images: { readonly A: DeviceImage | undefined; readonly B: DeviceImage | undefined },
  primary: UnitId | undefined,
  nowMs: number,
): { memory: SyncMemory; facts: SyncFacts } {
  let next: SyncMemory = {
    ...memory,
    newest: {
      ...latest('A', memory.newest.A, images.A),
      ...latest('B', memory.newest.B, images.B),
    },
  }
  if (primary !== undefined) next = compareOnce(next, pair, primary, nowMs)
  const tags = Object.fromEntries(
    pair.tags.map((tag) => [tag.name, forget(next.tags[tag.name], pair, nowMs)]),
  )
  const judged = judgeAll(pair, tags, primary)
  const sinceMs = judged.verdict === memory.verdict ? memory.sinceMs : nowMs
  next = {
    ...next,
    tags,
    verdict: judged.verdict,
    sinceMs,
    ...(judged.verdict === 'in sync' && { lastInSync: { atMs: nowMs, sinceMs } }),
  }
  const facts: SyncFacts = {
    ...judged,
    sinceMs,
    sentence: sentenceOf(judged, nowMs - sinceMs, primary),
    tags: pair.tags.map((tag) => tagView(tag, next, pair.gates.freshMs, nowMs)),
    ...(next.lastInSync && { lastInSync: next.lastInSync }),
  }
  return { memory: next, facts }
}

function compareOnce(memory: SyncMemory, pair: Pair, primary: UnitId, nowMs: number): SyncMemory {
  const { A, B } = memory.newest
  if (A === undefined || B === undefined) return memory
  const pairSent = Math.max(A.sentMs, B.sentMs)
  const together = Math.abs(A.sentMs - B.sentMs) <= pair.scanMs / 2
  if (!together || pairSent === memory.comparedSentMs) return memory
  const lead = primary === 'A' ? A : B
  const follow = primary === 'A' ? B : A
  const kept = memory.windowOf === primary ? memory.window : []
  const window = [...kept, lead].slice(-windowSamples)
  const tags = Object.fromEntries(
    pair.tags.map((tag) => {
      const equal = compareTag(tag, window, follow)
      return [tag.name, advance(memory.tags[tag.name], tag, equal, nowMs)]
    }),
  )
  return { ...memory, comparedSentMs: pairSent, window, windowOf: primary, tags }
}

/** Whether the standby's value agrees with the primary's window; undefined when either side is not known. */
function compareTag(tag: Tag, window: readonly Sample[], follow: Sample): boolean | undefined {
  if (tag.class === 'volatile') return undefined
  const key = `tag:${tag.name}`
  const value = follow.values[key]
  const lead = window.at(-1)?.values[key]
  if (isUnknown(value) || isUnknown(lead)) return undefined
  if (typeof value !== 'number' || typeof lead !== 'number') {
    return window.some((sample) => sameValue(sample.values[key], value))
  }
  const past = window
    .map((sample) => sample.values[key])
    .filter((one): one is number => typeof one === 'number')
  if (tag.class === 'counter') return past.some((one) => modular(value - one) <= tag.tolerance)
  if (stepping.includes(tag.class)) {
    return past.some((one) => Math.abs(value - one) <= tag.tolerance)
  }
  return value >= Math.min(...past) - tag.tolerance && value <= Math.max(...past) + tag.tolerance
}

const stepping: readonly TagClass[] = ['identity', 'discrete', 'enum', 'setpoint']
const sameValue = (one: Value | undefined, other: Value): boolean =>
  one === other || (Array.isArray(one) && Array.isArray(other) && one.join() === other.join())

/** Distance on a 32-bit counter that wraps. */
const modular = (difference: number): number => {
  const folded = ((difference % 2 ** 32) + 2 ** 32) % 2 ** 32
  return Math.min(folded, 2 ** 32 - folded)
}

function advance(
  memory: TagMemory | undefined,
  tag: Tag,
  equal: boolean | undefined,
  nowMs: number,
): TagMemory {
  const before = memory ?? { verdict: 'cannot tell' as const, sinceMs: nowMs, mismatches: 0 }
  if (equal === undefined) return before
  const mismatches = equal ? 0 : before.mismatches + 1
  const differs = mismatches >= samplesToDiffer[tag.class]
  const verdict = equal ? 'in sync' : differs ? 'different' : before.verdict
  const sinceMs = verdict === before.verdict ? before.sinceMs : nowMs
  return { verdict, sinceMs, mismatches, comparedMs: nowMs }
}

function forget(memory: TagMemory | undefined, pair: Pair, nowMs: number): TagMemory {
  if (memory === undefined) return { verdict: 'cannot tell', sinceMs: nowMs, mismatches: 0 }
  const limitMs = samplesToForget * pair.scanMs
  const stale = memory.comparedMs === undefined || nowMs - memory.comparedMs > limitMs
  if (!stale || memory.verdict === 'cannot tell') return memory
  return { verdict: 'cannot tell', sinceMs: nowMs, mismatches: 0 }
}

function judgeAll(
  pair: Pair,
  tags: Readonly<Record<string, TagMemory>>,
  primary: UnitId | undefined,
): Pick<SyncFacts, 'verdict' | 'coveragePct' | 'different'> {
  const compared = pair.tags.filter((tag) => tag.class !== 'volatile')
  const told = compared.filter((tag) => tags[tag.name]?.verdict !== 'cannot tell')
  const coveragePct = compared.length === 0 ? 0 : (100 * told.length) / compared.length
  const differs = (tag: Tag) => tags[tag.name]?.verdict === 'different'
  const different = compared.filter(differs).map((tag) => tag.name)
  const blocked = compared.some((tag) => tag.critical && differs(tag))
  if (primary === undefined) return { verdict: 'cannot tell', coveragePct, different }
  if (blocked) return { verdict: 'different', coveragePct, different }
  const critical = compared.some((tag) => tag.critical && tags[tag.name]?.verdict === 'cannot tell')
  const enough = coveragePct >= pair.gates.coveragePct && !critical
  return { verdict: enough ? 'in sync' : 'cannot tell', coveragePct, different }
}

function sentenceOf(
  judged: Pick<SyncFacts, 'verdict' | 'coveragePct' | 'different'>,
  sinceMs: number,
  primary: UnitId | undefined,
): string {
  const since = seconds(sinceMs)
  const noted = judged.different.length === 0 ? '' : `, differs in ${judged.different.join(', ')}`
  if (judged.verdict === 'in sync') return `in sync for ${since}${noted}`
  if (judged.verdict === 'different')
    return `different for ${since}: ${judged.different.join(', ')}`
  if (primary === undefined) return 'cannot tell: no single primary to compare with'
  return `cannot tell: only ${judged.coveragePct.toFixed(0)} % of the tags are compared${noted}`
}

function latest(unit: UnitId, before: Sample | undefined, image: DeviceImage | undefined) {
  const scan = image?.scans.findLast((one) => one.kind === 'answered' && one.sample)
  const sample = scan?.kind === 'answered' ? { sentMs: scan.sentMs, values: scan.values } : before
  return sample === undefined ? {} : { [unit]: sample }
}

function tagView(tag: Tag, memory: SyncMemory, freshMs: number, nowMs: number): TagView {
  const one = memory.tags[tag.name]
  const compared = tag.class !== 'volatile'
  // A value that is no longer fresh is not shown as if it were.
  const shown = (sample: Sample | undefined): string =>
    sample !== undefined && nowMs - sample.sentMs <= freshMs
      ? valueText(sample.values[`tag:${tag.name}`])
      : '?'
  return {
    name: tag.name,
    class: tag.class,
    critical: tag.critical,
    units: tag.units,
    tolerance: tag.tolerance,
    a: shown(memory.newest.A),
    b: shown(memory.newest.B),
    verdict: compared ? (one?.verdict ?? 'cannot tell') : 'not compared',
    ...(one && compared && { sinceMs: nowMs - one.sinceMs }),
  }
}

/** A value as people read it: numbers with at most three decimals, unknown as `?`. */
export function valueText(value: Value | undefined): string {
  if (isUnknown(value)) return '?'
  if (typeof value === 'number') return String(Math.round(value * 1000) / 1000)
  return String(value)
}
