// How a unit judges a block, over a real Modbus connection and with plant time moved by hand.
import assert from 'node:assert/strict'
import type { Plant } from '../../plc-sim/plant.ts'
import {
  type Block,
  CANCEL,
  CLAIM,
  GO_ACTIVE,
  GO_STANDBY,
  type Hand,
  JUDGED_MS,
  OPERATE,
  SELECT,
  withPlant,
  wordsOf,
} from './by-hand.ts'

type Case = {
  readonly name: string
  readonly result: number
  readonly unit?: string
  readonly prepare?: (hand: Hand, plant: Plant) => Promise<unknown>
  readonly block?: Partial<Block>
}

const claim = (hand: Hand) => hand.send()
const select =
  (action: number, changes: Partial<Block> = {}) =>
  async (hand: Hand) => {
    await hand.send()
    assert.equal((await hand.send({ opcode: SELECT, action, ...changes })).result, 3)
  }
const afterSelect =
  (fault: string, action: number, target = 'intake.A') =>
  async (hand: Hand, plant: Plant) => {
    await select(action)(hand)
    await plant.addFault({ target, fault })
  }
const operating = async (hand: Hand, plant: Plant) => {
  await plant.addFault({ target: 'intake.A', fault: 'acks_not_act' })
  await select(GO_STANDBY)(hand)
  assert.equal((await hand.send({ opcode: OPERATE, action: GO_STANDBY })).result, 4)
}

const CASES: readonly Case[] = [
  { name: 'CLAIMED (2) for a claim of the next epoch', result: 2 },
  { name: 'SELECTED (3) for a select', result: 3, prepare: claim, block: standby(SELECT) },
  {
    name: 'EXECUTING (4) for an operate after its select',
    result: 4,
    prepare: select(GO_STANDBY),
    block: standby(OPERATE),
  },
  {
    name: 'CANCELLED (6) for a cancel of a selection',
    result: 6,
    prepare: select(GO_STANDBY),
    block: { opcode: CANCEL },
  },
  {
    name: 'CANCELLED (6) for a cancel of nothing',
    result: 6,
    prepare: claim,
    block: { opcode: CANCEL },
  },
  { name: 'WRONG_UNIT (16) for a block meant for another unit', result: 16, block: { unit: 12 } },
  {
    name: 'LOCKED (17) after the retained data were lost',
    result: 17,
    prepare: loseRetained,
  },
  {
    name: 'LOCAL (18) while the switch stands on LOCAL',
    result: 18,
    prepare: async (_, plant) => plant.action({ target: 'intake.A', action: 'local' }),
  },
  { name: 'STALE (19) for another challenge', result: 19, block: { challenge: 1 } },
  { name: 'OLD_EPOCH (20) for an epoch not above the retained one', result: 20, prepare: claim },
  {
    name: 'OLD_EPOCH (20) for a step of 1001 epochs',
    result: 20,
    block: { epoch: 1001 },
  },
  {
    name: 'FENCED (21) for another owner',
    result: 21,
    prepare: claim,
    block: { opcode: CANCEL, owner: 1 },
  },
  {
    name: 'FENCED (21) for another epoch',
    result: 21,
    prepare: claim,
    block: { opcode: CANCEL, epoch: 8 },
  },
  {
    name: 'OLD_SEQ (22) for a sequence number that was used',
    result: 22,
    prepare: claim,
    block: { opcode: CANCEL, seq: 1 },
  },
  {
    name: 'BUSY (23) for a second select',
    result: 23,
    prepare: select(GO_STANDBY),
    block: standby(SELECT),
  },
  {
    name: 'BUSY (23) for a claim during an execution',
    result: 23,
    prepare: operating,
    block: { epoch: 8 },
  },
  {
    name: 'BUSY (23) for a cancel during an execution',
    result: 23,
    prepare: operating,
    block: { opcode: CANCEL },
  },
  {
    name: 'BUSY (23) for an operate during an execution',
    result: 23,
    prepare: operating,
    block: standby(OPERATE),
  },
  {
    name: 'ROLE (24) for a select that expects another role',
    result: 24,
    prepare: claim,
    block: { ...standby(SELECT), expectedRole: 2 },
  },
  {
    name: 'ROLE (24) for an operate that expects another role',
    result: 24,
    prepare: select(GO_STANDBY),
    block: { ...standby(OPERATE), expectedRole: 2 },
  },
  {
    name: 'INTERLOCK (25) for a select without the permissive',
    result: 25,
    prepare: async (hand, plant) => {
      await claim(hand)
      await plant.addFault({ target: 'intake.A', fault: 'interlock_lost' })
    },
    block: standby(SELECT),
  },
  {
    name: 'INTERLOCK (25) for an operate whose permissive has gone',
    result: 25,
    prepare: afterSelect('interlock_lost', GO_STANDBY),
    block: standby(OPERATE),
  },
  {
    name: 'PEER (26) for a promote while the other unit is active',
    result: 26,
    unit: 'intake.B',
    prepare: claim,
    block: { opcode: SELECT, action: GO_ACTIVE },
  },
  {
    name: 'PEER (26) for an operate while the other unit has come back',
    result: 26,
    unit: 'intake.B',
    prepare: async (hand, plant) => {
      await plant.addFault({ target: 'intake', fault: 'none_primary' })
      await select(GO_ACTIVE)(hand)
      await plant.clearFault()
    },
    block: { opcode: OPERATE, action: GO_ACTIVE },
  },
  {
    name: 'NO_SELECT (27) for an operate alone',
    result: 27,
    prepare: claim,
    block: standby(OPERATE),
  },
  {
    name: 'MISMATCH (28) for an operate with another action',
    result: 28,
    prepare: select(GO_STANDBY),
    block: { opcode: OPERATE, action: GO_ACTIVE },
  },
  {
    name: 'MISMATCH (28) for an operate with other evidence',
    result: 28,
    prepare: select(GO_STANDBY),
    block: { ...standby(OPERATE), evidence: 0xdeadbeee },
  },
  { name: 'BAD_OPCODE (29)', result: 29, prepare: claim, block: { opcode: 0x1234 } },
  {
    name: 'BAD_ACTION (30)',
    result: 30,
    prepare: claim,
    block: { opcode: SELECT, action: 0x1234 },
  },
]

