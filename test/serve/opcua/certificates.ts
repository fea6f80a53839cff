// Certificates that openssl makes for the tests of the OPC UA door: of persons and of client applications, good ones and every kind of
// bad one. All sign themselves.

import { execFile } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

export type Made = {
  readonly name: string
  /** Files, PEM. */
  readonly certificateFile: string
  readonly keyFile: string
  readonly der: Buffer
  /** PEM. */
  readonly key: string
  /** As OPC UA names certificates: SHA-1, 40 hex digits. */
  readonly thumbprint: string
}

export type Wishes = {
  readonly name: string
  /** Days from now, negative for the past. */
  readonly fromDays?: number
  readonly toDays?: number
  /** Lines of the extensions section of openssl. */
  readonly extensions?: readonly string[]
}

/** Makes a key and a certificate in the folder. What is not wished is as a person's certificate should be. */
export async function makeCertificate(folder: string, wishes: Wishes): Promise<Made> {
  const { name, fromDays = -1, toDays = 30, extensions = person } = wishes
  const place = join(folder, name.replaceAll(/\W/g, '-'))
  await mkdir(place, { recursive: true })
  const inPlace = (file: string): string => join(place, file)
  await writeFile(inPlace('index'), '')
  await writeFile(inPlace('config'), configOf(place, ['basicConstraints=CA:FALSE', ...extensions]))
  const key = inPlace('key.pem')
  await openssl([
    ...['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', inPlace('csr')],
    ...['-subj', `/CN=${name}`],
  ])
  const certificate = inPlace('certificate.pem')
  await openssl([
    ...['ca', '-batch', '-selfsign', '-config', inPlace('config'), '-keyfile', key, '-notext'],
    ...['-in', inPlace('csr'), '-out', certificate, '-create_serial', '-md', 'sha256'],
    ...['-startdate', timeOf(fromDays), '-enddate', timeOf(toDays), '-extensions', 'wished'],
  ])
  const parsed = new X509Certificate(await readFile(certificate))
  return {
    ...{ name, certificateFile: certificate, keyFile: key, der: parsed.raw },
    key: createPrivateKey(await readFile(key))
      .export({ type: 'pkcs8', format: 'pem' })
      .toString(),
    thumbprint: parsed.fingerprint.replaceAll(':', '').toLowerCase(),
  }
}

const person = ['keyUsage=critical,digitalSignature,nonRepudiation', 'extendedKeyUsage=clientAuth']

/** Extensions of a client application with this address. */
export const application = (uri: string): readonly string[] => [
  'keyUsage=critical,digitalSignature,nonRepudiation,keyEncipherment,dataEncipherment,keyCertSign',
  'extendedKeyUsage=serverAuth,clientAuth',
  `subjectAltName=URI:${uri},DNS:localhost`,
]

const configOf = (place: string, extensions: readonly string[]): string =>
  [
    ...[
      '[ca]',
      'default_ca=own',
      '[own]',
      `database=${join(place, 'index')}`,
      `serial=${join(place, 'serial')}`,
    ],
    ...[`new_certs_dir=${place}`, 'policy=any', '[any]', 'commonName=supplied'],
    ...['[wished]', 'subjectKeyIdentifier=hash', ...extensions, ''],
  ].join('\n')

const timeOf = (days: number): string =>
  `${new Date(Date.now() + days * 86_400_000).toISOString().replaceAll(/[-:T]|\.\d+/g, '')}`

/** Without OPENSSL_CONF: node-opcua, once loaded into this process, leaves the word "undefined" in it. */
function openssl(words: readonly string[]) {
  const { OPENSSL_CONF: _left, ...env } = process.env
  return promisify(execFile)('openssl', [...words], { env })
}
