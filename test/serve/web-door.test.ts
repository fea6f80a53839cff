import assert from 'node:assert/strict'
import { request } from 'node:http'
import { createServer, connect as openSocket } from 'node:net'
import { openBoard } from '../../src/serve/board.ts'
import { startWeb } from '../../src/serve/web/server.ts'
import { clientOf, noSelf, password, type Rig, startRig, waitFor } from './fixture.ts'
import { viewOf } from './view.ts'

describe('the door', () => {
  let rig: Rig
  before(async () => {
    rig = await startRig({ quietMs: 400 })
  })
  after(() => rig.stop())

  const port = (): number => Number(new URL(rig.web.url).port)
  const withHost = (host: string, headers: Record<string, string> = {}): Promise<number> =>
    new Promise((resolve, reject) => {
      const path = '/healthz'
      request(
        { host: '127.0.0.1', port: port(), path, headers: { ...headers, host } },
        (answer) => {
          answer.resume()
          resolve(answer.statusCode ?? 0)
        },
      )
        .on('error', reject)
        .end()
    })

  it('opens only under its own names, so that no other page can pass for it', async () => {
    rig.board.publish(viewOf({ cycle: 100 }))
    for (const host of ['localhost', '127.0.0.1', '[::1]', `LocalHost:${port()}`]) {
      assert.equal(await withHost(host), 200, host)
    }
    for (const host of ['evil.example', 'localhost.evil.example', '10.1.0.5', '127.0.0.1.nip.io']) {
      assert.equal(await withHost(host), 403, host)
    }
  })

  it('does not open for a page of another origin', async () => {
    rig.board.publish(viewOf({ cycle: 101 }))
    assert.equal(await withHost('localhost', { origin: 'http://localhost:8080' }), 200)
    assert.equal(await withHost('localhost', { origin: 'https://evil.example' }), 403)
    assert.equal(await withHost('localhost', { origin: 'null' }), 403)
  })

  it('sends the headers that keep a browser from being turned against it', async () => {
    for (const path of ['/healthz', 'plant', '/nothing']) {
      const { headers } = await rig.nobody.get(path)
      assert.match(String(headers.get('content-security-policy')), /default-src 'none'/)
      assert.match(String(headers.get('content-security-policy')), /frame-ancestors 'none'/)
      assert.equal(headers.get('x-content-type-options'), 'nosniff')
      assert.equal(headers.get('x-frame-options'), 'DENY')
      assert.equal(headers.get('cache-control'), 'no-store')
      assert.equal(headers.get('access-control-allow-origin'), null)
    }
  })

  it('takes no body over 64 KiB, and none that is not JSON', async () => {
    const large = await rig.nobody.post('login', { user: 'anna', password: 'x'.repeat(70_000) })
    assert.equal(large.status, 413)
    assert.equal(large.error.code, 'too-large')
    const headers = { 'content-type': 'text/plain' }
    const plain = await fetch(`${rig.web.url}/api/v1/login`, {
      method: 'POST',
      headers,
      body: '{}',
    })
    assert.equal(plain.status, 415)
    await plain.body?.cancel()
  })

  it('answers a broken address with one clear error', async () => {
    assert.equal((await rig.nobody.get('/api/v1/pairs/%ff')).status, 400)
  })

  it('is alive while cycles advance and not when they stand still', async () => {
    rig.board.publish(viewOf({ cycle: 102 }))
    assert.equal((await rig.nobody.get('/healthz')).status, 200)
    assert.equal((await rig.nobody.get('/readyz')).status, 200)
    await waitFor(() => rig.board.quietMs() > 400)
    rig.board.publish(viewOf({ cycle: 102 }))
    assert.equal((await rig.nobody.get('/healthz')).status, 503)
    assert.equal((await rig.nobody.get('/readyz')).status, 503)
  })

  it('shows nothing and is not ready before the first cycle', async () => {
    const board = openBoard()
    const { inbox, access } = rig
    const web = await startWeb({
      ...{ host: '127.0.0.1', port: 0, inbox, board, access, pairNames: [] },
      onAudit: () => {},
      journal: { read: () => [], head: () => ({ seq: 0, hash: '' }) },
      self: noSelf,
      about: { site: 'Westhaven', version: '1' },
    })
    const get = async (path: string): Promise<number> => {
      const { token } = await rig.login('anna')
      const headers = { authorization: `Bearer ${token}` }
      const answer = await fetch(`${web.url}${path}`, { headers })
      await answer.body?.cancel()
      return answer.status
    }
    assert.equal(await get('/healthz'), 200)
    assert.equal(await get('/readyz'), 503)
    assert.equal(await get('/api/v1/plant'), 503)
    assert.equal(await get('/api/v1/events'), 503)
    board.publish(viewOf())
    assert.equal(await get('/readyz'), 200)
    await web.close()
  })

  it('says in one line that another program has its port', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const address = other.address()
    const taken = typeof address === 'object' ? (address?.port ?? 0) : 0
    const { inbox, access, board } = rig
    const starting = startWeb({
      ...{ host: '127.0.0.1', port: taken, inbox, board, access, pairNames: [] },
      onAudit: () => {},
      journal: { read: () => [], head: () => ({ seq: 0, hash: '' }) },
      self: noSelf,
      about: { site: 'Westhaven', version: '1' },
    })
    const message = `127.0.0.1:${taken} is in use by another program; stop it or set http.listen in the plant file`
    await assert.rejects(starting, { message })
    await new Promise((resolve) => other.close(resolve))
  })

  it('hangs up on a client that never finishes its request, and serves the others meanwhile', async () => {
    rig.board.publish(viewOf({ cycle: 103 }))
    const sockets = Array.from({ length: 40 }, () => openSocket(port(), '127.0.0.1'))
    for (const socket of sockets) socket.write('GET /healthz HTTP/1.1\r\nhost: loc')
    assert.equal((await rig.nobody.get('/healthz')).status, 200)
    for (const socket of sockets) socket.destroy()
  })
})

