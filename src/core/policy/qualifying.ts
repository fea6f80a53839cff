// Re-qualification: a unit that came back after a failure, or that a person has put back into service, shows point by point that
// it may be relied on again. It ends by itself when every point is met, or when a person says so with a reason.

import type { Finding } from '../gates/finding.ts'
import type { GateContext } from '../gates/gate-context.ts'
import { pairGates } from '../gates/gates-pair.ts'
import { unitGates } from '../gates/gates-unit.ts'
import { vendorGates } from '../gates/gates-vendor.ts'
import type { UnitId } from '../plant.ts'
import { seconds } from '../presence.ts'
import type { QualifyingMemory } from './fitness.ts'
import type { QualifyingPoint, QualifyingView } from './qualifying-view.ts'

/** Point by point what the unit has shown, in the order in which people go through it. */
export function qualifyingView(
  memory: QualifyingMemory,
  unit: UnitId,
  context: GateContext,
): QualifyingView {
  const { nowMs } = context.input
  const points = [
    point('answers steadily', steadyFinding(memory, context)),
    point('answers as itself, epoch not rolled back', identityFinding(unit, context)),
    point('role known and single', roleFinding(unit, context)),
    point('same program, firmware and configuration', programFinding(context)),
    ...blockPoints(unit, context),
    point('in sync', pairGates.sync(context)),
    point('power of the unit', pairGates.power(context)),
    point('every path works', unitGates.paths(context)),
  ]
  return { why: memory.why, forMs: nowMs - memory.sinceMs, points }
}

/** True when nothing is left to show. */
export const hasQualified = ({ points }: QualifyingView): boolean =>
  points.every(({ met }) => met === 'yes')

const point = (what: string, { met, value, clearsWhen }: Finding): QualifyingPoint => ({
  what,
  met,
  value,
  clearsWhen,
})

function steadyFinding({ steadyMs }: QualifyingMemory, { pair, input }: GateContext): Finding {
  const needMs = pair.gates.requalifyS * 1000
  const threshold = `for ${pair.gates.requalifyS} s`
  if (steadyMs === undefined) {
    const clearsWhen = `it has answered for ${seconds(needMs)}`
    return { met: 'no', value: 'does not answer', threshold, clearsWhen }
  }
  const forMs = input.nowMs - steadyMs
  return {
    met: forMs >= needMs ? 'yes' : 'no',
    value: `for ${seconds(forMs)}`,
    threshold,
    clearsWhen: `${seconds(Math.max(0, needMs - forMs))} have passed in which it goes on answering`,
  }
}

/** A unit without a status block has no epoch, and whose it is was judged when it was read. */
function identityFinding(unit: UnitId, context: GateContext): Finding {
  const { presence, status, presenceText } = context.units[unit]
  if (presence === 'answering' && status === undefined) {
    return { met: 'yes', value: presenceText, threshold: 'as configured', clearsWhen: 'now' }
  }
  return unitGates.identity(context)
}

/** Of a maker's profile only what it reads can be compared. */
const programFinding = (context: GateContext): Finding =>
  context.pair.vendor === undefined
    ? pairGates.program(context)
    : vendorGates.program(context, context.pair.vendor)

/** Standby; or primary again, when it came back before anybody had taken over from it. */
function roleFinding(unit: UnitId, { units, roles }: GateContext): Finding {
  const { role } = units[unit]
  const fits = role === 'standby' || roles.primary === unit
  return {
    met: fits ? 'yes' : role === 'unknown' ? 'unknown' : 'no',
    value: role,
    threshold: 'standby, or the only primary',
    clearsWhen: `${unit} answers as standby`,
  }
}

/** What only a status block tells: a maker's own redundancy says none of it. */
function blockPoints(unit: UnitId, context: GateContext): readonly QualifyingPoint[] {
  const { presence, status } = context.units[unit]
  if (presence === 'answering' && status === undefined) return []
  return [
    point('runs its program', unitGates.running(context)),
    point('sees its I/O', unitGates.io(context)),
    point('nothing forced on one side only', pairGates.forced(context)),
  ]
}
