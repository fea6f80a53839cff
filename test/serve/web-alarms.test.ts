// Alarms over HTTP: which are listed, what may be ordered about them, and that what is quiet by design is no news for a screen.

import assert from 'node:assert/strict'
import type { AlarmView } from '../../src/core/alarms/shown.ts'
import { alarmEvents } from '../../src/serve/screen-events.ts'
import { type Client, type Rig, startRig } from './fixture.ts'
import { alarmOf, pairOf, viewOf } from './view.ts'

const lost = alarmOf('intake.B:lost')
const quiet = alarmOf('intake.B lan-1:path-down', {
  ...({ priority: 3, state: 'suppressed' } as const),
  suppressed: { by: 'no path reaches intake.B' },
})
const shelf = { by: 'anna', reason: 'card', untilWallMs: 1_772_000_600_000 }
const shelved = alarmOf('filters.B:lost', { pair: 'filters', state: 'shelved', shelved: shelf })
const critical = alarmOf('filters:none-primary', { pair: 'filters', priority: 1 })

describe('alarms over HTTP', () => {
  let rig: Rig
  let anna: Client
  let bert: Client
  before(async () => {
    rig = await startRig()
    anna = await rig.login('anna')
    bert = await rig.login('bert')
    const pairs = [pairOf('intake'), pairOf('filters')]
    rig.board.publish(viewOf({ pairs, alarms: [lost, quiet, shelved, critical] }))
  })
  after(() => rig.stop())

  const listed: readonly (readonly [string, string, readonly AlarmView[]])[] = [
    ['what asks for something', '', [lost, critical]],
    ['everything that exists', '?all=true', [lost, quiet, shelved, critical]],
    ['one state', '?state=shelved', [shelved]],
    ['what is quiet by design, when asked', '?state=suppressed', [quiet]],
    ['one priority', '?priority=1', [critical]],
    ['one pair, also what was put aside there', '?pair=filters&all=true', [shelved, critical]],
  ]
  for (const [what, query, alarms] of listed) {
    it(`are listed: ${what}`, async () => {
      const { status, body } = await anna.get(`alarms${query}`)
      assert.equal(status, 200)
      assert.deepEqual(body, alarms)
    })
  }

  it('are not listed by a filter that means nothing', async () => {
    for (const query of ['?state=loud', '?priority=5', '?colour=red', '?all=perhaps'])
      assert.equal((await anna.get(`alarms${query}`)).status, 400, query)
    assert.equal((await anna.get('alarms?pair=intak')).status, 404)
  })

  it('are counted: what a person was given lately', async () => {
    const { status, body } = await anna.get('alarms/rates')
    assert.equal(status, 200)
    assert.deepEqual(body, viewOf().alarmRates)
  })

  const orders: readonly (readonly [string, object, object])[] = [
    ['ack', { comment: 'seen' }, { kind: 'acknowledge', comment: 'seen' }],
    ['comment', { comment: 'on the way' }, { kind: 'comment', comment: 'on the way' }],
    [
      'shelve',
      { minutes: 'shift', reason: 'x' },
      { kind: 'shelve', minutes: 'shift', reason: 'x' },
    ],
    [
      'out-of-service',
      { on: true, reason: 'x' },
      { kind: 'alarm-out-of-service', on: true, reason: 'x' },
    ],
  ]
  for (const [path, body, expected] of orders) {
    it(`take the order ${path}, with the person's name`, async () => {
      const answer = await bert.post(`alarms/intake.B%20lan-1%3Apath-down/${path}`, body)
      assert.equal(answer.status, 200, answer.text)
      const { id: _id, by, ...order } = rig.orders.at(-1) ?? assert.fail('nothing was ordered')
      assert.equal(by.name, 'bert')
      assert.deepEqual(order, { ...expected, alarm: 'intake.B lan-1:path-down' })
    })
  }

  const bad: readonly (readonly [string, string, object])[] = [
    ['a shelf without a reason', 'shelve', { minutes: 15, reason: '' }],
    ['a shelf for two shifts', 'shelve', { minutes: 960, reason: 'x' }],
    ['a shelf until next week', 'shelve', { minutes: 'week', reason: 'x' }],
    ['an empty comment', 'comment', { comment: '' }],
    ['neither out of service nor back', 'out-of-service', { reason: 'x' }],
  ]
  for (const [what, path, body] of bad) {
    it(`refuse ${what}`, async () => {
      assert.equal((await bert.post(`alarms/intake.B%3Alost/${path}`, body)).status, 400)
    })
  }
})

describe('the news about alarms', () => {
  const events = (before: readonly AlarmView[], after: readonly AlarmView[]) =>
    alarmEvents(viewOf({ alarms: before }), viewOf({ alarms: after }), 1).map((one) =>
      one.event === 'alarm' ? `${one.data.change} ${one.data.alarm.id}` : one.event,
    )
  const speaking: AlarmView = { ...quiet, state: 'unacknowledged' }

  it('leave out what is quiet by design, until it speaks up', () => {
    assert.deepEqual(events([], [quiet]), [])
    assert.deepEqual(events([quiet], [speaking]), [`raised ${quiet.id}`])
    assert.deepEqual(events([speaking], [quiet]), [`gone ${quiet.id}`])
    assert.deepEqual(events([quiet], []), [])
  })
})
