// What the terminal prints, as golden text: 80 columns, no colour, 7-bit characters.

import assert from 'node:assert/strict'
import { alarmLines } from '../../src/cli/alarm-text.ts'
import { evidenceLines, keepText, verbOf } from '../../src/cli/evidence-text.ts'
import { recordLines } from '../../src/cli/journal.ts'
import { asciiOnly, makePaint } from '../../src/cli/paint.ts'
import { differenceLines, obstacleLines, stepLine } from '../../src/cli/progress-text.ts'
import { sentenceKey, statusLines } from '../../src/cli/status-text.ts'
import {
  sampleAlarm,
  sampleEvidence,
  sampleGates,
  sampleObstacle,
  samplePair,
  sampleSwitchover,
  sampleUnit,
  sampleView,
} from './sample-plant.ts'

const screen = { width: 80, paint: makePaint({ colour: false, ascii: true }) }
const text = (lines: readonly string[]): string => `${lines.map(asciiOnly).join('\n')}\n`
const widest = (lines: readonly string[]): number => Math.max(...lines.map((line) => line.length))

describe('the status of the plant', () => {
  it('is a table, a sentence for each pair, the alarms and the UPS units', () => {
    const view = sampleView()
    assert.equal(
      text(statusLines(view, view.pairs, screen)),
      `Westhaven water works

PAIR     UNIT  ROLE     SYNC     AGE    STATE
intake   A     primary  in sync  0.1 s  answering
         B     standby           0.2 s  answering
filters  A     primary  in sync  0.1 s  answering
         B     standby           0.2 s  answering

intake: A primary, B standby, in sync 94 s; ready to switch to B.
filters: A primary, B standby, in sync 94 s; ready to switch to B.

alarms: 1, highest priority 2, 1 not acknowledged
ups-1: on mains, charge 100 %, 52 min left. (feeds intake.A)
ups-2: on battery, charge 71 %, 18 min left. (feeds intake.A, intake.B)
supervising since 13:05:10, journal sound.
`,
    )
  })

  it('says in words that both units are active, a unit is lost, a pair is locked out, and what is the way on', () => {
    const lost = { presence: 'lost', presenceText: 'no answer for 12 s', role: 'unknown' } as const
    const pair = samplePair('intake', {
      sentence: 'intake: A primary, B primary; both drive the process.',
      pairState: 'both primary',
      units: { A: sampleUnit('intake', 'A'), B: sampleUnit('intake', 'B', lost) },
      lockout: { by: 'bert', reason: 'pump work', wallMs: 0 },
      stopped: { text: 'B did not take control.', ways: ['retry', 'restore'] },
    })
    assert.equal(
      text(statusLines(sampleView({ pairs: [pair], ups: [], alarms: [] }), [pair], screen)),
      `Westhaven water works

PAIR    UNIT  ROLE     SYNC     AGE    STATE
intake  A     primary  in sync  0.1 s  answering
        B     unknown           0.2 s  lost; no answer for 12 s

! intake: BOTH UNITS ACTIVE
intake: A primary, B primary; both drive the process.
  locked out by bert: pump work
  stopped: B did not take control.
    way on: bumpless resolve intake retry --reason TEXT
    way on: bumpless resolve intake restore --reason TEXT

alarms: none
supervising since 13:05:10, journal sound.
`,
    )
  })

  it('counts a sentence as new when something happened, not when time went by', () => {
    const at = (sentence: string): string => sentenceKey(samplePair('intake', { sentence }))
    assert.equal(at('A primary, in sync 94 s.'), at('A primary, in sync 95 s.'))
    assert.notEqual(at('A primary, in sync 94 s.'), at('B primary, in sync 94 s.'))
  })
})

