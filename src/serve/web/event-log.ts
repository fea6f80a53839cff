// The newest events, written out once for all streams and numbered, so that a client that lost its line can go on where
// it stopped. Bounded in number and in bytes.

import { randomBytes } from 'node:crypto'
import type { ScreenEvent } from '../screen-events.ts'

export type EventLog = {
  /** Numbers an event, keeps it, and returns its frame. */
  put(event: ScreenEvent): string
  /** A frame for one client only: it carries the number of the newest event, after which that client goes on. */
  frame(event: ScreenEvent): string
  /** The frames after the event with this id; undefined when they are not all here, or too long to be replayed. */
  after(lastId: string | undefined): readonly string[] | undefined
}

const eventsMax = 5_000
const bytesMax = 16_000_000
/** A replay longer than this would fill the buffer of a client; a snapshot is shorter. */
const replayBytesMax = 500_000

type Kept = { readonly sequence: number; readonly frame: string }

export function openEventLog(): EventLog {
  // Ids of an earlier run must not match: they start with a random tag.
  const run = randomBytes(3).toString('hex')
  const ring: Kept[] = []
  let bytes = 0
  let sequence = 0
  const frame = (event: ScreenEvent): string => frameOf(event, `${run}-${sequence}`)

  const put = (event: ScreenEvent): string => {
    sequence += 1
    const kept = { sequence, frame: frame(event) }
    ring.push(kept)
    bytes += kept.frame.length
    while (ring.length > eventsMax || (bytes > bytesMax && ring.length > 1)) {
      bytes -= ring.shift()?.frame.length ?? 0
    }
    return kept.frame
  }

  const after = (lastId: string | undefined): readonly string[] | undefined => {
    const [, tag, number] = /^([0-9a-f]+)-(\d+)$/.exec(lastId ?? '') ?? []
    const oldest = ring[0]?.sequence
    if (tag !== run || oldest === undefined) return undefined
    const last = Number(number)
    if (last < oldest - 1 || last > sequence) return undefined
    const missed = ring.filter((kept) => kept.sequence > last).map((kept) => kept.frame)
    const length = missed.reduce((sum, one) => sum + one.length, 0)
    return length > replayBytesMax ? undefined : missed
  }
  return { put, frame, after }
}

/** One event as text/event-stream. Without an id it does not move the place where a client goes on. */
export function frameOf({ event, data }: ScreenEvent, id?: string): string {
  const head = id === undefined ? '' : `id: ${id}\n`
  return `${head}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}
