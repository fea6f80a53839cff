// The live view of the plant over server-sent events. It reconnects for ever with a growing pause and says LOST and LIVE
// itself: the service ticks each second, so five seconds of silence are a loss even while the socket is open.

import type { View } from '../core/view.ts'
import { applyDelta, type Delta } from '../serve/delta.ts'
import type { Client } from './client.ts'
import { Halt, isUnreachable } from './outcome.ts'
import { withoutControls } from './paint.ts'
import { makeSseParser, type ServerEvent } from './sse.ts'

export type FeedNews =
  | { readonly kind: 'live' }
  | { readonly kind: 'lost'; readonly text: string }
  | { readonly kind: 'view'; readonly view: View }

const silenceMs = 5000
const firstPauseMs = 250
const longestPauseMs = 5000

/**
 * Yields every view as it comes, and each loss and return of the connection, until `signal`.
 * Throws `Halt` when the service refuses the session: waiting would not help.
 */
export async function* follow(
  client: Client,
  signal: AbortSignal,
): AsyncGenerator<FeedNews, void, undefined> {
  let pauseMs = firstPauseMs
  while (!signal.aborted) {
    let why = 'the stream ended'
    try {
      for await (const view of oneStream(client, signal)) {
        if (pauseMs !== 0) yield { kind: 'live' }
        pauseMs = 0
        yield { kind: 'view', view }
      }
    } catch (fault) {
      if (signal.aborted) return
      if (fault instanceof Halt && !isUnreachable(fault)) throw fault
      why = fault instanceof Error ? fault.message : String(fault)
    }
    if (signal.aborted) return
    if (pauseMs <= firstPauseMs) yield { kind: 'lost', text: why }
    pauseMs = Math.min(longestPauseMs, Math.max(firstPauseMs, pauseMs) * 2)
    await pause(pauseMs, signal)
  }
}

/** Ends the wait early, without a fault, when `signal` comes. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    if (signal.aborted) done()
    else signal.addEventListener('abort', done)
  })
}

async function* oneStream(client: Client, signal: AbortSignal): AsyncGenerator<View> {
  const dead = new AbortController()
  const either = AbortSignal.any([signal, dead.signal])
  const alarm = (): void => dead.abort(new Error(`no word for ${silenceMs / 1000} s`))
  let timer = setTimeout(alarm, silenceMs)
  try {
    const response = await client.events(either)
    const parser = makeSseParser()
    const decoder = new TextDecoder()
    let view: View | undefined
    for await (const chunk of response.body ?? []) {
      clearTimeout(timer)
      timer = setTimeout(alarm, silenceMs)
      for (const event of parser.push(decoder.decode(chunk, { stream: true }))) {
        const next = viewAfter(view, event)
        if (next !== undefined && next !== view) yield next
        view = next
      }
    }
  } catch (fault) {
    if (dead.signal.aborted && !signal.aborted) throw dead.signal.reason
    throw fault
  } finally {
    clearTimeout(timer)
    dead.abort()
  }
}

function viewAfter(view: View | undefined, event: ServerEvent): View | undefined {
  if (event.event === 'snapshot') return parsed<View>(event.data)
  if (event.event === 'delta' && view) return applyDelta(view, parsed<Delta>(event.data))
  return view
}

const parsed = <T>(data: string): T =>
  JSON.parse(data, (_, value: unknown) =>
    typeof value === 'string' ? withoutControls(value) : value,
  )
