// The terminal's side of the HTTP API. Reads either answer or halt the command with one clear line. Orders are sent once:
// a refusal is a reply like any other, and silence is the reply `no-answer`, after which the caller reads again what
// the plant shows. Every string that comes in loses its control characters here.

import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import type { AnswerCode, JournalRecord } from '../core/cycle.ts'
import type { EndedView, Evidence, Obstacle, PairView, SwitchoverView, View } from '../core/view.ts'
import { exitCode, Halt, nearestWord, usageFault } from './outcome.ts'
import { withoutControls } from './paint.ts'
import { currentSession } from './session-file.ts'

/** What became of an order. `obstacles` and `difference` are empty when they do not apply. */
export type Reply = {
  readonly code: AnswerCode | 'no-answer'
  readonly text: string
  /** The switchover that the order started. */
  readonly id?: string
  readonly obstacles: readonly Obstacle[]
  readonly difference: readonly string[]
  readonly evidence?: Evidence
}

export type LoginReply = { token: string; user: string; role: string; expiresWallMs: number }
export type JournalPage = {
  readonly records: readonly JournalRecord[]
  readonly head: { readonly seq: number; readonly hash: string }
}
export type Found = { readonly switchover?: SwitchoverView; readonly ended?: EndedView }

export type Client = {
  readonly url: string
  readonly plant: () => Promise<View>
  /** Any other read, by its path below `/api/v1/`. */
  readonly read: <T>(path: string) => Promise<T>
  /** Neither of the two when the service no longer knows it. */
  readonly switchover: (id: string) => Promise<Found>
  readonly journal: (query: { after: number; limit: number; pair?: string }) => Promise<JournalPage>
  readonly order: (path: string, body: object) => Promise<Reply>
  readonly login: (user: string, password: string) => Promise<LoginReply>
  readonly logout: () => Promise<void>
  /** The open stream of events; ends only with `signal` or when the service goes. */
  readonly events: (signal: AbortSignal, lastEventId?: string) => Promise<Response>
}

const answerWithinMs = 5000

/** The client of the saved session, with the overrides of the environment and of `--url`. */
export async function openClient(urlOption?: string): Promise<Client> {
  const { url, token } = await currentSession(urlOption)
  return connect(url, token)
}

export function connect(url: string, token?: string): Client {
  const send: Send = (method, path, extra = {}) => request(url, token, method, path, extra)
  const read = async <T>(path: string): Promise<T> => {
    const response = await send('GET', path)
    if (!response.ok) throw await refusalOf(response, url, token !== undefined)
    return (await contentOf(response)) as T
  }
  return {
    url,
    plant: () => read<View>('plant'),
    read,
    switchover: async (id) => {
      const response = await send('GET', `switchovers/${encodeURIComponent(id)}`)
      if (response.status === 404) return {}
      if (!response.ok) throw await refusalOf(response, url, token !== undefined)
      return (await contentOf(response)) as Found
    },
    journal: ({ after, limit, pair }) => {
      const query = new URLSearchParams({ after: String(after), limit: String(limit) })
      if (pair !== undefined) query.set('pair', pair)
      return read<JournalPage>(`journal?${query}`)
    },
    order: (path, body) => order(send, path, body, url, token !== undefined),
    login: async (user, password) => {
      const response = await send('POST', 'login', { body: { user, password } })
      if (!response.ok) throw await loginRefusal(response)
      return (await contentOf(response)) as LoginReply
    },
    logout: async () => {
      const response = await send('POST', 'logout', { body: {} })
      if (!response.ok && response.status !== 401) throw await refusalOf(response, url, true)
    },
    events: async (signal, lastEventId) => {
      const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId }
      const response = await send('GET', 'events', { signal, headers })
      if (!response.ok) throw await refusalOf(response, url, token !== undefined)
      return response
    },
  }
}

/** The pair of that name, or a fault of usage that names the nearest. */
export function pairNamed(view: View, name: string): PairView {
  const found = view.pairs.find((pair) => pair.name === name)
  if (found) return found
  const names = view.pairs.map((pair) => pair.name)
  const near = nearestWord(name, names)
  throw usageFault(
    `no pair is named "${name}"; ${near ? `did you mean "${near}"?` : `there are: ${names.join(', ')}`}`,
  )
}

type Extra = { body?: object; signal?: AbortSignal; headers?: Record<string, string> }
type Send = (method: string, path: string, extra?: Extra) => Promise<Response>

async function request(
  url: string,
  token: string | undefined,
  method: string,
  path: string,
  extra: Extra,
): Promise<Response> {
  trustExtra()
  const headers: Record<string, string> = { ...extra.headers }
  if (token !== undefined) headers.authorization = `Bearer ${token}`
  if (extra.body !== undefined) headers['content-type'] = 'application/json'
  try {
    return await fetch(`${url}/api/v1/${path}`, {
      method,
      headers,
      redirect: 'error',
      signal: extra.signal ?? AbortSignal.timeout(answerWithinMs),
      ...(extra.body === undefined ? {} : { body: JSON.stringify(extra.body) }),
    })
  } catch (fault) {
    throw unreachable(url, fault)
  }
}

