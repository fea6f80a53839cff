// The instants at which a group of devices is read: scan_ms divided by a whole number, counted from one origin, so that neither
// a late timer nor a slow reading ever shifts a later one. Samples fall on the undivided grid only. Pure.

export type Grid = {
  readonly originMs: number
  readonly scanMs: number
  /** Readings in one scan_ms: 1 in normal service, more in a burst. */
  readonly parts: number
}

export type Tick = {
  readonly atMs: number
  /** True on the scan_ms grid. */
  readonly sample: boolean
  /** The next sample, before which a burst reading must have ended. */
  readonly nextSampleMs: number
}

/** The whole number of readings in a scan that comes nearest to one each `periodMs`; never slower than scan_ms. */
export const partsFor = (scanMs: number, periodMs: number): number =>
  Math.max(1, Math.round(scanMs / periodMs))

/** The first tick after an instant. */
export const tickAfter = (grid: Grid, ms: number): Tick => tickAt(grid, indexAt(grid, ms) + 1)

/** The newest tick that is not after an instant. */
export const tickBefore = (grid: Grid, ms: number): Tick => tickAt(grid, indexAt(grid, ms))

function tickAt(grid: Grid, index: number): Tick {
  const { originMs, scanMs, parts } = grid
  const scan = Math.floor(index / parts)
  const part = index - scan * parts
  return {
    atMs: originMs + scan * scanMs + (part * scanMs) / parts,
    sample: part === 0,
    nextSampleMs: originMs + (scan + 1) * scanMs,
  }
}

/** A millionth of a step is forgiven: a tick's own time, a rounded number, must not fall before the tick. */
const indexAt = (grid: Grid, ms: number): number =>
  Math.floor(((ms - grid.originMs) * grid.parts) / grid.scanMs + 1e-6)
