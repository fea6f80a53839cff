// The time without an active unit, from reads alone. A role is known only at the instants at which it was read, so the result has a
// least and a most: what both reads of a change prove.

import type { Answered } from '../image.ts'
import { readUnit } from '../unit-reading.ts'
import type { GapReads, RoleRead } from './bump-memory.ts'
import type { Gap } from './bump-view.ts'

/** Takes in answered scans of the old primary, oldest first. */
export function readOld(reads: GapReads, scans: readonly Answered[]): GapReads {
  let next = reads
  for (const scan of scans) {
    const role = roleIn(scan)
    if (role === undefined || next.firstNotPrimary !== undefined) continue
    const read = timesOf(scan)
    next = role === 'primary' ? { ...next, lastPrimary: read } : { ...next, firstNotPrimary: read }
  }
  return next
}

/** Takes in answered scans of the unit that is to be primary, oldest first. */
export function readNew(reads: GapReads, scans: readonly Answered[]): GapReads {
  let next = reads
  for (const scan of scans) {
    const role = roleIn(scan)
    if (role === undefined || next.firstPrimary !== undefined) continue
    const read = timesOf(scan)
    next = role === 'primary' ? { ...next, firstPrimary: read } : { ...next, lastStandby: read }
  }
  return next
}

/** What the reads prove; undefined when not even the new primary and a moment before it were read. */
export function gapOf({
  lastPrimary,
  firstNotPrimary,
  lastStandby,
  firstPrimary,
}: GapReads): Gap | undefined {
  const leastMs =
    firstNotPrimary === undefined || lastStandby === undefined
      ? 0
      : Math.max(0, lastStandby.sentMs - firstNotPrimary.receivedMs)
  if (firstPrimary !== undefined && lastPrimary !== undefined) {
    return { leastMs, mostMs: firstPrimary.receivedMs - lastPrimary.sentMs }
  }
  return leastMs > 0 ? { leastMs } : undefined
}

/** Undefined where the scan says nothing that may be believed. */
function roleIn({ values }: Answered): 'primary' | 'other' | undefined {
  const reading = readUnit(values)
  if (typeof reading === 'string' || reading.role === 'unknown') return undefined
  return reading.role === 'primary' ? 'primary' : 'other'
}

const timesOf = ({ sentMs, receivedMs }: Answered): RoleRead => ({ sentMs, receivedMs })
