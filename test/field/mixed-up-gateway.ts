// A gateway to several units that mixes answers up: it delays, repeats and replays them, and gives one unit's answer to another
// unit's question. It never forges: every frame that it sends was the right answer to some question, or has another one's
// number or unit in it, so that a client which looks can tell. Every register says which unit, address and moment it is of.

import net from 'node:net'

export type Trick =
  | 'answer'
  | 'late'
  | 'repeat'
  | 'replay'
  | 'replay first'
  | 'other connection'
  | 'other connection first'
  | 'other number'
  | 'other unit'
  | 'other block'
  | 'swap'
  | 'nothing'
export const tricks: readonly Trick[] = [
  'late',
  'repeat',
  'replay',
  'replay first',
  'other connection',
  'other connection first',
  'other number',
  'other unit',
  'other block',
  'swap',
  'nothing',
]

/** What the two registers at `address` of a unit say: 32 bits. The generation counts to 65535 and begins again. */
export const encoded = (unit: number, address: number, generation: number): number =>
  unit * 2 ** 26 + address * 2 ** 16 + (generation & 0xffff)

export class MixedUpGateway {
  /** What to do with each request. */
  trick: () => Trick = () => 'answer'
  /** How long a late answer is held back. */
  lateMs: () => number = () => 10
  readonly played = new Map<Trick, number>()
  /** Questions answered so far for each unit; the newest answer says this number. */
  readonly generations = new Map<number, number>()
  readonly #random: () => number
  readonly #servers: net.Server[] = []
  readonly #lines = new Set<Line>()
  readonly #timers = new Set<NodeJS.Timeout>()

  constructor(random: () => number) {
    this.#random = random
  }

  /** Listens on a free port and returns it. With `only`, all that comes on this port is for that unit, whatever its number says. */
  listen(only?: number): Promise<number> {
    const server = net.createServer({ noDelay: true }, (socket) => this.#accept(socket, only))
    this.#servers.push(server)
    return new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : 0)
      })
    })
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer)
    for (const { socket } of this.#lines) socket.destroy()
    const ends = this.#servers.map((server) => new Promise((resolve) => server.close(resolve)))
    await Promise.all(ends)
  }

  #accept(socket: net.Socket, only: number | undefined): void {
    const line: Line = { socket, only, answers: [] }
    this.#lines.add(line)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#lines.delete(line))
    socket.on('data', (bytes) => {
      for (let at = 0; at + 12 <= bytes.length; at += 12) {
        this.#answer(line, bytes.subarray(at, at + 12))
      }
    })
  }

  #answer(line: Line, request: Buffer): void {
    const good = this.#rightAnswer(line, request)
    const trick = this.trick()
    this.played.set(trick, (this.played.get(trick) ?? 0) + 1)
    for (const frame of this.#framesOf(trick, line, request, good)) {
      if (frame !== undefined) line.socket.write(frame)
    }
    if (trick === 'late' || trick === 'repeat') this.#later(() => line.socket.write(good))
    line.answers.push(good)
    if (line.answers.length > 30) line.answers.shift()
  }

  /** What is sent at once. */
  #framesOf(
    trick: Trick,
    line: Line,
    request: Buffer,
    good: Buffer,
  ): readonly (Buffer | undefined)[] {
    switch (trick) {
      case 'answer':
        return [good]
      case 'repeat':
        return [good, good]
      case 'replay':
        return [this.#pick(line.answers)]
      case 'replay first':
        return [this.#pick(line.answers), good]
      case 'other connection':
        return [this.#otherAnswer(line)]
      case 'other connection first':
        return [this.#otherAnswer(line), good]
      case 'other number':
        return [withNumber(good, this.#otherAnswer(line))]
      case 'other unit':
        return [this.#otherUnit(line, request)]
      case 'other block': {
        const other = this.#rightAnswer(line, otherBlock(request))
        return [withNumber(other, this.#pick(line.answers))]
      }
      case 'swap':
        return [this.#swapped(line, good)]
      default:
        return []
    }
  }

  /** Two connections get each other's answers. */
  #swapped(line: Line, good: Buffer): Buffer | undefined {
    const other = this.#otherLine(line)
    other?.socket.write(good)
    return other?.answers.at(-1)
  }

  #otherAnswer(line: Line): Buffer | undefined {
    return this.#otherLine(line)?.answers.at(-1)
  }

  #otherLine(line: Line): Line | undefined {
    return this.#pick([...this.#lines].filter((one) => one !== line && one.answers.length > 0))
  }

  /** The same question, with the same number, to another unit; where all units go by one number, it couldn't be told. */
  #otherUnit(line: Line, request: Buffer): Buffer | undefined {
    const other = this.#otherAnswer(line)
    if (line.only !== undefined || other === undefined || other[6] === request[6]) return undefined
    const asked = Buffer.from(request)
    asked[6] = other[6] ?? 0
    return this.#rightAnswer(line, asked)
  }

  #rightAnswer(line: Line, request: Buffer): Buffer {
    const unit = line.only ?? request.readUInt8(6)
    const address = request.readUInt16BE(8)
    const count = request.readUInt16BE(10)
    const generation = (this.generations.get(unit) ?? 0) + 1
    this.generations.set(unit, generation)
    const frame = Buffer.alloc(9 + 2 * count)
    request.copy(frame, 0, 0, 8)
    frame.writeUInt16BE(3 + 2 * count, 4)
    frame.writeUInt8(2 * count, 8)
    for (let at = 0; at < count; at += 2) {
      frame.writeUInt32BE(encoded(unit, address + at, generation), 9 + 2 * at)
    }
    return frame
  }

  #later(run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      run()
    }, this.lateMs())
    this.#timers.add(timer)
  }

  #pick<T>(from: readonly T[]): T | undefined {
    return from[Math.floor(this.#random() * from.length)]
  }
}

/** A connection and its newest right answers, as they were or should have been sent. */
type Line = {
  readonly socket: net.Socket
  readonly only: number | undefined
  readonly answers: Buffer[]
}

function withNumber(frame: Buffer | undefined, number: Buffer | undefined): Buffer | undefined {
  if (frame === undefined || number === undefined) return undefined
  const other = Buffer.from(frame)
  number.copy(other, 0, 0, 2)
  return other
}

/** The test's units have two blocks of equal size, at addresses that differ in one bit. */
export const blockDistance = 256

function otherBlock(request: Buffer): Buffer {
  const other = Buffer.from(request)
  other.writeUInt16BE(request.readUInt16BE(8) ^ blockDistance, 8)
  return other
}
