// What of the passing values is kept: each change, but of a value that moves by itself only so often or only when it moved far
// enough. The last value before a rest is always kept, so what stands in the history is what stood in the plant.

import type { Row, Sample } from './sample.ts'

export type KeepRule = {
  /** No two values are kept closer than this, ms; 0: every change. A change of quality is always kept. */
  readonly everyMs: number
  /** Moves up to this are not kept, in the value's own units. */
  readonly deadband: number
}

export type Keeping = {
  /** Takes a value that differs from the one before, or not. `quick`: every change counts now, as in a switchover. */
  offer(series: string, sample: Sample, rule: KeepRule, quick: boolean): void
  /** What is to be written now, in the order in which it came. `nowMs` is of the same clock as the samples. */
  take(nowMs: number): readonly Row[]
  /** The newest of every variable once more, as of `nowMs` where it is older: after a gap nothing else says what stands. */
  restate(nowMs: number): readonly Row[]
  /** Says of every variable that from `atMs` on nothing was kept. */
  gap(atMs: number): readonly Row[]
}

type Known = {
  kept: Sample
  /** A newer one that is held back. */
  held: Sample | undefined
  rule: KeepRule
}

export function openKeeping(): Keeping {
  const known = new Map<string, Known>()
  let ready: Row[] = []

  const keep = (series: string, one: Known, sample: Sample): void => {
    one.kept = sample
    one.held = undefined
    ready.push({ series, ...sample })
  }

  return {
    offer: (series, sample, rule, quick) => {
      const one = known.get(series)
      if (one === undefined) {
        known.set(series, { kept: sample, held: undefined, rule })
        ready.push({ series, ...sample })
        return
      }
      one.rule = rule
      if (sample.quality !== one.kept.quality || isOtherKind(one.kept, sample)) {
        keep(series, one, sample)
      } else if (sample.value === one.kept.value) {
        one.held = undefined
      } else if (moved(one.kept, sample) > rule.deadband || rule.deadband === 0) {
        if (quick || Math.abs(sample.atMs - one.kept.atMs) >= rule.everyMs) {
          keep(series, one, sample)
        } else one.held = sample
      }
    },
    take: (nowMs) => {
      for (const [series, one] of known) {
        const { held, kept, rule } = one
        if (held !== undefined && Math.abs(nowMs - kept.atMs) >= rule.everyMs) {
          keep(series, one, held)
        }
      }
      const taken = ready
      ready = []
      return taken
    },
    restate: (nowMs) =>
      [...known].map(([series, { kept, held }]) => {
        const newest = held ?? kept
        return { series, ...newest, atMs: Math.max(newest.atMs, nowMs) }
      }),
    gap: (atMs) =>
      [...known.keys()].map((series) => ({ series, atMs, quality: 'BadDataLost', value: null })),
  }
}

const isOtherKind = (one: Sample, other: Sample): boolean => typeof one.value !== typeof other.value

/** How far the value moved; texts move endlessly far. */
const moved = ({ value: from }: Sample, { value: to }: Sample): number =>
  typeof from === 'number' && typeof to === 'number'
    ? Math.abs(to - from)
    : Number.POSITIVE_INFINITY
