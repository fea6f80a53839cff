// A Modbus TCP connection made by hand for the tests of the practice plant: it can send any bytes,
// wrong ones too, and shares no code with the plant or with the supervisor.
import { connect, type Socket } from 'node:net'

const ANSWER_LIMIT_MS = 2000

/** The device answered with an exception. */
export class ModbusException extends Error {
  readonly code: number

  constructor(code: number) {
    super(`Modbus exception ${code}`)
    this.code = code
  }
}

export class Terminal {
  readonly socket: Socket
  #bytes = Buffer.alloc(0)
  #transaction = 0
  #ended: Error | undefined

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (chunk) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk])
      socket.emit('progress')
    })
    for (const event of ['error', 'close'] as const) {
      socket.on(event, (reason) => {
        this.#ended ??= reason instanceof Error ? reason : new Error('connection closed')
        socket.emit('progress')
      })
    }
  }

  /** Connects to a port of this machine; rejects when that takes longer than the limit. */
  static open(port: number, limitMs = ANSWER_LIMIT_MS): Promise<Terminal> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true })
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        socket.destroy()
        reject(new Error('connecting timed out'))
      }, limitMs)
      socket.once('error', (error) => {
        clearTimeout(late)
        reject(error)
      })
      socket.once('connect', () => {
        clearTimeout(late)
        resolve(new Terminal(socket))
      })
    })
  }

  /** Reads holding registers. */
  async read(address: number, count: number, limitMs = ANSWER_LIMIT_MS): Promise<number[]> {
    const pdu = Buffer.from([3, address >> 8, address & 0xff, count >> 8, count & 0xff])
    const answer = await this.ask(pdu, limitMs)
    return Array.from({ length: count }, (_, index) => answer.readUInt16BE(2 + index * 2))
  }

  /** Writes holding registers with one FC16. */
  async write(address: number, words: readonly number[]): Promise<void> {
    await this.ask(writePdu(address, words))
  }

  /**
   * Sends a request and returns the answer's PDU. Rejects on an exception, on silence and when the
   * connection ends.
   */
  async ask(pdu: Buffer, limitMs = ANSWER_LIMIT_MS): Promise<Buffer> {
    this.#transaction = (this.#transaction + 1) & 0xffff
    const transaction = this.#transaction
    this.socket.write(frameOf(transaction, pdu))
    const frame = await this.receive(limitMs)
    if (frame.readUInt16BE(0) !== transaction) throw new Error('answer to another request')
    const answer = frame.subarray(7)
    if ((answer[0] ?? 0) & 0x80) throw new ModbusException(answer[1] ?? 0)
    return answer
  }

  /** The next whole frame that the device sends. */
  async receive(limitMs = ANSWER_LIMIT_MS): Promise<Buffer> {
    const deadlineMs = performance.now() + limitMs
    while (this.#bytes.length < 6 || this.#bytes.length < 6 + this.#bytes.readUInt16BE(4)) {
      if (this.#ended) throw this.#ended
      const leftMs = deadlineMs - performance.now()
      if (leftMs <= 0) throw new Error('no answer')
      await this.#progress(leftMs)
    }
    const end = 6 + this.#bytes.readUInt16BE(4)
    const frame = this.#bytes.subarray(0, end)
    this.#bytes = this.#bytes.subarray(end)
    return frame
  }

  /** Resolves once the device has ended the connection. */
  async ended(limitMs = ANSWER_LIMIT_MS): Promise<void> {
    const deadlineMs = performance.now() + limitMs
    while (!this.#ended) {
      const leftMs = deadlineMs - performance.now()
      if (leftMs <= 0) throw new Error('the connection is still there')
      await this.#progress(leftMs)
    }
  }

  close(): void {
    this.socket.destroy()
  }

  #progress(limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(late)
        this.socket.off('progress', done)
        resolve()
      }
      const late = setTimeout(done, limitMs)
      this.socket.once('progress', done)
    })
  }
}

/** An FC16 request. */
export function writePdu(address: number, words: readonly number[]): Buffer {
  const pdu = Buffer.alloc(6 + words.length * 2)
  pdu.writeUInt8(16, 0)
  pdu.writeUInt16BE(address, 1)
  pdu.writeUInt16BE(words.length, 3)
  pdu.writeUInt8(words.length * 2, 5)
  for (const [index, word] of words.entries()) pdu.writeUInt16BE(word, 6 + index * 2)
  return pdu
}

/** A whole request frame to unit identifier 1. */
export function frameOf(transaction: number, pdu: Buffer): Buffer {
  const header = Buffer.alloc(7)
  header.writeUInt16BE(transaction, 0)
  header.writeUInt16BE(pdu.length + 1, 4)
  header.writeUInt8(1, 6)
  return Buffer.concat([header, pdu])
}
