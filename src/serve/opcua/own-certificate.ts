// The certificate of our own OPC UA server, as it lies in its folder: how long it lives, and when it was replaced. Looks at files only.

import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'

/** Files in the folder `pki`, as the library names them. */
export const ownFiles = {
  certificate: join('own', 'certs', 'certificate.pem'),
  key: join('own', 'private', 'private_key.pem'),
} as const

/** What our server calls itself; clients remember it with the certificate. */
export const applicationUri = (): string => `urn:${hostname()}:bumpless`

/** From so long before its end a certificate is warned of, days. */
const nearEndDays = 60
const dayMs = 86_400_000

/** When a certificate ends, in words that follow "the certificate"; undefined while that is more than 60 days ahead. */
export function endText(validToMs: number, nowMs: number): string | undefined {
  const days = Math.floor((validToMs - nowMs) / dayMs)
  const date = new Date(validToMs).toISOString().slice(0, 10)
  if (days >= nearEndDays) return undefined
  if (validToMs <= nowMs) return `ended on ${date}`
  return days === 0 ? `ends on ${date}, within a day` : `ends on ${date}, in ${days} days`
}

export type CertificateWatch = {
  /** Another certificate lies there. */
  readonly onRenewed: () => void
  /** It ends soon, or has ended; told at once and then once a day. */
  readonly onNearEnd: (text: string) => void
}

/** Looks at the certificate every `lookMs` until the returned function is called. */
export function watchOwnCertificate(
  pki: string,
  { onRenewed, onNearEnd }: CertificateWatch,
  lookMs = 2_000,
): () => void {
  const file = join(pki, ownFiles.certificate)
  let stamp = stampOf(file)
  let toldMs = Number.NEGATIVE_INFINITY
  const look = (): void => {
    const now = stampOf(file)
    // While it is being replaced there may be none for a moment.
    if (now !== undefined && now !== stamp) {
      stamp = now
      toldMs = Number.NEGATIVE_INFINITY
      onRenewed()
    }
    if (Date.now() - toldMs < dayMs) return
    toldMs = Date.now()
    const text = nearEnd(file, toldMs)
    if (text !== undefined) onNearEnd(text)
  }
  look()
  const timer = setInterval(look, lookMs)
  timer.unref()
  return () => clearInterval(timer)
}

function nearEnd(file: string, nowMs: number): string | undefined {
  try {
    return endText(new X509Certificate(readFileSync(file)).validToDate.getTime(), nowMs)
  } catch {
    return undefined
  }
}

function stampOf(file: string): string | undefined {
  const info = statSync(file, { bigint: true, throwIfNoEntry: false })
  return info && `${info.ino} ${info.size} ${info.mtimeNs}`
}
