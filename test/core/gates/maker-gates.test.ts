// The gates of a pair that is switched by its maker's command: what is not known satisfies none of them, and what only a block of
// ours tells is not asked.

import assert from 'node:assert/strict'
import { matrix } from '../../../src/core/gates/readiness.ts'
import { makerPlant } from '../maker-plant.ts'
import { cycle, order, pairOf, run, runUntil } from '../rig.ts'
import { type AskedRig, ask, askedRig, gateIds, switching, withValues } from './asking.ts'

const asked = switching('B', 'boiler')

function readyRig(...variants: readonly string[]): AskedRig {
  const rig = askedRig(() => makerPlant(variants))
  runUntil(rig, (one) => one.seen.length > 0 && pairOf(one, 'boiler').ready)
  return rig
}
const unmetIn = (rig: AskedRig) =>
  new Map((ask(rig, asked).obstacles ?? []).map((one) => [one.gate, one.value]))

/** Signal, the unit that shows it, and the gate that rests on it. */
const rests: readonly (readonly [key: string, unit: 'A' | 'B', gate: string])[] = [
  ['role', 'A', 'roles'],
  ['role', 'B', 'roles'],
  ['identity', 'A', 'identity'],
  ['identity', 'B', 'identity'],
  ['running', 'B', 'running'],
  ['inhibit_link_down', 'A', 'vendor'],
  ['inhibit_link_down', 'B', 'vendor'],
  ['tracking_ok', 'B', 'vendor'],
  ['io_ok', 'B', 'vendor'],
  ['program', 'A', 'program'],
  ['firmware', 'B', 'program'],
]

describe("the gates of a maker's command", () => {
  for (const [key, unit, gate] of rests) {
    it(`${gate}: ${key} of ${unit} not known, missing or of another kind does not satisfy it`, () => {
      for (const value of [{ unknown: 'not told' }, undefined, Number.NaN, 'x']) {
        const rig = readyRig()
        rig.bent.set(`boiler.${unit}`, withValues({ [key]: value }))
        run(rig, 1500)
        assert.ok(unmetIn(rig).has(gate), `${JSON.stringify(value)}: ${[...unmetIn(rig).keys()]}`)
        assert.equal(pairOf(rig, 'boiler').ready, false)
        rig.bent.clear()
        run(rig, 600)
        assert.equal(unmetIn(rig).has(gate), false, 'met again')
      }
    })
  }

  it('heartbeat: one that is not told does not satisfy it', () => {
    const rig = readyRig()
    rig.bent.set('boiler.B', withValues({ heartbeat: { unknown: 'not told' } }))
    run(rig, 3000)
    assert.ok(unmetIn(rig).has('heartbeat'))
  })

  it('no order is taken that the command was not made for', () => {
    const rig = readyRig()
    // Both units stand by: only the maker has a way out of that.
    const both = withValues({ role: 'standby' })
    rig.bent.set('boiler.A', both)
    rig.bent.set('boiler.B', both)
    run(rig, 600)
    assert.match(unmetIn(rig).get('commandable') ?? '', /not made for this: recovery/)
    for (const way of ['retry', 'restore'] as const) {
      order(rig, 'bert', { kind: 'resolve', pair: 'boiler', way, reason: 'now' })
      cycle(rig)
    }
    assert.equal(rig.commands.length, 0)
  })

  it('shows in its evidence the gates of the matrix that are not of our block, in its order', () => {
    const rig = readyRig()
    order(rig, 'anna', { ...asked, dryRun: false })
    runUntil(rig, (one) => pairOf(one, 'boiler').phase === 'proposed')
    const shown = pairOf(rig, 'boiler').switchover?.evidence?.gates.map(({ gate }) => gate)
    const wanted = gateIds.filter(
      (gate) => matrix[gate].only !== 'block' && matrix[gate].applies.planned?.includes('operate'),
    )
    assert.deepEqual(shown, wanted)
  })

  it('a profile that reads neither identity nor run state is never ready', () => {
    const rig = askedRig(() => {
      const plant = makerPlant()
      const pairs = plant.pairs.map((pair) => {
        const reads = pair.vendor?.reads.filter((key) => key !== 'identity' && key !== 'running')
        return pair.vendor ? { ...pair, vendor: { ...pair.vendor, reads: reads ?? [] } } : pair
      })
      return { ...plant, pairs }
    })
    const without = withValues({ identity: undefined, running: undefined })
    rig.bent.set('boiler.A', without)
    rig.bent.set('boiler.B', without)
    run(rig, 12_000)
    assert.deepEqual(
      [...unmetIn(rig)],
      [
        ['identity', 'A: the profile reads no identity; B: the profile reads no identity'],
        ['running', 'B: the profile reads no running'],
      ],
    )
  })
})
