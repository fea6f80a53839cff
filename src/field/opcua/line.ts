// One open OPC UA session. Requests go straight to the secure channel: past the library's session, which keeps requests for
// later while it reconnects and repeats them on a new session. Here a request leaves now or never, and once the line has ended
// it never comes back; the next connection is another line.

import assert from 'node:assert/strict'
import type { Fault } from '../../core/image.ts'
import type { RequestFailure } from '../driver.ts'
import type { Library } from './library.ts'
import { endClient, type OpenSession } from './opening.ts'

export type Reply<R> =
  | {
      readonly kind: 'answered'
      readonly response: R
      readonly sentMs: number
      readonly receivedMs: number
    }
  | RequestFailure

/** A request of the library, made for one use. */
export type Request = {
  readonly requestHeader: { authenticationToken: unknown; timeoutHint: number }
}
export type ResponseClass<R> = abstract new (...args: never[]) => R

export type Line = {
  readonly library: Library
  /** Resolves with the reason when the line has ended. */
  readonly ended: Promise<string>
  /** Why no request can leave; undefined while the line is open. */
  readonly obstacle: string | undefined
  /** Asks and waits at most `timeoutMs`. Resolves always. An answer of another class is a bad answer. */
  ask<R extends object>(
    request: Request,
    response: ResponseClass<R>,
    timeoutMs: number,
  ): Promise<Reply<R>>
  /** As `ask`, for what changes the plant: not a byte leaves after `deadlineMs`, nor behind bytes that still wait. */
  command<R extends object>(
    request: Request,
    response: ResponseClass<R>,
    limits: { readonly timeoutMs: number; readonly deadlineMs: number },
  ): Promise<Reply<R>>
  /** Gives the connection up: it is reset, and what still waits in this machine is thrown away. */
  hangUp(why: string): void
  /** Ends the session in an orderly way, within about half a second. */
  close(): Promise<void>
}

/** Makes the line of a session that was just opened. */
export const newLine = (library: Library, open: OpenSession, clock: () => number): Line =>
  new OpenLine(library, open, clock)

/** What the library does not tell its types: the way past the session, and what a session is known by. */
type Channel = {
  performMessageTransaction(
    request: Request,
    done: (error: Failure | null, response?: object) => void,
  ): void
}
type Failure = Error & {
  readonly response?: { readonly responseHeader?: { readonly serviceResult?: Status } }
}
type Status = { readonly name?: string; readonly value?: number }

/** After these the session is dead, and only a new one helps. */
const fatal = /^Bad(Session|SecureChannel|SecurityChecks|ConnectionClosed|ServerHalted|Shutdown)/

class OpenLine implements Line {
  readonly library: Library
  readonly ended: Promise<string>
  readonly #open: OpenSession
  readonly #channel: Channel
  readonly #token: unknown
  readonly #clock: () => number
  #obstacle: string | undefined
  #end: (why: string) => void = () => {}

  constructor(library: Library, open: OpenSession, clock: () => number) {
    const { client, session } = open
    assert('performMessageTransaction' in client && 'authenticationToken' in session)
    this.library = library
    this.#open = open
    this.#channel = client as unknown as Channel
    this.#token = session.authenticationToken
    this.#clock = clock
    this.ended = new Promise((resolve) => {
      this.#end = resolve
    })
    client.on('close', () => this.hangUp('the connection was lost'))
    client.on('connection_lost', () => this.hangUp('the connection was lost'))
  }

  get obstacle(): string | undefined {
    return this.#obstacle
  }

  ask<R extends object>(
    request: Request,
    response: ResponseClass<R>,
    timeoutMs: number,
  ): Promise<Reply<R>> {
    return this.#exchange(request, response, timeoutMs, (send) => {
      send()
      return 'left'
    })
  }

  command<R extends object>(
    request: Request,
    response: ResponseClass<R>,
    { timeoutMs, deadlineMs }: { readonly timeoutMs: number; readonly deadlineMs: number },
  ): Promise<Reply<R>> {
    return this.#exchange(request, response, timeoutMs, (send) =>
      this.#open.wire.guard(deadlineMs, send),
    )
  }

  hangUp(why: string): void {
    if (this.#obstacle !== undefined) return
    this.#over(why)
    this.#open.wire.reset(why)
    // The rest is tidying up in memory; the socket is gone already.
    void endClient(this.#open.client, this.#open.wire, tidyMs)
  }

  async close(): Promise<void> {
    if (this.#obstacle !== undefined) return
    this.#over('the driver is closed')
    await endClient(this.#open.client, this.#open.wire, closeMs)
  }

  #over(why: string): void {
    if (this.#obstacle !== undefined) return
    this.#obstacle = why
    this.#end(why)
  }

  #exchange<R extends object>(
    request: Request,
    expected: ResponseClass<R>,
    timeoutMs: number,
    pass: (send: () => void) => 'left' | 'stopped',
  ): Promise<Reply<R>> {
    const sentMs = this.#clock()
    return new Promise((resolve) => {
      const fail = (fault: Fault, detail: string, left: boolean): void => {
        clearTimeout(timer)
        resolve({ kind: 'failed', fault, detail, left, sentMs, receivedMs: this.#clock() })
      }
      const timer = setTimeout(
        () => fail('timeout', `no answer within ${timeoutMs} ms`, true),
        timeoutMs,
      )
      if (this.#obstacle !== undefined) return fail('connection-lost', this.#obstacle, false)
      request.requestHeader.authenticationToken = this.#token
      request.requestHeader.timeoutHint = Math.max(2 * timeoutMs, hintMs)
      const passed = this.#pass(pass, request, (error, answer) => {
        if (error) return fail(...this.#faultOf(error), true)
        if (!(answer instanceof expected)) {
          return fail('bad-answer', 'an answer to something else', true)
        }
        clearTimeout(timer)
        resolve({ kind: 'answered', response: answer, sentMs, receivedMs: this.#clock() })
      })
      if (passed instanceof Error) {
        fail('connection-lost', firstLine(passed.message), true)
        this.hangUp('the library failed')
        return
      }
      if (passed === 'left') return
      fail('not-asked', 'the command could not leave in time', false)
      // The library has counted a message that never left: the server would refuse every one after it.
      this.hangUp('a command was held back at the socket')
    })
  }

  /** The library asserts much about its own state, which a server that misbehaves may upset: that costs only the line. */
  #pass(
    pass: (send: () => void) => 'left' | 'stopped',
    request: Request,
    done: (error: Failure | null, response?: object) => void,
  ): 'left' | 'stopped' | Error {
    try {
      return pass(() => this.#channel.performMessageTransaction(request, done))
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error))
    }
  }

  #faultOf(error: Failure): [Fault, string] {
    const status = error.response?.responseHeader?.serviceResult
    if (status === undefined) return ['connection-lost', this.#obstacle ?? firstLine(error.message)]
    const name = status.name ?? 'an error'
    if (fatal.test(name)) this.hangUp(`the server ended the session: ${name}`)
    return ['exception', `the server answered ${name}`]
  }
}

const tidyMs = 1000
const closeMs = 500
/** Least time that we let the library wait for an answer: our own limit is the one that counts. */
const hintMs = 10_000

const firstLine = (text: string): string => text.trim().split('\n')[0]?.slice(0, 200) ?? ''
