// One entry or more for each gate of the matrix: how the plant comes to stand against it, what is then said, and the one thing that
// is named as clearing it. Everything is reached through the cycle of the core with the practice plant; nothing is made up.

import type { OrderBody } from '../../../src/core/cycle.ts'
import type { Plant } from '../../../src/core/plant.ts'
import { makerPlant } from '../maker-plant.ts'
import { act, breakIt, cycle, mendIt, order, pairOf, restart, run, runUntil } from '../rig.ts'
import { type AskedRig, resolving, switching, withoutChecksum, withoutCondition } from './asking.ts'
import {
  demoteIgnored,
  demoteUnseen,
  inPhase,
  loseRetained,
  mendEverything,
  promoteIgnored,
  propose,
  ready,
  switchOver,
} from './plant-states.ts'

export type Entry = {
  /** What stands in the way, in a few words. */
  readonly when: string
  /** How the plant file differs from that of the demo plant. */
  readonly plant?: (plant: Plant) => Plant
  /** Until all is well; without it the pair intake is ready. */
  readonly start?: (rig: AskedRig) => void
  /** The gate is not met before anything is spoilt either. */
  readonly unmetAtStart?: true
  /** The order that is asked; a planned switchover of intake to B without it. */
  readonly asked?: OrderBody
  readonly spoil: (rig: AskedRig) => void
  /** The obstacle as every door prints it. */
  readonly says: string
  /** What "clears when" names, and nothing else. */
  readonly mend: (rig: AskedRig) => void
  /** The gate is met again within this time; to the cycle, where the obstacle promises a time. */
  readonly metMs: number
  readonly promised?: true
}

/** A fault of the practice plant that is there from `spoil` to `mend`. */
function fault(
  target: string,
  name: string,
  forMs: number,
  more: object = {},
): Pick<Entry, 'spoil' | 'mend'> {
  let id = ''
  return {
    spoil: (rig) => {
      id = breakIt(rig, target, name, more)
      run(rig, forMs)
    },
    mend: (rig) => {
      if (!mendIt(rig, id)) throw new Error(`the fault ${name} was gone already`)
    },
  }
}

/** Another form of the scans of a device, from `spoil` to `mend`. */
const bent = (
  device: string,
  how: Parameters<AskedRig['bent']['set']>[1],
  forMs: number,
): Pick<Entry, 'spoil' | 'mend'> => ({
  spoil: (rig) => {
    rig.bent.set(device, how)
    run(rig, forMs)
  },
  mend: (rig) => rig.bent.delete(device),
})

const observing = (plant: Plant): Plant => ({ ...plant, mode: 'observe' })

/** The plant file names the program that both units of intake carry. */
const withConfiguredProgram = (plant: Plant): Plant => ({
  ...plant,
  pairs: plant.pairs.map((pair) => ({
    ...pair,
    units: {
      A: { ...pair.units.A, program: 0x7c3a91e5 },
      B: { ...pair.units.B, program: 0x7c3a91e5 },
    },
  })),
})

const orderAs = (who: string, body: OrderBody) => (rig: AskedRig) => {
  order(rig, who, body)
  cycle(rig)
}

