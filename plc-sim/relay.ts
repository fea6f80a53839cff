// Stands in front of a server that must not know of the practice faults: passes bytes between its
// own port and the server, holds them while nothing may come through, and delays them when slow.
// Held bytes are kept, not dropped, so that the connection is whole when the fault is mended.
import { connect, type Socket } from 'node:net'
import type { PortBehaviour } from './paths.ts'
import { Port, type PortConnection } from './port.ts'

export type Upstream = { readonly host: string; readonly port: number }

/**
 * Opens the port that clients see; 0 takes a free one. Rejects when it is in use.
 * @param upstream where the server listens, asked at each new connection
 */
export function openRelay(host: string, wanted: number, upstream: () => Upstream): Promise<Port> {
  return Port.open(host, wanted, (socket, behaviour) => new Pipe(socket, behaviour, upstream()))
}

class Pipe implements PortConnection {
  readonly #client: Socket
  readonly #server: Socket
  #behaviour: PortBehaviour
  #forgotten = false
  /** What the client said and the server has not been told yet, oldest first. */
  #late: Buffer[] = []

  constructor(client: Socket, behaviour: PortBehaviour, upstream: Upstream) {
    this.#client = client
    this.#behaviour = behaviour
    this.#server = connect({ ...upstream, noDelay: true })
    this.#server.on('error', () => client.destroy())
    this.#server.on('close', () => client.destroy())
    client.on('close', () => this.#server.destroy())
    client.on('data', (chunk) => this.#toServer(chunk))
    this.#server.on('data', (chunk) => {
      if (!this.#forgotten) client.write(chunk)
    })
    this.#flow()
  }

  behave(behaviour: PortBehaviour): void {
    this.#behaviour = behaviour
    this.#flow()
  }

  /** The server loses its client; the client hears nothing of it. */
  forget(): void {
    this.#forgotten = true
    this.#late = []
    this.#server.removeAllListeners('close')
    this.#server.destroy()
    this.#client.resume()
  }

  #toServer(chunk: Buffer): void {
    if (this.#forgotten) return
    const { delayMs } = this.#behaviour
    if (delayMs === 0 && this.#late.length === 0) {
      this.#server.write(chunk)
      return
    }
    this.#late.push(chunk)
    setTimeout(() => {
      const next = this.#late.shift()
      if (next && !this.#server.destroyed) this.#server.write(next)
    }, delayMs).unref()
  }

  #flow(): void {
    const flows = this.#behaviour.mode === 'serving'
    for (const socket of [this.#client, this.#server]) {
      if (flows) socket.resume()
      else socket.pause()
    }
  }
}
