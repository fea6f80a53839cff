// Program checksum, firmware and configuration: compared exactly, never by statistics.

import { isUnknown, sameValue, type Value } from './image.ts'

export const identityKeys = ['program', 'firmware', 'configuration'] as const

type Values = Readonly<Record<string, Value>>

/** The identities that both units tell and that differ. */
export const differingIdentities = (a: Values, b: Values): readonly string[] =>
  identityKeys.filter(
    (key) => !isUnknown(a[key]) && !isUnknown(b[key]) && !sameValue(a[key], b[key]),
  )

/** The identities that at least one unit does not tell. */
export const unknownIdentities = (a: Values, b: Values): readonly string[] =>
  identityKeys.filter((key) => isUnknown(a[key]) || isUnknown(b[key]))

/** Program checksum and the like as people compare them. */
export function identityText(key: string, value: unknown): string {
  if (typeof value !== 'number') return '?'
  if (key === 'firmware') return `${value >>> 16}.${(value >>> 8) & 255}.${value & 255}`
  return value.toString(16).toUpperCase().padStart(8, '0')
}
