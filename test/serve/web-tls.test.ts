import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { chmod, copyFile, readFile, utimes, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { expiryWarning, readCertificate } from '../../src/serve/web/certificate.ts'
import { startWeb, type Web } from '../../src/serve/web/server.ts'
import { bumpless } from '../cli/command.ts'
import { type Authority, makeAuthority } from '../field/certificates.ts'
import { noSelf, openDoorParts, password, temporaryFolder, waitFor } from './fixture.ts'
import { viewOf } from './view.ts'

type Files = { readonly key: string; readonly certificate: string }

describe('the HTTPS door', function () {
  this.timeout(30_000)
  let parts: Awaited<ReturnType<typeof openDoorParts>>
  let authority: Authority
  let files: Files
  let web: Web
  let ca = ''

  before(async () => {
    parts = await openDoorParts()
    parts.board.publish(viewOf())
    authority = await makeAuthority(parts.folder, 'site-ca')
    ca = await readFile(authority.file, 'utf8')
    files = await vouched('first')
    web = await startWeb({
      ...parts,
      ...{ host: '127.0.0.1', port: 0, pairNames: [], tls: files },
      self: noSelf,
      about: { site: 'Westhaven', version: '1' },
      journal: { read: () => [], head: () => ({ seq: 0, hash: '' }) },
    })
  })
  after(async () => {
    await web.close()
    parts.access.close()
    await parts.remove()
  })

  const vouched = async (name: string): Promise<Files> => {
    const { key, cert } = await authority.vouchFor(name, 'IP:127.0.0.1')
    await chmod(key, 0o600)
    return { key, certificate: cert }
  }
  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    new Promise<{ status: number; cookie: string; text: string }>((resolve, reject) => {
      const text = JSON.stringify(body)
      const options = {
        ...{ method: 'POST', ca },
        headers: { ...headers, 'content-type': 'application/json', 'content-length': text.length },
      }
      const sent = request(`${web.url}/api/v1/${path}`, options, (answer) => {
        let body = ''
        answer.on('data', (chunk: Buffer) => {
          body += chunk
        })
        answer.on('end', () =>
          resolve({
            ...{ status: answer.statusCode ?? 0, text: body },
            cookie: String(answer.headers['set-cookie'] ?? ''),
          }),
        )
      })
      sent.on('error', reject)
      sent.end(text)
    })
  const handshake = (options: object): Promise<TLSSocket> =>
    new Promise((resolve, reject) => {
      const port = Number(new URL(web.url).port)
      const socket = connect({ host: '127.0.0.1', port, ca, ...options }, () => resolve(socket))
      socket.on('error', reject)
    })
  const shown = async (): Promise<string> => {
    const socket = await handshake({})
    const subject = socket.getPeerCertificate().subject.CN
    socket.destroy()
    return String(subject)
  }

  it('gives a cookie that never leaves TLS and that no other host can set', async () => {
    assert.match(web.url, /^https:/)
    const headers = { origin: web.url, 'x-bumpless': '1' }
    const seen = await post('login', { user: 'anna', password, cookie: true }, headers)
    assert.equal(seen.status, 200, seen.text)
    assert.match(
      seen.cookie,
      /^__Host-bumpless=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    )
    const cookie = seen.cookie.split(';')[0] ?? ''
    assert.equal((await post('session/active', {}, { ...headers, cookie })).status, 200)
    const plain = cookie.replace('__Host-', '')
    assert.equal((await post('session/active', {}, { ...headers, cookie: plain })).status, 401)
  })

  it('speaks TLS 1.2 and 1.3 and nothing older', async () => {
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const socket = await handshake({ minVersion: version, maxVersion: version })
      assert.equal(socket.getProtocol(), version)
      socket.destroy()
    }
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }
    await assert.rejects(handshake(old))
  })

  it('is reached by the terminal when BUMPLESS_CA names the authority, and says so when not', async () => {
    const environment = {
      PATH: process.env.PATH,
      XDG_CONFIG_HOME: parts.folder,
      BUMPLESS_URL: web.url,
    }
    const words = ['login', '--user', 'anna', '--password-stdin']
    const without = await bumpless(environment, words, `${password}\n`)
    assert.equal(without.code, 1)
    assert.match(without.error, /is not trusted here \(\w+\); name it in BUMPLESS_CA/)
    const known = { ...environment, BUMPLESS_CA: authority.file }
    const login = await bumpless(known, words, `${password}\n`)
    assert.equal(login.code, 0, login.error)
    const missing = await bumpless({ ...environment, BUMPLESS_CA: '/nowhere.pem' }, ['status'])
    assert.equal(missing.code, 2)
    assert.match(missing.error, /BUMPLESS_CA: \/nowhere\.pem cannot be used/)
  })

  it('shows a renewed certificate without a restart, and keeps the old one when the new one is not right', async () => {
    assert.equal(await shown(), 'first')
    const { key, certificate } = await vouched('second')
    // Between the two copies they do not belong together, as with every renewal by hand.
    await copyFile(certificate, files.certificate)
    await waitFor(() => parts.audit.some((line) => /not used: .*is not the key/.test(line)), 6_000)
    assert.equal(await shown(), 'first')
    await copyFile(key, files.key)
    await waitFor(() => parts.audit.some((line) => /uses a new certificate/.test(line)), 6_000)
    assert.equal(await shown(), 'second')
    await chmod(files.key, 0o644)
    await utimes(files.key, 1, 1)
    await waitFor(() => parts.audit.some((line) => /not used: .*chmod 600/.test(line)), 6_000)
    assert.equal(await shown(), 'second')
    await chmod(files.key, 0o600)
  })
})

