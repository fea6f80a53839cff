// A random shift: a seed draws which kinds of faults may happen, what persons order, when the supervisor is killed, when the journal
// stalls. The practice plant holds the truth; checkers.ts judges after every cycle. Same seed, same shift.

import { CATALOGUE } from '../../plc-sim/faults.ts'
import { MAKER_FAULTS } from '../../plc-sim/maker-faults.ts'
import { unitsOf } from '../../plc-sim/site.ts'
import type { OrderBody } from '../../src/core/cycle.ts'
import { type Plant, type UnitId, unitIds } from '../../src/core/plant.ts'
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

export type Shift = { readonly seed: number; readonly rig: Rig; readonly checker: Checker }

/**
 * Faults that no supervisor can survive are left out: hardware that lies about the peer's outputs. The vendor's own redundancy
 * and the wiring stand before us; see docs/security.md.
 */
const leftOut = ['peer_contact_stuck', 'slow', 'hang', 'no_io']

/**
 * Plays `seconds` of trouble, then mends everything and demands that every pair comes back. `watch` sees every cycle; `other` is a
 * plant in place of the demo plant.
 */
export function playShift(
  seed: number,
  seconds: number,
  watch?: Rig['watch'],
  other?: Plant,
): Shift {
  const random = randomFrom(seed)
  const rig = newRig((demo) => ({
    ...(other ?? demo),
    maintenanceWindows: [{ days: ['sun'], fromMin: 8 * 60, toMin: 8 * 60 + 1, zone: 'UTC' }],
    pairs: (other ?? demo).pairs.map((pair) => ({
      ...pair,
      peerInterlock: true,
      gates: { ...pair.gates, syncDwellS: 1, requalifyS: 2 },
      policy: {
        ...pair.policy,
        minIntervalS: 0,
        proposeAgainS: 5,
        confirmS: 10,
        ...drawPolicy(random),
      },
    })),
  }))
  if (watch) rig.watch = watch
  const checker = newChecker(rig)
  const kinds = Object.keys(CATALOGUE).filter((name) => !leftOut.includes(name) && random() < 0.4)
  const trouble: Trouble = { rig, random, kinds, open: [] }
  cycle(rig)
  for (let at = 0; at < seconds * 10; at++) {
    if (random() < (0.02 * rig.plant.pairs.length) / 3) disturb(trouble)
    if (other !== undefined && random() < 0.05) spoilCommand(trouble)
    if (random() < 0.04 && trouble.open.length > 0) mendOne(trouble)
    if (random() < 0.12) orderSomething(trouble)
    if (random() < 0.003) {
      restart(rig)
      checker.restarted()
    }
    cycle(rig)
    checker.check()
  }
  heal(trouble, checker)
  return { seed, rig, checker }
}

/** Half of the pairs switch without a person when nobody answers; of those, every way back may be chosen. */
export function drawPolicy(random: () => number) {
  const automatic = random() < 0.5
  const failbacks = [
    'hold',
    'operator',
    'window',
    ...(automatic ? ['immediate' as const] : []),
  ] as const
  return {
    switchover: automatic ? ('automatic' as const) : ('supervised' as const),
    automaticAfterS: pick(random, [0, 1, 3]),
    failback: pick(random, failbacks),
    ...(automatic && { secondPerson: false }),
  }
}

type Trouble = {
  readonly rig: Rig
  readonly random: () => number
  readonly kinds: readonly string[]
  readonly open: string[]
}

function disturb({ rig, random, kinds, open }: Trouble): void {
  const what = random()
  const supervised = unitsOf(rig.site).filter(({ target }) => target in rig.plant.devices)
  const device = pick(random, supervised).target
  if (what < 0.1) rig.syncing = !rig.syncing
  else if (what < 0.2) rig.dropping = !rig.dropping
  else if (what < 0.3) rig.cut.add(device)
  else if (what < 0.4) rig.cut.clear()
  else if (what < 0.42) rig.wallMs += (random() - 0.5) * 7_200_000
  else if (what < 0.45)
    act(rig, { target: device, action: pick(random, ['local', 'remote', 'reboot']) })
  else if (kinds.length > 0) {
    const fault = pick(random, kinds)
    const on = CATALOGUE[fault as keyof typeof CATALOGUE].on
    const target = on === 'pair' ? device.split('.')[0] : on === 'ups' ? 'ups-2' : device
    const opcode = pick(random, ['any', 'CLAIM', 'SELECT', 'OPERATE', 'CANCEL'])
    const more =
      fault === 'refuses_command' ? { opcode } : fault === 'acts_late' ? { ms: 1500 } : {}
    open.push(breakIt(rig, target ?? '', fault, more))
  }
}

/** What can be wrong with a maker's command is what shifts with such a command are for. */
function spoilCommand({ rig, random, open }: Trouble): void {
  const commanded = rig.plant.pairs.filter(({ vendor }) => vendor !== undefined)
  if (commanded.length === 0) return
  const target = `${pick(random, commanded).name}.${pick(random, unitIds)}`
  open.push(breakIt(rig, target, pick(random, Object.keys(MAKER_FAULTS))))
}

function mendOne({ rig, random, open }: Trouble): void {
  const [id] = open.splice(Math.floor(random() * open.length), 1)
  if (id !== undefined) mendIt(rig, id)
}

