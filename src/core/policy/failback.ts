// Failback: what becomes of a unit from which the process was taken because it failed. The matter is remembered from the switchover
// on, and ends as soon as a person has taken the pair in hand. Nothing here switches; at most it wants a proposal.

import { otherUnit, type UnitId } from '../plant.ts'
import type { PairCycle, SwitchoverMemory } from '../switchover/switchover-memory.ts'
import type { Obstacle } from '../view.ts'
import { openWindow, windowText } from './windows.ts'

/** The process was taken from a unit that failed. */
export function openFailback(
  memory: SwitchoverMemory,
  { pair, ledger }: PairCycle,
  unit: UnitId,
  after: string,
): SwitchoverMemory {
  const { failback } = pair.policy
  if (failback === 'hold') return memory
  ledger.record({
    kind: 'failback',
    pair: pair.name,
    text: `${pair.name}: the process was taken from ${unit} because it failed (${after}); once it has qualified again, failback "${failback}"`,
    data: { event: 'opened', unit, after },
  })
  return { ...memory, failback: { unit, after, unanswered: 0, notBeforeMs: 0 } }
}

/** Nothing more is proposed about the unit that failed. */
export function endFailback(
  memory: SwitchoverMemory,
  { pair, ledger }: PairCycle,
  why: string,
): SwitchoverMemory {
  const { failback, ...rest } = memory
  if (failback === undefined) return memory
  ledger.record({
    kind: 'failback',
    pair: pair.name,
    text: `${pair.name}: no way back to ${failback.unit} is proposed any more: ${why}`,
    data: { event: 'ended', unit: failback.unit, why },
  })
  return rest
}

/** Ends the matter when a person has taken the pair in hand, and forgets a no when the unit has failed once more. */
export function judgeFailback(memory: SwitchoverMemory, cycle: PairCycle): SwitchoverMemory {
  const { failback } = memory
  if (failback === undefined) return memory
  const why = takenInHand(memory, cycle)
  if (why !== undefined) return endFailback(memory, cycle, why)
  const again = cycle.fitness[failback.unit].qualifying !== undefined
  if (!again || (failback.rejectedBy === undefined && failback.unanswered === 0)) return memory
  const { rejectedBy: _rejectedBy, ...fresh } = failback
  return { ...memory, failback: { ...fresh, unanswered: 0, notBeforeMs: 0 } }
}

function takenInHand(memory: SwitchoverMemory, cycle: PairCycle): string | undefined {
  const { lockout, outOfService, roles } = cycle
  if (lockout !== undefined) return `the pair is locked out: ${lockout}`
  const out = outOfService.A ?? outOfService.B
  if (out !== undefined) return `a unit was taken out of service: ${out}`
  if (memory.held !== undefined) return `the pair is held: ${memory.held}`
  if (cycle.changedByOthers) return 'the roles were changed, and not from here'
  if (roles.primary === memory.failback?.unit && memory.current === undefined)
    return `${roles.primary} is primary again`
  return undefined
}

/** Why the way back should be proposed now; undefined while it should not. */
export function failbackReason(memory: SwitchoverMemory, cycle: PairCycle): string | undefined {
  const { failback } = memory
  const { pair, plant, roles, input } = cycle
  if (failback === undefined || waitingFor(memory, cycle) !== undefined) return undefined
  if (roles.primary !== otherUnit(failback.unit)) return undefined
  // Inside a window there must be time left to answer.
  const answeredBy = input.wallMs + pair.policy.confirmS * 1000
  const inWindow = pair.policy.failback !== 'window'
  if (!inWindow && openWindow(plant.maintenanceWindows, answeredBy) === undefined) return undefined
  return `back to ${failback.unit}, from which ${failback.after} took the process: it has qualified again`
}

/** How the matter stands, for the doors. `obstacles`: what stands against a planned switchover to the unit. */
export function failbackText(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  obstacles: readonly Obstacle[],
): string {
  if (memory.current?.failback) return 'the way back is proposed'
  const waiting = waitingFor(memory, cycle)
  if (waiting !== undefined) return waiting
  const [first] = obstacles
  return first === undefined ? 'the way back is about to be proposed' : `waits: ${first.title}`
}

function waitingFor(memory: SwitchoverMemory, cycle: PairCycle): string | undefined {
  const { failback } = memory
  const { pair, plant, input, fitness } = cycle
  if (failback === undefined) return 'nothing is open'
  const { unit, rejectedBy, notBeforeMs } = failback
  if (rejectedBy !== undefined) return `${rejectedBy} said no; it stays as it is until ordered`
  if (fitness[unit].qualifying !== undefined) return `waits until ${unit} has qualified again`
  if (fitness[unit].flapping !== undefined) return `waits until ${unit} does not flap any more`
  if (memory.unresumed) return 'waits until a person has resumed the pair after the restart'
  if (input.nowMs < notBeforeMs) {
    return `is proposed again in ${Math.ceil((notBeforeMs - input.nowMs) / 1000)} s`
  }
  const { maintenanceWindows } = plant
  if (pair.policy.failback !== 'window') return undefined
  if (openWindow(maintenanceWindows, input.wallMs) !== undefined) return undefined
  return `waits for a maintenance window: ${maintenanceWindows.map(windowText).join('; ')}`
}
