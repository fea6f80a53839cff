// What real UPSes and their gateways do to those who believe them: old values, zeros, flapping,
// tests that look like outages. Each case tells apart what is shown and what is true.
import assert from 'node:assert/strict'
import type { Plant } from '../../plc-sim/plant.ts'
import { type Hand, withPlant } from './by-hand.ts'
import { Terminal } from './terminal.ts'

const SILENCE_MS = 120
const ON_MAINS = 1
const ON_BATTERY = 2
const OFF = 4

describe('A UPS whose gateway has lost it', () => {
  for (const [heartbeat, age, counted, aged] of [
    [false, 'counts', 0, 600],
    [true, 'counts', 600, 600],
    [true, 'unknown', 600, 65_535],
    [false, 'zero', 0, 0],
  ] as const) {
    it(`goes on showing old values, heartbeat ${heartbeat ? 'going on' : 'standing'}, age ${age}`, () =>
      withUps(async (plant, ups) => {
        await breakUps(plant, 'old_values', { heartbeat, age })
        await breakUps(plant, 'on_battery')
        const before = await shown(ups)
        await plant.advance(600_000)
        const after = await shown(ups)
        assert.deepEqual([after.state, after.chargePct], [ON_MAINS, 100])
        assert.equal(after.heartbeat - before.heartbeat, counted)
        assert.equal(after.ageS, aged)
        assert.deepEqual([truth(plant).state, truth(plant).charge < 76], ['on battery', true])
        await plant.clearFault()
        const mended = await shown(ups)
        assert.deepEqual([mended.ageS, mended.chargePct < 76], [0, true])
      }))
  }
})

describe('A UPS that lacks registers', () => {
  it('answers zeros for them inside a block, and refuses them alone', () =>
    withUps(async (plant, ups) => {
      await breakUps(plant, 'zeros_for_undefined', { from: 1, to: 2 })
      const words = await ups.terminal.read(0, 11)
      assert.deepEqual(words.slice(0, 3), [ON_MAINS, 0, 0])
      assert.equal(words[4], 2300)
      await assert.rejects(ups.terminal.read(1, 1), { code: 2 })
      await assert.rejects(ups.terminal.read(2, 5), { code: 2 })
      assert.equal((await ups.terminal.read(3, 1)).length, 1)
      assert.deepEqual(await ups.terminal.read(8, 20), new Array(20).fill(0))
      await assert.rejects(ups.terminal.read(11, 1), { code: 2 })
      assert.equal(truth(plant).charge, 100)
    }))
})

describe('A UPS that flaps', () => {
  it('answers and is silent in turns', () =>
    withUps(async (plant, ups) => {
      await breakUps(plant, 'comms_flap', { answers_s: 3, silent_s: 2 })
      for (const round of [1, 2]) {
        assert.equal((await shown(ups)).state, ON_MAINS, `round ${round}`)
        await plant.advance(3000)
        await assert.rejects(ups.terminal.read(0, 1, SILENCE_MS), /no answer/)
        assert.equal(truth(plant).lans['lan-1']?.carries, 'nothing')
        await plant.advance(2000)
      }
    }))

  it('shows battery and mains every few hundred milliseconds, and is on mains', () =>
    withUps(async (plant, ups) => {
      await breakUps(plant, 'state_flap', { ms: 300 })
      const states: number[] = []
      for (let turn = 0; turn < 6; turn += 1) {
        states.push((await shown(ups)).state)
        await plant.advance(300)
      }
      assert.deepEqual(states, [2, 1, 2, 1, 2, 1])
      assert.deepEqual([truth(plant).state, truth(plant).charge], ['on mains', 100])
    }))
})

