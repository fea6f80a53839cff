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
  /** False when any value of this tag would have agreed. */
  informative: boolean
}

/** Fills in `finding`; false when a value is unknown on either side, which is neither a match nor a mismatch. */
export function compareTag(
  rule: TagRule,
  index: number,
  bracket: Bracket,
  follow: Sample,
  finding: Finding,
): boolean {
  const value = follow.numbers[index]
  if (rule.compare === 'none' || value === undefined || Number.isNaN(value)) return false
  let plain = !isCode(value)
  for (const { numbers } of bracket.samples) {
    const one = numbers[index]
    if (one === undefined || Number.isNaN(one)) return false
    if (isCode(one)) plain = false
  }
  finding.bias = 0
  finding.informative = true
  const stepping = rule.compare === 'set' || rule.compare === 'exact'
  if (stepping || !plain) compareSet(rule, index, bracket, follow, finding)
  else compareTube(rule, index, bracket, value, finding)
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
  for (const sample of samples) {
    if (sameIn(sample, follow, index, rule)) member = true
    else apart = true
  }
  finding.outside = member ? 0 : Number.POSITIVE_INFINITY
  if (rule.binary) finding.informative = !(member && apart)
}

function compareTube(
  rule: TagRule,
  index: number,
  { samples, from, middle, to, sign }: Bracket,
  value: number,
  finding: Finding,
): void {
  // A counter that wraps is laid out straight around the standby's value.
  const wraps = rule.wrapsAt > 0
  const at = (sample: number): number => {
    const number = samples[sample]?.numbers[index] ?? 0
    return wraps ? unwrapped(number - value, rule.wrapsAt) : number
  }
  const own = wraps ? 0 : value
  const start = between(at(from.before), at(from.before + 1), from.share)
  const end = between(at(to.before), at(to.before + 1), to.share)
  let low = Math.min(start, end)
  let high = Math.max(start, end)
  for (let inner = from.before + 1; inner <= to.before; inner++) {
    const number = at(inner)
    if (number < low) low = number
    if (number > high) high = number
  }
  const centre = between(at(middle.before), at(middle.before + 1), middle.share)
  const apart = own - centre
  const explained = Math.abs(end - start) / 2
  const shift = Math.abs(apart) <= explained ? 0 : apart > 0 ? apart - explained : apart + explained
  finding.bias = sign * shift
  finding.outside =
    rule.compare === 'bias' ? Math.abs(shift) : own > high ? own - high : own < low ? low - own : 0
}

const between = (one: number, next: number, share: number): number => one + (next - one) * share

/** A difference on a scale that starts again at `wrapsAt`, as the nearer of its two ways. */
function unwrapped(difference: number, wrapsAt: number): number {
  const folded = ((difference % wrapsAt) + wrapsAt) % wrapsAt
  return folded > wrapsAt / 2 ? folded - wrapsAt : folded
}
