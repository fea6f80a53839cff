// The report of a switchover, and what was foretold of it, as the terminal prints them.

import assert from 'node:assert/strict'
import { evidenceLines } from '../../src/cli/evidence-text.ts'
import { asciiOnly, makePaint } from '../../src/cli/paint.ts'
import { reportLines } from '../../src/cli/report-text.ts'
import type { BumpReport } from '../../src/core/bump/bump-view.ts'
import type { EndedView } from '../../src/core/view.ts'
import { sampleEvidence, sampleSwitchover } from './sample-plant.ts'

const screen = { width: 80, paint: makePaint({ colour: false, ascii: true }) }
const text = (lines: readonly string[]): string => `${lines.map(asciiOnly).join('\n')}\n`

const report: BumpReport = {
  state: 'complete',
  text: '',
  gap: { leastMs: 340, mostMs: 460 },
  measuredMs: 9000,
  tags: [
    {
      name: 'LEVEL.PV',
      units: '%',
      tolerance: 0.5,
      step: 0.111,
      excursion: 0.133,
      outsideMs: 0,
      settledMs: 0,
    },
    {
      name: 'VALVE.OUT',
      units: '%',
      tolerance: 1,
      step: 3.2,
      excursion: 3.4,
      outsideMs: 2100,
      settledMs: 2600,
    },
    { name: 'FLOW', units: 'l/s', tolerance: 1, outsideMs: 0 },
  ],
}
const ended = (of: BumpReport | undefined): EndedView => ({
  id: 'intake-1',
  kind: 'planned',
  outcome: 'done',
  text: 'B is primary',
  endedWallMs: 0,
  steps: [],
  ...(of && { report: of }),
})

describe('the report of a switchover at the terminal', () => {
  it('tells how long nobody was in control and what each tag did', () => {
    assert.equal(
      text(reportLines(ended(report), screen)),
      `  without an active unit for 0.3 s to 0.5 s
  BUMP       STEP     EXCURSION  OUTSIDE TOLERANCE
  LEVEL.PV   0.111 %  0.133 %    never
  VALVE.OUT  3.2 %    3.4 %      2.1 s, settled after 2.6 s
  FLOW       -        -          not in 9.0 s
`,
    )
  })

  it('says that measuring goes on, that it was cut off, and nothing of a switchover that moved nothing', () => {
    const open = text(reportLines(ended({ ...report, state: 'measuring' }), screen))
    assert.match(open, /measuring goes on until the process has settled; intake-1 shows it then/)
    const why = 'the supervisor restarted before it was measured to its end'
    const cut = reportLines(
      ended({ state: 'interrupted', text: why, tags: [], measuredMs: 0 }),
      screen,
    )
    assert.equal(text(cut), `  ${why}\n`)
    assert.deepEqual(reportLines(ended(undefined), screen), [])
  })
})

describe('the evidence at the terminal', () => {
  it('tells what the process will feel, and how long it would stay safe without control', () => {
    const forecast = [
      { name: 'X', units: '%', text: 'X: step 0.1 % (0.08 to 0.2), excursion 0.3 % (0.2 to 0.5)' },
    ]
    const budget = {
      ms: 11_600,
      text: 'X reaches its high limit 90 % in no less than 11.6 s',
      tags: [],
    }
    const evidence = { ...sampleEvidence(), forecast, budget }
    const lines = text(evidenceLines(evidence, sampleSwitchover(), screen)).split('\n')
    assert.ok(lines.includes('BUMP X: step 0.1 % (0.08 to 0.2), excursion 0.3 % (0.2 to 0.5)'))
    assert.ok(lines.includes('TIME X reaches its high limit 90 % in no less than 11.6 s'))
  })
})
