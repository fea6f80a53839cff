// The function block of config/plc, as text: what it answers to each block, and what keeps it from acting.

import assert from 'node:assert/strict'
import {
  type Block,
  CANCEL,
  GO_ACTIVE,
  GO_STANDBY,
  OPERATE,
  SELECT,
  wordsOf,
} from '../plc-sim/by-hand.ts'
import { StHand } from './st-hand.ts'

const selection = { opcode: SELECT, action: GO_STANDBY }
const operation = { opcode: OPERATE, action: GO_STANDBY }
const claimed = (hand: StHand): void => assert.equal(hand.send().result, 2)
const selected = (hand: StHand): void => {
  claimed(hand)
  assert.equal(hand.send(selection).result, 3)
}
const operated = (hand: StHand): void => {
  selected(hand)
  assert.equal(hand.send(operation).result, 4)
}
/** A standby beside a unit that is dead. */
const promoting = (hand: StHand): void => {
  hand.unit.set({ ROLE: 2, PEERNOTACTIVE: 1 })
  hand.scan()
  claimed(hand)
  assert.equal(hand.send({ opcode: SELECT, action: GO_ACTIVE }).result, 3)
}
const input =
  (name: string, value: number, first: (hand: StHand) => void = claimed) =>
  (hand: StHand): void => {
    first(hand)
    hand.unit.set({ [name]: value })
  }

type Case = readonly [
  text: string,
  code: number,
  prepare: ((hand: StHand) => void) | undefined,
  block: Partial<Block>,
]

const cases: readonly Case[] = [
  ['CLAIMED to a claim of a higher epoch', 2, undefined, {}],
  ['CLAIMED to a claim 1000 epochs higher', 2, undefined, { epoch: 1000 }],
  ['SELECTED to a select', 3, claimed, selection],
  ['EXECUTING to an operate after its select', 4, selected, operation],
  ['CANCELLED to a cancel of a selection', 6, selected, { opcode: CANCEL }],
  ['CANCELLED to a cancel of nothing', 6, claimed, { opcode: CANCEL }],
  ['WRONG_UNIT to a block for another unit', 16, undefined, { unit: 12 }],
  ['LOCKED when the retained data were lost', 17, loseMemory, {}],
  ['LOCAL while the switch stands on LOCAL', 18, input('REMOTE', 0), {}],
  ['STALE to an older challenge', 19, undefined, { challenge: 1 }],
  ['OLD_EPOCH to a claim of the same epoch', 20, claimed, {}],
  ['OLD_EPOCH to a claim 1001 epochs higher', 20, undefined, { epoch: 1001 }],
  ['FENCED to another owner', 21, claimed, { opcode: CANCEL, owner: 1 }],
  ['FENCED to another epoch', 21, claimed, { opcode: CANCEL, epoch: 8 }],
  ['OLD_SEQ to a number that was used', 22, claimed, { opcode: CANCEL, seq: 1 }],
  ['BUSY to a second select', 23, selected, selection],
  ['BUSY to a claim during an execution', 23, operated, { epoch: 8 }],
  ['BUSY to a select during an execution', 23, operated, selection],
  ['BUSY to an operate during an execution', 23, operated, operation],
  ['BUSY to a cancel during an execution', 23, operated, { opcode: CANCEL }],
  ['ROLE to a select that expects another role', 24, claimed, { ...selection, expectedRole: 2 }],
  ['ROLE to a select while the role is unknown', 24, input('ROLE', 0), selection],
  ['ROLE to a select while the role is none of the four', 24, input('ROLE', 9), selection],
  [
    'ROLE to an operate whose role has changed',
    24,
    input('ROLE', 3, selected),
    { ...operation, expectedRole: 1 },
  ],
  ['INTERLOCK to a select without the permissive', 25, input('PERMISSIVE', 0), selection],
  [
    'INTERLOCK to an operate whose permissive went',
    25,
    input('PERMISSIVE', 0, selected),
    operation,
  ],
  ['PEER to a promote beside a live unit', 26, claimed, { opcode: SELECT, action: GO_ACTIVE }],
  [
    'PEER to an operate when the other unit has come back',
    26,
    input('PEERNOTACTIVE', 0, promoting),
    { opcode: OPERATE, action: GO_ACTIVE },
  ],
  ['NO_SELECT to an operate alone', 27, claimed, operation],
  [
    'MISMATCH to an operate with another action',
    28,
    selected,
    { opcode: OPERATE, action: GO_ACTIVE },
  ],
  ['MISMATCH to an operate with other evidence', 28, selected, { ...operation, evidence: 1 }],
  ['BAD_OPCODE to another opcode', 29, claimed, { opcode: 0x1234 }],
  ['BAD_ACTION to another action', 30, claimed, { opcode: SELECT, action: 0x1234 }],
]

