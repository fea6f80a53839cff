import assert from 'node:assert/strict'
import { commandsIdleMs } from '../../src/serve/sessions.ts'
import { clientOf, password, type Rig, type Seen, startRig } from './fixture.ts'

const ours = (rig: Rig) => ({ origin: rig.web.url, 'x-bumpless': '1' })

/** Logs in as a browser does and gives what it would send along from then on. */
async function browse(rig: Rig, user: string, more: object = {}, cookie?: string) {
  const headers = { ...ours(rig), ...(cookie && { cookie }) }
  const seen = await rig.nobody.post('login', { user, password, cookie: true, ...more }, headers)
  assert.equal(seen.status, 200, seen.text)
  return { seen, cookie: (seen.headers.get('set-cookie') ?? '').split(';')[0] ?? '' }
}

describe('a session in a browser', () => {
  let rig: Rig
  beforeEach(async () => {
    rig = await startRig()
  })
  afterEach(() => rig.stop())
  const order = { pair: 'intake', to: 'B', reason: 'work order 88121' }

  it('keeps its token in a cookie that no script and no other site can use, and tells it to nobody', async () => {
    const { seen, cookie } = await browse(rig, 'anna')
    const set = seen.headers.get('set-cookie') ?? ''
    assert.match(set, /^bumpless=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
    assert.equal(seen.body.token, undefined)
    assert.equal(seen.text.includes(cookie.slice(9)), false)
    const { body } = await rig.nobody.get('session', { cookie })
    assert.deepEqual(
      [body.user, body.role, body.desk, body.session],
      ['anna', 'operator', false, String(body.via).split(' ')[1]],
    )
    assert.deepEqual((body.rights as string[]).includes('confirm'), true)
    assert.deepEqual((body.rights as string[]).includes('resolve'), false)
    assert(Number(body.commandsUntilWallMs) <= Date.now() + commandsIdleMs)
  })

  it('takes an order only from a page of its own that shows so', async () => {
    const { cookie } = await browse(rig, 'anna')
    const attempts: readonly (readonly [string, Record<string, string>, number])[] = [
      ['own page', ours(rig), 201],
      [
        'own page, told by the browser',
        { 'sec-fetch-site': 'same-origin', 'x-bumpless': '1' },
        201,
      ],
      ['without the header', { origin: rig.web.url }, 403],
      ['without an origin', { 'x-bumpless': '1' }, 403],
      ['another port of this machine', { ...ours(rig), origin: 'http://127.0.0.1:8090' }, 403],
      [
        'another name of this machine',
        { ...ours(rig), origin: rig.web.url.replace('127.0.0.1', 'localhost') },
        403,
      ],
      ['another site', { ...ours(rig), origin: 'https://evil.example' }, 403],
      ['a sandboxed frame', { ...ours(rig), origin: 'null' }, 403],
      ['same site only', { ...ours(rig), 'sec-fetch-site': 'same-site' }, 403],
      ['a cross-site request', { 'x-bumpless': '1', 'sec-fetch-site': 'cross-site' }, 403],
    ]
    for (const [what, headers, status] of attempts) {
      const before = rig.orders.length
      const seen = await rig.nobody.post('switchovers', order, { ...headers, cookie })
      assert.equal(seen.status, status, `${what}: ${seen.text}`)
      assert.equal(rig.orders.length - before, status === 201 ? 1 : 0, what)
    }
  })

  it('is not taken from a form of another page, whatever type the form sends', async () => {
    const { cookie } = await browse(rig, 'anna')
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']) {
      const answer = await fetch(`${rig.web.url}/api/v1/switchovers`, {
        method: 'POST',
        headers: { cookie, 'content-type': type, 'sec-fetch-site': 'cross-site' },
        body: JSON.stringify(order),
      })
      assert.equal(answer.status, 403)
      await answer.body?.cancel()
    }
    assert.equal(rig.orders.length, 0)
  })

  it('cannot be read by a page of another site or port, streams included', async () => {
    const { cookie } = await browse(rig, 'anna')
    for (const site of ['cross-site', 'same-site'])
      for (const path of ['plant', 'events', 'session']) {
        const seen = await rig.nobody.get(path, { cookie, 'sec-fetch-site': site })
        assert.equal(seen.status, 403, `${path} ${site}`)
      }
  })

  it('cannot be begun for somebody by a page of another site', async () => {
    const body = { user: 'carl', password, cookie: true }
    const headers = { 'x-bumpless': '1', 'sec-fetch-site': 'cross-site' }
    assert.equal((await rig.nobody.post('login', body, headers)).status, 403)
    assert.equal((await rig.nobody.post('login', body, {})).status, 403)
  })

  it('gets a new token at every log-in, and the session before it ends', async () => {
    const planted = `bumpless=${'x'.repeat(43)}`
    const first = await browse(rig, 'anna', {}, planted)
    assert.notEqual(first.cookie, planted)
    const second = await browse(rig, 'bert', {}, first.cookie)
    assert.equal((await rig.nobody.get('session', { cookie: first.cookie })).status, 401)
    assert.equal((await rig.nobody.get('session', { cookie: second.cookie })).body.user, 'bert')
    assert.match(rig.audit.join('\n'), /session of anna ended: bert logged in at this screen/)
  })

  it('cannot be used by a terminal, nor that of a terminal by a browser', async () => {
    const { cookie } = await browse(rig, 'anna')
    const stolen = clientOf(rig.web.url, cookie.slice('bumpless='.length))
    assert.equal((await stolen.get('session')).status, 401)
    const { token } = await rig.login('anna')
    assert.equal((await rig.nobody.get('session', { cookie: `bumpless=${token}` })).status, 401)
  })

  it('takes its cookie away at log-out', async () => {
    const { cookie } = await browse(rig, 'anna')
    const seen = await rig.nobody.post('logout', {}, { ...ours(rig), cookie })
    assert.equal(seen.status, 204)
    assert.match(seen.headers.get('set-cookie') ?? '', /^bumpless=; Max-Age=0; Path=\/; HttpOnly/)
    assert.equal((await rig.nobody.get('session', { cookie })).status, 401)
  })

  it('carries an event stream, which sends no header of its own', async () => {
    const { cookie } = await browse(rig, 'anna')
    const abort = new AbortController()
    const headers = { cookie, 'sec-fetch-site': 'same-origin' }
    const stream = await fetch(`${rig.web.url}/api/v1/events`, { headers, signal: abort.signal })
    assert.equal(stream.status, 200)
    abort.abort()
  })
})

