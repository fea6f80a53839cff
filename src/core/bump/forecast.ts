// What a switchover now would do to a tag. Nothing is fitted to a model of the process: the last minutes are played through as if
// a handover had begun in them, with the difference that stands between the units now, the usual time without control, and the noise
// that was seen. The middle nine tenths of these plays are the interval. docs/switchover.md states what is assumed.

import type { Pair, UnitId } from '../plant.ts'
import type { Tag } from '../tag.ts'
import type { BumpMemory, Track } from './bump-memory.ts'
import type { Expected, TagForecast } from './bump-view.ts'
import { usualHoldMs } from './handover.ts'
import { withUnits } from './report-text.ts'
import { figure } from './tag-run.ts'
import { trackTimes } from './tracks.ts'

/** Rehearsals and differences that a forecast needs; with fewer the tails of nine in ten are not known. */
const rehearsalsNeeded = 6
const differencesNeeded = 6
/** The newest differences between the units count: an older one may have gone. */
const differencesUsed = 12
/** Levels of noise with which each rehearsal is played. */
const levels = 8
/**
 * Left out on each side. Less than the twentieth that nine in ten leave: the rehearsals overlap in time and count for fewer than they
 * are (test/simulation/bump.test.ts holds the share of hits between 85 and 95 %).
 */
const tail = 0.02
/** Beyond so many looks the largest noise hardly grows. */
const looksMax = 200

/** One forecast for each tag that is marked `bump`; empty for a pair without any. */
export function forecastOf(
  { watched, bumpTags, tracks, holdsMs }: BumpMemory,
  pair: Pair,
  cycleMs: number,
  target: UnitId,
  nowMs: number,
): readonly TagForecast[] {
  const times = trackTimes(pair, cycleMs)
  const holdMs = usualHoldMs(holdsMs, pair, cycleMs)
  const stale = nowMs - (tracks.atMs.at(-1) ?? Number.NEGATIVE_INFINITY) > 5 * times.spacingMs
  const compared = tracks.primary !== undefined && tracks.primary !== target && !stale
  return watched.slice(0, bumpTags).map(({ tag }, place): TagForecast => {
    const { name, units } = tag
    const track = tracks.tags[place]
    if (track === undefined || !compared)
      return { name, units, text: `${name}: no forecast, the two units are not compared now` }
    const looks = Math.min(looksMax, Math.ceil(times.windowMs / pair.burstMs))
    const played = play(track, { holdS: holdMs / 1000, looks, lookS: pair.burstMs / 1000 })
    if (typeof played === 'string') return { name, units, text: `${name}: no forecast, ${played}` }
    const step = expected(played.steps)
    const excursion = expected(played.excursions)
    return { name, units, step, excursion, text: textOf(tag, step, excursion) }
  })
}

type Handover = { readonly holdS: number; readonly looks: number; readonly lookS: number }
type Played = { readonly steps: readonly number[]; readonly excursions: readonly number[] }

