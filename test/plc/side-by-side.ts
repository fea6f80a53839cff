// Two units side by side: the Structured Text of config/plc and the practice plant's own block, written apart from
// each other. Both get the same wires, the same time and the same blocks, each with the challenge that it issued itself.

import {
  type CommandBlock,
  newCommandBlock,
  rearmBlock,
  scanBlock,
  selectLeftMs,
  startBlock,
} from '../../plc-sim/command-block.ts'
import { lose, newRetained } from '../../plc-sim/retained.ts'
import { type Block, type Seen, wordsOf } from '../plc-sim/by-hand.ts'
import { StHand } from './st-hand.ts'

export type Wires = {
  readonly role: number
  readonly remote: boolean
  readonly interlockOk: boolean
  readonly peerNotActive: boolean
  readonly peerIsolated: boolean
}

/** What both must agree on after every scan. */
export type Compared = Omit<
  Seen,
  'magic' | 'unit' | 'challenge' | 'heartbeat' | 'crcRight' | 'role' | 'conditions'
> & {
  readonly phase: string
  readonly locked: boolean
  readonly rearmed: boolean
  readonly newChallenge: boolean
  /** The role that the controller was asked for in this scan. */
  readonly asked: 'active' | 'standby' | 'nothing'
}

/** Whose challenge a block echoes. */
export type Echo = 'newest' | 'older' | 'none'

export class SideBySide {
  readonly text: StHand
  readonly practice: CommandBlock = newCommandBlock(11, newRetained(), 4711)
  #nowMs = 0
  #wires: Wires = {
    ...{ role: 1, remote: true, interlockOk: true, peerNotActive: false, peerIsolated: false },
  }
  #challenges = { text: [0, 0], practice: [0, 0] }

  /** @param change a mistake that is planted into the text */
  constructor(change?: (text: string) => string) {
    this.text = new StHand({}, {}, change)
    startBlock(this.practice)
  }

  get retained(): { readonly epoch: number; readonly owner: number; readonly accepted: number } {
    return this.practice.retained
  }

  get phase(): string {
    return this.practice.phase.kind
  }

  get wires(): Wires {
    return this.#wires
  }

  wire(wires: Partial<Wires>): void {
    this.#wires = { ...this.#wires, ...wires }
  }

  /** Both have it in their registers from the next scan on; `wrongBit` of 288 is turned over. */
  write(block: Omit<Block, 'challenge'>, echo: Echo, wrongBit?: number): void {
    const words = (side: 'text' | 'practice'): number[] => {
      const [newest = 0, older = 0] = this.#challenges[side]
      const challenge = echo === 'newest' ? newest : echo === 'older' ? older : 0xdead
      return wordsOf({ ...block, challenge }).map((word, index) =>
        wrongBit === undefined || wrongBit >> 4 !== index ? word : word ^ (1 << (wrongBit & 15)),
      )
    }
    this.text.unit.write('COMMAND', words('text'))
    this.practice.registers.set(words('practice'))
  }

  /** One scan of both. @returns what each shows */
  scan(elapsedMs: number): { readonly text: Compared; readonly practice: Compared } {
    this.#nowMs += elapsedMs
    const { role, remote, interlockOk, peerNotActive, peerIsolated } = this.#wires
    const bit = (holds: boolean): number => (holds ? 1 : 0)
    const { unit } = this.text
    unit.set({ ROLE: role, REMOTE: bit(remote), PERMISSIVE: bit(interlockOk) })
    unit.set({ PEERNOTACTIVE: bit(peerNotActive), PEERISOLATED: bit(peerIsolated) })
    const seen = this.text.scan(1, elapsedMs)
    const { operate } = scanBlock(this.practice, { nowMs: this.#nowMs, ...this.#wires })
    return {
      text: this.#ofText(seen),
      practice: this.#ofPractice(operate?.action),
    }
  }

  /** Off and on; `memory` says what the battery did meanwhile. */
  restart(memory: 'kept' | 'lost' | 'changed'): void {
    const { unit } = this.text
    const { retained } = this.practice
    if (memory === 'lost') {
      lose(retained)
      unit.set({ EPOCH: 0, OWNER: 0, ACCEPTED: 0, BOOT: 0 })
      unit.set({ ISSUED: 0, ISSUEDINVERSE: 0, SEAL: 0 })
    }
    if (memory === 'changed') {
      retained.checksum ^= 1
      unit.set({ SEAL: (unit.get('SEAL') ^ 1) >>> 0 })
    }
    // Its first scan comes with the next `scan`, as that of the practice plant does.
    const words = unit.read('COMMAND')
    const kept = ['UNITNUMBER', 'CHALLENGESEED', 'PEERCONTACTFITTED', 'RUNNING', 'SEESITSIO']
    const inputs = Object.fromEntries(kept.map((name) => [name, unit.get(name)]))
    unit.restart()
    // The clock has gone on meanwhile.
    unit.set({ ...inputs, CHALLENGESEED: (inputs.CHALLENGESEED ?? 0) + 1_000_003 })
    unit.write('COMMAND', words)
    startBlock(this.practice)
  }

  /** Somebody presses the button at the panel for the length of one scan. */
  rearm(elapsedMs: number): ReturnType<SideBySide['scan']> {
    rearmBlock(this.practice)
    this.text.unit.set({ REARM: 1 })
    const shown = this.scan(elapsedMs)
    this.text.unit.set({ REARM: 0 })
    return shown
  }

  #isNew(side: 'text' | 'practice', challenge: number): boolean {
    const [newest = 0] = this.#challenges[side]
    if (newest === challenge) return false
    this.#challenges = { ...this.#challenges, [side]: [challenge, newest] }
    return true
  }

  #ofText(seen: Seen): Compared {
    const { boot, epoch, owner, accepted, opcode, result, selectLeftMs: leftMs, evidence } = seen
    const { judged, badBlocks, conditions, challenge } = seen
    const { unit } = this.text
    return {
      ...{ boot, epoch, owner, accepted, opcode, result, evidence, judged, badBlocks },
      selectLeftMs: leftMs,
      phase: ['idle', 'selected', '', 'executing'][(conditions & 7) - 1] ?? 'several at once',
      locked: (conditions & 0x10) !== 0,
      rearmed: (conditions & 0x800) !== 0,
      newChallenge: this.#isNew('text', challenge),
      asked:
        unit.get('GOACTIVE') === 1 ? 'active' : unit.get('GOSTANDBY') === 1 ? 'standby' : 'nothing',
    }
  }

  #ofPractice(action: number | undefined): Compared {
    const { retained, opcode, result, evidence, judged, badBlocks, challenge } = this.practice
    const { boot, epoch, owner, accepted } = retained
    return {
      ...{ boot, epoch, owner, accepted, opcode, result, evidence, judged, badBlocks },
      selectLeftMs: selectLeftMs(this.practice, this.#nowMs),
      phase: this.practice.phase.kind,
      locked: this.practice.locked,
      rearmed: this.practice.rearmed,
      newChallenge: this.#isNew('practice', challenge),
      asked: action === undefined ? 'nothing' : action === 0xcc33 ? 'active' : 'standby',
    }
  }
}