describe('A unit that judges a block answers', () => {
  for (const { name, result, unit = 'intake.A', prepare, block } of CASES) {
    it(name, () =>
      withPlant([unit], async (plant, hand) => {
        assert.ok(hand)
        await prepare?.(hand, plant)
        await plant.advance(JUDGED_MS)
        const before = await hand.status()
        const after = await hand.send(block)
        assert.equal(after.result, result)
        assert.equal(after.opcode, block?.opcode ?? CLAIM)
        assert.equal(after.judged, hand.seq)
        assert.ok(after.crcRight)
        const accepted = result < 16
        assert.equal(after.accepted, accepted ? hand.seq : before.accepted)
        assert.equal(after.challenge !== before.challenge, accepted, 'a new challenge')
      }),
    )
  }

  it('SELECT_TIMEOUT (32) and a new challenge when a selection lapses', () =>
    withPlant(['intake.A'], async (plant, hand) => {
      assert.ok(hand)
      await select(GO_STANDBY, { timeToLiveMs: 500 })(hand)
      const selected = await hand.status()
      assert.equal(selected.conditions & 7, 2)
      assert.ok(selected.selectLeftMs > 450 && selected.selectLeftMs <= 500)
      await plant.advance(selected.selectLeftMs - 10)
      assert.equal((await hand.status()).selectLeftMs, 10)
      await plant.advance(10)
      const lapsed = await hand.status()
      assert.equal(lapsed.result, 32)
      assert.equal(lapsed.selectLeftMs, 0)
      assert.equal(lapsed.conditions & 7, 1)
      assert.notEqual(lapsed.challenge, selected.challenge)
      assert.equal((await hand.send(standby(OPERATE))).result, 27)
    }))

  it('SELECTED for no longer than 3 seconds, whatever time to live is asked for', () =>
    withPlant(['intake.A'], async (plant, hand) => {
      assert.ok(hand)
      await select(GO_STANDBY, { timeToLiveMs: 60_000 })(hand)
      await plant.advance(2960)
      assert.equal((await hand.status()).result, 3)
      await plant.advance(40)
      assert.equal((await hand.status()).result, 32)
    }))

  it('EXECUTE_TIMEOUT (33) when the role has not changed after 2 seconds', () =>
    withPlant(['intake.A'], async (plant, hand) => {
      assert.ok(hand)
      await operating(hand, plant)
      await plant.advance(1960)
      assert.equal((await hand.status()).result, 4)
      await plant.advance(40)
      const late = await hand.status()
      assert.deepEqual([late.result, late.role, late.conditions & 7], [33, 1, 1])
    }))

  it('DONE (5) when the role is the one asked for', () =>
    withPlant(['intake.A'], async (_, hand) => {
      assert.ok(hand)
      const done = await hand.command(GO_STANDBY)
      assert.deepEqual([done.result, done.role, done.conditions & 7], [5, 2, 1])
      assert.equal(done.evidence, 0xdeadbeef)
    }))

  for (const [name, changes] of [
    ['another action', { action: GO_ACTIVE }],
    ['other evidence', { evidence: 1 }],
    ['another expected role', { expectedRole: 3 }],
  ] as const) {
    it(`nothing but the refusal to an operate with ${name}: its selection is gone`, () =>
      withPlant(['intake.A'], async (_, hand) => {
        assert.ok(hand)
        await select(GO_STANDBY)(hand)
        const refused = await hand.send({ ...standby(OPERATE), ...changes })
        assert.deepEqual([refused.conditions & 7, refused.selectLeftMs], [1, 0])
        assert.equal((await hand.send(standby(OPERATE))).result, 27)
      }))
  }

  it('the first failing check when several fail', () =>
    withPlant(['intake.A'], async (plant, hand) => {
      assert.ok(hand)
      await loseRetained(hand, plant)
      await plant.action({ target: 'intake.A', action: 'local' })
      const wrong = { challenge: 1, epoch: 0, owner: 0, seq: 0 }
      assert.equal((await hand.send({ ...wrong, unit: 99 })).result, 16)
      assert.equal((await hand.send(wrong)).result, 17)
      await plant.action({ target: 'intake.A', action: 'rearm' })
      assert.equal((await hand.send({ ...wrong, seq: 1 })).result, 18)
      await plant.action({ target: 'intake.A', action: 'remote' })
      assert.equal((await hand.send({ ...wrong, seq: 2 })).result, 19)
    }))
})

