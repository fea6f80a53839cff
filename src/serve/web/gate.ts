// What every request must pass before its handler runs: the right host name, a declared route, a session where one is
// needed, and a role that holds the route's right. Refuses whatever nobody thought of.

import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Access, Session } from '../access.ts'
import { rightRefusal } from '../rights.ts'
import type { SetUp } from '../set-up.ts'
import type { Cookies } from './cookie.ts'
import { foreignRefusal, type SiteNames, strangerRefusal } from './origin.ts'
import { type Reply, refuse } from './replies.ts'

declare module 'fastify' {
  interface FastifyRequest {
    session: Session | undefined
  }
  interface FastifyContextConfig {
    /** A right of the table, or `public`. A route without it is refused. */
    readonly right?: string
    /** An order that a session may give although its person was away. */
    readonly whileLocked?: boolean
    /** Somebody without a session may have it, if `mayScrape` says so. */
    readonly scrape?: boolean
  }
}

export type GateOptions = SiteNames & {
  readonly access: Access
  readonly cookies: Cookies
  readonly setUp?: SetUp
  readonly mayScrape: (request: FastifyRequest) => boolean
}

/** Puts the gate before every route of this server, known or not. */
export function addGate(app: FastifyInstance, options: GateOptions): void {
  app.decorateRequest('session', undefined)
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders)
    request.session = sessionOf(options, request)
    const refusal = refusalOf(request, options)
    if (refusal === undefined) return undefined
    return reply
      .code(refusal.status)
      .headers(refusal.headers ?? {})
      .send(refusal.body)
  })
}

/** Sent with every reply, also with an event stream. */
const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'",
    "connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'",
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types bumpless",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'cache-control': 'no-store',
}

function refusalOf(request: FastifyRequest, options: GateOptions): Reply | undefined {
  // A proxy before us may go by the other one.
  if (hostsNamed(request.raw.rawHeaders) > 1) {
    return refuse('invalid', 'the request names more than one host')
  }
  const stranger = strangerRefusal(request.headers, options)
  if (stranger !== undefined) return stranger
  if (request.is404) return refuse('not-found', 'there is nothing at this address')
  const { right, whileLocked, scrape } = request.routeOptions.config
  if (right === 'public') return undefined
  if (scrape && request.session === undefined && options.mayScrape(request)) return undefined
  if (options.setUp?.isOpen()) return noAccounts
  const { session } = request
  if (session === undefined) return notLoggedIn
  const isOrder = request.method !== 'GET'
  const foreign = session.browser ? foreignRefusal(request.headers, isOrder) : undefined
  if (foreign !== undefined) return foreign
  if (isOrder && !whileLocked) {
    const refusal = lockRefusal(session)
    if (refusal !== undefined) return refusal
    options.access.touch(session.id)
  }
  const refusal = rightRefusal(right, session.person)
  return refusal === undefined ? undefined : refuse('forbidden', refusal)
}

/** Headers come as name, value, name, value. */
const hostsNamed = (raw: readonly string[]): number =>
  raw.filter((text, index) => index % 2 === 0 && text.toLowerCase() === 'host').length

function lockRefusal({ desk, locked }: Session): Reply | undefined {
  if (desk)
    return refuse('forbidden', 'this desk only shows; log in as yourself to order something')
  return locked ? lockedReply : undefined
}

/** A token in a header goes before a cookie, so that a terminal is never taken for a browser. */
function sessionOf({ access, cookies }: GateOptions, request: FastifyRequest): Session | undefined {
  const { authorization, cookie } = request.headers
  if (authorization !== undefined) {
    const [, token] = /^Bearer ([A-Za-z0-9_-]{20,100})$/.exec(authorization) ?? []
    return token === undefined ? undefined : access.sessionOf(token)
  }
  const token = cookies.tokenIn(cookie)
  return token === undefined ? undefined : access.sessionOf(token, true)
}

const notLoggedIn: Reply = {
  ...refuse('not-logged-in', 'not logged in, or the session has ended; log in first'),
  headers: { 'www-authenticate': 'Bearer' },
}

const lockedReply = refuse(
  'locked',
  'nobody ordered anything here for 15 minutes; give your password again (POST /api/v1/session/unlock)',
)

const noAccounts = refuse(
  'set-up',
  'nobody has an account yet; make the first one with the token in the file that the service names at its start',
)