describe('A UPS that tests itself', () => {
  it('shows battery and the test bit for some seconds, while mains are there', () =>
    withUps(async (plant, ups) => {
      await breakUps(plant, 'self_test', { s: 8 })
      await plant.advance(7900)
      const testing = await shown(ups)
      assert.deepEqual([testing.state, testing.test, testing.inputV], [ON_BATTERY, 1, 230])
      assert.deepEqual([truth(plant).state, truth(plant).test], ['on mains', 'self-test'])
      await plant.advance(100)
      const after = await shown(ups)
      assert.deepEqual([after.state, after.test, truth(plant).test], [ON_MAINS, 0, null])
    }))

  it('shows OFF at the start of a calibration though its output is alive', () =>
    withUps(async (plant, ups) => {
      await breakUps(plant, 'calibration', { s: 60, off_s: 3 })
      const begun = await shown(ups)
      assert.deepEqual([begun.state, begun.test, begun.outputV], [OFF, 2, 230])
      await plant.advance(3000)
      assert.deepEqual([(await shown(ups)).state, (await shown(ups)).test], [ON_BATTERY, 2])
      await plant.advance(56_900)
      assert.ok((await shown(ups)).chargePct < 98, 'the battery is really drained')
      await plant.advance(100)
      assert.equal((await shown(ups)).state, ON_MAINS)
      assert.deepEqual([truth(plant).state, truth(plant).loadDroppedAtMs], ['on mains', null])
    }))
})

describe('A UPS that dies while on battery', () => {
  it('was seen on battery, is silent, and drops its load when the battery is empty', () =>
    withUps(async (plant, ups) => {
      const startMs = plant.state().timeMs
      await breakUps(plant, 'dead_on_battery', { runtime: 100, after_s: 5 })
      await plant.advance(4900)
      assert.deepEqual([(await shown(ups)).state, (await shown(ups)).runtimeS], [ON_BATTERY, 95])
      await plant.advance(100)
      await assert.rejects(ups.terminal.read(0, 1, SILENCE_MS), /no answer/)
      const port = plant.ports['ups-1'] ?? 0
      await assert.rejects(Terminal.open(port, SILENCE_MS), /connecting timed out/)
      assert.deepEqual([truth(plant).state, truth(plant).loadDroppedAtMs], ['on battery', null])
      await plant.advance(96_000)
      const { state, load, loadDroppedAtMs } = truth(plant)
      assert.deepEqual([state, load], ['off', 0])
      assert.ok(Math.abs((loadDroppedAtMs ?? 0) - startMs - 100_000) <= 20)
      await plant.clearFault()
      await ups.reconnect()
      assert.equal((await shown(ups)).state, ON_MAINS)
      assert.equal(truth(plant).loadDroppedAtMs, loadDroppedAtMs)
    }))
})

describe('A UPS that shows nonsense', () => {
  for (const value of [65_535, 32_767]) {
    it(`shows ${value} for what it measures`, () =>
      withUps(async (plant, ups) => {
        await breakUps(plant, 'impossible_values', { value })
        const words = await ups.terminal.read(0, 11)
        assert.deepEqual(words.slice(1, 6), new Array(5).fill(value))
        assert.deepEqual([words[0], words[6], words[8]], [ON_MAINS, 0, 0])
      }))
  }

  it('asks for a new battery for a minute, without a reason', () =>
    withUps(async (plant, ups) => {
      await breakUps(plant, 'false_replace_battery')
      await plant.advance(59_900)
      assert.equal((await shown(ups)).replace, 1)
      await plant.advance(100)
      assert.equal((await shown(ups)).replace, 0)
    }))
})

function withUps(work: (plant: Plant, ups: Hand) => Promise<void>): Promise<void> {
  return withPlant(['ups-1'], async (plant, ups) => {
    assert.ok(ups)
    await work(plant, ups)
  })
}

function breakUps(plant: Plant, fault: string, parameters: object = {}): Promise<unknown> {
  return plant.addFault({ target: 'ups-1', fault, ...parameters })
}

async function shown(ups: Hand) {
  const words = await ups.terminal.read(0, 11)
  const word = (index: number) => words[index] ?? 0
  return {
    state: word(0),
    chargePct: word(1) / 10,
    runtimeS: word(2),
    inputV: word(4) / 10,
    outputV: word(5) / 10,
    heartbeat: word(7),
    replace: word(8),
    test: word(9),
    ageS: word(10),
  }
}

function truth(plant: Plant) {
  return plant.state().ups['ups-1'] ?? assert.fail('no ups-1')
}
