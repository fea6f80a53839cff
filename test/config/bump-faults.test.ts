// Tags that switchovers are judged by: what can jump or run away, and limits that make sense.

import assert from 'node:assert/strict'
import { type BadFile, changed, loadText, refusesEach } from './plant-text.ts'

const table: readonly BadFile[] = [
  [
    'a bump of a value that does not move',
    'type: bit, class: discrete',
    'type: bit, class: discrete, bump: true',
    [
      'plant.yaml:21:73 pairs[0].tags[2].bump: a tag of the class discrete does not move; expected one of analog, analog-own-sensor, integrator',
    ],
  ],
  [
    'a bump without a tolerance',
    'tolerance: 0.5',
    'bump: true',
    [
      'plant.yaml:19:74 pairs[0].tags[0].bump: a tag with "bump" needs a tolerance: beyond it a bump counts',
    ],
  ],
  [
    'limits of a value that does not move',
    'type: bit, class: discrete',
    'type: bit, class: discrete, limits: { high: 1 }',
    [
      'plant.yaml:21:75 pairs[0].tags[2].limits: a tag of the class discrete does not move; expected one of analog, analog-own-sensor, integrator',
    ],
  ],
  [
    'limits that name none',
    'tolerance: 0.5',
    'tolerance: 0.5, limits: { rate_per_s: 1 }',
    ['plant.yaml:19:92 pairs[0].tags[0].limits: give the low limit, the high limit or both'],
  ],
  [
    'limits the wrong way round',
    'tolerance: 0.5',
    'tolerance: 0.5, limits: { low: 80, high: 20, rate_per_s: 1 }',
    [
      'plant.yaml:19:92 pairs[0].tags[0].limits: the low limit (80) must lie below the high one (20)',
    ],
  ],
]

describe('A plant file with tags that switchovers are judged by', () => {
  refusesEach(table)

  it('is warned about limits without a rate: nobody then knows how fast the value runs away', async () => {
    const { result } = await loadText(
      changed('tolerance: 0.5', 'tolerance: 0.5, limits: { high: 80 }'),
    )
    assert.ok(result.ok)
    const told = result.warnings.filter(({ path }) => path.endsWith('limits'))
    assert.equal(told.length, 1)
    assert.match(told[0]?.message ?? '', /the time budget is only an estimate/)
  })

  it('carries the marks into the plant', async () => {
    const marked = 'tolerance: 0.5, bump: true, limits: { low: 20, high: 80, rate_per_s: 1.5 }'
    const { result } = await loadText(changed('tolerance: 0.5', marked))
    assert.ok(result.ok)
    const [level, mode] = result.plant.pairs[0]?.tags ?? []
    assert.deepEqual(level?.limits, { low: 20, high: 80, ratePerS: 1.5 })
    assert.equal(level?.bump, true)
    assert.equal(mode?.bump, undefined)
  })
})
