// One TCP connection to a server that answers in lines: one question at a time, each with a deadline, and encryption when it
// is asked for. After anything late, lost or wrong it is over for good, so that an answer can't belong to an older question.

import assert from 'node:assert/strict'
import net from 'node:net'
import tls from 'node:tls'
import type { Fault } from '../../core/image.ts'
import type { RequestFailure } from '../driver.ts'
import { LineSplitter } from './words.ts'

export type Reply<T> =
  | {
      readonly kind: 'reply'
      readonly value: T
      readonly sentMs: number
      readonly receivedMs: number
    }
  | Omit<RequestFailure, 'left'>

/** Called with each line of an answer: undefined while more must come. A fault ends the connection. */
export type Take<T> = (
  line: string,
) => { readonly value: T } | { readonly fault: string } | undefined

export type LinkOptions = {
  readonly host: string
  readonly port: number
  /** Longest wait for the connection, for its encryption, and for each answer. */
  readonly timeoutMs: number
  /** Monotonic milliseconds. */
  readonly clock: () => number
  /** Called once, when the connection is over or never came about. */
  readonly onEnd: (why: string) => void
}

export class LineLink {
  readonly #options: LinkOptions
  readonly #plain: net.Socket
  /** What lines go through: the plain socket, later the encrypted one on top of it. */
  #socket: net.Socket
  #splitter = new LineSplitter()
  #question: Question | undefined
  /** Why the connection is over. */
  #over: string | undefined

  /** Starts to connect at once; `onConnect` is called when that is done. */
  constructor(options: LinkOptions, onConnect: () => void) {
    this.#options = options
    const { host, port, timeoutMs } = options
    this.#plain = net.connect({ host, port, noDelay: true, keepAlive: true })
    this.#socket = this.#plain
    const deadline = setTimeout(
      () => this.end('unreachable', `no connection within ${timeoutMs} ms`),
      timeoutMs,
    )
    this.#plain.on('connect', () => {
      clearTimeout(deadline)
      if (this.#over === undefined) onConnect()
    })
    this.#plain.on('close', () => clearTimeout(deadline))
    this.#listen(this.#plain)
  }

  /** Sends one line and gives each line of the answer to `take`. Resolves always. Asserts that no other question is out. */
  ask<T>(line: string, take: Take<T>): Promise<Reply<T>> {
    assert(this.#question === undefined, 'a second question while one is out')
    const { clock, timeoutMs } = this.#options
    const sentMs = clock()
    return new Promise((resolve) => {
      const fail = (fault: Fault, detail: string): void =>
        resolve({ kind: 'failed', fault, detail, sentMs, receivedMs: clock() })
      if (this.#over !== undefined) return fail('connection-lost', this.#over)
      this.#question = {
        fail,
        take: (received) => {
          const judged = take(received)
          if (judged === undefined || 'fault' in judged) return judged?.fault ?? 'more'
          resolve({ kind: 'reply', value: judged.value, sentMs, receivedMs: clock() })
          return 'done'
        },
        deadline: this.#deadline(`no answer within ${timeoutMs} ms`),
      }
      this.#socket.write(`${line}\n`)
    })
  }

  /** Encrypts everything from here on and checks the server's certificate. Resolves to why that failed, else to undefined. */
  secure(options: tls.ConnectionOptions): Promise<string | undefined> {
    assert(this.#question === undefined, 'encryption while a question is out')
    const { host, timeoutMs } = this.#options
    return new Promise((resolve) => {
      if (this.#over !== undefined) return resolve(this.#over)
      this.#plain.removeAllListeners('data')
      const name = net.isIP(host) === 0 ? { servername: host } : {}
      const socket = tls.connect({ ...options, ...name, host, socket: this.#plain })
      this.#socket = socket
      this.#question = {
        fail: (_fault, detail) => resolve(detail),
        take: () => 'a line before the encryption was agreed',
        deadline: this.#deadline(`no encrypted connection within ${timeoutMs} ms`),
      }
      socket.on('secureConnect', () => {
        this.#settle()
        resolve(undefined)
      })
      this.#listen(socket)
    })
  }

  /** Ends the connection; an open question fails with `fault`. */
  end(fault: Fault, detail: string): void {
    if (this.#over !== undefined) return
    this.#over = detail
    this.#socket.destroy()
    this.#plain.destroy()
    this.#settle()?.fail(fault, detail)
    this.#options.onEnd(detail)
  }

  /** Ends the connection, and resolves when its socket is closed. */
  close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      if (this.#plain.closed) resolve()
      else this.#plain.once('close', () => resolve())
    })
    this.end('connection-lost', 'closed')
    return closed
  }

  #listen(socket: net.Socket): void {
    socket.on('data', (bytes) => this.#receive(bytes))
    socket.on('error', (error) => this.end('connection-lost', wordsFor(error)))
    socket.on('close', () => this.end('connection-lost', 'the server closed the connection'))
  }

  #receive(bytes: Buffer): void {
    if (this.#over !== undefined) return
    const fault = this.#hand(bytes)
    if (fault !== undefined) this.end('bad-answer', fault)
  }

  /** Hands lines to the open question; returns what is wrong with them, if anything. */
  #hand(bytes: Buffer): string | undefined {
    const taken = this.#splitter.take(bytes)
    if ('fault' in taken) return taken.fault
    for (const line of taken.lines) {
      const question = this.#question
      if (question === undefined) return 'a line that nobody asked for'
      const verdict = question.take(line)
      if (verdict === 'more') continue
      if (verdict !== 'done') return verdict
      this.#settle()
    }
    const littered = this.#splitter.halfway && this.#question === undefined
    return littered ? 'more bytes than the answer has' : undefined
  }

  #settle(): Question | undefined {
    const question = this.#question
    this.#question = undefined
    clearTimeout(question?.deadline)
    return question
  }

  #deadline(detail: string): NodeJS.Timeout {
    return setTimeout(() => {
      const question = this.#question
      // An answer may have come while our own process was held up; it is read before this second look.
      setImmediate(() => {
        if (this.#question === question) this.end('timeout', detail)
      })
    }, this.#options.timeoutMs)
  }
}

/** ECONNREFUSED and the like as they are; what is wrong with a certificate in words. Several refusals at once have none. */
function wordsFor(error: NodeJS.ErrnoException): string {
  const { code, message, syscall } = error
  return code !== undefined && (syscall !== undefined || message === '') ? code : message
}

type Question = {
  /** `more`, `done`, or what is wrong with the line. */
  readonly take: (line: string) => string
  readonly fail: (fault: Fault, detail: string) => void
  readonly deadline: NodeJS.Timeout
}
