// The ordered stop: nothing new begins, and what has begun is brought to an end before the service goes.

import type { PairView, SwitchoverView } from '../core/view.ts'
import type { Inbox } from '../serve/inbox.ts'

/** Every step has its own limit and ends by it; this much more is for reading, recording and the cycles between. */
const marginMs = 5_000
const shortestMs = 20_000
/** Below the time after which config/systemd/bumpless.service kills. */
const longestMs = 240_000

/** Nothing is cut: what is only prepared or proposed is aborted, what has been confirmed may end; nothing new begins. */
export async function endSwitchovers(
  inbox: Inbox,
  pairs: () => readonly PairView[],
): Promise<void> {
  const by = { name: 'supervisor', role: 'engineer', via: 'service stop' } as const
  inbox.stopFor(by.via)
  const startedMs = performance.now()
  let untilMs = startedMs + shortestMs
  while (performance.now() < untilMs) {
    const open = pairs().flatMap(({ switchover }) => switchover ?? [])
    if (open.length === 0) return
    // A confirmation that was given before the stop still counts: it is looked at first.
    const waits = inbox.open() > 0
    for (const one of open) {
      untilMs = Math.min(startedMs + longestMs, Math.max(untilMs, startedMs + timeOf(one)))
      if (waits || (one.phase !== 'preparing' && one.phase !== 'proposed')) continue
      const reason = 'the service is stopping'
      await inbox.submit({ kind: 'abort', switchover: one.id, reason }, by)
    }
    await new Promise((done) => setTimeout(done, 50))
  }
}

/** The longest that its plan allows, ms. */
const timeOf = ({ evidence }: SwitchoverView): number =>
  (evidence?.plan ?? []).reduce((sum, { limitMs }) => sum + limitMs, marginMs)

export const stopSignal = (): Promise<string> =>
  new Promise((done) => {
    process.once('SIGTERM', () => done('SIGTERM'))
    process.once('SIGINT', () => done('SIGINT'))
  })
