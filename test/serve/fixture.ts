// A service door with everything around it for the tests: a truthful view, users with known passwords, a tiny supervisor
// that answers orders each 20 ms, and a client that speaks HTTP as a browser or terminal would.

import assert from 'node:assert/strict'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Answer, Order, Person } from '../../src/core/cycle.ts'
import type { AccessRole } from '../../src/core/plant.ts'
import { type Access, openAccess } from '../../src/serve/access.ts'
import { type Board, openBoard } from '../../src/serve/board.ts'
import { openCycleTimes } from '../../src/serve/cycle-times.ts'
import { type Inbox, openInbox } from '../../src/serve/inbox.ts'
import { addUser } from '../../src/serve/users-file.ts'
import type { JournalQuery, Self, WebLimits } from '../../src/serve/web/parts.ts'
import { startWeb, type Web } from '../../src/serve/web/server.ts'
import { pairOf, viewOf } from './view.ts'

export const password = 'river stone lantern'
export const people: Readonly<Record<AccessRole, string>> = {
  observer: 'olga',
  operator: 'anna',
  supervisor: 'bert',
  engineer: 'egon',
}

/** An empty folder that only we read; `remove` deletes it. */
export async function temporaryFolder(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'bumpless-serve-'))
  await chmod(folder, 0o700)
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}

export async function writeUsers(file: string): Promise<void> {
  for (const role of ['observer', 'operator', 'supervisor', 'engineer'] as const) {
    await addUser(file, { name: people[role], role, password }, Date.parse('2026-03-01'))
  }
  await addUser(file, { name: 'carl', role: 'operator', password }, Date.parse('2026-03-01'))
}

export type Rig = {
  readonly web: Web
  readonly board: Board
  readonly inbox: Inbox
  readonly access: Access
  readonly usersFile: string
  /** Everything that was written to the audit. */
  readonly audit: string[]
  /** Every order that reached the supervisor. */
  readonly orders: Order[]
  /** How the supervisor answers; the test may replace it. `undefined`: no answer at all. */
  answerWith: (order: Order) => Omit<Answer, 'orderId'> | undefined
  login(user: string): Promise<Client>
  readonly nobody: Client
  stop(): Promise<void>
}

/** What every door stands on: users with known passwords (unless there are none yet), an inbox and a board. */
export async function openDoorParts(withUsers = true, nowMs = () => performance.now()) {
  const { folder, remove } = await temporaryFolder()
  const usersFile = join(folder, 'users.yaml')
  if (withUsers) await writeUsers(usersFile)
  const audit: string[] = []
  const onAudit = (text: string, data: unknown): void => {
    audit.push(`${text} ${JSON.stringify(data)}`)
  }
  const access = await openAccess({ usersFile, onAudit, nowMs })
  const inbox = openInbox()
  const board = openBoard()
  const orders: Order[] = []
  return { folder, remove, usersFile, audit, onAudit, access, inbox, board, orders }
}

export async function startRig(
  limits: Partial<WebLimits> = {},
  nowMs?: () => number,
): Promise<Rig> {
  const parts = await openDoorParts(true, nowMs)
  const { remove, usersFile, audit, onAudit, access, inbox, board, orders } = parts
  board.publish(viewOf({ pairs: [pairOf('intake'), pairOf('filters')] }))
  const web = await startWeb({
    ...{ host: '127.0.0.1', port: 0, inbox, board, access, onAudit, limits },
    pairNames: ['intake', 'filters'],
    journal: journalOf(40),
    self: noSelf,
    about: { site: 'Westhaven water works', version: '1.2.3', notice: 'Only for staff.' },
  })
  const rig: Rig = {
    ...{ web, board, inbox, access, usersFile, audit, orders },
    answerWith: () => ({ code: 'accepted', text: 'done' }),
    login: (user) => logIn(web.url, user),
    nobody: clientOf(web.url, undefined),
    stop: async () => {
      clearInterval(supervisor)
      inbox.close()
      await web.close()
      access.close()
      await remove()
    },
  }
  const supervisor = setInterval(() => {
    for (const order of inbox.take()) {
      orders.push(order)
      const answer = rig.answerWith(order)
      if (answer !== undefined) inbox.answer([{ orderId: order.id, ...answer }])
    }
  }, 20)
  return rig
}

function journalOf(count: number) {
  const records = Array.from({ length: count }, (_, index) => ({
    ...{ seq: index + 1, kind: 'note' as const, wallMs: 1_000 + index, nowMs: index },
    ...{ actor: 'supervisor', pair: index % 2 === 0 ? 'intake' : 'filters' },
    ...{ text: `note ${index + 1}`, data: {} },
  }))
  return {
    read: ({ after, before = Number.POSITIVE_INFINITY, limit, pair }: JournalQuery) => {
      const found = records
        .filter(({ seq }) => seq > (after ?? 0) && seq < before)
        .filter((record) => pair === undefined || record.pair === pair)
      return after === undefined ? found.slice(-limit) : found.slice(0, limit)
    },
    head: () => ({ seq: count, hash: 'ab'.repeat(32) }),
  }
}

