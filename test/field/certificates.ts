// Certificates that openssl makes for a test: an authority, and servers that it vouches for.

import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'

/** Without OPENSSL_CONF: node-opcua, once loaded into this process, leaves the word "undefined" in it. */
const run = (program: string, words: readonly string[]) => {
  const { OPENSSL_CONF: _left, ...env } = process.env
  return promisify(execFile)(program, [...words], { env })
}

export type Authority = {
  /** The file with its certificate. */
  readonly file: string
  /** A server's key and certificate for these names, `IP:127.0.0.1` or `DNS:ups.example`, as files. */
  readonly vouchFor: (
    name: string,
    subjects: string,
  ) => Promise<{ readonly key: string; readonly cert: string }>
}

export async function makeAuthority(folder: string, name: string): Promise<Authority> {
  const inFolder = (file: string): string => path.join(folder, file)
  const key = inFolder(`${name}.key`)
  const file = inFolder(`${name}.pem`)
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const forAWeek = ['-days', '7']
  await run('openssl', [
    ...['req', '-x509', ...curve, ...forAWeek, '-keyout', key, '-out', file],
    ...['-subj', `/CN=${name}`, '-addext', 'basicConstraints=critical,CA:TRUE'],
  ])
  return {
    file,
    vouchFor: async (server, subjects) => {
      const own = { key: inFolder(`${server}.key`), cert: inFolder(`${server}.pem`) }
      const request = inFolder(`${server}.csr`)
      const extensions = inFolder(`${server}.ext`)
      await writeFile(extensions, `subjectAltName=${subjects}\n`)
      await run('openssl', [
        ...['req', ...curve, '-keyout', own.key, '-out', request, '-subj', `/CN=${server}`],
      ])
      await run('openssl', [
        ...['x509', '-req', '-in', request, '-CA', file, '-CAkey', key, ...forAWeek],
        ...['-CAcreateserial', '-extfile', extensions, '-out', own.cert],
      ])
      return own
    },
  }
}
