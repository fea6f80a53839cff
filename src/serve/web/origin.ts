// Which pages may speak to the service: those that it serves itself. A browser says where a page comes from and adds the cookie by
// itself, so a cookie alone proves nothing about who asks.

import type { IncomingHttpHeaders } from 'node:http'
import { type Reply, refuse } from './replies.ts'

export type SiteNames = {
  /** Address that the service listens on, and further names for it. */
  readonly host: string
  readonly hostNames: readonly string[]
}

/** Why no request of this kind is answered, whoever sends it: it came by an unknown name, or from a page of another host. */
export function strangerRefusal(headers: IncomingHttpHeaders, names: SiteNames): Reply | undefined {
  if (!isKnownHost(hostName(headers.host), names)) {
    const text = 'this host name is not one of the service; add it to http.names in the plant file'
    return refuse('forbidden', text)
  }
  const { origin } = headers
  if (origin === undefined) return undefined
  return isKnownHost(hostName(origin.replace(/^https?:\/\//, '')), names) ? undefined : foreign
}

/**
 * Why a request does not count as one of our own pages although it carries the cookie; undefined when it does. A cookie is
 * sent along to every port of its host: the port counts too. An order must also show what only a script of ours can send.
 */
export function foreignRefusal(headers: IncomingHttpHeaders, isOrder: boolean): Reply | undefined {
  const { origin, host } = headers
  const site = headers['sec-fetch-site']
  if (origin !== undefined && origin.replace(/^https?:\/\//, '') !== host?.toLowerCase()) {
    return foreign
  }
  if (site !== undefined && site !== 'same-origin' && (isOrder || site !== 'none')) return foreign
  if (!isOrder) return undefined
  if (origin === undefined && site === undefined) return unproved
  return headers['x-bumpless'] === '1' ? undefined : unproved
}

const foreign = refuse('forbidden', 'requests from pages of another origin are refused')
const unproved = refuse(
  'forbidden',
  'an order with the cookie needs the origin of our own page and the header x-bumpless: 1',
)

// A page of another site can make its own name point here (DNS rebinding) and would then pass as this origin; it
// cannot make the browser send one of these names.
function isKnownHost(name: string | undefined, { host, hostNames }: SiteNames): boolean {
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
