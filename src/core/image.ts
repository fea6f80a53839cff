// What the field said: scans, values and their times. A failed reading is a value like any other; nothing here throws.
// All times are milliseconds of one monotonic clock.

import type { DeviceId } from './plant.ts'

/** Why a reading failed. */
export type Fault =
  | 'unreachable'
  | 'timeout'
  | 'connection-lost'
  | 'exception'
  | 'bad-answer'
  | 'not-asked'

/** A signal whose value is not known, and why. */
export type Unknown = { readonly unknown: string }
export type Value = number | boolean | string | readonly number[] | Unknown

export const isUnknown = (value: Value | undefined): value is Unknown | undefined =>
  value === undefined || (typeof value === 'object' && 'unknown' in value)

/**
 * Whether two values say the same. They are compared by what they hold: which of them are one and the same object depends on
 * how they were read, and a decision must not.
 */
export function sameValue(one: Value | undefined, other: Value | undefined): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((word, index) => word === other[index])
  }
  if (one !== undefined && other !== undefined && isUnknown(one) && isUnknown(other)) {
    return one.unknown === other.unknown
  }
  return one === other
}

export type Answered = {
  readonly kind: 'answered'
  /** When the first request of the scan left, and when its last answer was complete. */
  readonly sentMs: number
  readonly receivedMs: number
  readonly path: string
  /** True for scans on the scan_ms grid; only these are compared. Bursts in between are false. */
  readonly sample: boolean
  readonly values: Readonly<Record<string, Value>>
}
export type Failed = {
  readonly kind: 'failed'
  readonly sentMs: number
  readonly receivedMs: number
  readonly path: string
  readonly fault: Fault
  readonly detail: string
}
export type Scan = Answered | Failed

/** How one path of a device stands. Only what the field saw; what follows from it is decided in the core. */
export type PathReport = {
  readonly name: string
  /** True for the path that brought the newest full scan. */
  readonly carries: boolean
  /** The newest reading on this path was answered; undefined before the first one ended. */
  readonly up?: boolean
  /** When `up` or `carries` last changed. */
  readonly changedMs: number
  /** Time that the newest answered reading took, ms. */
  readonly roundTripMs?: number
  /** Share of the last 100 readings that failed, 0 to 100; 100 for a path that never answered. */
  readonly lossPct: number
  readonly fault?: string
  /** Why the answers of this path are not used although they come: it is another device that gives them. */
  readonly refused?: string
  /** Newest answer on this path, a full scan or a glance at a few signals. */
  readonly newest?: Answered
}

export type DeviceImage = {
  /** Newest scan that was answered, however old; absent until the first answer. */
  readonly newest?: Answered
  /** Every scan that ended since the last cycle, oldest first, so that a flicker is not lost. */
  readonly scans: readonly Scan[]
  /** One entry for each path, in the order of the plant file. */
  readonly paths?: readonly PathReport[]
}
export type Image = Readonly<Record<DeviceId, DeviceImage>>

/** What became of a command that was handed to a driver. */
export type WriteNote = {
  readonly commandId: string
  /** `dropped`: no byte left. `sent`: the unit acknowledged the frame. `uncertain`: bytes left, no acknowledgement. */
  readonly fate: 'dropped' | 'sent' | 'uncertain'
  /** When the frame left (dropped: when it was given up). */
  readonly atMs: number
  readonly detail: string
}
