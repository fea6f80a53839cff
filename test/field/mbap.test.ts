// The last line before the socket: framing, judgement of replies, and what may be written.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import { crc16, withCrc16 } from '../../src/field/modbus/crc16.ts'
import { expectationOf, findFault, frameOf, splitFrame } from '../../src/field/modbus/mbap.ts'
import { ModbusPort } from '../../src/field/modbus/port.ts'

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex')
const request = '01 03 03E8 0002'
const expected = expectationOf(0x1234, bytes(request))

describe('judging a reply to a read of two registers', () => {
  const rows: [string, string, string | undefined][] = [
    ['the answer is taken', '1234 0000 0007 01 03 04 AABB CCDD', undefined],
    ['an exception is taken', '1234 0000 0003 01 83 02', undefined],
    [
      'another transaction',
      '1235 0000 0007 01 03 04 AABB CCDD',
      'transaction 4661 instead of 4660',
    ],
    ['256 more', '1334 0000 0007 01 03 04 AABB CCDD', 'transaction 4916 instead of 4660'],
    ['another unit', '1234 0000 0007 02 03 04 AABB CCDD', 'unit 2 instead of 1'],
    ['another function', '1234 0000 0007 01 04 04 AABB CCDD', 'function 4 instead of 3'],
    ['an exception of another function', '1234 0000 0003 01 84 02', 'function 132 instead of 3'],
    ['a longer exception', '1234 0000 0004 01 83 02 00', 'exception of 4 bytes instead of 3'],
    ['a smaller byte count', '1234 0000 0007 01 03 02 AABB CCDD', 'byte count 2 instead of 4'],
    ['a larger byte count', '1234 0000 0009 01 03 06 AABB CCDD EEFF', 'byte count 6 instead of 4'],
    ['fewer bytes than counted', '1234 0000 0005 01 03 04 AABB', '2 data bytes instead of 4'],
    [
      'more bytes than counted',
      '1234 0000 0008 01 03 04 AABB CCDD 00',
      '5 data bytes instead of 4',
    ],
  ]
  for (const [title, frame, fault] of rows) {
    it(title, () => assert.equal(findFault(bytes(frame), expected), fault))
  }

  it('a reply with any one bit of its header or head flipped is not taken', () => {
    const good = bytes('1234 0000 0007 01 03 04 AABB CCDD')
    for (let bit = 0; bit < 9 * 8; bit++) {
      const bad = Buffer.from(good)
      bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      // Function 03 with its exception bit set is 83, which is too long for an exception.
      const split = splitFrame(bad)
      const taken =
        split.kind === 'frame' &&
        split.rest.length === 0 &&
        findFault(split.frame, expected) === undefined
      assert(!taken, `bit ${bit}`)
    }
  })

  it('an acknowledged write must echo its address and count', () => {
    const write = expectationOf(7, bytes(`01 10 044C 0012 24 ${'0000'.repeat(18)}`))
    assert.equal(findFault(bytes('0007 0000 0006 01 10 044C 0012'), write), undefined)
    assert.match(findFault(bytes('0007 0000 0006 01 10 044D 0012'), write) ?? '', /at 1101 echoed/)
    assert.match(findFault(bytes('0007 0000 0006 01 10 044C 0011'), write) ?? '', /17 words/)
    assert.match(findFault(bytes('0007 0000 0005 01 10 044C 00'), write) ?? '', /5 bytes/)
  })
})

