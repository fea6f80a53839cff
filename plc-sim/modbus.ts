// The Modbus TCP port of one device on one network. Requests of a connection are worked off one
// after the other, as a small device does; a mute port drops them, a slow one takes its time.
import type { Socket } from 'node:net'
import {
  answerFrame,
  type Frame,
  isWriteFrame,
  type Registers,
  takeFrames,
} from './modbus-frames.ts'
import type { PortBehaviour } from './paths.ts'
import { Port, type PortConnection } from './port.ts'

/** Requests that wait on one connection before it is no longer read. */
const WAITING_LIMIT = 16

export type FrameCounts = {
  /** Frames that only read. */
  read: number
  /** Frames that would change something, whether they succeeded or not. */
  write: number
}

export type DevicePort = {
  readonly port: number
  readonly frames: Readonly<FrameCounts>
  /** Changes how the port behaves. Resolves when it does. */
  behave(behaviour: PortBehaviour): Promise<void>
  close(): Promise<void>
}

/** Opens a port; 0 takes a free one. Rejects when it is in use. */
export async function openModbusPort(
  host: string,
  wanted: number,
  registers: Registers,
): Promise<DevicePort> {
  const frames = { read: 0, write: 0 }
  const port = await Port.open(
    host,
    wanted,
    (socket, behaviour) => new Connection(socket, behaviour, registers, frames),
  )
  return {
    port: port.port,
    frames,
    behave: (behaviour) => port.behave(behaviour),
    close: () => port.close(),
  }
}

class Connection implements PortConnection {
  readonly #socket: Socket
  readonly #registers: Registers
  readonly #frames: FrameCounts
  #behaviour: PortBehaviour
  #forgotten = false
  #rest = Buffer.alloc(0)
  #waiting: Frame[] = []
  #busy = false

  constructor(socket: Socket, behaviour: PortBehaviour, registers: Registers, frames: FrameCounts) {
    this.#socket = socket
    this.#behaviour = behaviour
    this.#registers = registers
    this.#frames = frames
    socket.on('data', (chunk) => this.#take(chunk))
  }

  behave(behaviour: PortBehaviour): void {
    this.#behaviour = behaviour
    this.#work()
  }

  /** From now on bytes are taken from the line, as the network would, and nobody looks at them. */
  forget(): void {
    this.#forgotten = true
    this.#waiting = []
    this.#socket.resume()
  }

  #take(chunk: Buffer): void {
    if (this.#forgotten) return
    const { frames, rest, broken } = takeFrames(Buffer.concat([this.#rest, chunk]))
    this.#rest = Buffer.from(rest)
    for (const frame of frames) this.#frames[isWriteFrame(frame) ? 'write' : 'read'] += 1
    this.#waiting.push(...frames)
    this.#work()
    if (broken) this.#socket.destroy()
  }

  /**
   * Works off what waits, and stops reading the connection while that is too much or nothing may
   * arrive.
   */
  #work(): void {
    while (!this.#busy && this.#behaviour.mode !== 'unreachable') {
      const frame = this.#waiting.shift()
      if (!frame) break
      if (this.#behaviour.mode !== 'serving') continue
      if (this.#behaviour.delayMs === 0) this.#answer(frame)
      else this.#answerLate(frame, this.#behaviour.delayMs)
    }
    const full = this.#waiting.length >= WAITING_LIMIT || this.#behaviour.mode === 'unreachable'
    if (full) this.#socket.pause()
    else this.#socket.resume()
  }

  #answerLate(frame: Frame, delayMs: number): void {
    this.#busy = true
    setTimeout(() => {
      this.#busy = false
      if (this.#forgotten) return
      if (this.#behaviour.mode === 'serving') this.#answer(frame)
      if (this.#behaviour.mode === 'unreachable') this.#waiting.unshift(frame)
      this.#work()
    }, delayMs).unref()
  }

  #answer(frame: Frame): void {
    const answer = answerFrame(frame, this.#registers)
    if (this.#socket.writable) this.#socket.write(answer)
  }
}
