// How punctual and how long the newest cycles were: a ring of figures that costs two numbers a cycle, and is sorted only when
// somebody asks.

export type CycleFigures = {
  /** Since the start. */
  readonly cycles: number
  readonly lateMs: Quantiles
  readonly tookMs: Quantiles
}
export type Quantiles = { readonly p50: number; readonly p99: number; readonly max: number }

export type CycleTimes = {
  /** Notes one cycle, ms. */
  note(lateMs: number, tookMs: number): void
  /** Of the newest cycles, at most 3000: five minutes at 100 ms. */
  figures(): CycleFigures
}

const kept = 3_000

export function openCycleTimes(): CycleTimes {
  const late = new Float64Array(kept)
  const took = new Float64Array(kept)
  let cycles = 0
  return {
    note: (lateMs, tookMs) => {
      late[cycles % kept] = lateMs
      took[cycles % kept] = tookMs
      cycles += 1
    },
    figures: () => {
      const count = Math.min(cycles, kept)
      const of = (ring: Float64Array): Quantiles => quantiles(ring.slice(0, count).sort())
      return { cycles, lateMs: of(late), tookMs: of(took) }
    },
  }
}

/** Of figures in rising order; zeros before the first. */
function quantiles(sorted: Float64Array): Quantiles {
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0
  return { p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? 0 }
}
