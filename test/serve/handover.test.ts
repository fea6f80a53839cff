import assert from 'node:assert/strict'
import type { JournalRecord } from '../../src/core/cycle.ts'
import { handoverReport } from '../../src/serve/handover-report.ts'
import { type Rig, startRig } from './fixture.ts'
import { alarmOf, pairOf, unitOf, viewOf } from './view.ts'

const day = 24 * 3_600_000
const wallMs = Date.parse('2026-11-20T06:00:00Z')
let seq = 0
const record = (kind: JournalRecord['kind'], text: string, more: Partial<JournalRecord> = {}) => {
  seq += 1
  return {
    seq,
    kind,
    wallMs: wallMs + seq,
    nowMs: seq,
    actor: 'supervisor',
    text,
    data: {},
    ...more,
  }
}
const ended = {
  id: 'intake-1',
  kind: 'planned',
  to: 'B',
  text: 'done: B is primary',
  steps: [],
} as const

describe('what a shift is told when it takes over', () => {
  it('is what happened, like things put together, and nothing of what comes and goes by itself', () => {
    seq = 0
    const alarm = { id: 'intake.B:lost', event: 'raised', priority: 2 }
    const { happened } = handoverReport(viewOf({ wallMs }), [
      record('start', 'supervisor 1 started', { data: { configDigest: 'd1' } }),
      record('access', 'anna logged in as operator'),
      record('access', 'log-in refused for anna'),
      record('alarm', 'raised: intake.B lost', { data: alarm }),
      record('alarm', 'cleared: intake.B lost', { data: { ...alarm, event: 'cleared' } }),
      record('alarm', 'raised: intake.B lost again', { data: alarm }),
      record('verdict', 'intake: in sync'),
      record('phase', 'intake: wanted by bert', { actor: 'bert', data: { overrides: ['site-1'] } }),
      record('phase', 'intake: confirmed'),
      record('ended', 'intake-1 done', { pair: 'intake', actor: 'bert' }),
      record('lockout', 'filters locked out by bert', { pair: 'filters', actor: 'bert' }),
      record('alarm', 'bert shelved it', { actor: 'bert', data: { id: 'x', event: 'shelved' } }),
      record('start', 'supervisor 1 started', { data: { configDigest: 'd2' } }),
    ])
    assert.deepEqual(
      happened.map(({ what, text, by, count }) => [what, text, by, count]),
      [
        ['log-in', 'anna logged in as operator', 'supervisor', 1],
        ['alarm', 'raised: intake.B lost again', 'supervisor', 2],
        ['override', 'intake: wanted by bert', 'bert', 1],
        ['switchover', 'intake-1 done', 'bert', 1],
        ['lockout', 'filters locked out by bert', 'bert', 1],
        ['put aside', 'bert shelved it', 'bert', 1],
        ['start', 'supervisor 1 started', 'supervisor', 2],
        ['configuration', 'another plant file is in use since this start', 'supervisor', 1],
      ],
    )
  })

  it('is what stands: alarms, what was put aside, lockouts, units out, pairs not ready, standbys that nobody proved', () => {
    const by = 'bert'
    const view = viewOf({
      wallMs,
      alarms: [
        alarmOf('intake.B:lost'),
        alarmOf('ups-1:lost', {
          state: 'shelved',
          shelved: { by, reason: 'card', untilWallMs: 1 },
        }),
        alarmOf('quiet', { state: 'suppressed', suppressed: { by: 'x' } }),
      ],
      pairs: [
        pairOf('intake', { lockout: { by, reason: 'work', wallMs } }),
        pairOf('filters', {
          ready: false,
          lastEnded: [{ ...ended, outcome: 'done', endedWallMs: wallMs - 93 * day }],
          units: {
            A: unitOf('filters', 'A'),
            B: unitOf('filters', 'B', { outOfService: { by, reason: 'card' } }),
          },
        }),
        pairOf('dosing', {
          lastEnded: [
            { ...ended, outcome: 'aborted', endedWallMs: wallMs },
            { ...ended, outcome: 'done', endedWallMs: wallMs - 91 * day },
          ],
        }),
      ],
    })
    const { standing } = handoverReport(view, [])
    assert.deepEqual(
      standing.alarms.map(({ id }) => id),
      ['intake.B:lost'],
    )
    assert.deepEqual(
      standing.putAside.map(({ id, by: who, reason }) => [id, who, reason]),
      [['ups-1:lost', by, 'card']],
    )
    assert.deepEqual(standing.lockouts, [{ pair: 'intake', by, reason: 'work' }])
    assert.deepEqual(standing.outOfService, [{ unit: 'filters.B', by, reason: 'card' }])
    assert.deepEqual(
      standing.notReady.map(({ pair }) => pair),
      ['filters'],
    )
    assert.deepEqual(standing.unproven, [
      { pair: 'intake' },
      { pair: 'filters', lastProvenWallMs: wallMs - 93 * day },
    ])
  })
})

describe('the handover at the door', () => {
  let rig: Rig
  before(async () => {
    rig = await startRig()
  })
  after(() => rig.stop())

  it('tells up to which record it was made, and taking the shift sends just that', async () => {
    const anna = await rig.login('anna')
    const shown = await anna.get('handover')
    assert.equal(shown.body.upTo, 40)
    assert.equal(shown.body.since, undefined)
    const taken = await anna.post('handover', { seen: shown.body.upTo, note: 'pump 2 is on loan' })
    assert.equal(taken.status, 200)
    const { kind, by, ...order } = rig.orders.at(-1) ?? { kind: '', by: undefined }
    assert.deepEqual([kind, by?.name], ['handover', 'anna'])
    assert.deepEqual({ ...order, id: '' }, { id: '', seen: 40, note: 'pump 2 is on loan' })
  })

  it('begins after what the person who has the shift had read', async () => {
    const shift = { by: 'bert', sinceWallMs: 1, note: '', seen: 38, news: 2 }
    rig.board.publish(viewOf({ cycle: 9, shift }))
    const { body } = await (await rig.login('olga')).get('handover')
    assert.deepEqual(body.since, shift)
  })

  it('passes on what the incoming operator has missed', async () => {
    rig.answerWith = () => ({
      code: 'evidence-changed',
      text: 'read it',
      difference: ['filters locked out'],
    })
    const refused = await (await rig.login('anna')).post('handover', { seen: 3 })
    assert.equal(refused.status, 409)
    assert.deepEqual(refused.error.difference, ['filters locked out'])
    for (const seen of [-1, 1.5, '3', null])
      assert.equal((await (await rig.login('anna')).post('handover', { seen })).status, 400)
  })
})
