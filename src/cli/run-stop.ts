// The ordered stop: nothing new begins, and what has begun is brought to an end before the service goes.

import type { PairView } from '../core/view.ts'
import type { Inbox } from '../serve/inbox.ts'

/** A switchover that is under way when the service is told to stop may take this long to end. */
const stopWithinMs = 20_000

/** Nothing is cut: what is only prepared or proposed is aborted, what has been confirmed may end; nothing new begins. */
export async function endSwitchovers(
  inbox: Inbox,
  pairs: () => readonly PairView[],
): Promise<void> {
  const by = { name: 'supervisor', role: 'engineer', via: 'service stop' } as const
  inbox.stopFor(by.via)
  const untilMs = performance.now() + stopWithinMs
  while (performance.now() < untilMs) {
    const open = pairs().flatMap(({ switchover }) => switchover ?? [])
    if (open.length === 0) return
    for (const { id, phase } of open) {
      if (phase !== 'preparing' && phase !== 'proposed') continue
      await inbox.submit({ kind: 'abort', switchover: id, reason: 'the service is stopping' }, by)
    }
    await new Promise((done) => setTimeout(done, 50))
  }
}

export const stopSignal = (): Promise<string> =>
  new Promise((done) => {
    process.once('SIGTERM', () => done('SIGTERM'))
    process.once('SIGINT', () => done('SIGINT'))
  })