const standing: Readonly<Record<string, readonly Entry[]>> = {
  supervised: [
    {
      when: 'the plant is only watched',
      plant: observing,
      start: (rig) => run(rig, 8000),
      unmetAtStart: true,
      spoil: () => {},
      says: 'the pair may be commanded: observe-only [needs mode supervise; clears when the plant file says "mode: supervise" for the plant and the pair, after a restart]',
      mend: (rig) => {
        rig.plant = { ...rig.plant, mode: 'supervise' }
        restart(rig)
      },
      metMs: 100,
    },
  ],
  lockout: [
    {
      when: 'somebody works at the pair',
      spoil: orderAs('anna', { kind: 'lockout', pair: 'intake', on: true, reason: 'new valve' }),
      says: 'no lockout: new valve (anna) [needs not locked out; clears when a supervisor lifts the lockout]',
      mend: orderAs('bert', { kind: 'lockout', pair: 'intake', on: false, reason: '' }),
      metMs: 100,
    },
  ],
  service: [
    {
      when: 'a unit is being repaired',
      spoil: orderAs('bert', {
        kind: 'out-of-service',
        pair: 'intake',
        unit: 'B',
        on: true,
        reason: 'new card',
      }),
      says: 'no unit out of service: B out of service: new card [needs both in service; clears when a supervisor puts the unit back into service]',
      mend: orderAs('bert', {
        kind: 'out-of-service',
        pair: 'intake',
        unit: 'B',
        on: false,
        reason: '',
      }),
      metMs: 100,
    },
  ],
  resumed: [
    {
      when: 'the supervisor was killed while a prompt was open',
      spoil: (rig) => {
        propose(rig)
        restart(rig)
        run(rig, 8000)
      },
      says: 'resumed since the restart: the supervisor restarted while switchover intake-1 was proposed [needs not held; clears when a supervisor resumes the pair]',
      mend: orderAs('bert', { kind: 'resolve', pair: 'intake', way: 'resume', reason: 'seen' }),
      metMs: 100,
    },
  ],
  outcome: [
    {
      when: 'the link broke right after an OPERATE',
      asked: resolving('retry'),
      spoil: demoteUnseen,
      says: 'no unknown outcome: OPERATE GO_STANDBY at A may or may not have been carried out [needs every outcome known; clears when a read of the unit settles it, or one person attests what happened and a second one approves]',
      mend: (rig) => rig.cut.delete('intake.A'),
      metMs: 400,
    },
  ],
  authority: [
    {
      when: 'another supervisor holds the authority',
      spoil: (rig) => {
        rig.leaseHeld = false
        cycle(rig)
      },
      says: 'authority held: another supervisor holds it [needs held here; clears when this supervisor holds the authority]',
      mend: (rig) => {
        rig.leaseHeld = true
      },
      metMs: 100,
    },
  ],
  journal: [
    {
      when: 'a disk is full',
      spoil: (rig) => {
        rig.journalFault = 'copy b: no space left on device'
        cycle(rig)
      },
      says: 'journal healthy: copy b: no space left on device [needs every copy synced; clears when the copy is repaired and the supervisor restarted]',
      mend: (rig) => {
        rig.journalFault = undefined
        restart(rig)
      },
      metMs: 100,
    },
    {
      when: 'a disk hangs',
      spoil: (rig) => {
        rig.syncing = false
        order(rig, 'anna', { ...switching(), dryRun: false })
        run(rig, 3000)
      },
      says: 'journal healthy: records have waited for 2.8 s [needs every copy synced; clears when the disks of the journal answer again]',
      mend: (rig) => {
        rig.syncing = true
      },
      metMs: 200,
    },
  ],
  clock: [
    {
      when: 'the clock was set',
      spoil: (rig) => {
        rig.wallMs += 3_600_000
        cycle(rig)
      },
      says: 'clock sane: jumped 0.0 s ago [needs steady for 10.0 s; clears when the clock has run steadily for 10.0 s]',
      mend: () => {},
      metMs: 10_000,
      promised: true,
    },
    {
      when: 'the supervisor was suspended',
      spoil: (rig) => {
        rig.nowMs += 5000
        rig.wallMs += 5000
        cycle(rig)
      },
      says: 'clock sane: jumped 0.0 s ago [needs steady for 10.0 s; clears when the clock has run steadily for 10.0 s]',
      mend: () => {},
      metMs: 10_000,
      promised: true,
    },
  ],
  cycle: [
    {
      when: 'the cycle is late',
      spoil: (rig) => {
        rig.lateMs = 640
        cycle(rig)
      },
      says: 'own cycle in time: 640 ms late [needs at most 500 ms late; clears when the supervisor keeps its cycle again]',
      mend: (rig) => {
        rig.lateMs = 0
      },
      metMs: 100,
    },
  ],
  budget: [
    {
      when: 'the process is near its limit',
      spoil: (rig) => {
        act(rig, { target: 'intake', action: 'set', tag: 'LEVEL.SP', value: 82 })
        run(rig, 60_000)
      },
      says: 'time budget without control: LEVEL.PV reaches its high limit 90 % in no less than 2.7 s [needs at least 5.6 s: 0.6 s to switch and 5.0 s of margin; clears when the process is further away from its limits]',
      mend: (rig) => act(rig, { target: 'intake', action: 'set', tag: 'LEVEL.SP', value: 60 }),
      metMs: 20_000,
    },
  ],
  interval: [
    {
      when: 'the pair has just been switched over',
      asked: switching('A'),
      spoil: (rig) => {
        switchOver(rig)
        inPhase(rig, 'idle')
        run(rig, 3000)
      },
      says: 'minimum interval since the last switchover: 3.0 s ago [needs at least 10 s; clears when 7.0 s have passed]',
      mend: () => {},
      metMs: 0,
      promised: true,
    },
  ],
  alarms: [
    {
      when: 'a unit took over by itself',
      asked: switching('A'),
      spoil: (rig) => {
        breakIt(rig, 'intake.B', 'autonomous_failover')
        run(rig, 1000)
      },
      says: 'no blocking alarm: intake: the primary changed and nobody here ordered it [needs none; clears when the alarm has cleared and is acknowledged]',
      mend: orderAs('anna', { kind: 'acknowledge', alarm: 'intake:role-changed', comment: '' }),
      metMs: 200,
    },
    {
      when: 'both units were primary, and nobody has seen it',
      spoil: (rig) => {
        const id = breakIt(rig, 'intake', 'both_primary', { hold: true })
        run(rig, 1000)
        mendIt(rig, id)
        run(rig, 1000)
      },
      says: 'no blocking alarm: intake: both units are primary [needs none; clears when the alarm has cleared and is acknowledged]',
      mend: orderAs('anna', { kind: 'acknowledge', alarm: 'intake:both-primary', comment: '' }),
      metMs: 200,
    },
  ],
}

