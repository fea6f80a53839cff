// A Modbus TCP unit that misbehaves on purpose, one request at a time, as the test asks. It shares no code with src, and every
// register holds a value of its own, so that data taken for another register's show.

import net from 'node:net'

export type Behaviour =
  | 'answer'
  /** Answers after `lateMs`. */
  | 'late'
  /** Answers when `release` is called. */
  | 'held'
  | 'duplicate'
  | 'byte by byte'
  | 'coalesced'
  | 'unasked reply'
  /** The reply to the request before, in place of this one's or behind it. */
  | 'older reply'
  | 'older reply again'
  | 'wrong transaction'
  | 'wrong protocol'
  | 'wrong unit'
  | 'wrong function'
  | 'wrong byte count'
  | 'wrong echo'
  | 'impossible length'
  | 'short'
  | 'cut'
  /** The reply and the first bytes of something else. */
  | 'crumbs'
  /** The first bytes of a reply and nothing more. */
  | 'begun'
  | 'garbage prefix'
  | 'exception'
  | 'busy'
  | 'reset'
  | 'end'
  | 'half-open'
  | 'silent'

export type Request = {
  /** Number of the connection, from 1. */
  readonly connection: number
  readonly functionCode: number
  readonly address: number
  readonly count: number
  /** Words of a write. */
  readonly words: readonly number[]
}

/** Every register has its own value: 40503 is odd, so no two of the 65536 addresses share one. */
export const wordAt = (address: number): number => (address * 40503 + 12345) & 0xffff
export const bitAt = (address: number): boolean => ((address * 7) & 8) !== 0

export class HostileServer {
  /** What to do with each request. */
  behave: (request: Request) => Behaviour = () => 'answer'
  /** Registers whose value is not `wordAt`. */
  readonly registers = new Map<number, number>()
  readonly requests: Request[] = []
  connections = 0
  lateMs = 100
  readonly #sockets = new Set<net.Socket>()
  readonly #held: (() => void)[] = []
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
    this.#accept(socket),
  )

  /** Listens on a free port, or on the given one, and returns it. */
  listen(port = 0): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, '127.0.0.1', () => resolve(this.port))
    })
  }

  /** Sends the replies that were held. */
  release(): void {
    for (const reply of this.#held.splice(0)) reply()
  }

  get port(): number {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('server does not listen')
    return address.port
  }

  get writes(): readonly Request[] {
    return this.requests.filter((request) => request.functionCode > 4)
  }

  close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer)
    for (const socket of this.#sockets) socket.destroy()
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }

  #accept(socket: net.Socket): void {
    const connection = ++this.connections
    let received: Buffer = Buffer.alloc(0)
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.on('end', () => socket.end())
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes])
      while (received.length >= 6 && received.length >= 6 + received.readUInt16BE(4)) {
        const end = 6 + received.readUInt16BE(4)
        this.#answer(socket, connection, received.subarray(0, end))
        received = received.subarray(end)
      }
    })
  }

  #answer(socket: net.Socket, connection: number, frame: Buffer): void {
    const request = parse(connection, frame)
    this.requests.push(request)
    const behaviour = this.behave(request)
    if (behaviour === 'silent') return
    if (behaviour === 'reset') {
      socket.resetAndDestroy()
      return
    }
    if (behaviour === 'end' || behaviour === 'half-open') {
      socket.end()
      return
    }
    for (const [index, word] of request.words.entries()) {
      this.registers.set(request.address + index, word)
    }
    this.#send(socket, behaviour, frame, request)
  }

  #send(socket: net.Socket, behaviour: Behaviour, frame: Buffer, request: Request): void {
    const good = this.#reply(frame, request)
    // What a client that checks too little would take for an answer carries another register's data.
    const other = this.#reply(frame, { ...request, address: request.address + 1 })
    switch (behaviour) {
      case 'late':
        this.#later(this.lateMs, () => socket.write(good))
        return
      case 'held':
        this.#held.push(() => socket.write(good))
        return
      case 'byte by byte':
        this.#trickle(socket, good)
        return
      case 'duplicate':
        socket.write(good)
        this.#later(1, () => socket.write(good))
        return
      case 'coalesced':
        socket.write(Buffer.concat([good, good, good]))
        return
      default:
        socket.write(distorted(behaviour, good, other))
        if (behaviour === 'cut') socket.end()
    }
  }

  #later(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      run()
    }, ms)
    this.#timers.add(timer)
  }

  #trickle(socket: net.Socket, bytes: Buffer): void {
    if (bytes.length === 0 || socket.destroyed) return
    socket.write(bytes.subarray(0, 1))
    this.#later(0, () => this.#trickle(socket, bytes.subarray(1)))
  }

  #reply(frame: Buffer, { functionCode, address, count }: Request): Buffer {
    const head = Buffer.from([frame[6] ?? 0, functionCode])
    if (functionCode > 4) return wrap(frame, Buffer.concat([head, frame.subarray(8, 12)]))
    if (functionCode <= 2) {
      const data = Buffer.alloc(Math.ceil(count / 8))
      for (let bit = 0; bit < count; bit++) {
        if (bitAt(address + bit)) data[bit >> 3] = (data[bit >> 3] ?? 0) | (1 << (bit & 7))
      }
      return wrap(frame, Buffer.concat([head, Buffer.from([data.length]), data]))
    }
    const data = Buffer.alloc(2 * count)
    for (let index = 0; index < count; index++) {
      const register = address + index
      data.writeUInt16BE(this.registers.get(register) ?? wordAt(register), 2 * index)
    }
    return wrap(frame, Buffer.concat([head, Buffer.from([data.length]), data]))
  }
}

