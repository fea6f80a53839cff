// One command block from its intent to the unit's judgement. An exchange never repeats its block: it ends accepted, refused,
// silent (no judgement in time) or dropped (no byte ever left), and only a later read of the unit can tell the first two.

import {
  type Action,
  type CommandBlock,
  encodeCommand,
  executeMs,
  firstRefusal,
  type Opcode,
  resultName,
  resultText,
  type StatusBlock,
  selectMs,
} from '../block.ts'
import type { Command, WriteNoteList } from '../cycle.ts'
import type { Role, UnitId } from '../plant.ts'
import type { UnitFacts } from '../presence.ts'

export type Exchange = {
  readonly unit: UnitId
  readonly opcode: Opcode
  readonly action?: Action
  readonly expectedRole: Role
  readonly seq: number
  readonly evidence: number
  /** Number of the intent's record; the block leaves only when that is durable. */
  readonly intentSeq: number
  readonly intentMs: number
  readonly sent?: {
    readonly commandId: string
    /** When the block was handed to the driver. */
    readonly handedMs: number
    /** When it left, as the driver reported; absent while it has not. */
    readonly leftMs?: number
    readonly judgeByMs: number
  }
}

export type Outcome =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'accepted'; readonly status: StatusBlock; readonly atMs: number }
  | { readonly kind: 'refused'; readonly result: number; readonly text: string }
  | { readonly kind: 'silent'; readonly text: string }
  | { readonly kind: 'dropped'; readonly text: string }

/** The claim under which blocks are written. */
export type Claim = { readonly epoch: number; readonly owner: number }

/** Result codes from here on tell of a timer that ran out. */
const timeouts = 32

/**
 * A unit whose promote timed out or ended unknown: it may still act. `boot` is its start counter then; a later start proves that
 * what was pending is gone.
 */
export type LateUnit = { readonly unit: UnitId; readonly boot?: number }

/** A command leaves within this time of the cycle that emits it, or never. */
export const leaveMs = 300
/** A block that could not leave by then, for its record or for an earlier block, is given up. */
export const durableMs = 1500
/** How long a unit has to judge a block: two scans, the round trip and the burst poll, generously. */
const judgeMs = 1200

/** True once the intent of the exchange is durable and its block has not been handed out yet. */
export const readyToSend = (exchange: Exchange, durable: number): boolean =>
  exchange.sent === undefined && exchange.intentSeq <= durable

/** Hands the block out, with the challenge that the unit showed last. */
export function send(
  exchange: Exchange,
  claim: Claim,
  where: { pair: string; device: string; number: number },
  status: StatusBlock,
  nowMs: number,
): { exchange: Exchange; command: Command } {
  const block: CommandBlock = {
    ...claim,
    seq: exchange.seq,
    opcode: exchange.opcode,
    ...(exchange.action && { action: exchange.action }),
    unit: where.number,
    expectedRole: exchange.expectedRole,
    challenge: status.challenge,
    evidence: exchange.evidence,
    ttlMs: selectMs,
  }
  const commandId = `${where.device}/${claim.epoch}/${exchange.seq}`
  const allowedMs = exchange.opcode === 'OPERATE' ? judgeMs + executeMs : judgeMs
  const command: Command = {
    id: commandId,
    pair: where.pair,
    unit: exchange.unit,
    device: where.device,
    intentSeq: exchange.intentSeq,
    words: encodeCommand(block),
    deadlineMs: nowMs + leaveMs,
  }
  const sent = { commandId, handedMs: nowMs, judgeByMs: nowMs + leaveMs + allowedMs }
  return { exchange: { ...exchange, sent }, command }
}

/** Notes when the block left; a dropped one is told by `outcomeOf`. */
export function noteLeft(exchange: Exchange, writes: WriteNoteList): Exchange {
  const { sent } = exchange
  const note = writes.find((one) => one.commandId === sent?.commandId)
  if (sent === undefined || note === undefined || note.fate === 'dropped') return exchange
  return { ...exchange, sent: { ...sent, leftMs: note.atMs } }
}

/** What has become of the block, judged by reads that were sent after it left. */
export function outcomeOf(
  exchange: Exchange,
  claim: Claim,
  facts: UnitFacts,
  writes: WriteNoteList,
  nowMs: number,
): Outcome {
  const { sent } = exchange
  if (sent === undefined) return { kind: 'waiting' }
  const dropped = writes.find((one) => one.commandId === sent.commandId && one.fate === 'dropped')
  if (dropped) return { kind: 'dropped', text: `${label(exchange)} never left: ${dropped.detail}` }
  const { leftMs } = sent
  for (const { status, sentMs } of leftMs === undefined ? [] : facts.reads) {
    if (leftMs === undefined || sentMs < leftMs || status.judged !== exchange.seq) continue
    const judged = judge(exchange, claim, status, sentMs)
    if (judged) return judged
  }
  if (nowMs <= sent.judgeByMs) return { kind: 'waiting' }
  return {
    kind: 'silent',
    text: `${label(exchange)} was not judged in time: ${facts.presenceText}`,
  }
}

/** `SELECT GO_ACTIVE at B`. */
export const label = (exchange: Pick<Exchange, 'opcode' | 'action' | 'unit'>): string =>
  `${exchange.opcode}${exchange.action ? ` ${exchange.action}` : ''} at ${exchange.unit}`

function judge(
  exchange: Exchange,
  claim: Claim,
  status: StatusBlock,
  sentMs: number,
): Outcome | undefined {
  const ours = status.epoch === claim.epoch && status.owner === claim.owner
  if (status.opcode !== exchange.opcode) return undefined
  if (status.result >= firstRefusal) {
    const how = status.result >= timeouts ? 'ended with' : 'refused:'
    const text = `${label(exchange)} ${how} ${resultName(status.result)}, ${resultText(status.result)}`
    return { kind: 'refused', result: status.result, text }
  }
  if (!ours) return undefined
  const reached = exchange.opcode !== 'OPERATE' || status.role === wantedRole(exchange)
  return reached ? { kind: 'accepted', status, atMs: sentMs } : undefined
}

const wantedRole = (exchange: Exchange): Role =>
  exchange.action === 'GO_ACTIVE' ? 'primary' : 'standby'
