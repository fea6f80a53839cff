// A connection to one NUT server, kept for ever: connect, encrypt, give name and password, then ask for lists. What goes wrong
// on the way is remembered as the reason why nothing can be asked, and everything begins again after a growing wait.
//
// It never sends LOGIN: that would count us among the computers that the UPS feeds, and a shutdown would wait for us.

import { readFile } from 'node:fs/promises'
import tls from 'node:tls'
import type { NutPath } from '../../core/plant.ts'
import { backoffMs, fieldBackoff } from '../backoff.ts'
import { shown } from '../plain-value.ts'
import { readSecret } from '../secret-file.ts'
import { LineLink, type Reply, type Take } from './line-link.ts'
import { type ListAnswer, refusalText, VariableList } from './variable-list.ts'
import { quoted, wordsOf } from './words.ts'

export class NutConnection {
  readonly #path: NutPath
  readonly #timeoutMs: number
  readonly #clock: () => number
  #link: LineLink | undefined
  #ready = false
  #whyNot = 'no connection yet'
  #failures = 0
  #reconnect: NodeJS.Timeout | undefined
  #closed = false

  /** Starts to connect at once. `timeoutMs` bounds every single step; `clock` is the monotonic clock of all replies. */
  constructor(path: NutPath, timeoutMs: number, clock: () => number) {
    this.#path = path
    this.#timeoutMs = timeoutMs
    this.#clock = clock
    void this.#connect()
  }

  /** Every variable of the UPS, or what the server says instead. Resolves always. One at a time. */
  async list(): Promise<Reply<Exclude<ListAnswer, { kind: 'fault' }>>> {
    if (this.#link === undefined || !this.#ready) {
      const nowMs = this.#clock()
      const detail = this.#obstacle()
      return { kind: 'failed', fault: 'unreachable', detail, sentMs: nowMs, receivedMs: nowMs }
    }
    const answer = new VariableList(this.#path.ups)
    const reply = await this.#link.ask(`LIST VAR ${quoted(this.#path.ups)}`, (line) => {
      const value = answer.take(line)
      if (value === undefined) return undefined
      return value.kind === 'fault' ? { fault: value.detail } : { value }
    })
    if (reply.kind === 'reply') this.#failures = 0
    return reply
  }

  /** Ends the connection and all attempts; an open question fails. Resolves when the socket is closed. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#reconnect)
    this.#whyNot = 'closed'
    await this.#link?.close()
  }

  #obstacle(): string {
    const { host, port } = this.#path
    return this.#closed ? 'closed' : `not connected to ${host}:${port}: ${this.#whyNot}`
  }

  async #connect(): Promise<void> {
    // Before the first byte leaves, so that a file that is missing costs the server nothing.
    const entry = await entryOf(this.#path)
    if (this.#closed) return
    if ('wrong' in entry) return this.#connectLater(entry.wrong)
    const link: LineLink = new LineLink(
      {
        host: this.#path.host,
        port: this.#path.port,
        timeoutMs: this.#timeoutMs,
        clock: this.#clock,
        onEnd: (why) => this.#lost(why),
      },
      () => void this.#enter(link, entry),
    )
    this.#link = link
  }

  async #enter(link: LineLink, entry: Entry): Promise<void> {
    const why = await enter(link, entry)
    if (why !== undefined) {
      link.end('bad-answer', why)
      // The link itself may have ended before, with fewer words for it.
      this.#whyNot = why
    } else if (this.#link === link) this.#ready = true
  }

  #lost(why: string): void {
    this.#link = undefined
    this.#ready = false
    this.#connectLater(why)
  }

  #connectLater(why: string): void {
    if (this.#closed) return
    this.#whyNot = why
    this.#failures++
    const waitMs = backoffMs(fieldBackoff, this.#failures, Math.random())
    this.#reconnect = setTimeout(() => void this.#connect(), waitMs)
  }
}

/** What the way in needs: how to encrypt, and who we are. */
type Entry = {
  readonly tls?: tls.ConnectionOptions
  readonly checkedAgainst: string
  readonly user?: { readonly name: string; readonly password: string }
}

async function entryOf(path: NutPath): Promise<Entry | { readonly wrong: string }> {
  const { user } = path
  const checkedAgainst = path.ca ?? "this computer's authorities"
  if (path.tls === 'off') {
    return user === undefined
      ? { checkedAgainst }
      : { wrong: 'a password never leaves in clear; ask for encryption with "tls: required"' }
  }
  const authorities = await authoritiesOf(path.ca)
  if ('wrong' in authorities) return authorities
  const encryption = { tls: authorities, checkedAgainst }
  if (user === undefined) return encryption
  const read = await readSecret(user.passwordFile)
  return 'wrong' in read
    ? read
    : { ...encryption, user: { name: user.name, password: read.secret } }
}

async function authoritiesOf(
  file: string | undefined,
): Promise<{ readonly ca: string | string[] } | { readonly wrong: string }> {
  if (file === undefined) return { ca: tls.getCACertificates('system') }
  try {
    const ca = await readFile(file, 'utf8')
    if (!ca.includes('-----BEGIN CERTIFICATE-----')) throw new Error('no certificate in it')
    tls.createSecureContext({ ca })
    return { ca }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { wrong: `the file of authorities ${file} cannot be used: ${why}; expected PEM` }
  }
}

/** Goes through the steps that come before the first list. Resolves to why that failed, else to undefined. */
async function enter(link: LineLink, entry: Entry): Promise<string | undefined> {
  if (entry.tls !== undefined) {
    const refused = await accepted(link, 'STARTTLS')
    if (refused !== undefined) return refused
    const why = await link.secure(entry.tls)
    if (why !== undefined) {
      return `no encrypted connection: ${why} (checked against ${entry.checkedAgainst})`
    }
  }
  if (entry.user === undefined) return undefined
  return (
    (await accepted(link, `USERNAME ${quoted(entry.user.name)}`)) ??
    (await accepted(link, `PASSWORD ${quoted(entry.user.password)}`))
  )
}

async function accepted(link: LineLink, request: string): Promise<string | undefined> {
  const reply = await link.ask(request, okOrError)
  return reply.kind === 'failed' ? reply.detail : reply.value
}

/** Undefined for OK, else why not. */
const okOrError: Take<string | undefined> = (line) => {
  const [first, second] = wordsOf(line) ?? []
  if (first?.text === 'OK') return { value: undefined }
  if (first?.text !== 'ERR') return { fault: `an unexpected line: ${shown(line)}` }
  return { value: refusalText(second?.text ?? '', '') }
}