const units: Readonly<Record<string, readonly Entry[]>> = {
  reachable: [
    {
      when: 'a unit is silent',
      ...fault('intake.B', 'network_loss', 3000),
      says: 'units reachable: B: no answer for 3.0 s (timeout: no answer) [needs answers on its path; clears when the unit answers again]',
      metMs: 300,
    },
    {
      when: 'the status block is damaged',
      ...bent('intake.B', withoutChecksum, 3000),
      says: 'units reachable: B: answers, but status block has a wrong CRC [needs answers on its path; clears when its status block can be believed again]',
      metMs: 300,
    },
  ],
  paths: [
    {
      when: 'one of two networks is cut',
      spoil: (rig) => {
        rig.cut.add('intake.B lan-2')
        run(rig, 3000)
      },
      says: 'every path works: B: lan-2 down [needs every path works; clears when the path answers again]',
      mend: (rig) => rig.cut.delete('intake.B lan-2'),
      metMs: 200,
    },
  ],
  fresh: [
    {
      when: 'a unit has not answered for a moment',
      ...fault('intake.B', 'network_loss', 1300),
      says: 'status fresh: B: 1.3 s old [needs at most 1.0 s old; clears when the unit is read again]',
      metMs: 300,
    },
  ],
  heartbeat: [
    {
      when: 'the heartbeat stands still',
      ...fault('intake.B', 'freeze_heartbeat', 3000),
      says: 'heartbeat moving: B: last moved 3.0 s ago [needs moved within 1.0 s; clears when the heartbeat moves again]',
      metMs: 300,
    },
  ],
  identity: [
    {
      when: 'another unit answers at the address',
      ...fault('intake.B', 'swapped_address', 1000),
      says: 'identity as configured: B: answers with another unit number [needs unit number, program and epoch as known; clears when the right unit answers at this address]',
      metMs: 300,
    },
    {
      when: 'the program is not the configured one',
      plant: withConfiguredProgram,
      ...fault('intake.B', 'wrong_program', 1000),
      says: 'identity as configured: B: program 7C3A91E6, configured 7C3A91E5 [needs unit number, program and epoch as known; clears when the unit carries the configured program]',
      metMs: 300,
    },
    {
      when: 'the epoch of a unit fell back',
      spoil: (rig) => {
        propose(rig)
        order(rig, 'anna', { kind: 'abort', switchover: 'intake-1', reason: '' })
        loseRetained(rig, 'intake.B')
      },
      says: 'identity as configured: B: epoch fell back to 0 [needs unit number, program and epoch as known; clears when somebody has looked at the unit and re-arms it at its panel]',
      mend: (rig) => act(rig, { target: 'intake.B', action: 'rearm' }),
      metMs: 300,
    },
  ],
  running: [
    {
      when: 'the target is not in RUN',
      ...bent('intake.B', withoutCondition('running'), 1000),
      says: 'target runs its program: B: not in RUN [needs RUN; clears when the controller is put into RUN]',
      metMs: 300,
    },
  ],
  commandable: [
    {
      when: 'the switch of the primary stands on LOCAL',
      spoil: (rig) => {
        act(rig, { target: 'intake.A', action: 'local' })
        run(rig, 400)
      },
      says: 'units accept commands: A: switch on LOCAL [needs REMOTE, not locked, permissive present; clears when the switch at its panel stands on REMOTE]',
      mend: (rig) => act(rig, { target: 'intake.A', action: 'remote' }),
      metMs: 300,
    },
    {
      when: 'the permissive is missing',
      ...fault('intake.B', 'interlock_lost', 400),
      says: 'units accept commands: B: permissive missing [needs REMOTE, not locked, permissive present; clears when the permissive is present]',
      metMs: 300,
    },
  ],
  io: [
    {
      when: 'the target has lost its I/O',
      ...fault('intake.B', 'no_io', 400),
      says: 'target sees its I/O: B: I/O not connected [needs sees its I/O; clears when the I/O connections of the unit work]',
      metMs: 300,
    },
  ],
  load: [
    {
      when: 'the target is overloaded',
      ...fault('intake.B', 'overload', 400, { pct: 97 }),
      says: 'scan time and load of the target sane: scan 10 ms, load 97 % [needs scan at most 100 ms, load at most 85 %; clears when scan time and load of the controller fall]',
      metMs: 300,
    },
  ],
}

