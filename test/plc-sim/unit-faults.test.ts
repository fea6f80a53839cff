// What each fault of a unit does to what the unit shows and to what it does.
import assert from 'node:assert/strict'
import type { Plant } from '../../plc-sim/plant.ts'
import { GO_ACTIVE, GO_STANDBY, OPERATE, SELECT, withPlant } from './by-hand.ts'
import { SHOWN_FAULTS } from './shown-faults.ts'

const PRIMARY = 1
const STANDBY = 2

describe('A unit with the fault', () => {
  for (const { fault, says, read, healthy, broken, parameters } of SHOWN_FAULTS) {
    it(`${fault} ${says}, until it is mended`, () =>
      withPlant(['intake.A'], async (plant, hand) => {
        assert.ok(hand)
        await plant.advance(20)
        assert.equal(await read(hand), healthy)
        await breakA(plant, fault, parameters)
        await plant.advance(20)
        assert.equal(await read(hand), broken)
        assert.ok((await hand.status()).crcRight)
        await plant.clearFault()
        await plant.advance(20)
        assert.equal(await read(hand), healthy)
      }))
  }

  it('freeze_heartbeat goes on while its heartbeat stands still', () =>
    withPlant(['intake.A'], async (plant, hand) => {
      assert.ok(hand)
      await breakA(plant, 'freeze_heartbeat')
      const before = await hand.status()
      await plant.advance(500)
      const after = await hand.send()
      assert.deepEqual([after.heartbeat, after.result], [before.heartbeat, 2])
      assert.ok(intake(plant).units.A.heartbeat > before.heartbeat + 50)
      await plant.clearFault()
      await plant.advance(10)
      assert.ok((await hand.status()).heartbeat > before.heartbeat + 50)
    }))

  it('stop_scan answers with old values, judges nothing and holds its outputs', () =>
    withPlant(['intake.A'], async (plant, hand) => {
      assert.ok(hand)
      await breakA(plant, 'stop_scan')
      const before = await hand.status()
      const valvePct = intake(plant).process.valve
      assert.deepEqual(await hand.send(), before)
      await plant.advance(5000)
      assert.deepEqual(await hand.status(), before)
      const { units, process } = intake(plant)
      assert.deepEqual([units.A.active, units.A.running], [true, false])
      assert.equal(process.valve, valvePct)
      await plant.clearFault()
      await plant.advance(20)
      assert.equal((await hand.status()).result, 2)
    }))

  it('role_flap shows one role and the other while the true one stays', () =>
    withPlant(['intake.A'], async (plant, hand) => {
      assert.ok(hand)
      await breakA(plant, 'role_flap', { hz: 5 })
      const roles = new Set<number>()
      for (let passedMs = 0; passedMs < 200; passedMs += 50) {
        roles.add((await hand.status()).role)
        await plant.advance(50)
      }
      assert.deepEqual([...roles].sort(), [PRIMARY, STANDBY])
      assert.deepEqual([intake(plant).noneActive.scans, intake(plant).units.A.active], [0, true])
    }))

  it('stuck_registers answers old values for these registers and live ones for the others', () =>
    withPlant(['intake.A'], async (plant, hand) => {
      assert.ok(hand)
      await breakA(plant, 'stuck_registers', { from: 100, to: 101 })
      const before = await hand.terminal.read(100, 13)
      await plant.advance(3000)
      const after = await hand.terminal.read(100, 13)
      assert.deepEqual(after.slice(0, 2), before.slice(0, 2))
      assert.notDeepEqual(after.slice(4, 6), before.slice(4, 6))
      await plant.clearFault()
      assert.notDeepEqual((await hand.terminal.read(100, 2)).slice(0, 2), before.slice(0, 2))
    }))

  it('zeroed_registers answers zeroes, and a block that stood there is gone', () =>
    withPlant(['intake.A'], async (plant, hand) => {
      assert.ok(hand)
      await hand.send()
      await breakA(plant, 'zeroed_registers')
      assert.deepEqual(await hand.terminal.read(1000, 30), new Array(30).fill(0))
      await plant.advance(20)
      await plant.clearFault()
      assert.deepEqual(await hand.terminal.read(1100, 18), new Array(18).fill(0))
      const seen = await hand.status()
      assert.deepEqual([seen.badBlocks, seen.epoch, seen.result], [1, 7, 2])
    }))

  it('refuses_command answers every good block with its code and accepts nothing', () =>
    withPlant(['intake.A'], async (plant, hand) => {
      assert.ok(hand)
      await breakA(plant, 'refuses_command', { code: 'BUSY' })
      const refused = await hand.send()
      assert.deepEqual([refused.result, refused.accepted, refused.epoch], [23, 0, 0])
      assert.equal((await hand.send({ challenge: 1 })).result, 19)
    }))

  it('refuses_command for one opcode lets the others pass', () =>
    withPlant(['intake.A'], async (plant, hand) => {
      assert.ok(hand)
      await breakA(plant, 'refuses_command', { code: 25, opcode: 'OPERATE' })
      assert.equal((await hand.send()).result, 2)
      assert.equal((await hand.send({ opcode: SELECT, action: GO_STANDBY })).result, 3)
      const refused = await hand.send({ opcode: OPERATE, action: GO_STANDBY })
      assert.deepEqual([refused.result, refused.conditions & 7], [25, 1])
    }))

  it('acks_not_act says EXECUTING, then EXECUTE_TIMEOUT, and never acts', () =>
    withPlant(['intake.A'], async (plant, hand) => {
      assert.ok(hand)
      await breakA(plant, 'acks_not_act')
      assert.equal((await hand.command(GO_STANDBY)).result, 4)
      await plant.advance(10_000)
      const seen = await hand.status()
      assert.deepEqual([seen.result, seen.role], [33, PRIMARY])
      assert.equal(intake(plant).units.A.active, true)
    }))

  it('acts_late acts after it has said EXECUTE_TIMEOUT', () =>
    withPlant(['intake.A'], async (plant, hand) => {
      assert.ok(hand)
      await breakA(plant, 'acts_late', { ms: 700 })
      await hand.command(GO_STANDBY, 2300)
      const timedOut = await hand.status()
      assert.deepEqual([timedOut.result, timedOut.role], [33, PRIMARY])
      await plant.advance(600)
      const acted = await hand.status()
      assert.deepEqual([acted.result, acted.role], [33, STANDBY])
      assert.equal(intake(plant).noneActive.cause, 'command, fault acts_late')
    }))

  it('acts_without_ack acts while its acknowledgement stays as it was', () =>
    withPlant(['intake.A'], async (plant, hand) => {
      assert.ok(hand)
      await breakA(plant, 'acts_without_ack')
      const seen = await hand.command(GO_STANDBY)
      assert.deepEqual([seen.result, seen.judged, seen.accepted, seen.opcode], [3, 2, 2, SELECT])
      assert.deepEqual([seen.role, seen.crcRight], [STANDBY, true])
      assert.equal(intake(plant).units.A.result, 'DONE')
      await plant.clearFault()
      await plant.advance(10)
      assert.deepEqual([(await hand.status()).result, (await hand.status()).judged], [5, 3])
    }))

  it('isolated keeps its role, drives nothing, and its peer reads that', () =>
    withPlant(['intake.A', 'intake.B'], async (plant, a, b) => {
      assert.ok(a && b)
      await breakA(plant, 'isolated')
      await plant.advance(20)
      assert.equal((await a.status()).role, PRIMARY)
      assert.equal((await b.status()).conditions & 0x00c0, 0x0080)
      const { units, noneActive } = intake(plant)
      assert.deepEqual([units.A.active, noneActive.cause], [false, 'fault isolated'])
      assert.equal((await b.command(GO_ACTIVE)).result, 5)
      assert.equal(intake(plant).bothActive.scans, 0)
      await plant.clearFault()
      await plant.advance(20)
      assert.equal(intake(plant).bothActive.cause, 'fault isolated cleared')
    }))

  it('no_io drives nothing, though its role stays', () =>
    withPlant(['intake.B'], async (plant, b) => {
      assert.ok(b)
      await breakA(plant, 'no_io')
      await plant.advance(20)
      assert.deepEqual(
        [intake(plant).units.A.role, intake(plant).units.A.active],
        ['primary', false],
      )
      assert.equal((await b.status()).conditions & 0x0040, 0x0040)
    }))

  it('autonomous_failover takes over from its peer without a command, in one scan', () =>
    withPlant([], async (plant) => {
      await plant.addFault({ target: 'intake.B', fault: 'autonomous_failover', after_ms: 100 })
      await plant.advance(90)
      assert.equal(intake(plant).units.A.role, 'primary')
      await plant.advance(20)
      const { units, bothActive, noneActive } = intake(plant)
      assert.deepEqual([units.A.role, units.B.role], ['standby', 'primary'])
      assert.deepEqual([bothActive.scans, noneActive.scans], [0, 0])
      assert.equal(units.B.judgements.length, 0)
    }))

  it('stuck_tracking goes on copying what operators set, but not the valve', () =>
    withPlant(['intake.A', 'intake.B'], async (plant, a, b) => {
      assert.ok(a && b)
      await plant.addFault({ target: 'intake.B', fault: 'stuck_tracking' })
      await plant.action({ target: 'intake', action: 'set', tag: 'LEVEL.SP', value: 57 })
      await plant.advance(50)
      const [own, peer] = [await a.terminal.read(100, 13), await b.terminal.read(100, 13)]
      assert.deepEqual(peer.slice(2, 4), own.slice(2, 4))
      assert.notDeepEqual(peer.slice(4, 8), own.slice(4, 8))
    }))
})

function breakA(plant: Plant, fault: string, parameters: object = {}): Promise<unknown> {
  return plant.addFault({ target: 'intake.A', fault, ...parameters })
}

function intake(plant: Plant) {
  return plant.state().pairs.intake ?? assert.fail('no intake')
}
