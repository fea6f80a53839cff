// What really happened, scan by scan: when both units of a pair drove the process and when none
// did, and what led to it. Tests judge the supervisor by these latches, never by what anybody
// reports.

export type Latch = {
  /** Scans in which it was so. */
  scans: number
  firstAtMs: number | null
  lastAtMs: number | null
  /** What led to it the last time that it began; null when it never was so. */
  cause: string | null
  /** Scans for each cause: one supervisor's mistake does not hide behind a later fault. */
  causes: Record<string, number>
}

export type Truth = {
  bothActive: Latch
  noneActive: Latch
  /** Which units drove the process in the scan before. */
  lastDriving: readonly boolean[]
  /** What led to that. */
  lastCause: string
}

/** Latches of a pair that has not been scanned yet. */
export function newTruth(): Truth {
  return { ...noLatches(), lastDriving: [], lastCause: 'start' }
}

/** Forgets what was latched; a state that stands is latched again in the next scan. */
export function resetTruth(truth: Truth): void {
  Object.assign(truth, noLatches())
}

/**
 * Latches one scan.
 * @param units whether each unit drives the process, and what last changed that
 */
export function latchTruth(
  truth: Truth,
  units: readonly { readonly drives: boolean; readonly cause: string }[],
  nowMs: number,
): void {
  const changed = units.filter((unit, index) => unit.drives !== truth.lastDriving[index])
  if (changed.length > 0) {
    truth.lastDriving = units.map((unit) => unit.drives)
    truth.lastCause = [...new Set(changed.map((unit) => unit.cause))].join(' and ')
  }
  if (units.every((unit) => unit.drives)) latch(truth.bothActive, nowMs, truth.lastCause)
  if (units.every((unit) => !unit.drives)) latch(truth.noneActive, nowMs, truth.lastCause)
}

function latch(target: Latch, nowMs: number, cause: string): void {
  target.scans += 1
  target.firstAtMs ??= nowMs
  target.lastAtMs = nowMs
  target.cause = cause
  target.causes[cause] = (target.causes[cause] ?? 0) + 1
}

function noLatches(): { bothActive: Latch; noneActive: Latch } {
  return { bothActive: newLatch(), noneActive: newLatch() }
}

function newLatch(): Latch {
  return { scans: 0, firstAtMs: null, lastAtMs: null, cause: null, causes: {} }
}
