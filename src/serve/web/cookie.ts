// The cookie of a browser's session: no script can read it, no other site can have it sent, and with TLS it neither leaves the
// encrypted connection nor can another host set it.

import fastifyCookie from '@fastify/cookie'
import type { FastifyInstance } from 'fastify'

export type Cookies = {
  /** The value of `set-cookie` that keeps a token; for `ageS`, else until the browser is closed. */
  keep(token: string, ageS?: number): string
  /** The value of `set-cookie` that takes it away. */
  drop(): string
  /** The token in a request's `cookie` header. */
  tokenIn(header: string | undefined): string | undefined
}

/** `secure`: the service speaks TLS. */
export async function openCookies(app: FastifyInstance, secure: boolean): Promise<Cookies> {
  // Only its reader and writer of headers are wanted; it hooks into no request.
  await app.register(fastifyCookie, { hook: false })
  // With the prefix a browser takes the cookie only from this very host, over TLS, for the whole site.
  const name = secure ? '__Host-bumpless' : 'bumpless'
  const keep = (token: string, ageS?: number): string =>
    app.serializeCookie(name, token, {
      ...{ httpOnly: true, sameSite: 'strict', path: '/', secure },
      ...(ageS !== undefined && { maxAge: ageS }),
    })
  const tokenIn = (header: string | undefined): string | undefined => {
    if (header === undefined) return undefined
    const token = app.parseCookie(header)[name]
    return token !== undefined && /^[\w-]{20,100}$/.test(token) ? token : undefined
  }
  return { keep, drop: () => keep('', 0), tokenIn }
}
