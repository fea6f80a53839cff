// The command and status block of docs/protocols.md: words to meaning and back. Pure, and written from that page only.

import type { Role } from './plant.ts'

export type Opcode = 'CLAIM' | 'SELECT' | 'OPERATE' | 'CANCEL'
export type Action = 'GO_ACTIVE' | 'GO_STANDBY'

export type CommandBlock = {
  readonly epoch: number
  readonly owner: number
  readonly seq: number
  readonly opcode: Opcode
  readonly action?: Action
  readonly unit: number
  readonly expectedRole: Role
  readonly challenge: number
  /** First 32 bits of the evidence hash; 0 for a claim. */
  readonly evidence: number
  /** How long a selection may stand, ms, 0 to 65535; the unit clamps it to 3000. */
  readonly ttlMs: number
}

export type StatusBlock = {
  readonly unit: number
  readonly boot: number
  readonly epoch: number
  readonly owner: number
  readonly accepted: number
  readonly opcode: Opcode | 'NONE' | 'OTHER'
  readonly result: number
  readonly challenge: number
  readonly selectLeftMs: number
  readonly role: Role
  readonly conditions: number
  readonly evidence: number
  readonly heartbeat: number
  readonly judged: number
  readonly badBlocks: number
}

/** Condition bits of docs/protocols.md section 2. */
const condition = {
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
  peerContactFitted: 0x1000,
} as const
export type Condition = keyof typeof condition
export const has = (status: StatusBlock, name: Condition): boolean =>
  (status.conditions & condition[name]) !== 0

/** Result codes of docs/protocols.md section 4, with what each means to a person. */
const results: Readonly<Record<number, { readonly name: string; readonly text: string }>> = {
  0: { name: 'NONE', text: 'nothing judged yet' },
  1: { name: 'BOOT', text: 'the program has just started' },
  2: { name: 'CLAIMED', text: 'claim accepted' },
  3: { name: 'SELECTED', text: 'selection accepted' },
  4: { name: 'EXECUTING', text: 'operate accepted, the role has not changed yet' },
  5: { name: 'DONE', text: 'the role is as asked' },
  6: { name: 'CANCELLED', text: 'selection dropped' },
  16: { name: 'WRONG_UNIT', text: 'the block was meant for another unit' },
  17: { name: 'LOCKED', text: 'retained data were lost; somebody must re-arm at the panel' },
  18: { name: 'LOCAL', text: 'the switch at the panel stands on LOCAL' },
  19: { name: 'STALE', text: 'the challenge was not the newest one' },
  20: { name: 'OLD_EPOCH', text: 'the epoch is not above the retained one' },
  21: { name: 'FENCED', text: 'another supervisor has claimed the unit' },
  22: { name: 'OLD_SEQ', text: 'the sequence number is not above the last one' },
  23: { name: 'BUSY', text: 'a selection or an execution is under way' },
  24: { name: 'ROLE', text: 'the role of the unit is not the expected one' },
  25: { name: 'INTERLOCK', text: 'the hard-wired permissive is missing' },
  26: { name: 'PEER', text: 'the other unit is not known to be inactive' },
  27: { name: 'NO_SELECT', text: 'no selection stands' },
  28: { name: 'MISMATCH', text: 'operate and select differ' },
  29: { name: 'BAD_OPCODE', text: 'unknown opcode' },
  30: { name: 'BAD_ACTION', text: 'unknown action' },
  32: { name: 'SELECT_TIMEOUT', text: 'the selection lapsed' },
  33: { name: 'EXECUTE_TIMEOUT', text: 'the role did not change within 2 s of the operate' },
}
export const resultName = (code: number): string => results[code]?.name ?? `result ${code}`
export const resultText = (code: number): string => results[code]?.text ?? 'unknown result code'

/** Result codes from here on say that a block was refused, or that its timer ran out. */
export const firstRefusal = 16
export const executeTimeout = 33

/** Longest time that a unit lets a selection stand and an execution last, ms (docs/protocols.md). */
export const selectMs = 3000
export const executeMs = 2000
/** Largest step of an epoch that a unit accepts. */
export const epochStepMax = 1000

const statusMagic = 0xc511
const commandMagic = 0xc501
const statusWords = 22

const opcodes: Readonly<Record<Opcode, number>> = {
  CLAIM: 0xa5a5,
  SELECT: 0xc3c3,
  OPERATE: 0x9669,
  CANCEL: 0xf00f,
}
const actions: Readonly<Record<Action, number>> = { GO_ACTIVE: 0xcc33, GO_STANDBY: 0xaa55 }
const roleCodes: readonly Role[] = ['unknown', 'primary', 'standby', 'none']

/** The 18 words of a command block, ready for one FC16 write. */
export function encodeCommand(block: CommandBlock): readonly number[] {
  const body = [
    commandMagic,
    ...split(block.epoch),
    block.owner,
    block.seq,
    opcodes[block.opcode],
    block.action === undefined ? 0 : actions[block.action],
    block.unit,
    roleCodes.indexOf(block.expectedRole),
    ...split(block.challenge),
    ...split(block.evidence),
    block.ttlMs,
  ]
  return [...body, ...split(crc32(body)), 0, ~block.seq & 0xffff]
}

/** Reads a status block; a sentence when it cannot be believed. */
export function decodeStatus(words: readonly number[]): StatusBlock | string {
  if (words.length !== statusWords) return `status block has ${words.length} words, not 22`
  const at = (index: number): number => words[index] ?? 0
  const pair = (index: number): number => join(at(index), at(index + 1))
  if (at(0) !== statusMagic) return `status block starts with ${hex(at(0), 4)}, not C511`
  if (pair(20) !== crc32(words.slice(0, 20))) return 'status block has a wrong CRC'
  return {
    unit: at(1),
    boot: pair(2),
    epoch: pair(4),
    owner: at(6),
    accepted: at(7),
    opcode: opcodeOf(at(8)),
    result: at(9),
    challenge: pair(10),
    selectLeftMs: at(12),
    role: roleCodes[at(13)] ?? 'unknown',
    conditions: at(14),
    evidence: pair(15),
    heartbeat: at(17),
    judged: at(18),
    badBlocks: at(19),
  }
}

/** Names of the conditions that are set, in bit order. */
export const conditionNames = (conditions: number): readonly Condition[] =>
  allConditions.filter((name) => (conditions & condition[name]) !== 0)

const allConditions = Object.keys(condition) as readonly Condition[]

/** CRC-32/ISO-HDLC over words taken as big-endian bytes. */
export function crc32(words: readonly number[]): number {
  let crc = 0xffffffff
  for (const word of words) {
    crc = (crc >>> 8) ^ (crcTable[(crc ^ (word >>> 8)) & 0xff] ?? 0)
    crc = (crc >>> 8) ^ (crcTable[(crc ^ word) & 0xff] ?? 0)
  }
  return ~crc >>> 0
}

const crcTable: readonly number[] = Array.from({ length: 256 }, (_, index) => {
  let value = index
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value >>> 0
})

function opcodeOf(word: number): StatusBlock['opcode'] {
  if (word === 0) return 'NONE'
  const found = (Object.keys(opcodes) as Opcode[]).find((name) => opcodes[name] === word)
  return found ?? 'OTHER'
}

const split = (value: number): readonly [number, number] => [
  (value >>> 16) & 0xffff,
  value & 0xffff,
]
const join = (high: number, low: number): number => ((high << 16) | low) >>> 0
/** Fixed-width upper-case hexadecimal. */
export const hex = (value: number, digits: number): string =>
  value.toString(16).toUpperCase().padStart(digits, '0')
