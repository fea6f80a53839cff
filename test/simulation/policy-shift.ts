// A shift for the policies: primaries are lost and come back, nobody answers most of the time, now and then somebody says no, looks,
// locks out or restarts the supervisor. Same seed, same shift.

import type { OrderBody } from '../../src/core/cycle.ts'
import { type UnitId, unitIds } from '../../src/core/plant.ts'
import { randomFrom } from '../chance.ts'
import {
  act,
  breakIt,
  cycle,
  mendIt,
  newRig,
  order,
  pairOf,
  type Rig,
  restart,
} from '../core/rig.ts'
import { type Checker, newChecker } from './checkers.ts'
import { drawPolicy, pick } from './world.ts'

/** Plays `seconds` of losses and returns; the checker has judged every cycle. */
export function playPolicyShift(seed: number, seconds: number): { rig: Rig; checker: Checker } {
  const random = randomFrom(seed)
  const rig = newRig((plant) => ({
    ...plant,
    maintenanceWindows: [{ days: ['sun'], fromMin: 8 * 60, toMin: 8 * 60 + 1, zone: 'UTC' }],
    pairs: plant.pairs.map((pair) => ({
      ...pair,
      peerInterlock: true,
      gates: { ...pair.gates, syncDwellS: 1, requalifyS: 2, verdictAgeS: 60 },
      policy: {
        ...pair.policy,
        minIntervalS: 0,
        proposeAgainS: 5,
        confirmS: 10,
        secondPerson: false,
        ...drawPolicy(random),
      },
    })),
  }))
  const checker = newChecker(rig)
  const broken = new Map<string, string>()
  cycle(rig)
  for (let at = 0; at < seconds * 10; at++) {
    for (const { name } of rig.plant.pairs) {
      if (random() < 0.006) loseOrBring(rig, name, broken, random)
      if (random() < 0.02) somebody(rig, name, random)
    }
    if (random() < 0.0005) {
      restart(rig)
      checker.restarted()
    }
    cycle(rig)
    checker.check()
  }
  return { rig, checker }
}

/** A loss of the primary, or the return of what was lost; where nobody is primary for long, somebody takes over at a panel. */
function loseOrBring(
  rig: Rig,
  name: string,
  broken: Map<string, string>,
  random: () => number,
): void {
  const known = broken.get(name)
  if (known !== undefined) {
    mendIt(rig, known)
    broken.delete(name)
    return
  }
  const { primary } = pairOf(rig, name)
  if (primary === undefined) {
    const { units } = pairOf(rig, name)
    const there = unitIds.filter((unit) => units[unit].presence === 'answering')
    if (there.length > 0)
      act(rig, { target: `${name}.${pick(random, there)}`, action: 'take_over' })
  } else {
    const what = pick(random, ['crash', 'crash', 'network_loss', 'peer_contact_missing'])
    broken.set(name, breakIt(rig, `${name}.${primary}`, what))
  }
}

function somebody(rig: Rig, pair: string, random: () => number): void {
  const reason = 'the dice say so'
  const { switchover, target } = pairOf(rig, pair)
  const id = switchover?.id ?? `${pair}-0`
  const to: UnitId = target ?? 'A'
  const bodies: readonly OrderBody[] = [
    { kind: 'acknowledge', alarm: `${pair}:automatic`, comment: '' },
    { kind: 'acknowledge', alarm: `${pair}:automatic`, comment: '' },
    { kind: 'acknowledge', alarm: `${pair}:role-changed`, comment: '' },
    { kind: 'acknowledge', alarm: `${pair}:both-primary`, comment: '' },
    { kind: 'resolve', pair, way: pick(random, ['resume', 'adopt', 'retry'] as const), reason },
    { kind: 'resolve', pair, way: 'resume', reason },
    ...(random() < 0.1 ? [{ kind: 'reject' as const, switchover: id, reason }] : []),
    ...(random() < 0.3 ? [{ kind: 'extend' as const, switchover: id }] : []),
    { kind: 'lockout', pair, on: random() < 0.1, reason },
    { kind: 'qualified', pair, unit: to, reason },
    {
      kind: 'confirm',
      switchover: id,
      evidenceHash: switchover?.evidence?.hash ?? '0',
      typedName: pair,
      reason,
      reauthenticated: true,
    },
  ]
  order(rig, pick(random, ['bert', 'emil']), pick(random, bodies))
}
