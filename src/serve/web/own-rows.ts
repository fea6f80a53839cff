// Requests about the service itself: figures for Prometheus, the facts of the system page, and what one device last said.

import { createHash, timingSafeEqual } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import type { Session } from '../access.ts'
import { unknownName } from '../nearest.ts'
import { metricsText, metricsType } from './metrics.ts'
import type { Handler, OpenCall, OpenHandler, WebOptions } from './parts.ts'
import { good, type Reply, refuse } from './replies.ts'

export const metricsNow: OpenHandler = {
  says: 'Figures for Prometheus. For a session, for a scraper with the token of `http.metrics.token_file`, and from this machine where `http.metrics.open_here` says so.',
  answers: 'text in the form of Prometheus',
  scrape: true,
  open: async ({ board, self, about, journal, streams, access, inbox }) => {
    const view = board.current()?.view
    if (view === undefined) return refuse('starting', 'the first cycle has not ended yet')
    const body = await metricsText({
      ...{ view, version: about.version, cycles: self.cycles(), quietMs: board.quietMs() },
      ...{ headSeq: journal.head().seq, streams: streams.counts(), ordersOpen: inbox.open() },
      sessions: access.sessions().map((session) => ({ door: doorOf(session) })),
      memoryBytes: process.memoryUsage.rss(),
    })
    return { status: 200, body, headers: { 'content-type': metricsType } }
  },
}

/** Whether a request without a session may have the metrics: by the token of the plant file, or from this very machine. */
export function mayScrape(
  { metrics }: Pick<WebOptions, 'metrics'>,
  call: Pick<OpenCall, 'address' | 'headers'>,
): boolean {
  if (metrics === undefined) return false
  // A proxy on this machine speaks for others.
  const isProxied =
    call.headers['x-forwarded-for'] !== undefined || call.headers.forwarded !== undefined
  if (metrics.openHere && !isProxied && /^(127\.|::1$|::ffff:127\.)/.test(call.address)) return true
  const [, given] = /^Bearer (\S{16,200})$/.exec(call.headers.authorization ?? '') ?? []
  const wanted = metrics.tokenFile === undefined ? undefined : tokenIn(metrics.tokenFile)
  return (
    given !== undefined && wanted !== undefined && timingSafeEqual(hashOf(given), hashOf(wanted))
  )
}

/** Read each time, so that it can be changed while the service runs; one that others can read opens nothing. */
function tokenIn(file: string): string | undefined {
  try {
    if ((statSync(file).mode & 0o077) !== 0) return undefined
    const token = readFileSync(file, 'utf8').trim()
    return token.length >= 16 ? token : undefined
  } catch {
    return undefined
  }
}

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest()

export const systemNow: Handler = {
  says: 'The service itself: version, start, cycles, memory, journal copies with the room on their disks, recording, OPC UA door, plant file.',
  answers:
    '`{ version, node, startedWallMs, wallMs, cycles, quietMs, memory, journal, recorder?, opcua?, http, sessions, plantFile }`',
  answer: async ({ self, about, board, secure, streams, access }) =>
    good({
      version: about.version,
      node: process.versions.node,
      wallMs: Date.now(),
      cycles: self.cycles(),
      quietMs: board.quietMs(),
      http: { tls: secure, streams: streams.counts() },
      sessions: doorsOf(access.sessions()),
      ...(await self.facts()),
    }),
}

const doorOf = ({ person }: Session): string => person.via.split(' ')[0] ?? ''

/** Open sessions by door. */
const doorsOf = (sessions: readonly Session[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(Object.groupBy(sessions, doorOf)).map(([door, all]) => [door, all?.length ?? 0]),
  )

export const deviceNow: Handler = {
  says: 'What a unit last said, signal by signal, with its address, type and scale on each path, and how its paths stand.',
  answers:
    '`{ device, view, ageMs?, path?, signals: [{ name, value?, unknown?, raw?, at }], lastFault? }`; `raw` is computed back from the value',
  answer: ({ self, board, pairNames }, { parameters }) => {
    const { pair = '', unit = '' } = parameters
    const view = board.current()?.view.pairs.find(({ name }) => name === pair)
    if (view === undefined) return refuse('not-found', unknownName('pair', pair, pairNames))
    if (unit !== 'A' && unit !== 'B') return refuse('not-found', 'a unit is A or B')
    const shown = view.units[unit]
    return deviceReply(self.device(shown.device), shown)
  },
}

export const upsDeviceNow: Handler = {
  says: 'The same for a UPS unit.',
  answers: 'as for a unit',
  answer: ({ self, board }, { parameters }) => {
    const all = board.current()?.view.ups ?? []
    const view = all.find(({ name }) => name === parameters.ups)
    if (view === undefined) {
      const names = all.map(({ name }) => name)
      return refuse('not-found', unknownName('UPS', parameters.ups ?? '', names))
    }
    return deviceReply(self.device(view.name), view)
  },
}

const deviceReply = (facts: object | undefined, view: object): Reply =>
  facts === undefined
    ? refuse('starting', 'this device has not been read yet; try again in a second')
    : good({ ...facts, view })
