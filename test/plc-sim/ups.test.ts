// A UPS as its registers show it, and as it really is.
import assert from 'node:assert/strict'
import type { Plant } from '../../plc-sim/plant.ts'
import { type Hand, withPlant } from './by-hand.ts'

const MINUTE_MS = 60_000

describe('A UPS', () => {
  it('on mains is charged, carries its load and counts seconds', () =>
    withPlant(['ups-1'], async (plant, ups) => {
      const { state, chargePct, runtimeS, loadPct, inputV, outputV, low, heartbeat } =
        await shown(ups)
      assert.deepEqual([state, chargePct, runtimeS, low], [1, 100, 2400, 0])
      assert.deepEqual([inputV, outputV, loadPct > 30 && loadPct < 40], [230, 230, true])
      await plant.advance(5000)
      assert.equal((await shown(ups)).heartbeat, heartbeat + 5)
    }))

  it('has eleven registers and no more', () =>
    withPlant(['ups-1'], async (_, ups) => {
      assert.ok(ups)
      await assert.rejects(ups.terminal.read(0, 12), { code: 2 })
      await assert.rejects(ups.terminal.read(11, 1), { code: 2 })
    }))

  it('on battery loses charge and runtime together', () =>
    withPlant(['ups-1', 'ups-2'], async (plant, ups, other) => {
      await plant.addFault({ target: 'ups-1', fault: 'on_battery' })
      await plant.advance(10 * MINUTE_MS)
      const { state, chargePct, runtimeS, inputV, outputV } = await shown(ups)
      assert.deepEqual([state, inputV, outputV], [2, 0, 229])
      assert.equal(chargePct, 75)
      assert.equal(runtimeS, 1800)
      assert.equal((await shown(other)).state, 1)
    }))

  it('with a runtime given runs empty in that time, says so before, and ends in off', () =>
    withPlant(['ups-1'], async (plant, ups) => {
      await plant.addFault({ target: 'ups-1', fault: 'on_battery', runtime: 150 })
      assert.deepEqual([(await shown(ups)).runtimeS, (await shown(ups)).low], [150, 0])
      await plant.advance(40_000)
      assert.deepEqual([(await shown(ups)).runtimeS, (await shown(ups)).low], [110, 1])
      await plant.advance(111_000)
      const empty = await shown(ups)
      assert.deepEqual([empty.state, empty.chargePct, empty.outputV, empty.loadPct], [4, 0, 0, 0])
      await plant.clearFault()
      await plant.advance(5 * MINUTE_MS)
      const back = await shown(ups)
      assert.deepEqual([back.state, back.outputV, back.low], [1, 230, 0])
      assert.ok(back.chargePct > 45 && back.chargePct < 55)
    }))

  it('with the fault battery_low or replace_battery says so and stays on mains', () =>
    withPlant(['ups-1'], async (plant, ups) => {
      await plant.addFault({ target: 'ups-1', fault: 'battery_low' })
      await plant.addFault({ target: 'ups-1', fault: 'replace_battery' })
      const { state, low, replace } = await shown(ups)
      assert.deepEqual([state, low, replace], [1, 1, 1])
    }))

  it('that lies shows mains while it runs on battery', () =>
    withPlant(['ups-1'], async (plant, ups) => {
      await plant.addFault({ target: 'ups-1', fault: 'lies_online' })
      const before = await shown(ups)
      await plant.advance(10 * MINUTE_MS)
      const after = await shown(ups)
      assert.deepEqual({ ...after, heartbeat: 0 }, { ...before, heartbeat: 0 })
      assert.equal(after.state, 1)
      assert.equal(after.heartbeat, before.heartbeat + 600)
      assert.deepEqual([truth(plant).state, truth(plant).charge < 76], ['on battery', true])
    }))

  it('whose communication is lost answers nothing', () =>
    withPlant(['ups-1'], async (plant, ups) => {
      assert.ok(ups)
      await plant.addFault({ target: 'ups-1', fault: 'comms_lost' })
      await assert.rejects(ups.terminal.read(0, 10, 120), /no answer/)
      await plant.clearFault()
      await ups.reconnect()
      assert.equal((await shown(ups)).state, 1)
    }))
})

async function shown(ups: Hand | undefined) {
  assert.ok(ups)
  const words = await ups.terminal.read(0, 10)
  const word = (index: number) => words[index] ?? 0
  return {
    state: word(0),
    chargePct: word(1) / 10,
    runtimeS: word(2),
    loadPct: word(3) / 10,
    inputV: word(4) / 10,
    outputV: word(5) / 10,
    low: word(6),
    heartbeat: word(7),
    replace: word(8),
  }
}

function truth(plant: Plant) {
  return plant.state().ups['ups-1'] ?? assert.fail('no ups-1')
}