function orderSomething({ rig, random }: Trouble): void {
  const pair = pick(random, rig.plant.pairs).name
  const view = pairOf(rig, pair)
  const id = view.switchover?.id ?? `${pair}-0`
  const who = pick(random, ['anna', 'carl', 'bert', 'emil'])
  const reason = 'the dice say so'
  const to: UnitId = view.target ?? pick(random, ['A', 'B'] as const)
  const bodies: readonly OrderBody[] = [
    { kind: 'prepare', pair, to, reason, dryRun: random() < 0.2, overrides: [] },
    { kind: 'prepare', pair, to, reason, dryRun: false, overrides: [] },
    { kind: 'prepare', pair, to, reason, dryRun: false, overrides: ['steady', 'requalified'] },
    {
      kind: 'out-of-service',
      pair,
      unit: pick(random, ['A', 'B'] as const),
      on: random() < 0.3,
      reason,
    },
    { kind: 'qualified', pair, unit: to, reason },
    confirmation(rig, pair, id, random),
    confirmation(rig, pair, id, random),
    confirmation(rig, pair, id, random),
    confirmation(rig, pair, id, random),
    { kind: random() < 0.5 ? 'reject' : 'abort', switchover: id, reason },
    {
      kind: 'resolve',
      pair,
      way: pick(random, ['retry', 'restore', 'adopt', 'resume'] as const),
      reason,
    },
    {
      kind: 'resolve',
      pair,
      way: pick(random, ['retry', 'restore', 'adopt', 'resume'] as const),
      reason,
    },
    { kind: 'lockout', pair, on: random() < 0.3, reason },
    { kind: 'session-ended', user: who },
    { kind: 'acknowledge', alarm: `${pair}:role-changed`, comment: '' },
    { kind: 'acknowledge', alarm: `${pair}:automatic`, comment: '' },
    { kind: 'shelve', alarm: `${pair}:not-in-sync`, minutes: pick(random, [0, 15]), reason },
    { kind: 'alarm-out-of-service', alarm: `${pair}.B:lost`, on: random() < 0.5, reason },
  ]
  order(rig, who, pick(random, bodies))
}

function confirmation(rig: Rig, pair: string, switchover: string, random: () => number): OrderBody {
  const shown = pairOf(rig, pair).switchover?.evidence?.hash ?? '0'
  return {
    kind: 'confirm',
    switchover,
    evidenceHash: random() < 0.1 ? 'f00f' : shown,
    typedName: pair,
    reason: 'the dice say so',
    reauthenticated: true,
    approver: { name: 'olaf', role: 'operator', via: 'test' },
  }
}

/** Everything is mended; persons do what they should; every pair must come back to one primary and no open switchover. */
function heal({ rig, open }: Trouble, checker: Checker): void {
  for (const id of open.splice(0)) mendIt(rig, id)
  rig.cut.clear()
  rig.syncing = true
  rig.dropping = false
  // A unit that was down takes a moment to start before anybody can use its panel.
  runChecked(rig, checker, 2)
  for (const { target } of unitsOf(rig.site)) {
    act(rig, { target, action: 'remote' })
    act(rig, { target, action: 'rearm' })
  }
  runChecked(rig, checker, 25)
  for (let round = 0; round < 12; round++) {
    for (const { name } of rig.plant.pairs) helpOut(rig, name)
    runChecked(rig, checker, 6)
  }
  checker.demandRecovery()
}

function runChecked(rig: Rig, checker: Checker, seconds: number): void {
  for (let count = 0; count < seconds * 10; count++) {
    cycle(rig)
    checker.check()
  }
}

/** What a careful person orders, one thing at a time. */
function helpOut(rig: Rig, name: string): void {
  const view = pairOf(rig, name)
  const maker = rig.plant.pairs.some((pair) => pair.name === name && pair.vendor !== undefined)
  // A maker's command is for planned switchovers: where nobody is primary, only the panel helps.
  if (view.pairState === 'both primary' || (maker && view.pairState === 'none primary')) {
    act(rig, { target: `${name}.A`, action: 'take_over' })
  }
  const body = helpfulOrder(rig, name)
  if (body) order(rig, 'emil', body)
}

function helpfulOrder(rig: Rig, name: string): OrderBody | undefined {
  const view = pairOf(rig, name)
  const { switchover } = view
  const reason = 'clean up'
  if (switchover?.phase === 'proposed') return confirmation(rig, name, switchover.id, () => 1)
  if (switchover || view.pairState === 'both primary') return undefined
  if (view.lockout) return { kind: 'lockout', pair: name, on: false, reason }
  if (view.stopped) {
    if (view.stopped.ways.length > 1) {
      return { kind: 'resolve', pair: name, way: view.primary ? 'adopt' : 'retry', reason }
    }
    return { kind: 'resolve', pair: name, way: 'adopt', reason, attest: 'both units looked at' }
  }
  for (const unit of unitIds) {
    if (view.units[unit].outOfService)
      return { kind: 'out-of-service', pair: name, unit, on: false, reason }
  }
  if (view.held) return { kind: 'resolve', pair: name, way: 'resume', reason }
  if (view.pairState !== 'none primary') return undefined
  return {
    kind: 'prepare',
    pair: name,
    to: view.target ?? 'A',
    reason,
    dryRun: false,
    overrides: [],
  }
}

export function pick<T>(random: () => number, from: readonly T[]): T {
  const one = from[Math.floor(random() * from.length)]
  if (one === undefined) throw new Error('nothing to pick from')
  return one
}
