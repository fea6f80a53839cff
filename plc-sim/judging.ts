// Which result a command block gets: the checks of docs/protocols.md section 4 in the order of that
// page; the first that fails decides. Nothing changes here.
import type { Retained } from './retained.ts'
import { ACTION, type Command, OPCODE, RESULT, ROLE } from './wire.ts'

/** The largest step of the epoch that a claim may take, unless somebody re-armed at the panel. */
const EPOCH_STEP_LIMIT = 1000
/** Results from here on are refusals and time-outs; the ones below are accepted. */
export const FIRST_REFUSAL_CODE = RESULT.WRONG_UNIT

export type Phase =
  | { readonly kind: 'idle' }
  | { readonly kind: 'selected'; readonly command: Command; readonly deadlineMs: number }
  | { readonly kind: 'executing'; readonly command: Command; readonly deadlineMs: number }

/** What of a unit the checks look at. */
export type JudgingUnit = {
  readonly unit: number
  readonly retained: Retained
  phase: Phase
  challenge: number
  locked: boolean
  rearmed: boolean
}

/** What the program knows in this scan. `refusal` is the practice fault `refuses_command`. */
export type Permissives = {
  readonly nowMs: number
  readonly role: number
  readonly remote: boolean
  readonly interlockOk: boolean
  readonly peerNotActive: boolean
  readonly peerIsolated: boolean
  readonly refusal?: { readonly code: number; readonly opcode?: number }
}

/** The result code of a block whose magic, commit and CRC are right. */
export function resultOf(block: JudgingUnit, command: Command, permissives: Permissives): number {
  const code = judge(block, command, permissives)
  const { refusal } = permissives
  const refuses = refusal && (refusal.opcode === undefined || refusal.opcode === command.opcode)
  return refuses && code < FIRST_REFUSAL_CODE ? refusal.code : code
}

function judge(block: JudgingUnit, command: Command, permissives: Permissives): number {
  const { retained } = block
  if (command.unit !== block.unit) return RESULT.WRONG_UNIT
  if (block.locked) return RESULT.LOCKED
  if (!permissives.remote) return RESULT.LOCAL
  if (command.challenge !== block.challenge) return RESULT.STALE
  if (command.opcode === OPCODE.CLAIM) return judgeClaim(block, command)
  const ours = command.epoch === retained.epoch && command.owner === retained.owner
  if (!ours) return RESULT.FENCED
  if (command.seq <= retained.accepted) return RESULT.OLD_SEQ
  if (command.opcode === OPCODE.SELECT) return judgeSelect(block, command, permissives)
  if (command.opcode === OPCODE.OPERATE) return judgeOperate(block, command, permissives)
  if (command.opcode !== OPCODE.CANCEL) return RESULT.BAD_OPCODE
  return block.phase.kind === 'executing' ? RESULT.BUSY : RESULT.CANCELLED
}

function judgeClaim(block: JudgingUnit, command: Command): number {
  if (block.phase.kind === 'executing') return RESULT.BUSY
  const step = command.epoch - block.retained.epoch
  return step > 0 && (step <= EPOCH_STEP_LIMIT || block.rearmed) ? RESULT.CLAIMED : RESULT.OLD_EPOCH
}

function judgeSelect(block: JudgingUnit, command: Command, permissives: Permissives): number {
  const { action } = command
  if (block.phase.kind !== 'idle') return RESULT.BUSY
  if (!hasExpectedRole(command, permissives)) return RESULT.ROLE
  if (action !== ACTION.GO_ACTIVE && action !== ACTION.GO_STANDBY) return RESULT.BAD_ACTION
  return missingPermissive(action, permissives) ?? RESULT.SELECTED
}

function judgeOperate(block: JudgingUnit, command: Command, permissives: Permissives): number {
  const { phase } = block
  if (phase.kind === 'executing') return RESULT.BUSY
  if (phase.kind === 'idle') return RESULT.NO_SELECT
  const { action, evidence } = phase.command
  if (command.action !== action || command.evidence !== evidence) return RESULT.MISMATCH
  if (!hasExpectedRole(command, permissives)) return RESULT.ROLE
  return missingPermissive(action, permissives) ?? RESULT.EXECUTING
}

/** An unknown role is nobody's expectation. */
function hasExpectedRole({ expectedRole }: Command, { role }: Permissives): boolean {
  return role !== ROLE.unknown && expectedRole === role
}

function missingPermissive(action: number, permissives: Permissives): number | undefined {
  if (!permissives.interlockOk) return RESULT.INTERLOCK
  const peerIsDead = permissives.peerNotActive || permissives.peerIsolated
  return action === ACTION.GO_ACTIVE && !peerIsDead ? RESULT.PEER : undefined
}