const pairs: Readonly<Record<string, readonly Entry[]>> = {
  roles: [
    {
      when: 'both units are primary',
      ...fault('intake', 'both_primary', 1000, { hold: true }),
      says: 'roles fit: A primary, B primary [needs A primary, B standby; clears when A is the only primary and B is standby]',
      metMs: 300,
    },
    {
      when: 'nobody is primary and the target is no standby',
      start: (rig) => {
        ready(rig)
        breakIt(rig, 'intake', 'none_primary', { hold: true })
        run(rig, 2000)
      },
      ...fault('intake.B', 'lying_role', 1000, { role: 'none' }),
      says: 'roles fit: A standby, B none [needs B standby, A not read as primary; clears when B answers as standby and A is not primary; when B is primary already, adopt]',
      metMs: 300,
    },
    {
      when: 'the demote did nothing and the old primary drives on',
      asked: resolving('retry'),
      start: (rig) => {
        ready(rig)
        demoteIgnored(rig)
      },
      unmetAtStart: true,
      spoil: () => {},
      says: 'roles fit: A primary, B standby [needs B standby, A not read as primary; clears when B answers as standby and A is not primary; when B is primary already, adopt]',
      mend: (rig) => breakIt(rig, 'intake', 'none_primary', { hold: true }),
      metMs: 300,
    },
    {
      when: 'the roles that are to be adopted are those of two primaries',
      asked: resolving('adopt'),
      start: (rig) => {
        ready(rig)
        demoteIgnored(rig)
      },
      ...fault('intake', 'both_primary', 600, { hold: true }),
      says: 'roles fit: A primary, B primary [needs exactly one read as primary, or both read and neither is; clears when exactly one unit is read as primary, or both are read and neither is]',
      metMs: 300,
    },
  ],
  peer: [
    {
      when: 'the lost primary drives on: its contact says so',
      spoil: (rig) => {
        breakIt(rig, 'intake.A', 'network_loss')
        run(rig, 3000)
      },
      says: 'the other unit is proven inactive: A: no answer for 3.0 s (timeout: no answer); no contact or isolation signal says it is inactive [needs A read as not primary, or its contact or isolation says inactive; clears when A answers as standby, or its hard-wired contact or isolation signal says that its outputs are dead]',
      mend: (rig) => breakIt(rig, 'intake.A', 'isolated'),
      metMs: 300,
    },
    {
      when: 'no contact is fitted',
      spoil: (rig) => {
        breakIt(rig, 'intake.B', 'peer_contact_missing', { value: true })
        breakIt(rig, 'intake.A', 'crash')
        run(rig, 3000)
      },
      says: 'the other unit is proven inactive: A: no answer for 3.0 s (timeout: no answer); no contact or isolation signal says it is inactive [needs A read as not primary, or its contact or isolation says inactive; clears when A answers as standby, or its hard-wired contact or isolation signal says that its outputs are dead]',
      mend: (rig) => breakIt(rig, 'intake.A', 'isolated'),
      metMs: 300,
    },
  ],
  late: [
    {
      when: 'the promote timed out and may still be carried out',
      asked: resolving('restore'),
      spoil: promoteIgnored,
      says: 'no late action possible: B may still carry out its promote [needs no promote that may still be carried out; clears when B is restarted, or isolated by hardware, or one person attests that it cannot act and a second one approves]',
      mend: (rig) => act(rig, { target: 'intake.B', action: 'reboot' }),
      metMs: 4000,
    },
    {
      when: 'the promote timed out, and the unit is then cut off by hardware',
      asked: resolving('restore'),
      spoil: promoteIgnored,
      says: 'no late action possible: B may still carry out its promote [needs no promote that may still be carried out; clears when B is restarted, or isolated by hardware, or one person attests that it cannot act and a second one approves]',
      mend: (rig) => breakIt(rig, 'intake.B', 'isolated'),
      metMs: 300,
    },
  ],
  forced: [
    {
      when: 'an output is forced on one side',
      ...fault('intake.A', 'forced_io', 400),
      says: 'no I/O forced on one side only: forced on A only [needs same on both; clears when the forces are removed, or set on both units]',
      metMs: 300,
    },
    {
      when: 'an output is forced on one side, and then on both',
      spoil: (rig) => {
        breakIt(rig, 'intake.A', 'forced_io')
        run(rig, 400)
      },
      says: 'no I/O forced on one side only: forced on A only [needs same on both; clears when the forces are removed, or set on both units]',
      mend: (rig) => breakIt(rig, 'intake.B', 'forced_io'),
      metMs: 300,
    },
  ],
  program: [
    {
      when: 'the standby carries another program',
      ...fault('intake.B', 'wrong_program', 400),
      says: 'same program, firmware and configuration: program A 7C3A91E5, B 7C3A91E6 [needs equal; clears when both units carry the same program, firmware and configuration]',
      metMs: 300,
    },
    {
      when: 'the standby carries another firmware',
      ...fault('intake.B', 'wrong_firmware', 400),
      says: 'same program, firmware and configuration: firmware A 3.2.7, B 3.1.9 [needs equal; clears when both units carry the same program, firmware and configuration]',
      metMs: 300,
    },
    {
      when: 'the standby carries another configuration',
      ...fault('intake.B', 'wrong_configuration', 400),
      says: 'same program, firmware and configuration: configuration A 51D0B2C4, B 51D0B2C5 [needs equal; clears when both units carry the same program, firmware and configuration]',
      metMs: 300,
    },
  ],
  sync: [
    {
      when: 'the standby does not follow',
      ...fault('intake.B', 'stuck_tracking', 8000),
      says: 'in sync: different for 6.2 s: VALVE.OUT, PID.I [needs in sync for 5 s, 90 % of the tags compared; clears when the differences are gone and stay away for the dwell time]',
      // The evidence has to sink, and then the dwell time of 5 s passes.
      metMs: 15_000,
    },
    {
      when: 'the pair has not been in sync for long enough',
      start: (rig) => run(rig, 100),
      unmetAtStart: true,
      spoil: (rig) =>
        runUntil(rig, (one) => pairOf(one, 'intake').sync.verdict === 'in sync', 5000),
      says: 'in sync: in sync for 0.0 s [needs in sync for 5 s, 90 % of the tags compared; clears when 5.0 s have passed, if it stays in sync]',
      mend: () => {},
      metMs: 5000,
      promised: true,
    },
  ],
  'sync-before': [
    {
      when: 'the primary was lost before the pair had been in sync for long enough',
      start: (rig) => run(rig, 4000),
      spoil: (rig) => {
        breakIt(rig, 'intake.A', 'crash')
        run(rig, 3000)
      },
      says: 'in sync before the loss: in sync for 3.0 s, until 0.0 s before the loss [needs in sync for 5 s, at most 30 s before the loss; clears when the lost unit answers again; until then a supervisor may override it with a reason]',
      mend: mendEverything,
      metMs: 5000,
    },
  ],
  power: [
    {
      when: 'the UPS of the target runs out',
      ...fault('ups-2', 'on_battery', 3000, { runtime: 90 }),
      says: 'power of the target: ups-2 on battery, charge 97 %, runtime 1 min, battery low [needs on mains, or at least 120 s of runtime; clears when the mains return, or the battery is charged far enough]',
      metMs: 5000,
    },
    {
      when: 'the UPS of the target says nothing',
      ...fault('ups-2', 'comms_lost', 6000),
      says: 'power of the target: ups-2 no answer for 6.0 s, last seen on mains [needs on mains, or at least 120 s of runtime; clears when the UPS is read again and tells its state]',
      metMs: 1500,
    },
  ],
  'site:no-batch-running': [
    {
      when: 'a batch runs',
      asked: switching('B', 'dosing'),
      spoil: (rig) => {
        act(rig, { target: 'dosing', action: 'set', tag: 'BATCH.STEP', value: 3 })
        run(rig, 2000)
      },
      says: 'no batch running: BATCH.STEP is 3 [needs BATCH.STEP is 0; clears when BATCH.STEP becomes 0]',
      mend: (rig) => act(rig, { target: 'dosing', action: 'set', tag: 'BATCH.STEP', value: 0 }),
      metMs: 500,
    },
  ],
}

