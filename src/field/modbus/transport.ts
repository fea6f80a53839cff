// Modbus TCP to one unit: keeps a connection for ever, puts at most one request on it, and makes every outcome a value.
// modbus-serial encodes and decodes; the socket, the deadlines and the judgement of replies are ours, because that library
// gives wrong data after a late reply, doesn't notice a reset and leaves requests pending when a connection is lost.
// A connection on which anything was late or wrong is never used again, so an answer can't belong to an older question.

import assert from 'node:assert/strict'
import net from 'node:net'
import modbusSerial from 'modbus-serial'
import type { Fault } from '../../core/image.ts'
import { type Backoff, backoffMs, fieldBackoff } from '../backoff.ts'
import { exceptionText } from './mbap.ts'
import { type Area, bitsMax, isBitArea, registersMax } from './plan.ts'
import { commandWords, ModbusPort } from './port.ts'

/** Monotonic milliseconds. */
export type Clock = () => number

export type TransportOptions = {
  readonly host: string
  readonly port: number
  /** Modbus unit identifier, 0 to 255. */
  readonly unit: number
  /** Longest wait for a connection, and for the answer to one request. */
  readonly timeoutMs: number
  /** First register of the command block; absent: no frame that writes can leave. */
  readonly commandAt?: number
  readonly backoff?: Backoff
}

export type Outcome =
  | {
      readonly kind: 'answered'
      /** Registers, or bits as 0 and 1; empty for a write. */
      readonly words: readonly number[]
      readonly sentMs: number
      readonly receivedMs: number
    }
  | {
      readonly kind: 'failed'
      readonly fault: Fault
      readonly detail: string
      /** True when at least one byte of the request was handed to the network. */
      readonly left: boolean
      readonly sentMs: number
      readonly receivedMs: number
    }

export type Counters = {
  connections: number
  answers: number
  duplicates: number
  readonly faults: Record<Fault, number>
}

export class ModbusTransport {
  readonly counters: Counters = {
    connections: 0,
    answers: 0,
    duplicates: 0,
    faults: {
      unreachable: 0,
      timeout: 0,
      'connection-lost': 0,
      exception: 0,
      'bad-answer': 0,
      'not-asked': 0,
    },
  }
  readonly #options: TransportOptions
  readonly #clock: Clock
  readonly #sockets = new Set<net.Socket>()
  #link: Link | undefined
  #pending: Pending | undefined
  #reconnect: NodeJS.Timeout | undefined
  #failures = 0
  #whyNot = 'no connection yet'
  #closed = false

  /** Starts to connect at once. */
  constructor(options: TransportOptions, clock: Clock) {
    this.#options = options
    this.#clock = clock
    this.#connect()
  }

