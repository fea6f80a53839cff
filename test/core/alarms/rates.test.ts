// Counting alarms: what counts, over which time, and that the count stays small however long the plant runs.

import assert from 'node:assert/strict'
import {
  newAlarmMemory,
  newRateMemory,
  type Raise,
  type RateMemory,
} from '../../../src/core/alarms/alarm-memory.ts'
import { floodConditions } from '../../../src/core/alarms/flood.ts'
import { countOne, countRaises, ratesView } from '../../../src/core/alarms/rates.ts'

const hourMs = 3_600_000
const startMs = Date.UTC(2026, 10, 1)

/** So many alarms of `id`, all at one time after the start. */
const raised = (memory: RateMemory, id: string, atH: number, count = 1): RateMemory =>
  count === 0 ? memory : raised(countOne(memory, id, startMs + atH * hourMs, 1), id, atH, count - 1)

const viewAt = (rates: RateMemory, atH: number) =>
  ratesView({ ...newAlarmMemory(startMs), rates }, 1, { nowMs: 0, wallMs: startMs + atH * hourMs })

describe('the rates of alarms', () => {
  it('tell a day and a week apart, each with its busiest sources', () => {
    let rates = raised(newRateMemory(startMs), 'ups-1:ups-lost', 1, 5)
    rates = raised(rates, 'intake.B:lost', 100, 2)
    rates = raised(rates, 'intake:none-primary', 100.5, 1)
    const { lastDay, lastWeek } = viewAt(rates, 101)
    assert.equal(lastDay.raised, 3)
    assert.deepEqual(lastDay.top, [
      { id: 'intake.B:lost', raised: 2 },
      { id: 'intake:none-primary', raised: 1 },
    ])
    assert.deepEqual(lastDay.perPriority, { 1: 1, 2: 2, 3: 0, 4: 0 })
    assert.equal(lastWeek.raised, 8)
    assert.equal(lastWeek.peakHour, 5)
    assert.equal(lastDay.perHour, 3 / 24)
    assert.equal(lastWeek.perHour, 8 / 101)
  })

  it('forget after a week, and stay small in a flood of many names', () => {
    let rates = newRateMemory(startMs)
    for (let hour = 0; hour < 400; hour++)
      for (let name = 0; name < 120; name++) rates = raised(rates, `unit-${name}:lost`, hour)
    assert.equal(rates.hours.length, 168)
    for (const { byId } of rates.hours) assert.ok(Object.keys(byId).length <= 41)
    const { lastWeek } = viewAt(rates, 399.5)
    assert.equal(lastWeek.raised, 168 * 120)
  })

  it('do not count what asked for nothing, nor the alarm about the flood itself', () => {
    const times = { nowMs: 1000, wallMs: startMs }
    const raises: readonly Raise[] = [
      { id: 'a:lost', atMs: 1000, quiet: true },
      { id: 'supervisor:alarm-flood', atMs: 1000 },
      { id: 'b:lost', atMs: 1000 },
    ]
    const { hours } = countRaises(newRateMemory(startMs), raises, 0, times)
    assert.deepEqual(
      hours.map(({ byId }) => byId),
      [{ 'b:lost': 1 }],
    )
  })

  it('name what has stood for more than a day', () => {
    const alarm = {
      ...({ id: 'b:lost', key: 'lost', source: 'b', detail: '', seq: 1 } as const),
      ...({ state: 'acknowledged', raisedWallMs: startMs, comments: [] } as const),
    }
    const memory = { ...newAlarmMemory(startMs), active: { 'b:lost': alarm } }
    const staleAt = (h: number) =>
      ratesView(memory, 1, { nowMs: 0, wallMs: startMs + h * hourMs }).stale.length
    assert.deepEqual([staleAt(23.9), staleAt(24.1)], [0, 1])
  })
})

describe('a flood', () => {
  const flooded = {
    'supervisor:alarm-flood': {
      ...{ id: 'supervisor:alarm-flood', key: 'alarm-flood', source: 'supervisor', detail: '' },
      ...{ state: 'unacknowledged', raisedWallMs: 0, seq: 1, comments: [] },
    },
  } as const
  const standsWith = (count: number, operators: number, active = {}): boolean => {
    const raises = Array.from({ length: count }, (_, at) => ({ id: `u${at}:lost`, atMs: 0 }))
    const memory = { ...newAlarmMemory(0), raises, active }
    return floodConditions(memory, operators, 600_000).length > 0
  }

  it('begins above ten alarms in ten minutes for each operator, and ends at five', () => {
    assert.deepEqual([standsWith(10, 1), standsWith(11, 1)], [false, true])
    assert.deepEqual([standsWith(20, 2), standsWith(21, 2)], [false, true])
    assert.deepEqual([standsWith(6, 1, flooded), standsWith(5, 1, flooded)], [true, false])
  })
})