/** The permissive of the standby goes and comes three times. */
function flap(rig: AskedRig): void {
  for (let times = 0; times < 3; times++) {
    const id = breakIt(rig, 'intake.B', 'interlock_lost')
    run(rig, 500)
    mendIt(rig, id)
    run(rig, 500)
  }
}

/** The standby was gone for a while, and has answered again for so long. */
const cameBack = (forMs: number) => (rig: AskedRig) => {
  const id = breakIt(rig, 'intake.B', 'crash')
  run(rig, 3000)
  mendIt(rig, id)
  runUntil(rig, (one) => pairOf(one, 'intake').units.B.presence === 'answering')
  run(rig, forMs)
}

const automatic = (plant: Plant): Plant => ({
  ...plant,
  pairs: plant.pairs.map((pair) => ({
    ...pair,
    peerInterlock: true,
    policy: { ...pair.policy, switchover: 'automatic' },
  })),
})

const lately: Readonly<Record<string, readonly Entry[]>> = {
  interlock: [
    {
      when: 'no contact is fitted at one unit of a pair that may switch without a person',
      plant: automatic,
      ...fault('intake.A', 'peer_contact_missing', 300),
      says: 'peer interlock at both units: no peer contact at A [needs a peer contact fitted at A and at B; clears when both units say that their peer contact is fitted]',
      metMs: 300,
    },
  ],
  steady: [
    {
      when: 'the target went fit and unfit three times',
      spoil: flap,
      says: 'target does not flap: B is unfit, flapping: penalty 2996 [needs B has not gone unfit again and again; clears when 29 min 58.2 s have passed without another fall]',
      // Nothing but time clears it: the supervisor is away for it.
      mend: (rig) => {
        const { clearsInMs = 0 } = pairOf(rig, 'intake').units.B.flapping ?? {}
        const awayMs = Math.ceil(clearsInMs / 200) * 200
        rig.nowMs += awayMs
        rig.wallMs += awayMs
      },
      metMs: 200,
    },
  ],
  requalified: [
    {
      when: 'the target was lost and is back',
      spoil: cameBack(8000),
      says: 'target has qualified again: B re-qualifies (was lost), 9 of 10 points met; open: answers steadily [needs B has shown that it may be relied on; clears when answers steadily: 2.0 s have passed in which it goes on answering, or a supervisor ends the re-qualification]',
      mend: () => {},
      metMs: 2500,
    },
    {
      when: 'the target was lost, and a supervisor knows why',
      spoil: cameBack(500),
      says: 'target has qualified again: B re-qualifies (was lost), 8 of 10 points met; open: answers steadily, in sync [needs B has shown that it may be relied on; clears when answers steadily: 9.5 s have passed in which it goes on answering; in sync: both units are compared again, and then in sync for the dwell time, or a supervisor ends the re-qualification]',
      mend: orderAs('bert', {
        kind: 'qualified',
        pair: 'intake',
        unit: 'B',
        reason: 'pulled plug',
      }),
      metMs: 100,
    },
  ],
}

