// What one scan says about a unit: from the status block of our function block, or from the signals of a maker's own redundancy.
// A reading that cannot be believed is a sentence.

import { decodeStatus, type StatusBlock } from './block.ts'
import { isUnknown, type Value } from './image.ts'
import type { Role, Unit } from './plant.ts'

export type UnitReading = {
  readonly role: Role
  /** Block unit number, or the fixed identity A or B that a maker's redundancy shows. */
  readonly identity?: number | string
  /** Any value that changes while the program runs. */
  readonly heartbeat?: Value
  readonly status?: StatusBlock
}

export function readUnit(values: Readonly<Record<string, Value>>): UnitReading | string {
  const { status, role, identity, heartbeat } = values
  if (Array.isArray(status)) {
    const block = decodeStatus(status)
    if (typeof block === 'string') return block
    return { role: block.role, identity: block.unit, heartbeat: block.heartbeat, status: block }
  }
  if (status !== undefined || role === undefined) {
    return `no status block: ${isUnknown(status) ? (status?.unknown ?? 'not in the scan') : 'wrong type'}`
  }
  return {
    role: roles.find((known) => known === role) ?? 'unknown',
    ...(typeof identity === 'string' && { identity }),
    ...(!isUnknown(heartbeat) && heartbeat !== undefined && { heartbeat }),
  }
}

/** Why an answer is not that of the unit; undefined when it is, or when it does not say whose it is. */
export function identityFault(reading: UnitReading, unit: Unit): string | undefined {
  const { identity } = reading
  if (identity === undefined) return undefined
  const wanted = typeof identity === 'number' ? unit.number : unit.id
  if (identity === wanted) return undefined
  return `answers as unit ${identity}, not ${wanted}: swapped address?`
}

const roles: readonly Role[] = ['primary', 'standby', 'none', 'unknown']
