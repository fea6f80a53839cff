// A switchover made by hand over the network, and what the process and the latches of the truth
// make of it.
import assert from 'node:assert/strict'
import type { Plant } from '../../plc-sim/plant.ts'
import { GO_ACTIVE, GO_STANDBY, type Hand, withPlant } from './by-hand.ts'

/** The valve follows a flickering level; a step well above that is one that the process feels. */
const CALM_STEP_PCT = 0.3
const CALM_DEVIATION_PCT = 1

describe('A switchover by hand', () => {
  it('to a standby that tracks leaves no step in the valve, no bump in the level', () =>
    withPlant(['intake.A', 'intake.B'], async (plant, a, b) => {
      await plant.advance(60_000)
      await switchOver(plant, a, b)
      const { units, process } = intake(plant)
      assert.deepEqual([units.A.role, units.B.role], ['standby', 'primary'])
      assert.ok(process.maxValveStep < CALM_STEP_PCT, `step ${process.maxValveStep}`)
      assert.ok(process.maxLevelDeviation < CALM_DEVIATION_PCT, `bump ${process.maxLevelDeviation}`)
    }))

  it('to a standby that lost track makes a step in the valve and a bump in the level', () =>
    withPlant(['intake.A', 'intake.B'], async (plant, a, b) => {
      await plant.addFault({ target: 'intake.B', fault: 'stuck_tracking', offset: 25 })
      await plant.advance(60_000)
      await switchOver(plant, a, b)
      const { process } = intake(plant)
      assert.ok(process.maxValveStep > 15, `step ${process.maxValveStep}`)
      assert.ok(process.maxLevelDeviation > 2, `bump ${process.maxLevelDeviation}`)
    }))

  it('never has both units active, and has none active only between the two commands', () =>
    withPlant(['intake.A', 'intake.B'], async (plant, a, b) => {
      await switchOver(plant, a, b)
      const { bothActive, noneActive } = intake(plant)
      assert.equal(bothActive.scans, 0)
      assert.deepEqual(Object.keys(noneActive.causes), ['command'])
      assert.ok(noneActive.scans > 5 && noneActive.scans < 100, `${noneActive.scans} scans`)
      assert.equal(noneActive.lastAtMs, (noneActive.firstAtMs ?? 0) + (noneActive.scans - 1) * 10)
    }))

  it('is written down, judgement by judgement', () =>
    withPlant(['intake.A', 'intake.B'], async (plant, a, b) => {
      await switchOver(plant, a, b)
      const judged = intake(plant).units.B.judgements.map(
        ({ opcode, seq, epoch, owner, result }) => `${opcode} ${seq} ${epoch} ${owner} ${result}`,
      )
      assert.deepEqual(judged, [
        'CLAIM 1 7 19754 CLAIMED',
        'SELECT 2 7 19754 SELECTED',
        'OPERATE 3 7 19754 EXECUTING',
        'OPERATE 3 7 19754 DONE',
      ])
    }))

  it('counts the write frames of each unit and of all units', () =>
    withPlant(['intake.A', 'intake.B'], async (plant, a, b) => {
      assert.equal(plant.state().writeFrames, 0)
      await switchOver(plant, a, b)
      const { units } = intake(plant)
      assert.deepEqual([units.A.writeFrames, units.B.writeFrames], [3, 3])
      assert.equal(plant.state().writeFrames, 6)
      assert.ok(units.A.readFrames > 3)
    }))
})

describe('The valve of a pair without a primary', () => {
  it('holds for 2 seconds and then closes', () =>
    withPlant([], async (plant) => {
      await plant.advance(1000)
      await plant.addFault({ target: 'intake', fault: 'none_primary' })
      const heldPct = intake(plant).process.valve
      await plant.advance(1990)
      assert.equal(intake(plant).process.valve, heldPct)
      await plant.advance(1000)
      assert.ok(intake(plant).process.valve < heldPct - 10)
      await plant.advance(10_000)
      assert.equal(intake(plant).process.valve, 0)
    }))

  it('holds for 2 seconds again after a primary has driven it', () =>
    withPlant([], async (plant) => {
      for (let loss = 0; loss < 2; loss += 1) {
        await plant.addFault({ target: 'intake', fault: 'none_primary' })
        await plant.advance(10)
        const heldPct = intake(plant).process.valve
        await plant.advance(1500)
        assert.equal(intake(plant).process.valve, heldPct)
        await plant.clearFault()
        await plant.advance(100)
      }
    }))
})

