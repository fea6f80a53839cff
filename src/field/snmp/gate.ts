// The socket that an SNMP session gets instead of a plain one. It talks to one address and port only, so that the operating
// system throws away what anybody else sends, and it shows the session only datagrams that may be answers.

import dgram from 'node:dgram'
import { EventEmitter } from 'node:events'
import net from 'node:net'
import { type Envelope, envelopeFault } from './envelope.ts'

export type GateOptions = {
  readonly host: string
  readonly port: number
  readonly envelope: Envelope
  /** Called for each datagram of the device that the session is not shown, with the reason. */
  readonly onRefused: (why: string) => void
  /** Called when the network says that nobody is there. */
  readonly onError: (why: string) => void
}

/** Emits `message` and `close`, as the socket that it stands for. */
export class Gate extends EventEmitter {
  readonly #socket: dgram.Socket
  readonly #options: GateOptions
  #closed = false

  constructor(options: GateOptions) {
    super()
    this.#options = options
    this.#socket = dgram.createSocket(net.isIP(options.host) === 6 ? 'udp6' : 'udp4')
    this.#socket.on('message', (bytes) => this.#receive(bytes))
    this.#socket.on('error', (error) => options.onError(codeOf(error)))
    this.#socket.on('close', () => this.emit('close'))
  }

  /** Fixes the other side. Resolves to why that failed, else to undefined. */
  connect(): Promise<string | undefined> {
    const { host, port } = this.#options
    return new Promise((resolve) => {
      // Node hands an error to this callback too, which its types do not say.
      const done = (error?: Error): void => resolve(error === undefined ? undefined : codeOf(error))
      this.#socket.connect(port, host, done)
      this.#socket.once('close', () => resolve('closed'))
    })
  }

  /** As a session calls it; the place that it names is the one that the socket is connected to. */
  send(
    bytes: Buffer,
    _offset: number,
    _length: number,
    _port: number,
    _host: string,
    done: (error: Error | null) => void,
  ): void {
    if (!this.#closed) this.#socket.send(bytes, done)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#socket.close()
  }

  ref(): void {
    this.#socket.ref()
  }

  unref(): void {
    this.#socket.unref()
  }

  #receive(bytes: Buffer): void {
    const fault = envelopeFault(bytes, this.#options.envelope) ?? this.#show(bytes)
    if (fault !== undefined) this.#options.onRefused(fault)
  }

  #show(bytes: Buffer): string | undefined {
    try {
      this.emit('message', bytes)
      return undefined
    } catch {
      // The library throws at signatures of odd lengths.
      return 'an answer that cannot be decoded'
    }
  }
}

const codeOf = (error: Error): string => ('code' in error ? String(error.code) : error.message)
