import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { openSetUp, type SetUp } from '../../src/serve/set-up.ts'
import { addUser, listUsers } from '../../src/serve/users-file.ts'
import { startWeb, type Web } from '../../src/serve/web/server.ts'
import { type Client, clientOf, noSelf, openDoorParts, password, startRig } from './fixture.ts'
import { viewOf } from './view.ts'

describe('the first start, when nobody has an account', () => {
  let parts: Awaited<ReturnType<typeof openDoorParts>>
  let setUp: SetUp
  let web: Web
  let nobody: Client
  const open = () => openSetUp({ ...parts, onAudit: (text) => parts.audit.push(text) })
  const token = (): string => readFileSync(setUp.tokenFile() ?? '', 'utf8').trim()
  const first = { user: 'egon', password }

  beforeEach(async () => {
    parts = await openDoorParts(false)
    setUp = open()
    parts.board.publish(viewOf())
    web = await startWeb({
      ...parts,
      ...{ host: '127.0.0.1', port: 0, pairNames: [], setUp },
      self: noSelf,
      about: { site: 'Westhaven', version: '1' },
      journal: { read: () => [], head: () => ({ seq: 0, hash: '' }) },
    })
    nobody = clientOf(web.url, undefined)
  })
  afterEach(async () => {
    await web.close()
    setUp.close()
    parts.access.close()
    await parts.remove()
  })

  it('keeps a one-time token in a file for the own user only, and tells it to nobody', async () => {
    assert.match(token(), /^([a-z2-9]{4}-){5}[a-z2-9]{4}$/)
    assert.equal(statSync(setUp.tokenFile() ?? '').mode & 0o777, 0o600)
    const seen = [
      await nobody.get('site'),
      await nobody.get('plant'),
      await nobody.post('setup', {}),
    ]
    for (const { text } of seen) assert.equal(text.includes(token()), false)
    assert.equal(parts.audit.join().includes(token()), false)
  })

  it('answers nothing but what a page needs to make the first account', async () => {
    assert.equal((await nobody.get('/healthz')).status, 200)
    assert.deepEqual((await nobody.get('site')).body, {
      ...{ site: 'Westhaven', version: '1', setup: true, tls: false, loggedIn: false },
    })
    for (const path of ['plant', 'events', 'journal', 'session', 'alarms']) {
      const { status, error } = await nobody.get(path)
      assert.deepEqual([status, error.code], [401, 'set-up'], path)
    }
    const login = await nobody.post('login', { user: 'egon', password })
    assert.deepEqual([login.status, login.error.code], [401, 'set-up'])
  })

  it('makes one engineer with the token, who can log in at once; the token is gone then', async () => {
    const used = token()
    const file = setUp.tokenFile() ?? ''
    const made = await nobody.post('setup', { token: used, ...first })
    assert.deepEqual([made.status, made.body], [201, { user: 'egon', role: 'engineer' }])
    assert.equal(existsSync(file), false)
    assert.deepEqual(
      listUsers(parts.usersFile).map(({ name, role }) => [name, role]),
      [['egon', 'engineer']],
    )
    assert.equal(statSync(parts.usersFile).mode & 0o777, 0o600)
    assert.equal((await nobody.get('site')).body.setup, false)
    assert.equal((await nobody.post('login', first)).status, 200)
    const again = await nobody.post('setup', { token: used, user: 'eve', password })
    assert.deepEqual([again.status, again.error.code], [410, 'expired'])
    assert.equal(listUsers(parts.usersFile).length, 1)
  })

  it('makes only one account when two people send the right token at once', async () => {
    const one = { token: token(), user: 'egon', password }
    const seen = await Promise.all([
      nobody.post('setup', one),
      nobody.post('setup', { ...one, user: 'eve' }),
    ])
    assert.deepEqual(seen.map(({ status }) => status).sort(), [201, 410])
    assert.equal(listUsers(parts.usersFile).length, 1)
  })

  it('takes no password that "user add" would not take, and keeps the token for the next try', async () => {
    const weak = await nobody.post('setup', { token: token(), user: 'egon', password: 'short' })
    assert.equal(weak.status, 400)
    assert.match(String(weak.error.text), /at least 12/)
    assert.equal((await nobody.post('setup', { token: token(), ...first })).status, 201)
  })

  it('makes guessing the token slow', async () => {
    const seen: number[] = []
    for (let count = 0; count < 6; count++)
      seen.push((await nobody.post('setup', { token: 'aaaa-bbbb', ...first })).status)
    assert.deepEqual(seen, [403, 403, 403, 403, 429, 429])
    assert.equal((await nobody.post('setup', { token: token(), ...first })).status, 429)
  })

  it('is over when somebody was added at the terminal, and its token with it', async () => {
    const file = setUp.tokenFile() ?? ''
    const kept = token()
    await addUser(parts.usersFile, { name: 'egon', role: 'engineer', password }, Date.now())
    parts.access.refresh()
    assert.equal((await nobody.post('setup', { token: kept, user: 'eve', password })).status, 410)
    assert.equal(existsSync(file), false)
    assert.equal((await nobody.post('login', first)).status, 200)
  })

  it('begins anew with another token after a restart', async () => {
    const before = token()
    setUp.close()
    assert.equal(setUp.tokenFile() === undefined || !existsSync(setUp.tokenFile() ?? ''), true)
    setUp = open()
    assert.notEqual(token(), before)
  })
})

describe('a start with accounts', () => {
  it('offers no set-up, and removes a token that an earlier run left', async () => {
    const rig = await startRig()
    const setUp = openSetUp({ access: rig.access, usersFile: rig.usersFile, onAudit: () => {} })
    assert.equal(setUp.isOpen(), false)
    assert.equal(setUp.tokenFile(), undefined)
    const seen = await rig.nobody.post('setup', { token: 'x', user: 'eve', password })
    assert.equal(seen.status, 410)
    await rm(rig.usersFile)
    rig.access.refresh()
    assert.equal((await rig.nobody.get('site')).body.setup, false, 'a lost file is no first start')
    await rig.stop()
  })
})
