// The HTTP server: limits, the gate, the route table, and one form for every error. `startWeb` is what the service
// calls; `buildWeb` is the same without listening.

import rateLimit from '@fastify/rate-limit'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { OnAudit } from '../access.ts'
import { listenFault } from '../listen-fault.ts'
import { type Following, followCertificate, readCertificate } from './certificate.ts'
import { openCookies } from './cookie.ts'
import { openStreams } from './events.ts'
import { openFeed } from './feed.ts'
import { addGate } from './gate.ts'
import { mayScrape } from './own-rows.ts'
import {
  type OpenCall,
  type Route,
  usualWebLimits,
  type WebLimits,
  type WebOptions,
} from './parts.ts'
import { openRepeats } from './repeat.ts'
import { type Reply, refuse, refuseForNow } from './replies.ts'
import { routesOf } from './routes.ts'

export type Web = {
  /** Address to open in a browser, without a path. */
  readonly url: string
  /** Ends the streams and stops listening; orders that wait are answered by closing the inbox first. */
  close(): Promise<void>
}

/** Listens; rejects with one clear line when it cannot. */
export async function startWeb(options: WebOptions): Promise<Web> {
  const { host, port } = options
  const app = await buildWeb(options)
  try {
    const url = await app.listen({ host, port })
    return { url, close: () => app.close() }
  } catch (error) {
    await app.close()
    throw new Error(listenFault(error, host, port, 'http.listen'), { cause: error })
  }
}

/** The server with its routes, not listening yet. */
export async function buildWeb(options: WebOptions): Promise<FastifyInstance> {
  const { access, board, inbox, onAudit, host, hostNames = [] } = options
  const limits = { ...usualWebLimits, ...options.limits }
  const feed = openFeed(board)
  const streams = openStreams(feed, access)
  const { app, following } = openServer(options, limits)
  options.stopping?.addEventListener('abort', feed.tellStop, { once: true })
  const sessionsEnded = access.ended.subscribe(({ session }) => {
    void inbox.submit({ kind: 'session-ended', user: session.person.name }, session.person)
  })
  app.addHook('preClose', async () => {
    sessionsEnded.unsubscribe()
    following?.close()
    feed.close()
    streams.close()
  })
  readJsonOnly(app)
  answerErrors(app, onAudit)
  const { setUp, tls } = options
  const secure = tls !== undefined
  const cookies = await openCookies(app, secure)
  const scraper = (request: FastifyRequest): boolean =>
    mayScrape(options, { address: request.ip, headers: request.headers })
  addGate(app, { access, host, hostNames, cookies, mayScrape: scraper, ...(setUp && { setUp }) })
  await limitRate(app, limits)
  const parts = { ...options, limits, secure, cookies, feed, streams, repeats: openRepeats() }
  for (const route of routesOf(parts)) mount(app, route, limits)
  return app
}

/** With TLS when there are files for it; their later content is taken up while it runs. */
function openServer(
  { tls, onAudit }: WebOptions,
  { requestMs }: WebLimits,
): { readonly app: FastifyInstance; readonly following?: Following } {
  const times = {
    // Set on the server itself: what Node checks by is read when the server is made.
    ...{ headersTimeout: requestMs, requestTimeout: requestMs },
    connectionsCheckingInterval: Math.ceil(requestMs / 5),
  }
  const requestTimeout = requestMs
  if (tls === undefined) {
    return { app: limited(fastify({ ...serverOptions, requestTimeout, http: times })) }
  }
  const { cert, key, ...first } = readCertificate(tls)
  const https = { cert, key, minVersion: 'TLSv1.2', handshakeTimeout: requestMs, ...times } as const
  const app = fastify({ ...serverOptions, requestTimeout, https })
  const following = followCertificate(
    tls,
    { cert, key, ...first },
    (fresh) => app.server.setSecureContext({ cert: fresh.cert, key: fresh.key }),
    onAudit,
  )
  // To everything behind it the two servers are the same.
  return { app: limited(app as unknown as FastifyInstance), following }
}

