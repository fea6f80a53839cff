// The two blocks as words, and the numbers that stand for their codes: docs/protocols.md sections 1
// to 4. Written from that page alone, and the CRC comes from zlib: a mistake about bytes made on
// the supervisor's side cannot be repeated here.
import { crc32 } from 'node:zlib'

const STATUS_MAGIC = 0xc511
const COMMAND_MAGIC = 0xc501
export const STATUS_WORDS = 22
export const COMMAND_WORDS = 18

export const OPCODE = { CLAIM: 0xa5a5, SELECT: 0xc3c3, OPERATE: 0x9669, CANCEL: 0xf00f } as const
export const ACTION = { GO_ACTIVE: 0xcc33, GO_STANDBY: 0xaa55 } as const
export const ROLE = { unknown: 0, primary: 1, standby: 2, none: 3 } as const
export type RoleName = keyof typeof ROLE

export const RESULT = {
  NONE: 0,
  BOOT: 1,
  CLAIMED: 2,
  SELECTED: 3,
  EXECUTING: 4,
  DONE: 5,
  CANCELLED: 6,
  WRONG_UNIT: 16,
  LOCKED: 17,
  LOCAL: 18,
  STALE: 19,
  OLD_EPOCH: 20,
  FENCED: 21,
  OLD_SEQ: 22,
  BUSY: 23,
  ROLE: 24,
  INTERLOCK: 25,
  PEER: 26,
  NO_SELECT: 27,
  MISMATCH: 28,
  BAD_OPCODE: 29,
  BAD_ACTION: 30,
  SELECT_TIMEOUT: 32,
  EXECUTE_TIMEOUT: 33,
} as const

/** Masks of the condition word, status word 14. */
export const CONDITION = {
  idle: 0x0001,
  selected: 0x0002,
  executing: 0x0004,
  remote: 0x0008,
  locked: 0x0010,
  interlockOk: 0x0020,
  peerNotActive: 0x0040,
  peerIsolated: 0x0080,
  running: 0x0100,
  forced: 0x0200,
  seesIo: 0x0400,
  rearmed: 0x0800,
  contactFitted: 0x1000,
} as const

export type Command = {
  readonly epoch: number
  readonly owner: number
  readonly seq: number
  readonly opcode: number
  readonly action: number
  readonly unit: number
  readonly expectedRole: number
  readonly challenge: number
  readonly evidence: number
  readonly timeToLiveMs: number
}

export type Status = {
  readonly unit: number
  readonly boot: number
  readonly epoch: number
  readonly owner: number
  readonly accepted: number
  readonly opcode: number
  readonly result: number
  readonly challenge: number
  readonly selectLeftMs: number
  readonly role: number
  readonly conditions: number
  readonly evidence: number
  readonly heartbeat: number
  readonly judged: number
  readonly badBlocks: number
}

/**
 * Reads a command block of 18 words. Undefined for a block that must be thrown away: wrong magic,
 * commit or CRC. The reserved word is outside the CRC, so it must be 0: only then is every block
 * with one flipped bit refused.
 */
export function parseCommand(words: ArrayLike<number>): Command | undefined {
  const word = (index: number) => words[index] ?? 0
  const intact =
    word(0) === COMMAND_MAGIC &&
    word(16) === 0 &&
    word(17) === (~word(4) & 0xffff) &&
    joined(word(14), word(15)) === crcOfWords(words, 14)
  if (!intact) return undefined
  return {
    epoch: joined(word(1), word(2)),
    owner: word(3),
    seq: word(4),
    opcode: word(5),
    action: word(6),
    unit: word(7),
    expectedRole: word(8),
    challenge: joined(word(9), word(10)),
    evidence: joined(word(11), word(12)),
    timeToLiveMs: word(13),
  }
}

/** The status block as 22 words, CRC included. */
export function statusWords(status: Status): number[] {
  const words = [
    STATUS_MAGIC,
    status.unit,
    ...uint32(status.boot),
    ...uint32(status.epoch),
    status.owner,
    status.accepted,
    status.opcode,
    status.result,
    ...uint32(status.challenge),
    status.selectLeftMs,
    status.role,
    status.conditions,
    ...uint32(status.evidence),
    status.heartbeat,
    status.judged,
    status.badBlocks,
  ]
  return [...words, ...uint32(crcOfWords(words, words.length))]
}

/** CRC-32/ISO-HDLC over the first `count` words, high byte of each word first. */
export function crcOfWords(words: ArrayLike<number>, count: number): number {
  const bytes = Buffer.alloc(count * 2)
  for (let index = 0; index < count; index += 1) bytes.writeUInt16BE(words[index] ?? 0, index * 2)
  return crc32(bytes)
}

/** A 32-bit unsigned value as two words, high word first. */
export function uint32(value: number): [number, number] {
  return [(value >>> 16) & 0xffff, value & 0xffff]
}

/** An IEEE 754 single precision value as two words, high word first. */
export function float32(value: number): [number, number] {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatBE(value)
  return [bytes.readUInt16BE(0), bytes.readUInt16BE(2)]
}

/** The name of a result code, or its number for a code that the protocol does not know. */
export function resultName(code: number): string {
  return nameOf(RESULT, code) ?? String(code)
}

/** The name of an opcode, `NONE` for 0, or hexadecimal for one that the protocol does not know. */
export function opcodeName(opcode: number): string {
  if (opcode === 0) return 'NONE'
  return nameOf(OPCODE, opcode) ?? `0x${opcode.toString(16).padStart(4, '0').toUpperCase()}`
}

function nameOf(table: Readonly<Record<string, number>>, code: number): string | undefined {
  return Object.keys(table).find((name) => table[name] === code)
}

function joined(high: number, low: number): number {
  return ((high << 16) | low) >>> 0
}
