// The last line before the socket: framing, judgement of replies, and what may be written.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import { crc16, withCrc16 } from '../../src/field/modbus/crc16.ts'
import {
  expectationOf,
  fillFrame,
  findFlaw,
  findHeaderFlaw,
  frameEnd,
} from '../../src/field/modbus/mbap.ts'
import { newCounters } from '../../src/field/modbus/outcome.ts'
import { ModbusPort } from '../../src/field/modbus/port.ts'

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex')
const request = '01 03 03E8 0002'
const expected = expectationOf(0x1234, 2, bytes(request))
/** The kind of flaw and its words; a frame that stands behind others must be judged the same. */
function flawOf(frame: string, of = expected): string | undefined {
  const flaw = findFlaw(bytes(frame), 0, bytes(frame).length, of)
  const moved = Buffer.concat([bytes('DEADBEEF'), bytes(frame), bytes('FF')])
  assert.deepEqual(findFlaw(moved, 4, moved.length - 1, of), flaw)
  return flaw && `${flaw.kind}: ${flaw.detail}`
}

describe('judging a reply to a read of two registers', () => {
  const rows: [string, string, string | undefined][] = [
    ['the answer is taken', '1234 0000 0007 01 03 04 AABB CCDD', undefined],
    ['an exception is taken', '1234 0000 0003 01 83 02', undefined],
    [
      'a transaction that comes only later',
      '1235 0000 0007 01 03 04 AABB CCDD',
      'garbage: transaction 4661 instead of 4660',
    ],
    [
      'the transaction before',
      '1233 0000 0007 01 03 04 AABB CCDD',
      'late: transaction 4659 instead of 4660',
    ],
    [
      'the first transaction of the connection',
      '1232 0000 0007 01 03 04 AABB CCDD',
      'late: transaction 4658 instead of 4660',
    ],
    [
      'a transaction from before the connection',
      '1231 0000 0007 01 03 04 AABB CCDD',
      'garbage: transaction 4657 instead of 4660',
    ],
    ['256 more', '1334 0000 0007 01 03 04 AABB CCDD', 'garbage: transaction 4916 instead of 4660'],
    ['another unit', '1234 0000 0007 02 03 04 AABB CCDD', 'garbage: unit 2 instead of 1'],
    ['another function', '1234 0000 0007 01 04 04 AABB CCDD', 'garbage: function 4 instead of 3'],
    [
      'an exception of another function',
      '1234 0000 0003 01 84 02',
      'garbage: function 132 instead of 3',
    ],
    [
      'a longer exception',
      '1234 0000 0004 01 83 02 00',
      'garbage: exception of 4 bytes instead of 3',
    ],
    [
      'a smaller byte count than bytes',
      '1234 0000 0007 01 03 02 AABB CCDD',
      'garbage: byte count 2 instead of 4',
    ],
    ['fewer registers', '1234 0000 0005 01 03 02 AABB', 'short: byte count 2 instead of 4'],
    [
      'more registers',
      '1234 0000 0009 01 03 06 AABB CCDD EEFF',
      'garbage: byte count 6 instead of 4',
    ],
    [
      'fewer bytes than counted',
      '1234 0000 0005 01 03 04 AABB',
      'short: 2 data bytes instead of 4',
    ],
    [
      'more bytes than counted',
      '1234 0000 0008 01 03 04 AABB CCDD 00',
      'garbage: 5 data bytes instead of 4',
    ],
  ]
  for (const [title, frame, flaw] of rows) {
    it(title, () => assert.equal(flawOf(frame), flaw))
  }

  it('a reply with any one bit of its header or head flipped is not taken', () => {
    const good = bytes('1234 0000 0007 01 03 04 AABB CCDD')
    for (let bit = 0; bit < 9 * 8; bit++) {
      const bad = Buffer.from(good)
      bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      // Function 03 with its exception bit set is 83, which is too long for an exception.
      const taken =
        findHeaderFlaw(bad, 0, bad.length) === undefined &&
        frameEnd(bad, 0, bad.length) === bad.length &&
        findFlaw(bad, 0, bad.length, expected) === undefined
      assert(!taken, `bit ${bit}`)
    }
  })

  it('an acknowledged write must echo its address and count', () => {
    const write = expectationOf(7, 0, bytes(`01 10 044C 0012 24 ${'0000'.repeat(18)}`))
    assert.equal(flawOf('0007 0000 0006 01 10 044C 0012', write), undefined)
    assert.match(flawOf('0007 0000 0006 01 10 044D 0012', write) ?? '', /^garbage: .*at 1101 echo/)
    assert.match(flawOf('0007 0000 0006 01 10 044C 0011', write) ?? '', /^garbage: .*17 words/)
    assert.match(flawOf('0007 0000 0005 01 10 044C 00', write) ?? '', /^short: .*5 bytes/)
    assert.match(flawOf('0007 0000 0007 01 10 044C 0012 00', write) ?? '', /^garbage: .*7 bytes/)
  })
})

