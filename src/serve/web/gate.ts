// What every request must pass before its handler runs: the right host name, a declared route, a session where one is
// needed, and a role that holds the route's right. Refuses whatever nobody thought of.

import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Access, Session } from '../access.ts'
import { rightRefusal } from '../rights.ts'
import { type Reply, refuse } from './replies.ts'

declare module 'fastify' {
  interface FastifyRequest {
    session: Session | undefined
  }
  interface FastifyContextConfig {
    /** A right of the table, or `public`. A route without it is refused. */
    readonly right?: string
  }
}

export type GateOptions = {
  readonly access: Access
  /** Address that the service listens on, and further names for it. */
  readonly host: string
  readonly hostNames: readonly string[]
}

/** Puts the gate before every route of this server, known or not. */
export function addGate(app: FastifyInstance, options: GateOptions): void {
  app.decorateRequest('session', undefined)
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders)
    request.session = sessionOf(options.access, request)
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
  const host = hostName(request.headers.host)
  if (!isKnownHost(host, options)) {
    const text = 'this host name is not one of the service; set it in the plant file'
    return refuse('forbidden', text)
  }
  const { origin } = request.headers
  if (origin !== undefined && !isKnownHost(hostName(origin.replace(/^https?:\/\//, '')), options)) {
    return refuse('forbidden', 'requests from pages of another origin are refused')
  }
  if (request.is404) return refuse('not-found', 'there is nothing at this address')
  const { right } = request.routeOptions.config
  if (right === 'public') return undefined
  if (request.session === undefined) return notLoggedIn
  const refusal = rightRefusal(right, request.session.person)
  return refusal === undefined ? undefined : refuse('forbidden', refusal)
}

function sessionOf(access: Access, request: FastifyRequest): Session | undefined {
  const [, token] =
    /^Bearer ([A-Za-z0-9_-]{20,100})$/.exec(request.headers.authorization ?? '') ?? []
  return token === undefined ? undefined : access.sessionOf(token)
}

const notLoggedIn: Reply = {
  ...refuse('not-logged-in', 'not logged in, or the session has ended; log in first'),
  headers: { 'www-authenticate': 'Bearer' },
}

// A page of another site can make its own name point here (DNS rebinding) and would then pass as this origin; it
// cannot make the browser send one of these names.
function isKnownHost(name: string | undefined, { host, hostNames }: GateOptions): boolean {
  if (name === undefined) return false
  if (['localhost', '127.0.0.1', '::1', host, ...hostNames].includes(name)) return true
  // Listening everywhere: any address of ours will do, and an address cannot be made to point elsewhere.
  return ['0.0.0.0', '::'].includes(host) && /^[\d.]+$|:/.test(name)
}

/** Host without port and brackets, lower case. */
function hostName(header: string | undefined): string | undefined {
  const [, bracketed, plain] =
    /^(?:\[([0-9a-f:.]+)\]|([^:/\s]+))(?::\d{1,5})?$/i.exec(header ?? '') ?? []
  return (bracketed ?? plain)?.toLowerCase()
}
