// Two pseudo-terminals wired to each other, in place of a serial line, and somebody who asks on it
// in Modbus RTU, byte by byte by hand.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { SerialPort } from 'serialport'

const PATIENCE_MS = 10_000

export type SerialPair = {
  /** The device files of the two ends. */
  readonly ends: readonly [string, string]
  close(): Promise<void>
}

/** Starts socat and waits for its two pseudo-terminals. */
export async function openSerialPair(): Promise<SerialPair> {
  const child = spawn('socat', ['-d', '-d', 'pty,raw,echo=0', 'pty,raw,echo=0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exited = once(child, 'exit')
  const ends = await new Promise<[string, string]>((resolve, reject) => {
    let said = ''
    const late = setTimeout(() => reject(new Error(`socat said: ${said}`)), PATIENCE_MS)
    child.once('error', reject)
    child.stderr.on('data', (chunk) => {
      said += chunk
      const [first, second] = [...said.matchAll(/PTY is (\S+)/g)].map(([, path = '']) => path)
      if (first === undefined || second === undefined) return
      clearTimeout(late)
      resolve([first, second])
    })
  })
  return {
    ends,
    close: async () => {
      child.kill()
      await exited
    },
  }
}

/** Asks on one end of a line. */
export class SerialHand {
  readonly #port: SerialPort
  #received = Buffer.alloc(0)

  private constructor(port: SerialPort) {
    this.#port = port
    port.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk])
      port.emit('progress')
    })
  }

  static async open(path: string): Promise<SerialHand> {
    const port = new SerialPort({ path, baudRate: 9600, autoOpen: false })
    await new Promise<void>((resolve, reject) => {
      port.open((error) => (error ? reject(error) : resolve()))
    })
    return new SerialHand(port)
  }

  /** Reads holding registers of one device. */
  async read(unit: number, address: number, count: number, limitMs?: number): Promise<number[]> {
    const pdu = [3, address >> 8, address & 0xff, count >> 8, count & 0xff]
    const answer = await this.ask(unit, Buffer.from(pdu), 5 + count * 2, limitMs)
    return Array.from({ length: count }, (_, index) => answer.readUInt16BE(3 + index * 2))
  }

  /** Sends a request and returns the answer of that many bytes, whose checksum is right. */
  async ask(unit: number, pdu: Buffer, bytes: number, limitMs = PATIENCE_MS): Promise<Buffer> {
    this.#received = Buffer.alloc(0)
    this.#port.write(signed(Buffer.concat([Buffer.from([unit]), pdu])))
    const deadlineMs = performance.now() + limitMs
    while (this.#received.length < bytes) {
      const leftMs = deadlineMs - performance.now()
      if (leftMs <= 0) throw new Error('no answer')
      await this.#progress(leftMs)
    }
    const answer = this.#received.subarray(0, bytes)
    assert.deepEqual(answer, signed(answer.subarray(0, -2)), 'checksum of the answer')
    return answer
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#port.close(() => resolve()))
  }

  #progress(limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(late)
        this.#port.off('progress', done)
        resolve()
      }
      const late = setTimeout(done, limitMs)
      this.#port.once('progress', done)
    })
  }
}

/** A frame with its CRC-16 at the end, low byte first. */
function signed(body: Buffer): Buffer {
  let crc = 0xffff
  for (const byte of body) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = crc % 2 === 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1
  }
  return Buffer.concat([body, Buffer.from([crc & 0xff, crc >>> 8])])
}
