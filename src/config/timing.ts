// What the numbers of a pair add up to: the time that a selection must survive, and how late the supervisor may notice things.
// Pure; the same sums are judged when the plant file is read and printed by `check`.

/** Measured figures that the sum needs; until something is measured, `assumedFigures` stand in. */
export type Measured = {
  /** Time to make one record durable on every journal copy, 99th percentile. */
  readonly journalSyncMs: number
  /** One request and its answer, 99.9th percentile. */
  readonly roundTripMs: number
  /** One scan of the controllers' program; without it the pair's own limit counts. */
  readonly plcScanMs?: number
}

/** A disk that syncs slowly and a plant network under load; a plant that is worse must be measured. */
export const assumedFigures: Measured = { journalSyncMs: 50, roundTripMs: 100 }

/**
 * A unit drops a selection after 3 s (docs/protocols.md, section 3). From the SELECT to the OPERATE must take less than 2 s, so
 * that a third of it is left for what nobody measured.
 */
export const switchTimeLimitMs = 2000

export type SwitchTime = {
  readonly parts: readonly { readonly what: string; readonly ms: number }[]
  readonly sumMs: number
  /** Why the pair is refused; absent when the sum stays under the limit. */
  readonly fault?: string
}

/**
 * The longest time from SELECT to OPERATE: the record made durable, two cycles, two burst polls, four round trips and four
 * scans of the controllers. All in ms.
 */
export function switchTime(
  pair: { readonly burstMs: number; readonly gates: { readonly scanTimeMsMax: number } },
  plant: { readonly cycleMs: number },
  measured: Measured = assumedFigures,
): SwitchTime {
  const plcScanMs = measured.plcScanMs ?? pair.gates.scanTimeMsMax
  const parts = [
    { what: 'journal sync', ms: measured.journalSyncMs },
    { what: '2 cycles', ms: 2 * plant.cycleMs },
    { what: '2 burst polls', ms: 2 * pair.burstMs },
    { what: '4 round trips', ms: 4 * measured.roundTripMs },
    { what: '4 PLC scans', ms: 4 * plcScanMs },
  ]
  const sumMs = parts.reduce((sum, part) => sum + part.ms, 0)
  if (sumMs < switchTimeLimitMs) return { parts, sumMs }
  const listed = parts.map((part) => `${part.what} ${part.ms}`).join(' + ')
  return {
    parts,
    sumMs,
    fault:
      `from SELECT to OPERATE it may take ${sumMs} ms (${listed}); it must stay under ` +
      `${switchTimeLimitMs} ms: shorten cycle_ms, burst_ms or gates.scan_time_ms_max`,
  }
}

/** How late things may be noticed, in ms, worst case. */
export type Delays = {
  /** A unit that stops answering is called lost. */
  readonly lossMs: number
  /** A unit that answers with a standing heartbeat is called frozen. */
  readonly frozenMs: number
  /** An old role or value is still taken for true, because nothing newer came. */
  readonly blindMs: number
}

/**
 * Ages count from the moment at which a request was sent, and are judged once a cycle. A frozen heartbeat shows only in an
 * answer, so one scan period and one answer come on top.
 */
export const delaysOf = (
  pair: {
    readonly scanMs: number
    readonly gates: {
      readonly lostMs: number
      readonly freshMs: number
      readonly heartbeatMs: number
    }
  },
  timeoutMs: number,
  plant: { readonly cycleMs: number },
): Delays => ({
  lossMs: pair.gates.lostMs + plant.cycleMs,
  frozenMs: pair.gates.heartbeatMs + pair.scanMs + timeoutMs + plant.cycleMs,
  blindMs: pair.gates.freshMs + plant.cycleMs,
})
