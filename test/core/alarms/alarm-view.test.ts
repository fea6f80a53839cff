// What a person is shown of each alarm: whom it is about, what stands, what follows, what to do, since when, and where to read on.

import assert from 'node:assert/strict'
import { type AlarmKey, catalogue } from '../../../src/core/alarms/alarm-catalogue.ts'
import {
  type Alarm,
  type AlarmMemory,
  newAlarmMemory,
} from '../../../src/core/alarms/alarm-memory.ts'
import { alarmViews } from '../../../src/core/alarms/alarm-view.ts'
import { newRig } from '../rig.ts'

const { plant } = newRig()
const raisedWallMs = Date.UTC(2026, 10, 23, 2)

const alarmOf = (key: AlarmKey, change: Partial<Alarm> = {}): Alarm => ({
  ...{ id: `intake:${key}`, key, source: 'intake', pair: 'intake', detail: '', seq: 1 },
  ...{ state: 'unacknowledged', raisedWallMs, comments: [], ...change },
})
const memoryOf = (alarm: Alarm, change: Partial<AlarmMemory> = {}): AlarmMemory => ({
  ...newAlarmMemory(raisedWallMs),
  active: { [alarm.id]: alarm },
  ...change,
})
const shown = (memory: AlarmMemory, on = plant) => {
  const [view, ...more] = alarmViews(memory, on, 1, undefined)
  assert.ok(view !== undefined && more.length === 0, 'one alarm is expected')
  return view
}

describe('an alarm as it is shown', () => {
  for (const [key, words] of Object.entries(catalogue)) {
    it(`tells of ${key} whom it is about, what stands, what follows, what to do and since when`, () => {
      const view = shown(memoryOf(alarmOf(key as AlarmKey)))
      assert.equal(view.source, 'intake')
      assert.equal(view.condition, words.condition)
      assert.equal(view.consequence, words.consequence)
      assert.equal(view.action, words.action)
      assert.equal(view.raisedWallMs, raisedWallMs)
      assert.equal(view.priority, words.priority)
      assert.equal(view.runbook, `docs/runbooks/${key}.md`)
    })
  }

  it('names the runbook of the site where it has its own', () => {
    const own = { ...plant, alarms: { ...plant.alarms, runbooks: 'https://wiki.example/rb/' } }
    assert.equal(shown(memoryOf(alarmOf('lost')), own).runbook, 'https://wiki.example/rb/lost.md')
  })

  const shelf = { by: 'anna', reason: 'x', untilWallMs: raisedWallMs + 1 }
  const retired = { by: 'bert', reason: 'x', wallMs: raisedWallMs }
  const id = 'intake:lost'
  const quiet = { suppressed: { cause: 'lockout', by: 'x' } } as const
  const states: readonly (readonly [string, Partial<Alarm>, Partial<AlarmMemory>])[] = [
    ['unacknowledged', {}, {}],
    ['acknowledged', { state: 'acknowledged' }, {}],
    ['returned', { state: 'returned' }, {}],
    ['shelved', { state: 'acknowledged' }, { shelved: { [id]: shelf } }],
    ['suppressed', { ...quiet, state: 'returned' }, { shelved: { [id]: shelf } }],
    ['out of service', quiet, { outOfService: { [id]: retired }, shelved: { [id]: shelf } }],
  ]
  for (const [state, change, memory] of states) {
    it(`is ${state}, and below that still active or not, seen or not`, () => {
      const view = shown(memoryOf(alarmOf('lost', change), memory))
      assert.equal(view.state, state)
      assert.equal(view.active, change.state !== 'returned')
      assert.equal(view.acknowledged, change.state === 'acknowledged')
    })
  }

  it('is shown only once its record is durable, or when the journal has failed', () => {
    const memory = memoryOf(alarmOf('lost', { seq: 7 }))
    assert.equal(alarmViews(memory, plant, 6, undefined).length, 0)
    assert.equal(alarmViews(memory, plant, 7, undefined).length, 1)
    assert.equal(alarmViews(memory, plant, 6, 'copy b: no space left').length, 1)
  })

  it('is shown while it is out of service, also when its condition does not stand', () => {
    const memory = { ...newAlarmMemory(0), outOfService: { 'intake.B:lost': retired } }
    const view = shown(memory)
    assert.deepEqual([view.state, view.active, view.pair], ['out of service', false, 'intake'])
  })
})
