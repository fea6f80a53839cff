// The measurement of one tag through a switchover, sample by sample, at whichever unit is in control.

import type { Tag } from '../tag.ts'
import type { TagRun, Track } from './bump-memory.ts'
import type { TagBump } from './bump-view.ts'
import { type Line, lineThrough, on } from './line.ts'

/** A tag counts as settled when it has been inside for so long, ms. */
const calmMs = 5000

/** Begins at the first OPERATE: where the tag was heading, and how fast it moves on ordinary days. */
export function newTagRun(
  track: Track,
  atMs: readonly number[],
  fitMs: number,
  startMs: number,
): TagRun {
  const line = lineThrough(atMs, track.lead, startMs - fitMs, startMs)
  return {
    ...(line && { line }),
    usualRate: Math.max(0, ...track.slopes.map(Math.abs)),
    outsideMs: 0,
  }
}

/** One more sample of the unit in control; `handover` while the step and the excursion count. */
export function takeSample(
  run: TagRun,
  atMs: number,
  value: number,
  tag: Tag,
  handover: boolean,
): TagRun {
  const { last } = run
  if (last !== undefined && atMs <= last.atMs) return run
  // Nothing known of before: then the first sample is what the others are held against.
  const line: Line = run.line ?? { atMs, value, slope: 0 }
  const change = last === undefined ? undefined : Math.abs(value - last.value)
  const away = Math.abs(value - on(line, atMs))
  const allowed = tag.tolerance + (run.usualRate * Math.max(0, atMs - line.atMs)) / 1000
  const outside = Math.abs(value - line.value) > allowed
  const step = handover && change !== undefined ? Math.max(run.step ?? 0, change) : run.step
  return {
    ...run,
    line,
    last: { atMs, value },
    ...(step !== undefined && { step }),
    ...(handover && { excursion: Math.max(run.excursion ?? 0, away) }),
    ...(outside && {
      outsideMs: run.outsideMs + (last === undefined ? 0 : atMs - last.atMs),
      lastOutsideMs: atMs,
    }),
  }
}

/** Inside for long enough, counted from `fromMs` at the earliest. */
export const isSettled = (run: TagRun, fromMs: number): boolean =>
  run.last !== undefined && run.last.atMs - Math.max(run.lastOutsideMs ?? fromMs, fromMs) >= calmMs

/** What was found, as the report shows it. */
export const tagBump = (run: TagRun, tag: Tag, startMs: number, settled: boolean): TagBump => ({
  name: tag.name,
  units: tag.units,
  tolerance: tag.tolerance,
  ...(run.step !== undefined && { step: figure(run.step) }),
  ...(run.excursion !== undefined && { excursion: figure(run.excursion) }),
  outsideMs: Math.round(run.outsideMs),
  ...(settled && {
    settledMs: run.lastOutsideMs === undefined ? 0 : Math.round(run.lastOutsideMs - startMs),
  }),
})

/** Three figures: more would pretend a precision that reads do not have. */
export const figure = (value: number): number => Number(value.toPrecision(3))
