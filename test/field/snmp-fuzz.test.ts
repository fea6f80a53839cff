// Random and mutated datagrams through everything that an SNMP answer goes through: our own gate and the library behind it.

import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import fc from 'fast-check'
import { createSession, type Varbind, Version2c } from 'net-snmp'
import { integerOf, parseBer } from '../../src/field/snmp/ber.ts'
import { envelopeFault } from '../../src/field/snmp/envelope.ts'
import { seed } from './devices.ts'
import { good, int, name, type Question, text, tlv } from './snmp-hostile-agent.ts'

/** Fewer than elsewhere, because the library takes its time. */
const numRuns = Number(process.env.CASES ?? 30_000)
const oids = ['1.3.6.1.2.1.33.1.2.4.0', '1.3.6.1.2.1.33.1.2.3.0', '1.3.6.1.2.1.33.1.1.1.0']

/** Stands for the socket: hands the request to `answer` and shows the session what comes back, if the gate lets it. */
class Loop extends EventEmitter {
  readonly #answer: (request: Buffer) => Buffer
  passed: Buffer | undefined

  constructor(answer: (request: Buffer) => Buffer) {
    super()
    this.#answer = answer
  }

  send(
    request: Buffer,
    _from: number,
    _to: number,
    _port: number,
    _host: string,
    done: (error: null) => void,
  ): void {
    done(null)
    const answer = this.#answer(request)
    if (envelopeFault(answer, { version: '2c' }) !== undefined) return
    this.passed = answer
    this.emit('message', answer)
  }

  close(): void {
    this.emit('close')
  }

  ref(): void {}
  unref(): void {}
}

/** What the library takes from an answer; undefined when it or the gate takes nothing. */
function taken(
  answer: (request: Buffer) => Buffer,
): { found: Varbind[]; bytes: Buffer } | undefined {
  const loop = new Loop(answer)
  const session = createSession('127.0.0.1', 'c', {
    version: Version2c,
    port: 161,
    retries: 0,
    timeout: 1000,
    reportOidMismatchErrors: true,
    backwardsGetNexts: false,
    strictIntRangeChecks: true,
    dgramModule: { createSocket: () => loop },
  })
  session.on('error', () => undefined)
  let found: Varbind[] | undefined
  session.get([...oids], (error, varbinds) => {
    if (error === null) found = varbinds
  })
  session.close()
  return found === undefined || loop.passed === undefined
    ? undefined
    : { found, bytes: loop.passed }
}

const valueArbitrary: fc.Arbitrary<Buffer> = fc.oneof(
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((value) => int(value)),
  fc.nat(2 ** 31 - 1).map((value) => int(value, 0x42)),
  fc.string().map(text),
  fc.constantFrom(...oids).map(name),
  fc.constantFrom(0x05, 0x80, 0x81, 0x82).map((tag) => tlv(tag)),
  fc
    .record({ tag: fc.nat(255), bytes: fc.uint8Array({ maxLength: 10 }) })
    .map(({ tag, bytes }) => tlv(tag, Buffer.from(bytes))),
)
const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.nat(3),
  put: fc.uint8Array({ maxLength: 3 }),
})

describe('random datagrams from an SNMP agent', () => {
  it(`never crash anything, nor become a value that was not sent (SEED=${seed})`, () => {
    let believed = 0
    const changed = fc.array(mutation, { maxLength: 2 })
    const contents = fc.array(valueArbitrary, { minLength: 3, maxLength: 3 })
    fc.assert(
      fc.property(contents, changed, (values, mutations) => {
        const result = taken((request) => {
          const id = integerOf(parseBer(request)?.children[2]?.children[0]) ?? 0
          const question: Question = {
            version: 1,
            community: 'c',
            kind: 0xa0,
            id,
            oids,
            messageId: 0,
            count: 1,
          }
          const right = good(question, { value: (_oid, index) => values[index] ?? tlv(5) })
          return mutations.reduce(mutated, right)
        })
        if (result === undefined) return
        believed++
        assert.deepEqual(
          result.found.map(({ oid }) => oid),
          oids,
        )
        const pairs = pairsIn(result.bytes)
        result.found.forEach((varbind, index) => {
          assert.deepEqual(shape(varbind), pairs[index], result.bytes.toString('hex'))
        })
      }),
      { numRuns, seed },
    )
    assert(believed > numRuns / 50, `only ${believed} of ${numRuns} answers were believed`)
  })
  it(`are no messages when they are random from their first byte (SEED=${seed})`, () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        for (const encrypted of [true, false]) {
          assert.notEqual(envelopeFault(bytes, { version: '3', encrypted }), undefined)
        }
        assert.notEqual(envelopeFault(bytes, { version: '2c' }), undefined)
      }),
      { numRuns, seed },
    )
  })
})

const mutated = (
  bytes: Buffer,
  { at, cut, put }: { at: number; cut: number; put: Uint8Array },
): Buffer => {
  const start = Math.floor(at * bytes.length)
  return Buffer.concat([bytes.subarray(0, start), put, bytes.subarray(start + cut)])
}

/** Tag and content of each object's value, read by counting bytes, as a second opinion. */
function pairsIn(message: Buffer): string[] {
  const lengthAt = (at: number): { start: number; end: number } => {
    const short = message[at + 1] ?? 0
    const count = short < 128 ? 0 : short & 127
    const start = at + 2 + count
    return { start, end: start + (count === 0 ? short : message.readUIntBE(at + 2, count)) }
  }
  const inside = (at: number, steps: number): number => {
    let place = lengthAt(at).start
    for (let step = 0; step < steps; step++) place = lengthAt(place).end
    return place
  }
  const list = inside(inside(0, 2), 3)
  const found: string[] = []
  for (let at = lengthAt(list).start; at < lengthAt(list).end; at = lengthAt(at).end) {
    const value = inside(at, 1)
    const { start, end } = lengthAt(value)
    found.push(`${message[value]}:${contentOf(message[value] ?? 0, message.subarray(start, end))}`)
  }
  return found
}

function contentOf(tag: number, bytes: Buffer): string {
  if (tag === 2) return String(bytes.readIntBE(0, bytes.length))
  if (tag >= 0x41 && tag <= 0x43) return String(bytes.readUIntBE(0, bytes.length))
  return tag === 6 || tag === 0x40 ? 'a name' : bytes.toString('hex')
}

function shape({ type, value }: Varbind): string {
  if (typeof value === 'string') return `${type}:a name`
  return `${type}:${Buffer.isBuffer(value) ? value.toString('hex') : (value ?? '')}`
}
