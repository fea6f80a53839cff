// What each fault of a unit or a pair does to what the unit shows and to what it does.
import assert from 'node:assert/strict'
import { CATALOGUE } from '../../plc-sim/faults.ts'
import type { Plant } from '../../plc-sim/plant.ts'
import { GO_ACTIVE, GO_STANDBY, type Hand, OPERATE, SELECT, withPlant } from './by-hand.ts'

const PRIMARY = 1
const STANDBY = 2

/** One condition bit or information register of a healthy unit against the same under the fault. */
const SHOWN: readonly {
  readonly fault: string
  readonly says: string
  readonly read: (hand: Hand) => Promise<number | boolean>
  readonly healthy: number | boolean
  readonly broken: number | boolean
  readonly parameters?: object
}[] = [
  {
    fault: 'forced_io',
    says: 'shows forced I/O',
    read: condition(0x0200),
    healthy: false,
    broken: true,
  },
  {
    fault: 'no_io',
    says: 'shows that it does not see its I/O',
    read: condition(0x0400),
    healthy: true,
    broken: false,
  },
  {
    fault: 'interlock_lost',
    says: 'shows that the permissive is gone',
    read: condition(0x0020),
    healthy: true,
    broken: false,
  },
  {
    fault: 'peer_contact_stuck',
    says: 'shows a dead peer that is not active',
    read: condition(0x0040),
    healthy: true,
    broken: false,
    parameters: { value: false },
  },
  {
    fault: 'peer_contact_missing',
    says: 'shows that no peer contact is fitted',
    read: condition(0x1000),
    healthy: true,
    broken: false,
  },
  {
    fault: 'swapped_address',
    says: "shows its peer's block unit number",
    read: async (hand) => (await hand.status()).unit,
    healthy: 11,
    broken: 12,
  },
  {
    fault: 'lying_role',
    says: 'shows a role that is not its own',
    read: async (hand) => (await hand.status()).role,
    healthy: PRIMARY,
    broken: 3,
    parameters: { role: 'none' },
  },
  {
    fault: 'wrong_program',
    says: 'shows another program checksum',
    read: information(1023),
    healthy: 0x91e5,
    broken: 0x91e6,
  },
  {
    fault: 'wrong_firmware',
    says: 'shows another firmware',
    read: information(1025),
    healthy: 0x0207,
    broken: 0x0109,
  },
  {
    fault: 'wrong_configuration',
    says: 'shows another configuration checksum',
    read: information(1027),
    healthy: 0xb2c4,
    broken: 0xb2c5,
  },
  {
    fault: 'overload',
    says: 'shows its load',
    read: information(1029),
    healthy: 312,
    broken: 970,
  },
]

describe('A unit with the fault', () => {
  for (const { fault, says, read, healthy, broken, parameters } of SHOWN) {
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
        const target = { unit: 'dosing.B', pair: 'filters', ups: 'ups-2' }[on]
        await plant.addFault({ target, fault })
        await plant.advance(50)
        assert.equal(plant.state().faults.at(-1)?.armed, true, fault)
        await plant.clearFault()
        await plant.advance(500)
        assert.deepEqual(plant.state().faults, [])
      }
    }))
})

function condition(mask: number) {
  return async (hand: Hand) => {
    // Bit 6 is looked at with a dead peer: B is standby all the time.
    return ((await hand.status()).conditions & mask) !== 0
  }
}

function information(register: number) {
  return async (hand: Hand) => (await hand.terminal.read(register, 1))[0] ?? 0
}

function breakA(plant: Plant, fault: string, parameters: object = {}): Promise<unknown> {
  return plant.addFault({ target: 'intake.A', fault, ...parameters })
}

function intake(plant: Plant) {
  return plant.state().pairs.intake ?? assert.fail('no intake')
}