describe('A unit looks at a block', () => {
  it('only when it has stood unchanged for two scans', () =>
    withPlant(['intake.A'], async (plant, hand) => {
      assert.ok(hand)
      const words = wordsOf(await hand.block())
      await hand.terminal.write(1100, words)
      await plant.advance(10)
      assert.equal((await hand.status()).result, 1)
      await hand.terminal.write(1117, [0])
      await plant.advance(10)
      assert.equal((await hand.status()).result, 1)
      await hand.terminal.write(1100, words)
      await plant.advance(10)
      assert.equal((await hand.status()).result, 1)
      await plant.advance(10)
      assert.equal((await hand.status()).result, 2)
    }))

  it('written in two parts, commit last', () =>
    withPlant(['intake.A'], async (plant, hand) => {
      assert.ok(hand)
      const words = wordsOf(await hand.block())
      await hand.terminal.write(1100, words.slice(0, 17))
      assert.deepEqual(await hand.terminal.read(1100, 17), words.slice(0, 17))
      await plant.advance(10)
      await hand.terminal.write(1117, words.slice(17))
      await plant.advance(20)
      const claimed = await hand.status()
      assert.deepEqual([claimed.result, claimed.badBlocks], [2, 0])
    }))

  it('once, however long it stands', () =>
    withPlant(['intake.A'], async (plant, hand) => {
      assert.ok(hand)
      await hand.send({ challenge: 1 })
      await plant.advance(500)
      const judged = plant.state().pairs.intake?.units.A.judgements
      assert.deepEqual(
        judged?.map(({ result }) => result),
        ['STALE'],
      )
    }))

  it('and throws it away when any bit is wrong, judging nothing', () =>
    withPlant(['intake.A'], async (_, hand) => {
      assert.ok(hand)
      const words = wordsOf(await hand.block())
      for (let index = 0; index < 18; index += 1) {
        const torn = words.map((word, at) => (at === index ? word ^ (1 << (index % 16)) : word))
        const seen = await hand.sendWords(torn)
        assert.deepEqual([seen.badBlocks, seen.result, seen.judged], [index + 1, 1, 0])
      }
      assert.equal((await hand.sendWords(words)).result, 2)
    }))

  it('again as a copy, and finds it stale', () =>
    withPlant(['intake.A'], async (_, hand) => {
      assert.ok(hand)
      const words = wordsOf(await hand.block())
      assert.equal((await hand.sendWords(words)).result, 2)
      assert.equal((await hand.sendWords(new Array(18).fill(0))).badBlocks, 1)
      assert.equal((await hand.sendWords(words)).result, 19)
    }))
})

function standby(opcode: number): Partial<Block> {
  return { opcode, action: GO_STANDBY }
}

async function loseRetained(hand: Hand, plant: Plant): Promise<void> {
  await plant.addFault({ target: 'intake.A', fault: 'retained_lost' })
  await plant.action({ target: 'intake.A', action: 'reboot' })
  await hand.terminal.ended()
  await plant.advance(400)
  await plant.clearFault()
  await hand.reconnect()
}
