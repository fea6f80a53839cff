import assert from 'node:assert/strict'
import { type BumpMemory, newBumpMemory, type Track } from '../../../src/core/bump/bump-memory.ts'
import { forecastOf } from '../../../src/core/bump/forecast.ts'
import { follow, trackTimes } from '../../../src/core/bump/tracks.ts'
import type { Pair } from '../../../src/core/plant.ts'
import { materialChange } from '../../../src/core/switchover/material-change.ts'
import type { Sample } from '../../../src/core/sync/samples.ts'
import { newRig, order, pairOf, run } from '../rig.ts'

const [base] = newRig().plant.pairs
if (base === undefined) throw new Error('the demo plant has no pair')
const pair: Pair = {
  ...base,
  tags: [{ name: 'X', class: 'analog', tolerance: 1, units: '%', critical: false, bump: true }],
}
const times = trackTimes(pair, 100)

const sample = (atMs: number, value: number): Sample => ({
  sentMs: atMs,
  receivedMs: atMs,
  atMs,
  halfTripMs: 0,
  numbers: [value],
  values: {},
})

/** The memory after so many seconds in which A (primary) and B said what the functions say, read every 200 ms. */
function learned(seconds: number, a: (t: number) => number, b: (t: number) => number): BumpMemory {
  let memory = newBumpMemory(pair)
  for (let atMs = 0; atMs <= 1000 * seconds; atMs += 200) {
    const newest = { A: sample(atMs, a(atMs / 1000)), B: sample(atMs, b(atMs / 1000)) }
    memory = follow(memory, 'A', newest, times)
  }
  return memory
}

const forecast = (memory: BumpMemory, nowMs: number, to: 'A' | 'B' = 'B') => {
  const [only] = forecastOf(memory, pair, 100, to, nowMs)
  if (only === undefined) throw new Error('no forecast for the tag')
  return only
}
const track = ({ tracks }: BumpMemory): Track => {
  const [only] = tracks.tags
  if (only === undefined) throw new Error('no track of the tag')
  return only
}

describe('the forecast of a bump', () => {
  it('is the difference of the units where nothing moves', () => {
    const found = forecast(
      learned(
        60,
        () => 50,
        () => 51.5,
      ),
      60_000,
    )
    assert.deepEqual(found.step, { low: 1.5, middle: 1.5, high: 1.5 })
    assert.deepEqual(found.excursion, { low: 1.5, middle: 1.5, high: 1.5 })
    assert.equal(found.text, 'X: step 1.5 % (1.5 to 1.5), excursion 1.5 % (1.5 to 1.5)')
  })

  it('adds what an output loses while it stands still: its slope times the time without control', () => {
    const memory = learned(
      60,
      (t) => t,
      (t) => t,
    )
    const { low = 0, high = 0 } = forecast(memory, 60_000).excursion ?? {}
    // 4 cycles, 2 burst polls and the unit's own time: 0.6 s at 1 % a second, for a tag that stands still; nothing for one that goes on.
    assert.ok(Math.abs(high - 0.6) < 0.01, `high ${high}`)
    assert.ok(low < 0.01, `low ${low}`)
    const slow = { ...memory, holdsMs: [2000, 2000, 2000] }
    assert.ok(Math.abs((forecast(slow, 60_000).excursion?.high ?? 0) - 2) < 0.01)
  })

  it('knows the ways that a tag goes by itself, from rehearsals of the last minute', () => {
    const wave = (t: number): number => Math.sin(t)
    const found = forecast(learned(80, wave, wave), 80_000)
    assert.ok((found.excursion?.high ?? 0) > 0.5, JSON.stringify(found))
    assert.ok((found.step?.high ?? 0) < 0.2, JSON.stringify(found))
  })

  it('says what it lacks: rehearsals, the standby, or a comparison at all', () => {
    const still = (): number => 50
    assert.equal(
      forecast(learned(6, still, still), 6000).text,
      'X: no forecast, 1 of 6 rehearsals seen',
    )
    assert.equal(
      forecast(
        learned(60, still, () => Number.NaN),
        60_000,
      ).text,
      'X: no forecast, the standby does not show it',
    )
    const apart = 'X: no forecast, the two units are not compared now'
    assert.equal(forecast(learned(60, still, still), 90_000).text, apart)
    assert.equal(forecast(learned(60, still, still), 60_000, 'A').text, apart)
  })

  it('keeps a few dozen numbers of each tag, however long it runs', () => {
    const memory = learned(600, Math.sin, Math.sin)
    const { lead, follow: other, drifts, slopes } = track(memory)
    for (const list of [lead, other, drifts, slopes, memory.tracks.atMs])
      assert.equal(list.length, 32)
  })

  it('begins anew when another unit is primary, and keeps what it knows of the tag itself', () => {
    const before = learned(60, Math.sin, Math.sin)
    const next = follow(before, 'B', { A: sample(61_000, 1), B: sample(61_000, 1) }, times)
    assert.equal(track(next).lead.length, 1)
    assert.deepEqual(track(next).drifts, track(before).drifts)
    assert.match(forecast(next, 61_000, 'A').text, /the standby does not show it/)
  })
})

describe('forecast and time budget in the evidence', () => {
  it('are covered by its hash, and their numbers are not material', () => {
    const rig = newRig()
    run(rig, 30_000)
    const body = {
      kind: 'prepare',
      pair: 'intake',
      to: 'B',
      reason: 'drill',
      dryRun: false,
    } as const
    order(rig, 'anna', { ...body, overrides: [] })
    run(rig, 1000)
    const shown = pairOf(rig, 'intake').switchover?.evidence
    assert.ok(shown?.forecast !== undefined && shown.budget !== undefined)
    assert.deepEqual(
      shown.forecast.map(({ name }) => name),
      ['LEVEL.PV', 'VALVE.OUT'],
    )
    const none = shown.forecast.map(({ name, units }) => ({ name, units, text: 'no forecast' }))
    const now = { ...shown, forecast: none, budget: { ...shown.budget, ms: 9000, text: 'other' } }
    assert.deepEqual(materialChange(shown, now), [])
    const gates = shown.gates.map((gate) =>
      gate.gate === 'budget' ? { ...gate, met: 'no' as const, value: 'too short' } : gate,
    )
    assert.deepEqual(materialChange(shown, { ...shown, gates }), [
      'time budget without control: was yes, is no (too short)',
    ])
    run(rig, 1000)
    assert.equal(pairOf(rig, 'intake').switchover?.evidence?.hash, shown.hash)
  })
})
