// The NUT driver over encrypted connections: with a real upsd behind a door that speaks STARTTLS, and with doors that nobody
// should go through.

import assert from 'node:assert/strict'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import tls from 'node:tls'
import type { Scan } from '../../src/core/image.ts'
import type { NutPath } from '../../src/core/plant.ts'
import type { Driver } from '../../src/field/driver.ts'
import { nutDriver } from '../../src/field/nut/driver.ts'
import { type Authority, makeAuthority } from './certificates.ts'
import { type NutPlant, startNutPlant } from './nut-plant.ts'
import {
  answered,
  clock,
  failedWith,
  nutPath,
  scanUntil,
  secretIn,
  upsDevice,
} from './ups-devices.ts'

const password = 'open "sesame" \\ now'

/** Takes STARTTLS and passes what comes then on to upsd, in clear. Keeps what it saw before and after. */
async function openDoor(own: { key: string; cert: string }, upsd: number) {
  const seen = { clear: [] as string[], secret: [] as string[] }
  const context = tls.createSecureContext({
    key: await readFile(own.key),
    cert: await readFile(own.cert),
  })
  const sockets = new Set<net.Socket>()
  const keep = (socket: net.Socket): net.Socket => {
    sockets.add(socket)
    return socket.on('error', () => socket.destroy())
  }
  const server = net.createServer((plain) => {
    keep(plain).once('data', (bytes) => {
      seen.clear.push(bytes.toString())
      plain.write('OK STARTTLS\n')
      const inside = keep(new tls.TLSSocket(plain, { isServer: true, secureContext: context }))
      const behind = keep(net.connect(upsd, '127.0.0.1'))
      inside.on('data', (line) => seen.secret.push(line.toString()))
      inside.pipe(behind).pipe(inside)
      inside.on('close', () => behind.destroy())
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert(typeof address === 'object' && address !== null)
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
  }
  return { port: address.port, seen, close }
}

describe('a UPS behind an encrypted connection', () => {
  let folder = ''
  let plant: NutPlant
  let authority: Authority
  let passwordFile = ''
  let door: Awaited<ReturnType<typeof openDoor>> | undefined
  let driver: Driver | undefined
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'bumpless-nut-tls-'))
    authority = await makeAuthority(folder, 'site')
    passwordFile = await secretIn(folder, 'password', password)
    plant = await startNutPlant(folder, { 'ups.status': 'OL', 'battery.charge': '97' })
  })
  after(async () => {
    await plant?.stop()
    await rm(folder, { recursive: true, force: true })
  })
  afterEach(async () => {
    await driver?.close()
    await door?.close()
    driver = undefined
    door = undefined
  })
  const goThrough = async (subjects: string, options: Partial<NutPath> = {}): Promise<Driver> => {
    door = await openDoor(await authority.vouchFor('server', subjects), plant.port)
    const secure = { tls: 'required', ca: authority.file, ...options } as const
    driver = nutDriver(upsDevice({ timeoutMs: 3000 }), clock, nutPath(door.port, secure))
    return driver
  }

  it('is read once the certificate was checked, with name and password inside', async () => {
    const opened = await goThrough('IP:127.0.0.1', { user: { name: 'watch', passwordFile } })
    const known = (scan: Scan): boolean =>
      answered(scan) && !JSON.stringify(scan).includes('unknown')
    const scan = await scanUntil(opened, 'the values', known)
    assert(scan.kind === 'answered')
    assert.deepEqual(scan.values, { charge_pct: 97, on_mains: true, on_battery: false })
    assert(new Set(door?.seen.clear).size === 1 && door?.seen.clear[0] === 'STARTTLS\n')
    const inside = door?.seen.secret.join('').split('\n').slice(0, 3)
    assert.deepEqual(inside, [
      'USERNAME "watch"',
      'PASSWORD "open \\"sesame\\" \\\\ now"',
      'LIST VAR "rack"',
    ])
  })
  it('is not read when the certificate is for another machine', async () => {
    const opened = await goThrough('DNS:other.example')
    await scanUntil(
      opened,
      'a refusal',
      failedWith('no encrypted connection: Hostname/IP does not'),
    )
    assert.deepEqual(door?.seen.secret, [])
  })
  it('is not read when somebody unknown vouches for it', async () => {
    const other = await makeAuthority(folder, 'stranger')
    const opened = await goThrough('IP:127.0.0.1', { ca: other.file })
    await scanUntil(opened, 'a refusal', failedWith(`(checked against ${other.file})`))
    assert.deepEqual(door?.seen.secret, [])
  })
  it("is not read when none of this computer's authorities vouches for it", async () => {
    door = await openDoor(await authority.vouchFor('server', 'IP:127.0.0.1'), plant.port)
    const secure = nutPath(door.port, { tls: 'required' })
    driver = nutDriver(upsDevice({ timeoutMs: 3000 }), clock, secure)
    await scanUntil(
      driver,
      'a refusal',
      failedWith("(checked against this computer's authorities)"),
    )
  })
  it('is not asked before the file of authorities is one', async () => {
    const file = path.join(folder, 'authorities.pem')
    await writeFile(file, 'not a certificate\n')
    const opened = await goThrough('IP:127.0.0.1', { ca: file })
    await scanUntil(opened, 'a refusal', failedWith(`${file} cannot be used: no certificate in it`))
    assert.deepEqual(door?.seen.clear, [])
    await writeFile(file, await readFile(authority.file))
    await scanUntil(opened, 'an answer', answered)
  })
  it('is not asked before its password is closed to others, and then without a restart', async () => {
    const open = await secretIn(folder, 'open-password', password)
    await chmod(open, 0o644)
    const opened = await goThrough('IP:127.0.0.1', { user: { name: 'watch', passwordFile: open } })
    const scan = await scanUntil(opened, 'a refusal', failedWith(`run: chmod 600 ${open}`))
    assert(!JSON.stringify(scan).includes('sesame'))
    assert.deepEqual(door?.seen.clear, [])
    await chmod(open, 0o600)
    await scanUntil(opened, 'an answer', answered)
  })
})
