// What a unit remembers over a restart, and what it does when it remembers nothing.
import assert from 'node:assert/strict'
import { newCommandBlock, startBlock } from '../../plc-sim/command-block.ts'
import { newRetained } from '../../plc-sim/retained.ts'
import { GO_STANDBY, type Hand, SELECT, withPlant, wordsOf } from './by-hand.ts'

const LOCKED = 0x0010
const REARMED = 0x0800
const BOOT_MS = 400
/** The first scan of a start: a block that stands in the registers has not been judged yet. */
const FIRST_SCAN_MS = 300

describe('A unit that restarts', () => {
  it('keeps epoch, owner and accepted sequence, counts the start and forgets the rest', () =>
    withPlant(['intake.A'], async (_, hand) => {
      assert.ok(hand)
      await hand.send()
      const before = await hand.send({ opcode: SELECT, action: GO_STANDBY })
      assert.equal(before.result, 3)
      const after = await restart(hand, FIRST_SCAN_MS)
      assert.deepEqual([after.epoch, after.owner, after.accepted, after.judged], [7, 0x4d2a, 2, 2])
      assert.equal(after.boot, before.boot + 1)
      assert.equal(after.conditions & 7, 1)
      assert.deepEqual([after.evidence, after.role], [0, 2])
    }))

  it('judges a block that still stands in its registers again, and finds it stale', () =>
    withPlant(['intake.A'], async (plant, hand) => {
      assert.ok(hand)
      await hand.send()
      const fresh = await restart(hand, FIRST_SCAN_MS)
      assert.deepEqual([fresh.result, fresh.opcode], [1, 0])
      await plant.advance(20)
      const judged = await hand.status()
      assert.deepEqual([judged.result, judged.opcode, judged.judged], [19, 0xa5a5, 1])
    }))

  it('with its retained memory lost is locked until somebody re-arms it, over restarts too', () =>
    withPlant(['intake.A'], async (plant, hand) => {
      assert.ok(hand)
      await hand.send()
      await plant.addFault({ target: 'intake.A', fault: 'retained_lost' })
      const lost = await restart(hand)
      assert.deepEqual([lost.epoch, lost.owner, lost.accepted], [0, 0, 0])
      assert.equal(lost.conditions & LOCKED, LOCKED)
      await plant.clearFault()
      assert.equal((await restart(hand)).conditions & LOCKED, LOCKED)
      assert.equal((await hand.send()).result, 17)
      await plant.action({ target: 'intake.A', action: 'rearm' })
      const rearmed = await hand.status()
      assert.equal(rearmed.conditions & (LOCKED | REARMED), REARMED)
      assert.equal((await restart(hand)).conditions & LOCKED, 0)
    }))

  it('re-armed takes one claim of any step, and no second one', () =>
    withPlant(['intake.A'], async (plant, hand) => {
      assert.ok(hand)
      await plant.action({ target: 'intake.A', action: 'rearm' })
      const claimed = await hand.send({ epoch: 500_000 })
      assert.deepEqual([claimed.result, claimed.epoch], [2, 500_000])
      assert.equal(claimed.conditions & REARMED, 0)
      assert.equal((await hand.send({ epoch: 501_001 })).result, 20)
      assert.equal((await hand.send({ epoch: 501_000 })).result, 2)
    }))

  it('never issues a challenge twice in a thousand starts', () => {
    const block = newCommandBlock(11, newRetained(), 0xffff_ff00)
    const challenges = new Set<number>()
    for (let start = 0; start < 1000; start += 1) {
      startBlock(block)
      challenges.add(block.challenge)
    }
    assert.equal(challenges.size, 1000)
    assert.equal(block.retained.boot, 1000)
  })

  it('drops its connections and its outputs, and refuses connections while it is down', () =>
    withPlant(['intake.A'], async (plant, hand) => {
      assert.ok(hand)
      await plant.action({ target: 'intake.A', action: 'reboot' })
      await assert.rejects(hand.terminal.read(1000, 22))
      await assert.rejects(hand.reconnect(), { code: 'ECONNREFUSED' })
      await plant.advance(50)
      const { units, noneActive } = plant.state().pairs.intake ?? assert.fail()
      assert.deepEqual([units.A.active, units.A.running, units.A.role], [false, false, 'none'])
      assert.equal(noneActive.cause, 'action reboot')
    }))
})

describe('A copy of an old command', () => {
  it('does nothing to a unit that has started since', () =>
    withPlant(['intake.A'], async (_, hand) => {
      assert.ok(hand)
      await hand.send()
      const select = wordsOf(await hand.block({ opcode: SELECT, action: GO_STANDBY }))
      await restart(hand)
      const seen = await hand.sendWords(select)
      assert.deepEqual([seen.result, seen.conditions & 7, seen.accepted], [19, 1, 1])
    }))
})

async function restart(hand: Hand, passMs = BOOT_MS) {
  await hand.plant.action({ target: hand.target, action: 'reboot' })
  await hand.terminal.ended()
  await hand.plant.advance(passMs)
  await hand.reconnect()
  return hand.status()
}
