// A NUT server that does what the test says, line by line and byte by byte. It shares no code with src.

import net from 'node:net'

export type Chunk = string | Buffer

export class NutLineServer {
  /** What to send for a line; undefined sends nothing, `end` closes and `reset` cuts the connection. */
  respond: (
    line: string,
    connection: number,
    socket: net.Socket,
  ) => readonly Chunk[] | 'end' | 'reset' | undefined = () => [goodList()]
  readonly lines: string[] = []
  connections = 0
  readonly #sockets = new Set<net.Socket>()
  readonly #server = net.createServer({ noDelay: true }, (socket) => this.#accept(socket))

  async open(port = 0): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve))
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.cut()
    await closed
  }

  /** Ends every connection. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Sends bytes that nobody asked for on every connection. */
  say(chunk: Chunk): void {
    for (const socket of this.#sockets) socket.write(chunk)
  }

  get standing(): number {
    return this.#sockets.size
  }

  #accept(socket: net.Socket): void {
    const connection = ++this.connections
    this.#sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => this.#sockets.delete(socket))
    let rest = ''
    socket.on('data', (bytes) => {
      const parts = `${rest}${bytes.toString('latin1')}`.split('\n')
      rest = parts.pop() ?? ''
      for (const line of parts) this.#answer(socket, line, connection)
    })
  }

  async #answer(socket: net.Socket, line: string, connection: number): Promise<void> {
    this.lines.push(line)
    const chunks = this.respond(line, connection, socket)
    if (chunks === 'end') socket.end()
    else if (chunks === 'reset') socket.resetAndDestroy()
    else {
      for (const chunk of chunks ?? []) {
        socket.write(chunk)
        // Lets the chunk travel by itself.
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
    }
  }
}

/** The answer to LIST VAR rack; a test names the variables that matter to it. */
export function goodList(
  variables: Readonly<Record<string, string>> = { 'battery.charge': '97', 'ups.status': 'OL CHRG' },
  ups = 'rack',
): string {
  const lines = Object.entries(variables).map(
    ([name, value]) => `VAR ${ups} ${name} "${value.replaceAll(/["\\]/g, '\\$&')}"`,
  )
  return [`BEGIN LIST VAR ${ups}`, ...lines, `END LIST VAR ${ups}`, ''].join('\n')
}
