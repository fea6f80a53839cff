// What waits for the disk. One batch is under way at most and is kept until it is written; when more waits than there is room for,
// the rest is lost, and the stretch is marked as such once writing goes on.

import { type KeepRule, openKeeping } from './keeping.ts'
import type { EventRow, Row, Sample } from './sample.ts'
import type { Batch } from './store.ts'

export type Backlog = {
  offer(series: string, sample: Sample, rule: KeepRule, quick: boolean): void
  event(event: EventRow): void
  /** Takes everything that is to be kept into the line. Yields how much waits. */
  gather(nowMs: number): { readonly rows: number; readonly events: number }
  /** The next batch, also an empty one; undefined while one is under way. `nowMs` is wall time. */
  next(nowMs: number): Batch | undefined
  /** The batch was written. `opened`: the file was opened for it, so what stood before has to be told once more. */
  written(nowMs: number, opened: boolean): void
  /** It was not; it goes first in the next one. */
  refused(): void
}

export type BacklogLimits = { readonly rowsMax: number; readonly eventsMax: number }

export function openBacklog({ rowsMax, eventsMax }: BacklogLimits): Backlog {
  const keeping = openKeeping()
  let rows: Row[] = []
  let events: EventRow[] = []
  let underWay: Batch | undefined
  /** From this source time on entries were lost. */
  let lostMs: number | undefined

  const gather = (nowMs: number) => {
    for (const row of keeping.take(nowMs)) {
      if (lostMs === undefined && rows.length < rowsMax) rows.push(row)
      else lostMs = Math.min(lostMs ?? row.atMs, row.atMs)
    }
    return { rows: rows.length, events: events.length }
  }

  return {
    offer: keeping.offer,
    event: (event) => {
      if (events.length < eventsMax) events.push(event)
    },
    gather,
    next: (nowMs) => {
      if (underWay !== undefined) return undefined
      gather(nowMs)
      underWay = { rows, events, aliveMs: nowMs }
      rows = []
      events = []
      return underWay
    },
    written: (nowMs, opened) => {
      underWay = undefined
      if (!opened && lostMs === undefined) return
      // Newer entries that wait already come later and replace what is told here for the same time.
      const gap = lostMs === undefined ? [] : keeping.gap(lostMs)
      rows = [...gap, ...keeping.restate(nowMs), ...rows]
      lostMs = undefined
    },
    refused: () => {
      rows = [...(underWay?.rows ?? []), ...rows]
      events = [...(underWay?.events ?? []), ...events]
      underWay = undefined
    },
  }
}