describe('logging in', () => {
  let rig: Rig
  beforeEach(async () => {
    rig = await startRig()
  })
  afterEach(() => rig.stop())
  const wrong = { user: 'anna', password: 'not the right password' }

  it('gives a token that works, with name, role and end', async () => {
    const { body } = await rig.nobody.post('login', { user: 'anna', password })
    assert.equal(body.user, 'anna')
    assert.equal(body.role, 'operator')
    assert.match(String(body.token), /^[\w-]{43}$/)
    assert(Number(body.expiresWallMs) > Date.now() + 23 * 3_600_000)
    const session = await (await rig.login('anna')).get('session')
    assert.equal(session.body.user, 'anna')
    assert.match(String(session.body.via), /^http [0-9a-f]{6}$/)
  })

  it('says the same for a wrong password and for a user who does not exist', async () => {
    const known = await rig.nobody.post('login', wrong)
    const unknown = await rig.nobody.post('login', { ...wrong, user: 'zoe' })
    assert.equal(known.status, 401)
    assert.deepEqual([unknown.status, unknown.body], [known.status, known.body])
  })

  it('is delayed after wrong passwords, while those who are logged in go on viewing and ordering', async () => {
    const anna = await rig.login('anna')
    const stream = await anna.events()
    const seen: number[] = []
    for (let count = 0; count < 5; count++)
      seen.push((await rig.nobody.post('login', wrong)).status)
    assert.deepEqual(seen, [401, 401, 401, 401, 429])
    const right = await rig.nobody.post('login', { user: 'anna', password })
    assert.equal(right.status, 429, 'the right password must wait too')
    assert.match(String(right.error.text), /try again in \d+ s/)
    assert(Number(right.headers.get('retry-after')) >= 1)
    assert.equal((await anna.get('plant')).status, 200)
    assert.equal((await anna.post('switchovers/S1/extend')).status, 200)
    await stream.until(({ event }) => event === 'tick')
    stream.close()
  })

  it('survives a flood of guesses with few hashes and without harm to the logged in', async () => {
    const anna = await rig.login('anna')
    const guesses = await Promise.all(
      Array.from({ length: 200 }, (_, count) =>
        rig.nobody.post('login', { user: `user${count}`, password: 'a guess of mine' }),
      ),
    )
    const tried = guesses.filter(({ status }) => status === 401).length
    assert(tried <= 20, `${tried} guesses were tried`)
    assert(guesses.every(({ status }) => status === 401 || status === 429))
    assert.equal((await anna.get('plant')).status, 200)
  })

  it('of strangers cannot use up what the people who are logged in may ask', async () => {
    await rig.stop()
    rig = await startRig({ requestsPerMinute: 30, loginsPerMinute: 5 })
    const anna = await rig.login('anna')
    const seen: number[] = []
    for (let count = 0; count < 6; count++) {
      seen.push((await rig.nobody.post('login', { user: 'zoe' })).status)
    }
    assert.deepEqual(seen, [400, 400, 400, 400, 429, 429])
    for (let count = 0; count < 30; count++) {
      assert.equal((await anna.get('session')).status, 200, `request ${count + 1}`)
    }
    const over = await anna.get('session')
    assert.equal(over.status, 429)
    assert.match(String(over.error.text), /^too many requests; try again in \d+ s$/)
    const bert = await rig.access.login('bert', password, '127.0.0.1')
    assert(bert.kind === 'good')
    const other = clientOf(rig.web.url, bert.token)
    assert.equal((await other.get('session')).status, 200, 'each session has its own share')
    assert.equal((await rig.nobody.get('/healthz')).status, 200)
  })

  it('is written to the audit, good or not', async () => {
    await rig.login('anna')
    await rig.nobody.post('login', wrong)
    assert.match(rig.audit[0] ?? '', /^anna logged in as operator .*"address":"127.0.0.1"/)
    assert.match(rig.audit[1] ?? '', /^log-in refused for anna/)
  })

  it('and everything after it leaves no secret in any answer, audit entry, order or log', async () => {
    const printed: string[] = []
    const original = { out: process.stdout.write, err: process.stderr.write }
    const keep = (chunk: string | Uint8Array): boolean => {
      printed.push(String(chunk))
      return true
    }
    process.stdout.write = keep as typeof process.stdout.write
    process.stderr.write = keep as typeof process.stderr.write
    const answers: string[] = []
    const guess = 'wrong-secret-of-mine'
    let token = ''
    try {
      const anna = await rig.login('anna')
      token = anna.token ?? ''
      const post = async (path: string, body: unknown): Promise<void> => {
        answers.push((await anna.post(path, body)).text)
      }
      const confirm = { evidenceHash: 'e1' }
      await post('switchovers/S1/confirm', { ...confirm, password })
      await post('switchovers/S1/confirm', { ...confirm, password: guess })
      await post('switchovers/S1/confirm', { ...confirm, approver: { user: 'bert', password } })
      await post('switchovers/S1/confirm', {
        ...confirm,
        approver: { user: guess, password: guess },
      })
      await post('switchovers/S1/confirm', { ...confirm, password: [guess], approver: guess })
      await post('login', { user: guess, password: guess })
      await post('login', { user: 'anna', password: { guess } })
      const headers = { 'content-type': 'application/json' }
      const body = `{"user":"anna","password":"${guess}"`
      const broken = await fetch(`${rig.web.url}/api/v1/login`, { method: 'POST', headers, body })
      answers.push(await broken.text())
    } finally {
      process.stdout.write = original.out
      process.stderr.write = original.err
    }
    assert.equal(answers.length, 8)
    const kept = [...answers, ...rig.audit, ...printed, JSON.stringify(rig.orders)].join('\n')
    for (const secret of [guess, password, token, '$argon2id$']) {
      assert.equal(kept.includes(secret), false, `"${secret.slice(0, 6)}..." was found`)
    }
  })
})