/** Of a pair that is switched by its maker's command. */
const makers: Readonly<Record<string, readonly Entry[]>> = {
  vendor: [
    {
      when: 'the link between the units is down',
      plant: () => makerPlant(),
      start: (rig) => runUntil(rig, (one) => one.seen.length > 0 && pairOf(one, 'boiler').ready),
      asked: switching('B', 'boiler'),
      ...fault('boiler', 'link_down', 300),
      says: "the maker's conditions: A: link down is true; B: link down is true [needs the conditions of the profile, and no reason against readiness; clears when A: link down becomes false; B: link down becomes false]",
      metMs: 300,
    },
    {
      when: 'the standby does not take over what the primary sends',
      plant: () => makerPlant(),
      start: (rig) => runUntil(rig, (one) => one.seen.length > 0 && pairOf(one, 'boiler').ready),
      asked: switching('B', 'boiler'),
      ...fault('boiler.B', 'stuck_tracking', 300),
      says: "the maker's conditions: B: tracking ok is false [needs the conditions of the profile, and no reason against readiness; clears when B: tracking ok becomes true]",
      metMs: 300,
    },
  ],
}

export const entries: Readonly<Record<string, readonly Entry[]>> = {
  ...standing,
  ...lately,
  ...units,
  ...pairs,
  ...makers,
}
