// Finding the answer among the bytes of a serial line, and what characters cost there.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import { busTimeMs, quietMs, silentMs } from '../../src/field/modbus/bus-time.ts'
import { type Finding, findAnswer, foresee } from '../../src/field/modbus/rtu-frames.ts'
import { seed } from './devices.ts'
import { seal } from './rtu-slave.ts'

const cases = Number(process.env.CASES ?? 30_000)

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex')
const framed = (hex: string): Buffer => seal([...bytes(hex)])
const read = foresee(framed('01 03 03E8 0002'))
const answer = framed('01 03 04 AABB CCDD')
const block = `01 10 044C 0012 24 ${'C501'.repeat(18)}`
const write = foresee(framed(block))

const told = (finding: Finding): string =>
  finding.kind === 'answer' ? finding.frame.toString('hex') : (finding.why ?? 'waits')
const join = (...parts: (Buffer | string)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? bytes(part) : part)))

describe('the answer to a read of two registers on a serial line', () => {
  const rows: [string, Buffer, string][] = [
    ['the answer', answer, answer.toString('hex')],
    ['an exception', framed('01 83 02'), framed('01 83 02').toString('hex')],
    ['the answer behind noise', join('00 FF', answer), answer.toString('hex')],
    ['the answer behind the head of one', join('01 03', answer), answer.toString('hex')],
    ['the answer behind our own request', join(read.request, answer), answer.toString('hex')],
    ['the answer and more', join(answer, '00 FF'), answer.toString('hex')],
    [
      'the answer behind the answer of another unit',
      join(framed('02 03 04 1111 2222'), answer),
      answer.toString('hex'),
    ],
    ['our own request alone', read.request, 'waits'],
    ['the beginning of our own request', read.request.subarray(0, 5), 'waits'],
    ['the beginning of the answer', answer.subarray(0, 6), 'waits'],
    ['nothing', Buffer.alloc(0), 'waits'],
    ['a wrong checksum', join(answer.subarray(0, -1), '00'), 'wrong checksum'],
    ['another unit', framed('02 03 04 AABB CCDD'), 'unit 2 instead of 1'],
    ['another function', framed('01 04 04 AABB CCDD'), 'function 4 instead of 3'],
    ['an exception of another function', framed('01 84 02'), 'function 132 instead of 3'],
    ['fewer registers', framed('01 03 02 AABB'), 'byte count 2 instead of 4'],
    ['more registers', framed('01 03 06 AABB CCDD EEFF'), 'byte count 6 instead of 4'],
  ]
  for (const [title, received, what] of rows) {
    it(title, () => assert.equal(told(findAnswer(read, received)), what))
  }

  it('comes out the same however the bytes are cut into pieces', () => {
    const all = join(read.request, '01 03', answer, '00')
    const first = Array.from(all).findIndex(
      (_, index) => findAnswer(read, all.subarray(0, index)).kind === 'answer',
    )
    assert.equal(first, read.request.length + 2 + answer.length)
  })

  it('tells when enough bytes came for an answer and none is there', () => {
    const short = findAnswer(read, framed('02 03 04 AABB'))
    const full = findAnswer(read, framed('02 03 04 AABB CCDD'))
    assert(short.kind === 'more' && !short.full)
    assert(full.kind === 'more' && full.full)
  })
})