function limited(app: FastifyInstance): FastifyInstance {
  app.server.maxConnections = connectionsMax
  return app
}

const connectionsMax = 512

const serverOptions = {
  logger: false,
  bodyLimit: 65_536,
  keepAliveTimeout: 30_000,
  forceCloseConnections: true,
  exposeHeadRoutes: false,
  routerOptions: { maxParamLength: 200 },
  frameworkErrors: (_error: Error, _request: FastifyRequest, reply: FastifyReply) => {
    send(reply, refuse('invalid', 'the address of the request cannot be read'))
  },
} as const

function readJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    if (text === '') return done(null, undefined)
    try {
      return done(null, JSON.parse(String(text)))
    } catch {
      // The parser's own message quotes the body, and with it passwords.
      return done(Object.assign(new Error('the body is not valid JSON'), { statusCode: 400 }))
    }
  })
}

function answerErrors(app: FastifyInstance, onAudit: OnAudit): void {
  app.setErrorHandler(
    (error: Error & { statusCode?: number; retryMs?: number }, request, reply) => {
      if (error.retryMs !== undefined)
        return send(reply, refuseForNow('too many requests', error.retryMs))
      switch (error.statusCode) {
        case 400:
          return send(
            reply,
            refuse('invalid', 'the request cannot be read, expected a body in JSON'),
          )
        case 413:
          return send(reply, refuse('too-large', 'the body is too large, expected at most 64 KiB'))
        case 415: {
          const text = 'expected a body with content-type application/json'
          return send(reply, { ...refuse('invalid', text), status: 415 })
        }
      }
      const where = `${request.method} ${request.routeOptions.url ?? 'unknown'}`
      onAudit(`fault of the service at ${where}: ${error.message}`, { where })
      return send(reply, refuse('fault', 'the service failed; its journal says where'))
    },
  )
}

async function limitRate(app: FastifyInstance, limits: WebLimits): Promise<void> {
  await app.register(rateLimit, {
    max: limits.requestsPerMinute,
    timeWindow: 60_000,
    // By session, so that a flood from the same address without one cannot stop those who are logged in.
    keyGenerator: (request) => request.session?.id ?? request.ip,
    errorResponseBuilder: (_request, { ttl }) =>
      Object.assign(new Error('too many requests'), { statusCode: 429, retryMs: ttl }),
  })
}

function mount(app: FastifyInstance, route: Route, limits: WebLimits): void {
  const guessed = /\/(login|setup)$/.test(route.path)
  const perRoute = guessed && { rateLimit: { max: limits.loginsPerMinute } }
  const unlimited = route.path.endsWith('z') && { rateLimit: false }
  app.route({
    method: route.method,
    url: route.path,
    config: {
      right: route.right,
      ...(route.whileLocked && { whileLocked: true }),
      ...(route.scrape && { scrape: true }),
      ...perRoute,
      ...unlimited,
    },
    handler: async (request, reply) => {
      const call = callOf(request)
      if ('open' in route) return send(reply, await route.open(call))
      const { session } = request
      if (session === undefined) return send(reply, refuse('not-logged-in', 'log in first'))
      if ('answer' in route) return send(reply, await route.answer({ ...call, session }))
      for (const [name, value] of Object.entries(reply.getHeaders())) {
        if (value !== undefined) reply.raw.setHeader(name, value)
      }
      const refusal = route.stream({ ...call, session }, reply.raw)
      if (refusal !== undefined) return send(reply, refusal)
      return reply.hijack()
    },
  })
}

const callOf = (request: FastifyRequest): OpenCall => ({
  url: request.url,
  address: request.ip,
  parameters: { ...(request.params as Record<string, string>) },
  query: request.query,
  body: request.body ?? undefined,
  headers: request.headers,
  ...(request.session && { session: request.session }),
})

const send = (reply: FastifyReply, { status, body, headers = {} }: Reply): FastifyReply =>
  reply.code(status).headers(headers).send(body)
