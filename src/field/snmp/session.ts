// SNMP to one agent: a request and its answer, each with a deadline. net-snmp encodes, signs, encrypts and decodes; which
// datagrams it sees is decided in `gate.ts`. After anything but an answer the session is of no more use: its owner closes it and opens another one,
// which has another local port, so that a late answer can't reach a newer question.

import assert from 'node:assert/strict'
import {
  AuthProtocols,
  createSession,
  createV3Session,
  ErrorStatus,
  ObjectType,
  PrivProtocols,
  RequestFailedError,
  ResponseInvalidError,
  SecurityLevel,
  type Session,
  type SessionOptions,
  type User,
  type Varbind,
  Version2c,
} from 'net-snmp'
import type { Fault } from '../../core/image.ts'
import type { SnmpPath } from '../../core/plant.ts'
import { readSecret } from '../secret-file.ts'
import { Gate } from './gate.ts'

/** What one object holds. */
export type Datum =
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'text'; readonly bytes: Buffer }
  /** The name of an object, or an address. */
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'none'; readonly why: string }

type Times = { readonly sentMs: number; readonly receivedMs: number }
export type SnmpFailure = Times & {
  readonly kind: 'failed'
  readonly fault: Fault
  readonly detail: string
}
export type SnmpReply =
  | (Times & {
      readonly kind: 'answered'
      readonly objects: readonly { readonly oid: string; readonly datum: Datum }[]
    })
  /** The agent answered that it does not do that. */
  | (Times & { readonly kind: 'refused'; readonly status: string })
  | SnmpFailure

export class SnmpSession {
  readonly #session: Session
  readonly #gate: Gate
  readonly #timeoutMs: number
  readonly #clock: () => number
  readonly #silence: string
  #pending: Pending | undefined
  /** Why the newest datagram that did not count was refused. */
  #refused: string | undefined

  private constructor(session: Session, gate: Gate, options: Options) {
    this.#session = session
    this.#gate = gate
    this.#timeoutMs = options.timeoutMs
    this.#clock = options.clock
    this.#silence = options.silence
    session.on('error', () => undefined)
  }

  /** Reads the secrets and finds the address; nothing is sent yet. `wrong` says why that failed. */
  static async open(
    path: SnmpPath,
    timeoutMs: number,
    clock: () => number,
  ): Promise<SnmpSession | { readonly wrong: string }> {
    const access = await accessOf(path)
    if ('wrong' in access) return access
    const encrypted = path.access.version === '3' && path.access.privFile !== undefined
    let opened: SnmpSession | undefined
    const gate = new Gate({
      host: path.host,
      port: path.port,
      envelope: path.access.version === '2c' ? { version: '2c' } : { version: '3', encrypted },
      onRefused: (why) => {
        if (opened !== undefined) opened.#refused = why
      },
      onError: (why) => {
        if (opened !== undefined) opened.#settle('unreachable', `${path.host}:${path.port}: ${why}`)
      },
    })
    const unfound = await gate.connect()
    if (unfound !== undefined) {
      gate.close()
      return { wrong: `${path.host}:${path.port}: ${unfound}` }
    }
    const options = { timeoutMs, clock, silence: silences[path.access.version] }
    opened = new SnmpSession(libraryOf(path, access, gate, timeoutMs), gate, options)
    return opened
  }

  /** The values of up to some 20 objects, in their order. Resolves always. Asserts that no other request is out. */
  get(oids: readonly string[]): Promise<SnmpReply> {
    return this.#request((answered) => this.#session.get([...oids], answered))
  }

  /** The object after `oid`. Resolves always. Asserts that no other request is out. */
  next(oid: string): Promise<SnmpReply> {
    return this.#request((answered) => this.#session.getNext([oid], answered))
  }

  close(): void {
    this.#settle('connection-lost', 'closed')
    this.#gate.close()
  }

