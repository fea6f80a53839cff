// Bytes to and from a bus, over whatever carries them, opened again for ever. What a lost cable means for a request is not
// decided here. A cable is one opening of a serial device or one TCP connection, used once; the line outlives them.

import { type Backoff, backoffMs } from '../backoff.ts'

export type Cable = {
  /** Hands all bytes over. */
  send(frame: Buffer): void
  /** Throws away, or tells, all that was received before, and throws away what has not left. Resolves always, and soon. */
  discard(): Promise<void>
  /** Ends the cable. Where bytes can be on the way for long (a TCP connection), those that have not arrived are given up with it. */
  end(why: string): void
}

export type CableEvents = {
  opened(): void
  received(bytes: Buffer): void
  /** Told once: nothing can be sent any more, or the cable could not be opened. */
  down(why: string): void
  /** Told once, after `down`: nothing of the cable is left. */
  ended(): void
}

export type OpenCable = (events: CableEvents) => Cable

export type LineEvents = Pick<CableEvents, 'opened' | 'received'> & { lost(why: string): void }

export class Line {
  readonly #name: string
  readonly #open: OpenCable
  readonly #backoff: Backoff
  readonly #events: LineEvents
  #cable: Cable
  #isOpen = false
  #whyNot = 'not opened yet'
  #failures = 0
  #again: NodeJS.Timeout | undefined
  #closed: (() => void) | undefined

  /** Starts to open at once. `name` is for people. */
  constructor(name: string, open: OpenCable, backoff: Backoff, events: LineEvents) {
    this.#name = name
    this.#open = open
    this.#backoff = backoff
    this.#events = events
    this.#cable = this.#start()
  }

  /** Why no byte can leave now; undefined when one can. */
  get obstacle(): string | undefined {
    return this.#isOpen ? undefined : `${this.#name} is not open: ${this.#whyNot}`
  }

  send(frame: Buffer): void {
    this.#cable.send(frame)
  }

  discard(): Promise<void> {
    return this.#cable.discard()
  }

  /** To be told when an answer came: only then the next failure is a first one again. */
  praise(): void {
    this.#failures = 0
  }

  /** Gives the cable up and opens another one after a while. */
  renew(why: string): void {
    this.#cable.end(why)
  }

  /** Resolves when nothing is left open. */
  close(): Promise<void> {
    const ended = new Promise<void>((resolve) => {
      this.#closed = resolve
    })
    if (this.#again === undefined) this.#cable.end('closed')
    else {
      clearTimeout(this.#again)
      this.#closed?.()
    }
    return ended
  }

  #start(): Cable {
    return this.#open({
      opened: () => {
        this.#isOpen = true
        this.#events.opened()
      },
      received: (bytes) => this.#events.received(bytes),
      down: (why) => {
        const wasOpen = this.#isOpen
        this.#isOpen = false
        this.#whyNot = why
        if (wasOpen) this.#events.lost(why)
      },
      ended: () => this.#openLater(),
    })
  }

  #openLater(): void {
    if (this.#closed !== undefined) {
      this.#closed()
      return
    }
    this.#failures++
    const waitMs = backoffMs(this.#backoff, this.#failures, Math.random())
    this.#again = setTimeout(() => {
      this.#again = undefined
      this.#cable = this.#start()
    }, waitMs)
  }
}