describe('The function block for the controller answers', () => {
  for (const [text, code, prepare, block] of cases) {
    it(`${text} (${code})`, () => {
      const hand = new StHand()
      hand.scan()
      prepare?.(hand)
      const before = hand.scan()
      const after = hand.send(block)
      assert.equal(after.result, code)
      assert.equal(after.judged, hand.seq)
      assert.equal(after.opcode, block.opcode ?? 0xa5a5)
      const accepted = code < 16
      assert.equal(after.accepted, accepted ? hand.seq : before.accepted)
      assert.equal(after.challenge !== before.challenge, accepted, 'a new challenge')
      assert.equal(hand.unit.get('GOACTIVE'), 0)
      assert.equal(hand.unit.get('GOSTANDBY'), code === 4 ? 1 : 0)
      if (code >= 24 && block.opcode === OPERATE) assert.equal(after.conditions & 7, 1, 'dropped')
    })
  }

  it('SELECT_TIMEOUT (32) when the time to live is over, and takes a new challenge', () => {
    const hand = new StHand()
    hand.scan()
    claimed(hand)
    const chosen = hand.send({ ...selection, timeToLiveMs: 500 })
    assert.equal(chosen.selectLeftMs, 500)
    assert.deepEqual([hand.scan(49).result, hand.status().selectLeftMs], [3, 10])
    const lapsed = hand.scan()
    assert.deepEqual([lapsed.result, lapsed.selectLeftMs, lapsed.conditions & 7], [32, 0, 1])
    assert.notEqual(lapsed.challenge, chosen.challenge)
    assert.equal(hand.send(operation).result, 27)
  })

  it('SELECTED for no longer than 3 s, whatever time to live is asked for', () => {
    const hand = new StHand()
    hand.scan()
    claimed(hand)
    hand.send({ ...selection, timeToLiveMs: 60_000 })
    assert.equal(hand.scan(299).result, 3)
    assert.equal(hand.scan().result, 32)
  })

  it('EXECUTE_TIMEOUT (33) when the role stays, DONE (5) when it changes in time', () => {
    const hand = new StHand()
    hand.scan()
    operated(hand)
    assert.equal(hand.scan(199).result, 4)
    assert.deepEqual([hand.scan().result, hand.status().conditions & 7], [33, 1])
    const quick = new StHand()
    quick.scan()
    operated(quick)
    quick.unit.set({ ROLE: 2 })
    assert.deepEqual([quick.scan().result, quick.status().role], [5, 2])
  })
})