/** A service that knows nothing of itself. */
export const noSelf: Self = {
  cycles: openCycleTimes().figures,
  facts: async () => ({}),
  device: () => undefined,
}

export type Client = {
  readonly token: string | undefined
  get(path: string, headers?: Record<string, string>): Promise<Seen>
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Seen>
  /** Opens the event stream. */
  events(lastId?: string): Promise<EventStream>
}
export type Seen = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Body as JSON; empty when there was none. */
  readonly body: Record<string, unknown>
  readonly error: { code?: string; text?: string; [key: string]: unknown }
}

export function clientOf(url: string, token: string | undefined): Client {
  const bearer = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const send = async (method: string, path: string, init: RequestInit): Promise<Seen> => {
    const response = await fetch(`${url}${fullPath(path)}`, { method, ...init })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json')
    const body = isJson && text !== '' ? JSON.parse(text) : {}
    return {
      ...{ status: response.status, headers: response.headers, text, body },
      error: body.error ?? {},
    }
  }
  return {
    token,
    get: (path, headers = {}) => send('GET', path, { headers: { ...bearer, ...headers } }),
    post: (path, body, headers = {}) => {
      const json = body === undefined ? {} : { 'content-type': 'application/json' }
      const content = body === undefined ? {} : { body: JSON.stringify(body) }
      return send('POST', path, { headers: { ...bearer, ...json, ...headers }, ...content })
    },
    events: (lastId) => openEvents(url, { ...bearer, ...(lastId && { 'last-event-id': lastId }) }),
  }
}

export async function logIn(url: string, user: string): Promise<Client> {
  const { body, status, text } = await clientOf(url, undefined).post('login', { user, password })
  assert.equal(status, 200, text)
  return clientOf(url, String(body.token))
}

export const fullPath = (path: string): string => (path.startsWith('/') ? path : `/api/v1/${path}`)

export type SeenEvent = { readonly id: string; readonly event: string; readonly data: unknown }
export type EventStream = {
  readonly status: number
  readonly headers: Headers
  readonly seen: readonly SeenEvent[]
  /** The first event that fits, among those seen and those to come; fails after `limitMs`. */
  until(fits: (event: SeenEvent) => boolean, limitMs?: number): Promise<SeenEvent>
  /** Resolves when the server has ended the stream. */
  ended(limitMs?: number): Promise<void>
  close(): void
}

/** Reads server-sent events: fields line by line, an empty line ends an event. */
async function openEvents(url: string, headers: Record<string, string>): Promise<EventStream> {
  const abort = new AbortController()
  const response = await fetch(`${url}/api/v1/events`, { headers, signal: abort.signal })
  const seen: SeenEvent[] = []
  let isOver = false
  const reading = (async () => {
    let rest = ''
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = `${rest}${chunk}`.split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const field = (name: string): string =>
          new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? ''
        const data = field('data')
        if (data !== '')
          seen.push({ id: field('id'), event: field('event'), data: JSON.parse(data) })
      }
    }
  })().then(
    () => {
      isOver = true
    },
    () => {
      isOver = true
    },
  )
  return {
    ...{ status: response.status, headers: response.headers, seen },
    until: async (fits, limitMs = 4_000) => {
      await waitFor(
        () => isOver || seen.some(fits),
        limitMs,
        () => `saw ${kindsOf(seen)}`,
      )
      const found = seen.find(fits)
      assert(found !== undefined, `the stream ended without the event; saw ${kindsOf(seen)}`)
      return found
    },
    ended: (limitMs = 4_000) =>
      waitFor(
        () => isOver,
        limitMs,
        () => 'the stream goes on',
      ),
    close: () => {
      abort.abort()
      void reading
    },
  }
}

const kindsOf = (seen: readonly SeenEvent[]): string => seen.map(({ event }) => event).join(', ')

/** Waits for a condition, at most `limitMs`; then fails with what is wrong. */
export async function waitFor(
  holds: () => boolean,
  limitMs = 20_000,
  wrong: () => string = () => 'the condition does not hold',
): Promise<void> {
  const untilMs = performance.now() + limitMs
  while (!holds()) {
    assert(performance.now() < untilMs, `after ${limitMs} ms: ${wrong()}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

export const personOf = (role: AccessRole, via = 'http 4f2a'): Person => ({
  name: people[role],
  role,
  via,
})
