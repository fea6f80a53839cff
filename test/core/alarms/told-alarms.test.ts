// The journal tells of alarms what the state knows: shifts with random faults and orders are played, and after each part the alarms
// are rebuilt from the records alone.

import assert from 'node:assert/strict'
import type { AlarmMemory } from '../../../src/core/alarms/alarm-memory.ts'
import { foldAlarms } from '../../../src/core/alarms/told-alarms.ts'
import type { OrderBody } from '../../../src/core/cycle.ts'
import { breakIt, cycle, lastOutput, mendIt, newRig, order, type Rig, run } from '../rig.ts'

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
const rounds = Number(process.env.ROUNDS ?? 25)
const reason = 'because the test says so'

describe('the alarms that the journal tells of', () => {
  it(`are those that stood, with what persons said and put aside (SEED=${seed})`, function () {
    this.timeout(60_000)
    const random = randomOf(seed)
    const rig = newRig()
    run(rig, 8000)
    const faults: string[] = []
    let compared = 0
    for (let round = 0; round < rounds; round++) {
      const [target, fault] = one(random, [
        ['intake.B', 'network_loss'],
        ['intake.A', 'freeze_heartbeat'],
        ['filters.B', 'network_loss'],
        ['ups-1', 'comms_lost'],
        ['ups-2', 'comms_lost'],
      ] as const)
      if (random() < 0.5) faults.push(breakIt(rig, target, fault))
      else if (faults.length > 0) mendIt(rig, faults.shift() ?? '')
      for (const body of someOrders(random, rig)) order(rig, 'bert', body)
      run(rig, 3000 + Math.floor(random() * 4000))
      const { nowMs, wallMs } = rig
      const { alarms } = rig.state
      const told = foldAlarms(rig.records, { nowMs, wallMs })
      assert.deepEqual(comparable(told), comparable(alarms), `SEED=${seed} round ${round}`)
      compared += Object.keys(told.active).length
    }
    assert.ok(compared > rounds / 2, `only ${compared} alarms were compared (SEED=${seed})`)
  })
})

function someOrders(random: () => number, rig: Rig): readonly OrderBody[] {
  cycle(rig)
  const ids = lastOutput(rig).view.alarms.map(({ id }) => id)
  if (ids.length === 0) return []
  const alarm = one(random, ids)
  return [
    one<OrderBody>(random, [
      { kind: 'acknowledge', alarm, comment: random() < 0.5 ? '' : 'seen' },
      { kind: 'comment', alarm, comment: 'somebody is on the way' },
      { kind: 'shelve', alarm, minutes: one(random, [0, 15, 'once'] as const), reason },
      { kind: 'alarm-out-of-service', alarm, on: random() < 0.5, reason },
      { kind: 'out-of-service', pair: 'intake', unit: 'B', on: random() < 0.5, reason },
      { kind: 'lockout', pair: 'intake', on: random() < 0.5, reason },
    ]),
  ]
}

/** What outlasts a restart: not what nobody was told of, and a detail as it was when the alarm was raised. */
function comparable({ active, shelved, outOfService, rates }: AlarmMemory) {
  const announced = Object.values(active).filter(({ unannounced }) => unannounced !== true)
  const alarms = announced.map(({ detail: _detail, raisedWallMs: _raised, ...alarm }) => ({
    ...alarm,
    suppressed: alarm.suppressed?.cause,
  }))
  const counts = rates.hours.map(({ hour, byId }) => ({ hour, byId }))
  const byId = (left: { id: string }, right: { id: string }) => (left.id < right.id ? -1 : 1)
  return { alarms: alarms.sort(byId), shelved, outOfService, counts }
}

function one<T>(random: () => number, list: readonly T[]): T {
  const chosen = list[Math.floor(random() * list.length)]
  assert.ok(chosen !== undefined, 'nothing to choose from')
  return chosen
}

function randomOf(start: number): () => number {
  let state = start >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
