// The blocks as bits: the vectors of docs/protocols.md section 9, word for word.
import assert from 'node:assert/strict'
import { crcOfWords, parseCommand, type Status, statusWords } from '../../plc-sim/wire.ts'
import { seenIn, wordsOf } from './by-hand.ts'

const COMMANDS = {
  C1: {
    words:
      'C501 0000 0007 4D2A 0001 A5A5 0000 000B 0001 1234 5678 0000 0000 0BB8 FA29 67FB 0000 FFFE',
    block: block({ seq: 1, opcode: 0xa5a5, challenge: 0x12345678 }),
  },
  C2: {
    words:
      'C501 0000 0007 4D2A 0002 C3C3 AA55 000B 0001 9ABC DEF0 DEAD BEEF 0BB8 8A9E 5A89 0000 FFFD',
    block: block({
      seq: 2,
      opcode: 0xc3c3,
      action: 0xaa55,
      challenge: 0x9abcdef0,
      evidence: 0xdeadbeef,
    }),
  },
  C3: {
    words:
      'C501 0001 0002 FFFE FFFF 9669 CC33 000C 0002 FFFF FFFF 0000 0001 01F4 3638 0E06 0000 0000',
    block: block({
      epoch: 65538,
      owner: 0xfffe,
      seq: 65535,
      opcode: 0x9669,
      action: 0xcc33,
      unit: 12,
      expectedRole: 2,
      challenge: 0xffffffff,
      evidence: 1,
      timeToLiveMs: 500,
    }),
  },
  C4: {
    words:
      'C501 0000 0007 4D2A 0004 F00F 0000 000B 0001 0BAD F00D 0000 0000 0BB8 7D8B CE55 0000 FFFB',
    block: block({ seq: 4, opcode: 0xf00f, challenge: 0x0badf00d }),
  },
}

const STATUSES = {
  S1: {
    words:
      'C511 000B 0000 0001 0000 0000 0000 0000 0000 0001 1234 5678 0000 0001 1529 0000 0000 0064 0000 0000 5D65 6398',
    status: status({ result: 1, challenge: 0x12345678, conditions: 0x1529, heartbeat: 100 }),
  },
  S2: {
    words:
      'C511 000B 0000 0001 0000 0007 4D2A 0002 C3C3 0003 0BAD F00D 0BAE 0001 152A DEAD BEEF FFFF 0002 0003 24B1 7ABE',
    status: status({
      epoch: 7,
      owner: 0x4d2a,
      accepted: 2,
      opcode: 0xc3c3,
      result: 3,
      challenge: 0x0badf00d,
      selectLeftMs: 2990,
      conditions: 0x152a,
      evidence: 0xdeadbeef,
      heartbeat: 65535,
      judged: 2,
      badBlocks: 3,
    }),
  },
  S3: {
    words:
      'C511 000C 0002 0001 0000 0007 4D2A 0003 9669 0005 CAFE BABE 0000 0001 1569 DEAD BEEF 0000 0003 0000 6407 AE82',
    status: status({
      unit: 12,
      boot: 131073,
      epoch: 7,
      owner: 0x4d2a,
      accepted: 3,
      opcode: 0x9669,
      result: 5,
      challenge: 0xcafebabe,
      conditions: 0x1569,
      evidence: 0xdeadbeef,
      judged: 3,
    }),
  },
}

describe('The blocks on the wire', () => {
  it('have the CRC of the protocol page', () => {
    assert.equal(crcOfWords([0x3132, 0x3334, 0x3536, 0x3738], 4), 0x9ae0daaf)
  })

  for (const [name, { words, block }] of Object.entries(COMMANDS)) {
    it(`command vector ${name} is read as the page says`, () => {
      assert.deepEqual(parseCommand(numbers(words)), block)
    })
    it(`command vector ${name} is what the tests write by hand`, () => {
      assert.deepEqual(wordsOf(block), numbers(words))
    })
  }

  for (const [name, { words, status }] of Object.entries(STATUSES)) {
    it(`status vector ${name} is written as the page says`, () => {
      assert.deepEqual(statusWords(status), numbers(words))
    })
    it(`status vector ${name} is what the tests read by hand`, () => {
      assert.deepEqual(seenIn(numbers(words)), { ...status, magic: 0xc511, crcRight: true })
    })
  }

  it('a command with any one bit flipped is thrown away', () => {
    for (const { words } of Object.values(COMMANDS)) {
      for (let bit = 0; bit < 18 * 16; bit += 1) {
        const torn = flipped(numbers(words), bit)
        assert.equal(parseCommand(torn), undefined, `bit ${bit % 16} of word ${bit >> 4}`)
      }
    }
  })

  it('a command of zeroes is thrown away', () => {
    assert.equal(parseCommand(new Array(18).fill(0)), undefined)
  })
})

function flipped(words: number[], bit: number): number[] {
  return words.map((word, index) => (index === bit >> 4 ? word ^ (1 << (bit % 16)) : word))
}

function numbers(words: string): number[] {
  return words.split(' ').map((word) => Number.parseInt(word, 16))
}

function block(changes: object) {
  return {
    epoch: 7,
    owner: 0x4d2a,
    seq: 0,
    opcode: 0,
    action: 0,
    unit: 11,
    expectedRole: 1,
    challenge: 0,
    evidence: 0,
    timeToLiveMs: 3000,
    ...changes,
  }
}

function status(changes: Partial<Status>): Status {
  return {
    unit: 11,
    boot: 1,
    epoch: 0,
    owner: 0,
    accepted: 0,
    opcode: 0,
    result: 0,
    challenge: 0,
    selectLeftMs: 0,
    role: 1,
    conditions: 0,
    evidence: 0,
    heartbeat: 0,
    judged: 0,
    badBlocks: 0,
    ...changes,
  }
}
