// The NUT driver against a server that answers as the test says: what is believed, what is refused, and what becomes of the
// connection.

import assert from 'node:assert/strict'
import type { NutPath } from '../../src/core/plant.ts'
import type { Driver } from '../../src/field/driver.ts'
import { nutDriver } from '../../src/field/nut/driver.ts'
import { until } from './devices.ts'
import { type Chunk, goodList, NutLineServer } from './nut-line-server.ts'
import {
  answered,
  clock,
  failedWith,
  inFolder,
  nutPath,
  nutToken,
  scanUntil,
  secretIn,
  upsDevice,
} from './ups-devices.ts'

describe('a UPS on a NUT server', () => {
  let server: NutLineServer
  let port = 0
  let driver: Driver | undefined
  const open = (options: Partial<NutPath> = {}, device = upsDevice()): Driver => {
    driver = nutDriver(device, clock, nutPath(port, options))
    return driver
  }
  beforeEach(async () => {
    server = new NutLineServer()
    port = await server.open()
  })
  afterEach(async () => {
    await driver?.close()
    driver = undefined
    await server.close()
  })
  const connected = async (options: Partial<NutPath> = {}): Promise<Driver> => {
    const opened = open(options)
    await scanUntil(opened, 'a first answer', answered)
    return opened
  }

  it('is read with one question, which names it in quotes', async () => {
    const scan = await scanUntil(open(), 'an answer', answered)
    assert(scan.kind === 'answered')
    assert.deepEqual(scan.values, { charge_pct: 97, on_mains: true, on_battery: false })
    assert.equal(scan.sample, true)
    assert(scan.sentMs <= scan.receivedMs && scan.receivedMs <= clock())
    assert.deepEqual(new Set(server.lines), new Set(['LIST VAR "rack"']))
  })
  it('is glanced at for few signals and what they derive', async () => {
    const derived = [
      { key: 'state', rules: [{ when: { on_mains: true, on_battery: false }, is: 'on mains' }] },
      { key: 'full', rules: [{ when: { charge_pct: 97 }, is: true }] },
    ]
    const glancing = open({}, upsDevice({ derived, glance: ['state'] }))
    const full = await scanUntil(glancing, 'an answer', answered)
    const scan = await glancing.glance()
    assert(full.kind === 'answered' && scan.kind === 'answered')
    assert.deepEqual(scan.values, { on_mains: true, on_battery: false, state: 'on mains' })
    assert.deepEqual([full.values.state, full.values.full], ['on mains', true])
    assert.equal(scan.sample, false)
  })
  it('is never written', async () => {
    const note = await (await connected()).write({ commandId: 'c1', words: [], deadlineMs: 1e9 })
    assert.deepEqual([note.fate, note.detail], ['dropped', 'a UPS is never written'])
    assert(server.lines.every((line) => line.startsWith('LIST VAR')))
  })
  it('is not asked again while a question is out', async () => {
    const asking = await connected()
    server.respond = () => undefined
    const first = asking.read(true)
    assert.equal((await asking.read(true)).kind, 'failed')
    assert(failedWith('the last reading is still out')(await asking.glance()))
    assert(failedWith('no answer within')(await first))
  })

  const oddities: [string, (list: string) => readonly Chunk[]][] = [
    ['one byte at a time', (list) => [...list]],
    ['in two halves', (list) => [list.slice(0, 30), list.slice(30)]],
    ['with Windows line ends', (list) => [list.replaceAll('\n', '\r\n')]],
  ]
  for (const [title, chunks] of oddities) {
    it(`is read when its answer comes ${title}`, async () => {
      server.respond = () => chunks(goodList())
      await connected()
      assert.equal(server.connections, 1)
    })
  }

  const bad: [string, readonly Chunk[], string][] = [
    ['another UPS', [goodList({ 'battery.charge': '3' }, 'pump')], 'a list for the UPS "pump"'],
    ['a list that begins twice', ['BEGIN LIST VAR rack\n'.repeat(2)], 'a second beginning'],
    ['an end without a beginning', ['END LIST VAR rack\n'], 'an end of a list that never began'],
    ['a zero byte', [Buffer.from('BEGIN\0 LIST VAR rack\n')], 'a zero byte'],
    ['a line without an end', ['x'.repeat(9000)], 'a line of more than 8192 bytes'],
    ['the bytes of another protocol', ['HTTP/1.1 400 Bad Request\r\n\r\n'], 'an unexpected line'],
  ]
  for (const [title, chunks, detail] of bad) {
    it(`is not believed with ${title}, and asked anew on another connection`, async () => {
      const asking = await connected()
      server.respond = (_line, connection) => (connection === 1 ? chunks : [goodList()])
      const scan = await asking.read(true)
      assert(failedWith(detail)(scan), JSON.stringify(scan))
      assert(scan.kind === 'failed' && scan.fault === 'bad-answer')
      await scanUntil(asking, 'an answer on another connection', answered)
      assert.equal(server.connections, 2)
    })
  }
  it('is not believed about a question that nobody asked', async () => {
    const asking = await connected()
    server.say(goodList({ 'battery.charge': '3' }))
    await until('the connection is given up', () => server.standing === 0)
    const scan = await scanUntil(asking, 'an answer', answered)
    assert(scan.kind === 'answered' && scan.values.charge_pct === 97)
  })
  it('never has a late answer taken for that to a newer question', async () => {
    const asking = open({}, upsDevice({ timeoutMs: 150 }))
    await scanUntil(asking, 'an answer', answered)
    let questions = 0
    // Every third answer is late, and every answer tells which question it is for.
    server.respond = (_line, _connection, socket) => {
      const list = goodList({ 'battery.charge': String(++questions), 'ups.status': 'OL' })
      if (questions % 3 !== 0) return [list]
      const late = setTimeout(() => socket.write(list), 200)
      socket.on('close', () => clearTimeout(late))
      return undefined
    }
    for (let reading = 0; reading < 12; reading++) {
      const scan = await asking.read(true)
      if (scan.kind === 'answered') assert.equal(scan.values.charge_pct, questions)
      else await scanUntil(asking, 'a connection', (newer) => !failedWith('not connected')(newer))
    }
  })

  const refusals: [string, string][] = [
    ['DATA-STALE', 'has only old values'],
    ['DRIVER-NOT-CONNECTED', 'has no connection to the driver'],
    ['UNKNOWN-UPS', 'knows no UPS "rack"'],
    ['ACCESS-DENIED', 'denies access'],
  ]
  for (const [code, words] of refusals) {
    it(`fails in plain words when the server says ${code}, and keeps the connection`, async () => {
      const asking = await connected()
      server.respond = () => [`ERR ${code}\n`]
      const scan = await asking.read(true)
      assert(failedWith(words)(scan), JSON.stringify(scan))
      assert(scan.kind === 'failed' && scan.fault === 'exception')
      server.respond = () => [goodList()]
      assert(answered(await asking.read(true)))
      assert.equal(server.connections, 1)
    })
  }

  it('is asked for ever anew after every kind of loss', async () => {
    const asking = await connected()
    for (const loss of ['end', 'reset', 'silence'] as const) {
      server.respond = () => (loss === 'silence' ? undefined : loss)
      const scan = await asking.read(true)
      assert.equal(scan.kind, 'failed', loss)
      assert(scan.kind === 'failed')
      assert.equal(scan.fault, loss === 'silence' ? 'timeout' : 'connection-lost')
      server.respond = () => [goodList()]
      await scanUntil(asking, `an answer after ${loss}`, answered)
    }
    await server.close()
    await scanUntil(asking, 'a refused connection', failedWith('ECONNREFUSED'))
    server = new NutLineServer()
    await server.open(port)
    await scanUntil(asking, 'an answer of the server that came back', answered)
  })
  it('is read again after forty cuts, through one connection and no more', async () => {
    const asking = await connected()
    const sockets = () => process.getActiveResourcesInfo().filter((one) => one === 'TCPSocketWrap')
    const before = sockets().length
    for (let cut = 0; cut < 40; cut++) {
      server.cut()
      await scanUntil(asking, 'a loss', (scan) => !answered(scan))
      await scanUntil(asking, `an answer after cut ${cut}`, answered)
    }
    assert.equal(server.connections, 41)
    await until('the old sockets are gone', () => sockets().length <= before)
  })
  it('leaves no connection behind when it is closed', async () => {
    const asking = await connected()
    server.respond = () => undefined
    const out = asking.read(true)
    await until('the question is out', () => server.lines.length > 1)
    await asking.close()
    assert(failedWith('closed')(await out))
    await until('the connection is gone', () => server.standing === 0)
    assert(failedWith('closed')(await asking.read(true)))
  })

  it('is asked nothing in clear when encryption is required', async () => {
    server.respond = () => ['ERR FEATURE-NOT-CONFIGURED\n']
    const refused = open({ tls: 'required' })
    await scanUntil(refused, 'a refusal', failedWith('is not set up for encrypted connections'))
    assert.deepEqual(new Set(server.lines), new Set(['STARTTLS']))
  })
  it('is told no password in clear', async () => {
    await inFolder(async (folder) => {
      const passwordFile = await secretIn(folder, 'password', 'open sesame')
      const refused = open({ user: { name: 'watch', passwordFile } })
      await scanUntil(refused, 'a refusal', failedWith('a password never leaves in clear'))
      await refused.close()
      assert.equal(server.connections, 0)
    })
  })
  it('is not asked through bytes that came before the encryption', async () => {
    server.respond = () => [`OK STARTTLS\n${goodList({ 'battery.charge': '3' })}`]
    const refused = open({ tls: 'required' })
    await scanUntil(refused, 'a refusal', failedWith('a line that nobody asked for'))
  })
  it('needs a token for a truth and none for anything else', () => {
    const wrong = { ...nutToken('x', 'OL'), type: 'uint16' } as const
    assert.throws(() => open({ signals: [wrong] }), /x: a bool needs a token, others none/)
  })
})
