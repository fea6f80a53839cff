// A value of a tag as people read it.

import { isUnknown, type Value } from '../image.ts'

/** Numbers with at most three decimals, unknown as `?`. */
export function valueText(value: Value | undefined): string {
  if (isUnknown(value)) return '?'
  if (typeof value === 'number') return String(Math.round(value * 1000) / 1000)
  return String(value)
}
