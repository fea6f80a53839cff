// What a unit does with the blocks that a supervisor writes: the two-scan rule, the timers on its
// own scan clock, what is accepted and remembered. docs/protocols.md section 4; its checks are
// judging.ts.
import {
  FIRST_REFUSAL_CODE,
  type JudgingUnit,
  type Permissives,
  type Phase,
  resultOf,
} from './judging.ts'
import { isIntact, type Retained, seal } from './retained.ts'
import {
  ACTION,
  COMMAND_WORDS,
  type Command,
  OPCODE,
  opcodeName,
  parseCommand,
  RESULT,
  resultName,
} from './wire.ts'

/** The longest time that a selection may stand, whatever time to live the block asks for. */
const SELECT_LIMIT_MS = 3000
/** The time within which the role must have changed after an OPERATE. */
export const EXECUTE_LIMIT_MS = 2000
/** What costs a refused OPERATE its selection. */
const DROPPING_CODES: readonly number[] = [
  RESULT.MISMATCH,
  RESULT.ROLE,
  RESULT.INTERLOCK,
  RESULT.PEER,
]

export type CommandBlock = JudgingUnit & {
  /** What the network last wrote; the program looks at it once a scan. */
  readonly registers: Uint16Array
  readonly seenLastScan: Uint16Array
  readonly judgedLast: Uint16Array
  opcode: number
  result: number
  judged: number
  badBlocks: number
  evidence: number
  challengesIssued: number
}

export type Judgement = {
  readonly atMs: number
  readonly opcode: string
  readonly seq: number
  readonly epoch: number
  readonly owner: number
  readonly result: string
}

export type BlockOutcome = {
  /** The OPERATE that was accepted in this scan: the controller must change its role. */
  readonly operate?: Command
  readonly judgements: readonly Judgement[]
}

/**
 * The command block of a unit that has not started yet.
 * @param firstChallengeCount where the challenges begin, 0 to 2^32 - 1: random, so that two runs
 *   of the plant differ
 */
export function newCommandBlock(
  unit: number,
  retained: Retained,
  firstChallengeCount: number,
): CommandBlock {
  return {
    unit,
    retained,
    registers: new Uint16Array(COMMAND_WORDS),
    seenLastScan: new Uint16Array(COMMAND_WORDS),
    judgedLast: new Uint16Array(COMMAND_WORDS),
    phase: { kind: 'idle' },
    opcode: 0,
    result: RESULT.NONE,
    judged: 0,
    badBlocks: 0,
    evidence: 0,
    challenge: 0,
    challengesIssued: firstChallengeCount >>> 0,
    locked: false,
    rearmed: false,
  }
}

/**
 * The first scan after a start: counts the start, locks when the retained data are not the sealed
 * ones, forgets everything that is not retained. The registers stay as they are: a block standing
 * there is judged again, and is STALE.
 */
export function startBlock(block: CommandBlock): void {
  const { retained } = block
  block.locked = !isIntact(retained)
  if (block.locked) Object.assign(retained, { epoch: 0, owner: 0, accepted: 0 })
  retained.boot = (retained.boot + 1) >>> 0
  if (!block.locked) seal(retained)
  block.seenLastScan.fill(0)
  block.judgedLast.fill(0)
  block.phase = { kind: 'idle' }
  block.opcode = 0
  block.result = RESULT.BOOT
  block.judged = retained.accepted
  block.badBlocks = 0
  block.evidence = 0
  block.rearmed = false
  issueChallenge(block)
}

/**
 * One scan: timers first, as the selection may lapse in the very scan that judges its OPERATE; then
 * a new block.
 */
export function scanBlock(block: CommandBlock, permissives: Permissives): BlockOutcome {
  const judgements: Judgement[] = []
  const ended = endWhatIsDue(block, permissives)
  if (ended) judgements.push(ended)
  if (!takeNewBlock(block)) return { judgements }
  const command = parseCommand(block.judgedLast)
  if (!command) {
    block.badBlocks = (block.badBlocks + 1) & 0xffff
    return { judgements }
  }
  const code = resultOf(block, command, permissives)
  block.judged = command.seq
  block.opcode = command.opcode
  block.result = code
  if (code < FIRST_REFUSAL_CODE) accept(block, command, permissives.nowMs)
  else if (command.opcode === OPCODE.OPERATE && DROPPING_CODES.includes(code)) {
    block.phase = { kind: 'idle' }
  }
  judgements.push(judgement(command, code, permissives.nowMs))
  return code === RESULT.EXECUTING ? { operate: command, judgements } : { judgements }
}

