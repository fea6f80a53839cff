// What a raw number means: marker for "not known", word of an enumeration, or a scaled number. The same for every protocol, and
// pure. Everything that a signal says is worked out once, because this stands in the hot path of every reading.

import type { Unknown, Value } from '../core/image.ts'
import type { Signal } from '../core/plant.ts'

/** From a raw number, before scaling, to the value or the reason why none is known. */
export type Meaning = (raw: number) => Value

export const unknown = (why: string): Unknown => ({ unknown: why })
export const meansUnknown = (read: string): Unknown =>
  unknown(`reads ${read}, which means not known`)

/**
 * Of a number: its word where the signal has names, else `raw * scale + offset`. Unknown: a number without a name, and a result
 * that is not finite, of NaN above all. Markers are not looked at: `markerTest` does that.
 */
export function numberMeaning({ names, scale, offset }: Signal): Meaning {
  if (names !== undefined) return (raw) => names[raw] ?? unknown(`reads ${raw}, has no name`)
  // 229 * 0.1 is 22.900000000000002, 229 / 10 is 22.9: divide where the scale is one over a whole number.
  const divisor = Math.round(1 / scale)
  const divides = 1 / divisor === scale
  return (raw) => {
    const value = (divides ? raw / divisor : raw * scale) + offset
    return Number.isFinite(value) ? value : unknown(`reads ${value}, which is not a number`)
  }
}

/** Of a flag, 0 or 1: its word where the signal has names, else true or false. */
export function flagMeaning({ names }: Signal): Meaning {
  if (names !== undefined) return (raw) => names[raw] ?? unknown(`reads ${raw}, has no name`)
  return (raw) => raw !== 0
}

/**
 * Whether a raw number is one of `unknownWhen`. A profile may write the marker of a whole number of `bits` either way: 65535
 * and -1 are the same 16 bits. A marker of a float32 (`bits` absent, `single`) is rounded as the device rounds it.
 */
export function markerTest(
  { unknownWhen }: Signal,
  form: { readonly bits: number } | { readonly single: boolean },
): (raw: number) => boolean {
  if (unknownWhen.length === 0) return () => false
  const markers = new Set(
    'bits' in form
      ? unknownWhen.flatMap((marker) => [marker, otherSign(marker, form.bits)])
      : unknownWhen.map((marker) => (form.single ? Math.fround(marker) : marker)),
  )
  return (raw) => markers.has(raw)
}

/** -1 for 65535 and 65535 for -1 in 16 bits; itself where there is no other form. */
function otherSign(marker: number, bits: number): number {
  if (marker < 0) return marker >= -(2 ** (bits - 1)) ? marker + 2 ** bits : marker
  // No double is as close to the largest number of 64 bits as 2^64: that is what a plant file can say.
  if (bits === 64 && marker === 2 ** 64) return -1
  return marker < 2 ** bits ? marker - 2 ** bits : marker
}
