// What a replay rests on: a decision depends on the state, the input and the plant by what they hold, and on nothing else. Played
// over whole shifts of faults, orders and restarts.

import assert from 'node:assert/strict'
import type { Input, Output } from '../../src/core/cycle.ts'
import { type Answered, sameValue, type Value } from '../../src/core/image.ts'
import { newUpsMemory, observeUps } from '../../src/core/power.ts'
import type { State } from '../../src/core/state.ts'
import { step } from '../../src/core/step.ts'
import { decidedOf, decisionOf } from '../../src/recorder/decision.ts'
import { fromText, toText } from '../../src/recorder/exact.ts'
import {
  frameReader,
  frameWriter,
  lineOf,
  lineText,
  plantToRecord,
} from '../../src/recorder/segment-lines.ts'
import { playShift } from '../simulation/world.ts'

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000)
const shifts = Number(process.env.SHIFTS ?? 3)

describe('A decision', function () {
  this.timeout(120_000)
  before(() => console.log(`      SEED=${seed}`))

  for (let index = 0; index < shifts; index += 1) {
    it(`is the same again from copies of its state, input and plant, shift ${index + 1}`, () => {
      const cycles: [State, Input, Output][] = []
      const { rig } = playShift(seed + index, 20, (...one) => cycles.push(one))
      const plant = fromText(toText(plantToRecord(rig.plant))) as typeof rig.plant
      const write = frameWriter()
      const read = frameReader()
      for (const [state, input, output] of cycles) {
        const copy = fromText(toText(state)) as State
        const line = lineOf(lineText(write({ input, decision: decisionOf(decidedOf(output)) })))
        assert.ok('frame' in line)
        const frame = read(line.frame)
        assert.deepStrictEqual(frame.input, input)
        const again = step(copy, frame.input, plant)
        assert.equal(toText(again.output), toText(output), `cycle ${input.cycle}`)
        assert.equal(toText(again.state), toText(step(state, input, rig.plant).state))
        assert.equal(toText(decisionOf(decidedOf(again.output))), toText(frame.decision))
      }
    })
  }

  it('does not see which values are one and the same object', () => {
    const scan = (heartbeat: Value, sentMs: number): Answered => ({
      kind: 'answered',
      sentMs,
      receivedMs: sentMs + 5,
      path: 'lan-1',
      sample: true,
      values: { heartbeat, state: 'on mains' },
    })
    for (const value of [{ unknown: 'not read' }, [1, 2]] as const) {
      const scans = [scan(value, 100), scan(value, 1100), scan(value, 2100)]
      const shared = observeUps(newUpsMemory(0), { scans })
      const apart = observeUps(newUpsMemory(0), { scans: scans.map((one) => structuredClone(one)) })
      assert.deepEqual(shared, apart)
    }
    assert.ok(sameValue([1, 2], [1, 2]))
    assert.ok(sameValue({ unknown: 'x' }, { unknown: 'x' }))
    assert.ok(!sameValue([1, 2], [1, 3]))
    assert.ok(!sameValue([1], [1, 2]))
    assert.ok(!sameValue({ unknown: 'x' }, { unknown: 'y' }))
    assert.ok(!sameValue({ unknown: 'x' }, undefined))
    assert.ok(!sameValue(1, '1'))
  })
})
