// Modbus TCP to one unit: keeps a connection for ever, puts at most one request on it, and makes every outcome a value.
// modbus-serial encodes requests, and decodes what is no data; the socket, the deadlines and the judgement of replies are ours,
// because that library gives wrong data after a late reply, doesn't notice a reset and leaves requests pending when a connection
// is lost; it also costs too much for data (twice a checksum that TCP doesn't need, and an array of numbers).
// A connection on which anything was late or wrong is never used again, so an answer can't belong to an older question.

import assert from 'node:assert/strict'
import net from 'node:net'
import modbusSerial from 'modbus-serial'
import type { Fault } from '../../core/image.ts'
import type { DeclaredWrite } from '../../core/vendor-command.ts'
import { type Backoff, backoffMs, fieldBackoff } from '../backoff.ts'
import { encodeWrite } from './declared-write.ts'
import { exceptionText } from './mbap.ts'
import {
  type Area,
  type Clock,
  type Counters,
  newCounters,
  type Outcome,
  type Transport,
} from './outcome.ts'
import { bitsMax, isBitArea, registersMax } from './plan.ts'
import { ModbusPort } from './port.ts'
import { type Allowed, allowedOf, commandWords } from './write-gate.ts'

/** Without an allowed write no frame that writes can leave. */
export type TransportOptions = Allowed & {
  readonly host: string
  readonly port: number
  /** Modbus unit identifier, 0 to 255. */
  readonly unit: number
  /** Longest wait for a connection, and for the answer to one request. */
  readonly timeoutMs: number
  readonly backoff?: Backoff
}

