// A Modbus TCP unit whose link can be cut in every way and restored. It answers reads of holding registers; its first register
// is its own number, the others count its answers. Started as a program it opens as many units as its first argument says, on
// free ports, and prints these as JSON: that is the process that a test freezes.

import net from 'node:net'

export type Cut = 'reset' | 'silent drop' | 'port closed' | 'half-open' | 'forgotten connection'

export class CutUnit {
  readonly #number: number
  readonly #sockets = new Set<net.Socket>()
  #server = this.#newServer()
  #port = 0
  #answers = 0
  /** Replies that are held back while nothing gets through. */
  #held: (() => void)[] | undefined
  /** Connections on which the next request is met with a reset. */
  readonly #forgotten = new Set<net.Socket>()

  constructor(number: number) {
    this.#number = number
  }

  /** Opens a free port the first time, and the same one again afterwards. */
  async listen(): Promise<number> {
    const server = this.#server
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(this.#port, '127.0.0.1', resolve)
    })
    const address = server.address()
    this.#port = typeof address === 'object' && address !== null ? address.port : 0
    return this.#port
  }

  get connections(): number {
    return this.#sockets.size
  }

  cut(how: Cut): void {
    if (how === 'silent drop') this.#held = []
    if (how === 'port closed') this.#server.close()
    if (how === 'port closed' || how === 'reset') this.#resetAll()
    for (const socket of this.#sockets) {
      // Our side says that it is done and yet keeps the connection.
      if (how === 'half-open') socket.end()
      if (how === 'forgotten connection') this.#forgotten.add(socket)
    }
  }

  /** The link is sound again when this resolves; what a silent drop held back arrives now. */
  async restore(how: Cut): Promise<void> {
    const held = this.#held ?? []
    this.#held = undefined
    for (const reply of held) reply()
    while (how === 'port closed') {
      this.#server = this.#newServer()
      // Somebody else may have been given the port in the meantime, for a moment.
      const failed = await this.listen().then(
        () => false,
        () => true,
      )
      if (!failed) return
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  async close(): Promise<void> {
    this.#resetAll()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #newServer(): net.Server {
    return net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
      socket.on('error', () => socket.destroy())
      // The client's end is answered with ours, but for a connection that we keep half open.
      socket.on('end', () => (socket.writableEnded ? socket.destroy() : socket.end()))
      socket.on('data', (bytes) => this.#receive(socket, bytes))
    })
  }

  #resetAll(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  #receive(socket: net.Socket, bytes: Buffer): void {
    if (this.#forgotten.delete(socket)) {
      socket.resetAndDestroy()
      return
    }
    for (let at = 0; at + 12 <= bytes.length; at += 12) {
      const reply = this.#replyTo(bytes.subarray(at, at + 12))
      const send = (): void => {
        if (socket.writable) socket.write(reply)
      }
      if (this.#held === undefined) send()
      else this.#held.push(send)
    }
  }

  #replyTo(request: Buffer): Buffer {
    const count = request.readUInt16BE(10)
    const reply = Buffer.alloc(9 + 2 * count)
    request.copy(reply, 0, 0, 8)
    reply.writeUInt16BE(3 + 2 * count, 4)
    reply.writeUInt8(2 * count, 8)
    this.#answers = (this.#answers + 1) & 0xffff
    for (let index = 1; index < count; index++) reply.writeUInt16BE(this.#answers, 9 + 2 * index)
    reply.writeUInt16BE(this.#number, 9)
    return reply
  }
}

if (import.meta.main) {
  const units = Array.from({ length: Number(process.argv[2]) }, (_, number) => new CutUnit(number))
  const ports = await Promise.all(units.map((unit) => unit.listen()))
  process.stdout.write(`${JSON.stringify(ports)}\n`)
}
