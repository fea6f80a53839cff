// Modbus RTU devices on one line that misbehave on purpose, one request at a time, as the test asks. It shares no code with src,
// and every register of every unit holds a value of its own, so that data taken for another's show.

import { once } from 'node:events'
import { constants, open } from 'node:fs/promises'
import net from 'node:net'
import tty from 'node:tty'

export type RtuBehaviour =
  | 'answer'
  | 'silent'
  /** Answers after `lateMs`. */
  | 'late'
  | 'chunks'
  | 'duplicate'
  /** Answers after `lateMs`, and once more `againMs` later. */
  | 'late and again'
  | 'noise before'
  | 'noise like a head before'
  | 'noise behind'
  | 'only noise'
  | 'wrong checksum'
  | 'cut short'
  | 'wrong unit'
  | 'wrong function'
  | 'wrong byte count'
  | 'wrong echo'
  | 'echo'
  | 'only echo'
  | 'exception'
  | 'busy'

export type RtuRequest = {
  readonly unit: number
  readonly functionCode: number
  readonly address: number
  readonly count: number
  /** Words of a write. */
  readonly words: readonly number[]
  readonly atMs: number
}

/** 40503 and 7919 are odd: no two registers of a unit share a value, and hardly any of two units do. */
export const wordOf = (unit: number, address: number): number =>
  (address * 40503 + unit * 7919 + 12345) & 0xffff
export const wordsOf = (unit: number, address: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => wordOf(unit, address + index))

export class RtuSlave {
  /** What to do with each request. */
  behave: (request: RtuRequest) => RtuBehaviour = () => 'answer'
  /** What a register holds. */
  valueOf: (unit: number, address: number) => number = wordOf
  lateMs = 200
  /** When a duplicate follows its answer. */
  againMs = 4
  /** Called for each request, and when the system has taken what was said. */
  onHeard: () => void = () => undefined
  onSaid: () => void = () => undefined
  readonly requests: RtuRequest[] = []
  /** When the newest answer was handed over. */
  answeredMs = Number.NEGATIVE_INFINITY
  /** Smallest distance between an answer and the next request. */
  smallestGapMs = Number.POSITIVE_INFINITY
  #lines = new Set<net.Socket>()
  #server: net.Server | undefined
  #timers = new Set<NodeJS.Timeout>()
  #closeFile: (() => Promise<void>) | undefined

  /** Answers on a serial line. */
  async attach(path: string): Promise<void> {
    const { O_RDWR, O_NOCTTY, O_NONBLOCK } = constants
    const file = await open(path, O_RDWR | O_NOCTTY | O_NONBLOCK)
    this.#closeFile = () => file.close()
    this.#serve(new tty.ReadStream(file.fd))
  }

  /** Answers as a serial device server on a free port, or on the given one; returns the port. */
  async listen(port = 0): Promise<number> {
    const server = net.createServer({ noDelay: true }, (socket) => this.#serve(socket))
    this.#server = server
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    return address.port
  }

  get writes(): readonly RtuRequest[] {
    return this.requests.filter(({ functionCode }) => functionCode > 4)
  }

  get connections(): number {
    return this.#lines.size
  }

  /** Sends bytes that nobody asked for. */
  say(bytes: Buffer): void {
    for (const line of this.#lines) line.write(bytes)
  }

  /** Resets the connections of a device server. */
  reset(): void {
    for (const line of this.#lines) line.resetAndDestroy()
  }

  async detach(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer)
    const ends = [...this.#lines].map((line) => once(line.destroy(), 'close'))
    const server = this.#server
    this.#server = undefined
    if (server !== undefined) ends.push(once(server.close(), 'close'))
    await Promise.all(ends)
    await this.#closeFile?.()
    this.#closeFile = undefined
  }

  #serve(line: net.Socket): void {
    let received: Buffer = Buffer.alloc(0)
    this.#lines.add(line)
    line.on('error', () => line.destroy())
    line.on('close', () => this.#lines.delete(line))
    line.on('data', (bytes) => {
      received = Buffer.concat([received, bytes])
      while (received.length >= 8) {
        const length = received[1] === 16 ? 9 + (received[6] ?? 0) : 8
        if (received.length < length) return
        this.#take(line, received.subarray(0, length))
        received = received.subarray(length)
      }
    })
  }

  #take(line: net.Socket, frame: Buffer): void {
    if (crc(frame) !== 0)
      throw new Error(`a request with a wrong checksum: ${frame.toString('hex')}`)
    const request = parse(frame)
    this.requests.push(request)
    this.onHeard()
    this.smallestGapMs = Math.min(this.smallestGapMs, request.atMs - this.answeredMs)
    const behaviour = this.behave(request)
    const good = this.#answer(request)
    if (behaviour === 'silent') return
    if (behaviour === 'late') this.#later(this.lateMs, () => this.#say(line, good))
    else if (behaviour === 'chunks') this.#chunks(line, good)
    else if (behaviour === 'duplicate') {
      this.#say(line, good)
      this.#later(this.againMs, () => this.#say(line, good))
    } else if (behaviour === 'late and again') {
      this.#later(this.lateMs, () => this.#say(line, good))
      this.#later(this.lateMs + this.againMs, () => this.#say(line, good))
    } else if (behaviour === 'echo') {
      this.#say(line, frame)
      this.#later(3, () => this.#say(line, good))
    } else if (behaviour === 'only echo') this.#say(line, frame)
    else this.#say(line, distorted(behaviour, request, good, this.#answer))
  }

  readonly #answer = (request: RtuRequest): Buffer => {
    const { unit, functionCode, address, count } = request
    if (functionCode === 16) return seal([unit, 16, address >> 8, address, count >> 8, count])
    if (functionCode <= 2) {
      const data = Buffer.alloc(Math.ceil(count / 8))
      for (let bit = 0; bit < count; bit++) {
        const set = this.valueOf(unit, address + bit) & 1
        data[bit >> 3] = (data[bit >> 3] ?? 0) | (set << (bit & 7))
      }
      return seal([unit, functionCode, data.length, ...data])
    }
    const data = Buffer.alloc(2 * count)
    for (let index = 0; index < count; index++) {
      data.writeUInt16BE(this.valueOf(unit, address + index), 2 * index)
    }
    return seal([unit, functionCode, data.length, ...data])
  }

  #say(line: net.Socket, bytes: Buffer): void {
    this.answeredMs = performance.now()
    if (line.writable) line.write(bytes, () => this.onSaid())
  }

