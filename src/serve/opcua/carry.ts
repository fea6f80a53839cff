// Puts readings into variables: only what changed, so that clients are told of changes and of nothing else. A value that stands
// gets the time of the newest scan, without being told again.

import {
  coerceLocalizedText,
  DataType,
  DataValue,
  StatusCodes,
  type UAVariable,
  Variant,
  VariantArrayType,
} from 'node-opcua'
import type { Reading } from './reading.ts'
import { numberOf } from './rows.ts'
import type { Target } from './space.ts'
import type { Show } from './values.ts'

/** Told of each change of a variable, before clients are. */
export type OnChange = (name: string, target: Target, reading: Reading) => void

export function openCarrier(targets: ReadonlyMap<string, Target>, onChange: OnChange): Show {
  const shown = new Map<string, Reading>()
  return (name, reading) => {
    const target = targets.get(name)
    // A path or tag that the layout does not know cannot come up while one plant file is in force.
    if (target === undefined) return
    const before = shown.get(name)
    if (before !== undefined && isSame(before, reading)) {
      if (before.atMs !== reading.atMs) refreshTime(target.node, reading.atMs)
      return
    }
    shown.set(name, reading)
    onChange(name, target, reading)
    const status = StatusCodes[reading.quality]
    target.node.setValueFromSource(variantOf(target, reading), status, new Date(reading.atMs))
  }
}

/** The time of a value that stands. The node's own data value is touched: setting it anew would wake every subscriber. */
function refreshTime(node: UAVariable, atMs: number): void {
  const standing = '$dataValue' in node ? node.$dataValue : undefined
  if (!(standing instanceof DataValue)) return
  standing.sourceTimestamp = new Date(atMs)
  standing.serverTimestamp = standing.sourceTimestamp
}

function isSame(before: Reading, now: Reading): boolean {
  if (before.quality !== now.quality) return false
  const [one, other] = [before.value, now.value]
  if (!isList(one) || !isList(other)) return one === other
  return one.length === other.length && one.every((text, index) => text === other[index])
}

const isList = (value: Reading['value']): value is readonly string[] => Array.isArray(value)

function variantOf({ wire, list, enumeration }: Target, { value }: Reading): Variant {
  if (value === null) return new Variant({ dataType: DataType.Null })
  if (list) {
    const texts = isList(value) ? [...value] : []
    return new Variant({ dataType: wire, arrayType: VariantArrayType.Array, value: texts })
  }
  if (enumeration !== undefined) {
    return new Variant({ dataType: wire, value: numberOf(enumeration, String(value)) ?? 0 })
  }
  if (wire === DataType.DateTime) {
    return new Variant({ dataType: wire, value: new Date(Number(value)) })
  }
  if (wire === DataType.LocalizedText) {
    return new Variant({ dataType: wire, value: coerceLocalizedText(String(value)) })
  }
  return new Variant({ dataType: wire, value })
}
