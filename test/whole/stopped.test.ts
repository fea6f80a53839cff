// A switchover that fails between the demote and the promote stops and asks. It never goes back or on by itself; each way out is
// ordered, and confirmed anew.

import assert from 'node:assert/strict'
import { confirmShown, propose, resolve, switchTo, untilEnded, untilReady } from './persons.ts'
import { assertNeverBothActive, type Rig, startRig } from './rig.ts'

/** The unit that is to be promoted breaks as soon as the demote is done. */
const afterDemote = { when: { unit: 'intake.A', opcode: 'OPERATE' } }

describe('A switchover that fails after the demote', function () {
  this.timeout(120_000)
  let rig: Rig
  beforeEach(async () => {
    rig = await startRig()
  })
  afterEach(async () => {
    try {
      assertNeverBothActive(rig)
    } finally {
      await rig.stop()
    }
  })

  const breakPromote = async (fault: string, more: object = {}): Promise<string> => {
    await untilReady(rig)
    const id = await rig.fault('intake.B', fault, { ...afterDemote, ...more })
    const proposal = await propose(rig, 'B')
    await confirmShown(rig, proposal)
    const ended = await untilEnded(rig, proposal.id)
    assert.equal(ended.outcome, 'stopped', ended.text)
    await assertStopped()
    return id
  }

  const assertStopped = async (): Promise<void> => {
    await rig.untilPair('the pair to be stopped', ({ phase }) => phase === 'stopped')
    await rig.waitFor('the alarm', async () => {
      const { alarms } = await rig.view()
      const told = alarms.map(({ condition }) => condition).join('; ')
      // An alarm that is raised while the way out is confirmed counts as a change of what was shown.
      const nobody = rig.active() !== 'nobody' || told.includes('no unit is primary')
      return told.includes('the switchover stopped half way') && nobody
    })
    const { writeFrames } = rig.truth()
    for (const to of ['A', 'B']) {
      const answer = await rig.order('switchovers', { pair: 'intake', to, reason: 'now' })
      assert.equal(answer.status, 409, `a new order to ${to}: ${JSON.stringify(answer)}`)
      assert.match(answer.text, /retry, restore or adopt/)
    }
    assert.equal(rig.truth().writeFrames, writeFrames)
  }

  it('because B refuses is retried once B is mended, and B takes over', async () => {
    const fault = await breakPromote('refuses_command', { opcode: 'SELECT' })
    assert.equal(rig.active(), 'nobody')
    await rig.plant.clearFault(fault)
    const ended = await resolve(rig, 'retry')
    assert.equal(ended.outcome, 'done', ended.text)
    assert.equal(rig.active(), 'B')
    await switchTo(rig, 'A')
  })

  it('because B acknowledges and does nothing is restored to A', async () => {
    await breakPromote('acks_not_act')
    assert.equal(rig.active(), 'nobody')
    const ended = await resolve(rig, 'restore')
    assert.equal(ended.outcome, 'done', ended.text)
    assert.equal(rig.active(), 'A')
  })

  it('because B lost its interlock is adopted after somebody took over at the panel', async () => {
    await breakPromote('interlock_lost')
    await rig.plant.action({ target: 'intake.A', action: 'take_over' })
    await rig.untilPair('A to be primary', ({ primary }) => primary === 'A')
    const ended = await resolve(rig, 'adopt')
    assert.equal(ended.outcome, 'done', ended.text)
    assert.equal(rig.active(), 'A')
  })

  it('because B died is restored to A while B is dead', async () => {
    await breakPromote('crash')
    const ended = await resolve(rig, 'restore')
    assert.equal(ended.outcome, 'done', ended.text)
    assert.equal(rig.active(), 'A')
  })

  it('because B acts late is not promoted at A before hard-wired proof, and ends with one primary', async () => {
    await breakPromote('acts_late', { ms: 1500 })
    await rig.waitFor('B to act late', () => rig.active() === 'B')
    const order = { way: 'restore', reason: 'A must have it' }
    const answer = await rig.order('pairs/intake/resolve', order, 'sven')
    assert.equal(answer.status, 422, JSON.stringify(answer))
    const ended = await resolve(rig, 'adopt')
    assert.equal(ended.outcome, 'done', ended.text)
    assert.equal(rig.active(), 'B')
  })
})

describe('A switchover that fails before its first step', function () {
  this.timeout(60_000)
  let rig: Rig
  before(async () => {
    rig = await startRig()
  })
  after(() => rig.stop())
  afterEach(() => assertNeverBothActive(rig))

  it('gives the selection back at once and leaves A as it was', async () => {
    await untilReady(rig)
    const when = { unit: 'intake.A', opcode: 'SELECT' }
    await rig.fault('intake.A', 'forced_io', { when })
    const proposal = await propose(rig, 'B')
    await confirmShown(rig, proposal)
    const ended = await untilEnded(rig, proposal.id)
    assert.equal(ended.outcome, 'revoked', ended.text)
    assert.equal(rig.active(), 'A')
    const { A, B } = rig.real().units
    assert.equal(A.selected, false, 'the selection was left standing')
    assert.equal(A.result, 'CANCELLED')
    assert.equal(B.opcode, 'CLAIM', 'B was only claimed')
  })
})
