// What is not known of a tag with limits never satisfies the gate on the time budget.

import assert from 'node:assert/strict'
import { ask, askedRig, obstacleOf, switching, withValues } from '../gates/asking.ts'
import { ready } from '../gates/plant-states.ts'
import { run } from '../rig.ts'
import { withoutRates } from '../story-bump.ts'

describe('a time budget that is not known', () => {
  for (const [what, value] of [
    ['missing', undefined],
    ['said to be unknown', { unknown: '0xFFFF' }],
    ['no number', 'high'],
  ] as const) {
    it(`does not satisfy the gate: the value is ${what} on both units`, () => {
      const rig = askedRig()
      ready(rig)
      assert.equal(obstacleOf(ask(rig, switching()), 'budget'), undefined, 'met at first')
      for (const unit of ['intake.A', 'intake.B'])
        rig.bent.set(unit, withValues({ 'tag:LEVEL.PV': value }))
      run(rig, 400)
      const obstacle = obstacleOf(ask(rig, switching()), 'budget')
      assert.equal(obstacle?.value, 'LEVEL.PV is not known')
      assert.equal(obstacle?.clearsWhen, 'the tags with limits are read')
      rig.bent.clear()
      run(rig, 400)
      assert.equal(obstacleOf(ask(rig, switching()), 'budget'), undefined, 'met again')
    })
  }

  it('does not satisfy the gate: nobody has said how fast the process runs away', () => {
    const rig = askedRig(withoutRates)
    run(rig, 15_000)
    const obstacle = obstacleOf(ask(rig, switching()), 'budget')
    assert.match(obstacle?.value ?? '', /how fast it moves without control is not known$/)
    assert.match(obstacle?.clearsWhen ?? '', /^the plant file gives limits.rate_per_s of LEVEL.PV/)
  })

  it('satisfies the gate where no tag has limits: then nobody has asked for a budget', () => {
    const rig = askedRig((plant) => ({
      ...plant,
      pairs: plant.pairs.map((pair) => ({
        ...pair,
        tags: pair.tags.map(({ limits: _limits, ...tag }) => tag),
      })),
    }))
    ready(rig)
    assert.equal(obstacleOf(ask(rig, switching()), 'budget'), undefined)
  })
})
