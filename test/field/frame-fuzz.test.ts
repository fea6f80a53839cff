// Random and mutated bytes into the port of Modbus TCP, in pieces of any size: it never throws, it takes exactly those replies
// that agree with the request in every field, and nothing twice. What agrees is decided here anew, byte by byte.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import { withCrc16 } from '../../src/field/modbus/crc16.ts'
import { newCounters } from '../../src/field/modbus/outcome.ts'
import { ModbusPort } from '../../src/field/modbus/port.ts'
import { seed } from './devices.ts'

/** `npm run campaign:fuzz` asks for millions. */
const cases = Number(process.env.CASES ?? 20_000)
const commandAt = 1100
/** What a maker's command of the same device declares. */
const declared = [
  { functionCode: 5, address: 7, words: [0xff00] },
  { functionCode: 6, address: 4000, words: [1] },
] as const

describe(`whatever a unit sends over Modbus TCP, ${cases} times, SEED=${seed}`, function () {
  this.timeout(60000 + cases)
  it('only a reply that agrees with the request in every field is taken, and only once', () => {
    let taken = 0
    const property = fc.property(requests, distortions, pieces, (request, changes, sizes) => {
      const { sent, took, flaws, feed } = asked(request)
      const stream = distorted(goodReply(sent), changes, sent)
      feed(stream, sizes)
      const right = agreeing(sent, stream)
      assert.deepEqual(took, right === undefined ? [] : [right])
      assert(flaws() <= 1)
      taken += took.length
    })
    fc.assert(property, { seed, numRuns: cases })
    assert(taken > cases / 20 && taken < cases * 0.95, `${taken} of ${cases} replies were taken`)
  })

  it('bytes by chance are not taken', () => {
    const property = fc.property(requests, noise, pieces, (request, stream, sizes) => {
      const { sent, took, feed } = asked(request)
      feed(Buffer.from(stream), sizes)
      const right = agreeing(sent, Buffer.from(stream))
      assert.deepEqual(took, right === undefined ? [] : [right])
    })
    fc.assert(property, { seed, numRuns: Math.ceil(cases / 10) })
  })
})

const isWrite = (functionCode: number): boolean => [5, 6, 16].includes(functionCode)

type Request = { functionCode: number; unit: number; address: number; count: number }
type Change = { how: string; at: number; value: number }

const requests: fc.Arbitrary<Request> = fc.record({
  functionCode: fc.constantFrom(1, 2, 3, 4, 5, 6, 16),
  unit: fc.nat(255),
  address: fc.nat(65000),
  count: fc.integer({ min: 1, max: 125 }),
})
const distortions = fc.array(
  fc.record({
    how: fc.constantFrom('bit', 'byte', 'insert', 'delete', 'cut', 'again', 'field', 'exception'),
    at: fc.oneof(fc.nat(12), fc.nat(280)),
    value: fc.nat(65535),
  }),
  { maxLength: 3 },
)
const pieces = fc.oneof(
  fc.constant([]),
  fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 8 }),
)
const noise = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.array(fc.constantFrom(0, 1, 3, 4, 6, 16, 131, 255), { maxLength: 40 }),
)

/** A port with this request out; `feed` stops at a flaw, as the transport does. */
function asked({ functionCode, unit, address, count }: Request): {
  sent: Buffer
  took: Buffer[]
  flaws: () => number
  feed: (stream: Buffer, sizes: readonly number[]) => void
} {
  const counters = newCounters()
  const took: Buffer[] = []
  let sent = Buffer.alloc(0)
  const port = new ModbusPort({
    commandAt,
    declared,
    counters,
    send: (frame) => {
      sent = Buffer.from(frame)
    },
    onData: (data) => took.push(Buffer.from(data)),
  })
  port.on('data', (frame: Buffer) => took.push(Buffer.from(frame.subarray(1, -2))))
  const body = Buffer.alloc(functionCode === 16 ? 43 : 6)
  body[0] = unit
  body[1] = functionCode
  const single = declared.find((write) => write.functionCode === functionCode)
  body.writeUInt16BE(functionCode === 16 ? commandAt : (single?.address ?? address), 2)
  body.writeUInt16BE(functionCode === 16 ? 18 : (single?.words[0] ?? count), 4)
  port.write(withCrc16(body))
  const feed = (stream: Buffer, sizes: readonly number[]): void => {
    let rest = stream
    for (const size of [...sizes, stream.length]) {
      // The socket's buffer is used again after each piece.
      const piece = Buffer.from(rest.subarray(0, size))
      if (port.receive(piece, piece.length) !== undefined) break
      piece.fill(0xa5)
      rest = rest.subarray(size)
    }
    port.end()
  }
  return { sent, took, flaws: () => counters.late + counters.short + counters.garbage, feed }
}

