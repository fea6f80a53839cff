// A TCP port that misbehaves on order: closed, unreachable, forgetful. What is spoken on its
// connections, and what a mute or slow device does with it, is the business of whoever opens it.
import { createServer, type Server, type Socket } from 'node:net'
import type { PortBehaviour } from './paths.ts'
import { type BlackHole, openBlackHole } from './unreachable.ts'

/** What the owner of a port makes of a socket. */
export type PortConnection = {
  /** The port behaves in another way from now on. */
  behave(behaviour: PortBehaviour): void
  /** The device has forgotten this connection: nothing more may be said on it. */
  forget(): void
}

/** A device on a small controller has few connections; more are turned away. */
const CONNECTIONS_LIMIT = 32
/** A port that was given up can be taken by somebody's outgoing connection for a moment. */
const LISTEN_AGAIN_MS = 50

/** Makes a connection of a socket that was let in. */
type Accept = (socket: Socket, behaviour: PortBehaviour) => PortConnection
type Held = { readonly connection: PortConnection; forgotten: boolean }

export class Port {
  readonly #host: string
  readonly #accept: Accept
  readonly #held = new Map<Socket, Held>()
  #port: number
  #server: Server | undefined
  #blackHole: BlackHole | undefined
  #behaviour: PortBehaviour = { mode: 'serving', delayMs: 0, forgets: undefined }
  #forgetting: object | undefined
  #settling: Promise<void> = Promise.resolve()

  private constructor(host: string, port: number, accept: Accept) {
    this.#host = host
    this.#port = port
    this.#accept = accept
  }

  /** Opens a port; 0 takes a free one. Rejects when it is in use. */
  static async open(host: string, port: number, accept: Accept): Promise<Port> {
    const opened = new Port(host, port, accept)
    await opened.#listen()
    return opened
  }

  get port(): number {
    return this.#port
  }

  /** Changes how the port behaves. Resolves when it does. */
  behave(behaviour: PortBehaviour): Promise<void> {
    const { mode, delayMs, forgets } = this.#behaviour
    const same = behaviour.mode === mode && behaviour.delayMs === delayMs
    if (same && behaviour.forgets === forgets) return this.#settling
    this.#behaviour = behaviour
    this.#settling = this.#settling.then(() => this.#settle())
    return this.#settling
  }

  async close(): Promise<void> {
    await this.behave({ mode: 'closed', delayMs: 0, forgets: undefined })
  }

  async #settle(): Promise<void> {
    const { mode, forgets } = this.#behaviour
    if (mode === 'closed') for (const socket of this.#held.keys()) drop(socket)
    this.#forget(forgets)
    for (const { connection, forgotten } of this.#held.values()) {
      if (!forgotten) connection.behave(this.#behaviour)
    }
    if (mode === 'closed' || mode === 'unreachable') await this.#stopListening()
    if (mode === 'unreachable') this.#blackHole ??= await openBlackHole(this.#host, this.#port)
    else {
      await this.#blackHole?.close()
      this.#blackHole = undefined
    }
    if (this.#isListening()) await this.#listenAgain()
  }

  /** Forgets the connections of this moment, once, or resets what was forgotten before. */
  #forget(forgets: object | undefined): void {
    if (forgets === this.#forgetting) return
    this.#forgetting = forgets
    for (const [socket, held] of this.#held) {
      if (!forgets && held.forgotten) drop(socket)
      if (forgets && !held.forgotten) {
        held.forgotten = true
        held.connection.forget()
      }
    }
  }

  #isListening(): boolean {
    return this.#behaviour.mode === 'serving' || this.#behaviour.mode === 'mute'
  }

  #listen(): Promise<void> {
    const server = createServer((socket) => this.#take(socket))
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

  #take(socket: Socket): void {
    socket.setNoDelay(true)
    // A client that goes away is the field's business; the close event follows.
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#held.delete(socket))
    const connection = this.#accept(socket, this.#behaviour)
    this.#held.set(socket, { connection, forgotten: false })
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
