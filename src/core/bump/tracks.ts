// Follows the tags that switchovers are judged by while nothing happens, and rehearses: at every moment of the last minutes, how far
// did the tag leave its own line within the time of one handover? That is the motion which is not the switchover's doing.

import type { Pair, UnitId } from '../plant.ts'
import { isCode, type Sample } from '../sync/samples.ts'
import { type BumpMemory, newTrack, type Track, type Tracks } from './bump-memory.ts'
import { handoverMs, typicalHoldMs } from './handover.ts'
import { lineThrough, on } from './line.ts'

/** Samples and rehearsals that are kept for each tag. */
const samplesKept = 32
const rehearsalsKept = 32

/** Times that follow from the plant file, ms. */
export type TrackTimes = {
  /** How long a handover is looked at, and how far back the line before it is drawn. */
  readonly windowMs: number
  readonly fitMs: number
  /** Samples that follow each other sooner are left out, so that the kept ones reach far enough back. */
  readonly spacingMs: number
}

export function trackTimes(pair: Pair, cycleMs: number): TrackTimes {
  const windowMs = handoverMs(pair, typicalHoldMs(pair, cycleMs))
  const fitMs = Math.max(2000, 5 * pair.scanMs, windowMs / 3)
  return { windowMs, fitMs, spacingMs: Math.max(pair.scanMs, (windowMs + fitMs) / 28) }
}

/**
 * Takes in the newest samples of both units; `primary` is undefined when nobody or both are. While a switchover is measured nothing
 * is rehearsed: its bump is not the usual way of a tag.
 */
export function follow(
  memory: BumpMemory,
  primary: UnitId | undefined,
  newest: { readonly A?: Sample; readonly B?: Sample },
  times: TrackTimes,
): BumpMemory {
  const learns = memory.run === undefined
  if (memory.watched.length === 0) return memory
  if (primary === undefined) return memory
  const fresh = memory.tracks.primary === primary ? memory.tracks : begun(memory.tracks, primary)
  const lead = newest[primary]
  const standby = newest[primary === 'A' ? 'B' : 'A']
  const beforeMs = fresh.atMs.at(-1) ?? Number.NEGATIVE_INFINITY
  // Read on a grid: an instant a little early is still the next one.
  const due = lead !== undefined && lead.sentMs - beforeMs >= 0.75 * times.spacingMs
  if (!due) return fresh === memory.tracks ? memory : { ...memory, tracks: fresh }
  const together =
    standby !== undefined && Math.abs(standby.sentMs - lead.sentMs) <= times.spacingMs / 2
  const atMs = [...fresh.atMs, lead.sentMs].slice(-samplesKept)
  const rehearse = learns && lead.sentMs - fresh.rehearsedMs >= 0.8 * times.windowMs
  const tags = memory.watched.map(({ index }, place): Track => {
    const track = fresh.tags[place] ?? newTrack
    const value = numberAt(lead, index)
    const other = together ? numberAt(standby, index) : null
    const taken = withSample(track, value, other)
    return rehearse ? rehearsed(taken, atMs, times) : taken
  })
  const rehearsedMs = rehearse ? lead.sentMs : fresh.rehearsedMs
  return { ...memory, tracks: { primary, atMs, rehearsedMs, tags } }
}

/** The samples of before say nothing any more; what was learned of the tag itself does. */
export const begun = (tracks: Tracks, primary: UnitId | undefined): Tracks => ({
  ...(primary && { primary }),
  atMs: [],
  rehearsedMs: tracks.rehearsedMs,
  tags: tracks.tags.map((track) => ({ ...track, lead: [], follow: [] })),
})

function numberAt(sample: Sample, index: number): number | null {
  const number = sample.numbers[index]
  return number === undefined || !Number.isFinite(number) || isCode(number) ? null : number
}

const withSample = (track: Track, value: number | null, other: number | null): Track => ({
  ...track,
  lead: [...track.lead, value].slice(-samplesKept),
  follow: [...track.follow, other].slice(-samplesKept),
})

/** One more rehearsal, when the samples reach far enough back. */
function rehearsed(track: Track, atMs: readonly number[], times: TrackTimes): Track {
  const endMs = atMs.at(-1) ?? 0
  const startMs = endMs - times.windowMs
  const line = lineThrough(atMs, track.lead, startMs - times.fitMs, startMs)
  if (line === undefined || startMs - times.fitMs < (atMs[0] ?? endMs) - times.spacingMs)
    return track
  // The mean of the last third: there the way from the line is longest, and the noise averages out.
  let count = 0
  let sum = 0
  for (let index = 0; index < atMs.length; index++) {
    const at = atMs[index] ?? 0
    const value = track.lead[index]
    if (at < endMs - times.windowMs / 3 || value === undefined || value === null) continue
    count += 1
    sum += value - on(line, at)
  }
  if (count === 0) return track
  return {
    ...track,
    drifts: [...track.drifts, sum / count].slice(-rehearsalsKept),
    slopes: [...track.slopes, line.slope].slice(-rehearsalsKept),
  }
}
