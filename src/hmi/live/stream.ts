// The event stream as a page gets it: the whole plant once, then what changes of it. It runs in a worker that all tabs of
// a browser share, because a stream per tab would use up the connections that a browser makes, and an order could not get out any more.

import type { View } from '../../core/view.ts'
import { applyDelta, type Delta } from '../../serve/delta.ts'
import type { Tick } from '../../serve/screen-events.ts'

/** What a page hears: the whole plant once, then what changed of it. */
export type News =
  | { readonly kind: 'view'; readonly view: View }
  | { readonly kind: 'delta'; readonly delta: Delta }
  | { readonly kind: 'tick'; readonly tick: Tick }
  /** The stream is not there; it is tried again every second. `refused`: the service answered, and gave none. */
  | { readonly kind: 'down'; readonly refused: boolean }

/** What a page tells the worker. */
export type Wish =
  | { readonly kind: 'follow'; readonly session: string }
  | { readonly kind: 'leave' }

export type Stream = {
  /** The newest view, for somebody who comes later. */
  newest(): View | undefined
  close(): void
}

const retryMs = 1_000

export function openStream(tell: (news: News) => void): Stream {
  let source: EventSource | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  let shown: View | undefined

  const take = (news: Exclude<News, { kind: 'down' | 'tick' }>): void => {
    if (news.kind === 'view') shown = news.view
    else if (shown === undefined) return
    else shown = applyDelta(shown, news.delta)
    tell(news)
  }

  const connect = (): void => {
    source = new EventSource('/api/v1/events')
    on<View & { revision: number }>('snapshot', ({ revision: _, ...view }) =>
      take({ kind: 'view', view }),
    )
    on<Delta>('delta', (delta) => take({ kind: 'delta', delta }))
    on<Tick>('tick', (tick) => tell({ kind: 'tick', tick }))
    source.addEventListener('error', () => {
      // The browser goes on by itself after a lost connection, but gives up after a refusal.
      const refused = source?.readyState === EventSource.CLOSED
      tell({ kind: 'down', refused })
      if (refused) retry = setTimeout(connect, retryMs)
    })
  }
  const on = <T>(event: string, take: (data: T) => void): void =>
    source?.addEventListener(event, ({ data }: MessageEvent<string>) => take(JSON.parse(data) as T))

  connect()
  return {
    newest: () => shown,
    close: () => {
      clearTimeout(retry)
      source?.close()
    },
  }
}
