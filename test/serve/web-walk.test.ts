// Walks the route table: whatever is added to it meets these rules, or a test fails.

import assert from 'node:assert/strict'
import { type AccessRole, accessRoles } from '../../src/core/plant.ts'
import { orderRights } from '../../src/serve/rights.ts'
import { commandsIdleMs } from '../../src/serve/sessions.ts'
import type { ApiRow } from '../../src/serve/web/parts.ts'
import { apiRows } from '../../src/serve/web/routes.ts'
import { bumpless } from '../cli/command.ts'
import { clientOf, password, people, type Rig, type Seen, startRig } from './fixture.ts'

const guarded = apiRows.filter(({ right }) => right !== 'public')
const orders = guarded.filter(({ method }) => method === 'POST')
const nameOf = ({ method, path }: ApiRow): string => `${method} ${path}`

/** Bodies that a route takes; one that is missing here would be refused as invalid, and its test would fail. */
const bodies: Readonly<Record<string, object>> = {
  'POST /api/v1/switchovers': { pair: 'intake', to: 'B' },
  'POST /api/v1/switchovers/:id/confirm': { evidenceHash: 'e1' },
  'POST /api/v1/session/unlock': { password },
  'POST /api/v1/handover': { seen: 40 },
  'POST /api/v1/alarms/:id/shelve': { minutes: 30, reason: 'card is replaced' },
  'POST /api/v1/alarms/:id/comment': { comment: 'electrician called' },
  'POST /api/v1/pairs/:pair/resolve': { way: 'resume', reason: 'looked at it' },
  'POST /api/v1/pairs/:pair/units/:unit/qualified': { reason: 'looked at it' },
}
const bodyOf = (row: ApiRow): object =>
  bodies[nameOf(row)] ?? (/lockout|out-of-service/.test(row.path) ? { on: true, reason: 'x' } : {})

