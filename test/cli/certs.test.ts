// `bumpless certs` on a folder as the OPC UA server keeps it: shows who was turned away, lets them in, and takes it back.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { bumpless } from './command.ts'

describe('bumpless certs', () => {
  let pki: string
  before(async () => {
    pki = await mkdtemp(join(tmpdir(), 'bumpless-certs-'))
    for (const folder of ['own/certs', 'trusted/certs', 'rejected', 'users/rejected']) {
      await mkdir(join(pki, folder), { recursive: true })
    }
    await certificate('own/certs/certificate.pem', 'us', 300)
    await mkdir(join(pki, 'own/private'))
    await copyFile(join(pki, 'key'), join(pki, 'own/private/private_key.pem'))
    await certificate('rejected/hmi.pem', 'UaExpert@hmi-3', 30)
    await certificate('trusted/certs/historian.pem', 'historian', 30)
    await certificate('users/rejected/anna.pem', 'Anna Berg', 30)
  })
  after(() => rm(pki, { recursive: true }))

  async function certificate(file: string, name: string, days: number): Promise<void> {
    const { OPENSSL_CONF: _left, ...env } = process.env
    const words = [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...['-keyout', join(pki, 'key'), '-out', join(pki, file), '-subj', `/CN=${name}`],
      ...['-days', String(days), '-addext', `subjectAltName=URI:urn:${name}`],
    ]
    await promisify(execFile)('openssl', words, { env })
  }
  const certs = (...words: readonly string[]) =>
    bumpless(process.env, ['certs', ...words, '--pki', pki])
  type Cert = { readonly standing: string; readonly name: string; readonly thumbprint: string }
  const listed = async (): Promise<readonly Cert[]> =>
    JSON.parse((await certs('list', '--json')).out) as Cert[]
  const named = async (name: string): Promise<Cert> => {
    const found = (await listed()).find((cert) => cert.name === name)
    assert.ok(found, name)
    return found
  }

  it('shows who we are, who is trusted and who was turned away', async () => {
    const { code, out } = await certs('list')
    assert.equal(code, 0)
    assert.match(out, /own +application +[0-9a-f]{12} .*us/)
    assert.match(out, /trusted +application +[0-9a-f]{12} .*historian/)
    assert.match(out, /rejected +application +[0-9a-f]{12} .*UaExpert@hmi-3/)
  })

  it('lets a client in, and takes it back', async () => {
    const { thumbprint } = await named('UaExpert@hmi-3')
    assert.match((await certs('trust', thumbprint.slice(0, 8))).out, /is now trusted/)
    assert.deepEqual((await readdir(join(pki, 'trusted/certs'))).sort(), [
      'historian.pem',
      'hmi.pem',
    ])
    assert.match((await certs('trust', thumbprint)).out, /is trusted already/)
    assert.match((await certs('reject', thumbprint)).out, /is now rejected/)
    assert.equal((await named('UaExpert@hmi-3')).standing, 'rejected')
  })

  it('keeps the certificates of persons apart from those of applications', async () => {
    assert.match((await certs('list')).out, /rejected +person +[0-9a-f]{12} .*Anna Berg/)
    const { thumbprint } = await named('Anna Berg')
    assert.equal((await certs('trust', thumbprint)).code, 0)
    assert.deepEqual(await readdir(join(pki, 'users/trusted/certs')), ['anna.pem'])
  })

  it('never moves our own certificate, and says when nothing fits', async () => {
    const { thumbprint } = await named('us')
    const own = await certs('reject', thumbprint)
    assert.equal(own.code, 1)
    assert.match(own.error, /no certificate begins with/)
    const short = await certs('trust', 'ab')
    assert.equal(short.code, 2)
    assert.match(short.error, /4 to 40 hexadecimal digits/)
  })

  it('replaces the key and certificate of our server, and says what clients have to do', async () => {
    const renewed = await certs('renew', '--days', '20')
    assert.equal(renewed.code, 0, renewed.error)
    assert.match(renewed.out, /has a new key and certificate, valid to \d{4}-\d\d-\d\d/)
    assert.match(renewed.out, /Every client has to trust the new certificate/)
    const { out } = await certs('list')
    assert.match(out, /own +application +[0-9a-f]{12} +\d{4}-\d\d-\d\d SOON +bumpless@/)
    assert.equal((await certs('renew', '--days', 'many')).code, 2)
  })

  it('is told by check before our certificate ends', async () => {
    const plant = await readFile('config/plant.demo.yaml', 'utf8')
    const file = join(pki, 'plant.yaml')
    await writeFile(file, `${plant}\nopcua: { listen: 127.0.0.1:4840, pki: ${pki} }\n`)
    const checked = await bumpless(process.env, ['check', file])
    assert.match(checked.out, /our certificate bumpless@\S+ ends on \S+ in (19|20) days/)
  })
})
