// A switchover that fails between the demote and the promote stops and asks. It never goes back or on by itself; each way out is
// ordered, and confirmed anew.

import assert from 'node:assert/strict'
import { confirmShown, propose, resolve, switchTo, untilEnded, untilReady } from './persons.ts'
import type { Rig } from './rig.ts'
import { type Story, sideBySide } from './side-by-side.ts'

/** The unit that is to be promoted breaks as soon as the demote is done. */
const afterDemote = { when: { unit: 'intake.A', opcode: 'OPERATE' } }

/** Orders a switchover to B, which has the fault once A is demoted; gives the fault's id when the pair is stopped. */
async function stopAt(rig: Rig, fault: string, more: object = {}): Promise<string> {
  await untilReady(rig)
  const id = await rig.fault('intake.B', fault, { ...afterDemote, ...more })
  const proposal = await propose(rig, 'B')
  await confirmShown(rig, proposal)
  const ended = await untilEnded(rig, proposal.id)
  assert.equal(ended.outcome, 'stopped', ended.text)
  await assertStopped(rig)
  return id
}

async function assertStopped(rig: Rig): Promise<void> {
  await rig.waitFor('the alarms', async () => {
    const { alarms, pairs } = await rig.view()
    const told = alarms.map(({ condition }) => condition).join('; ')
    // An alarm that is raised while the way out is confirmed may count as a change of what was shown.
    const isWhole = pairs[0]?.pairState !== 'none primary' || told.includes('no unit is primary')
    return told.includes('the switchover stopped half way') && isWhole
  })
  const { writeFrames } = rig.truth()
  for (const to of ['A', 'B']) {
    const answer = await rig.order('switchovers', { pair: 'intake', to, reason: 'now' })
    assert.equal(answer.status, 409, `a new order to ${to}: ${JSON.stringify(answer)}`)
    assert.match(answer.text, /retry, restore or adopt/)
  }
  assert.equal((await rig.pair()).phase, 'stopped')
  assert.equal(rig.truth().writeFrames, writeFrames)
}

async function resolved(rig: Rig, way: 'retry' | 'restore' | 'adopt', active: 'A' | 'B') {
  const ended = await resolve(rig, way)
  assert.equal(ended.outcome, 'done', ended.text)
  assert.equal(rig.active(), active)
}

const stories: readonly Story[] = [
  {
    name: 'because B refuses is retried once B is mended, and B takes over',
    tell: async (rig) => {
      const fault = await stopAt(rig, 'refuses_command', { opcode: 'SELECT' })
      assert.equal(rig.active(), 'nobody')
      await rig.plant.clearFault(fault)
      await resolved(rig, 'retry', 'B')
      await switchTo(rig, 'A')
    },
  },
  {
    name: 'because B lost its permissive is restored to A',
    tell: async (rig) => {
      await stopAt(rig, 'interlock_lost')
      assert.equal(rig.active(), 'nobody')
      await resolved(rig, 'restore', 'A')
    },
  },
  {
    name: 'because B died is restored to A while B is dead',
    tell: async (rig) => {
      await stopAt(rig, 'crash')
      await resolved(rig, 'restore', 'A')
    },
  },
  {
    name: 'because B acknowledges and does nothing is adopted after somebody took over at the panel',
    tell: async (rig) => {
      await stopAt(rig, 'acks_not_act')
      assert.equal(rig.active(), 'nobody')
      await rig.plant.action({ target: 'intake.A', action: 'take_over' })
      await rig.untilPair('A to be primary', ({ primary }) => primary === 'A')
      await resolved(rig, 'adopt', 'A')
    },
  },
  {
    name: 'because B acts late is not restored to A once B has acted, and is adopted',
    tell: async (rig) => {
      await stopAt(rig, 'acts_late', { ms: 1500 })
      await rig.waitFor('B to act late', () => rig.active() === 'B')
      const order = { way: 'restore', reason: 'A must have it' }
      const answer = await rig.order('pairs/intake/resolve', order, 'sven')
      assert.equal(answer.status, 422, JSON.stringify(answer))
      await resolved(rig, 'adopt', 'B')
    },
  },
  {
    name: 'because B timed out is not restored to A while B may still act',
    tell: async (rig) => {
      await stopAt(rig, 'acts_late', { ms: 4000 })
      const order = { way: 'restore', reason: 'A must have it' }
      const answer = await rig.order('pairs/intake/resolve', order, 'sven')
      assert.equal(answer.status, 422, JSON.stringify(answer))
      await rig.waitFor('B to act late', () => rig.active() === 'B')
      await resolved(rig, 'adopt', 'B')
    },
  },
]

describe('A switchover that fails after the demote', function () {
  this.timeout(120_000)
  sideBySide(stories)
})

describe('A switchover that fails before its first step', function () {
  this.timeout(120_000)
  sideBySide([
    {
      name: 'gives the selection back at once and leaves A as it was',
      tell: async (rig) => {
        await untilReady(rig)
        const when = { unit: 'intake.A', opcode: 'SELECT' }
        await rig.fault('intake.A', 'forced_io', { when })
        const proposal = await propose(rig, 'B')
        await confirmShown(rig, proposal)
        const ended = await untilEnded(rig, proposal.id)
        assert.equal(ended.outcome, 'revoked', ended.text)
        assert.equal(rig.active(), 'A')
        const { A, B } = rig.real().units
        assert.equal(A.result, 'CANCELLED')
        assert.equal(A.selected, false, 'the selection was left standing')
        assert.equal(B.opcode, 'CLAIM', 'B was only claimed')
      },
    },
  ])
})
