// A person's certificate as accounts know it: by the SHA-256 of all its bytes. The name in it is for people to read and stands for
// nobody; two certificates with one name are two certificates.

import { createHash, X509Certificate } from 'node:crypto'

/** A certificate that is bound to an account. */
export type BoundCertificate = {
  /** SHA-256 of the DER form, 64 hex digits. */
  readonly sha256: string
  /** Common name, for people. */
  readonly name: string
  /** Last day of its life, ISO 8601. */
  readonly validTo: string
}

/** What identifies these bytes (DER). */
export const certificateDigest = (der: Uint8Array): string =>
  createHash('sha256').update(der).digest('hex')

/** Reads a certificate in PEM or DER form; undefined for anything else. */
export function certificateFacts(bytes: Buffer): BoundCertificate | undefined {
  try {
    const certificate = new X509Certificate(bytes)
    return {
      sha256: certificateDigest(certificate.raw),
      name: certificateName(certificate),
      validTo: certificate.validToDate.toISOString().slice(0, 10),
    }
  } catch {
    return undefined
  }
}

/** Common name, or the whole subject where there is none: one line of at most 100 characters. */
export function certificateName({ subject = '' }: X509Certificate): string {
  const common = /^CN=(.*)$/m.exec(subject)?.[1]
  const text = common ?? subject.replaceAll('\n', ', ')
  return text.replaceAll(/\p{Cc}/gu, '?').slice(0, 100)
}
