// Between what a variable shows and what is kept of it: words of an enumeration and switches are numbers in the history, and become what
// they were when a client reads them.

import { DataType, DataValue, StatusCodes, TimestampsToReturn, Variant } from 'node-opcua'
import type { RawItem } from '../../history/raw.ts'
import type { Sample, SampleValue } from '../../history/sample.ts'
import type { Reading } from '../reading.ts'
import { numberOf } from '../rows.ts'
import type { Target } from '../space.ts'

/** What is kept of a reading. */
export function pastOf({ enumeration }: Target, { value, quality, atMs }: Reading): Sample {
  const kept =
    enumeration === undefined
      ? plain(value)
      : value === null
        ? null
        : (numberOf(enumeration, String(value)) ?? null)
  return { atMs, quality, value: kept }
}

function plain(value: Reading['value']): SampleValue {
  if (typeof value === 'boolean') return value ? 1 : 0
  return typeof value === 'number' || typeof value === 'string' ? value : null
}

/** What a client gets of an entry, with the timestamps that it asked for. */
export function pastValue(target: Target, item: RawItem, stamps: TimestampsToReturn): DataValue {
  const value = 'value' in item ? variantOf(target, item.value) : new Variant()
  return new DataValue({
    value,
    statusCode: StatusCodes[item.quality],
    ...stampsOf(item.atMs, stamps),
  })
}

/** The door has one time for a value, that of the scan behind it; it stands for the server's too, as it does with live values. */
export function stampsOf(atMs: number, stamps: TimestampsToReturn) {
  const at = new Date(atMs)
  return {
    ...(stamps !== TimestampsToReturn.Server && { sourceTimestamp: at }),
    ...(stamps !== TimestampsToReturn.Source && { serverTimestamp: at }),
  }
}

/** A value of a kind that the variable no longer has (its tag became another one) is no value. */
export function variantOf({ wire }: Target, value: SampleValue): Variant {
  if (value === null) return new Variant()
  if (wire === DataType.String) return new Variant({ dataType: wire, value: String(value) })
  if (typeof value === 'string') return new Variant()
  if (wire === DataType.Boolean) return new Variant({ dataType: wire, value: value !== 0 })
  return new Variant({ dataType: wire, value })
}
