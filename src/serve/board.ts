// The one published view that every door shows. The cycle puts up a whole view; doors read the newest one or follow the changes.

import { type Observable, Subject } from 'rxjs'
import type { View } from '../core/view.ts'

export type Published = {
  /** Counts published views from 1. */
  readonly revision: number
  readonly view: View
}

export type Board = {
  publish(view: View): void
  /** The newest view; undefined until the first cycle has ended. */
  current(): Published | undefined
  /** Every view from now on, as it is published. */
  readonly changes: Observable<Published>
  /** Time since the last new cycle was published (since opening, before the first), ms. */
  quietMs(): number
  /** Ends `changes`. */
  close(): void
}

/** Opens an empty board. `nowMs` is a monotonic clock, ms. */
export function openBoard(nowMs: () => number = () => performance.now()): Board {
  const changes = new Subject<Published>()
  let newest: Published | undefined
  let advancedMs = nowMs()
  return {
    publish: (view) => {
      // A view of the same cycle again is no sign of life.
      if (newest?.view.cycle !== view.cycle) advancedMs = nowMs()
      newest = { revision: (newest?.revision ?? 0) + 1, view }
      changes.next(newest)
    },
    current: () => newest,
    changes: changes.asObservable(),
    quietMs: () => nowMs() - advancedMs,
    close: () => changes.complete(),
  }
}
