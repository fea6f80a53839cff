// Runs the scans in real time on the monotonic clock. A late event loop owes scans: they are run in
// batches, so that requests are answered in between, and a debt that is too old is forgiven, as if
// the whole plant had stood still.
const BATCH_LIMIT = 50
const DEBT_LIMIT = 1000

export type ScanClock = { stop(): void }

/**
 * Calls `scan` once for each `scanMs` of real time.
 * @param afterBatch called after each batch of scans, when the event loop is about to get its turn
 */
export function startScanClock(
  scanMs: number,
  scan: () => void,
  afterBatch: () => void,
): ScanClock {
  let nextDueMs = performance.now() + scanMs
  let stopped = false
  const run = () => {
    if (stopped) return
    const nowMs = performance.now()
    nextDueMs = Math.max(nextDueMs, nowMs - DEBT_LIMIT * scanMs)
    for (let count = 0; count < BATCH_LIMIT && nextDueMs <= nowMs; count += 1) {
      scan()
      nextDueMs += scanMs
    }
    afterBatch()
    if (nextDueMs <= nowMs) setImmediate(run)
    else setTimeout(run, Math.max(1, nextDueMs - performance.now()))
  }
  setTimeout(run, scanMs)
  return {
    stop: () => {
      stopped = true
    },
  }
}
