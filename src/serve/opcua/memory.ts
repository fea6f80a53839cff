// What clients take of the memory of the server's thread. Each limit by itself leaves room; when all are used to the full at once, the
// session that has most goes before the memory does.

import { constants, PerformanceObserver } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import type { OPCUAServer, ServerSession } from 'node-opcua'
import { clientLimits } from './client-limits.ts'
import type { Tell } from './tell.ts'
import type { Users } from './users.ts'

/** Watches the memory in use, from what is in use now, until the returned function is called. */
export function guardMemory(server: OPCUAServer, users: Users, tell: Tell): () => void {
  const allowedBytes = usedBytes() + clientLimits.memoryMaxBytes
  // What is in use is known only right after a collection of everything.
  const observer = new PerformanceObserver((list) => {
    const whole = list.getEntries().some(isWholeCollection)
    if (!whole || usedBytes() <= allowedBytes) return
    const heaviest = heaviestOf(server.engine.getSessions())
    if (heaviest === undefined) return
    const { authenticationToken, currentMonitoredItemCount: items } = heaviest
    const user = users.callerOf(heaviest)?.user ?? 'nobody'
    const megabytes = Math.round(clientLimits.memoryMaxBytes / 1e6)
    const text = `clients take more than ${megabytes} MB of memory: the session of ${user} with ${items} monitored items is ended`
    tell(user, text, { user })
    server.engine.closeSession(authenticationToken, true, 'Forcing')
  })
  observer.observe({ entryTypes: ['gc'] })
  return () => observer.disconnect()
}

const usedBytes = (): number => getHeapStatistics().used_heap_size

const isWholeCollection = (entry: object): boolean => {
  const detail: unknown = 'detail' in entry ? entry.detail : undefined
  const kind = typeof detail === 'object' && detail !== null && 'kind' in detail ? detail.kind : 0
  return kind === constants.NODE_PERFORMANCE_GC_MAJOR
}

/** Items are what a session is made of: each is kept with its queue. */
function heaviestOf(sessions: readonly ServerSession[]): ServerSession | undefined {
  return sessions.toSorted(
    (one, other) => other.currentMonitoredItemCount - one.currentMonitoredItemCount,
  )[0]
}