function parse(connection: number, frame: Buffer): Request {
  const functionCode = frame.readUInt8(7)
  const words: number[] = []
  if (functionCode === 16) {
    for (let at = 13; at < frame.length; at += 2) words.push(frame.readUInt16BE(at))
  }
  const address = frame.readUInt16BE(8)
  return { connection, functionCode, address, count: frame.readUInt16BE(10), words }
}

function wrap(request: Buffer, body: Buffer): Buffer {
  const frame = Buffer.concat([request.subarray(0, 6), body])
  frame.writeUInt16BE(body.length, 4)
  return frame
}

function distorted(behaviour: Behaviour, good: Buffer, other: Buffer): Buffer {
  const wrong = Buffer.from(other)
  switch (behaviour) {
    case 'wrong transaction':
      wrong.writeUInt16BE((wrong.readUInt16BE(0) + 256) & 0xffff, 0)
      return wrong
    case 'unasked reply':
      wrong.writeUInt16BE((wrong.readUInt16BE(0) + 1) & 0xffff, 0)
      return Buffer.concat([good, wrong])
    case 'wrong protocol':
      wrong.writeUInt16BE(0x1234, 2)
      return wrong
    case 'wrong unit':
      wrong.writeUInt8(wrong.readUInt8(6) ^ 1, 6)
      return wrong
    case 'wrong function':
      wrong.writeUInt8(wrong.readUInt8(7) ^ 7, 7)
      return wrong
    case 'wrong byte count':
      wrong.writeUInt8(wrong.readUInt8(8) + 2, 8)
      return wrong
    case 'wrong echo':
      wrong.writeUInt16BE(wrong.readUInt16BE(8) + 1, 8)
      return wrong
    case 'impossible length':
      wrong.writeUInt16BE(0xffff, 4)
      return wrong
    case 'short':
      wrong.writeUInt16BE(wrong.readUInt16BE(4) - 2, 4)
      return wrong.subarray(0, -2)
    case 'older reply':
    case 'older reply again':
      wrong.writeUInt16BE((wrong.readUInt16BE(0) + 0xffff) & 0xffff, 0)
      return behaviour === 'older reply' ? wrong : Buffer.concat([good, wrong])
    case 'cut':
      return good.subarray(0, -1)
    case 'begun':
      return good.subarray(0, 7)
    case 'crumbs':
      return Buffer.concat([good, other.subarray(0, 3)])
    case 'garbage prefix':
      return Buffer.concat([Buffer.from([0xde, 0xad, 0xbe]), other])
    case 'exception':
      return wrap(good, Buffer.from([good[6] ?? 0, (good[7] ?? 0) | 0x80, 2]))
    case 'busy':
      return wrap(good, Buffer.from([good[6] ?? 0, (good[7] ?? 0) | 0x80, 6]))
    default:
      return good
  }
}