describe('a browser that its person left', () => {
  let rig: Rig
  const clock = { ms: 0 }
  let cookie = ''
  beforeEach(async () => {
    clock.ms = 0
    rig = await startRig({}, () => clock.ms)
    cookie = (await browse(rig, 'anna')).cookie
  })
  afterEach(() => rig.stop())
  const post = (path: string, body: object = {}): Promise<Seen> =>
    rig.nobody.post(path, body, { ...ours(rig), cookie })
  const get = (path: string): Promise<Seen> => rig.nobody.get(path, { cookie })

  it('still shows everything, takes no order, and says what unlocks it', async () => {
    clock.ms += commandsIdleMs
    assert.equal((await get('plant')).status, 200)
    const refused = await post('alarms/a/ack')
    assert.deepEqual([refused.status, refused.error.code], [401, 'locked'])
    assert.match(String(refused.error.text), /give your password again/)
    assert.equal(
      (await post('session/active')).status,
      401,
      'a sign of life is not enough any more',
    )
    assert.equal(rig.orders.length, 0)
    assert(Number((await get('session')).body.commandsUntilWallMs) <= Date.now())
  })

  it('is unlocked by the password of its person and by no other', async () => {
    clock.ms += commandsIdleMs
    const wrong = await post('session/unlock', { password: 'not the right password' })
    assert.equal(wrong.status, 403)
    assert.equal((await post('alarms/a/ack')).status, 401)
    assert.equal((await post('session/unlock', { password })).status, 200)
    assert.equal((await post('alarms/a/ack')).status, 200)
  })

  it('counts orders and signs of life as presence, and looking not', async () => {
    clock.ms += commandsIdleMs - 1
    assert.equal((await post('alarms/a/ack')).status, 200)
    clock.ms += commandsIdleMs - 1
    assert.equal((await post('session/active')).status, 200)
    clock.ms += commandsIdleMs - 1
    assert.equal((await get('plant')).status, 200)
    clock.ms += 1
    assert.equal((await post('alarms/a/ack')).status, 401)
    assert.equal((await post('logout')).status, 204, 'one may always go')
  })

  it('does not lock a terminal, whose token stays with its person', async () => {
    const anna = await rig.login('anna')
    clock.ms += commandsIdleMs * 2
    assert.equal((await anna.post('alarms/a/ack')).status, 200)
  })
})