/** The reply that the frame `sent` asks for, with data that nobody could guess. */
function goodReply(sent: Buffer): Buffer {
  const functionCode = sent.readUInt8(7)
  const count = sent.readUInt16BE(10)
  const dataBytes = functionCode <= 2 ? Math.ceil(count / 8) : 2 * count
  const data = Buffer.from(Array.from({ length: dataBytes }, (_, index) => (index * 37 + 11) & 255))
  const tail = isWrite(functionCode) ? sent.subarray(8, 12) : Buffer.from([dataBytes, ...data])
  const reply = Buffer.concat([sent.subarray(0, 8), tail])
  reply.writeUInt16BE(2 + tail.length, 4)
  return reply
}

function distorted(good: Buffer, changes: readonly Change[], sent: Buffer): Buffer {
  let stream = good
  for (const { how, at, value } of changes) stream = changed(stream, how, at, value, sent)
  return stream
}

function changed(old: Buffer, how: string, at: number, value: number, sent: Buffer): Buffer {
  const place = Math.min(at, old.length)
  const stream = Buffer.from(old)
  const byte = Buffer.from([value & 255])
  switch (how) {
    case 'bit':
      if (place < old.length) stream[place] = (old[place] ?? 0) ^ (1 << (value & 7))
      return stream
    case 'byte':
      if (place < old.length) stream[place] = value & 255
      return stream
    case 'insert':
      return Buffer.concat([old.subarray(0, place), byte, old.subarray(place)])
    case 'delete':
      return Buffer.concat([old.subarray(0, place), old.subarray(place + 1)])
    case 'cut':
      return stream.subarray(0, place)
    case 'again':
      return Buffer.concat([old, old])
    case 'exception':
      return Buffer.from([...sent.subarray(0, 4), 0, 3, sent[6] ?? 0, (sent[7] ?? 0) | 128, value])
    default:
      // One of the header's fields, or the word behind it, gets another number.
      if (old.length >= 10) stream.writeUInt16BE(value, 2 * (at % 5))
      return stream
  }
}

/** What may be taken of a stream: the data, or what follows the unit in an acknowledgement or an exception. */
function agreeing(sent: Buffer, stream: Buffer): Buffer | undefined {
  const starts = (...head: number[]): boolean => head.every((byte, at) => stream[at] === byte)
  const [high = 0, low = 0] = sent
  const unit = sent[6] ?? 0
  const functionCode = sent[7] ?? 0
  if (stream.length >= 9 && starts(high, low, 0, 0, 0, 3, unit, functionCode + 128)) {
    return stream.subarray(7, 9)
  }
  if (isWrite(functionCode)) {
    const echo = starts(high, low, 0, 0, 0, 6, unit, functionCode, ...sent.subarray(8, 12))
    return echo && stream.length >= 12 ? stream.subarray(7, 12) : undefined
  }
  const count = sent.readUInt16BE(10)
  const dataBytes = functionCode <= 2 ? Math.ceil(count / 8) : 2 * count
  const length = dataBytes + 3
  const head = starts(high, low, 0, 0, length >> 8, length & 255, unit, functionCode, dataBytes)
  return head && stream.length >= 6 + length ? stream.subarray(9, 6 + length) : undefined
}
