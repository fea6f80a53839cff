import assert from 'node:assert/strict'
import { type AccessRole, accessRoles } from '../../src/core/plant.ts'
import { orderRights } from '../../src/serve/rights.ts'
import type { WebParts } from '../../src/serve/web/parts.ts'
import { routesOf } from '../../src/serve/web/routes.ts'
import { buildWeb } from '../../src/serve/web/server.ts'
import { type Client, noSelf, password, people, type Rig, startRig } from './fixture.ts'

type Row = { readonly lowest: AccessRole | 'public'; readonly good: number; readonly body?: object }
const reason = 'work order 88121'

// Written out once more on purpose: a right that slips in the route table must fail here.
const matrix: Readonly<Record<string, Row>> = {
  // Without a folder there are no pages; what is said of that is for everybody.
  'GET /': { lowest: 'public', good: 503 },
  'GET /healthz': { lowest: 'public', good: 200 },
  'GET /readyz': { lowest: 'public', good: 200 },
  'POST /api/v1/login': { lowest: 'public', good: 401, body: { user: 'zoe', password: 'x' } },
  'GET /api/v1/site': { lowest: 'public', good: 200 },
  'POST /api/v1/setup': {
    lowest: 'public',
    good: 410,
    body: { token: 'x', user: 'eve', password: 'x' },
  },
  'POST /api/v1/session/active': { lowest: 'observer', good: 200 },
  'POST /api/v1/session/unlock': { lowest: 'observer', good: 200, body: { password } },
  'GET /api/v1/sessions': { lowest: 'observer', good: 200 },
  'POST /api/v1/sessions/:id/end': { lowest: 'observer', good: 200 },
  'POST /api/v1/logout': { lowest: 'observer', good: 204 },
  'POST /api/v1/switchovers': {
    lowest: 'operator',
    good: 201,
    body: { pair: 'intake', to: 'B', reason },
  },
  'POST /api/v1/switchovers/:id/confirm': {
    lowest: 'operator',
    good: 200,
    body: { evidenceHash: 'e1' },
  },
  'POST /api/v1/switchovers/:id/extend': { lowest: 'operator', good: 200 },
  'POST /api/v1/switchovers/:id/reject': { lowest: 'operator', good: 200 },
  'POST /api/v1/switchovers/:id/abort': { lowest: 'operator', good: 200 },
  'POST /api/v1/pairs/:pair/lockout': {
    lowest: 'operator',
    good: 200,
    body: { on: true, reason },
  },
  'POST /api/v1/pairs/:pair/units/:unit/out-of-service': {
    lowest: 'supervisor',
    good: 200,
    body: { on: true, reason },
  },
  'POST /api/v1/pairs/:pair/units/:unit/qualified': {
    lowest: 'supervisor',
    good: 200,
    body: { reason },
  },
  'POST /api/v1/pairs/:pair/resolve': {
    lowest: 'supervisor',
    good: 200,
    body: { way: 'resume', reason },
  },
  'POST /api/v1/alarms/:id/ack': { lowest: 'operator', good: 200 },
  'POST /api/v1/alarms/:id/shelve': {
    lowest: 'operator',
    good: 200,
    body: { minutes: 30, reason },
  },
  'POST /api/v1/alarms/:id/comment': {
    lowest: 'operator',
    good: 200,
    body: { comment: 'electrician called' },
  },
  'POST /api/v1/alarms/:id/out-of-service': {
    lowest: 'supervisor',
    good: 200,
    body: { on: true, reason },
  },
  'GET /api/v1/session': { lowest: 'observer', good: 200 },
  'GET /api/v1/plant': { lowest: 'observer', good: 200 },
  'GET /api/v1/pairs/:pair': { lowest: 'observer', good: 200 },
  'GET /api/v1/alarms': { lowest: 'observer', good: 200 },
  'GET /api/v1/alarms/rates': { lowest: 'observer', good: 200 },
  'GET /api/v1/history': { lowest: 'observer', good: 400 },
  'GET /api/v1/journal': { lowest: 'observer', good: 200 },
  'GET /api/v1/switchovers/:id': { lowest: 'observer', good: 404 },
  'GET /api/v1/handover': { lowest: 'observer', good: 200 },
  'POST /api/v1/handover': { lowest: 'operator', good: 200, body: { seen: 40 } },
  'GET /metrics': { lowest: 'observer', good: 200 },
  'GET /api/v1/system': { lowest: 'observer', good: 200 },
  'GET /api/v1/pairs/:pair/device/:unit': { lowest: 'observer', good: 503 },
  'GET /api/v1/ups/:ups/device': { lowest: 'observer', good: 503 },
  'GET /api/v1/openapi.json': { lowest: 'observer', good: 200 },
  'GET /api/v1/events': { lowest: 'observer', good: 200 },
}

