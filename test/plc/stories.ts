// Random stories for two units side by side: blocks that are right in most fields most of the time, wires that change, starts, and what the
// panel does.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import { ACTION, OPCODE } from '../../plc-sim/wire.ts'
import { type Compared, type Echo, SideBySide, type Wires } from './side-by-side.ts'

const { CLAIM, SELECT, OPERATE, CANCEL } = OPCODE
const often = <Value>(usual: Value, weight: number, ...others: Value[]) =>
  fc.oneof(
    { weight, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  )

/** A block in terms of what the unit expects: most fields are right most of the time. */
const block = fc.record({
  opcode: fc.oneof(
    { weight: 12, arbitrary: fc.constant(undefined) },
    { weight: 8, arbitrary: fc.constantFrom(CLAIM, SELECT, OPERATE, CANCEL) },
    { weight: 1, arbitrary: fc.constantFrom(0, 0xffff, 0xa5a4) },
  ),
  action: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(ACTION.GO_ACTIVE, ACTION.GO_STANDBY) },
    { weight: 1, arbitrary: fc.constantFrom(0, 0xcc32) },
  ),
  epochStep: fc.oneof(
    { weight: 5, arbitrary: fc.constant(1) },
    { weight: 4, arbitrary: fc.constantFrom(-1, 0, 2, 1000, 1001, 0x7fff_ffff) },
  ),
  fencedEpoch: often(0, 20, 1, -1),
  owner: often(0, 20, 0x4d2a, 1),
  seqStep: often(1, 20, 0, -1, 2, 60_000),
  unit: often(11, 25, 12, 0),
  roleOff: often(0, 20, 1, 2, 3),
  evidence: often(0xdead_beef, 12, 0, 1),
  echo: often<Echo>('newest', 12, 'older', 'none'),
  timeToLiveMs: fc.constantFrom(0, 1, 200, 3000, 3001, 65_535),
  wrongBit: fc.oneof(
    { weight: 20, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 287 }) },
  ),
})
type RandomBlock = typeof block extends fc.Arbitrary<infer Value> ? Value : never

const wires: fc.Arbitrary<Wires> = fc.record({
  role: fc.constantFrom(1, 1, 1, 2, 2, 2, 3, 0),
  remote: often(true, 8, false),
  interlockOk: often(true, 6, false),
  peerNotActive: fc.boolean(),
  peerIsolated: often(false, 4, true),
})

const scans = fc.array(fc.constantFrom(0, 1, 10, 10, 10, 100, 900, 1999, 2000), {
  minLength: 1,
  maxLength: 3,
})
const step = fc.oneof(
  { weight: 20, arbitrary: fc.record({ kind: fc.constant('block' as const), block }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('wires' as const), wires }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('obey' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rearm' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('restart' as const),
      memory: often<'kept' | 'lost' | 'changed'>('kept', 3, 'lost', 'changed'),
    }),
  },
)
export const story = fc.array(fc.tuple(step, scans), { minLength: 20, maxLength: 60 })
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

export type Story = readonly (readonly [Step, readonly number[]])[]

/** Plays it on both. @returns what both showed, scan by scan @throws when they ever differ */
export function play(steps: Story, change?: (text: string) => string): readonly Compared[] {
  const both = new SideBySide(change)
  return [compare(both.scan(10)), ...steps.flatMap(([one, times]) => carryOut(both, one, times))]
}

type Shown = ReturnType<SideBySide['scan']>

function compare({ text, practice }: Shown): Shown['text'] {
  assert.deepEqual(text, practice)
  return text
}

function carryOut(both: SideBySide, one: Step, times: readonly number[]): Shown['text'][] {
  switch (one.kind) {
    case 'block':
      write(both, one.block)
      // Two scans are needed; the times that were drawn come after them.
      return [10, 10, ...times].map((elapsedMs) => compare(both.scan(elapsedMs)))
    case 'wires':
      both.wire(one.wires)
      break
    case 'obey':
      both.wire({ role: both.practice.phase.kind === 'executing' ? asked(both) : both.wires.role })
      break
    case 'rearm':
      return [compare(both.rearm(10))]
    case 'restart':
      both.restart(one.memory)
      break
  }
  return times.map((elapsedMs) => compare(both.scan(elapsedMs)))
}

function asked({ practice }: SideBySide): number {
  const { phase } = practice
  return phase.kind === 'executing' && phase.command.action === ACTION.GO_ACTIVE ? 1 : 2
}

function write(both: SideBySide, random: RandomBlock): void {
  const { retained, phase, wires: wired } = both
  const usual = { idle: retained.owner === 0 ? CLAIM : SELECT, selected: OPERATE }
  const opcode = random.opcode ?? (phase === 'selected' ? usual.selected : usual.idle)
  const claims = opcode === CLAIM
  const epochStep = claims ? random.epochStep : random.fencedEpoch
  const chosen = both.practice.phase
  const repeats = opcode === OPERATE && chosen.kind === 'selected' && random.seqStep === 1
  both.write(
    {
      epoch: Math.max(0, (retained.epoch + epochStep) % 0x1_0000_0000),
      owner: random.owner === 0 ? (claims ? 0x4d2a : retained.owner) : random.owner,
      seq: Math.min(65_535, Math.max(0, claims ? 1 : retained.accepted + random.seqStep)),
      opcode,
      action: repeats ? chosen.command.action : random.action,
      unit: random.unit,
      expectedRole: (wired.role + random.roleOff) % 4,
      evidence: random.evidence,
      timeToLiveMs: random.timeToLiveMs,
    },
    random.echo,
    random.wrongBit,
  )
}
