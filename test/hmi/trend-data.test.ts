// What a trend shows, computed by hand.

import assert from 'node:assert/strict'
import { rowsOf, summariesOf, tableOf, withPoint } from '../../src/hmi/parts/trend-data.ts'

describe('a trend', () => {
  const A = {
    label: 'A',
    points: [
      [1_000, 5],
      [3_000, 7],
    ],
  } as const
  const B = {
    label: 'B',
    points: [
      [2_000, 4],
      [3_000, null],
      [4_000, 6],
    ],
  } as const

  it('puts lines with times of their own on one axis, and lets values stand until the next one', () => {
    const table = tableOf([A, B], 0)
    assert.deepEqual(table.wallMs, [1_000, 2_000, 3_000, 4_000])
    assert.deepEqual(table.values, [
      [5, 5, 7, 7],
      [null, 4, null, 6],
    ])
  })
  it('begins where it is told to, with what stood there', () => {
    const table = tableOf([A, B], 2_500)
    assert.deepEqual(table.wallMs, [3_000, 4_000])
    assert.deepEqual(table.values[0], [7, 7])
  })
  it('says the newest, least and largest value of each line', () => {
    const lines = [A, B, { label: 'C', points: [] }]
    assert.deepEqual(summariesOf(lines, tableOf(lines, 0)), [
      { label: 'A', now: 7, least: 5, most: 7 },
      { label: 'B', now: 6, least: 4, most: 6 },
      { label: 'C' },
    ])
  })
  it('says no newest value where it is not known', () => {
    const lines = [
      {
        label: 'A',
        points: [
          [1, 5],
          [2, null],
        ] as const,
      },
    ]
    assert.deepEqual(summariesOf(lines, tableOf(lines, 0)), [{ label: 'A', least: 5, most: 5 }])
  })
  it('thins a long table and keeps the newest row first', () => {
    const points = Array.from({ length: 100 }, (_, at) => [at, at] as const)
    const rows = rowsOf(tableOf([{ label: 'A', points }], 0), 10)
    assert.equal(rows.length, 10)
    assert.deepEqual(rows[0], { at: 99, values: [99] })
  })
  it('keeps two points of a value that stands, and lets go of what is too old', () => {
    let points: readonly (readonly [number, number | null])[] = []
    for (const at of [1, 2, 3, 4]) points = withPoint(points, [at, 5], 0)
    assert.deepEqual(points, [
      [1, 5],
      [4, 5],
    ])
    points = withPoint(points, [5, 6], 0)
    points = withPoint(points, [6, 7], 5)
    assert.deepEqual(points, [
      [5, 6],
      [6, 7],
    ])
  })
})
