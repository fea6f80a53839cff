// Observe-only: whatever people order and whatever breaks, no write ever leaves.

import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { assertNeverBothActive, type Rig, startRig } from './rig.ts'

const quietMs = 5000

describe('A plant that is only observed', function () {
  this.timeout(60_000)
  let rig: Rig
  before(async () => {
    rig = await startRig({ mode: 'observe' })
  })
  after(() => rig.stop())
  afterEach(() => assertNeverBothActive(rig))

  const assertNothingWritten = () => assert.equal(rig.truth().writeFrames, 0)

  it('says so, and refuses every order without writing', async () => {
    const { mode } = await rig.untilPair('both units to be read', ({ sync }) => {
      return sync.verdict === 'in sync' && sync.sinceMs > 1000
    })
    assert.equal(mode, 'observe')
    const order = { pair: 'intake', to: 'B', reason: 'pump seal' }
    for (const more of [{}, { dryRun: true }]) {
      const answer = await rig.order('switchovers', { ...order, ...more })
      assert.equal(answer.status, 422, JSON.stringify(answer))
      assert.match(JSON.stringify(answer), /observe-only/)
    }
    for (const way of ['retry', 'restore', 'adopt', 'resume']) {
      const answer = await rig.order('pairs/intake/resolve', { way, reason: 'try' }, 'sven')
      assert.equal(answer.status, 409, JSON.stringify(answer))
    }
    assertNothingWritten()
  })

  it('raises the alarm of a dead primary, proposes nothing and writes nothing', async () => {
    await rig.fault('intake.A', 'crash')
    await rig.waitFor('the alarm', async () =>
      (await rig.view()).alarms.some(({ condition }) =>
        condition.startsWith('the primary is lost'),
      ),
    )
    await pause(quietMs)
    const pair = await rig.pair()
    assert.equal(pair.phase, 'idle')
    assert.deepEqual(pair.lastEnded, [])
    assertNothingWritten()
  })
})