describe('What operators set on the primary', () => {
  it('reaches the standby over the link, and the process follows', () =>
    withPlant(['intake.B'], async (plant, b) => {
      assert.ok(b)
      const set = (tag: string, value: number) =>
        plant.action({ target: 'intake', action: 'set', tag, value })
      await set('LEVEL.SP', 62)
      await set('BATCH.STEP', 4)
      await plant.advance(20)
      assert.equal(float(await b.terminal.read(102, 2)), 62)
      assert.deepEqual(await b.terminal.read(108, 2), [2, 4])
      await plant.advance(120_000)
      assert.ok(Math.abs(intake(plant).process.level - 62) < 1)
    }))

  it('stands still in manual', () =>
    withPlant([], async (plant) => {
      await plant.action({ target: 'intake', action: 'set', tag: 'MODE', value: 1 })
      await plant.advance(20)
      const before = intake(plant).process.valve
      await plant.advance(5000)
      assert.equal(intake(plant).process.valve, before)
    }))

  it('is refused outside its range and for a tag that nobody sets', () =>
    withPlant([], async (plant) => {
      const set = (tag: string, value: unknown) =>
        plant.action({ target: 'intake', action: 'set', tag, value })
      await assert.rejects(set('LEVEL.SP', 101), /LEVEL.SP is '101'; expected a number from 0/)
      await assert.rejects(set('MODE', 1.5), /expected a whole number from 1 to 3/)
      await assert.rejects(set('LEVEL.PS', 1), /did you mean 'LEVEL.SP'/)
    }))
})

describe('The latches of the truth', () => {
  it('catch both units active, with cause and times, and fight for the valve', () =>
    withPlant([], async (plant) => {
      await plant.advance(100)
      await plant.addFault({ target: 'intake', fault: 'both_primary', after_ms: 50 })
      await plant.advance(1000)
      const { bothActive, units } = intake(plant)
      assert.deepEqual([units.A.active, units.B.active], [true, true])
      assert.equal(bothActive.cause, 'fault both_primary')
      assert.equal(bothActive.firstAtMs, 160)
      assert.equal(bothActive.scans, 95 + 1)
      assert.equal(bothActive.lastAtMs, plant.state().timeMs)
    }))

  it('are right about two units that pull the valve to and fro from scan to scan', () =>
    withPlant([], async (plant) => {
      await plant.addFault({ target: 'intake.B', fault: 'stuck_tracking' })
      await plant.advance(20)
      await plant.addFault({ target: 'intake', fault: 'both_primary' })
      await plant.advance(20)
      const firstPct = intake(plant).process.valve
      await plant.advance(10)
      const secondPct = intake(plant).process.valve
      await plant.advance(10)
      const thirdPct = intake(plant).process.valve
      assert.ok(Math.abs(firstPct - secondPct) > 10, `${firstPct} and ${secondPct}`)
      assert.ok(Math.abs(thirdPct - secondPct) > 10, `${secondPct} and ${thirdPct}`)
      assert.equal(intake(plant).bothActive.scans, 4)
    }))

  it('stay when the cause is gone, until they are reset', () =>
    withPlant([], async (plant) => {
      await plant.addFault({ target: 'intake', fault: 'both_primary' })
      await plant.advance(100)
      await plant.clearFault()
      await plant.advance(100)
      assert.deepEqual([intake(plant).units.B.active, intake(plant).bothActive.scans], [false, 10])
      await plant.action({ target: 'intake', action: 'reset_latches' })
      await plant.advance(100)
      const { bothActive, process } = intake(plant)
      assert.deepEqual(bothActive, {
        scans: 0,
        firstAtMs: null,
        lastAtMs: null,
        cause: null,
        causes: {},
      })
      assert.ok(process.maxValveStep < CALM_STEP_PCT)
    }))

  it('name a command that made both units active', () =>
    withPlant(['intake.B'], async (plant, b) => {
      assert.ok(b)
      await plant.addFault({ target: 'intake.B', fault: 'peer_contact_stuck', value: true })
      await b.command(GO_ACTIVE)
      const { bothActive, noneActive } = intake(plant)
      assert.deepEqual(Object.keys(bothActive.causes), ['command'])
      assert.equal(noneActive.scans, 0)
    }))
})

async function switchOver(plant: Plant, a: Hand | undefined, b: Hand | undefined): Promise<void> {
  assert.ok(a && b)
  await plant.action({ target: 'intake', action: 'reset_latches' })
  const demoted = await a.command(GO_STANDBY)
  assert.deepEqual([demoted.result, demoted.role], [5, 2])
  const promoted = await b.command(GO_ACTIVE)
  assert.deepEqual([promoted.result, promoted.role], [5, 1])
  await plant.advance(10_000)
}

function intake(plant: Plant) {
  return plant.state().pairs.intake ?? assert.fail('no intake')
}

function float(words: readonly number[]): number {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt16BE(words[0] ?? 0, 0)
  bytes.writeUInt16BE(words[1] ?? 0, 2)
  return bytes.readFloatBE(0)
}
