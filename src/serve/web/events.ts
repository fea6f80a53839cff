// One client's event stream (SSE): start frames, then everything from the feed until the client goes, its session ends, or
// it does not keep up. A client that reads too slowly is dropped, because it would show the past as the present.

import type { ServerResponse } from 'node:http'
import { filter, type Subscription } from 'rxjs'
import type { Access } from '../access.ts'
import type { Feed } from './feed.ts'
import { type Reply, refuse } from './replies.ts'

export type Streams = {
  /** Why this session cannot have one more stream; undefined when it can. */
  refusal(sessionId: string): Reply | undefined
  /** Takes over the response and writes events to it. */
  open(sessionId: string, lastId: string | undefined, response: ServerResponse): void
  close(): void
}

/** Browsers open at most six connections to a server; more streams than this and an order could not get out any more. */
const streamsPerSession = 4
/** Bytes that may wait for a client before it is dropped. */
const waitingBytesMax = 1_000_000

export function openStreams(feed: Feed, access: Access): Streams {
  const open = new Map<ServerResponse, string>()
  const countOf = (sessionId: string): number =>
    [...open.values()].filter((other) => other === sessionId).length

  const refusal = (sessionId: string): Reply | undefined => {
    if (!feed.isReady()) {
      return refuse('starting', 'the first cycle has not ended yet; try again in a second')
    }
    if (countOf(sessionId) < streamsPerSession) return undefined
    const text = `this session has ${streamsPerSession} event streams open already; close one`
    return refuse('too-many', text)
  }

  const send = (response: ServerResponse, frame: string): void => {
    if (response.destroyed) return
    if (response.writableLength > waitingBytesMax) response.destroy()
    else response.write(frame)
  }

  const openOne = (sessionId: string, lastId: string | undefined, response: ServerResponse) => {
    open.set(response, sessionId)
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'x-accel-buffering': 'no',
    })
    // Ask for a quick reconnect: a control room must not look at a still picture.
    response.write('retry: 1000\n\n')
    for (const frame of feed.start(lastId) ?? []) response.write(frame)
    const subscriptions: Subscription[] = [
      feed.frames.subscribe({
        next: (frame) => send(response, frame),
        complete: () => response.end(),
      }),
      access.ended
        .pipe(filter(({ session }) => session.id === sessionId))
        .subscribe(() => response.end()),
    ]
    response.on('error', () => response.destroy())
    response.on('close', () => {
      open.delete(response)
      for (const subscription of subscriptions) subscription.unsubscribe()
    })
  }

  return {
    refusal,
    open: openOne,
    close: () => {
      for (const response of open.keys()) response.end()
    },
  }
}