describe('The function block for the controller', () => {
  it('asks for a role change with one pulse of one scan', () => {
    const hand = new StHand()
    hand.scan()
    operated(hand)
    assert.equal(hand.unit.get('GOSTANDBY'), 1)
    hand.scan()
    assert.equal(hand.unit.get('GOSTANDBY'), 0)
  })

  it('lets no selection stand when the measured time stands still: its own timer ends it after 3 s', () => {
    const hand = new StHand()
    hand.scan()
    selected(hand)
    for (let scan = 0; scan < 301; scan++) {
      hand.unit.clock.nowMs += 10
      hand.scan(1, 0)
    }
    assert.equal(hand.status().result, 32)
  })

  it('judges a block that was written in two parts once, when the commit word fits', () => {
    const hand = new StHand()
    hand.scan()
    const words = wordsOf(hand.block())
    assert.equal(hand.sendWords([...words.slice(0, 17), 0]).result, 1)
    assert.equal(hand.sendWords(words).result, 2)
    assert.equal(hand.scan(50).accepted, 1)
  })

  it('does not judge a block before it has stood for two scans', () => {
    const hand = new StHand()
    hand.scan()
    hand.unit.write('COMMAND', wordsOf(hand.block()))
    assert.equal(hand.scan().result, 1)
    assert.equal(hand.scan().result, 2)
  })

  it('answers STALE to the block that stands in its registers after a start', () => {
    const hand = new StHand()
    hand.scan()
    claimed(hand)
    const started = hand.restart()
    assert.deepEqual([started.result, started.boot, started.epoch, started.judged], [1, 2, 7, 1])
    assert.equal(hand.scan(1).result, 19)
  })

  it('is as it was after many starts in a row without any command', () => {
    const hand = new StHand()
    hand.scan()
    claimed(hand)
    const challenges = new Set<number>()
    for (let start = 0; start < 100; start++) challenges.add(hand.restart().challenge)
    assert.deepEqual([hand.status().epoch, hand.status().conditions & 0x10], [7, 0])
    assert.equal(challenges.size, 100, 'every start has a challenge of its own')
  })

  it('stays locked over starts until somebody presses re-arm, and then takes one claim of any step', () => {
    const hand = new StHand()
    hand.scan()
    claimed(hand)
    loseMemory(hand)
    hand.restart()
    const locked = hand.restart()
    assert.deepEqual([locked.conditions & 0x10, locked.epoch, locked.owner], [0x10, 0, 0])
    hand.unit.set({ REARM: 1 })
    assert.equal(hand.scan().conditions & 0x810, 0x800)
    assert.equal(hand.send({ epoch: 0x8000_0000 }).result, 2)
    assert.equal(hand.send({ epoch: 0x8000_0000 + 1001 }).result, 20)
    assert.equal(hand.restart().epoch, 0x8000_0000)
  })

  it('starts alike in a controller that keeps the whole instance over a start', () => {
    const [plain, keeping] = [new StHand(), new StHand()]
    for (const hand of [plain, keeping]) {
      hand.scan()
      selected(hand)
      hand.sendWords([...hand.unit.read('COMMAND').slice(0, 17), 0])
    }
    const started = plain.restart()
    keeping.unit.set({ FIRSTSCAN: 1 })
    assert.deepEqual(keeping.scan(), started)
    keeping.unit.set({ FIRSTSCAN: 0 })
    for (const hand of [plain, keeping]) {
      hand.unit.write('COMMAND', new Array<number>(18).fill(0))
      hand.scan(2)
      assert.equal(hand.send({ epoch: 8 }).result, 2)
      hand.epoch = 8
      assert.equal(hand.send(selection).result, 3)
    }
    assert.deepEqual(keeping.scan(299), plain.scan(299))
    assert.equal(keeping.status().result, 3)
    assert.equal(keeping.scan().result, 32)
  })

  it('is not re-armed by a button that is stuck through a start', () => {
    const hand = new StHand()
    hand.scan()
    loseMemory(hand, { REARM: 1 })
    assert.equal(hand.scan(20).conditions & 0x810, 0x10)
    hand.unit.set({ REARM: 0 })
    hand.scan()
    hand.unit.set({ REARM: 1 })
    assert.equal(hand.scan().conditions & 0x810, 0x800)
  })

  it('locks when any single bit of its retained data has changed', () => {
    for (const [name, bits] of [
      ['EPOCH', 32],
      ['OWNER', 16],
      ['ACCEPTED', 16],
      ['BOOT', 32],
      ['ISSUED', 32],
      ['SEAL', 32],
    ] as const) {
      for (let bit = 0; bit < bits; bit++) {
        const hand = new StHand()
        hand.scan()
        claimed(hand)
        hand.unit.set({ [name]: (hand.unit.get(name) ^ (1 << bit)) >>> 0 })
        assert.equal(hand.restart().conditions & 0x10, 0x10, `${name} bit ${bit}`)
      }
    }
  })

  it('refuses everything when nothing but its registers is wired', () => {
    const hand = new StHand({ REMOTE: 0, PERMISSIVE: 0, ROLE: 0, RUNNING: 0, SEESITSIO: 0 })
    hand.scan()
    assert.equal(hand.send().result, 18)
    hand.unit.set({ REMOTE: 1 })
    claimed(hand)
    assert.equal(hand.send({ ...selection, expectedRole: 0 }).result, 24)
  })
})

function loseMemory(hand: StHand, inputs: Readonly<Record<string, number>> = {}): void {
  hand.unit.set({ EPOCH: 0, OWNER: 0, ACCEPTED: 0, BOOT: 0, ISSUED: 0, ISSUEDINVERSE: 0, SEAL: 0 })
  hand.restart(inputs)
}
