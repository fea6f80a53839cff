// The port that modbus-serial talks to, in place of its own TCP port: it numbers the requests with 16 bits, lets at most one be
// out, and hands a reply on only after every field of it was checked. It is also the last line before the socket: a frame that
// writes anything but what is allowed for the device can't pass here, and where nothing is allowed none can.
// Good data go straight to their reader; acknowledgements and exceptions, which are rare, take the way through modbus-serial.

import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { withCrc16 } from './crc16.ts'
import {
  bodyStart,
  dataStart,
  type Expectation,
  expectationOf,
  type Flaw,
  fillFrame,
  findFlaw,
  findHeaderFlaw,
  frameBytesMax,
  frameEnd,
  isException,
  isWriteFunction,
  readBodyBytes,
} from './mbap.ts'
import type { Counters } from './outcome.ts'
import { type Allowed, assertMaySend } from './write-gate.ts'

/** Without an allowed write every write is stopped here. */
export type PortOptions = Allowed & {
  /** Takes a whole frame to the socket, which must have taken it when this returns: the next request uses its bytes again. */
  readonly send: (frame: Buffer) => void
  /** Takes the data of a good answer to a read; they stay as they are until the next answer. */
  readonly onData: (data: Uint8Array) => void
  readonly counters: Counters
}

export class ModbusPort extends EventEmitter {
  /** modbus-serial files its one open request under this number; the number on the wire is our own. */
  readonly _transactionIdRead = 1
  readonly _transactionIdWrite = 1
  readonly isOpen = true
  readonly #options: PortOptions
  readonly #firstNumber = newestNumber + 1
  #expected: Expectation | undefined
  readonly #readFrame = Buffer.alloc(6 + readBodyBytes)
  /** The beginning of a frame whose rest has not come yet. */
  #begun: Buffer = noBytes
  /** Kept to know a repetition; the data that were handed on are in it. */
  readonly #newestReply = Buffer.alloc(frameBytesMax)
  #newestBytes = 0
  #data: Uint8Array = noBytes

  constructor(options: PortOptions) {
    super()
    this.#options = options
  }

  /** Part of what modbus-serial asks of a port. */
  open(done: () => void): void {
    done()
  }

  /** True when bytes came that belong to no reply: the stream can't be trusted and nothing may be sent. */
  get littered(): boolean {
    return this.#begun.length > 0
  }

  /** Sends one request; called by modbus-serial with an RTU frame. Asserts that no other one is out, and what may be written. */
  write(rtuFrame: Buffer): void {
    assert(this.#expected === undefined, 'a second Modbus request while one is out')
    const bodyBytes = rtuFrame.length - 2
    assertMaySend(rtuFrame, bodyBytes, this.#options)
    newestNumber++
    const transaction = newestNumber & 0xffff
    this.#expected = expectationOf(transaction, newestNumber - this.#firstNumber, rtuFrame)
    const frame = bodyBytes === readBodyBytes ? this.#readFrame : Buffer.alloc(6 + bodyBytes)
    this.#options.send(fillFrame(frame, transaction, rtuFrame, bodyBytes))
  }

  /**
   * Takes the first `count` received bytes; they may be overwritten afterwards. Returns what is wrong with them, or undefined;
   * after a flaw the connection is of no more use.
   */
  receive(bytes: Buffer, count = bytes.length): Flaw | undefined {
    const flaw = this.littered
      ? this.#receiveMore(bytes.subarray(0, count))
      : this.#takeFrames(bytes, count, false)
    if (flaw !== undefined) this.#options.counters[flaw.kind]++
    return flaw
  }

  /** To be told once, when the connection has been given up: a reply that had begun will not be completed. */
  end(): void {
    if (!this.littered) return
    this.#options.counters[this.#expected === undefined ? 'garbage' : 'short']++
    this.#begun = noBytes
  }

  /** The slow way: a frame came in pieces. */
  #receiveMore(bytes: Buffer): Flaw | undefined {
    const whole = Buffer.concat([this.#begun, bytes])
    this.#begun = noBytes
    return this.#takeFrames(whole, whole.length, true)
  }

  /** `resumed`: the first bytes have been here before. */
  #takeFrames(bytes: Buffer, count: number, resumed: boolean): Flaw | undefined {
    for (let start = 0; start < count; ) {
      const headerFlaw = findHeaderFlaw(bytes, start, count)
      if (headerFlaw !== undefined) return headerFlaw
      const end = frameEnd(bytes, start, count)
      if (end === undefined) {
        this.#begun = Buffer.from(bytes.subarray(start, count))
        if (start > 0 || !resumed) this.#options.counters.split++
        return undefined
      }
      if (start > 0) this.#options.counters.coalesced++
      const flaw = this.#take(bytes, start, end)
      if (flaw !== undefined) return flaw
      start = end
    }
    return undefined
  }

  #take(bytes: Buffer, start: number, end: number): Flaw | undefined {
    const expected = this.#expected
    // Some gateways repeat a reply. The same bytes again can't be the answer to a newer request: its number differs.
    if (this.#isRepetition(bytes, start, end)) {
      this.#options.counters.duplicates++
      return undefined
    }
    if (expected === undefined) return this.#unasked(bytes, start)
    const flaw = findFlaw(bytes, start, end, expected)
    if (flaw !== undefined) return flaw
    this.#expected = undefined
    this.#keep(bytes, start, end)
    if (isWriteFunction(expected.functionCode) || isException(bytes, start)) {
      this.emit('data', withCrc16(bytes.subarray(bodyStart(start), end)))
    } else {
      this.#options.onData(this.#dataOf(expected.dataBytes))
    }
    return undefined
  }

  #keep(bytes: Buffer, start: number, end: number): void {
    bytes.copy(this.#newestReply, 0, start, end)
    this.#newestBytes = end - start
  }

  /** The same view again for answers of the same length. */
  #dataOf(dataBytes: number): Uint8Array {
    if (this.#data.length !== dataBytes) {
      this.#data = this.#newestReply.subarray(dataStart(0), dataStart(0) + dataBytes)
    }
    return this.#data
  }

  #isRepetition(bytes: Buffer, start: number, end: number): boolean {
    const length = end - start
    return (
      length === this.#newestBytes &&
      bytes[start] === this.#newestReply[0] &&
      bytes[start + 1] === this.#newestReply[1] &&
      bytes.compare(this.#newestReply, 0, length, start, end) === 0
    )
  }

  #unasked(bytes: Buffer, start: number): Flaw {
    const age = (newestNumber - bytes.readUInt16BE(start)) & 0xffff
    const kind = age <= newestNumber - this.#firstNumber ? 'late' : 'garbage'
    return { kind, detail: 'a reply that nobody asked for' }
  }
}

/**
 * All connections count their requests together, so that an answer which a gateway gives to the wrong one of two units can't
 * have the right number by chance. Begins at random: a gateway may remember the requests of an earlier process.
 */
let newestNumber = Math.floor(Math.random() * 65536)

const noBytes = Buffer.alloc(0)
