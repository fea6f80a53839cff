// A scan as the comparison needs it: one number for each tag, in the order of the rules, so that a sample costs one look-up a tag.

import { type Answered, isUnknown, type Value } from '../image.ts'
import type { TagRule } from './classes.ts'

export type Sample = {
  readonly sentMs: number
  readonly receivedMs: number
  /** Middle of the round trip, and half of its length. */
  readonly atMs: number
  readonly halfTripMs: number
  /** One for each rule; see `coded`. */
  readonly numbers: readonly number[]
  readonly values: Answered['values']
}

export function sampleOf(scan: Answered, rules: readonly TagRule[]): Sample {
  const { sentMs, receivedMs, values } = scan
  return {
    sentMs,
    receivedMs,
    atMs: (sentMs + receivedMs) / 2,
    halfTripMs: (receivedMs - sentMs) / 2,
    numbers: rules.map(({ key }) => coded(values[key])),
    values,
  }
}

/** Codes for what is no number; no device sends these. Unknown is NaN, so that it never equals anything, itself included. */
const notANumber = Number.MAX_VALUE
const inWords = -Number.MAX_VALUE

/** A number as it is (-0 as 0), true and false as 1 and 0; unknown becomes NaN. */
function coded(value: Value | undefined): number {
  if (typeof value === 'number') return Number.isNaN(value) ? notANumber : value + 0
  if (typeof value === 'boolean') return value ? 1 : 0
  return isUnknown(value) ? Number.NaN : inWords
}

/** True for the codes, with which no sum can be done. */
export const isCode = (number: number): boolean => number === notANumber || number === inWords

/** Whether two samples hold the same in a tag; words and lists are compared as they are. */
export function sameIn(one: Sample, other: Sample, index: number, rule: TagRule): boolean {
  const a = one.numbers[index] ?? Number.NaN
  const b = other.numbers[index] ?? Number.NaN
  if (a === b) return a !== inWords || sameWords(one.values[rule.key], other.values[rule.key])
  return !isCode(a) && !isCode(b) && Math.abs(a - b) <= rule.tolerance
}

const sameWords = (one: Value | undefined, other: Value | undefined): boolean =>
  one === other || (Array.isArray(one) && Array.isArray(other) && one.join() === other.join())
