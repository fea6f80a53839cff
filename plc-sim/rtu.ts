// The units of the practice plant on one serial line: Modbus RTU slaves that share the line and know
// their requests by the unit identifier. A request for anybody else is left unanswered, as an absent
// device leaves it, and so is one with a wrong checksum.
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { constants, type FileHandle, open } from 'node:fs/promises'
import { ReadStream } from 'node:tty'
import { promisify } from 'node:util'
import { answerPdu, isWriteFrame, type Registers } from './modbus-frames.ts'

export type SerialSlave = {
  /**
   * Requests to our devices that only read, and those that would change something, whether they
   * succeeded or not.
   */
  readonly frames: { read: number; write: number }
  close(): Promise<void>
}

/**
 * After such a pause what has come so far will not become a request any more; between two frames a
 * line is silent for 4 ms at 9600 baud.
 */
const PAUSE_MS = 50
const CHECKSUM_BYTES = 2
const WRITE_MULTIPLE_COILS = 15
const WRITE_MULTIPLE_REGISTERS = 16
/** Unit, function, address, count, and the number of data bytes. */
const WRITE_HEAD_BYTES = 7
/** Every other request: unit, function, two words and the checksum. */
const PLAIN_BYTES = 8

/**
 * Opens a serial device, or one end of a pair of pseudo terminals, and answers on it for `devices`
 * (unit identifier, 1 to 255, to registers). Speed and parity stay as the device has them. Ends by
 * itself when the line hangs up.
 * @throws when there is no such device, or it is not a serial line
 */
export async function openSerialSlave(
  path: string,
  devices: ReadonlyMap<number, Registers>,
): Promise<SerialSlave> {
  await promisify(execFile)('stty', ['-F', path, 'raw', '-echo'])
  const { O_RDWR, O_NOCTTY, O_NONBLOCK } = constants
  return new Slave(await open(path, O_RDWR | O_NOCTTY | O_NONBLOCK), devices)
}

class Slave implements SerialSlave {
  readonly frames = { read: 0, write: 0 }
  readonly #file: FileHandle
  readonly #devices: ReadonlyMap<number, Registers>
  readonly #line: ReadStream
  readonly #ended: Promise<unknown>
  #received: Buffer = Buffer.alloc(0)
  #pause: NodeJS.Timeout | undefined

  constructor(file: FileHandle, devices: ReadonlyMap<number, Registers>) {
    this.#file = file
    this.#devices = devices
    // A terminal stream can be written too, and unlike a file's it can be closed while it reads.
    this.#line = new ReadStream(file.fd)
    this.#ended = once(this.#line, 'close')
    this.#line.on('error', () => this.#line.destroy())
    this.#line.on('data', (chunk) => this.#take(chunk))
  }

  async close(): Promise<void> {
    clearTimeout(this.#pause)
    this.#line.destroy()
    await this.#ended
    await this.#file.close()
  }

  #take(chunk: Buffer): void {
    clearTimeout(this.#pause)
    this.#received = Buffer.concat([this.#received, chunk])
    for (;;) {
      const bytes = requestBytes(this.#received)
      if (bytes === undefined || this.#received.length < bytes) break
      const request = this.#received.subarray(0, bytes)
      if (checksum(request) !== 0) break
      this.#received = Buffer.from(this.#received.subarray(bytes))
      this.#answer(request)
    }
    this.#pause = setTimeout(() => {
      this.#received = Buffer.alloc(0)
    }, PAUSE_MS).unref()
  }

  #answer(request: Buffer): void {
    const unit = request.readUInt8(0)
    const registers = this.#devices.get(unit)
    if (!registers) return
    const pdu = request.subarray(1, -CHECKSUM_BYTES)
    this.frames[isWriteFrame({ transaction: 0, unit, pdu }) ? 'write' : 'read'] += 1
    const body = Buffer.concat([request.subarray(0, 1), answerPdu(pdu, registers)])
    const answer = Buffer.alloc(body.length + CHECKSUM_BYTES)
    body.copy(answer)
    answer.writeUInt16LE(checksum(body), body.length)
    if (this.#line.writable) this.#line.write(answer)
  }
}

/** Length of the request that begins with these bytes; undefined while it cannot be told. */
function requestBytes(bytes: Buffer): number | undefined {
  if (bytes.length < 2) return undefined
  const code = bytes.readUInt8(1)
  if (code !== WRITE_MULTIPLE_COILS && code !== WRITE_MULTIPLE_REGISTERS) return PLAIN_BYTES
  if (bytes.length < WRITE_HEAD_BYTES) return undefined
  return WRITE_HEAD_BYTES + bytes.readUInt8(WRITE_HEAD_BYTES - 1) + CHECKSUM_BYTES
}

/** CRC-16 as Modbus has it, bit by bit; 0 over a frame that ends with its own. */
function checksum(bytes: Buffer): number {
  let crc = 0xffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1
  }
  return crc
}