describe('cutting frames from a stream', () => {
  it('takes a frame apart from what follows, and waits for the rest of one', () => {
    const stream = bytes('0001 0000 0003 01 83 02 0002')
    assert.equal(findHeaderFlaw(stream, 0, stream.length), undefined)
    assert.equal(frameEnd(stream, 0, stream.length), 9)
    assert.equal(findHeaderFlaw(stream, 9, stream.length), undefined)
    assert.equal(frameEnd(stream, 9, stream.length), undefined)
  })
  it('waits for a frame of which the last byte is missing', () => {
    const frame = bytes('0001 0000 0003 01 83 02')
    for (let length = 0; length < frame.length; length++) {
      assert.equal(frameEnd(frame, 0, length), undefined)
    }
  })
  it('finds an impossible header as soon as it is there', () => {
    for (const header of ['0001 1234', '0001 0000 FFFF', '0001 0000 0000', '0001 0000 00FF']) {
      const flaw = findHeaderFlaw(bytes(header), 0, bytes(header).length)
      assert.equal(flaw?.kind, 'garbage')
      assert.equal(findHeaderFlaw(bytes(header), 0, 3), undefined)
    }
  })
})

describe('the port to modbus-serial', () => {
  const port = (commandAt?: number) => {
    const sent: Buffer[] = []
    const data: string[] = []
    const counters = newCounters()
    const options = {
      ...(commandAt === undefined ? {} : { commandAt }),
      send: (frame: Buffer) => sent.push(Buffer.from(frame)),
      onData: (taken: Uint8Array) => data.push(Buffer.from(taken).toString('hex')),
      counters,
    }
    return { sent, data, counters, port: new ModbusPort(options) }
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
        for (const frame of sent) {
          assert((frame[7] ?? 0) >= 1 && (frame[7] ?? 0) <= 4)
          assert.equal(frame.length, 12)
        }
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
  it('hands data on once, drops their repetition, and refuses a reply that nobody asked for', () => {
    const { port: one, sent, data, counters } = port()
    const unasked = one.receive(bytes('0001 0000 0003 01 83 02'))
    assert.equal(unasked?.detail, 'a reply that nobody asked for')
    one.write(rtu(request))
    const reply = replyTo(sent[0], '01 03 04 AABB CCDD')
    assert.equal(one.receive(Buffer.concat([reply, reply])), undefined)
    assert.deepEqual(data, ['aabbccdd'])
    assert.equal(counters.duplicates, 1)
    assert.equal(one.littered, false)
    assert.equal(one.receive(reply.subarray(0, 3)), undefined)
    assert.equal(one.littered, true)
  })
  it('hands an exception and an acknowledgement on as RTU frames, once', () => {
    const { port: one, sent, data } = port(1100)
    const frames: Buffer[] = []
    one.on('data', (frame: Buffer) => frames.push(frame))
    for (const [body, answer] of [
      [request, '01 83 02'],
      [block('044C', 18), '01 10 044C 0012'],
    ] as const) {
      one.write(rtu(body))
      const reply = replyTo(sent.at(-1), answer)
      assert.equal(one.receive(Buffer.concat([reply, reply])), undefined)
      assert.deepEqual(frames.splice(0), [rtu(answer)])
    }
    assert.deepEqual(data, [])
  })
  it('keeps the data that it handed on until the next answer, whatever else comes', () => {
    const sent: Buffer[] = []
    const views: Uint8Array[] = []
    const keeper = new ModbusPort({
      send: (frame) => sent.push(Buffer.from(frame)),
      onData: (data) => views.push(data),
      counters: newCounters(),
    })
    keeper.write(rtu(request))
    const received = replyTo(sent[0], '01 03 04 AABB CCDD')
    assert.equal(keeper.receive(received), undefined)
    received.fill(0)
    assert.notEqual(keeper.receive(bytes('9999 0000 0007 01 03 04 1111 2222')), undefined)
    assert.deepEqual(
      views.map((view) => Buffer.from(view)),
      [bytes('AABB CCDD')],
    )
  })
})

const replyTo = (frame: Buffer | undefined, body: string): Buffer => {
  const reply = Buffer.alloc(6 + bytes(body).length)
  return fillFrame(reply, frame?.readUInt16BE(0) ?? 0, bytes(body), bytes(body).length)
}

describe('the checksum of Modbus RTU', () => {
  it('has the published check value', () => {
    assert.equal(crc16(Buffer.from('123456789')), 0x4b37)
    assert.deepEqual(withCrc16(bytes('01 03 00 00 00 0A')), bytes('01 03 00 00 00 0A C5 CD'))
  })
})
