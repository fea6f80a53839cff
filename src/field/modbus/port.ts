// The port that modbus-serial talks to, in place of its own TCP port: it numbers the requests with 16 bits, lets at most one be
// out, and hands a reply on only after every field of it was checked. It is also the last line before the socket: a frame that
// writes anything but one command block at the allowed address can't pass here, and without an allowed address none can.

import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { withCrc16 } from './crc16.ts'
import {
  bodyOf,
  type Expectation,
  expectationOf,
  findFault,
  frameOf,
  splitFrame,
  writeFunction,
} from './mbap.ts'

export type PortOptions = {
  /** First register of the command block; absent: every write is stopped here. */
  readonly commandAt?: number
  /** Takes a whole frame to the socket. */
  readonly send: (frame: Buffer) => void
  /** Called for each repetition of the newest reply; it is dropped. */
  readonly onDuplicate: () => void
}

/** Words of a command block, the only thing that is ever written. */
export const commandWords = 18

export class ModbusPort extends EventEmitter {
  /** modbus-serial files its one open request under this number; the number on the wire is our own. */
  readonly _transactionIdRead = 1
  readonly _transactionIdWrite = 1
  readonly isOpen = true
  readonly #options: PortOptions
  /** Begins at random, so that a gateway with a memory can't mistake this connection's requests for an older one's. */
  #transaction = Math.floor(Math.random() * 65536)
  #expected: Expectation | undefined
  #received: Buffer = Buffer.alloc(0)
  #newestReply: Buffer = Buffer.alloc(0)

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
    return this.#received.length > 0
  }

  /** Sends one request; called by modbus-serial with an RTU frame. Asserts that no other one is out, and what may be written. */
  write(rtuFrame: Buffer): void {
    const body = rtuFrame.subarray(0, -2)
    assert(this.#expected === undefined, 'a second Modbus request while one is out')
    assertAllowed(body, this.#options.commandAt)
    this.#transaction = (this.#transaction + 1) & 0xffff
    this.#expected = expectationOf(this.#transaction, body)
    this.#options.send(frameOf(this.#transaction, body))
  }

  /** Takes received bytes. Returns what is wrong with them, or undefined; after a fault the connection is of no more use. */
  receive(bytes: Buffer): string | undefined {
    this.#received = this.littered ? Buffer.concat([this.#received, bytes]) : bytes
    for (;;) {
      const split = splitFrame(this.#received)
      if (split.kind === 'fault') return split.detail
      if (split.kind === 'more') return undefined
      this.#received = split.rest
      const fault = this.#take(split.frame)
      if (fault !== undefined) return fault
    }
  }

  #take(frame: Buffer): string | undefined {
    // Some gateways repeat a reply. The same bytes again can't be the answer to a newer request: its number differs.
    if (frame.equals(this.#newestReply)) {
      this.#options.onDuplicate()
      return undefined
    }
    const expected = this.#expected
    if (expected === undefined) return 'a reply that nobody asked for'
    const fault = findFault(frame, expected)
    if (fault !== undefined) return fault
    this.#expected = undefined
    this.#newestReply = Buffer.from(frame)
    this.emit('data', withCrc16(bodyOf(frame)))
    return undefined
  }
}

function assertAllowed(body: Buffer, commandAt: number | undefined): void {
  const functionCode = body.readUInt8(1)
  if (functionCode >= 1 && functionCode <= 4) return
  assert(functionCode === writeFunction, `Modbus function ${functionCode} is never sent`)
  assert(commandAt !== undefined, 'a write to a device that must not be written')
  const address = body.readUInt16BE(2)
  const count = body.readUInt16BE(4)
  assert(
    address === commandAt && count === commandWords && body.length === 7 + 2 * commandWords,
    `a write of ${count} words at ${address}, allowed are ${commandWords} at ${commandAt}`,
  )
}
