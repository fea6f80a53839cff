// The event feed behind every stream: follows the board and turns its changes into one sequence of events for all clients,
// at most four times a second.

import { asyncScheduler, type Observable, Subject, throttleTime } from 'rxjs'
import type { View } from '../../core/view.ts'
import type { Board, Published } from '../board.ts'
import { type DeltaTracker, trackDeltas } from '../delta.ts'
import { alarmEvents, openedPrompts, promptEvents, type ScreenEvent } from '../screen-events.ts'
import { frameOf, openEventLog } from './event-log.ts'

export type Feed = {
  /** Every new event, ready to be sent. */
  readonly frames: Observable<string>
  /**
   * What a new client has to be sent first: the events after `lastId` when they are still kept, otherwise a snapshot
   * followed by the prompts that are open. Undefined until the first view was published.
   */
  start(lastId: string | undefined): readonly string[] | undefined
  /** True once there is something to start with. */
  isReady(): boolean
  /** Tells every client that the service is stopping: silence would look like a broken line. */
  tellStop(): void
  close(): void
}

const coalesceMs = 250
const tickMs = 1_000

export function openFeed(board: Board): Feed {
  const log = openEventLog()
  const frames = new Subject<string>()
  let revision = 0
  let tracker: DeltaTracker | undefined
  const put = (event: ScreenEvent): void => frames.next(log.put(event))

  const show = (published: Published): void => {
    revision = published.revision
    const before = tracker?.shown()
    const nowMs = performance.now()
    if (tracker === undefined || before === undefined || !sameShape(before, published.view)) {
      tracker = trackDeltas(published.view, nowMs)
      put({ event: 'snapshot', data: { revision, ...published.view } })
      return
    }
    const delta = tracker.next(published.view, revision, nowMs)
    if (delta === undefined) return
    put({ event: 'delta', data: delta })
    const after = tracker.shown()
    for (const event of alarmEvents(before, after, revision)) put(event)
    for (const event of promptEvents(before, after, revision)) put(event)
  }

  const start = (lastId: string | undefined): readonly string[] | undefined => {
    if (tracker === undefined) return undefined
    const view = tracker.shown()
    const snapshot: ScreenEvent = { event: 'snapshot', data: { revision, ...view } }
    return log.after(lastId) ?? [snapshot, ...openedPrompts(view, revision)].map(log.frame)
  }

  const newest = board.current()
  if (newest !== undefined) show(newest)
  const shown = board.changes
    .pipe(throttleTime(coalesceMs, asyncScheduler, { leading: true, trailing: true }))
    .subscribe(show)
  const ticking = setInterval(() => {
    const tick = { wallMs: Date.now(), revision, quietMs: board.quietMs() }
    frames.next(frameOf({ event: 'tick', data: tick }))
  }, tickMs)
  ticking.unref()
  return {
    frames: frames.asObservable(),
    start,
    isReady: () => tracker !== undefined,
    tellStop: () => put({ event: 'stopping', data: { wallMs: Date.now(), revision } }),
    close: () => {
      clearInterval(ticking)
      shown.unsubscribe()
      // What happened last is told before the line ends.
      const last = board.current()
      if (last !== undefined && last.revision !== revision) show(last)
      frames.complete()
    },
  }
}

// Deltas carry neither the configuration nor the list of pairs.
const sameShape = (before: View, after: View): boolean =>
  before.configDigest === after.configDigest &&
  before.mode === after.mode &&
  before.site === after.site &&
  namesOf(before) === namesOf(after)

const namesOf = (view: View): string => JSON.stringify(view.pairs.map((pair) => pair.name))
