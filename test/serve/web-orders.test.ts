import assert from 'node:assert/strict'
import type { AnswerCode } from '../../src/core/cycle.ts'
import { type Client, password, type Rig, startRig, waitFor } from './fixture.ts'
import { evidenceOf, pairOf, proposedPair, viewOf } from './view.ts'

const reason = 'work order 88121'
const good = { pair: 'intake', to: 'B', reason }

describe('orders over HTTP', () => {
  let rig: Rig
  let anna: Client
  let bert: Client
  before(async () => {
    rig = await startRig({ answerMs: 300 })
    anna = await rig.login('anna')
    bert = await rig.login('bert')
  })
  after(() => rig.stop())
  beforeEach(() => {
    rig.answerWith = () => ({ code: 'accepted', text: 'done', switchover: 'S1' })
  })

  it('become one order of the person who is logged in', async () => {
    const seen = await anna.post('switchovers', good)
    assert.equal(seen.status, 201)
    assert.deepEqual(seen.body, { id: 'S1', text: 'done' })
    const order = rig.orders.at(-1)
    assert.equal(order?.by.name, 'anna')
    assert.equal(order?.by.role, 'operator')
    assert.match(order?.by.via ?? '', /^http [0-9a-f]{6}$/)
    const { id: _, by: __, ...body } = order ?? {}
    assert.deepEqual(body, { kind: 'prepare', ...good, dryRun: false, overrides: [] })
  })

  it('that only try are answered with what stands in the way, and start nothing', async () => {
    rig.answerWith = () => ({ code: 'accepted', text: 'ready' })
    const seen = await anna.post('switchovers', { ...good, dryRun: true })
    assert.equal(seen.status, 200)
    assert.deepEqual(seen.body, { text: 'ready', obstacles: [] })
  })

  const statuses: readonly (readonly [Exclude<AnswerCode, 'accepted'>, number])[] = [
    ['obstacles', 422],
    ['evidence-changed', 409],
    ['busy', 409],
    ['expired', 410],
    ['forbidden', 403],
    ['not-found', 404],
    ['invalid', 400],
  ]
  for (const [code, status] of statuses) {
    it(`that the supervisor refuses with "${code}" are answered with ${status} and its reasons`, async () => {
      const more = {
        obstacles: [
          {
            ...{ gate: 'sync', weight: 'hard' as const, title: 'in sync', value: '12 s' },
            ...{ threshold: '30 s', clearsWhen: 'in sync for 18 s more' },
          },
        ],
        difference: ['role of B: standby, now none'],
        evidence: evidenceOf('e2'),
      }
      rig.answerWith = () => ({ code, text: 'because', ...more })
      const seen = await anna.post('switchovers/S1/confirm', { evidenceHash: 'e1' })
      assert.equal(seen.status, status)
      assert.deepEqual(seen.body, { error: { code, text: 'because', ...more } })
    })
  }

  it('with faults are answered once, with every fault, its field and what was expected', async () => {
    const before = rig.orders.length
    const seen = await anna.post('switchovers', { to: 'C', reason: 7, dryRun: 'no', force: true })
    assert.equal(seen.status, 400)
    assert.equal(
      seen.error.text,
      'pair: expected string; to: expected one of A, B; reason: expected string; dryRun: expected boolean; body: unknown field force',
    )
    assert.equal(rig.orders.length, before)
  })

  const bad: readonly (readonly [string, string, unknown])[] = [
    ['no body where one is needed', 'switchovers', undefined],
    ['a list', 'switchovers', []],
    ['text that would paint over a terminal', 'switchovers', { ...good, reason: 'a\u001b[2Jb' }],
    ['a reason of a thousand letters', 'switchovers', { ...good, reason: 'x'.repeat(1_000) }],
    ['a lockout without a reason', 'pairs/intake/lockout', { on: true, reason: '' }],
    ['a way out that does not exist', 'pairs/intake/resolve', { way: 'force', reason }],
    ['a confirmation of nothing', 'switchovers/S1/confirm', {}],
    ['half an approver', 'switchovers/S1/confirm', { evidenceHash: 'e', approver: { user: 'b' } }],
    ['a key that nobody knows', 'switchovers/S1/extend', { seconds: 60 }],
    ['a body on log-out', 'logout', { everybody: true }],
  ]
  for (const [what, path, body] of bad) {
    it(`with ${what} are refused as invalid`, async () => {
      const before = rig.orders.length
      const seen = await bert.post(path, body)
      assert.equal(seen.status, 400, seen.text)
      assert.equal(seen.error.code, 'invalid')
      assert.equal(rig.orders.length, before)
    })
  }

  it('for a pair that does not exist name the nearest one', async () => {
    for (const seen of [
      await bert.post('switchovers', { ...good, pair: 'intak' }),
      await bert.post('pairs/intak/lockout', { on: true, reason }),
      await bert.post('pairs/intak/resolve', { way: 'resume', reason }),
      await bert.post('pairs/intak/units/A/out-of-service', { on: true, reason }),
      await bert.get('pairs/intak'),
      await bert.get('journal?pair=intak'),
    ]) {
      assert.equal(seen.status, 404)
      assert.equal(seen.error.text, 'there is no pair "intak"; did you mean intake?')
    }
    const far = await bert.get('pairs/zzzzzzzzz')
    assert.match(String(far.error.text), /there are: intake, filters/)
    const unit = await bert.post('pairs/intake/units/C/out-of-service', { on: true, reason })
    assert.equal(unit.status, 404)
  })

  it('that get no answer say so, and that the state has to be read first', async () => {
    rig.answerWith = () => undefined
    const seen = await anna.post('switchovers/S1/extend')
    assert.equal(seen.status, 504)
    assert.match(String(seen.error.text), /may still carry the order out, so read the state/)
  })

  describe('that confirm', () => {
    const confirm = (client: Client, more: object) =>
      client.post('switchovers/S1/confirm', { evidenceHash: 'e1', ...more })
    const lastOrder = () => {
      const order = rig.orders.at(-1)
      assert(order?.kind === 'confirm')
      return order
    }

    it('carry the evidence, and no password', async () => {
      const more = { typedName: 'intake', reason }
      assert.equal((await confirm(anna, more)).status, 200)
      const { id: _, by: __, ...body } = lastOrder()
      const common = { kind: 'confirm', switchover: 'S1', evidenceHash: 'e1' }
      assert.deepEqual(body, { ...common, ...more, reauthenticated: false })
    })

    it('count as re-authenticated only with the right password of the same person', async () => {
      assert.equal((await confirm(anna, { password })).status, 200)
      assert.equal(lastOrder().reauthenticated, true)
      assert.equal(JSON.stringify(lastOrder()).includes(password), false)
      const before = rig.orders.length
      const wrong = await confirm(anna, { password: 'not the right password' })
      assert.equal(wrong.status, 403)
      assert.match(String(wrong.error.text), /your password is not right; nothing was confirmed/)
      assert.equal(rig.orders.length, before)
    })

    it('carry the second person when that password is right', async () => {
      assert.equal((await confirm(anna, { approver: { user: 'bert', password } })).status, 200)
      const { approver, by } = lastOrder()
      assert.deepEqual(approver, { name: 'bert', role: 'supervisor', via: by.via })
    })

    it('are refused when the second person is the first, unknown, wrong, or may not confirm', async () => {
      const before = rig.orders.length
      const tries: readonly (readonly [object, RegExp])[] = [
        [{ user: 'anna', password }, /another account than anna/],
        [{ user: 'zoe', password }, /second person's name or password is not right/],
        [{ user: 'carl', password: 'guess' }, /second person's name or password is not right/],
        [{ user: 'olga', password }, /needs the role operator; olga has the role observer/],
      ]
      const fresh = await rig.login('bert')
      for (const [approver, text] of tries) {
        const client = text.source.includes('anna') ? anna : fresh
        const seen = await confirm(client, { approver })
        assert.equal(seen.status, 403)
        assert.match(String(seen.error.text), text)
      }
      assert.equal(rig.orders.length, before)
    })

    it('cannot be used to guess passwords, and a guesser delays nobody else', async () => {
      const fresh = await rig.login('bert')
      const guess = () => confirm(fresh, { approver: { user: 'carl', password: 'a guess' } })
      const seen: number[] = []
      for (let count = 0; count < 5; count++) seen.push((await guess()).status)
      assert.deepEqual(seen, [403, 403, 403, 403, 429])
      assert.equal((await confirm(anna, { approver: { user: 'carl', password } })).status, 200)
    })

    it('are void when the session ended while the password was checked', async () => {
      const leaving = await rig.login('bert')
      const before = rig.orders.filter(({ kind }) => kind === 'confirm').length
      const confirming = confirm(leaving, { password })
      await leaving.post('logout')
      assert.equal((await confirming).status, 401)
      assert.equal(rig.orders.filter(({ kind }) => kind === 'confirm').length, before)
    })
  })

  it('of a person who logs out are followed by the end of the session', async () => {
    const client = await rig.login('carl')
    assert.equal((await client.post('logout')).status, 204)
    await waitFor(() => rig.orders.at(-1)?.kind === 'session-ended')
    const order = rig.orders.at(-1)
    assert(order?.kind === 'session-ended')
    assert.equal(order.user, 'carl')
    assert.equal((await client.get('plant')).status, 401)
  })

  it('leave what is shown as the supervisor publishes it', async () => {
    const ended = {
      ...({ id: 'S0', kind: 'planned', outcome: 'done', text: 'B is primary' } as const),
      ...{ endedWallMs: 1_772_000_000_000, steps: [] },
    }
    const filters = pairOf('filters', { lastEnded: [ended] })
    const view = viewOf({ cycle: 2, pairs: [proposedPair('S1'), filters] })
    rig.board.publish(view)
    assert.deepEqual((await anna.get('plant')).body, view)
    assert.deepEqual((await anna.get('pairs/filters')).body, filters)
    assert.deepEqual((await anna.get('alarms')).body, [])
    const { switchover } = proposedPair('S1')
    const found = await anna.get('switchovers/S1')
    assert.deepEqual(found.body, { pair: 'intake', switchover })
    assert.deepEqual((await anna.get('switchovers/S0')).body, { pair: 'filters', ended })
    assert.equal((await anna.get('switchovers/S9')).status, 404)
  })

  it('stand in the journal, which is read page by page', async () => {
    const seqs = async (query: string) => {
      const { body } = await anna.get(`journal${query}`)
      assert.deepEqual(body.head, { seq: 40, hash: 'ab'.repeat(32) })
      return (body.records as { seq: number }[]).map(({ seq }) => seq)
    }
    assert.deepEqual(await seqs('?after=10&limit=3'), [11, 12, 13])
    assert.deepEqual(await seqs('?limit=2'), [39, 40])
    assert.deepEqual(await seqs('?after=0&limit=2&pair=filters'), [2, 4])
    assert.deepEqual(await seqs('?before=39&limit=2'), [37, 38])
    assert.deepEqual(await seqs('?before=2&limit=2'), [1])
    assert.deepEqual(await seqs('?before=10&limit=2&pair=filters'), [6, 8])
    assert.deepEqual(await seqs('?after=10&before=13&limit=5'), [11, 12])
    assert.deepEqual(await seqs('?limit=2&pair=filters'), [38, 40])
    for (const query of [
      '?limit=0',
      '?limit=9999',
      '?after=-1',
      '?before=0',
      '?after=x',
      '?from=1',
    ]) {
      assert.equal((await anna.get(`journal${query}`)).status, 400, query)
    }
  })
})
