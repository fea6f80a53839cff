// What the supervisor proposes of its own: the other unit after the loss of a primary, and the way back once a unit that failed has
// qualified again. Rate-limited, never after a restart before a person has said a word, and never where a person has said no.

import { otherUnit } from '../plant.ts'
import { failbackReason } from '../policy/failback.ts'
import { begin, type Request } from './proposal.ts'
import type { PairCycle, SwitchoverMemory } from './switchover-memory.ts'

export function maybePropose(memory: SwitchoverMemory, cycle: PairCycle): SwitchoverMemory {
  if (memory.stopped !== undefined || memory.held !== undefined) return memory
  // After a restart the first word is a person's: only then does the supervisor propose, and claim, by itself again.
  if (memory.unresumed) return memory
  const request = assistedRequest(memory, cycle) ?? failbackRequest(memory, cycle)
  if (request === undefined) return memory
  const begun = begin(memory, cycle, request)
  if (!('obstacles' in begun)) return begun.memory
  if (request.automatic === undefined) return memory
  // Not without a person, then; a person may still want it.
  const { automatic: _automatic, ...forPerson } = request
  const asked = begin(memory, cycle, forPerson)
  return 'obstacles' in asked ? memory : asked.memory
}

/** The situation has changed: a rejection, unanswered proposals and the wait after them were about another loss. */
export function forgetRejection(memory: SwitchoverMemory, { roles }: PairCycle): SwitchoverMemory {
  const back = roles.primary !== undefined
  const other = memory.rejectedFor !== undefined && roles.lostPrimary !== memory.rejectedFor
  if (!back && !other) return memory
  if (memory.rejectedFor === undefined && memory.unanswered === undefined)
    return memory.proposeAfterMs === 0 ? memory : { ...memory, proposeAfterMs: 0 }
  const { rejectedFor: _rejectedFor, unanswered: _unanswered, ...rest } = memory
  return { ...rest, proposeAfterMs: 0 }
}

function assistedRequest(memory: SwitchoverMemory, cycle: PairCycle): Request | undefined {
  const { roles, units, pair, input } = cycle
  const lost = roles.lostPrimary
  if (lost === undefined || memory.rejectedFor === lost) return undefined
  if (input.nowMs < memory.proposeAfterMs) return undefined
  return {
    kind: 'assisted',
    from: lost,
    to: otherUnit(lost),
    by: 'supervisor',
    reason: `${lost}: ${units[lost].presenceText}`,
    overrides: [],
    failed: lost,
    ...(pair.policy.switchover === 'automatic' && { automatic: true }),
  }
}

function failbackRequest(memory: SwitchoverMemory, cycle: PairCycle): Request | undefined {
  const { failback } = memory
  const reason = failbackReason(memory, cycle)
  if (failback === undefined || reason === undefined) return undefined
  const { policy } = cycle.pair
  const automatic = policy.failback === 'immediate' && policy.switchover === 'automatic'
  return {
    kind: 'planned',
    from: otherUnit(failback.unit),
    to: failback.unit,
    by: 'supervisor',
    reason,
    overrides: [],
    failback: true,
    ...(automatic && { automatic: true }),
  }
}
