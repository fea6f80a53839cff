import assert from 'node:assert/strict'
import { budgetOf } from '../../../src/core/bump/budget.ts'
import { type BumpMemory, newBumpMemory } from '../../../src/core/bump/bump-memory.ts'
import type { Pair } from '../../../src/core/plant.ts'
import type { UnitFacts } from '../../../src/core/presence.ts'
import type { TagLimits } from '../../../src/core/tag.ts'
import { newRig } from '../rig.ts'

const [base] = newRig().plant.pairs
if (base === undefined) throw new Error('the demo plant has no pair')

/** The intake with one tag that has these limits. */
const pairWith = (limits: TagLimits): Pair => ({
  ...base,
  tags: [{ name: 'PV', class: 'analog', tolerance: 1, units: '%', critical: false, limits }],
})

/** A unit that said `value` so long ago; undefined where it said nothing. */
const unit = (value: number | undefined, ageMs = 0): UnitFacts => ({
  presence: 'answering',
  presenceText: 'answering',
  role: 'primary',
  reads: [],
  values: value === undefined ? {} : { 'tag:PV': value },
  ageMs,
  epochRolledBack: false,
  conditions: [],
})

const withSlopes = (memory: BumpMemory, slopes: readonly number[]): BumpMemory => ({
  ...memory,
  tracks: { ...memory.tracks, tags: memory.tracks.tags.map((track) => ({ ...track, slopes })) },
})

function budget(limits: TagLimits, a: UnitFacts, b: UnitFacts, slopes: readonly number[] = []) {
  const pair = pairWith(limits)
  return budgetOf(withSlopes(newBumpMemory(pair), slopes), pair, { A: a, B: b })
}

describe('the time budget', () => {
  it('is the way to the nearer limit at the rate of the design', () => {
    const found = budget({ low: 20, high: 80, ratePerS: 2 }, unit(60), unit(60))
    assert.equal(found.ms, 10_000)
    assert.equal(found.text, 'PV reaches its high limit 80 % in no less than 10.0 s')
    const low = budget({ low: 20, high: 80, ratePerS: 2 }, unit(30), unit(30))
    assert.equal(low.text, 'PV reaches its low limit 20 % in no less than 5.0 s')
  })

  it('takes the faster rate that was seen, and the unit that is nearer to the limit', () => {
    assert.equal(budget({ high: 80, ratePerS: 2 }, unit(60), unit(60), [0.1, -4]).ms, 5000)
    assert.equal(budget({ high: 80, ratePerS: 2 }, unit(60), unit(70)).ms, 5000)
  })

  it('counts the age of a value as time that has passed', () => {
    assert.equal(budget({ high: 80, ratePerS: 2 }, unit(60, 900), unit(undefined)).ms, 9100)
  })

  it('is nothing at all beyond the limit', () => {
    assert.equal(budget({ high: 80, ratePerS: 2 }, unit(85), unit(60)).ms, 0)
  })

  it('is not known while no unit says the value freshly', () => {
    const found = budget({ high: 80, ratePerS: 2 }, unit(60, 1001), unit(undefined))
    assert.equal(found.ms, undefined)
    assert.equal(found.text, 'PV is not known')
  })

  it('is an estimate and no promise without a rate of the design', () => {
    const found = budget({ high: 80 }, unit(60), unit(60), [0.5])
    assert.equal(found.ms, undefined)
    assert.equal(found.tags[0]?.ms, 40_000)
    assert.match(
      found.text,
      /^PV would reach its high limit 80 % in about 40 s at the fastest rate seen/,
    )
    const nothing = budget({ high: 80 }, unit(60), unit(60))
    assert.equal(nothing.text, 'how fast PV moves is not known yet')
  })

  it('is empty for a pair whose tags have no limits', () => {
    const pair = { ...base, tags: [] }
    const units = { A: unit(1), B: unit(1) }
    assert.deepEqual(budgetOf(newBumpMemory(pair), pair, units), {
      text: 'no tag has limits',
      tags: [],
    })
  })
})
