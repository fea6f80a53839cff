// Several people at once: of two confirmations one counts, nobody approves their own order, and whoever leaves takes their
// confirmation along. And a service that is told to stop cuts nothing in half.

import assert from 'node:assert/strict'
import { readCopy, untilRecord } from './journal-file.ts'
import { confirm, confirmShown, propose, switchTo, untilEnded, untilReady } from './persons.ts'
import { assertNeverBothActive, patienceMs, type Rig, startRig } from './rig.ts'

const togetherMs = 10

describe('Two people in front of one proposal', function () {
  this.timeout(60_000)
  let rig: Rig
  before(async () => {
    rig = await startRig()
  })
  after(() => rig.stop())
  afterEach(() => assertNeverBothActive(rig))

  it('confirm within 10 ms: one counts, the other is told so', async () => {
    const proposal = await propose(rig, 'B')
    await Promise.all([rig.token('anna'), rig.token('bert')])
    const sinceMs = performance.now()
    const answers = [confirm(rig, proposal), confirm(rig, proposal, { user: 'bert' })]
    assert.ok(performance.now() - sinceMs < togetherMs)
    const statuses = (await Promise.all(answers)).map(({ status }) => status)
    assert.deepEqual(statuses.sort(), [200, 409])
    assert.equal((await untilEnded(rig, proposal.id)).outcome, 'done')
    assert.equal(rig.active(), 'B')
    const confirmations = readCopy(rig.journal).filter(({ kind }) => kind === 'confirmation')
    assert.equal(confirmations.length, 1)
  })

  it('cannot be an observer, who may neither order nor confirm', async () => {
    await untilReady(rig)
    const order = { pair: 'intake', to: 'A', reason: 'try' }
    assert.equal((await rig.order('switchovers', order, 'olga')).status, 403)
    const proposal = await propose(rig, 'A')
    assert.equal((await confirm(rig, proposal, { user: 'olga' })).status, 403)
    assert.equal(rig.active(), 'B')
    await rig.order(`switchovers/${proposal.id}/reject`, { reason: 'enough' })
  })

  it('who confirms and logs out at once is done before, or undone, and never half way', async () => {
    const proposal = await propose(rig, 'A')
    await confirmShown(rig, proposal)
    await rig.logOut('anna')
    const ended = await untilEnded(rig, proposal.id)
    assert.ok(['done', 'revoked'].includes(ended.outcome), `${ended.outcome}: ${ended.text}`)
    assert.equal(rig.active(), ended.outcome === 'done' ? 'A' : 'B')
  })
})

describe('A pair that needs two people', function () {
  this.timeout(60_000)
  let rig: Rig
  before(async () => {
    rig = await startRig({ policy: { second_person: true } })
  })
  after(() => rig.stop())
  afterEach(() => assertNeverBothActive(rig))

  it('is switched by anna only when bert approves with his own password', async () => {
    const password = 'correct horse battery staple'
    const proposal = await propose(rig, 'B')
    const alone = await confirm(rig, proposal)
    assert.equal(alone.status, 403, alone.text)
    const herself = { approver: { user: 'anna', password } }
    const own = await confirm(rig, proposal, { more: herself })
    assert.equal(own.status, 403, own.text)
    const byProposer = await confirm(rig, proposal, { user: 'bert', more: herself })
    assert.equal(byProposer.status, 403, byProposer.text)
    assert.match(byProposer.text, /anna ordered it/)
    assert.equal(rig.active(), 'A')
    const approver = { user: 'bert', password }
    const both = await confirm(rig, proposal, { more: { approver } })
    assert.equal(both.status, 200, both.text)
    assert.equal((await untilEnded(rig, proposal.id)).outcome, 'done')
    assert.equal(rig.active(), 'B')
  })
})

describe('A supervisor that is told to stop', function () {
  this.timeout(60_000)
  let rig: Rig
  before(async () => {
    rig = await startRig()
  })
  after(() => rig.stop())
  afterEach(() => assertNeverBothActive(rig))

  const lastEnd = () => readCopy(rig.journal).findLast(({ kind }) => kind === 'ended')?.data.outcome

  it('aborts a proposal that waits, and holds nothing at its next start', async () => {
    await propose(rig, 'B')
    rig.service.signal('SIGTERM')
    assert.deepEqual(await rig.service.ended, { code: 0, signal: null })
    assert.equal(lastEnd(), 'aborted')
    assert.equal(rig.active(), 'A')
    await rig.restart()
    assert.equal((await untilReady(rig)).held, undefined)
  })

  it('lets a switchover that moves the plant come to its end first', async () => {
    const proposal = await propose(rig, 'B')
    await confirmShown(rig, proposal)
    await rig.waitFor('the demote', () => rig.real().units.A.opcode === 'OPERATE')
    rig.service.signal('SIGTERM')
    assert.deepEqual(await rig.service.ended, { code: 0, signal: null })
    assert.equal(lastEnd(), 'done')
    assert.equal(rig.active(), 'B')
    await rig.restart()
    await switchTo(rig, 'A')
  })

  it('cuts nothing in half while the confirmation is on its way', async () => {
    const proposal = await propose(rig, 'B')
    const seen = untilRecord(
      rig.journal,
      ({ kind, data }) => {
        return kind === 'confirmation' && data.id === proposal.id
      },
      patienceMs,
    )
    await confirmShown(rig, proposal)
    assert.ok(await seen)
    rig.service.signal('SIGTERM')
    assert.deepEqual(await rig.service.ended, { code: 0, signal: null })
    const outcome = lastEnd()
    assert.ok(outcome === 'done' || outcome === 'aborted', String(outcome))
    assert.equal(rig.active(), outcome === 'done' ? 'B' : 'A')
    await rig.restart()
    assert.equal((await untilReady(rig)).held, undefined)
  })
})