describe('the evidence', () => {
  it('fits a terminal of 80 by 24 when all is in order', () => {
    const lines = evidenceLines(sampleEvidence(), sampleSwitchover(), screen)
    assert.equal(
      text(lines),
      `S-12 planned switchover of intake, expires in 58 s
asked for by anna (http 4f2a): pump seal
Make B the primary of intake? (A becomes standby)
  now    A primary, B standby    after  A standby, B primary
  runs   program 7F3A91C0, firmware 00000412, configuration 00000001
  sync   in sync 94 s, 9 of 9 tags compared
CHECKED  16 of 16 gates met
  ok A reachable: 0.1 s                   ok B reachable: 0.2 s
  ok A heartbeat moves: 0.1 s             ok B heartbeat moves: 0.2 s
  ok identity as configured: yes          ok one primary, one standby: A, B
  ok both run: yes                        ok same program: 7F3A91C0
  ok in sync for the dwell time: 94 s     ok coverage: 100 %
  ok no I/O forced: none                  ok B sees its I/O: yes
  ok power of B: 18 min                   ok minimum interval: 2 h ago
  ok authority held: yes                  ok journal sound: two copies
WHAT HAPPENS
  1 A gives up control                                             at most 6.0 s
  2 B takes control                                                at most 6.0 s
  3 both are watched while they settle                             at most 2.0 s
RISK the process runs without control between the demote and the promote
WAY BACK none by itself; afterwards by a planned switchover to A
evidence 9f31c20a5b6d4e8f9f31c20a5b6d4e8f taken 14:05:10, epoch 18, revision 1
`,
    )
    assert.ok(lines.length <= 22, 'two lines are left for the question')
  })

  it('shows in full what is overridden, different or alarmed', () => {
    const [first] = sampleGates
    assert.ok(first)
    const gate = {
      ...first,
      met: 'overridden',
      title: 'no batch running',
      value: 'step 3',
    } as const
    const evidence = sampleEvidence({
      gates: [{ ...gate, threshold: 'step 0', ageMs: 200 }],
      tags: [
        {
          name: 'LEVEL.SP',
          class: 'setpoint',
          critical: true,
          units: '%',
          tolerance: 0.5,
          a: '62.5',
          b: '61.0',
          verdict: 'different',
        },
        {
          name: 'MODE',
          class: 'enum',
          critical: true,
          units: '',
          tolerance: 0,
          a: '2',
          b: '2',
          verdict: 'in sync',
        },
      ],
      alarms: ['ups-2 on battery'],
    })
    const lines = evidenceLines(evidence, sampleSwitchover(), screen)
    assert.equal(
      text(lines.slice(6, 11)),
      `CHECKED  0 of 1 gates met, 1 of 2 tags in sync
  OVERRIDDEN  no batch running: step 3 (needs step 0, 0.2 s old)
TAG       A       B       ALLOWED  VERDICT
LEVEL.SP  62.5 %  61.0 %  +-0.5    different, critical
ALARM ups-2 on battery
`,
    )
  })

  it('is never wider than the terminal, whatever the texts', () => {
    const long = 'a text of the plant that somebody made much longer than a line '.repeat(4).trim()
    const [first] = sampleGates
    assert.ok(first)
    const evidence = sampleEvidence({
      question: long,
      gates: [first, { ...first, met: 'no', title: long, value: long }],
      risks: [long],
      wayBack: long,
      plan: [{ text: long, limitMs: 6000 }],
      alarms: [long],
      hash: 'f'.repeat(64),
    })
    assert.ok(widest(evidenceLines(evidence, sampleSwitchover({ reason: long }), screen)) <= 80)
    const pair = samplePair(long.slice(0, 60), { sentence: long, held: long })
    assert.ok(widest(statusLines(sampleView({ pairs: [pair], site: long }), [pair], screen)) <= 80)
    assert.ok(
      widest(obstacleLines([{ ...sampleObstacle, value: long, title: long }], screen)) <= 80,
    )
    const step = { text: long, state: 'failed', limitMs: 6000, detail: long } as const
    assert.equal(stepLine(step, 3, screen).length, 80)
    assert.ok(widest(alarmLines([{ ...sampleAlarm, action: long }], screen, 0)) <= 80)
  })

  it('asks with the verb of what is to be done and names what stays', () => {
    assert.equal(verbOf(sampleEvidence()), 'switch')
    assert.equal(verbOf(sampleEvidence({ kind: 'restore' })), 'restore')
    assert.equal(keepText(sampleEvidence()), 'keep A')
    const { from: _, ...nobody } = sampleEvidence({ kind: 'retry' })
    assert.equal(keepText(nobody), 'change nothing')
  })
})

