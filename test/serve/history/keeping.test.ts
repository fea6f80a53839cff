// What of the passing values is kept, and what waits for the disk and gets lost when there is no room.

import assert from 'node:assert/strict'
import { openBacklog } from '../../../src/serve/history/backlog.ts'
import { type KeepRule, openKeeping } from '../../../src/serve/history/keeping.ts'
import type { Row } from '../../../src/serve/history/sample.ts'
import { sample } from './array-source.ts'

const each: KeepRule = { everyMs: 0, deadband: 0 }
const eachSecond: KeepRule = { everyMs: 1000, deadband: 0 }

const told = (rows: readonly Row[]): string =>
  rows.map(({ series, atMs, value, quality }) => `${series}@${atMs}=${value ?? quality}`).join(' ')

describe('Of the passing values', () => {
  it('each change is kept, and nothing twice', () => {
    const keeping = openKeeping()
    for (const [atMs, value] of [
      [0, 1],
      [10, 1],
      [20, 2],
      [30, 1],
    ] as const) {
      keeping.offer('x', sample(atMs, value), each, false)
    }
    assert.equal(told(keeping.take(40)), 'x@0=1 x@20=2 x@30=1')
    assert.equal(told(keeping.take(50)), '')
  })

  it('a value that moves all the time is kept once a second, and the one it rests at always', () => {
    const keeping = openKeeping()
    for (let atMs = 0; atMs <= 2300; atMs += 100) {
      keeping.offer('x', sample(atMs, atMs), eachSecond, false)
    }
    assert.equal(told(keeping.take(2300)), 'x@0=0 x@1000=1000 x@2000=2000')
    assert.equal(told(keeping.take(2900)), '')
    assert.equal(told(keeping.take(3000)), 'x@2300=2300')
  })

  it('a value that went and came back within the second leaves nothing', () => {
    const keeping = openKeeping()
    for (const [atMs, value] of [
      [0, 1],
      [100, 2],
      [200, 1],
    ] as const) {
      keeping.offer('x', sample(atMs, value), eachSecond, false)
    }
    assert.equal(told(keeping.take(5000)), 'x@0=1')
  })

  it('each value counts while a switchover runs', () => {
    const keeping = openKeeping()
    for (let atMs = 0; atMs < 500; atMs += 100) {
      keeping.offer('x', sample(atMs, atMs), eachSecond, true)
    }
    assert.equal(told(keeping.take(500)), 'x@0=0 x@100=100 x@200=200 x@300=300 x@400=400')
  })

  it('small moves stay within the deadband, and add up to one that does not', () => {
    const keeping = openKeeping()
    for (const [atMs, value] of [
      [0, 50],
      [1, 50.4],
      [2, 50.5],
      [3, 50.6],
      [4, 50.2],
    ] as const) {
      keeping.offer('x', sample(atMs, value), { everyMs: 0, deadband: 0.5 }, false)
    }
    assert.equal(told(keeping.take(5)), 'x@0=50 x@3=50.6')
  })

  it('a change of quality is kept at once, whatever the rule', () => {
    const keeping = openKeeping()
    keeping.offer('x', sample(0, 1), eachSecond, false)
    keeping.offer('x', sample(100, 2), eachSecond, false)
    keeping.offer('x', sample(200, null, 'BadNoCommunication'), eachSecond, false)
    assert.equal(told(keeping.take(200)), 'x@0=1 x@200=BadNoCommunication')
  })
})

describe('What waits for the disk', () => {
  it('goes in one batch, and what comes meanwhile in the next', () => {
    const backlog = openBacklog({ rowsMax: 10, eventsMax: 10 })
    backlog.offer('x', sample(1, 1), each, false)
    const first = backlog.next(10)
    assert.equal(told(first?.rows ?? []), 'x@1=1')
    backlog.offer('x', sample(2, 2), each, false)
    assert.equal(backlog.next(20), undefined, 'one at a time')
    backlog.written(30, false)
    assert.equal(told(backlog.next(40)?.rows ?? []), 'x@2=2')
  })

  it('is kept when the disk refuses, in its order', () => {
    const backlog = openBacklog({ rowsMax: 10, eventsMax: 10 })
    backlog.offer('x', sample(1, 1), each, false)
    backlog.next(10)
    backlog.offer('x', sample(2, 2), each, false)
    backlog.refused()
    assert.equal(told(backlog.next(20)?.rows ?? []), 'x@1=1 x@2=2')
  })

  it('says from when on entries are missing, and then what stands', () => {
    const backlog = openBacklog({ rowsMax: 3, eventsMax: 10 })
    backlog.offer('y', sample(0, 7), each, false)
    for (let atMs = 1; atMs <= 9; atMs += 1) backlog.offer('x', sample(atMs, atMs), each, false)
    assert.equal(told(backlog.next(10)?.rows ?? []), 'y@0=7 x@1=1 x@2=2')
    backlog.written(20, false)
    assert.equal(
      told(backlog.next(30)?.rows ?? []),
      'y@3=BadDataLost x@3=BadDataLost y@20=7 x@20=9',
    )
    backlog.written(40, false)
    assert.equal(told(backlog.next(50)?.rows ?? []), '')
  })

  it('tells once more what stands when the file was opened anew', () => {
    const backlog = openBacklog({ rowsMax: 10, eventsMax: 10 })
    backlog.offer('x', sample(1, 1), each, false)
    backlog.next(10)
    backlog.written(10, true)
    assert.equal(told(backlog.next(20)?.rows ?? []), 'x@10=1')
  })
})
