// One variable's past in an array: the plain model that the store is compared with, and the source for tables.

import type { Sample, SampleQuality, SampleSource } from '../../../src/serve/history/sample.ts'

/** The samples in any order; of two at one time the later one counts. */
export function arraySource(given: readonly Sample[], aliveMs: number): SampleSource {
  const byTime = new Map(given.map((sample) => [sample.atMs, sample]))
  const samples = [...byTime.values()].sort((one, other) => one.atMs - other.atMs)
  const within = (from: number, to: number) =>
    samples.filter(({ atMs }) => atMs >= from && atMs < to)
  return {
    forward: (from, to, limit) => within(from, to).slice(0, limit),
    backward: (from, to, limit) =>
      samples
        .filter(({ atMs }) => atMs <= from && atMs > to)
        .reverse()
        .slice(0, limit),
    each: within,
    newestBefore: (at) => samples.findLast(({ atMs }) => atMs < at),
    oldestAfter: (at) => samples.find(({ atMs }) => atMs > at),
    aliveMs,
  }
}

export const sample = (
  atMs: number,
  value: Sample['value'],
  quality: SampleQuality = 'Good',
): Sample => ({ atMs, quality, value })