function play(track: Track, { holdS, looks, lookS }: Handover): Played | string {
  const { drifts, slopes, lead, follow } = track
  if (drifts.length < rehearsalsNeeded)
    return `${drifts.length} of ${rehearsalsNeeded} rehearsals seen`
  const apart = differencesOf(track).slice(-differencesUsed)
  if (apart.length < differencesNeeded) return 'the standby does not show it'
  const jump = mean(apart)
  const noises = [noiseIn(lead), noiseIn(follow)]
  const steps: number[] = []
  const excursions: number[] = []
  for (const [index, drift] of drifts.entries()) {
    const slope = slopes[index] ?? 0
    for (let level = 0; level < levels; level++) {
      // Levels are dealt out so that every one meets every other about equally often; chance has no place here.
      const share = (times: number): number => (((times * level + index) % levels) + 0.5) / levels
      const [own = noNoise, other = noNoise] = index % 2 === 0 ? noises : noises.toReversed()
      // Three dozen samples know the size of the noise to a third or so, and the other unit's sensor has a noise of its own.
      const unsure = 0.6 + 0.8 * share(5)
      const furthest = (count: number): number =>
        unsure * atRank(own.sizes, Math.max(0, 2 * share(1) ** (1 / count) - 1))
      // An output stands still while nobody drives it, with the noise it then had; a measured value goes on. Nobody said which one
      // this is.
      const stood = signed(atRank(other.sizes, Math.abs(2 * share(3) - 1)), share(3))
      // A minute tells how far the tag wanders, not whether it will be up or down.
      const way = share(7) < 0.5 ? -1 : 1
      const held = (level + index) % 2 === 0 ? stood - way * slope * holdS : 0
      const early = Math.abs(jump + held) + furthest((2 * looks) / 3)
      const late = Math.abs(jump + held + way * unsure * drift) + furthest(looks / 3)
      excursions.push(Math.max(early, late))
      const seen = apart[(5 * level + index) % apart.length] ?? jump
      // An output that the standby copies shows the other unit's noise, not the one that will come.
      const usual = (0.4 + 1.3 * share(5)) * atRank(own.changes, share(1) ** (1 / looks))
      steps.push(Math.max(Math.abs(seen), usual + Math.abs(slope) * lookS))
    }
  }
  return { steps, excursions }
}

const signed = (size: number, share: number): number => (share < 0.5 ? -size : size)

/** Sizes of the noise of a sample, and of its change to the next sample, each with the smallest first. */
type Noise = { readonly sizes: readonly number[]; readonly changes: readonly number[] }
const noNoise: Noise = { sizes: [], changes: [] }

/** How far each sample lies from the mean of its neighbours on both sides: slow motion cancels, noise is left. */
function noiseIn(values: readonly (number | null)[]): Noise {
  const sizes: number[] = []
  const changes: number[] = []
  let before: number | undefined
  for (let index = neighbours; index < values.length - neighbours; index++) {
    const around = values.slice(index - neighbours, index + neighbours + 1)
    const known = around.filter((value) => value !== null)
    const value = values[index] ?? null
    const whole = known.length === around.length && value !== null
    const rest = whole ? (mean(known) * known.length - value) / (known.length - 1) : 0
    // The mean of the neighbours has noise of its own.
    const noise = whole ? (value - rest) / Math.sqrt(1 + 1 / (2 * neighbours)) : undefined
    if (noise !== undefined) sizes.push(Math.abs(noise))
    if (noise !== undefined && before !== undefined) changes.push(Math.abs(noise - before))
    before = noise
  }
  return { sizes: sizes.toSorted(ascending), changes: changes.toSorted(ascending) }
}
const neighbours = 3

const differencesOf = ({ lead, follow }: Track): readonly number[] =>
  lead.flatMap((value, index) => {
    const other = follow[index]
    return value === null || other === null || other === undefined ? [] : [other - value]
  })

/** The middle of what was played, and the interval between the tails. */
function expected(values: readonly number[]): Expected {
  const sorted = values.toSorted(ascending)
  return {
    low: figure(atRank(sorted, tail)),
    middle: figure(atRank(sorted, 0.5)),
    high: figure(atRank(sorted, 1 - tail)),
  }
}

/** The value below which this share of the sorted ones lies, in between by straight lines. */
function atRank(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1)
  const below = sorted[Math.floor(place)] ?? 0
  const above = sorted[Math.ceil(place)] ?? below
  return below + (above - below) * (place - Math.floor(place))
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

const ascending = (one: number, other: number): number => one - other

const textOf = (tag: Tag, step: Expected, excursion: Expected): string =>
  `${tag.name}: step ${rangeText(step, tag)}, excursion ${rangeText(excursion, tag)}`

const rangeText = ({ low, middle, high }: Expected, tag: Tag): string =>
  `${withUnits(middle, tag)} (${low} to ${high})`
