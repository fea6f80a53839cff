// One switchover from the keyboard to the valve, with every part of the product as it is shipped.

import assert from 'node:assert/strict'
import { bumpless, sitDown } from '../cli/command.ts'
import { untilReady } from './persons.ts'
import { assertNeverBothActive, type Rig, startRig } from './rig.ts'

/** The valve moves by itself while the level is controlled; a bump would be several percent at once. */
const valveStepMaxPct = 1

describe('An operator at a terminal', function () {
  this.timeout(60_000)
  let rig: Rig
  before(async () => {
    rig = await startRig()
  })
  after(() => rig.stop())
  afterEach(() => assertNeverBothActive(rig))

  it('makes B the primary, and the process does not feel it', async () => {
    await untilReady(rig)
    await rig.plant.action({ target: 'intake', action: 'reset_latches' })
    const words = ['switchover', 'intake', '--to', 'B', '--reason', 'pump seal']
    const sitting = sitDown(await rig.environment('anna'), words)
    await sitting.see('keep A:')
    assert.equal(rig.active(), 'A', 'nothing moves before the answer')
    sitting.type('intake\r')
    await sitting.see('[keep]:')
    sitting.type('switch\r')
    await sitting.see('done: B is primary')
    assert.equal(await sitting.end(), 0)
    assert.equal(rig.active(), 'B')
    const { process } = rig.real()
    assert.ok(process.maxValveStep < valveStepMaxPct, `the valve jumped ${process.maxValveStep} %`)
  })

  it('finds the journal sound afterwards, with their name at the confirmation', async () => {
    const verified = await bumpless(process.env, ['journal', 'verify', ...rig.journals])
    assert.equal(verified.code, 0, verified.out + verified.error)
    const told = await bumpless(await rig.environment('anna'), ['journal', '--json'])
    const lines = told.out.trim().split('\n')
    const records = lines.map((line) => JSON.parse(line) as { kind: string; actor: string })
    assert.equal(records.find(({ kind }) => kind === 'confirmation')?.actor, 'anna')
  })
})
