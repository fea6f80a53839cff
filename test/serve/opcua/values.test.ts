// What the door shows of a view, row by row, without a server: every value of the model has a place, a type and a meaning.

import assert from 'node:assert/strict'
import type { PairView, Presence } from '../../../src/core/view.ts'
import { deviceHealth } from '../../../src/serve/opcua/model-unit.ts'
import type { Reading } from '../../../src/serve/opcua/reading.ts'
import { enumerations } from '../../../src/serve/opcua/rows.ts'
import { serviceLevel } from '../../../src/serve/opcua/service-level.ts'
import { showPair, showRest } from '../../../src/serve/opcua/values.ts'
import { pairOf, proposedPair, unitOf, viewOf } from '../view.ts'

const wallMs = 1_772_000_000_000
const layout = {
  ...{ name: 'intake', profile: 'bumpless-block' },
  units: {
    A: { id: 'A', location: '', paths: [] },
    B: { id: 'B', location: '', paths: [] },
  },
  tags: [
    {
      name: 'LIC301.SP',
      type: 'Double',
      units: 'm',
      class: 'setpoint',
      critical: true,
      tolerance: 0,
    },
  ],
} as const

function shown(pair: PairView): ReadonlyMap<string, Reading> {
  const readings = new Map<string, Reading>()
  showPair(pair, layout, wallMs, (node, reading) => {
    assert.ok(!readings.has(node), `${node} is shown twice`)
    readings.set(node, reading)
  })
  return readings
}

const shownValue = (pair: PairView, node: string): unknown => shown(pair).get(node)?.value

describe('The values of the OPC UA door', () => {
  it('name a proposal, and are empty without one', () => {
    const pending = 'Pairs.intake.Switchover.Pending'
    assert.equal(shownValue(proposedPair('S-1'), `${pending}.ProposalId`), 'S-1')
    assert.equal(shownValue(proposedPair('S-1'), `${pending}.NeedsReason`), true)
    assert.equal(shownValue(pairOf('intake'), `${pending}.ProposalId`), '')
    assert.equal(shownValue(pairOf('intake'), `${pending}.Active`), false)
    assert.equal(shown(pairOf('intake')).get(`${pending}.ExpiresAt`)?.quality, 'BadNoData')
  })

  const qualities: readonly (readonly [Presence, string, number | null])[] = [
    ['answering', 'Good', 0],
    ['lost', 'BadNoCommunication', 1],
    ['frozen', 'UncertainNoCommunicationLastUsableValue', 1],
    ['swapped', 'BadConfigurationError', 1],
    ['damaged', 'BadDeviceFailure', 1],
    ['disputed', 'UncertainSubNormal', 3],
    ['unread', 'BadWaitingForInitialData', null],
  ]
  for (const [presence, quality, health] of qualities) {
    it(`a unit that is ${presence} says its role with the quality ${quality}`, () => {
      const unit = unitOf('intake', 'A', { presence })
      const pair = pairOf('intake', { units: { A: unit, B: unitOf('intake', 'B') } })
      const role = shown(pair).get('Pairs.intake.Units.A.Role')
      assert.equal(role?.quality, quality)
      assert.equal(role?.value === null, quality.startsWith('Bad'))
      assert.equal(deviceHealth({ unit, wallMs }).value, health)
      const presenceShown = shown(pair).get('Pairs.intake.Units.A.Presence')
      assert.deepEqual([presenceShown?.value, presenceShown?.quality], [presence, 'Good'])
    })
  }

  it('a tag that is not known has no value, and one that is no number is not made one', () => {
    const withText = (a: string): PairView => {
      const [tag] = pairOf('intake').tags
      assert.ok(tag)
      return pairOf('intake', { tags: [{ ...tag, a }] })
    }
    const node = 'Pairs.intake.Tags[LIC301.SP].A'
    assert.equal(shownValue(withText('2.5'), node), 2.5)
    for (const text of ['?', '', 'manual']) {
      assert.equal(shown(withText(text)).get(node)?.quality, 'BadNoData', text)
    }
  })

  it('a value of a unit has the time of its scan, a judgement the time of the cycle', () => {
    const readings = shown(pairOf('intake'))
    assert.equal(readings.get('Pairs.intake.Units.A.Role')?.atMs, wallMs - 120)
    assert.equal(readings.get('Pairs.intake.SyncVerdict')?.atMs, wallMs)
  })

  it('of a UPS that does not answer, what it last said is not repeated', () => {
    const view = viewOf()
    const [ups] = view.ups
    assert.ok(ups)
    const { chargePct: _charge, ...silent } = ups
    const readings = new Map<string, Reading>()
    showRest({ ...view, ups: [{ ...silent, verdict: 'unknown' }] }, 'kept', (node, reading) =>
      readings.set(node, reading),
    )
    assert.equal(readings.get('Power.ups-1.ChargePct')?.quality, 'BadNoData')
    assert.equal(readings.get('Power.ups-1.Verdict')?.value, 'unknown')
  })

  it('a word of an enumeration keeps its number for ever', () => {
    assert.deepEqual(enumerations.UnitRole, ['unknown', 'none', 'standby', 'primary'])
    assert.deepEqual(enumerations.SyncVerdict, ['cannot tell', 'in sync', 'different'])
    assert.deepEqual(enumerations.UnitLetter, ['none', 'A', 'B'])
    assert.deepEqual(enumerations.UpsVerdict, ['unknown', 'on mains', 'on battery', 'off'])
    assert.equal(enumerations.SwitchoverPhase.indexOf('proposed'), 2)
    assert.equal(enumerations.SwitchoverPhase.indexOf('stopped'), 7)
  })
})

describe('The ServiceLevel', () => {
  const lost = (unit: 'A' | 'B') => unitOf('intake', unit, { presence: 'lost' })
  const half = pairOf('intake', { units: { A: unitOf('intake', 'A'), B: lost('B') } })
  const none = pairOf('intake', { units: { A: lost('A'), B: lost('B') } })
  const good = {
    pairs: [pairOf('intake')],
    journalFault: false,
    quietMs: 100,
    stopping: false,
    backed: false,
  }
  const { pairs: _pairs, ...before } = good
  const table = [
    ['0 while it stops', { ...good, stopping: true }, 0],
    ['1 before anything has been read', before, 1],
    ['1 when the supervisor has fallen silent', { ...good, quietMs: 3_001 }, 1],
    ['199 at most while it runs alone', good, 199],
    ['255 with a ready backup', { ...good, backed: true }, 255],
    [
      'degraded when a unit cannot be read, backup or not',
      { ...good, pairs: [half], backed: true },
      101,
    ],
    ['2 when no unit can be read', { ...good, pairs: [none] }, 2],
    ['half of it when the journal has failed', { ...good, journalFault: true }, 101],
    [
      'degraded when the journal has failed, backup or not',
      { ...good, journalFault: true, backed: true },
      101,
    ],
  ] as const
  for (const [name, facts, level] of table) {
    it(`is ${name}`, () => assert.equal(serviceLevel(facts), level))
  }
})
