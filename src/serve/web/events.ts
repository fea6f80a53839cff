// One client's event stream (SSE): start frames, then everything from the feed until the client goes, its session ends, or
// it does not keep up. A client that reads too slowly is dropped, because it would show the past as the present.

import type { ServerResponse } from 'node:http'
import { filter, type Subscription } from 'rxjs'
import type { Access } from '../access.ts'
import type { Feed } from './feed.ts'
import { type Reply, refuse } from './replies.ts'

export type StreamClient = { readonly sessionId: string; readonly address: string }

export type Streams = {
  /** Why this client cannot have one more stream; undefined when it can. */
  refusal(client: StreamClient): Reply | undefined
  /** Takes over the response and writes events to it. */
  open(client: StreamClient, lastId: string | undefined, response: ServerResponse): void
  /** Streams that are open, and those that were cut since the start because their client did not keep up. */
  counts(): { readonly open: number; readonly cut: number }
  close(): void
}

/** Browsers open at most six connections to a server; more streams than this and an order could not get out any more. */
const streamsPerSession = 4
/** So that one machine cannot take all connections; a reverse proxy is one address. */
const streamsPerAddress = 64
/** Bytes that may wait for a client before it is dropped. */
const waitingBytesMax = 1_000_000

export function openStreams(feed: Feed, access: Access): Streams {
  const open = new Map<ServerResponse, StreamClient>()
  let cut = 0
  const countOf = (part: keyof StreamClient, value: string): number =>
    [...open.values()].filter((other) => other[part] === value).length

  const refusal = ({ sessionId, address }: StreamClient): Reply | undefined => {
    if (!feed.isReady()) {
      return refuse('starting', 'the first cycle has not ended yet; try again in a second')
    }
    if (countOf('sessionId', sessionId) >= streamsPerSession) {
      const text = `this session has ${streamsPerSession} event streams open already; close one`
      return refuse('too-many', text)
    }
    if (countOf('address', address) < streamsPerAddress) return undefined
    const text = `${streamsPerAddress} event streams are open to ${address} already; close one`
    return refuse('too-many', text)
  }

  const send = (response: ServerResponse, frame: string): void => {
    if (response.destroyed) return
    if (response.writableLength <= waitingBytesMax) return void response.write(frame)
    cut += 1
    response.destroy()
  }

  const openOne: Streams['open'] = (client, lastId, response) => {
    const { sessionId } = client
    open.set(response, client)
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
    counts: () => ({ open: open.size, cut }),
    close: () => {
      for (const response of open.keys()) response.end()
    },
  }
}