  /** As a UART's buffer hands them over. */
  #chunks(line: net.Socket, bytes: Buffer): void {
    this.#say(line, bytes.subarray(0, 32))
    if (bytes.length > 32) this.#later(2, () => this.#chunks(line, bytes.subarray(32)))
  }

  #later(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      run()
    }, ms)
    this.#timers.add(timer)
  }
}

/** A frame with its checksum. */
export function seal(body: readonly number[]): Buffer {
  const bytes = Buffer.from(body)
  const sum = crc(bytes)
  return Buffer.concat([bytes, Buffer.from([sum & 0xff, sum >> 8])])
}

function distorted(
  behaviour: RtuBehaviour,
  request: RtuRequest,
  good: Buffer,
  answer: (request: RtuRequest) => Buffer,
): Buffer {
  const { unit, functionCode } = request
  // What a client that checks too little would take for an answer carries another register's data.
  const other = answer({ ...request, address: request.address + 1 })
  const body = [...other.subarray(0, -2)]
  const tail = body.slice(1)
  switch (behaviour) {
    case 'noise before':
      return Buffer.concat([Buffer.from([0x00, 0xff, 0x80]), good])
    case 'noise like a head before':
      return Buffer.concat([good.subarray(0, 2), good])
    case 'noise behind':
      return Buffer.concat([good, Buffer.from([0x00, 0xff])])
    case 'only noise':
      return Buffer.from(Array.from({ length: 40 }, (_, index) => (index * 59 + 7) & 0xff))
    case 'wrong checksum':
      return Buffer.concat([Buffer.from(body), Buffer.from([0x12, 0x34])])
    case 'cut short':
      return other.subarray(0, -3)
    case 'wrong unit':
      return seal([unit + 1, ...tail])
    case 'wrong function':
      return seal([unit, functionCode ^ 7, ...tail.slice(1)])
    case 'wrong byte count':
      return seal([...body.slice(0, 2), (body[2] ?? 0) + 2, ...body.slice(3), 0xab, 0xcd])
    case 'wrong echo':
      return other
    case 'exception':
      return seal([unit, functionCode | 0x80, 2])
    case 'busy':
      return seal([unit, functionCode | 0x80, 6])
    default:
      return good
  }
}

function parse(frame: Buffer): RtuRequest {
  const functionCode = frame.readUInt8(1)
  const words: number[] = []
  if (functionCode === 16) {
    for (let at = 7; at < frame.length - 2; at += 2) words.push(frame.readUInt16BE(at))
  }
  return {
    unit: frame.readUInt8(0),
    functionCode,
    address: frame.readUInt16BE(2),
    count: frame.readUInt16BE(4),
    words,
    atMs: performance.now(),
  }
}

function crc(bytes: Buffer): number {
  let sum = 0xffff
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xa001 : sum >>> 1
  }
  return sum
}