describe('obstacles, differences and steps', () => {
  it('say value, threshold, age and what clears them', () => {
    const other = { ...sampleObstacle, weight: 'overridable', gate: 'site-batch' } as const
    assert.equal(
      text(obstacleLines([sampleObstacle, other], screen)),
      `! in sync for the dwell time
    found 2 s in sync, 0.1 s old; needs at least 5 s
    clears when A and B stay in sync for 3 s more (hard)
! in sync for the dwell time
    found 2 s in sync, 0.1 s old; needs at least 5 s
    clears when A and B stay in sync for 3 s more (overridable: --override
    site-batch)
`,
    )
  })

  it('name each thing that is different from what was shown', () => {
    const shown = sampleEvidence()
    const now = sampleEvidence({ epoch: 19, sync: { verdict: 'different', sentence: '' } })
    assert.equal(
      text(differenceLines(shown, now, screen)),
      `  * epoch: was 18, is 19
  * sync verdict: was in sync, is different
`,
    )
    assert.equal(
      text(differenceLines(shown, shown, screen)),
      '  * values were read again; nothing of weight changed\n',
    )
  })

  it('show the time of a step against its limit', () => {
    const step = { text: 'B takes control', limitMs: 6000 }
    assert.equal(
      text([
        stepLine({ ...step, state: 'ok', tookMs: 140 }, 2, screen),
        stepLine({ ...step, state: 'now' }, 2, screen, 1400),
        stepLine({ ...step, state: 'wait' }, 2, screen),
        stepLine({ ...step, state: 'failed', tookMs: 6000, detail: 'no answer' }, 2, screen),
      ]),
      `  ok     2 B takes control                                       140 ms of 6.0 s
  >>     2 B takes control                                        1.4 s of 6.0 s
  waits  2 B takes control                                         at most 6.0 s
  FAILED 2 B takes control (no answer)                            6.0 s of 6.0 s
`,
    )
  })
})

describe('alarms and records', () => {
  it('put what nobody acknowledged first, with its meaning and what to do', () => {
    const seen = {
      ...sampleAlarm,
      id: 'ups.ups-2',
      priority: 1,
      state: 'acknowledged',
      acknowledgedBy: 'anna',
      source: 'ups-2',
      condition: 'on battery',
    } as const
    assert.equal(
      text(alarmLines([seen, sampleAlarm], screen, 0)),
      `[2] high NOT ACKNOWLEDGED 2026-11-22 14:04:58 id sync.filters
    filters: standby not in sync
    means: switchover blocked
    to do: check the redundancy link
    runbook: docs/runbooks/not-in-sync.md
[1] critical acknowledged by anna 2026-11-22 14:04:58 id ups.ups-2
    ups-2: on battery
    means: switchover blocked
    to do: check the redundancy link
    runbook: docs/runbooks/not-in-sync.md
`,
    )
  })

  it('give each record its time, number, kind, pair, actor and sentence', () => {
    const record = {
      seq: 812,
      kind: 'role',
      wallMs: sampleAlarm.raisedWallMs,
      nowMs: 0,
      actor: 'supervisor',
      pair: 'intake',
      text: 'B is primary.',
      data: {},
    } as const
    assert.deepEqual(recordLines(record, 80), [
      '2026-11-22 14:04:58    812 role intake, supervisor: B is primary.',
    ])
  })
})
