import assert from 'node:assert/strict'
import { type Event, type Row, table } from '../../src/core/switchover/switchover.ts'

const rows = Object.keys(table) as Row[]
const events = Object.keys(table.idle) as Event[]
const every = rows.flatMap((row) =>
  events.map((event) => ({ row, event, answer: table[row][event] })),
)

describe('the switchover table', () => {
  it('answers every event in every phase', () => {
    for (const { row, event, answer } of every) assert.ok(answer, `${row} x ${event}`)
    assert.equal(every.length, rows.length * events.length)
  })

  it('gives a reason wherever it refuses', () => {
    for (const { row, event, answer } of every) {
      if (answer.kind === 'refuse') assert.ok(answer.why.length > 15, `${row} x ${event}`)
    }
  })

  it('knows only two ends once an OPERATE has left: settling to its end, or stopped', () => {
    for (const row of ['demoting, operated', 'promoting, operated', 'settling'] as const) {
      for (const event of events) {
        const answer = table[row][event]
        if (answer.kind !== 'end') continue
        const dropped = row === 'demoting, operated' && event === 'never left'
        assert.ok(answer.outcome === 'done' || dropped, `${row} x ${event} ends ${answer.outcome}`)
      }
    }
  })

  it('never promotes before a demote was verified or found unnecessary', () => {
    for (const { row, event, answer } of every) {
      if (answer.kind !== 'go' || answer.to !== 'promoting') continue
      assert.ok(
        (row === 'demoting, operated' && event === 'demoted') ||
          (row === 'confirmed' && event === 'nothing to demote'),
        `${row} x ${event}`,
      )
    }
  })

  it('lets only an order of a person lead from proposed to confirmed', () => {
    for (const { event, answer } of every) {
      if (answer.kind === 'go' && answer.to === 'confirmed') assert.equal(event, 'confirm')
    }
  })

  it('lets only a person lead out of stopped', () => {
    for (const event of events) {
      const answer = table.stopped[event]
      if (answer.kind !== 'refuse' && answer.kind !== 'stay') assert.equal(event, 'resolve')
    }
  })
})