describe('every request of the route table', () => {
  let rig: Rig
  const clock = { ms: 0 }
  const cookies: Partial<Record<AccessRole | 'desk', string>> = {}
  before(async () => {
    rig = await startRig({ loginsPerMinute: 1_000, requestsPerMinute: 10_000 }, () => clock.ms)
    for (const role of accessRoles) cookies[role] = await browse(people[role])
    cookies.desk = await browse('egon', true)
  })
  after(() => rig.stop())

  const ours = () => ({ origin: rig.web.url, 'x-bumpless': '1' })
  const browse = async (user: string, desk = false): Promise<string> => {
    const seen = await rig.nobody.post('login', { user, password, cookie: true, desk }, ours())
    return (seen.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  }
  const send = async (row: ApiRow, headers: Record<string, string>): Promise<Seen> => {
    const address = row.path.replace(':pair', 'intake').replace(':unit', 'B').replace(':id', 'S1')
    return row.method === 'GET'
      ? rig.nobody.get(address, headers)
      : rig.nobody.post(address, bodyOf(row), headers)
  }
  const as = (who: AccessRole | 'desk') => ({ ...ours(), cookie: cookies[who] ?? '' })
  const assertNothingOrdered = (): void =>
    assert.deepEqual(
      rig.orders.filter(({ kind }) => kind !== 'session-ended'),
      [],
    )

  for (const row of guarded) {
    it(`${nameOf(row)} is refused without a session, with a made-up token and with a made-up cookie`, async () => {
      const made = 'x'.repeat(43)
      for (const headers of [
        {},
        { authorization: `Bearer ${made}` },
        { cookie: `bumpless=${made}` },
      ]) {
        const seen = await send(row, headers)
        assert.deepEqual([seen.status, seen.error.code], [401, 'not-logged-in'])
      }
      assertNothingOrdered()
    })

    const right = row.right as keyof typeof orderRights
    const tooLow = accessRoles[accessRoles.indexOf(orderRights[right]) - 1]
    if (tooLow !== undefined) {
      it(`${nameOf(row)} is refused to the ${tooLow}, who is told which role it needs`, async () => {
        const seen = await send(row, as(tooLow))
        assert.deepEqual([seen.status, seen.error.code], [403, 'forbidden'])
        assert.match(String(seen.error.text), new RegExp(`needs the role ${orderRights[right]}`))
        assertNothingOrdered()
      })
    }
  }

  for (const row of orders) {
    it(`${nameOf(row)} is refused with a cookie that does not come from our own page`, async () => {
      const { cookie } = as('engineer')
      for (const headers of [{ cookie }, { ...ours(), cookie, origin: 'https://evil.example' }]) {
        assert.equal((await send(row, headers)).status, 403)
      }
      assertNothingOrdered()
    })

    if (row.path.endsWith('/logout')) continue
    it(`${nameOf(row)} is refused to a desk`, async () => {
      const seen = await send(row, as('desk'))
      assert.deepEqual([seen.status, seen.error.code], [403, 'forbidden'])
      assertNothingOrdered()
    })

    if (row.path.endsWith('/unlock')) continue
    it(`${nameOf(row)} is refused while the session is locked`, async () => {
      clock.ms += commandsIdleMs
      const seen = await send(row, as('engineer'))
      assert.deepEqual([seen.status, seen.error.code], [401, 'locked'])
      assert.equal(
        (await rig.nobody.post('session/unlock', { password }, as('engineer'))).status,
        200,
      )
      assertNothingOrdered()
    })
  }

  it('that orders something orders it once, however often a bad line repeats it', async () => {
    const { token } = await rig.login('egon')
    const egon = clientOf(rig.web.url, token)
    for (const row of orders.filter(({ right }) => right !== 'view')) {
      const before = rig.orders.length
      const headers = {
        authorization: `Bearer ${egon.token}`,
        'idempotency-key': nameOf(row).replaceAll(' ', '-'),
      }
      const first = await send(row, headers)
      const second = await send(row, headers)
      assert(first.status < 300, `${nameOf(row)}: ${first.text}`)
      assert.deepEqual([second.status, second.body], [first.status, first.body], nameOf(row))
      assert.equal(rig.orders.length - before, 1, nameOf(row))
    }
  })
})

describe('the OpenAPI document', () => {
  let rig: Rig
  type Operation = {
    readonly summary: string
    readonly 'x-right': string
    readonly parameters?: readonly { readonly name: string; readonly in: string }[]
    readonly requestBody?: { readonly content: object }
    readonly responses: Readonly<Record<string, object>>
  }
  let paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  before(async () => {
    rig = await startRig()
    const { body } = await (await rig.login('olga')).get('openapi.json')
    assert.equal(body.openapi, '3.1.0')
    paths = body.paths as typeof paths
  })
  after(() => rig.stop())

  for (const row of apiRows) {
    it(`has ${nameOf(row)} with its right, what it takes and what it answers`, () => {
      const operation = paths[row.path.replaceAll(/:(\w+)/g, '{$1}')]?.[row.method.toLowerCase()]
      assert(operation !== undefined)
      assert.equal(operation['x-right'], row.right)
      assert(operation.summary.length > 10)
      assert.deepEqual(Object.keys(operation.responses), [
        String(row.handler.status ?? 200),
        'default',
      ])
      const inPath = operation.parameters
        ?.filter((one) => one.in === 'path')
        .map(({ name }) => name)
      assert.deepEqual(
        inPath ?? [],
        [...row.path.matchAll(/:(\w+)/g)].map(([, name]) => name),
      )
      assert.equal(operation.requestBody !== undefined, row.method === 'POST')
    })
  }

  it('is the same that the terminal prints without a service', async () => {
    const { code, out } = await bumpless({ PATH: process.env.PATH }, ['openapi'])
    assert.equal(code, 0)
    assert.deepEqual(JSON.parse(out).paths, paths)
  })

  it('has nothing else', () => {
    const count = Object.values(paths).flatMap((path) => Object.keys(path)).length
    assert.equal(count, apiRows.length)
  })

  it('says of a body exactly what the service takes', async () => {
    const json = JSON.stringify(paths['/api/v1/switchovers']?.post?.requestBody?.content)
    assert.match(json, /"additionalProperties":false/)
    assert.match(json, /"required":\["pair","to"\]/)
    assert.match(json, /"enum":\["A","B"\]/)
  })
})
