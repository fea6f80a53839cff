// The port that modbus-serial talks to for one device on a bus. It carries nothing itself: it catches the frame that the library
// encodes and gives the answer back to be decoded. It is also the last line before the bus: a frame that writes anything but what
// is allowed for the device can't pass here, and where nothing is allowed none can.

import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { type Allowed, assertMaySend } from './write-gate.ts'

export class RtuPort extends EventEmitter {
  /** modbus-serial files its one open request under this number; there is none on the wire. */
  readonly _transactionIdRead = 1
  readonly _transactionIdWrite = 1
  readonly isOpen = true
  readonly #allowed: Allowed
  #frame: Buffer | undefined

  /** Where nothing is allowed every write is stopped here. */
  constructor(allowed: Allowed) {
    super()
    this.#allowed = allowed
  }

  /** Part of what modbus-serial asks of a port. */
  open(done: () => void): void {
    done()
  }

  /** Called by modbus-serial with an RTU frame, checksum included. Asserts what may be sent. */
  write(frame: Buffer): void {
    assert(frame[0] !== 0, 'unit 0 is a broadcast')
    assertMaySend(frame, frame.length - checksumBytes, this.#allowed)
    this.#frame = frame
  }

  /** Takes the frame that modbus-serial has just encoded. */
  take(): Buffer {
    const frame = this.#frame
    assert(frame !== undefined, 'modbus-serial encoded no frame')
    this.#frame = undefined
    return frame
  }

  /** Gives an answer to modbus-serial, which decodes it and calls its callback at once. */
  answer(frame: Buffer): void {
    this.emit('data', frame)
  }
}

const checksumBytes = 2