let trusted = false

/** BUMPLESS_CA names a PEM file with the certificate, or its issuer, that the service of this site shows. */
function trustExtra(): void {
  const file = process.env.BUMPLESS_CA
  if (!file || trusted) return
  trusted = true
  try {
    setDefaultCACertificates([...getCACertificates('default'), readFileSync(file, 'utf8')])
  } catch (fault) {
    const why = fault instanceof Error ? fault.message : String(fault)
    throw usageFault(`BUMPLESS_CA: ${file} cannot be used (${why}), expected a certificate in PEM`)
  }
}

/** Sends one order, once. The key only lets the service recognise a copy made by something in between. */
async function order(
  send: Send,
  path: string,
  body: object,
  url: string,
  hadToken: boolean,
): Promise<Reply> {
  let response: Response
  try {
    response = await send('POST', path, { body, headers: { 'idempotency-key': randomUUID() } })
  } catch (fault) {
    if (!(fault instanceof Halt)) throw fault
    return { code: 'no-answer', text: fault.message, obstacles: [], difference: [] }
  }
  if (response.ok) {
    const { id, text } = (await contentOf(response)) as { id?: string; text?: string }
    const accepted = { code: 'accepted' as const, text: text ?? '', obstacles: [], difference: [] }
    return id === undefined ? accepted : { ...accepted, id }
  }
  const error = await errorOf(response)
  const code = codes.find((known) => known === error.code) ?? codeOfStatus[response.status]
  if (code === undefined) throw refusal(response.status, error.text, url, hadToken)
  const refused = {
    code,
    text: error.text,
    obstacles: error.obstacles ?? [],
    difference: error.difference ?? [],
  }
  return error.evidence === undefined ? refused : { ...refused, evidence: error.evidence }
}

const codes: readonly Reply['code'][] = [
  'obstacles',
  'evidence-changed',
  'expired',
  'busy',
  'forbidden',
  'not-found',
  'invalid',
  'no-answer',
]
const codeOfStatus: Readonly<Record<number, Reply['code']>> = {
  400: 'invalid',
  403: 'forbidden',
  404: 'not-found',
  409: 'busy',
  410: 'expired',
  422: 'obstacles',
  504: 'no-answer',
}

type ErrorBody = {
  readonly code?: string
  readonly text: string
  readonly obstacles?: readonly Obstacle[]
  readonly difference?: readonly string[]
  readonly evidence?: Evidence
}

async function contentOf(response: Response): Promise<unknown> {
  const text = await response.text()
  try {
    return JSON.parse(text, (_, value: unknown) =>
      typeof value === 'string' ? withoutControls(value) : value,
    )
  } catch {
    throw new Halt(`${response.url} did not answer as bumpless does; is it another program?`)
  }
}

async function errorOf(response: Response): Promise<ErrorBody> {
  const body = (await contentOf(response).catch(() => ({}))) as { error?: ErrorBody }
  return body.error ?? { text: `the service answered ${response.status}` }
}

const refusalOf = async (response: Response, url: string, hadToken: boolean): Promise<Halt> =>
  refusal(response.status, (await errorOf(response)).text, url, hadToken)

function refusal(status: number, text: string, url: string, hadToken: boolean): Halt {
  if (status === 401 && !hadToken)
    return new Halt(`not logged in at ${url}; log in with 'bumpless login'`)
  if (status === 401)
    return new Halt(`the session at ${url} has ended; log in again with 'bumpless login'`)
  if (status === 403) return new Halt(`not allowed: ${text}`)
  // Starting, stopping or overloaded: it answers by itself a little later.
  if (status === 503) return new Halt(text, exitCode.failed, true)
  return new Halt(text)
}

async function loginRefusal(response: Response): Promise<Halt> {
  const { text } = await errorOf(response)
  if (response.status !== 401) return new Halt(text)
  return new Halt(`the service refused the log-in: ${text}`)
}

function unreachable(url: string, fault: unknown): Halt {
  const { name, cause } = fault as { name?: string; cause?: { code?: string; message?: string } }
  const unreachableHalt = (text: string): Halt => new Halt(text, exitCode.failed, true)
  if (name === 'TimeoutError')
    return unreachableHalt(`no answer from bumpless at ${url} within ${answerWithinMs / 1000} s`)
  if (cause?.code === 'ECONNREFUSED')
    return unreachableHalt(
      `bumpless is not running at ${url}; start it with 'bumpless run' or set BUMPLESS_URL`,
    )
  if (cause?.code !== undefined && untrusted.includes(cause.code))
    return new Halt(
      `the certificate of bumpless at ${url} is not trusted here (${cause.code}); name it in BUMPLESS_CA`,
    )
  const why = cause?.code ?? cause?.message ?? name ?? 'no connection'
  return unreachableHalt(`bumpless at ${url} cannot be reached (${why}); check the address`)
}

const untrusted: readonly string[] = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]
