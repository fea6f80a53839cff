// The order of the alarm list: what a person should look at first stands first, nothing worse than its root is folded away, and nothing
// moves while the list is held.

import assert from 'node:assert/strict'
import type { AlarmState, AlarmView } from '../../src/core/alarms/shown.ts'
import {
  alarmGroups,
  countNew,
  foldable,
  inPlace,
  isWaiting,
  rowsOf,
} from '../../src/hmi/pages/alarms/alarm-groups.ts'

describe('the list of alarms', () => {
  const idsOf = (alarms: readonly AlarmView[], unfolded: readonly string[] = []) =>
    rowsOf(alarmGroups(alarms), new Set(unfolded)).map(({ id }) => id)

  it('shows first what nobody has acknowledged, then by priority, then the newest', () => {
    const alarms = [
      alarm('seen', { state: 'acknowledged', priority: 1 }),
      alarm('old', { priority: 3, raisedWallMs: 1 }),
      alarm('new', { priority: 3, raisedWallMs: 2 }),
      alarm('high', { priority: 2, raisedWallMs: 0 }),
      alarm('cleared', { state: 'returned', priority: 4 }),
    ]
    assert.deepEqual(idsOf(alarms), ['high', 'new', 'old', 'cleared', 'seen'])
  })

  it('shows a root without unfolding anything, and its children when they are asked for', () => {
    const alarms = [alarm('root'), alarm('child', { under: 'root', priority: 3 })]
    assert.deepEqual(idsOf(alarms), ['root'])
    assert.deepEqual(idsOf(alarms, ['root']), ['root', 'child'])
  })

  it('never folds away an alarm that is worse than its root', () => {
    const alarms = [
      alarm('battery', { priority: 2 }),
      alarm('no control', { under: 'battery', priority: 1 }),
      alarm('lost', { under: 'battery', priority: 2 }),
    ]
    assert.deepEqual(idsOf(alarms), ['battery', 'no control'])
    const [group] = alarmGroups(alarms)
    assert.ok(group)
    assert.deepEqual(
      foldable(group).map(({ id }) => id),
      ['lost'],
    )
  })

  it('moves a whole group up when something new comes under its acknowledged root', () => {
    const alarms = [
      alarm('low', { priority: 4 }),
      alarm('root', { state: 'acknowledged' }),
      alarm('child', { under: 'root', priority: 3 }),
    ]
    assert.deepEqual(idsOf(alarms), ['root', 'low'])
  })

  it('shows a child by itself when its root is not in the list', () => {
    assert.deepEqual(idsOf([alarm('child', { under: 'filtered away' })]), ['child'])
  })

  it('keeps every place while it is held, with the states of now', () => {
    const held = alarmGroups([alarm('first', { priority: 1 }), alarm('second')])
    const now = [alarm('second'), alarm('first', { priority: 1, state: 'acknowledged' })]
    const rows = rowsOf(inPlace(held, now), new Set())
    assert.deepEqual(
      rows.map(({ id, state }) => [id, state]),
      [
        ['first', 'acknowledged'],
        ['second', 'unacknowledged'],
      ],
    )
    assert.deepEqual(rows.map(isWaiting), [false, true])
  })

  it('keeps an alarm that is over in its place while it is held, and says that it is over', () => {
    const held = alarmGroups([alarm('over'), alarm('stands', { priority: 3 })])
    const rows = rowsOf(inPlace(held, [alarm('stands', { priority: 3 })]), new Set())
    assert.deepEqual(
      rows.map(({ id, gone }) => [id, gone === true]),
      [
        ['over', true],
        ['stands', false],
      ],
    )
    assert.equal(rows[0] && isWaiting(rows[0]), false)
  })

  it('counts what has no place yet while it is held, children too', () => {
    const held = alarmGroups([alarm('root')])
    const now = [alarm('root'), alarm('child', { under: 'root' }), alarm('other')]
    assert.equal(countNew(inPlace(held, now), now), 2)
  })
})

function alarm(id: string, more: Partial<AlarmView> & { state?: AlarmState } = {}): AlarmView {
  return {
    ...{ id, key: 'lost', source: id, priority: 2, state: 'unacknowledged' },
    ...{ active: true, acknowledged: false, latched: false, comments: [] },
    ...{ condition: '', consequence: '', action: '', runbook: '', raisedWallMs: 0 },
    ...more,
  }
}
