// The root of a group: by known causes first, then by who came first; and the same whatever order the alarms are handed in.

import assert from 'node:assert/strict'
import type { AlarmKey } from '../../../src/core/alarms/alarm-catalogue.ts'
import type { Alarm } from '../../../src/core/alarms/alarm-memory.ts'
import { rootsOf } from '../../../src/core/alarms/first-out.ts'
import { newRig } from '../rig.ts'

const { plant } = newRig()
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))

type Change = Partial<Pick<Alarm, 'state' | 'suppressed'>>
/** An alarm that came so many seconds after the first one. */
const alarm = (source: string, key: AlarmKey, atS: number, change: Change = {}): Alarm => {
  const pair = plant.pairs.find(({ name }) => source.split(/[ .]/)[0] === name)?.name
  return {
    ...{ id: `${source}:${key}`, key, source, detail: '', state: 'unacknowledged', comments: [] },
    ...(pair && { pair }),
    raisedWallMs: atS * 1000,
    seq: 1 + Math.round(atS * 10),
    ...change,
  }
}
const told = (...alarms: readonly Alarm[]) => Object.fromEntries(rootsOf(alarms, plant))

describe('the root of a group of alarms', () => {
  it('is the UPS, when the unit on it and then the control of the process are lost', () => {
    const ups = alarm('ups-1', 'ups-low', 0)
    const lost = alarm('intake.A', 'lost', 600)
    const primary = alarm('intake', 'primary-lost', 600)
    const unanswered = alarm('intake', 'proposal-unanswered', 660)
    assert.deepEqual(told(ups, lost, primary, unanswered), {
      [lost.id]: ups.id,
      [primary.id]: ups.id,
      [unanswered.id]: ups.id,
    })
  })

  it('is not a UPS that does not feed the unit', () => {
    const ups = alarm('ups-1', 'ups-low', 0)
    const intake = plant.pairs.find(({ name }) => name === 'intake')
    assert.deepEqual(intake?.units.B.power, { anyOf: [], allOf: ['ups-2'] })
    assert.deepEqual(told(ups, alarm('intake.B', 'lost', 5)), {})
  })

  it('may be found out a little later than what it led to, because its delay is longer', () => {
    const primary = alarm('intake', 'primary-lost', 0)
    const soon = alarm('intake.A', 'lost', 2)
    const late = alarm('intake.A', 'lost', 20)
    assert.deepEqual(told(primary, soon), { [primary.id]: soon.id })
    assert.deepEqual(told(primary, late), {})
  })

  it('is the first of the pair for what comes within ten seconds without a known cause', () => {
    const first = alarm('intake', 'not-in-sync', 0)
    const soon = alarm('intake.B lan-1', 'path-down', 9)
    const later = alarm('intake.B lan-2', 'path-down', 11)
    assert.deepEqual(told(first, soon, later), { [soon.id]: first.id })
  })

  it('stays the root when it has cleared and nobody has seen it', () => {
    const gone = alarm('intake.A', 'lost', 0, { state: 'returned' })
    const primary = alarm('intake', 'primary-lost', 1)
    assert.deepEqual(told(gone, primary), { [primary.id]: gone.id })
  })

  it('is never something that is suppressed', () => {
    const quiet = alarm('intake.A', 'lost', 0, { suppressed: { cause: 'lockout', by: 'x' } })
    assert.deepEqual(told(quiet, alarm('intake', 'primary-lost', 1)), {})
  })

  it(`does not depend on the order of the list (SEED=${seed})`, () => {
    const random = randomOf(seed)
    const keys: readonly AlarmKey[] = [
      'lost',
      'primary-lost',
      'none-primary',
      'stopped',
      'not-in-sync',
    ]
    for (let round = 0; round < 300; round++) {
      const alarms = [...new Array(8)].map(() => {
        const key = keys[Math.floor(random() * keys.length)] ?? 'lost'
        const source = key === 'lost' ? `intake.${random() < 0.5 ? 'A' : 'B'}` : 'intake'
        return alarm(source, key, Math.floor(random() * 30))
      })
      const unique = [...new Map(alarms.map((one) => [one.id, one])).values()].map((one, at) => ({
        ...one,
        seq: at + 1,
      }))
      const shuffled = unique.toSorted(() => random() - 0.5)
      const [one, other] = [rootsOf(unique, plant), rootsOf(shuffled, plant)]
      assert.deepEqual([...one].sort(), [...other].sort(), `SEED=${seed} round ${round}`)
      for (const [id, root] of one) assert.ok(id !== root && !one.has(root), `SEED=${seed}`)
    }
  })
})

function randomOf(start: number): () => number {
  let state = start >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