describe('the acknowledgement of a command block on a serial line', () => {
  const acknowledged = framed('01 10 044C 0012')
  it('repeats address and count', () => {
    assert.equal(told(findAnswer(write, acknowledged)), acknowledged.toString('hex'))
    assert.match(told(findAnswer(write, framed('01 10 044D 0012'))), /of another write/)
    assert.match(told(findAnswer(write, framed('01 10 044C 0011'))), /of another write/)
  })
  it('is never the block itself, which an adapter gives back', () => {
    assert.equal(told(findAnswer(write, write.request)), 'waits')
    for (let length = 0; length <= write.request.length; length++) {
      const found = findAnswer(write, write.request.subarray(0, length))
      assert.equal(found.kind, 'more', `${length} bytes`)
    }
    const found = findAnswer(write, join(write.request, acknowledged))
    assert(found.kind === 'answer' && found.echoed)
  })
  it('is not believed where the block itself begins with the same bytes', () => {
    // The checksum of the acknowledgement stands where the block has its byte count and first data byte: chosen so on purpose.
    const alike = foresee(join(acknowledged, Buffer.alloc(37)))
    assert.equal(findAnswer(alike, acknowledged).kind, 'more')
    assert.equal(findAnswer(alike, join(acknowledged, '99')).kind, 'more')
  })
  it('is foreseen for no other function, and for no broadcast', () => {
    assert.throws(() => foresee(framed('01 06 044C 0001')), /never sent/)
    assert.throws(() => foresee(framed('00 03 03E8 0002')), /broadcast/)
  })
})

describe('random bytes on a serial line', () => {
  /** The rule itself, for comparison: somewhere stands a whole frame of the asked unit and function with the right lengths. */
  const isAnswer = (frame: Buffer): boolean => {
    const sealed = seal([...frame.subarray(0, -2)]).equals(frame)
    const head = frame.subarray(0, 3).toString('hex')
    return sealed && ((head === '010304' && frame.length === 9) || /^0183..$/.test(head))
  }
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 12 }).map((noise) => Buffer.from(noise)),
    fc.constantFrom(answer, read.request, framed('01 83 02'), framed('02 03 04 AABB CCDD')),
    fc.constantFrom(answer, read.request).chain((frame) =>
      fc.integer({ min: 0, max: 8 * frame.length - 1 }).map((bit) => {
        const flipped = Buffer.from(frame)
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        return flipped
      }),
    ),
  )
  it(`give no answer that is not one: ${cases} cases, SEED=${seed}`, function () {
    this.timeout(0)
    let answers = 0
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), (pieces) => {
        const received = Buffer.concat(pieces)
        const found = findAnswer(read, received)
        if (found.kind !== 'answer') return
        answers++
        assert(isAnswer(found.frame), found.frame.toString('hex'))
        assert(found.rest >= 0 && found.rest <= received.length - found.frame.length)
      }),
      { numRuns: cases, seed },
    )
    assert(answers > cases / 20, `only ${answers} answers among ${cases} cases`)
  })

  it('an answer with any one bit flipped is none', () => {
    for (let bit = 0; bit < 8 * answer.length; bit++) {
      const bad = Buffer.from(answer)
      bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      assert.equal(findAnswer(read, bad).kind, 'more', `bit ${bit}`)
    }
  })
})

describe('time on a serial line', () => {
  it('is silent for 3.5 characters between frames, and for 1.75 ms above 19,200 baud', () => {
    assert.equal(silentMs(9600).toFixed(2), '4.01')
    assert.equal(silentMs(19_200).toFixed(2), '2.01')
    for (const baud of [38_400, 57_600, 115_200]) assert.equal(silentMs(baud), 1.75)
  })
  it('lets a line of 115,200 baud carry 203, 150, 70 and 35 readings a second of 1, 10, 50 and 125 registers', () => {
    const perSecond = [1, 10, 50, 125].map((count) => Math.round(1000 / busTimeMs(115_200, count)))
    assert.deepEqual(perSecond, [203, 150, 70, 35])
  })
  it('takes a third of a second for 125 registers at 9600 baud', () => {
    assert.equal(Math.round(busTimeMs(9600, 125)), 309)
  })
  it('waits for a late answer longer than twice the time-out, and never less than 300 ms', () => {
    for (const timeoutMs of [1, 60, 500, 3000]) {
      assert(timeoutMs + quietMs(timeoutMs) > 2 * timeoutMs)
      assert(quietMs(timeoutMs) >= 300)
    }
  })
})
