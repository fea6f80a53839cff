// The certificate of the HTTPS door: read from two files, checked before it is used, and taken up again when the files change, so
// that a renewal needs no stop.

import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import type { TlsFiles } from '../../core/http-settings.ts'
import type { OnAudit } from '../access.ts'

export type Certificate = {
  /** PEM, with whatever further certificates stand in the file. */
  readonly cert: string
  readonly key: string
  readonly expiresWallMs: number
}

/** What is wrong with the files, in one clear line. */
export class CertificateError extends Error {
  override name = 'CertificateError'
}

/** Reads both files. Throws CertificateError when one cannot be used, when they do not belong together, or others may read the key. */
export function readCertificate({ certificate, key }: TlsFiles): Certificate {
  const cert = textOf(certificate, 'http.tls.certificate')
  const keyText = textOf(key, 'http.tls.key')
  const mode = statSync(key).mode & 0o777
  if ((mode & 0o077) !== 0) {
    const found = mode.toString(8).padStart(4, '0')
    throw new CertificateError(
      `${key} may be read or written by others (mode ${found}), expected 0600: chmod 600 ${key}`,
    )
  }
  const parsed = parse(certificate, 'a certificate in PEM', () => new X509Certificate(cert))
  const own = parse(key, 'a private key in PEM without a password', () => createPrivateKey(keyText))
  if (!parsed.checkPrivateKey(own)) {
    throw new CertificateError(`${key} is not the key of the certificate in ${certificate}`)
  }
  return { cert, key: keyText, expiresWallMs: parsed.validToDate.getTime() }
}

/** One sentence when a certificate ends within 30 days or has ended. */
export function expiryWarning(expiresWallMs: number, wallMs: number): string | undefined {
  const days = Math.floor((expiresWallMs - wallMs) / dayMs)
  if (days >= warnedDays) return undefined
  const date = new Date(expiresWallMs).toISOString().slice(0, 10)
  if (days < 0) return `the certificate of the HTTPS door ended on ${date}: browsers refuse it`
  return `the certificate of the HTTPS door ends in ${days === 1 ? '1 day' : `${days} days`}, on ${date}; replace both files, no restart is needed`
}

export type Following = { close(): void }

/**
 * Looks at the files every few seconds and hands in what they hold when they changed and are right; what is wrong with them
 * goes to the journal, once for each change, and a coming end once a day.
 */
export function followCertificate(
  files: TlsFiles,
  first: Certificate,
  take: (certificate: Certificate) => void,
  onAudit: OnAudit,
): Following {
  let current = first
  let stamp = stampOf(files)
  let warnedDay = -1
  const look = (): void => {
    const found = stampOf(files)
    if (found !== stamp) {
      stamp = found
      try {
        current = readCertificate(files)
        take(current)
        warnedDay = -1
        const until = new Date(current.expiresWallMs).toISOString().slice(0, 10)
        onAudit(`the HTTPS door uses a new certificate, valid until ${until}`, {})
      } catch (fault) {
        const why = fault instanceof Error ? fault.message : String(fault)
        onAudit(`new certificate not used: ${why}`, {})
      }
    }
    const day = Math.floor(Date.now() / dayMs)
    const warning = expiryWarning(current.expiresWallMs, Date.now())
    if (warning === undefined || day === warnedDay) return
    warnedDay = day
    onAudit(warning, {})
  }
  look()
  const timer = setInterval(look, lookEveryMs)
  timer.unref()
  return { close: () => clearInterval(timer) }
}

const dayMs = 24 * 3_600_000
const warnedDays = 30
const lookEveryMs = 2_000

function stampOf({ certificate, key }: TlsFiles): string {
  return [certificate, key]
    .map((file) => {
      const info = statSync(file, { bigint: true, throwIfNoEntry: false })
      return info === undefined
        ? 'none'
        : `${info.ino} ${info.size} ${info.mtimeNs} ${info.ctimeNs}`
    })
    .join(' ')
}

function textOf(file: string, setting: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new CertificateError(
      `${file} cannot be read (${why}); it stands at ${setting} in the plant file`,
    )
  }
}

function parse<T>(file: string, expected: string, work: () => T): T {
  try {
    return work()
  } catch {
    // The library's own message may quote the key.
    throw new CertificateError(`${file} cannot be used, expected ${expected}`)
  }
}
