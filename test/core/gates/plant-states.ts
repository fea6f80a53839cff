// Situations of the pair intake that several gates are tried in: ready, proposed, stopped half way.

import { act, breakIt, cycle, mendIt, order, pairOf, run, runUntil } from '../rig.ts'
import { type AskedRig, switching } from './asking.ts'

export const ready = (rig: AskedRig): void =>
  runUntil(rig, (one) => one.seen.length > 0 && pairOf(one, 'intake').ready)

export const inPhase = (rig: AskedRig, phase: string): void =>
  runUntil(rig, (one) => pairOf(one, 'intake').phase === phase)

/** A planned switchover of intake to B waits for its confirmation. */
export function propose(rig: AskedRig): void {
  order(rig, 'anna', { ...switching(), dryRun: false })
  inPhase(rig, 'proposed')
}

/** Confirms whatever is proposed for intake. */
export function confirm(rig: AskedRig): void {
  const { switchover } = pairOf(rig, 'intake')
  if (switchover?.evidence === undefined) throw new Error('nothing is proposed')
  order(rig, 'bert', {
    kind: 'confirm',
    switchover: switchover.id,
    evidenceHash: switchover.evidence.hash,
    typedName: 'intake',
    reason: 'tried',
    reauthenticated: true,
  })
  cycle(rig)
}

export function switchOver(rig: AskedRig): void {
  propose(rig)
  confirm(rig)
}

/** Until the OPERATE of the demote has left. */
export const demoteLeft = (rig: AskedRig): void =>
  runUntil(rig, (one) => one.commands.some(({ words }) => words[5] === operateOpcode))

/** The link to A is cut in the cycle in which its OPERATE leaves: stopped, and nobody knows what became of it. */
export function demoteUnseen(rig: AskedRig): void {
  switchOver(rig)
  demoteLeft(rig)
  rig.cut.add('intake.A')
  inPhase(rig, 'stopped')
}

/** A accepts the demote and does nothing: stopped, and A drives on. */
export function demoteIgnored(rig: AskedRig): void {
  const id = breakIt(rig, 'intake.A', 'acks_not_act')
  switchOver(rig)
  inPhase(rig, 'stopped')
  mendIt(rig, id)
}

/** B accepts the promote and does nothing: stopped, nobody drives, and B may still act. */
export function promoteIgnored(rig: AskedRig): void {
  breakIt(rig, 'intake.B', 'acks_not_act')
  switchOver(rig)
  inPhase(rig, 'stopped')
}

/** The unit restarts with empty retained memory. */
export function loseRetained(rig: AskedRig, unit: string): void {
  const id = breakIt(rig, unit, 'retained_lost')
  act(rig, { target: unit, action: 'reboot' })
  run(rig, 3000)
  mendIt(rig, id)
}

export function mendEverything(rig: AskedRig): void {
  for (const { id } of [...rig.site.faultList.faults]) mendIt(rig, id)
}

const operateOpcode = 0x9669
