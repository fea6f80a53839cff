import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  type CommandBlock,
  conditionNames,
  crc32,
  decodeStatus,
  encodeCommand,
  hex,
  type StatusBlock,
} from '../../src/core/block.ts'
import { vector } from '../protocol-vectors.ts'

const claim: CommandBlock = {
  epoch: 7,
  owner: 0x4d2a,
  seq: 1,
  opcode: 'CLAIM',
  unit: 11,
  expectedRole: 'primary',
  challenge: 0x12345678,
  evidence: 0,
  ttlMs: 3000,
}

describe('the command block', () => {
  const blocks: Readonly<Record<string, CommandBlock>> = {
    C1: claim,
    C2: {
      ...claim,
      seq: 2,
      opcode: 'SELECT',
      action: 'GO_STANDBY',
      challenge: 0x9abcdef0,
      evidence: 0xdeadbeef,
    },
    C3: {
      epoch: 65538,
      owner: 0xfffe,
      seq: 65535,
      opcode: 'OPERATE',
      action: 'GO_ACTIVE',
      unit: 12,
      expectedRole: 'standby',
      challenge: 0xffffffff,
      evidence: 1,
      ttlMs: 500,
    },
    C4: { ...claim, seq: 4, opcode: 'CANCEL', challenge: 0x0badf00d },
  }
  for (const [name, block] of Object.entries(blocks)) {
    it(`is written exactly as vector ${name} of the protocol page`, () => {
      assert.deepEqual(encodeCommand(block), vector(name))
    })
  }

  it('has the CRC of the protocol page', () => {
    assert.equal(hex(crc32([0x3132, 0x3334, 0x3536, 0x3738]), 8), '9AE0DAAF')
  })
})

describe('the status block', () => {
  const read = (name: string): StatusBlock => {
    const status = decodeStatus(vector(name))
    assert.ok(typeof status === 'object', String(status))
    return status
  }

  it('is read as vector S1 says: a primary after its first start', () => {
    const status = read('S1')
    assert.deepEqual(
      [status.unit, status.boot, status.epoch, status.role, status.opcode, status.result],
      [11, 1, 0, 'primary', 'NONE', 1],
    )
    assert.equal(status.challenge, 0x12345678)
    assert.equal(status.heartbeat, 100)
    assert.deepEqual(conditionNames(status.conditions), [
      'idle',
      'remote',
      'interlockOk',
      'running',
      'seesIo',
      'peerContactFitted',
    ])
  })

  it('is read as vector S2 says: selected, with the time left', () => {
    const status = read('S2')
    assert.deepEqual(
      [status.epoch, status.owner, status.accepted, status.opcode, status.selectLeftMs],
      [7, 0x4d2a, 2, 'SELECT', 2990],
    )
    assert.deepEqual(
      [status.evidence, status.heartbeat, status.judged, status.badBlocks],
      [0xdeadbeef, 65535, 2, 3],
    )
  })

  it('is read as vector S3 says: an OPERATE that is done, with the peer not active', () => {
    const status = read('S3')
    assert.deepEqual([status.boot, status.result, status.role], [131073, 5, 'primary'])
    assert.ok(conditionNames(status.conditions).includes('peerNotActive'))
  })

  it('is not believed when any single bit is flipped', () => {
    for (const name of ['S1', 'S2', 'S3']) {
      const words = vector(name)
      for (let bit = 0; bit < words.length * 16; bit++) {
        const flipped = words.map((word, index) =>
          index === bit >> 4 ? word ^ (1 << (bit & 15)) : word,
        )
        assert.equal(typeof decodeStatus(flipped), 'string', `${name} bit ${bit}`)
      }
    }
  })

  it('answers any words with a block or a sentence, never with an exception', () => {
    const seed = Number(process.env.SEED ?? Date.now() & 0xffffff)
    const words = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
    fc.assert(
      fc.property(words, (some) => typeof decodeStatus(some) === 'string'),
      { seed, numRuns: 20_000 },
    )
  })

  it('of zeros, as a server gives after its own time-out, is not believed', () => {
    assert.equal(typeof decodeStatus(new Array<number>(22).fill(0)), 'string')
  })
})
