// The Modbus TCP port of one device, with the ways in which a port misbehaves: closed, mute,
// unreachable, slow. Requests of a connection are worked off one after the other, as a small device
// does.
import { createServer, type Server, type Socket } from 'node:net'
import {
  answerFrame,
  type Frame,
  isWriteFrame,
  type Registers,
  takeFrames,
} from './modbus-frames.ts'
import { type BlackHole, openBlackHole } from './unreachable.ts'

export type PortMode =
  | 'serving'
  /** Takes requests and drops them. */
  | 'mute'
  /** No listener; connections are reset. */
  | 'closed'
  /**
   * Nothing arrives: connections stay and are not read, new ones are not let in. What was sent
   * arrives afterwards.
   */
  | 'unreachable'

export type PortBehaviour = { readonly mode: PortMode; readonly delayMs: number }

/** A device on a small controller has few connections; more are turned away. */
const CONNECTIONS_LIMIT = 32
/** Requests that wait on one connection before it is no longer read. */
const WAITING_LIMIT = 16
/** A port that was given up can be taken by somebody's outgoing connection for a moment. */
const LISTEN_AGAIN_MS = 50

type Connection = {
  readonly socket: Socket
  rest: Buffer
  readonly waiting: Frame[]
  busy: boolean
}

export class ModbusPort {
  readonly #host: string
  readonly #registers: Registers
  readonly #connections = new Set<Connection>()
  #port: number
  #server: Server | undefined
  #blackHole: BlackHole | undefined
  #behaviour: PortBehaviour = { mode: 'serving', delayMs: 0 }
  #settling: Promise<void> = Promise.resolve()
  /**
   * Frames that only read, and frames that would change something, whether they succeeded or not.
   */
  readonly frames = { read: 0, write: 0 }

  private constructor(host: string, port: number, registers: Registers) {
    this.#host = host
    this.#port = port
    this.#registers = registers
  }

  /** Opens a port; 0 takes a free one. Rejects when it is in use. */
  static async open(host: string, port: number, registers: Registers): Promise<ModbusPort> {
    const opened = new ModbusPort(host, port, registers)
    await opened.#listen()
    return opened
  }

  get port(): number {
    return this.#port
  }

  /** Changes how the port behaves. Resolves when it does. */
  behave(behaviour: PortBehaviour): Promise<void> {
    const { mode, delayMs } = this.#behaviour
    if (behaviour.mode === mode && behaviour.delayMs === delayMs) return this.#settling
    this.#behaviour = behaviour
    this.#settling = this.#settling.then(() => this.#settle())
    return this.#settling
  }

  async close(): Promise<void> {
    await this.behave({ mode: 'closed', delayMs: 0 })
  }

  async #settle(): Promise<void> {
    const { mode } = this.#behaviour
    if (mode === 'closed') for (const { socket } of this.#connections) drop(socket)
    for (const connection of this.#connections) this.#work(connection)
    if (mode === 'closed' || mode === 'unreachable') await this.#stopListening()
    if (mode === 'unreachable') this.#blackHole ??= await openBlackHole(this.#host, this.#port)
    else {
      await this.#blackHole?.close()
      this.#blackHole = undefined
    }
    if (this.#isListening()) await this.#listenAgain()
  }

  #isListening(): boolean {
    return this.#behaviour.mode === 'serving' || this.#behaviour.mode === 'mute'
  }

  #listen(): Promise<void> {
    const server = createServer((socket) => this.#accept(socket))
    server.maxConnections = CONNECTIONS_LIMIT
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host: this.#host, port: this.#port }, () => {
        const address = server.address()
        if (address && typeof address === 'object') this.#port = address.port
        this.#server = server
        resolve()
      })
    })
  }

  async #listenAgain(): Promise<void> {
    while (!this.#server && this.#isListening()) {
      try {
        await this.#listen()
      } catch {
        await new Promise((resolve) => setTimeout(resolve, LISTEN_AGAIN_MS))
      }
    }
  }

  /**
   * Gives up the listener; connections stay, so its close event may come much later and nobody
   * waits for it.
   */
  async #stopListening(): Promise<void> {
    this.#server?.close()
    this.#server = undefined
    // The handle is closed in the next turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve))
  }

  #accept(socket: Socket): void {
    const connection: Connection = { socket, rest: Buffer.alloc(0), waiting: [], busy: false }
    this.#connections.add(connection)
    socket.setNoDelay(true)
    // A client that goes away is the field's business; the close event follows.
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#connections.delete(connection))
    socket.on('data', (chunk) => this.#take(connection, chunk))
  }

  #take(connection: Connection, chunk: Buffer): void {
    const { frames, rest, broken } = takeFrames(Buffer.concat([connection.rest, chunk]))
    connection.rest = Buffer.from(rest)
    for (const frame of frames) this.frames[isWriteFrame(frame) ? 'write' : 'read'] += 1
    connection.waiting.push(...frames)
    this.#work(connection)
    if (broken) connection.socket.destroy()
  }

  /**
   * Works off what waits on a connection, and stops reading it while that is too much or nothing
   * may arrive.
   */
  #work(connection: Connection): void {
    const { socket, waiting } = connection
    while (!connection.busy && this.#behaviour.mode !== 'unreachable') {
      const frame = waiting.shift()
      if (!frame) break
      if (this.#behaviour.mode !== 'serving') continue
      const { delayMs } = this.#behaviour
      if (delayMs === 0) this.#answer(connection, frame)
      else {
        connection.busy = true
        setTimeout(() => {
          connection.busy = false
          if (this.#behaviour.mode === 'serving') this.#answer(connection, frame)
          if (this.#behaviour.mode === 'unreachable') waiting.unshift(frame)
          this.#work(connection)
        }, delayMs).unref()
      }
    }
    const full = waiting.length >= WAITING_LIMIT || this.#behaviour.mode === 'unreachable'
    if (full) socket.pause()
    else socket.resume()
  }

  #answer(connection: Connection, frame: Frame): void {
    const answer = answerFrame(frame, this.#registers)
    if (connection.socket.writable) connection.socket.write(answer)
  }
}

/**
 * Resets a connection. One that is being shut down already must be destroyed in the plain way: Node
 * 24 fails to reset it and then keeps its handle for ever, so that the process never ends.
 */
function drop(socket: Socket): void {
  if (socket.writableEnded) socket.destroy()
  else socket.resetAndDestroy()
}
