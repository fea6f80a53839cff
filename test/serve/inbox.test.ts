import assert from 'node:assert/strict'
import type { OrderBody } from '../../src/core/cycle.ts'
import { openInbox } from '../../src/serve/inbox.ts'
import { personOf } from './fixture.ts'

const extend: OrderBody = { kind: 'extend', switchover: 'S1' }
const anna = personOf('operator')

describe('the inbox', () => {
  it('hands an order out once, oldest first, and gives its answer to whoever waits', async () => {
    const inbox = openInbox()
    const first = inbox.submit(extend, anna)
    const second = inbox.submit({ kind: 'reject', switchover: 'S1', reason: '' }, anna)
    const orders = inbox.take()
    assert.deepEqual(
      orders.map((order) => order.kind),
      ['extend', 'reject'],
    )
    assert.deepEqual(inbox.take(), [])
    inbox.answer(orders.map(({ id, kind }) => ({ orderId: id, code: 'accepted', text: kind })))
    assert.equal((await first).text, 'extend')
    assert.equal((await second).text, 'reject')
    assert.equal(inbox.open(), 0)
  })

  it('gives at most the orders of one cycle to one cycle', () => {
    const inbox = openInbox({ perCycle: 2 })
    for (let count = 0; count < 5; count++) void inbox.submit(extend, anna)
    assert.deepEqual([inbox.take().length, inbox.take().length, inbox.take().length], [2, 2, 1])
  })

  it('answers busy when too many orders are open, taken ones included', async () => {
    const inbox = openInbox({ total: 3 })
    for (let count = 0; count < 3; count++) {
      void inbox.submit(extend, personOf('operator', `http ${count}`))
    }
    assert.equal(inbox.take().length, 3)
    const answer = await inbox.submit(extend, personOf('operator', 'http 9'))
    assert.equal(answer.code, 'busy')
    assert.match(answer.text, /nothing was done/)
    assert.equal(inbox.take().length, 0)
  })

  it('does not let one session fill the room of the others', async () => {
    const inbox = openInbox({ perSession: 2 })
    void inbox.submit(extend, personOf('operator', 'http 1'))
    void inbox.submit(extend, personOf('operator', 'http 1'))
    assert.equal((await inbox.submit(extend, personOf('operator', 'http 1'))).code, 'busy')
    void inbox.submit(extend, personOf('operator', 'http 2'))
    assert.equal(inbox.take().length, 3)
  })

  it('never loses the end of a session, however full it is', () => {
    const inbox = openInbox({ total: 1, waitMs: 10 })
    void inbox.submit(extend, anna)
    void inbox.submit({ kind: 'session-ended', user: 'anna' }, anna)
    assert.deepEqual(
      inbox.take().map(({ kind }) => kind),
      ['extend', 'session-ended'],
    )
  })

  it('answers an order that waited too long instead of having it carried out late', async () => {
    let nowMs = 0
    const inbox = openInbox({ waitMs: 3_000 }, () => nowMs)
    const late = inbox.submit(extend, anna)
    nowMs = 2_000
    void inbox.submit({ kind: 'abort', switchover: 'S1', reason: '' }, anna)
    nowMs = 3_001
    assert.deepEqual(
      inbox.take().map(({ kind }) => kind),
      ['abort'],
    )
    assert.equal((await late).code, 'busy')
    assert.match((await late).text, /not looked at within 3 s; nothing was done/)
  })

  it('refuses an order that the role does not hold before the cycle sees it', async () => {
    const inbox = openInbox()
    const answer = await inbox.submit(extend, personOf('observer'))
    assert.equal(answer.code, 'forbidden')
    assert.equal(inbox.take().length, 0)
  })

  it('answers everything that waits when the service stops, and all that comes later', async () => {
    const inbox = openInbox({ perCycle: 1 })
    const taken = inbox.submit(extend, anna)
    const waiting = inbox.submit(extend, anna)
    inbox.take()
    inbox.close()
    assert.match((await taken).text, /already being looked at/)
    assert.match((await waiting).text, /stopping; nothing was done/)
    assert.equal((await inbox.submit(extend, anna)).code, 'busy')
    assert.equal(inbox.open(), 0)
  })

  it('fails loudly when an order is answered that was never taken, or twice', () => {
    const inbox = openInbox()
    void inbox.submit(extend, anna)
    const answers = inbox
      .take()
      .map(({ id }) => ({ orderId: id, code: 'accepted' as const, text: '' }))
    inbox.answer(answers)
    assert.throws(() => inbox.answer(answers), /not open/)
  })
})
