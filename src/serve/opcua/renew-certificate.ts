// A new key and a new certificate for our OPC UA server. Both are made aside and then put in the place of the old ones, which stay beside
// them under another name: whoever has to go back can.

import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { OPCUACertificateManager } from 'node-opcua'
import { applicationUri, ownFiles } from './own-certificate.ts'

export type Renewed = {
  /** SHA-1, as OPC UA names certificates. */
  readonly before: string
  readonly now: string
  /** Last day, ISO 8601. */
  readonly validTo: string
  /** Folder in which the old certificate and its key lie now. */
  readonly kept: string
}

/** Makes them in the folder `pki`; `days`: how long the certificate lives. Throws when there is none to renew. */
export async function renewCertificate(pki: string, days: number): Promise<Renewed> {
  const file = join(pki, ownFiles.certificate)
  if (!existsSync(file)) {
    throw new Error(`${file} does not exist; the server makes one at its first start`)
  }
  const old = new X509Certificate(readFileSync(file))
  const aside = join(pki, 'renewing')
  await rm(aside, { recursive: true, force: true })
  await mkdir(aside, { recursive: true, mode: 0o700 })
  await make(aside, old, days)
  const before = thumbprint(old)
  const kept = join(pki, 'own', 'replaced', `${today()}-${before.slice(0, 12)}`)
  await mkdir(kept, { recursive: true, mode: 0o700 })
  // The certificate last: the service looks at it, and finds the key that belongs to it.
  for (const part of [ownFiles.key, ownFiles.certificate]) {
    await rename(join(pki, part), join(kept, basename(part)))
    await rename(join(aside, part), join(pki, part))
  }
  await rm(aside, { recursive: true, force: true })
  const made = new X509Certificate(readFileSync(file))
  const validTo = made.validToDate.toISOString().slice(0, 10)
  return { before, now: thumbprint(made), validTo, kept }
}

async function make(folder: string, old: X509Certificate, days: number): Promise<void> {
  const manager = new OPCUACertificateManager({ rootFolder: folder, disableFileWatchers: true })
  await manager.initialize()
  try {
    await mkdir(dirname(join(folder, ownFiles.certificate)), { recursive: true })
    await manager.createSelfSignedCertificate({
      applicationUri: applicationUri(),
      // The names and addresses under which clients know it.
      dns: [...new Set([...namesIn(old, 'DNS'), hostname()])],
      ip: namesIn(old, 'IP Address'),
      outputFile: join(folder, ownFiles.certificate),
      subject: `/CN=bumpless@${hostname()}`,
      startDate: new Date(),
      validity: days,
    })
  } finally {
    await manager.dispose()
  }
}

const namesIn = ({ subjectAltName = '' }: X509Certificate, kind: string): string[] =>
  subjectAltName
    .split(', ')
    .filter((part) => part.startsWith(`${kind}:`))
    .map((part) => part.slice(kind.length + 1))

const thumbprint = ({ fingerprint }: X509Certificate): string =>
  fingerprint.replaceAll(':', '').toLowerCase()

const today = (): string => new Date().toISOString().slice(0, 10)
