// The test vectors of docs/protocols.md section 9 against the very text of config/plc: the third program that is bound to that page.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import { crc32 } from '../../src/core/block.ts'
import { GO_ACTIVE, OPERATE, SELECT } from '../plc-sim/by-hand.ts'
import { vector } from '../protocol-vectors.ts'
import { StHand } from './st-hand.ts'
import { StUnit } from './st-unit.ts'

/** A unit that is where the vector says, its challenge included. */
const at = (hand: StHand, challenge: number): StHand => {
  hand.scan()
  hand.unit.set({ CHALLENGE: challenge })
  return hand
}
const inEpoch7 = (accepted: number) =>
  new StHand({}, { epoch: 7, owner: 0x4d2a, accepted, boot: 1 })

const selectedForC3 = (): StHand => {
  const memory = { epoch: 65_538, owner: 0xfffe, accepted: 65_533 }
  const hand = at(new StHand({ UNITNUMBER: 12, ROLE: 2, PEERNOTACTIVE: 1 }, memory), 5)
  hand.scan()
  const select = { opcode: SELECT, action: GO_ACTIVE, evidence: 1, seq: 65_534 }
  assert.equal(hand.send({ ...select, epoch: 65_538, owner: 0xfffe }).result, 3)
  hand.unit.set({ CHALLENGE: 0xffff_ffff })
  return hand
}

describe('The function block for the controller is bound to the protocol page: it', () => {
  const commands: readonly (readonly [string, number, () => StHand])[] = [
    ['C1', 2, () => at(new StHand(), 0x1234_5678)],
    ['C2', 3, () => at(inEpoch7(1), 0x9abc_def0)],
    ['C3', 4, selectedForC3],
    ['C4', 6, () => at(inEpoch7(3), 0x0bad_f00d)],
  ]
  for (const [name, result, prepared] of commands) {
    it(`accepts vector ${name} with result ${result}`, () => {
      const hand = prepared()
      assert.equal(hand.sendWords(vector(name)).result, result)
      assert.equal(hand.unit.get('GOACTIVE'), name === 'C3' ? 1 : 0)
    })

    it(`throws vector ${name} away when any single bit of it is wrong`, () => {
      const hand = prepared()
      const before = hand.scan(0)
      const words = vector(name)
      for (let bit = 0; bit < words.length * 16; bit++) {
        const torn = words.map((word, index) =>
          index === bit >> 4 ? word ^ (1 << (bit & 15)) : word,
        )
        hand.unit.write('COMMAND', torn)
        // No time passes, so that a selection does not lapse meanwhile.
        const seen = hand.scan(2, 0)
        assert.deepEqual(
          [seen.badBlocks, seen.result, seen.judged, seen.opcode],
          [bit + 1, before.result, before.judged, before.opcode],
          `bit ${bit}`,
        )
      }
    })
  }

  it('writes its status as vector S1 after its first start', () => {
    const hand = at(new StHand(), 0x1234_5678)
    hand.unit.set({ HEARTBEAT: 99 })
    hand.scan()
    assert.deepEqual(hand.unit.read('STATUS'), vector('S1'))
  })

  it('writes its status as vector S2 when a selection stands', () => {
    const hand = at(new StHand(), 0x1234_5678)
    assert.equal(hand.sendWords(vector('C1')).result, 2)
    const torn = [1, 2, 3].map((wrong) => [...vector('C1').slice(0, 17), wrong])
    for (const words of torn) hand.sendWords(words)
    hand.unit.set({ CHALLENGE: 0x9abc_def0 })
    assert.equal(hand.sendWords(vector('C2')).result, 3)
    hand.unit.set({ CHALLENGE: 0x0bad_f00d, HEARTBEAT: 65_534 })
    hand.scan()
    assert.deepEqual(hand.unit.read('STATUS'), vector('S2'))
  })

  it('writes its status as vector S3 when an OPERATE is done', () => {
    const memory = { epoch: 6, boot: 131_072 }
    const hand = new StHand({ UNITNUMBER: 12, ROLE: 2, PEERNOTACTIVE: 1 }, memory)
    hand.scan()
    assert.equal(hand.send().result, 2)
    assert.equal(hand.send({ opcode: SELECT, action: GO_ACTIVE }).result, 3)
    assert.equal(hand.send({ opcode: OPERATE, action: GO_ACTIVE }).result, 4)
    hand.unit.set({ ROLE: 1, CHALLENGE: 0xcafe_babe, HEARTBEAT: 65_535 })
    hand.scan()
    assert.deepEqual(hand.unit.read('STATUS'), vector('S3'))
  })

  it('has the CRC of the page, over the words that the page names and over any others', () => {
    const crc = new StUnit('BUMPLESS_CRC32')
    const crcOf = (words: readonly number[]): number => {
      crc.write('WORDS', [...words, ...new Array<number>(20 - words.length).fill(0)])
      crc.set({ WORDCOUNT: words.length })
      crc.run()
      return crc.get('BUMPLESS_CRC32')
    }
    assert.equal(crcOf([0x3132, 0x3334, 0x3536, 0x3738]), 0x9ae0daaf)
    const seed = Number(process.env.SEED ?? Date.now() & 0xffffff)
    const words = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
    fc.assert(
      fc.property(words, (some) => crcOf(some) === crc32(some)),
      { seed, numRuns: 500 },
    )
  })
})
