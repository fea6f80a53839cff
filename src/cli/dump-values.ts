// What a profile makes of a dump of registers, by the very planner, decoder and rules that read a device.

import assert from 'node:assert/strict'
import { upsDeviceOf } from '../config/build-device.ts'
import type { Profile } from '../config/profile.ts'
import type { RegisterDump } from '../config/register-dump.ts'
import { upsSchema } from '../config/schema.ts'
import { isUnknown, type Value } from '../core/image.ts'
import type { Derived, ModbusPath, RegisterSignal } from '../core/plant.ts'
import { derive } from '../field/derive.ts'
import { isBitArea, planReads, type Read, sizeOf } from '../field/modbus/plan.ts'
import { ReadOut } from '../field/modbus/read-out.ts'

/** The register side of a profile, as a device would be read by it. */
export type RegisterMap = { readonly path: ModbusPath; readonly derived: readonly Derived[] }

/** One value that came out of a dump. */
export type Reading = {
  readonly key: string
  /** Where it stands and the words that stand there; absent for what is derived. */
  readonly at?: string
  readonly raw?: string
  readonly value: Value
}

export function registerMap(profile: Profile): RegisterMap {
  // A device that nobody connects to; only the places of its signals are used.
  const entry = { name: 'dump', profile: profile.name, modbus: 'tcp://localhost:502' }
  const { paths, derived } = upsDeviceOf(upsSchema.parse(entry), profile)
  const [path] = paths
  assert(path?.protocol === 'modbus', 'one Modbus path was built')
  return { path, derived }
}

/** Every signal in registers and every derived value. A signal that the dump does not cover is unknown. */
export function dumpValues({ path, derived }: RegisterMap, dump: RegisterDump): readonly Reading[] {
  const wordsOf = (signal: RegisterSignal): readonly (number | undefined)[] =>
    Array.from({ length: sizeOf(signal) }, (_, index) =>
      dump.wordAt(signal.area, signal.address + index),
    )
  const covered = path.signals.filter((signal) => !wordsOf(signal).includes(undefined))
  const read = new ReadOut(planReads(covered, path), [])
  for (const [index, request] of read.plan.entries()) read.take(index, answerTo(request, dump))
  const values: Record<string, Value> = { ...read.values() }
  for (const { key } of path.signals) values[key] ??= { unknown: 'is not in the dump' }
  const all = derive(derived, values)
  return [
    ...path.signals.map((signal) => ({
      key: signal.key,
      at: placeText(signal),
      raw: wordsOf(signal)
        .map((word) => (word === undefined ? '----' : rawText(signal, word)))
        .join(' '),
      value: valueAt(all, signal.key),
    })),
    ...derived.map(({ key }) => ({ key, value: valueAt(all, key) })),
  ]
}

/** What differs from what the dump says must come out, one sentence each. */
export function differences(dump: RegisterDump, readings: readonly Reading[]): readonly string[] {
  return Object.entries(dump.expect).flatMap(([key, wanted]) => {
    const reading = readings.find((one) => one.key === key)
    if (reading === undefined) return [`${key}: expected ${wanted}, and there is no such signal`]
    if (agrees(reading.value, wanted)) return []
    return [`${key}: expected ${wanted}, found ${valueText(reading.value)}`]
  })
}

/** A value for people: `87.5`, `on mains`, `not known: reads FFFF, which means not known`. */
export function valueText(value: Value): string {
  if (isUnknown(value)) return `not known: ${value?.unknown ?? 'nothing was read'}`
  if (Array.isArray(value)) return `${value.length} words`
  return typeof value === 'number' ? String(Number(value.toPrecision(9))) : String(value)
}

const valueAt = (values: Readonly<Record<string, Value>>, key: string): Value =>
  values[key] ?? { unknown: 'what it is derived from was not read' }

function agrees(value: Value, wanted: number | string | boolean): boolean {
  if (wanted === 'unknown') return value === 'unknown' || isUnknown(value)
  if (typeof value === 'number' && typeof wanted === 'number') {
    return Math.abs(value - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted))
  }
  return value === wanted
}

function answerTo({ area, address, count }: Read, dump: RegisterDump): Uint8Array {
  const bits = isBitArea(area)
  const bytes = new Uint8Array(bits ? Math.ceil(count / 8) : 2 * count)
  for (let index = 0; index < count; index++) {
    const word = dump.wordAt(area, address + index) ?? 0
    if (bits) bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (word << (index & 7))
    else bytes.set([word >> 8, word & 0xff], 2 * index)
  }
  return bytes
}

function placeText({ area, address, bit, bitCount }: RegisterSignal): string {
  if (bit === undefined) return `${area}:${address}`
  return bitCount === undefined
    ? `${area}:${address}.${bit}`
    : `${area}:${address}.${bit}-${bit + bitCount - 1}`
}

const rawText = ({ area }: RegisterSignal, word: number): string =>
  isBitArea(area) ? String(word) : word.toString(16).toUpperCase().padStart(4, '0')
