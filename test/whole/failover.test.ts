// The primary dies: the supervisor proposes and waits. What the operator confirms is what they were shown, or it is refused with
// the difference.

import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { isAsking } from '../../src/core/alarms/shown.ts'
import { sitDown } from '../cli/command.ts'
import { confirm, propose, switchTo, untilEnded, untilProposed, untilReady } from './persons.ts'
import { lostMs, scanMs } from './plant-file.ts'
import { assertNeverBothActive, type Rig, startRig } from './rig.ts'
import { type Story, sideBySide } from './side-by-side.ts'

/** Claims, their judgement and a read after them; generous for a slow machine. */
const preparedMs = 3000
/** A rejected proposal stays rejected for so long at least. */
const quietMs = 3000

/** The shortest times that the plant file takes, so that a proposal may come again soon. */
const options = { policy: { confirm_s: 10, propose_again_s: 10 } }

const deaths: readonly Story[] = [
  {
    name: 'rings at the desk; rejected it changes nothing, and after a new death B takes over',
    options,
    tell: async (rig) => {
      await untilReady(rig)
      const sitting = sitDown(await rig.environment('anna'), ['prompt', '--listen'])
      await sitting.see('waiting for proposals')
      const diedMs = performance.now()
      const death = await rig.fault('intake.A', 'crash')
      const first = await untilProposed(rig)
      const tookMs = performance.now() - diedMs
      assert.ok(tookMs < lostMs + scanMs + preparedMs, `proposed after ${Math.round(tookMs)} ms`)
      assert.equal(first.evidence.kind, 'assisted')
      await sitting.see('Reason (needed')
      assert.ok(sitting.raw().includes('\u0007'), 'no bell')
      sitting.type('let me look first\r')
      await sitting.see('Type the pair name')
      sitting.type('\r')
      await sitting.see('is rejected; nothing was changed')
      const before = rig.truth().writeFrames
      await pause(quietMs)
      assert.equal(rig.active(), 'nobody')
      assert.equal(rig.truth().writeFrames, before, 'nothing is written after a rejection')
      await rig.plant.clearFault(death)
      await rig.waitFor('A to answer', async () => (await rig.pair()).units.A.role === 'standby')
      await rig.plant.action({ target: 'intake.A', action: 'take_over' })
      await untilAcknowledged(rig)
      await untilReady(rig)
      await rig.fault('intake.A', 'crash')
      await untilProposed(rig)
      await sitting.see('Reason (needed')
      sitting.type('A is dead\r')
      await sitting.see('Type the pair name')
      sitting.type('intake\r')
      await sitting.see('[keep]:')
      assert.equal(rig.active(), 'nobody')
      sitting.type('switch\r')
      await sitting.see('done: B is primary')
      assert.equal(rig.active(), 'B')
      sitting.type('\u0003')
      assert.equal(await sitting.end(), 0)
    },
  },
  {
    name: 'is answered only for what was shown: a change since is refused with the difference',
    options,
    tell: async (rig) => {
      await untilReady(rig)
      await rig.fault('intake.A', 'crash')
      const first = await untilProposed(rig)
      await rig.fault('intake.B', 'forced_io')
      await rig.untilPair('new evidence', ({ switchover }) => {
        return switchover?.evidence?.units.B.conditions.includes('forced') === true
      })
      const answer = await confirm(rig, first)
      assert.equal(answer.status, 409, JSON.stringify(answer))
      assert.match(answer.difference?.join('; ') ?? '', /conditions of B.*forced/)
      assert.equal(rig.active(), 'nobody')
    },
  },
  {
    name: 'is no longer proposed once B cannot take over',
    options,
    tell: async (rig) => {
      await untilReady(rig)
      await rig.fault('intake.A', 'crash')
      const { id } = await untilProposed(rig)
      await rig.fault('intake.B', 'no_io')
      const ended = await untilEnded(rig, id)
      assert.equal(ended.outcome, 'revoked', ended.text)
      assert.match(ended.text, /I\/O/)
      assert.equal(rig.active(), 'nobody')
    },
  },
]

describe('The death of a primary', function () {
  this.timeout(90_000)
  sideBySide(deaths)
})

describe('A proposal of an operator', function () {
  this.timeout(90_000)
  let rig: Rig
  before(async () => {
    rig = await startRig()
  })
  after(() => rig.stop())
  afterEach(() => assertNeverBothActive(rig))

  it('shows a new setpoint as new evidence, and refuses an answer to the old one', async () => {
    const first = await propose(rig, 'B')
    await rig.plant.action({ target: 'intake', action: 'set', tag: 'LEVEL.SP', value: 56 })
    const changed = await rig.untilPair('an effect', ({ switchover }) => {
      return switchover?.evidence === undefined || switchover.evidence.hash !== first.evidence.hash
    })
    const answer = await confirm(rig, first)
    if (changed.switchover === undefined) assert.equal(answer.status, 410, JSON.stringify(answer))
    else {
      assert.equal(answer.status, 409, JSON.stringify(answer))
      assert.match(answer.difference?.join('; ') ?? '', /LEVEL\.SP/)
      await rig.order(`switchovers/${first.id}/reject`, { reason: 'enough' })
    }
    assert.equal(rig.active(), 'A')
  })

  it('is revoked when I/O is forced on one side only, and ordered anew when that is over', async () => {
    const first = await propose(rig, 'B')
    const fault = await rig.fault('intake.B', 'forced_io')
    const ended = await untilEnded(rig, first.id)
    assert.equal(ended.outcome, 'revoked', ended.text)
    assert.equal((await confirm(rig, first)).status, 410)
    assert.equal(rig.active(), 'A')
    await rig.plant.clearFault(fault)
    await switchTo(rig, 'B')
  })
})

/** Acknowledges every alarm: some stand against a switchover until somebody has seen them. */
async function untilAcknowledged(rig: Rig): Promise<void> {
  await rig.untilPair('A to be primary', ({ primary }) => primary === 'A')
  await rig.waitFor('no alarm to block', async () => {
    const alarms = (await rig.view()).alarms.filter((alarm) => isAsking(alarm))
    for (const { id } of alarms.filter(({ state }) => state !== 'acknowledged')) {
      await rig.order(`alarms/${encodeURIComponent(id)}/ack`, { comment: 'seen' })
    }
    return alarms.every(({ state }) => state === 'acknowledged')
  })
}
