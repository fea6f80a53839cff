// `bumpless certs`: whom the OPC UA server and our OPC UA clients trust. A certificate is trusted or not by the folder that it lies
// in; the service sees a change within a second.

import { X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { basename, join } from 'node:path'
import { loadPlant } from '../config/load.ts'
import { faultText } from '../config/source.ts'
import type { Plant } from '../core/plant.ts'
import { certificateName } from '../serve/certificate.ts'
import { endText } from '../serve/opcua/own-certificate.ts'
import { type ExitCode, exitCode, Halt, usageFault } from './outcome.ts'
import { table } from './table.ts'
import type { Terminal } from './terminal.ts'

export type CertsOptions = {
  readonly plant: string
  readonly pki?: string
  readonly json?: boolean
}

type Standing = 'trusted' | 'rejected' | 'own'
type Cert = {
  readonly standing: Standing
  /** Shown by an application for itself, or for the person behind it. */
  readonly of: 'application' | 'person'
  readonly name: string
  /** What an OPC UA application calls itself. */
  readonly application: string
  /** SHA-1 of the certificate, as OPC UA names certificates. */
  readonly thumbprint: string
  readonly validTo: string
  readonly expired: boolean
  /** It ends within 60 days, or has ended, in words. */
  readonly end?: string
  readonly pki: string
  readonly file: string
}

const places: Readonly<Record<Standing, string>> = {
  own: join('own', 'certs'),
  trusted: join('trusted', 'certs'),
  rejected: 'rejected',
}

export async function listCerts(terminal: Terminal, options: CertsOptions): Promise<ExitCode> {
  const certs = foldersOf(options).flatMap((pki) => certsIn(pki, Date.now()))
  if (options.json) {
    terminal.json(certs)
    return exitCode.ok
  }
  if (certs.length === 0) terminal.out('no certificate is there yet')
  else {
    const rows = certs.map(({ standing, of, thumbprint, name, ...times }) => [
      ...[standing, of, thumbprint.slice(0, 12), validText(times), name],
    ])
    const heads = ['', 'of', 'thumbprint', 'valid to', 'name']
    for (const line of table(heads, rows, terminal.width())) {
      terminal.out(line)
    }
  }
  return exitCode.ok
}

const validText = ({ validTo, expired, end }: Pick<Cert, 'validTo' | 'expired' | 'end'>): string =>
  expired ? `${validTo} EXPIRED` : end === undefined ? validTo : `${validTo} SOON`

/** Our own certificates that end soon or have ended, one sentence for each. */
export function ownNearEnd(plant: Plant): readonly string[] {
  return foldersIn(plant)
    .flatMap((pki) => certsIn(pki, Date.now()))
    .filter(({ standing, end }) => standing === 'own' && end !== undefined)
    .map(({ pki, name, end }) => `${pki}: our certificate ${name} ${end}`)
}

/** `thumbprint`: as many of its first digits as tell it apart, at least four. */
export async function moveCert(
  terminal: Terminal,
  thumbprint: string,
  to: 'trusted' | 'rejected',
  options: CertsOptions,
): Promise<ExitCode> {
  if (!/^[0-9a-f]{4,40}$/i.test(thumbprint)) {
    throw usageFault(
      'the thumbprint: expected 4 to 40 hexadecimal digits, as `certs list` shows it',
    )
  }
  const certs = foldersOf(options).flatMap((pki) => certsIn(pki, Date.now()))
  const found = certs.filter(
    (cert) => cert.standing !== 'own' && cert.thumbprint.startsWith(thumbprint.toLowerCase()),
  )
  const different = new Set(found.map((cert) => cert.thumbprint))
  if (different.size === 0) throw new Halt(`no certificate begins with ${thumbprint}`)
  if (different.size > 1) throw new Halt(`${different.size} certificates begin with ${thumbprint}`)
  for (const cert of found) {
    if (cert.standing === to) terminal.out(`${cert.name} is ${to} already (${cert.pki})`)
    else {
      const folder = join(cert.pki, places[to])
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      renameSync(join(cert.pki, places[cert.standing], cert.file), join(folder, cert.file))
      terminal.out(`${cert.name} is now ${to} (${cert.pki})`)
    }
  }
  return exitCode.ok
}

/** The folder that was named, or all that the plant file names: the server's and those of the paths to devices. */
function foldersOf(options: CertsOptions): readonly string[] {
  return namedFolders(options).flatMap((pki) => {
    const persons = join(pki, personsFolder)
    return existsSync(persons) ? [pki, persons] : [pki]
  })
}

/** Folder of the persons inside that of the applications. */
const personsFolder = 'users'

function namedFolders({ plant: file, pki }: CertsOptions): readonly string[] {
  if (pki !== undefined) return [pki]
  const loaded = loadPlant(file)
  if (!loaded.ok) throw usageFault(loaded.faults.map(faultText).join('\n'))
  return foldersIn(loaded.plant)
}

function foldersIn({ opcua, devices }: Plant): readonly string[] {
  const paths = Object.values(devices).flatMap((device) =>
    device.paths.flatMap((path) => (path.protocol === 'opcua' ? [path.pki] : [])),
  )
  return [...new Set([...(opcua === undefined ? [] : [opcua.pki]), ...paths])]
}

function certsIn(pki: string, nowMs: number): readonly Cert[] {
  const of = basename(pki) === personsFolder ? 'person' : 'application'
  return (['own', 'trusted', 'rejected'] as const).flatMap((standing) => {
    const folder = join(pki, places[standing])
    const files = existsSync(folder) ? readdirSync(folder).sort() : []
    return files.flatMap((file): readonly Cert[] => {
      const cert = readCert(join(folder, file))
      return cert === undefined ? [] : [{ standing, of, pki, file, ...factsOf(cert, nowMs) }]
    })
  })
}

function factsOf(
  cert: X509Certificate,
  nowMs: number,
): Omit<Cert, 'standing' | 'of' | 'pki' | 'file'> {
  const end = endText(cert.validToDate.getTime(), nowMs)
  return {
    name: certificateName(cert),
    application: /URI:([^,]+)/.exec(cert.subjectAltName ?? '')?.[1] ?? '',
    thumbprint: cert.fingerprint.replaceAll(':', '').toLowerCase(),
    validTo: cert.validToDate.toISOString().slice(0, 10),
    expired: cert.validToDate.getTime() < nowMs,
    ...(end !== undefined && { end }),
  }
}

/** Undefined for a file that is no certificate. */
function readCert(file: string): X509Certificate | undefined {
  try {
    return new X509Certificate(readFileSync(file))
  } catch {
    return undefined
  }
}
