// Raw reads by the tables of Part 11 (4.4), and random ones against the plainest model there is.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type RawItem,
  type RawPosition,
  type RawQuestion,
  readRaw,
} from '../../../src/serve/history/raw.ts'
import type { Sample, SampleSource } from '../../../src/serve/history/sample.ts'
import { HistoryStore } from '../../../src/serve/history/store.ts'
import { randomFrom } from '../../chance.ts'
import { arraySource, sample } from './array-source.ts'

/** The values of the standard's example: at 5:00, 5:02, 5:03, 5:05 and 5:06, named by their minute. */
const example = arraySource(
  [0, 2, 3, 5, 6].map((minute) => sample(minute, minute)),
  10,
)

type Line = readonly [
  from: number | undefined,
  to: number | undefined,
  limit: number,
  bounded: string,
  plain: string,
]

/** `-`: no bound there. Times are minutes after five. */
const table: readonly Line[] = [
  [0, 5, 0, '0 2 3 5', '0 2 3'],
  [0, 5, 4, '0 2 3 5', '0 2 3'],
  [1, 4, 0, '0 2 3 5', '2 3'],
  [5, 0, 0, '5 3 2 0', '5 3 2'],
  [5, 0, 4, '5 3 2 0', '5 3 2'],
  [4, 1, 0, '5 3 2 0', '3 2'],
  [-1, 5, 0, '- 0 2 3 5', '0 2 3'],
  [5, -1, 0, '5 3 2 0 -', '5 3 2 0'],
  [0, undefined, 3, '0 2 3', '0 2 3'],
  [1, undefined, 3, '0 2 3', '2 3 5'],
  [undefined, 6, 3, '6 5 3', '6 5 3'],
  [undefined, 4, 3, '5 3 2', '3 2 0'],
  [4, 9, 0, '3 5 6 -', '5 6'],
  [7, 9, 0, '6 -', ''],
  [9, 7, 0, '- 6', ''],
  [2, 2, 0, '2', '2'],
  [1, 1, 0, '0 2', ''],
]

const words = (items: readonly RawItem[]): string =>
  items.map((item) => ('value' in item ? String(item.value) : '-')).join(' ')

/** Every page after the other, of at most `size` each. */
function pages(source: SampleSource, question: RawQuestion, size: number): readonly RawItem[] {
  const all: RawItem[] = []
  let position: RawPosition | undefined
  for (let count = 0; count < 1000; count += 1) {
    const page = readRaw(source, question, size, position)
    assert.ok(page.items.length <= size, `${page.items.length} of ${size}`)
    assert.ok(page.items.length > 0 || page.next === undefined, 'an empty page in the middle')
    all.push(...page.items)
    if (page.next === undefined) return all
    position = page.next
  }
  throw new Error('the pages have no end')
}

const questionOf = ([from, to, limit]: Line, bounds: boolean): RawQuestion => ({
  ...{ limit, bounds },
  ...(from !== undefined && { fromMs: from }),
  ...(to !== undefined && { toMs: to }),
})

describe('A raw read', () => {
  for (const line of table) {
    const [from, to, limit, bounded, plain] = line
    it(`from ${from ?? 'nowhere'} to ${to ?? 'nowhere'}, ${limit || 'all'} at once`, () => {
      for (const size of [1, 2, 3, 100]) {
        assert.equal(words(pages(example, questionOf(line, true), size)), bounded)
        assert.equal(words(pages(example, questionOf(line, false), size)), plain)
      }
    })
  }

  it('gives the number that was asked for, and goes on from there', () => {
    const question = { fromMs: 0, toMs: 10, limit: 2, bounds: false }
    const first = readRaw(example, question, 100)
    assert.equal(words(first.items), '0 2')
    const second = readRaw(example, question, 100, first.next)
    assert.equal(words(second.items), '3 5')
    const third = readRaw(example, question, 100, second.next)
    assert.equal(words(third.items), '6')
    assert.equal(third.next, undefined)
  })

  it('counts the bound at the beginning', () => {
    const page = readRaw(example, { fromMs: 1, toMs: 5, limit: 2, bounds: true }, 100)
    assert.equal(words(page.items), '0 2')
  })

  it('ends with the number where only one time is given', () => {
    const page = readRaw(example, { fromMs: 0, limit: 3, bounds: false }, 100)
    assert.equal(page.next, undefined)
  })
})

describe('Random raw reads', () => {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
  const random = randomFrom(seed)
  const int = (below: number): number => Math.floor(random() * below)
  const chance = (share: number): boolean => random() < share
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'bumpless-history-'))
  })
  after(() => rmSync(folder, { recursive: true }))

  it(`find in the store what a plain model finds (SEED ${seed})`, () => {
    const store = new HistoryStore({ folder, keepDays: 1, maxMb: 50 }, 0)
    const given: Sample[] = []
    for (let count = 0; count < 400; count += 1) {
      const value = chance(0.1) ? null : chance(0.2) ? `text ${count}` : int(1000) / 7
      given.push(sample(int(500), value, value === null ? 'BadNoData' : 'Good'))
    }
    const rows = given.map((one) => ({ series: 'x', ...one }))
    for (let at = 0; at < rows.length; at += 37) {
      store.write({ rows: rows.slice(at, at + 37), events: [], aliveMs: 500 })
    }
    const model = arraySource(given, 500)
    const source = store.source('x')
    for (let count = 0; count < 500; count += 1) {
      const [fromMs, toMs] = [int(560) - 30, int(560) - 30]
      const drop = int(4)
      const question = {
        ...{ limit: drop < 2 ? 1 + int(30) : int(2) * int(30), bounds: chance(0.5) },
        ...(drop !== 0 && { fromMs }),
        ...(drop !== 1 && { toMs }),
      }
      const size = 1 + int(40)
      assert.deepEqual(
        pages(source, question, size),
        pages(model, question, 10_000),
        JSON.stringify({ question, size }),
      )
      if (!question.bounds && drop > 1) {
        assert.deepEqual(
          pages(source, question, size).map(({ atMs }) => atMs),
          timesWithin(given, fromMs, toMs),
        )
      }
    }
    store.close()
  })
})

/** Written down once more, without anything of the product: forward and backward, the end left out. */
function timesWithin(given: readonly Sample[], from: number, to: number): readonly number[] {
  const times = [...new Set(given.map(({ atMs }) => atMs))].sort((one, other) => one - other)
  if (from === to) return times.filter((at) => at === from)
  return from < to
    ? times.filter((at) => at >= from && at < to)
    : times.filter((at) => at <= from && at > to).reverse()
}
