// Claims, selects and operates by hand: builds command blocks and reads status blocks from
// docs/protocols.md, for the tests of the practice plant. Plant time passes only when a test lets
// it.
import assert from 'node:assert/strict'
import { crc32 } from 'node:zlib'
import { type Plant, startPlant } from '../../plc-sim/plant.ts'
import { Terminal } from './terminal.ts'

export const CLAIM = 0xa5a5
export const SELECT = 0xc3c3
export const OPERATE = 0x9669
export const CANCEL = 0xf00f
export const GO_ACTIVE = 0xcc33
export const GO_STANDBY = 0xaa55
/** Two scans, and one for the block that arrives in the middle of a scan. */
export const JUDGED_MS = 30

export type Block = {
  epoch: number
  owner: number
  seq: number
  opcode: number
  action: number
  unit: number
  expectedRole: number
  challenge: number
  evidence: number
  timeToLiveMs: number
}

export type Seen = {
  magic: number
  unit: number
  boot: number
  epoch: number
  owner: number
  accepted: number
  opcode: number
  result: number
  challenge: number
  selectLeftMs: number
  role: number
  conditions: number
  evidence: number
  heartbeat: number
  judged: number
  badBlocks: number
  crcRight: boolean
}

/** The 18 words of a command block. */
export function wordsOf(block: Block): number[] {
  const { epoch, owner, seq, opcode, action, unit, expectedRole, challenge, evidence } = block
  const head = [0xc501, ...pair(epoch), owner, seq, opcode, action, unit, expectedRole]
  const signed = [...head, ...pair(challenge), ...pair(evidence), block.timeToLiveMs]
  return [...signed, ...pair(crcOf(signed)), 0, ~seq & 0xffff]
}

/** Reads the 22 words of a status block. */
export function seenIn(words: readonly number[]): Seen {
  const word = (index: number) => words[index] ?? 0
  const long = (index: number) => word(index) * 0x1_0000 + word(index + 1)
  return {
    magic: word(0),
    unit: word(1),
    boot: long(2),
    epoch: long(4),
    owner: word(6),
    accepted: word(7),
    opcode: word(8),
    result: word(9),
    challenge: long(10),
    selectLeftMs: word(12),
    role: word(13),
    conditions: word(14),
    evidence: long(15),
    heartbeat: word(17),
    judged: word(18),
    badBlocks: word(19),
    crcRight: crcOf(words.slice(0, 20)) === long(20),
  }
}

/** Somebody who holds one unit by its Modbus port and keeps count of the sequence numbers. */
export class Hand {
  readonly plant: Plant
  terminal: Terminal
  readonly target: string
  readonly unit: number
  epoch = 7
  owner = 0x4d2a
  seq = 0

  private constructor(plant: Plant, target: string, terminal: Terminal, unit: number) {
    this.plant = plant
    this.target = target
    this.terminal = terminal
    this.unit = unit
  }

  static async on(plant: Plant, target: string): Promise<Hand> {
    const [pairName = '', unitName = 'A'] = target.split('.')
    const terminal = await Terminal.open(plant.ports[target] ?? 0)
    const unit = plant.state().pairs[pairName]?.units[unitName === 'B' ? 'B' : 'A']
    return new Hand(plant, target, terminal, unit?.unit ?? 0)
  }

  /** A new connection, after the unit has ended the old one. */
  async reconnect(): Promise<void> {
    this.terminal.close()
    this.terminal = await Terminal.open(this.plant.ports[this.target] ?? 0)
  }

  async status(): Promise<Seen> {
    return seenIn(await this.terminal.read(1000, 22))
  }

  /** The next block, with the challenge last read; `changes` say what is special about it. */
  async block(changes: Partial<Block> = {}): Promise<Block> {
    const { challenge, role } = await this.status()
    this.seq = changes.seq ?? this.seq + 1
    return {
      epoch: this.epoch,
      owner: this.owner,
      seq: this.seq,
      opcode: CLAIM,
      action: 0,
      unit: this.unit,
      expectedRole: role,
      challenge,
      evidence: changes.opcode === undefined || changes.opcode === CLAIM ? 0 : 0xdeadbeef,
      timeToLiveMs: 3000,
      ...changes,
    }
  }

  /** Sends the next block, lets it be judged and reads the status. */
  async send(changes: Partial<Block> = {}): Promise<Seen> {
    return this.sendWords(wordsOf(await this.block(changes)))
  }

  async sendWords(words: readonly number[]): Promise<Seen> {
    await this.terminal.write(1100, words)
    await this.plant.advance(JUDGED_MS)
    return this.status()
  }

  /** Claims, selects and operates; what `passMs` brings after the OPERATE is in the answer. */
  async command(action: number, passMs = 200): Promise<Seen> {
    assert.equal((await this.send()).result, 2)
    assert.equal((await this.send({ opcode: SELECT, action })).result, 3)
    await this.send({ opcode: OPERATE, action })
    await this.plant.advance(passMs)
    return this.status()
  }

  close(): void {
    this.terminal.close()
  }
}

/** A plant whose time a test moves, and hands on its units; everything is closed after the test. */
export async function withPlant(
  targets: readonly string[],
  work: (plant: Plant, ...hands: Hand[]) => Promise<void>,
): Promise<void> {
  const plant = await startPlant({ clock: 'hand' })
  const hands: Hand[] = []
  try {
    for (const target of targets) hands.push(await Hand.on(plant, target))
    await work(plant, ...hands)
  } finally {
    for (const hand of hands) hand.close()
    await plant.close()
  }
}

function pair(value: number): [number, number] {
  return [Math.floor(value / 0x1_0000), value % 0x1_0000]
}

function crcOf(words: readonly number[]): number {
  const bytes = Buffer.alloc(words.length * 2)
  for (const [index, word] of words.entries()) bytes.writeUInt16BE(word, index * 2)
  return crc32(bytes)
}
