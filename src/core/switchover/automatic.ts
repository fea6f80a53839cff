// What the supervisor may confirm itself, on pairs that have asked for it: a proposal that has stood unchanged and unanswered for a
// while, as long as everything holds that is asked when no person looks. Whatever is missing makes it a question to a person again.

import type { Person } from '../cycle.ts'
import type { Stage } from '../gates/gate-context.ts'
import { gateText } from './advance.ts'
import { confirmed } from './confirmation.ts'
import { gatesNow } from './proposal.ts'
import type { PairCycle, Switchover, SwitchoverMemory } from './switchover-memory.ts'

/** Stands in the journal in the place of a person. No door can be this: `via` is given by the doors, and none is called so. */
const policyPerson: Person = { name: 'policy', role: 'supervisor', via: 'policy' }

export const byPolicy = ({ confirmation }: Switchover): boolean =>
  confirmation?.by.via === policyPerson.via

/** The gates of the stage. One that is only asked because no person looks turns the proposal into one for a person. */
export function judgeGates(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  current: Switchover,
  stage: Stage,
) {
  const all = gatesNow(memory, cycle, current, stage)
  if (all.obstacles.length === 0 || current.automatic === undefined) return { current, ...all }
  const { automatic: _automatic, ...forPerson } = current
  const rest = gatesNow(memory, cycle, forPerson, stage)
  if (rest.obstacles.length > 0) return { current, ...rest }
  cycle.ledger.record({
    kind: 'note',
    pair: cycle.pair.name,
    text: `${current.id} waits for a person: ${gateText(all.obstacles)}`,
    data: { id: current.id, gates: all.obstacles.map(({ gate }) => gate) },
  })
  return { current: forPerson, ...rest }
}

/** The evidence is new: whoever is there gets the whole time to look at it. */
export function beginGrace(current: Switchover, { input, pair }: PairCycle): Switchover {
  if (current.automatic === undefined) return current
  return { ...current, automatic: { atMs: input.nowMs + pair.policy.automaticAfterS * 1000 } }
}

/** Confirms what has stood long enough; the confirmation is a record like that of a person. */
export function confirmByPolicy(
  memory: SwitchoverMemory,
  cycle: PairCycle,
  current: Switchover,
): SwitchoverMemory {
  const atMs = current.automatic?.atMs
  const { evidence } = current
  if (atMs === undefined || evidence === undefined || cycle.input.nowMs < atMs) {
    return { ...memory, current }
  }
  const reason = `nobody answered within ${cycle.pair.policy.automaticAfterS} s`
  return confirmed(memory, cycle, current, { by: policyPerson, reason, evidence })
}
