// How a unit judges a block, over a real Modbus connection and with plant time moved by hand.
import assert from 'node:assert/strict'
import { CLAIM, GO_ACTIVE, GO_STANDBY, JUDGED_MS, OPERATE, withPlant, wordsOf } from './by-hand.ts'
import { JUDGEMENT_CASES, loseRetained, operating, select, standby } from './judgement-cases.ts'

describe('A unit that judges a block answers', () => {
  for (const { name, result, unit = 'intake.A', prepare, block } of JUDGEMENT_CASES) {
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
