// What each fault of a pair does, how faults wait for their moment, and that the catalogue works.
import assert from 'node:assert/strict'
import { CATALOGUE } from '../../plc-sim/faults.ts'
import type { Plant } from '../../plc-sim/plant.ts'
import { GO_ACTIVE, GO_STANDBY, OPERATE, SELECT, withPlant } from './by-hand.ts'

const STANDBY = 2

describe('A pair with the fault', () => {
  it('none_primary has no active unit, and gets its primary back when it is mended', () =>
    withPlant([], async (plant) => {
      await plant.addFault({ target: 'intake', fault: 'none_primary' })
      await plant.advance(100)
      const { units, noneActive } = intake(plant)
      assert.deepEqual([units.A.role, units.B.role], ['standby', 'standby'])
      assert.deepEqual([noneActive.scans, noneActive.cause], [10, 'fault none_primary'])
      await plant.clearFault()
      await plant.advance(10)
      assert.equal(intake(plant).units.A.active, true)
    }))

  it('both_primary obeys a command to go standby, unless it holds', () =>
    withPlant(['intake.A'], async (plant, a) => {
      assert.ok(a)
      const { id } = await plant.addFault({ target: 'intake.A', fault: 'both_primary' })
      assert.equal((await a.command(GO_STANDBY)).result, 5)
      await plant.clearFault(id)
      await plant.advance(10)
      assert.deepEqual(
        [intake(plant).units.A.role, intake(plant).units.B.role],
        ['standby', 'primary'],
      )
      await plant.addFault({ target: 'intake', fault: 'both_primary', hold: true })
      await plant.action({ target: 'intake.A', action: 'take_over' })
      await plant.advance(10)
      assert.deepEqual([intake(plant).units.A.active, intake(plant).units.B.active], [true, true])
    }))

  it('link_down has a standby that copies nothing', () =>
    withPlant(['intake.B'], async (plant, b) => {
      assert.ok(b)
      await plant.addFault({ target: 'intake', fault: 'link_down' })
      const before = await b.terminal.read(102, 6)
      await plant.action({ target: 'intake', action: 'set', tag: 'LEVEL.SP', value: 57 })
      await plant.advance(500)
      assert.deepEqual(await b.terminal.read(102, 6), before)
    }))
})

describe('A fault that waits', () => {
  it('for a judgement arms when that judgement is made: the promote fails after the demote', () =>
    withPlant(['intake.A', 'intake.B'], async (plant, a, b) => {
      assert.ok(a && b)
      const when = { unit: 'intake.A', opcode: 'OPERATE', result: 'DONE' }
      await plant.addFault({ target: 'intake.B', fault: 'acks_not_act', when })
      await b.send()
      assert.equal(plant.state().faults[0]?.armed, false)
      assert.equal((await a.command(GO_STANDBY)).result, 5)
      assert.equal(plant.state().faults[0]?.armed, true)
      await b.send({ opcode: SELECT, action: GO_ACTIVE })
      await b.send({ opcode: OPERATE, action: GO_ACTIVE })
      await plant.advance(2100)
      assert.deepEqual([(await b.status()).result, (await b.status()).role], [33, STANDBY])
      assert.equal(intake(plant).noneActive.cause, 'command')
    }))

  it('for a judgement and a time arms that long after the judgement', () =>
    withPlant(['intake.A'], async (plant, a) => {
      assert.ok(a)
      const order = { target: 'intake.B', fault: 'hang', when: { unit: 'intake.A' }, after_ms: 200 }
      await plant.addFault(order)
      await plant.advance(500)
      await a.send()
      await plant.advance(170)
      assert.equal(plant.state().faults[0]?.armed, false)
      await plant.advance(30)
      assert.equal(plant.state().faults[0]?.armed, true)
    }))

  it('and is taken back before it arms never happens', () =>
    withPlant([], async (plant) => {
      const { id } = await plant.addFault({ target: 'intake.A', fault: 'crash', after_ms: 100 })
      assert.equal(await plant.clearFault(id), true)
      assert.equal(await plant.clearFault(id), false)
      await plant.advance(500)
      assert.equal(intake(plant).units.A.boot, 1)
    }))
})

describe('The catalogue of faults', () => {
  it('holds only faults that can be ordered with nothing but a target, and mended again', () =>
    withPlant([], async (plant) => {
      for (const [fault, { on }] of Object.entries(CATALOGUE)) {
        const target = { unit: 'dosing.B', pair: 'filters', ups: 'ups-2', port: 'dosing.B' }[on]
        await plant.addFault({ target, fault })
        await plant.advance(50)
        assert.equal(plant.state().faults.at(-1)?.armed, true, fault)
        await plant.clearFault()
        await plant.advance(500)
        assert.deepEqual(plant.state().faults, [])
      }
    }))
})

function intake(plant: Plant) {
  return plant.state().pairs.intake ?? assert.fail('no intake')
}
