// What the units are to be when a switchover has gone well, as the question on every door tells it.

import { otherUnit, type Role, type UnitId } from '../plant.ts'
import type { Evidence } from '../view.ts'

/** What each unit is to be. A unit that gets no command is expected to stay as it is. */
export function roleAfter(evidence: Evidence, unit: UnitId): Role {
  const now = evidence.units[unit].role
  if (evidence.to === undefined || evidence.kind === 'adopt') return now
  if (unit === evidence.to) return 'primary'
  const isDemoted = evidence.from === otherUnit(evidence.to) && evidence.kind === 'planned'
  return isDemoted ? 'standby' : now
}
