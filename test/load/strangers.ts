// Strangers at the port of the OPC UA server, from an address of their own: they send what a client would send, changed, and go away in
// every way and at every moment. They use bare sockets and know no person.

import net from 'node:net'
import type { Random } from '../chance.ts'
import { type Channel, channelOf, headBytes, onChannel, type Recorded } from './frames.ts'
import { mutated, pick } from './mutate.ts'

export type Stranger = {
  readonly port: number
  /** Address that they come from. */
  readonly from: string
  readonly random: Random
  readonly recorded: Recorded
}

/** One connection with changed messages until the server has enough; yields how many were sent. */
export async function sendMalformed({ random, recorded, ...where }: Stranger): Promise<number> {
  const line = await Line.open(where)
  let sent = 0
  try {
    sent += 1
    const hello = random() < 0.1 ? mutated(recorded.hello, random) : recorded.hello
    if ((await line.ask(hello)) === undefined) return sent
    sent += 1
    const open = random() < 0.2 ? mutated(recorded.open, random, 8) : recorded.open
    const answer = await line.ask(random() < 0.5 ? sized(open) : open)
    const channel = answer && channelOf(answer)
    if (channel === undefined) return sent
    for (let count = 5 + pick(30, random); count > 0 && line.isOpen; count -= 1) {
      line.send(malformed(recorded, channel, random))
      sent += 1
      if (random() < 0.3) await line.pause(1)
    }
    await line.pause(2)
    return sent
  } finally {
    line.close(random)
  }
}

const sized = (frame: Buffer): Buffer => {
  if (frame.length >= 8) frame.writeUInt32LE(frame.length, 4)
  return frame
}

function malformed(recorded: Recorded, channel: Channel, random: Random): Buffer {
  const { messages } = recorded
  const message = messages[pick(messages.length, random)] ?? Buffer.alloc(0)
  const what = random()
  // The head is right and the inside is not: this is what goes deepest.
  if (what < 0.7) return onChannel(mutated(message, random, headBytes), channel)
  // Parts of a message that never ends, and one that is taken back.
  if (what < 0.8) {
    const part = onChannel(message, channel)
    part[3] = (['C', 'C', 'A'][pick(3, random)] ?? 'C').charCodeAt(0)
    return part
  }
  // The head is wrong: type, size, channel, token, sequence.
  const whole = onChannel(message, channel)
  return Buffer.concat([mutated(whole.subarray(0, headBytes), random), whole.subarray(headBytes)])
}

/** Ways to come and go, each after so many words. */
export async function connectAndDrop({ random, recorded, ...where }: Stranger): Promise<void> {
  const line = await Line.open(where)
  try {
    const until = pick(5, random)
    if (until === 0) return
    if (until === 1)
      return line.send(recorded.hello.subarray(0, pick(recorded.hello.length, random)))
    if ((await line.ask(recorded.hello)) === undefined || until === 2) return
    if (until === 3) return line.send(recorded.open.subarray(0, pick(recorded.open.length, random)))
    const answer = await line.ask(recorded.open)
    const channel = answer && channelOf(answer)
    const [message] = recorded.messages
    if (channel !== undefined && message !== undefined) line.send(onChannel(message, channel))
  } finally {
    line.close(random)
  }
}

/** Begins and then says nothing; yields how long the server bears it, ms. */
export async function saysNothing(
  { recorded, ...where }: Stranger,
  words: 0 | 1 | 2,
): Promise<number> {
  const beganMs = performance.now()
  const line = await Line.open(where)
  if (words > 0) await line.ask(recorded.hello)
  if (words > 1) await line.ask(recorded.open)
  await line.closed
  return performance.now() - beganMs
}

class Line {
  readonly closed: Promise<void>
  isOpen = true
  readonly #socket: net.Socket
  #heard: ((bytes: Buffer | undefined) => void) | undefined

  private constructor(socket: net.Socket) {
    this.#socket = socket
    socket.on('error', () => undefined)
    socket.on('data', (bytes: Buffer) => this.#tell(bytes))
    this.closed = new Promise((done) =>
      socket.once('close', () => {
        this.isOpen = false
        this.#tell(undefined)
        done()
      }),
    )
  }

  static open({ port, from }: Pick<Stranger, 'port' | 'from'>): Promise<Line> {
    const socket = net.connect({ port, host: '127.0.0.1', localAddress: from, noDelay: true })
    const line = new Line(socket)
    return new Promise((done) => {
      socket.once('connect', () => done(line))
      void line.closed.then(() => done(line))
    })
  }

  send(bytes: Buffer): void {
    if (this.isOpen) this.#socket.write(bytes)
  }

  /** What comes back first; undefined when the server closes or says nothing for a while. */
  ask(bytes: Buffer, limitMs = 200): Promise<Buffer | undefined> {
    if (!this.isOpen) return Promise.resolve(undefined)
    return new Promise((done) => {
      const timer = setTimeout(() => this.#tell(undefined), limitMs)
      this.#heard = (answer) => {
        clearTimeout(timer)
        done(answer)
      }
      this.send(bytes)
    })
  }

  pause(ms: number): Promise<void> {
    return new Promise((done) => setTimeout(done, ms))
  }

  close(random: Random): void {
    if (random() < 0.5) this.#socket.resetAndDestroy()
    else this.#socket.destroy()
  }

  #tell(bytes: Buffer | undefined): void {
    const heard = this.#heard
    this.#heard = undefined
    heard?.(bytes)
  }
}