describe('cutting frames from a stream', () => {
  it('takes a frame apart from what follows, and waits for the rest of one', () => {
    const stream = bytes('0001 0000 0003 01 83 02 0002')
    const split = splitFrame(stream)
    assert(split.kind === 'frame')
    assert.equal(split.frame.length, 9)
    assert.equal(split.rest.length, 2)
    assert.deepEqual(splitFrame(split.rest), { kind: 'more' })
  })
  it('finds an impossible header at once', () => {
    assert.equal(splitFrame(bytes('0001 1234')).kind, 'fault')
    assert.equal(splitFrame(bytes('0001 0000 FFFF')).kind, 'fault')
    assert.equal(splitFrame(bytes('0001 0000 0000')).kind, 'fault')
  })
  it('never throws and never reads past what came, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (raw) => {
        const split = splitFrame(Buffer.from(raw))
        if (split.kind !== 'frame') return
        assert.equal(split.frame.length + split.rest.length, raw.length)
        findFault(split.frame, expected)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('the port to modbus-serial', () => {
  const port = (
    commandAt?: number,
  ): { sent: Buffer[]; repeated: () => number; port: ModbusPort } => {
    const sent: Buffer[] = []
    let repeated = 0
    const options = {
      ...(commandAt === undefined ? {} : { commandAt }),
      send: (frame: Buffer) => sent.push(frame),
      onDuplicate: () => repeated++,
    }
    return { sent, repeated: () => repeated, port: new ModbusPort(options) }
  }
  const rtu = (body: string): Buffer => withCrc16(bytes(body))
  const block = (address: string, count: number): string =>
    `01 10 ${address} ${count.toString(16).padStart(4, '0')} ${(2 * count).toString(16).padStart(2, '0')} ${'0000'.repeat(count)}`

  it('lets one command block at the allowed address pass', () => {
    const { port: allowed, sent } = port(1100)
    allowed.write(rtu(block('044C', 18)))
    assert.equal(sent.length, 1)
  })
  const forbidden: [string, string][] = [
    ['a command block at another address', block('044D', 18)],
    ['a shorter block', block('044C', 17)],
    ['a longer block', block('044C', 19)],
    ['a single register (function 6)', '01 06 044C 0001'],
    ['a coil (function 5)', '01 05 044C FF00'],
    ['a mask write (function 22)', '01 16 044C 0000 0001'],
    ['a read with a write in it (function 23)', `01 17 0000 0001 044C 0001 02 0000`],
  ]
  for (const [title, body] of forbidden) {
    it(`stops ${title}`, () => {
      const { port: allowed, sent } = port(1100)
      assert.throws(() => allowed.write(rtu(body)))
      assert.equal(sent.length, 0)
    })
  }
  it('stops every write when none is allowed, and only reads pass', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 6, maxLength: 60 }), (body) => {
        const { port: readOnly, sent } = port()
        try {
          readOnly.write(withCrc16(body))
        } catch {
          assert.equal(sent.length, 0)
        }
        for (const frame of sent) assert((frame[7] ?? 0) >= 1 && (frame[7] ?? 0) <= 4)
      }),
      { numRuns: 2000 },
    )
    const { port: readOnly, sent } = port()
    assert.throws(() => readOnly.write(rtu(block('044C', 18))), /must not be written/)
    assert.equal(sent.length, 0)
  })
  it('lets one request be out at a time', () => {
    const { port: busy, sent } = port()
    busy.write(rtu(request))
    assert.throws(() => busy.write(rtu(request)), /second Modbus request/)
    assert.equal(sent.length, 1)
  })
  it('hands a reply on once, drops its repetition, and refuses one that nobody asked for', () => {
    const { port: one, sent, repeated } = port()
    const taken: Buffer[] = []
    one.on('data', (frame: Buffer) => taken.push(frame))
    assert.equal(one.receive(bytes('0001 0000 0003 01 83 02')), 'a reply that nobody asked for')
    one.write(rtu(request))
    const transaction = sent[0]?.readUInt16BE(0) ?? 0
    const reply = frameOf(transaction, bytes('01 03 04 AABB CCDD'))
    assert.equal(one.receive(Buffer.concat([reply, reply])), undefined)
    assert.deepEqual(taken, [rtu('01 03 04 AABB CCDD')])
    assert.equal(repeated(), 1)
    assert.equal(one.littered, false)
    assert.equal(one.receive(reply.subarray(0, 3)), undefined)
    assert.equal(one.littered, true)
  })
})

describe('the checksum of Modbus RTU', () => {
  it('has the published check value', () => {
    assert.equal(crc16(Buffer.from('123456789')), 0x4b37)
    assert.deepEqual(withCrc16(bytes('01 03 00 00 00 0A')), bytes('01 03 00 00 00 0A C5 CD'))
  })
})
