// Measures a switchover that operates: from its first OPERATE through the handover, and on until the process has settled or the
// time for that is over. Every scan counts, the ones in bursts too. What it finds becomes the report of the switchover.

import type { Answered, DeviceImage } from '../image.ts'
import { otherUnit, type Pair, type UnitId } from '../plant.ts'
import type { UnitMemory } from '../presence.ts'
import type { Switchover } from '../switchover/switchover-memory.ts'
import type { BumpMemory, BumpRun, RoleRead, TagRun, Watched } from './bump-memory.ts'
import type { BumpReport } from './bump-view.ts'
import { gapOf, readNew, readOld } from './gap.ts'
import { reportText } from './report-text.ts'
import { isSettled, newTagRun, tagBump, takeSample } from './tag-run.ts'
import type { TrackTimes } from './tracks.ts'

export type Images = { readonly A: DeviceImage | undefined; readonly B: DeviceImage | undefined }
export type Seen = {
  readonly A: { readonly memory: UnitMemory }
  readonly B: { readonly memory: UnitMemory }
}

/** Begins in the cycle that hands out the first OPERATE. */
export function beginRun(
  { tracks, bumpTags }: BumpMemory,
  current: Switchover,
  seen: Seen,
  answering: Readonly<Record<UnitId, boolean>>,
  times: TrackTimes,
  nowMs: number,
): BumpRun {
  const { to } = current
  const from = current.from ?? otherUnit(to)
  const before = answering[from] ? from : to
  // A lost primary's last values are old: then what counts is where the process goes from here.
  const known = tracks.primary === before
  const old = lastRead(seen[from].memory, 'primary')
  const waiting = lastRead(seen[to].memory, 'standby')
  return {
    switchover: current.id,
    from,
    to,
    before,
    startMs: nowMs,
    reads: { ...(old && { lastPrimary: old }), ...(waiting && { lastStandby: waiting }) },
    tags: tracks.tags
      .slice(0, bumpTags)
      .map((track) => newTagRun(track, known ? tracks.atMs : [], times.fitMs, nowMs)),
  }
}

/** Takes in what both units said since the last cycle. */
export function takeScans(
  run: BumpRun,
  images: Images,
  watched: readonly Watched[],
  { policy }: Pair,
): BumpRun {
  const old = answered(images[run.from])
  const next = answered(images[run.to])
  const reads = readNew(readOld(run.reads, old), next)
  const taken = { ...run, reads }
  if (run.tags.length === 0) return taken
  const changedMs = reads.firstPrimary?.sentMs
  const before = run.before === run.to ? next : old
  const samples = [
    ...before.filter((scan) => changedMs === undefined || scan.sentMs < changedMs),
    ...next.filter((scan) => changedMs !== undefined && scan.sentMs >= changedMs),
  ].filter((scan) => middleMs(scan) >= run.startMs)
  if (samples.length === 0) return taken
  const overMs = changedMs === undefined ? undefined : changedMs + policy.settleS * 1000
  const tags = run.tags.map((tagRun, place) => {
    const one = watched[place]
    return one === undefined ? tagRun : withSamples(tagRun, one, samples, overMs)
  })
  return { ...taken, tags }
}

/** Every tag is inside for good: nothing more is to be learned. */
export const isOver = (run: BumpRun, { policy }: Pair, nowMs: number): boolean =>
  run.endedMs !== undefined && (nowMs >= run.endedMs + policy.bumpS * 1000 || allSettled(run))

/** The report as it stands; `state` says whether more will follow. */
export function reportOf(
  run: BumpRun,
  watched: readonly Watched[],
  state: BumpReport['state'],
): BumpReport {
  const gap = gapOf(run.reads)
  const fromMs = calmFromMs(run)
  const tags = run.tags.flatMap((tagRun, place) => {
    const one = watched[place]
    const settled = fromMs !== undefined && isSettled(tagRun, fromMs)
    return one === undefined ? [] : [tagBump(tagRun, one.tag, run.startMs, settled)]
  })
  const lastMs = Math.max(run.startMs, ...run.tags.map(({ last }) => last?.atMs ?? 0))
  const measuredMs = Math.round(lastMs - run.startMs)
  const text = reportText(gap, tags, state, measuredMs)
  return { state, text, ...(gap && { gap }), tags, measuredMs }
}

function withSamples(
  run: TagRun,
  { tag }: Watched,
  samples: readonly Answered[],
  overMs: number | undefined,
): TagRun {
  let next = run
  for (const scan of samples) {
    const value = scan.values[`tag:${tag.name}`]
    if (typeof value !== 'number' || !Number.isFinite(value)) continue
    const atMs = middleMs(scan)
    next = takeSample(next, atMs, value, tag, overMs === undefined || atMs <= overMs)
  }
  return next
}

/** Settling is counted from the moment at which the new primary was first read; before it nothing is settled. */
const calmFromMs = ({ reads }: BumpRun): number | undefined => reads.firstPrimary?.sentMs

function allSettled(run: BumpRun): boolean {
  const fromMs = calmFromMs(run)
  return fromMs === undefined
    ? run.tags.length === 0
    : run.tags.every((tagRun) => isSettled(tagRun, fromMs))
}

const answered = (image: DeviceImage | undefined): readonly Answered[] =>
  (image?.scans ?? []).filter((scan): scan is Answered => scan.kind === 'answered')

const middleMs = ({ sentMs, receivedMs }: Answered): number => (sentMs + receivedMs) / 2

const lastRead = ({ last }: UnitMemory, wanted: 'primary' | 'standby'): RoleRead | undefined =>
  last?.role === wanted ? { sentMs: last.sentMs, receivedMs: last.receivedMs } : undefined