describe('the right of every route', () => {
  let rig: Rig
  before(async () => {
    rig = await startRig({ loginsPerMinute: 1_000 })
  })
  after(() => rig.stop())

  it('is written down for every route of the table, and for none that is not there', () => {
    const streams = { refusal: () => undefined, open: () => {}, close: () => {} }
    const routes = routesOf({ streams } as unknown as WebParts)
    assert.deepEqual(
      routes.map(({ method, path }) => `${method} ${path}`).sort(),
      Object.keys(matrix).sort(),
    )
    for (const { method, path, right } of routes) {
      const role = right === 'public' ? right : orderRights[right]
      assert.equal(role, matrix[`${method} ${path}`]?.lowest, path)
    }
  })

  for (const [route, row] of Object.entries(matrix)) {
    if (row.lowest !== 'public') {
      it(`${route} answers nobody without a session`, async () => {
        assert.equal(await statusOf(rig.nobody, route, row.body), 401)
      })
    } else {
      it(`${route} needs no session`, async () => {
        assert.equal(await statusOf(rig.nobody, route, row.body), row.good)
      })
      continue
    }
    for (const role of accessRoles) {
      const may = accessRoles.indexOf(role) >= accessRoles.indexOf(row.lowest)
      it(`${route} ${may ? 'answers' : 'refuses'} the ${role}`, async () => {
        const client = await rig.login(people[role])
        const before = rig.orders.length
        assert.equal(await statusOf(client, route, row.body), may ? row.good : 403)
        if (!may) assert.equal(rig.orders.length, before)
        if (route !== 'POST /api/v1/logout') await client.post('logout')
      })
    }
  }

  it('depends on the body where one address orders two things', async () => {
    const anna = await rig.login('anna')
    const off = await anna.post('pairs/intake/lockout', { on: false, reason })
    assert.equal(off.status, 403)
    assert.match(String(off.error.text), /"lockout off" needs the role supervisor/)
    const overrides = ['no batch running']
    const order = { pair: 'intake', to: 'B', reason, overrides }
    assert.equal((await anna.post('switchovers', order)).status, 403)
    const bert = await rig.login('bert')
    assert.equal((await bert.post('pairs/intake/lockout', { on: false, reason })).status, 200)
    assert.equal((await bert.post('switchovers', order)).status, 201)
  })

  it('is missing from a route that somebody adds and forgets, and so it is refused', async () => {
    const { board, access, inbox } = rig
    const app = await buildWeb({
      ...{ host: '127.0.0.1', port: 0, board, access, inbox, pairNames: [] },
      onAudit: () => {},
      journal: { read: () => [], head: () => ({ seq: 0, hash: '' }) },
      self: noSelf,
      about: { site: 'Westhaven', version: '1' },
    })
    app.get('/api/v1/forgotten', async () => 'secret')
    app.get('/api/v1/invented', { config: { right: 'everything' } }, async () => 'secret')
    const { token } = await rig.login('egon')
    for (const url of ['/api/v1/forgotten', '/api/v1/invented']) {
      const headers = { host: 'localhost' }
      assert.equal((await app.inject({ url, headers })).statusCode, 401)
      const authorization = `Bearer ${token}`
      const seen = await app.inject({ url, headers: { ...headers, authorization } })
      assert.equal(seen.statusCode, 403)
      assert.match(seen.body, /not declared/)
    }
    await app.close()
  })

  it('is not asked of an address that does not exist, which is just not found', async () => {
    assert.equal((await rig.nobody.get('/api/v1/nothing')).status, 404)
    assert.equal((await rig.nobody.get('/etc/passwd')).status, 404)
  })
})

async function statusOf(client: Client, route: string, body?: object): Promise<number> {
  const [method, path = ''] = route.split(' ')
  const own = path.includes('sessions/') && String((await client.get('session')).body.session)
  const address = path
    .replace(':pair', 'intake')
    .replace(':ups', 'ups-1')
    .replace(':unit', 'B')
    .replace(':id', own || 'S1')
  if (address.endsWith('/events')) {
    const stream = await client.events()
    stream.close()
    return stream.status
  }
  return (await (method === 'GET' ? client.get(address) : client.post(address, body))).status
}
