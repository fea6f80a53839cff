// Numbers and texts that a device gives in plain (NUT variables, SNMP objects) to the values of signals. Pure, and it never
// throws: what does not fit the signal becomes a reason why nothing is known.

import type { Value } from '../core/image.ts'
import type { DataType, Signal } from '../core/plant.ts'
import { meansUnknown, numberMeaning, unknown } from './meaning.ts'

/**
 * The value of a signal whose raw number is `raw`: `raw * scale + offset`, or its name. Unknown: a marker of `unknownWhen`, a
 * number that the signal's type cannot hold, a number without a name where there are names, a result that is not finite.
 */
export function numberValue(signal: Signal, raw: number): Value {
  if (signal.unknownWhen.includes(raw)) return meansUnknown(String(raw))
  const misfit = misfitOf(signal.type, raw)
  return misfit === undefined ? numberMeaning(signal)(raw) : unknown(`reads ${raw}, ${misfit}`)
}

/** A text of up to 255 characters without its trailing blanks; unknown when it is not readable text. */
export function textValue(text: string): Value {
  const trimmed = text.trimEnd()
  if (trimmed.length > textMax) return unknown(`a text of ${trimmed.length} characters`)
  return trimmed.search(unreadable) >= 0 ? unknown('is not readable text') : trimmed
}

/** What a device sent, short and without control characters, so that it can stand in a message. */
export const shown = (text: string): string => {
  const clean = text.replace(unreadable, '?')
  return clean.length > shownMax ? `"${clean.slice(0, shownMax)}..."` : `"${clean}"`
}

const textMax = 255
const shownMax = 60

/** Control characters, and what a text decoder puts for bytes that are no text. */
const unreadable = /[\p{Cc}\uFFFD]/gu

/** Lowest and highest number of the whole-number types. */
const ranges: Partial<Record<DataType, readonly [number, number]>> = {
  int16: [-(2 ** 15), 2 ** 15 - 1],
  uint16: [0, 2 ** 16 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  uint64: [0, Number.MAX_SAFE_INTEGER],
}

function misfitOf(type: DataType, raw: number): string | undefined {
  if (!Number.isFinite(raw)) return 'which is not a number'
  const range = ranges[type]
  if (range === undefined) return undefined
  if (!Number.isInteger(raw)) return 'expected a whole number'
  const [lowest, highest] = range
  return raw < lowest || raw > highest ? `outside ${lowest} to ${highest}` : undefined
}