describe('the files of a certificate', () => {
  let folder = ''
  let remove = async (): Promise<void> => {}
  let files: Files
  before(async () => {
    const made = await temporaryFolder()
    folder = made.folder
    remove = made.remove
    const authority = await makeAuthority(folder, 'ca')
    const { key, cert } = await authority.vouchFor('server', 'IP:127.0.0.1')
    await chmod(key, 0o600)
    files = { key, certificate: cert }
  })
  after(() => remove())

  it('are refused, in one line that names the file, when others may read the key', async () => {
    const key = join(folder, 'open.key')
    await copyFile(files.key, key)
    await chmod(key, 0o640)
    const message = `${key} may be read or written by others (mode 0640), expected 0600: chmod 600 ${key}`
    assert.throws(() => readCertificate({ ...files, key }), { message })
  })

  it('are refused when one is missing or is something else, without a word of their content', async () => {
    const other = join(folder, 'other.pem')
    await writeFile(other, 'SECRET', { mode: 0o600 })
    const faults = [
      { ...files, certificate: join(folder, 'none.pem') },
      { ...files, certificate: other },
      { ...files, key: other },
    ].map((wrong) => {
      try {
        readCertificate(wrong)
        return 'none'
      } catch (fault) {
        return String(fault)
      }
    })
    assert.match(faults[0] ?? '', /none\.pem cannot be read \(ENOENT\); .*http\.tls\.certificate/)
    assert.match(faults[1] ?? '', /other\.pem cannot be used, expected a certificate in PEM/)
    assert.match(faults[2] ?? '', /other\.pem cannot be used, expected a private key in PEM/)
    assert.equal(faults.join().includes('SECRET'), false)
  })

  it('tell when the certificate ends', async () => {
    const pem = new X509Certificate(await readFile(files.certificate))
    assert.equal(readCertificate(files).expiresWallMs, pem.validToDate.getTime())
  })

  it('are warned of 30 days before the end, and called ended after it', () => {
    const day = 24 * 3_600_000
    const end = Date.parse('2026-12-24T12:00:00Z')
    assert.equal(expiryWarning(end, end - 30 * day), undefined)
    assert.match(
      expiryWarning(end, end - 29 * day) ?? '',
      /ends in 29 days, on 2026-12-24; replace/,
    )
    assert.match(expiryWarning(end, end - 1.5 * day) ?? '', /ends in 1 day, /)
    assert.match(expiryWarning(end, end + 1) ?? '', /ended on 2026-12-24: browsers refuse it/)
  })
})