export class ModbusTransport implements Transport {
  readonly counters: Counters = newCounters()
  readonly #options: TransportOptions
  readonly #clock: Clock
  readonly #sockets = new Set<net.Socket>()
  #link: Link | undefined
  #pending: Pending | undefined
  /** One timer for all requests: while requests are quick it is set once in `timeoutMs`, not once for each. */
  #deadline: NodeJS.Timeout | undefined
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
    return this.#link.socket.writable ? undefined : 'the connection takes no bytes'
  }

  /** Reads 1 to 125 registers or 1 to 2000 bits. Resolves always. Asserts that no other request is out. */
  read(area: Area, address: number, count: number): Promise<Outcome> {
    const countMax = isBitArea(area) ? bitsMax : registersMax
    assert(Number.isInteger(count) && count >= 1 && count <= countMax)
    assert(Number.isInteger(address) && address >= 0 && address + count <= 65536)
    const begun = this.#begin()
    if (begun.kind === 'failed') return Promise.resolve(begun)
    const answer = new Promise<Outcome>(this.#resolveLater)
    begun.client[readFunctions[area]](this.#options.unit, address, count, begun.done)
    return answer
  }

  /** Writes one command block of 18 words where the options allow it. Resolves always. Asserts what `read` asserts, and the words. */
  writeBlock(words: readonly number[]): Promise<Outcome> {
    const { commandAt } = this.#options
    assert(commandAt !== undefined, 'a write to a device that must not be written')
    assert(words.length === commandWords, `a command block of ${words.length} words`)
    assert(words.every((word) => Number.isInteger(word) && word >= 0 && word <= 65535))
    return this.#write({ functionCode: 16, address: commandAt, words })
  }

  /** Sends the declared write of that index, as it stands. Resolves always. Asserts what `read` asserts, and that there is one. */
  writeDeclared(index: number): Promise<Outcome> {
    const write = this.#options.declared?.[index]
    assert(write !== undefined, `declared write ${index} of a device that has none such`)
    return this.#write(write)
  }

  /** Ends the connection and all attempts; an open request fails. Resolves when every socket is closed. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#reconnect)
    clearTimeout(this.#deadline)
    this.#notConnected('closed')
    if (this.#link !== undefined) this.#drop(this.#link, 'connection-lost', 'closed')
    const ends = [...this.#sockets].map(
      (socket) => new Promise((resolve) => socket.destroy().once('close', resolve)),
    )
    await Promise.all(ends)
  }

  #write(write: DeclaredWrite): Promise<Outcome> {
    const begun = this.#begin()
    if (begun.kind === 'failed') return Promise.resolve(begun)
    const answer = new Promise<Outcome>(this.#resolveLater)
    encodeWrite(begun.client, this.#options.unit, write, begun.done)
    return answer
  }

  #connect(): void {
    const { host, port, timeoutMs } = this.#options
    // One small buffer for all that comes on this connection, in place of a new one for each piece.
    const buffer = Buffer.alloc(receiveBytes)
    const callback = (count: number): boolean => this.#receive(socket, buffer, count)
    const onread = { buffer, callback }
    const socket = net.connect({ host, port, noDelay: true, keepAlive: true, onread })
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
    const port = new ModbusPort({
      ...allowedOf(this.#options),
      counters: this.counters,
      send: (frame) => this.#send(link, frame),
      onData: (data) => this.#finish(link, null, data),
    })
    // A client object per connection: modbus-serial mixes up the answers of two connections on one object.
    const client = new modbusSerial.default(port)
    client.open(() => undefined)
    const done: Done = (error) => this.#finish(link, error, noBytes)
    const link: Link = { kind: 'link', socket, port, client, done }
    this.#link = link
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

  /** The link on which a request may leave now, or the failure of the request that can't. */
  #begin(): Link | Failed {
    assert(this.#pending === undefined, 'a second Modbus request while one is out')
    const link = this.#link
    const why = this.obstacle
    const pending = { link, resolve: ignore, sentMs: this.#clock(), left: false }
    if (link === undefined) return this.#failure('unreachable', this.#whyNot, pending)
    if (why !== undefined) {
      this.#drop(link, 'connection-lost', why)
      return this.#failure('connection-lost', why, pending)
    }
    this.#pending = pending
    return link
  }

  /** Made once, since a request needs nothing of its own. */
  readonly #resolveLater = (resolve: (outcome: Outcome) => void): void => {
    if (this.#pending !== undefined) this.#pending.resolve = resolve
  }

  #send(link: Link, frame: Buffer): void {
    const pending = this.#pending
    assert(pending !== undefined && pending.link === link)
    pending.sentMs = this.#clock()
    pending.left = true
    link.socket.write(frame)
    // Bytes that the network didn't take at once would leave at some later time: nobody must be surprised by them.
    if (link.socket.writableLength > 0) {
      this.#drop(link, 'connection-lost', 'the connection takes no bytes')
      return
    }
    this.#deadline ??= setTimeout(this.#onDeadline, this.#options.timeoutMs)
  }

  readonly #onDeadline = (): void => {
    this.#deadline = undefined
    const pending = this.#pending
    if (pending === undefined) return
    const { timeoutMs } = this.#options
    const restMs = pending.sentMs + timeoutMs - this.#clock()
    if (restMs > 0) {
      this.#deadline = setTimeout(this.#onDeadline, Math.ceil(restMs))
      return
    }
    // An answer may have arrived while our own process was held up; it is read before this second look.
    setImmediate(() => {
      if (this.#pending === pending && pending.link !== undefined) {
        this.#drop(pending.link, 'timeout', `no answer within ${timeoutMs} ms`)
      }
    })
  }

  #receive(socket: net.Socket, bytes: Buffer, count: number): boolean {
    const link = this.#link
    if (link === undefined || link.socket !== socket) return true
    const flaw = link.port.receive(bytes, count)
    if (flaw !== undefined) this.#drop(link, 'bad-answer', flaw.detail)
    return true
  }

  /** Ends the request with what the port has found good: data, an acknowledgement, or an exception of the unit. */
  #finish(link: Link, error: ModbusError | null, bytes: Uint8Array): void {
    const pending = this.#pending
    if (pending === undefined || pending.link !== link) return
    if (error !== null && error.modbusCode === undefined) {
      this.#drop(link, 'bad-answer', error.message)
      return
    }
    this.#failures = 0
    this.counters.answers++
    this.#pending = undefined
    const { sentMs } = pending
    pending.resolve(
      error === null
        ? { kind: 'answered', bytes, sentMs, receivedMs: this.#clock() }
        : this.#failure('exception', exceptionText(error.modbusCode ?? 0), pending),
    )
  }

  /** Gives a connection up: what is open on it fails, and nothing that it still holds may leave. */
  #drop(link: Link, fault: Fault, detail: string): void {
    if (this.#link !== link) return
    this.#link = undefined
    this.#notConnected(detail)
    link.port.end()
    // A reset throws away what the peer has not received; an orderly end would still deliver a command that was given up.
    // Node 24 fails to reset a socket that is being shut down already and then keeps its handle for ever: that one is destroyed plainly.
    if (link.socket.writableEnded) link.socket.destroy()
    else if (!link.socket.destroyed) link.socket.resetAndDestroy()
    const pending = this.#pending
    if (pending?.link === link) {
      this.#pending = undefined
      pending.resolve(this.#failure(fault, detail, pending))
    } else if (!this.#closed) this.counters.faults[fault]++
  }

  #failure(fault: Fault, detail: string, request: { sentMs: number; left: boolean }): Failed {
    this.counters.faults[fault]++
    const { sentMs, left } = request
    return { kind: 'failed', fault, detail, left, sentMs, receivedMs: this.#clock() }
  }
}

type Failed = Extract<Outcome, { kind: 'failed' }>
type ModbusError = { readonly message: string; readonly modbusCode?: number }
type Done = (error: ModbusError | null) => void

type Link = {
  readonly kind: 'link'
  readonly socket: net.Socket
  readonly port: ModbusPort
  readonly client: InstanceType<typeof modbusSerial.default>
  readonly done: Done
}

type Pending = {
  readonly link: Link | undefined
  resolve: (outcome: Outcome) => void
  sentMs: number
  left: boolean
}

/** Three of the longest answers; more than that at once is read in several pieces. */
const receiveBytes = 1024
const noBytes = new Uint8Array()
const ignore = (): void => undefined
const readFunctions = { co: 'writeFC1', di: 'writeFC2', hr: 'writeFC3', ir: 'writeFC4' } as const