  /** Why no request can leave now; undefined when one can. */
  get obstacle(): string | undefined {
    if (this.#link === undefined) return this.#whyNot
    if (this.#link.port.littered) return 'unexpected bytes on the connection'
    const { writable, writableLength } = this.#link.socket
    return writable && writableLength === 0 ? undefined : 'the connection takes no bytes'
  }

  /** Reads 1 to 125 registers or 1 to 2000 bits. Resolves always. Asserts that no other request is out. */
  read(area: Area, address: number, count: number): Promise<Outcome> {
    const bits = isBitArea(area)
    assert(Number.isInteger(count) && count >= 1 && count <= (bits ? bitsMax : registersMax))
    assert(Number.isInteger(address) && address >= 0 && address + count <= 65536)
    return this.#request(({ client }, done) => {
      const answer: Done = (error, result) => done(error, result?.data.slice(0, count).map(Number))
      client[readFunctions[area]](this.#options.unit, address, count, answer)
    })
  }

  /** Writes one command block of 18 words where the options allow it. Resolves always. Asserts what `read` asserts, and the words. */
  writeBlock(words: readonly number[]): Promise<Outcome> {
    const { commandAt } = this.#options
    assert(commandAt !== undefined, 'a write to a device that must not be written')
    assert(words.length === commandWords, `a command block of ${words.length} words`)
    assert(words.every((word) => Number.isInteger(word) && word >= 0 && word <= 65535))
    return this.#request(({ client }, done) =>
      client.writeFC16(this.#options.unit, commandAt, [...words], (error) => done(error, [])),
    )
  }

  /** Ends the connection and all attempts; an open request fails. Resolves when every socket is closed. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#reconnect)
    this.#notConnected('closed')
    if (this.#link !== undefined) this.#drop(this.#link, 'connection-lost', 'closed')
    const ends = [...this.#sockets].map(
      (socket) => new Promise((resolve) => socket.destroy().once('close', resolve)),
    )
    await Promise.all(ends)
  }

  #connect(): void {
    const { host, port, timeoutMs } = this.#options
    const socket = net.connect({ host, port, noDelay: true, keepAlive: true })
    this.#sockets.add(socket)
    let established = false
    let why = 'the unit closed the connection'
    const deadline = setTimeout(() => {
      why = `no connection within ${timeoutMs} ms`
      socket.destroy()
    }, timeoutMs)
    socket.on('connect', () => {
      clearTimeout(deadline)
      established = true
      this.#establish(socket)
    })
    socket.on('data', (bytes) => this.#receive(socket, bytes))
    socket.on('error', (error: NodeJS.ErrnoException) => {
      why = error.code ?? error.message
    })
    socket.on('close', () => {
      clearTimeout(deadline)
      this.#sockets.delete(socket)
      if (this.#link?.socket === socket) this.#drop(this.#link, 'connection-lost', why)
      else if (!established) this.#notConnected(why)
      this.#connectLater()
    })
  }

  #establish(socket: net.Socket): void {
    this.counters.connections++
    const { commandAt } = this.#options
    const port = new ModbusPort({
      ...(commandAt === undefined ? {} : { commandAt }),
      send: (frame) => this.#send(socket, frame),
      onDuplicate: () => {
        this.counters.duplicates++
      },
    })
    // A client object per connection: modbus-serial mixes up the answers of two connections on one object.
    const client = new modbusSerial.default(port)
    client.open(() => undefined)
    this.#link = { socket, port, client }
  }

  #connectLater(): void {
    if (this.#closed) return
    this.#failures++
    const waitMs = backoffMs(this.#options.backoff ?? fieldBackoff, this.#failures, Math.random())
    this.#reconnect = setTimeout(() => this.#connect(), waitMs)
  }

  #notConnected(why: string): void {
    const { host, port } = this.#options
    this.#whyNot = this.#closed ? 'closed' : `not connected to ${host}:${port}: ${why}`
  }

  #request(ask: (link: Link, done: Finish) => void): Promise<Outcome> {
    assert(this.#pending === undefined, 'a second Modbus request while one is out')
    const link = this.#link
    const request = { sentMs: this.#clock(), left: false }
    const why = this.obstacle
    if (link === undefined) {
      return Promise.resolve(this.#failure('unreachable', this.#whyNot, request))
    }
    if (why !== undefined) {
      this.#drop(link, 'connection-lost', why)
      return Promise.resolve(this.#failure('connection-lost', why, request))
    }
    return new Promise((resolve) => {
      const pending: Pending = { ...request, link, resolve }
      this.#pending = pending
      ask(link, (error, words) => this.#finish(pending, error, words))
    })
  }

  #send(socket: net.Socket, frame: Buffer): void {
    const pending = this.#pending
    assert(pending !== undefined && pending.link.socket === socket)
    pending.sentMs = this.#clock()
    pending.left = true
    socket.write(frame)
    // Bytes that the network didn't take at once would leave at some later time: nobody must be surprised by them.
    if (socket.writableLength > 0) {
      this.#drop(pending.link, 'connection-lost', 'the connection takes no bytes')
      return
    }
    const { timeoutMs } = this.#options
    pending.deadline = setTimeout(() => {
      // An answer may have arrived while our own process was held up; it is read before this second look.
      pending.deadline = undefined
      setImmediate(() => {
        if (this.#pending === pending) {
          this.#drop(pending.link, 'timeout', `no answer within ${timeoutMs} ms`)
        }
      })
    }, timeoutMs)
  }

  #receive(socket: net.Socket, bytes: Buffer): void {
    const link = this.#link
    if (link === undefined || link.socket !== socket) return
    const fault = link.port.receive(bytes)
    if (fault !== undefined) this.#drop(link, 'bad-answer', fault)
  }

  /** Called by modbus-serial with a reply that the port has found good, or with an exception of the unit. */
  #finish(pending: Pending, error: ModbusError | null, words: readonly number[] | undefined): void {
    if (this.#pending !== pending) return
    if (error && error.modbusCode === undefined) {
      this.#drop(pending.link, 'bad-answer', error.message)
      return
    }
    this.#failures = 0
    const receivedMs = this.#clock()
    const { sentMs } = pending
    this.counters.answers++
    this.#settle(
      error
        ? this.#failure('exception', exceptionText(error.modbusCode ?? 0), pending)
        : { kind: 'answered', words: words ?? [], sentMs, receivedMs },
    )
  }

  /** Gives a connection up: what is open on it fails, and nothing that it still holds may leave. */
  #drop(link: Link, fault: Fault, detail: string): void {
    if (this.#link !== link) return
    this.#link = undefined
    this.#notConnected(detail)
    // A reset throws away what the peer has not received; an orderly end would still deliver a command that was given up.
    // Node 24 fails to reset a socket that is being shut down already and then keeps its handle for ever: that one is destroyed plainly.
    if (link.socket.writableEnded) link.socket.destroy()
    else if (!link.socket.destroyed) link.socket.resetAndDestroy()
    const pending = this.#pending
    if (pending?.link === link) this.#settle(this.#failure(fault, detail, pending))
    else if (!this.#closed) this.counters.faults[fault]++
  }

  #settle(outcome: Outcome): void {
    const pending = this.#pending
    this.#pending = undefined
    clearTimeout(pending?.deadline)
    pending?.resolve(outcome)
  }

  #failure(fault: Fault, detail: string, request: { sentMs: number; left: boolean }): Outcome {
    this.counters.faults[fault]++
    const { sentMs, left } = request
    return { kind: 'failed', fault, detail, left, sentMs, receivedMs: this.#clock() }
  }
}

type Client = InstanceType<typeof modbusSerial.default>
type ModbusError = { readonly message: string; readonly modbusCode?: number }
type Done = (error: ModbusError | null, result?: { readonly data: readonly unknown[] }) => void
type Finish = (error: ModbusError | null, words: readonly number[] | undefined) => void

type Link = { readonly socket: net.Socket; readonly port: ModbusPort; readonly client: Client }

type Pending = {
  readonly link: Link
  readonly resolve: (outcome: Outcome) => void
  sentMs: number
  left: boolean
  deadline?: NodeJS.Timeout | undefined
}

const readFunctions = { co: 'writeFC1', di: 'writeFC2', hr: 'writeFC3', ir: 'writeFC4' } as const