/**
 * Somebody turned the key at the panel: unlocks, and lets the next claim take any step of the
 * epoch.
 */
export function rearmBlock(block: CommandBlock): void {
  block.locked = false
  block.rearmed = true
  seal(block.retained)
}

/** Milliseconds until the selection lapses, 0 when nothing is selected. */
export function selectLeftMs(block: CommandBlock, nowMs: number): number {
  return block.phase.kind === 'selected' ? Math.max(0, block.phase.deadlineMs - nowMs) : 0
}

function endWhatIsDue(block: CommandBlock, permissives: Permissives): Judgement | undefined {
  const { phase } = block
  if (phase.kind === 'idle') return undefined
  const due = permissives.nowMs >= phase.deadlineMs
  if (phase.kind === 'selected') {
    if (!due) return undefined
    issueChallenge(block)
    return end(block, phase.command, RESULT.SELECT_TIMEOUT, permissives.nowMs)
  }
  const asked = phase.command.action === ACTION.GO_ACTIVE ? 1 : 2
  if (permissives.role === asked) {
    return end(block, phase.command, RESULT.DONE, permissives.nowMs)
  }
  return due ? end(block, phase.command, RESULT.EXECUTE_TIMEOUT, permissives.nowMs) : undefined
}

function end(block: CommandBlock, command: Command, code: number, nowMs: number): Judgement {
  block.phase = { kind: 'idle' }
  block.result = code
  return judgement(command, code, nowMs)
}

/**
 * True when a block has stood for two scans and is not the one judged last; it is then copied to
 * `judgedLast`.
 */
function takeNewBlock(block: CommandBlock): boolean {
  const stood = sameWords(block.registers, block.seenLastScan)
  block.seenLastScan.set(block.registers)
  if (!stood || sameWords(block.registers, block.judgedLast)) return false
  block.judgedLast.set(block.registers)
  return true
}

function accept(block: CommandBlock, command: Command, nowMs: number): void {
  const { retained } = block
  retained.accepted = command.seq
  if (command.opcode === OPCODE.CLAIM) {
    retained.epoch = command.epoch
    retained.owner = command.owner
    block.rearmed = false
  }
  if (command.opcode === OPCODE.SELECT) block.evidence = command.evidence
  seal(retained)
  block.phase = phaseAfter(command, nowMs)
  issueChallenge(block)
}

function phaseAfter(command: Command, nowMs: number): Phase {
  if (command.opcode === OPCODE.SELECT) {
    const standsMs = Math.min(command.timeToLiveMs, SELECT_LIMIT_MS)
    return { kind: 'selected', command, deadlineMs: nowMs + standsMs }
  }
  if (command.opcode === OPCODE.OPERATE) {
    return { kind: 'executing', command, deadlineMs: nowMs + EXECUTE_LIMIT_MS }
  }
  return { kind: 'idle' }
}

/**
 * Scrambles a counter that never goes back. Each step can be undone, so no value comes twice in
 * 2^32 challenges.
 */
function issueChallenge(block: CommandBlock): void {
  block.challengesIssued = (block.challengesIssued + 1) >>> 0
  let mixed = Math.imul(block.challengesIssued, 0x9e3779b1)
  mixed ^= mixed >>> 15
  mixed = Math.imul(mixed, 0x85ebca6b)
  block.challenge = (mixed ^ (mixed >>> 13)) >>> 0
}

function judgement(command: Command, code: number, atMs: number): Judgement {
  const { seq, epoch, owner } = command
  return { atMs, opcode: opcodeName(command.opcode), seq, epoch, owner, result: resultName(code) }
}

function sameWords(left: Uint16Array, right: Uint16Array): boolean {
  for (let index = 0; index < left.length; index += 1) {
    if (left[index] !== right[index]) return false
  }
  return true
}
