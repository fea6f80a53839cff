// Where the primary was while the standby was read. The standby's value is as old as its lag and its round trip allow: a window in
// time. Within it the primary's own samples, joined by straight lines, make a tube in which the standby's value should lie.

import type { UnitId } from '../plant.ts'
import type { TagRule } from './classes.ts'
import { isCode, type Sample, sameIn } from './samples.ts'

export type SyncTiming = {
  readonly scanMs: number
  /** Shortest and longest time by which the standby's values follow the primary's. */
  readonly lagMs: readonly [number, number]
  /** Longest time for which a gateway may answer from its memory. */
  readonly gatewayMs: number
}

/** A place on the primary's way: between sample `before` and the next one, `share` of the distance on. */
type Place = { readonly before: number; readonly share: number }

export type Bracket = {
  readonly samples: readonly Sample[]
  readonly from: Place
  readonly middle: Place
  readonly to: Place
  /** +1 when A is primary, -1 when B is: differences are always B less A, so that what was learned outlives a switchover. */
  readonly sign: 1 | -1
}

/**
 * The primary's samples around a sample of the standby. `wait` until the primary was read once more; `none` when it cannot be
 * had, because a reading of the primary is missing: then there is no verdict on this sample.
 */
export function bracketOf(
  lead: readonly Sample[],
  follow: Sample,
  { scanMs, lagMs: [least, most], gatewayMs }: SyncTiming,
  primary: UnitId,
): Bracket | 'wait' | 'none' {
  const fromMs = follow.sentMs - most - gatewayMs
  const toMs = follow.receivedMs - least
  const last = lead.findIndex((sample) => sample.sentMs >= toMs)
  if (last < 0) return 'wait'
  let first = last
  while (first > 0 && leaves(lead[first], fromMs)) first -= 1
  const samples = lead.slice(first, last + 1)
  if (leaves(samples[0], fromMs) || samples.length < 2) return 'none'
  if (widestGapMs(samples) > gapMax * scanMs) return 'none'
  const slackMs = Math.max(...samples.map((sample) => sample.halfTripMs))
  return {
    samples,
    from: placeOf(samples, fromMs - slackMs),
    middle: placeOf(samples, (fromMs + toMs) / 2),
    to: placeOf(samples, toMs + slackMs),
    sign: primary === 'A' ? 1 : -1,
  }
}

/** Samples further apart than this many scans: one is missing, and nobody knows what the primary did in between. */
const gapMax = 1.75

const leaves = (sample: Sample | undefined, fromMs: number): boolean =>
  sample === undefined || sample.receivedMs > fromMs

function widestGapMs(samples: readonly Sample[]): number {
  let widest = 0
  let before: Sample | undefined
  for (const sample of samples) {
    if (before) widest = Math.max(widest, sample.atMs - before.atMs)
    before = sample
  }
  return widest
}

function placeOf(samples: readonly Sample[], atMs: number): Place {
  let before = 0
  while (before < samples.length - 2 && (samples[before + 1]?.atMs ?? atMs) <= atMs) before += 1
  const startMs = samples[before]?.atMs ?? atMs
  const endMs = samples[before + 1]?.atMs ?? atMs
  const share = endMs > startMs ? (atMs - startMs) / (endMs - startMs) : 0
  return { before, share: Math.min(1, Math.max(0, share)) }
}

/** What one sample says of one tag. Written anew for each tag: nothing is allocated in the inner loop. */
export type Finding = {
  /** Distance from the tube, from the set of values (0 or infinity), or between the two sensors. */
  outside: number
  /** How far the standby lies to one side (B less A) beyond what the motion of the primary within the window explains. */
  bias: number
  /** How far the primary itself moved from sample to sample: what can hide in between, as long as nothing was learned. */
  motion: number
  /** False when any value of this tag would have agreed. */
  informative: boolean
  /** The primary's values in the bracket. */
  readonly way: number[]
}

export const newFinding = (): Finding => ({
  outside: 0.5,
  bias: 0.5,
  motion: 0.5,
  informative: true,
  way: [],
})

/** Fills in `finding`; false when a value is unknown on either side, which is neither a match nor a mismatch. */
export function compareTag(
  rule: TagRule,
  index: number,
  bracket: Bracket,
  follow: Sample,
  finding: Finding,
): boolean {
  const value = follow.numbers[index]
  if (value === undefined || Number.isNaN(value)) return false
  const { samples } = bracket
  const { way } = finding
  let plain = !isCode(value)
  let lowest = Number.POSITIVE_INFINITY
  let highest = Number.NEGATIVE_INFINITY
  for (let at = 0; at < samples.length; at++) {
    const raw = samples[at]?.numbers[index]
    if (raw === undefined || Number.isNaN(raw)) return false
    if (isCode(raw)) plain = false
    // A counter that wraps is laid out straight around the standby's value.
    const one = rule.wrapsAt > 0 && plain ? unwrapped(raw - value, rule.wrapsAt) : raw
    way[at] = one
    if (one < lowest) lowest = one
    if (one > highest) highest = one
  }
  finding.bias = 0
  finding.motion = 0
  finding.informative = true
  if (rule.compare === 'set' || rule.compare === 'exact' || !plain) {
    compareSet(rule, index, bracket, follow, finding)
    return true
  }
  finding.motion = highest - lowest
  compareTube(rule, bracket, rule.wrapsAt > 0 ? 0 : value, finding)
  return true
}

function compareSet(
  rule: TagRule,
  index: number,
  { samples }: Bracket,
  follow: Sample,
  finding: Finding,
): void {
  let member = false
  let apart = false
  for (let at = 0; at < samples.length; at++) {
    const sample = samples[at]
    if (sample !== undefined && sameIn(sample, follow, index, rule)) member = true
    else apart = true
  }
  finding.outside = member ? 0 : Number.POSITIVE_INFINITY
  if (rule.binary) finding.informative = !(member && apart)
}

function compareTube(
  rule: TagRule,
  { from, middle, to, sign }: Bracket,
  own: number,
  finding: Finding,
): void {
  const { way } = finding
  const start = on(way, from)
  const end = on(way, to)
  let low = start < end ? start : end
  let high = start < end ? end : start
  for (let inner = from.before + 1; inner <= to.before; inner++) {
    const number = way[inner] ?? 0
    if (number < low) low = number
    if (number > high) high = number
  }
  const apart = own - on(way, middle)
  const explained = Math.abs(end - start) / 2
  const shift = apart > explained ? apart - explained : apart < -explained ? apart + explained : 0
  finding.bias = sign * shift
  if (rule.compare === 'bias') finding.outside = Math.abs(shift)
  else finding.outside = own > high ? own - high : own < low ? low - own : 0
}

const on = (way: readonly number[], { before, share }: Place): number => {
  const one = way[before] ?? 0
  return one + ((way[before + 1] ?? one) - one) * share
}

/** A difference on a scale that starts again at `wrapsAt`, as the nearer of its two ways. */
function unwrapped(difference: number, wrapsAt: number): number {
  const folded = ((difference % wrapsAt) + wrapsAt) % wrapsAt
  return folded > wrapsAt / 2 ? folded - wrapsAt : folded
}
