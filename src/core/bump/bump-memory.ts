// What is remembered of a pair's bumps from cycle to cycle: the recent way of every tag that is marked `bump`, how long earlier
// switchovers took, and the measurement that is under way.

import type { Pair, UnitId } from '../plant.ts'
import type { Tag } from '../tag.ts'
import type { Line } from './line.ts'

/** A tag that is watched for bumps or limits, and its place among the tags of the pair. */
export type Watched = { readonly tag: Tag; readonly index: number }

/** The last samples of one tag, and what they say about its ways. Every list is short and bounded. */
export type Track = {
  /** Values of the primary and of the standby at the instants of `Tracks.atMs`; null where one was not known. */
  readonly lead: readonly (number | null)[]
  readonly follow: readonly (number | null)[]
  /** Rehearsals: how far the tag left its own line within one handover, its noise taken out, and the slope of that line. */
  readonly drifts: readonly number[]
  readonly slopes: readonly number[]
}

export type Tracks = {
  /** The primary whose samples are kept; another one begins anew. */
  readonly primary?: UnitId
  readonly atMs: readonly number[]
  readonly rehearsedMs: number
  readonly tags: readonly Track[]
}

/** One read of a unit's role: the truth of some instant between the two. */
export type RoleRead = { readonly sentMs: number; readonly receivedMs: number }

/** The reads between which the pair had no active unit. */
export type GapReads = {
  readonly lastPrimary?: RoleRead
  readonly firstNotPrimary?: RoleRead
  readonly lastStandby?: RoleRead
  readonly firstPrimary?: RoleRead
}

/** The measurement of one tag. */
export type TagRun = {
  readonly line?: Line
  /** Change per second that is usual for the tag, and so not a bump. */
  readonly usualRate: number
  readonly last?: { readonly atMs: number; readonly value: number }
  readonly step?: number
  readonly excursion?: number
  readonly outsideMs: number
  readonly lastOutsideMs?: number
}

/** The measurement of one switchover, from its first OPERATE on. */
export type BumpRun = {
  readonly switchover: string
  readonly from: UnitId
  readonly to: UnitId
  /** The unit whose values count until the new one is primary. */
  readonly before: UnitId
  readonly startMs: number
  readonly endedMs?: number
  readonly reads: GapReads
  readonly tags: readonly TagRun[]
}

export type BumpMemory = {
  /** Tags that are marked `bump`, then those that only have limits. */
  readonly watched: readonly Watched[]
  readonly bumpTags: number
  readonly tracks: Tracks
  /** Times without an active unit of the last switchovers that went well, newest last, ms. */
  readonly holdsMs: readonly number[]
  readonly run?: BumpRun
}

/** As many earlier switchovers as "usual" rests on. */
const holdsKept = 8

export function newBumpMemory(pair: Pair, holdsMs: readonly number[] = []): BumpMemory {
  const all = pair.tags.map((tag, index): Watched => ({ tag, index }))
  const bump = all.filter(({ tag }) => tag.bump)
  const limited = all.filter(({ tag }) => !tag.bump && tag.limits !== undefined)
  const watched = [...bump, ...limited]
  return {
    watched,
    bumpTags: bump.length,
    tracks: { atMs: [], rehearsedMs: 0, tags: watched.map(() => newTrack) },
    holdsMs: holdsMs.slice(-holdsKept),
  }
}

export const newTrack: Track = { lead: [], follow: [], drifts: [], slopes: [] }

export const withHold = (memory: BumpMemory, holdMs: number): BumpMemory => ({
  ...memory,
  holdsMs: [...memory.holdsMs, holdMs].slice(-holdsKept),
})
