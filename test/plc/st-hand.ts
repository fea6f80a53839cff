// Somebody who sends command blocks to one unit that runs the Structured Text of config/plc, as over the network: words in, words out.

import assert from 'node:assert/strict'
import { crc32 } from '../../src/core/block.ts'
import { type Block, CLAIM, type Seen, seenIn, wordsOf } from '../plc-sim/by-hand.ts'
import { StUnit } from './st-unit.ts'

/** All is well: remote, permitted, running, a wired contact that says that the other unit is alive. */
const healthy = {
  ...{ UNITNUMBER: 11, CHALLENGESEED: 77, ROLE: 1, REMOTE: 1, PERMISSIVE: 1 },
  ...{ PEERCONTACTFITTED: 1, RUNNING: 1, SEESITSIO: 1 },
}

export type Memory = { epoch?: number; owner?: number; accepted?: number; boot?: number }

export class StHand {
  readonly unit: StUnit
  epoch = 7
  owner = 0x4d2a
  seq = 0

  /** A unit whose retained memory fits, before its first scan. */
  constructor(
    inputs: Readonly<Record<string, number>> = {},
    memory: Memory = {},
    change?: (text: string) => string,
  ) {
    this.unit = new StUnit('BUMPLESS_BLOCK', change)
    const { epoch = 0, owner = 0, accepted = 0, boot = 0 } = memory
    const seal = crc32([...pair(epoch), owner, accepted, ...pair(boot), 0, 0])
    this.unit.set({ EPOCH: epoch, OWNER: owner, ACCEPTED: accepted, BOOT: boot, SEAL: seal })
    this.unit.set({ ...healthy, ...inputs })
  }

  status(): Seen {
    const seen = seenIn(this.unit.read('STATUS'))
    assert.ok(seen.crcRight, 'the status block has a wrong CRC')
    return seen
  }

  /** The next block, with the challenge that stands. */
  block(changes: Partial<Block> = {}): Block {
    this.seq = changes.seq ?? this.seq + 1
    const { challenge, role, unit } = this.status()
    return {
      ...{ epoch: this.epoch, owner: this.owner, seq: this.seq, opcode: CLAIM, action: 0 },
      ...{ unit, expectedRole: role, challenge, timeToLiveMs: 3000 },
      evidence: (changes.opcode ?? CLAIM) === CLAIM ? 0 : 0xdeadbeef,
      ...changes,
    }
  }

  /** Sends the next block and lets it stand for two scans. */
  send(changes: Partial<Block> = {}): Seen {
    return this.sendWords(wordsOf(this.block(changes)))
  }

  sendWords(words: readonly number[]): Seen {
    this.unit.write('COMMAND', words)
    return this.scan(2)
  }

  scan(times = 1, elapsedMs = 10): Seen {
    for (let count = 0; count < times; count++) this.unit.scan(elapsedMs)
    return this.status()
  }

  /** Off and on again; the wires and the registers stay as they are. */
  restart(changes: Readonly<Record<string, number>> = {}): Seen {
    const { unit } = this
    const kept = Object.keys(healthy).map((name) => [name, unit.get(name)] as const)
    const words = unit.read('COMMAND')
    unit.restart()
    unit.set({ ...Object.fromEntries(kept), ...changes })
    unit.write('COMMAND', words)
    return this.scan()
  }
}

export const pair = (value: number): [number, number] => [value >>> 16, value & 0xffff]