describe('a desk', () => {
  let rig: Rig
  const clock = { ms: 0 }
  beforeEach(async () => {
    clock.ms = 0
    rig = await startRig({}, () => clock.ms)
  })
  afterEach(() => rig.stop())

  it('shows and never orders, whoever opened it, and is named so in the journal', async () => {
    const { seen, cookie } = await browse(rig, 'egon', { desk: true })
    assert.match(seen.headers.get('set-cookie') ?? '', /Max-Age=34560000/)
    const { body } = await rig.nobody.get('session', { cookie })
    assert.deepEqual(
      [body.desk, body.rights, body.commandsUntilWallMs],
      [true, ['view'], undefined],
    )
    const headers = { ...ours(rig), cookie }
    for (const path of ['alarms/a/ack', 'session/unlock', 'pairs/intake/lockout']) {
      const refused = await rig.nobody.post(path, { password }, headers)
      assert.equal(refused.status, 403, path)
      assert.match(String(refused.error.text), /only shows/)
    }
    assert.equal(rig.orders.length, 0)
    assert.match(rig.audit.join('\n'), /egon opened a desk that only shows .*"desk":true/)
  })

  it('stays for months, until somebody ends it', async () => {
    const { cookie } = await browse(rig, 'olga', { desk: true })
    clock.ms += 90 * 24 * 3_600_000
    const { body } = await rig.nobody.get('session', { cookie })
    assert.equal(body.user, 'olga')
    const egon = await rig.login('egon')
    assert.equal((await egon.post(`sessions/${body.session}/end`)).status, 200)
    assert.equal((await rig.nobody.get('session', { cookie })).status, 401)
    assert.match(rig.audit.join('\n'), /session of olga ended: ended by egon/)
  })
})

describe('the list of sessions', () => {
  let rig: Rig
  before(async () => {
    rig = await startRig()
  })
  after(() => rig.stop())
  const listed = async (seen: Promise<Seen>): Promise<Record<string, unknown>[]> =>
    (await seen).body.sessions as Record<string, unknown>[]

  it('has the own ones for everybody, all for an engineer, and no token', async () => {
    const anna = await rig.login('anna')
    await browse(rig, 'anna')
    const bert = await rig.login('bert')
    const own = await listed(anna.get('sessions'))
    assert.deepEqual(
      own.map(({ user, browser, here }) => [user, browser, here]),
      [
        ['anna', false, true],
        ['anna', true, false],
      ],
    )
    const egon = await rig.login('egon')
    const all = await egon.get('sessions')
    assert.equal((all.body.sessions as object[]).length, 4)
    for (const { token } of [anna, bert, egon]) assert.equal(all.text.includes(token ?? '-'), false)
  })

  it('lets a person end their own, and nobody but an engineer end that of another', async () => {
    const anna = await rig.login('anna')
    const bert = await rig.login('bert')
    const idOf = async (client: typeof anna) => (await client.get('session')).body.session
    const refused = await anna.post(`sessions/${await idOf(bert)}/end`)
    assert.equal(refused.status, 403)
    assert.match(String(refused.error.text), /"sessions" needs the role engineer/)
    assert.equal((await anna.post('sessions/ffffff/end')).status, 403, 'nor learn which exist')
    const other = await rig.login('anna')
    assert.equal((await anna.post(`sessions/${await idOf(other)}/end`)).status, 200)
    assert.equal((await other.get('session')).status, 401)
    const egon = await rig.login('egon')
    assert.equal((await egon.post('sessions/ffffff/end')).status, 404)
    assert.equal((await egon.post(`sessions/${await idOf(bert)}/end`)).status, 200)
    assert.equal((await bert.get('session')).status, 401)
  })
})
