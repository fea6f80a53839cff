// Primary against standby, tag by tag. The two units are read at different instants, so each sample of the standby is laid into
// the way that the primary took around that time (twin.ts), and differences are believed only when their evidence adds up
// (cusum.ts). docs/sync.md tells it to control engineers; docs/decisions/0016 says why.
//
// An unknown value is neither a match nor a mismatch: it lowers the coverage, and too little coverage means "cannot tell".

import type { Answered, DeviceImage } from '../image.ts'
import type { Pair, UnitId } from '../plant.ts'
import { seconds } from '../presence.ts'
import type { SyncVerdict, TagView } from '../view.ts'
import { compareSample, forgetAll, samplesToForget } from './compare.ts'
import { type Sample, sampleOf } from './samples.ts'
import type { Summary, SyncMemory } from './sync-memory.ts'
import { freshUnits, tagViews } from './tag-views.ts'
import { bracketOf } from './twin.ts'

export type SyncFacts = {
  readonly verdict: SyncVerdict
  readonly sinceMs: number
  readonly coveragePct: number
  readonly sentence: string
  /** What is shown of each tag, made when somebody asks: most cycles need no words. */
  readonly tags: () => readonly TagView[]
  /** Another number whenever `tags` would say something else. */
  readonly version: number
  readonly different: readonly string[]
  /** Critical tags against which evidence gathers. */
  readonly doubted: readonly string[]
  /** Tags of class timestamp whose clocks differ. */
  readonly clocks: readonly string[]
  readonly lastInSync?: { readonly atMs: number; readonly sinceMs: number }
}

/** Takes in the new samples and judges; `primary` is undefined when nobody or both are. */
export function judgeSync(
  memory: SyncMemory,
  pair: Pair,
  images: { readonly A: DeviceImage | undefined; readonly B: DeviceImage | undefined },
  primary: UnitId | undefined,
  nowMs: number,
): { memory: SyncMemory; facts: SyncFacts } {
  const samples = {
    A: samplesOf(images.A, memory),
    B: samplesOf(images.B, memory),
  }
  // First of all: after a gap nobody knows what was in between, and new samples must not carry the old verdict over it.
  const awake = forgetWhenStale(memory, nowMs)
  let next = takeNewest(awake, samples.A.at(-1), samples.B.at(-1))
  if (primary !== undefined) {
    next = follow(next, primary, nowMs)
    next = takeSamples(next, primary, samples, nowMs)
  }
  next = forgetWhenStale(next, nowMs)
  const summary: Summary =
    primary === undefined ? { ...next.summary, verdict: 'cannot tell' } : next.summary
  const { verdict } = summary
  const lasts = verdict === memory.verdict && awake === memory
  const sinceMs = lasts ? memory.sinceMs : nowMs
  const fresh = freshUnits(next, nowMs)
  const changed =
    next.tags !== memory.tags || next.newest !== memory.newest || fresh !== memory.fresh
  const version = changed ? memory.version + 1 : memory.version
  next =
    verdict === 'in sync'
      ? { ...next, verdict, sinceMs, fresh, version, lastInSync: { atMs: nowMs, sinceMs } }
      : { ...next, verdict, sinceMs, fresh, version }
  return { memory: next, facts: factsOf(next, summary, pair, primary, nowMs) }
}

function factsOf(
  memory: SyncMemory,
  summary: Summary,
  pair: Pair,
  primary: UnitId | undefined,
  nowMs: number,
): SyncFacts {
  const { verdict, sinceMs, version, lastInSync } = memory
  const facts = {
    verdict,
    sinceMs,
    coveragePct: summary.coveragePct,
    different: summary.different,
    doubted: summary.doubted,
    clocks: summary.clocks,
    sentence: sentenceOf(summary, nowMs - sinceMs, primary),
    version,
    tags: () => tagViews(memory, pair),
  }
  return lastInSync === undefined ? facts : { ...facts, lastInSync }
}

/** Scans on the grid that were answered since the last cycle; bursts in between are not compared. */
function samplesOf(image: DeviceImage | undefined, { rules }: SyncMemory): readonly Sample[] {
  const scans = image?.scans ?? []
  if (scans.length === 0) return noSamples
  const taken = scans.filter((one): one is Answered => one.kind === 'answered' && one.sample)
  return taken.map((one) => sampleOf(one, rules))
}

const noSamples: readonly Sample[] = []

function takeNewest(memory: SyncMemory, A: Sample | undefined, B: Sample | undefined): SyncMemory {
  if (A === undefined && B === undefined) return memory
  return { ...memory, newest: { ...memory.newest, ...(A && { A }), ...(B && { B }) } }
}

/** Begins anew when another unit is the primary: what was under way between the two says nothing about the new order. */
function follow(memory: SyncMemory, primary: UnitId, nowMs: number): SyncMemory {
  if (memory.primary === primary) return memory
  return { ...forgetAll(memory, nowMs), primary, lead: [], waiting: [] }
}

function takeSamples(
  memory: SyncMemory,
  primary: UnitId,
  samples: Readonly<Record<UnitId, readonly Sample[]>>,
  nowMs: number,
): SyncMemory {
  const leading = samples[primary]
  const following = samples[primary === 'A' ? 'B' : 'A']
  if (leading.length === 0 && following.length === 0) return memory
  const { samplesKept } = memory.settings
  const lead = [...memory.lead, ...leading].slice(-samplesKept)
  const waiting = [...memory.waiting, ...following].slice(-samplesKept)
  let next: SyncMemory = { ...memory, lead, waiting }
  if (leading.length === 0) return next
  const left: Sample[] = []
  for (const sample of waiting) {
    const bracket = bracketOf(lead, sample, memory.settings, primary)
    if (bracket === 'wait') left.push(sample)
    else if (bracket !== 'none') next = compareSample(next, sample, bracket, nowMs)
  }
  return { ...next, waiting: left }
}

function forgetWhenStale(memory: SyncMemory, nowMs: number): SyncMemory {
  const { comparedMs, settings, summary } = memory
  if (comparedMs === undefined || summary.coveragePct === 0) return memory
  return nowMs - comparedMs > samplesToForget * settings.scanMs ? forgetAll(memory, nowMs) : memory
}

function sentenceOf(
  { verdict, different, notComparable, untold, doubted, coveragePct }: Summary,
  sinceMs: number,
  primary: UnitId | undefined,
): string {
  const since = seconds(sinceMs)
  const noted = different.length === 0 ? '' : `, differs in ${different.join(', ')}`
  const left = notComparable.length === 0 ? '' : `, not comparable: ${notComparable.join(', ')}`
  if (verdict === 'in sync') return `in sync for ${since}${noted}${left}`
  if (verdict === 'different') return `different for ${since}: ${different.join(', ')}`
  if (primary === undefined) return 'cannot tell: no single primary to compare with'
  if (doubted.length > 0 && untold.length === 0) {
    return `cannot tell: evidence gathers against ${doubted.join(', ')}${noted}`
  }
  const critical =
    untold.length > 0 && coveragePct > 0 ? `; no verdict on ${untold.join(', ')}` : ''
  return `cannot tell: only ${coveragePct.toFixed(0)} % of the tags are compared${critical}${noted}`
}
