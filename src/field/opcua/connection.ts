// Keeps one OPC UA path connected, for ever: opens a session, waits until it ends, waits a little longer after each failure in
// a row, and begins again. What goes wrong is kept as the reason why nothing can be asked now.

import { backoffMs, fieldBackoff } from '../backoff.ts'
import type { OpcUaCounters } from './counters.ts'
import { loadLibrary } from './library.ts'
import { type Line, newLine } from './line.ts'
import { type OpeningOptions, openSession, Refusal } from './opening.ts'

export type Connection = {
  /** The open line; undefined while there is none. */
  readonly line: Line | undefined
  /** Why there is no line, in words for people. */
  readonly obstacle: string
  /** To be told of every answer: the wait before the next attempt then begins small again. */
  noteAnswer(): void
  /** Ends everything; resolves within about a second. */
  close(): Promise<void>
}

export type ConnectionOptions = Omit<OpeningOptions, 'signal'> & {
  readonly counters: OpcUaCounters
}

/** Starts to connect at once. */
export const keepConnected = (options: ConnectionOptions): Connection => new Keeper(options)

/** Time for everything from the first byte to an active session; small controllers take seconds for the cryptography. */
const openMs = 10_000
const closeMs = 1500

class Keeper implements Connection {
  readonly #options: ConnectionOptions
  readonly #closing = new AbortController()
  readonly #done: Promise<void>
  #line: Line | undefined
  #obstacle = 'not connected yet'
  #failures = 0

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#done = this.#keep()
  }

  get line(): Line | undefined {
    return this.#line?.obstacle === undefined ? this.#line : undefined
  }

  get obstacle(): string {
    return this.#line?.obstacle ?? this.#obstacle
  }

  noteAnswer(): void {
    this.#failures = 0
  }

  async close(): Promise<void> {
    this.#obstacle = 'the driver is closed'
    this.#closing.abort()
    // The making of a key can't be interrupted; what is left of it then runs out by itself.
    await Promise.race([this.#end(), pause(closeMs)])
  }

  async #end(): Promise<void> {
    await this.#line?.close()
    await this.#done
  }

  async #keep(): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      try {
        const line = await this.#open()
        this.#line = line
        this.#obstacle = await line.ended
      } catch (error) {
        this.#obstacle = `cannot connect: ${reasonOf(error)}`
      }
      this.#line = undefined
      this.#failures += 1
      await pause(backoffMs(fieldBackoff, this.#failures, Math.random()), signal)
    }
  }

  async #open(): Promise<Line> {
    const { clock, counters } = this.#options
    const library = await loadLibrary()
    const limit = new AbortController()
    const timer = setTimeout(() => limit.abort(), openMs)
    try {
      const signal = AbortSignal.any([limit.signal, this.#closing.signal])
      const open = await openSession(library, { ...this.#options, signal })
      counters.connections += 1
      const line = newLine(library, open, clock)
      if (this.#closing.signal.aborted) await line.close()
      return line
    } finally {
      clearTimeout(timer)
    }
  }
}

/** The name of the status where the library's text has one: the text around it runs over several lines and advises. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const status = /\bBad[A-Z]\w+/.exec(error.message)?.[0]
  if (error instanceof Refusal) return error.message
  if (status !== undefined) return `the server answered ${status}`
  const code = /\bE[A-Z]{4,}\b/.exec(error.message)?.[0]
  return code ?? error.message.trim().split('\n')[0]?.slice(0, 200) ?? 'no reason given'
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const wake = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', wake)
      resolve()
    }
    const timer = setTimeout(wake, ms)
    if (signal === undefined) timer.unref()
    signal?.addEventListener('abort', wake)
  })
}
