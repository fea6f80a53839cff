// An OPERATE whose fate nobody saw. The pair is held until a read settles it, or a person attests what happened.

import { executeMs, executeTimeout, has, resultName, selectMs } from '../block.ts'
import type { Claim, Exchange } from './exchange.ts'
import type { PairCycle, SwitchoverMemory, UnknownOutcome } from './switchover-memory.ts'
import { haveMoved } from './vendor-write.ts'

/** Time for clocks to differ and for scans to pass on top of the unit's own timers. */
const marginMs = 1000

/** After a restart nobody knows when the block left; it cannot act longer than this from now. */
export const settleAfterRestartMs = selectMs + executeMs + marginMs

export const unknownAfter = (exchange: Exchange, claim: Claim, nowMs: number): UnknownOutcome => ({
  unit: exchange.unit,
  action: exchange.action ?? 'GO_STANDBY',
  claim,
  seq: exchange.seq,
  settledAfterMs: nowMs + settleAfterRestartMs,
})

/** Clears the unknown outcome when a read proves what happened. */
export function settleUnknown(memory: SwitchoverMemory, cycle: PairCycle): SwitchoverMemory {
  const { unknown } = memory
  if (unknown === undefined) return memory
  const proof = proofOf(unknown, cycle)
  if (proof === undefined) return memory
  cycle.ledger.record({
    kind: 'outcome',
    pair: cycle.pair.name,
    text: `${whatOf(unknown)} at ${unknown.unit}: ${proof.text}`,
    data: {
      unit: unknown.unit,
      opcode: unknown.makersCommand === undefined ? 'OPERATE' : 'MAKER',
      epoch: unknown.claim.epoch,
      seq: unknown.seq,
      fate: proof.fate,
    },
  })
  const { unknown: _unknown, stopped, ...rest } = memory
  if (stopped === undefined) return rest
  const { mayActLate: _mayActLate, ...settled } = stopped
  return { ...rest, stopped: proof.cannotAct ? settled : stopped }
}

type Proof = { readonly fate: string; readonly text: string; readonly cannotAct: boolean }

const whatOf = ({ action, makersCommand }: UnknownOutcome): string =>
  makersCommand === undefined ? `OPERATE ${action}` : "the maker's command"

function proofOf(unknown: UnknownOutcome, { units }: PairCycle): Proof | undefined {
  const { makersCommand: to } = unknown
  // Roles that have not moved prove nothing: a command without a number may be carried out at any time.
  if (to !== undefined) {
    if (!haveMoved(units, { to, peerMayBeSilent: false })) return undefined
    return { fate: 'done', cannotAct: true, text: `the roles have moved, ${to} is primary` }
  }
  for (const { status, sentMs } of units[unknown.unit].reads) {
    const ours = status.epoch === unknown.claim.epoch && status.owner === unknown.claim.owner
    if (has(status, 'executing')) continue
    if (ours && status.judged === unknown.seq && status.opcode === 'OPERATE') {
      const fate = status.result === 5 ? 'done' : 'refused'
      const cannotAct = status.result !== executeTimeout
      return {
        fate,
        cannotAct,
        text: `read back as ${resultName(status.result)}, role ${status.role}`,
      }
    }
    if (sentMs > unknown.settledAfterMs && has(status, 'idle')) {
      const text = `the unit is idle and never judged it; its role is ${status.role}`
      return { fate: 'not carried out', cannotAct: true, text }
    }
  }
  return undefined
}
