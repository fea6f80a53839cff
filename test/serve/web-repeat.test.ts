import assert from 'node:assert/strict'
import { type Client, type Rig, startRig } from './fixture.ts'

const good = { pair: 'intake', to: 'B', reason: 'work order 88121' }

describe('orders sent again with the same key', () => {
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

  const key = (value: string) => ({ 'idempotency-key': value })

  it('are given once and answered the same', async () => {
    let count = 0
    rig.answerWith = () => {
      count += 1
      return { code: 'accepted', text: `order ${count}`, switchover: `S${count}` }
    }
    const first = await anna.post('switchovers', good, key('k1'))
    const again = await anna.post('switchovers', good, key('k1'))
    assert.equal(count, 1)
    assert.deepEqual([again.status, again.body], [first.status, first.body])
    await bert.post('switchovers', good, key('k1'))
    assert.equal(count, 2, 'the key of another session is another key')
  })

  it('are given once even when both are under way at the same time', async () => {
    const before = rig.orders.length
    const both = await Promise.all([
      anna.post('switchovers/S1/extend', undefined, key('k2')),
      anna.post('switchovers/S1/extend', undefined, key('k2')),
    ])
    assert.deepEqual(
      both.map(({ status }) => status),
      [200, 200],
    )
    assert.equal(rig.orders.length, before + 1)
  })

  it('but for something else are refused', async () => {
    await anna.post('switchovers', good, key('k3'))
    const before = rig.orders.length
    const other = await anna.post('switchovers', { ...good, to: 'A' }, key('k3'))
    assert.equal(other.status, 409)
    assert.equal(other.error.code, 'key-reused')
    const elsewhere = await anna.post('switchovers/S1/abort', {}, key('k3'))
    assert.equal(elsewhere.status, 409)
    assert.equal(rig.orders.length, before)
  })

  it('get the answer that came after the first one had given up waiting', async () => {
    let held: string | undefined
    rig.answerWith = ({ id }) => {
      held = id
      return undefined
    }
    const first = await anna.post('switchovers/S1/extend', undefined, key('k4'))
    assert.equal(first.status, 504)
    rig.inbox.answer([{ orderId: held ?? '', code: 'expired', text: 'too late' }])
    const again = await anna.post('switchovers/S1/extend', undefined, key('k4'))
    assert.equal(again.status, 410)
  })

  it('may be mended when the first one was refused at the door', async () => {
    const wrong = { ...good, pair: 'intak' }
    assert.equal((await anna.post('switchovers', wrong, key('k5'))).status, 404)
    assert.equal((await anna.post('switchovers', good, key('k5'))).status, 201)
  })

  it('need a key that can be read', async () => {
    const seen = await anna.post('switchovers', good, key('x'.repeat(201)))
    assert.equal(seen.status, 400)
  })
})
