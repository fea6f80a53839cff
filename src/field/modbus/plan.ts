// Which requests read all signals of a device: as few as possible, because each one costs a round trip and lengthens the
// time over which one scan is spread. Pure. A signal is never split, so that a 32-bit value can't be torn between two answers.

import assert from 'node:assert/strict'
import type { RegisterSignal as Signal } from '../../core/plant.ts'
import type { Area } from './outcome.ts'

/** One request, and the signals that its answer carries. `count` is registers (hr, ir) or bits (co, di). */
export type Read = {
  readonly area: Area
  readonly address: number
  readonly count: number
  readonly signals: readonly Signal[]
}

export type ReadLimits = {
  /** Unused registers or bits that may be read along to save a request; 0 forbids it. */
  readonly gapMax: number
  readonly registersMax: number
  readonly bitsMax: number
}

/** Most registers and bits in one answer, Modbus Application Protocol V1.1b3 sections 6.1 to 6.4. */
export const registersMax = 125
export const bitsMax = 2000

/**
 * Merges signals into requests, area by area in order of address. A request grows while the next signal begins at most
 * `gapMax` behind its end and still fits; beginning the next one as late as possible is what makes them fewest.
 * Asserts that each signal fits into one request and ends inside the 65536 addresses (the plant file is checked for both).
 */
export function planReads(signals: readonly Signal[], limits: ReadLimits): readonly Read[] {
  return areas.flatMap((area) => {
    const inArea = signals.filter((signal) => signal.area === area).sort(byAddress)
    return planArea(area, inArea, limits)
  })
}

/** Number of registers (hr, ir) or bits (co, di) that a signal takes. */
export function sizeOf(signal: Signal): number {
  if (isBitArea(signal.area)) return 1
  return signal.type === 'words' || signal.type === 'string'
    ? (signal.words ?? 1)
    : sizes[signal.type]
}

export const isBitArea = (area: Area): boolean => area === 'co' || area === 'di'

const areas: readonly Area[] = ['hr', 'ir', 'co', 'di']

const sizes = {
  bool: 1,
  bit: 1,
  bits: 1,
  bcd16: 1,
  int16: 1,
  uint16: 1,
  int32: 2,
  uint32: 2,
  bcd32: 2,
  float32: 2,
  float64: 4,
  int64: 4,
  uint64: 4,
} as const

const byAddress = (one: Signal, other: Signal): number => one.address - other.address

function planArea(area: Area, signals: readonly Signal[], limits: ReadLimits): Read[] {
  const countMax = isBitArea(area) ? limits.bitsMax : limits.registersMax
  const reads: Read[] = []
  for (const signal of signals) {
    const end = signal.address + sizeOf(signal)
    assert(sizeOf(signal) <= countMax, `${signal.key} needs ${sizeOf(signal)} of ${countMax}`)
    assert(signal.address >= 0 && end <= 65536, `${signal.key} ends at ${end}, past address 65535`)
    const last = reads.at(-1)
    if (last !== undefined && fits(last, signal.address, end, limits.gapMax, countMax)) {
      const count = Math.max(last.count, end - last.address)
      reads[reads.length - 1] = { ...last, count, signals: [...last.signals, signal] }
    } else {
      reads.push({ area, address: signal.address, count: end - signal.address, signals: [signal] })
    }
  }
  return reads
}

const fits = (read: Read, start: number, end: number, gapMax: number, countMax: number): boolean =>
  start - (read.address + read.count) <= gapMax && end - read.address <= countMax