  #request(ask: (answered: Answered) => void): Promise<SnmpReply> {
    assert(this.#pending === undefined, 'a second SNMP request while one is out')
    this.#refused = undefined
    const sentMs = this.#clock()
    return new Promise((resolve) => {
      const pending: Pending = {
        resolve: (outcome) => resolve({ ...outcome, sentMs, receivedMs: this.#clock() }),
        deadline: setTimeout(() => setImmediate(() => this.#expire(pending)), this.#timeoutMs),
      }
      this.#pending = pending
      ask((error, varbinds) => {
        // A request that was given up may still be answered by the library, as cancelled.
        if (this.#pending === pending) this.#finish(outcomeOf(error, varbinds))
      })
    })
  }

  /** The second look lets an answer count that came while our own process was held up. */
  #expire(pending: Pending): void {
    if (this.#pending !== pending) return
    const within = `within ${this.#timeoutMs} ms`
    if (this.#refused === undefined) this.#settle('timeout', `no answer ${within}${this.#silence}`)
    else this.#settle('bad-answer', `no answer that counts ${within}, only ${this.#refused}`)
  }

  #settle(fault: Fault, detail: string): void {
    if (this.#pending !== undefined) this.#finish({ kind: 'failed', fault, detail })
  }

  #finish(outcome: Outcome): void {
    const pending = this.#pending
    this.#pending = undefined
    clearTimeout(pending?.deadline)
    pending?.resolve(outcome)
  }
}

type Options = {
  readonly timeoutMs: number
  readonly clock: () => number
  readonly silence: string
}
type Answered = (error: Error | null, varbinds?: Varbind[]) => void
type Untimed<T> = T extends Times ? Omit<T, keyof Times> : never
type Outcome = Untimed<SnmpReply>
type Pending = {
  readonly resolve: (outcome: Outcome) => void
  readonly deadline: NodeJS.Timeout
}

/** What else silence may mean, for people. */
const silences = {
  '2c': ' (an agent is silent, too, when the community is wrong)',
  '3': '',
} as const

type Access = { readonly community: string } | { readonly user: User }

async function accessOf({ access }: SnmpPath): Promise<Access | { readonly wrong: string }> {
  if (access.version === '2c') {
    const read = await readSecret(access.communityFile)
    return 'wrong' in read ? read : { community: read.secret }
  }
  const auth = await readSecret(access.authFile)
  if ('wrong' in auth) return auth
  const signing = {
    name: access.user,
    authProtocol: AuthProtocols[access.auth],
    authKey: auth.secret,
  }
  if (access.privFile === undefined) {
    return { user: { ...signing, level: SecurityLevel.authNoPriv } }
  }
  const priv = await readSecret(access.privFile)
  if ('wrong' in priv) return priv
  const encrypting = { privProtocol: PrivProtocols.aes, privKey: priv.secret }
  return { user: { ...signing, ...encrypting, level: SecurityLevel.authPriv } }
}

function libraryOf(path: SnmpPath, access: Access, gate: Gate, timeoutMs: number): Session {
  const options: SessionOptions = {
    port: path.port,
    retries: 0,
    // Our own deadline comes first; this one only ends what is left of a session that was closed.
    timeout: 2 * timeoutMs,
    reportOidMismatchErrors: true,
    backwardsGetNexts: false,
    strictIntRangeChecks: true,
    dgramModule: { createSocket: () => gate },
  }
  return 'community' in access
    ? createSession(path.host, access.community, { ...options, version: Version2c })
    : createV3Session(path.host, access.user, options)
}

function outcomeOf(error: Error | null, varbinds: readonly Varbind[] | undefined): Outcome {
  if (error === null && varbinds !== undefined) {
    const objects = varbinds.map((varbind) => ({ oid: varbind.oid, datum: datumOf(varbind) }))
    return { kind: 'answered', objects }
  }
  if (error instanceof RequestFailedError) {
    return { kind: 'refused', status: ErrorStatus[error.status] ?? String(error.status) }
  }
  if (error instanceof ResponseInvalidError) return invalid(error)
  const why = error !== null && 'code' in error ? String(error.code) : 'the network'
  return { kind: 'failed', fault: 'unreachable', detail: `nothing can be sent: ${why}` }
}

/** The library's own words are not for people, and may hold the community. */
function invalid({ code, message }: ResponseInvalidError): Outcome {
  const report = reports.find(([words]) => code === 5 && message.startsWith(words))
  if (report !== undefined) return { kind: 'failed', fault: 'exception', detail: report[1] }
  return { kind: 'failed', fault: 'bad-answer', detail: invalidities[code] ?? `fault ${code}` }
}

const reports = [
  ['Unsupported Security Level', 'the agent wants another level of security for this user'],
  ['Not In Time Window', 'the agent says that our idea of its clock is wrong'],
  ['Unknown User Name', 'the agent does not know this user'],
  ['Unknown Engine ID', 'the agent has another engine name than it had'],
  ['Wrong Digest', 'the agent does not take our signature; is the authentication secret right?'],
  ['Decryption Error', 'the agent cannot decrypt; is the privacy secret right?'],
] as const

const invalidities: Readonly<Record<number, string>> = {
  4: 'an answer that cannot be decrypted',
  5: 'an answer with a wrong signature',
  6: 'an answer about other objects than those asked for',
  8: 'a next object that does not come after the one asked for',
  9: 'an answer of another SNMP version',
  10: 'an answer with another community',
  11: 'a report that was not expected',
  14: 'an answer of another time',
}

function datumOf({ type, value }: Varbind): Datum {
  if (typeof value === 'number') return { kind: 'number', number: value }
  if (typeof value === 'string') return { kind: 'name', name: value }
  if (!Buffer.isBuffer(value)) return { kind: 'none', why: absences[type] ?? 'has no value' }
  if (type === ObjectType.OctetString) return { kind: 'text', bytes: value }
  if (type !== ObjectType.Counter64) return { kind: 'none', why: 'is of a type without a meaning' }
  const number = Number(BigInt(`0x${value.toString('hex') || '0'}`))
  return Number.isSafeInteger(number)
    ? { kind: 'number', number }
    : { kind: 'none', why: 'is too large to be exact' }
}

const absences: Readonly<Record<number, string>> = {
  128: 'not reported by this UPS',
  129: 'not reported by this UPS',
  130: 'not reported by this UPS',
}
