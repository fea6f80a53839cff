// The aggregates against tables that were worked out by hand: steps, bad and uncertain stretches, intervals without an entry, and the
// edges of what is known.

import assert from 'node:assert/strict'
import {
  type AggregateName,
  aggregateNames,
  type Judging,
  type Result,
} from '../../../src/serve/history/aggregates.ts'
import {
  type ProcessedQuestion,
  readAtTimes,
  readProcessed,
} from '../../../src/serve/history/processed.ts'
import { severityOf } from '../../../src/serve/history/summary.ts'
import { randomFrom } from '../../chance.ts'
import { arraySource, sample } from './array-source.ts'

const s = 1000

/**
 * 10 from 0 s, 20 from 4 s, bad from 8 s, 40 from 12 s, uncertain 30 from 18 s, 50 from 25 s; known until 40 s.
 * The intervals below are [0,10), [10,20), [20,30), [30,40).
 */
const source = arraySource(
  [
    sample(0, 10),
    sample(4 * s, 20),
    sample(8 * s, null, 'BadNoCommunication'),
    sample(12 * s, 40),
    sample(18 * s, 30, 'UncertainSubNormal'),
    sample(25 * s, 50),
  ],
  40 * s,
)

const strict: Judging = { strict: true, badPct: 100, goodPct: 100 }
const lenient: Judging = { strict: false, badPct: 100, goodPct: 100 }

const shorts: Readonly<Record<string, string>> = {
  ...{ Good: '', UncertainDataSubNormal: '?', Bad: '!', BadNoData: '' },
  ...{ UncertainSubNormal: '?', BadNoCommunication: '!' },
}
const marks = { raw: 'r', calculated: 'c', interpolated: 'i' } as const

/** `16?c` is an uncertain 16 that was calculated; `p` partial, `s` several times; `-` no data. */
const word = ({ value, status, made, partial, several }: Result): string =>
  status === 'BadNoData'
    ? '-'
    : `${value}${shorts[status] ?? status}${marks[made]}${partial ? 'p' : ''}${several ? 's' : ''}`

const words = (
  aggregate: AggregateName,
  judging: Judging,
  [fromMs, toMs, everyMs]: readonly [number, number, number],
): string =>
  readProcessed(source, { aggregate, fromMs, toMs, everyMs, judging }, 1000)
    .results.map(word)
    .join(' ')

type Line = readonly [AggregateName, strictly: string, leniently: string]

const forward: readonly Line[] = [
  // Entries that are good: 10 20 | 40 | 50 | none.
  ['Average', '15?c 40?c 50c -', '15?c 40c 50c -'],
  ['Count', '2?c 1?c 1c 0c', '2?c 1c 1c 0c'],
  ['Minimum', '10?r 40?c 50c -', '10?r 40?c 50c -'],
  ['Maximum', '20?c 40?c 50c -', '20?c 40?c 50c -'],
  ['Range', '10?c 0?c 0c -', '10?c 0?c 0c -'],
  ['Delta', '10?c 0?c 0c -', '10?c 0?c 0c -'],
  ['Start', '10r 40r 50r -', '10r 40r 50r -'],
  ['End', 'null!r 30?r 50r -', 'null!r 30?r 50r -'],
  // The last usable value goes on over bad ones: (40+120)/10 | (40+240+80)/10, or (40+240+60)/10 | (200+250)/10, or (150+250)/10 | 50.
  ['TimeAverage', '16?c 36?c 45?c 50c', '16?c 34?c 40?c 50c'],
  ['Total', '160?c 360?c 450?c 500c', '160?c 340?c 400?c 500c'],
  // Bad stretches are left out: (40+80)/8 | 240/6, or (240+60)/8 | 250/5, or (150+250)/10 | 50.
  ['TimeAverage2', '15?c 40?c 50?c 50c', '15?c 37.5?c 40c 50c'],
  ['Total2', '120?c 240?c 250?c 500c', '120?c 300?c 400c 500c'],
  // With what stood at the beginning, where it may be used; uncertain values are no extremes.
  ['Minimum2', '10?c 40?c 50?c 50c', '10?c 40?c 30c 50c'],
  ['Maximum2', '20?c 40?c 50?c 50c', '20?c 40?c 50c 50c'],
  ['DurationGood', '8000c 6000c 5000c 10000c', '8000c 8000c 10000c 10000c'],
  ['DurationBad', '2000c 4000c 5000c 0c', '2000c 2000c 0c 0c'],
  ['PercentGood', '80c 60c 50c 100c', '80c 80c 100c 100c'],
  ['PercentBad', '20c 40c 50c 0c', '20c 20c 0c 0c'],
  // 10 to 20 | 20 to 40 | 40 to 50 | none.
  ['NumberOfTransitions', '1?c 1?c 1c 0c', '1?c 1c 1c 0c'],
  ['DurationInStateZero', '0?c 0?c 0?c 0c', '0?c 0?c 0c 0c'],
  ['DurationInStateNonZero', '8000?c 6000?c 5000?c 10000c', '8000?c 8000?c 10000c 10000c'],
  // At 0 s the entry itself; at 10 s what stood before the bad one; at 20 s what may be used; at 30 s the last one.
  ['Interpolative', '10r 20?i 40?i 50i', '10r 20?i 30?i 50i'],
]

describe('The aggregates, by hand', () => {
  for (const [name, strictly, leniently] of forward) {
    it(`${name}: uncertain counts as bad, and as good`, () => {
      assert.equal(words(name, strict, [0, 40 * s, 10 * s]), strictly)
      assert.equal(words(name, lenient, [0, 40 * s, 10 * s]), leniently)
    })
  }

  it('have a line each', () => {
    assert.deepEqual(forward.map(([name]) => name).toSorted(), [...aggregateNames].toSorted())
  })

  it('take one interval over all when none is given', () => {
    // (40+80+240+250+500)/(8+6+15) of usable time.
    const expected = (10 * 4 + 20 * 4 + 40 * 6 + 50 * 15) / 29
    assert.equal(words('TimeAverage2', strict, [0, 40 * s, 0]), `${expected}?c`)
    assert.equal(words('Count', strict, [0, 40 * s, 0]), '4?c')
  })

  it('say that a last interval that is cut short is partial', () => {
    assert.equal(words('TimeAverage', strict, [20 * s, 35 * s, 10 * s]), '45?c 50cp')
  })

  it('say that an interval is partial before the first entry and after what is known', () => {
    assert.equal(words('TimeAverage', strict, [-5 * s, 5 * s, 10 * s]), '12cp')
    assert.equal(words('DurationGood', strict, [35 * s, 55 * s, 10 * s]), '5000cp -')
    assert.equal(words('TimeAverage', strict, [-20 * s, -10 * s, 10 * s]), '-')
    assert.equal(words('Count', strict, [-20 * s, -10 * s, 10 * s]), '-')
    assert.equal(words('Interpolative', strict, [50 * s, 60 * s, 10 * s]), '50?i')
  })

  it('count intervals backward from the later time, which then belongs to the first', () => {
    // (30,40] | (20,30] | (10,20] | (0,10]: the entry at 0 s belongs to none of them.
    assert.equal(words('Count', lenient, [40 * s, 0, 10 * s]), '0c 1c 1c 1?c')
    assert.equal(words('TimeAverage', strict, [40 * s, 0, 10 * s]), '50c 45?c 36?c 16?c')
    assert.equal(words('Count', strict, [25 * s, 12 * s, 13 * s]), '1?c')
    assert.equal(words('Count', strict, [12 * s, 25 * s, 13 * s]), '1?c')
    assert.equal(words('Maximum', strict, [25 * s, 15 * s, 10 * s]), '50?r')
  })

  it('judge the result by the shares that the client names', () => {
    const judging = { strict: true, badPct: 40, goodPct: 80 }
    // 8 of 10 s are good | 4 of 10 s are bad | 5 of 10 s are bad | all good.
    assert.equal(words('TimeAverage2', judging, [0, 40 * s, 10 * s]), '15c 40!c 50!c 50c')
  })

  it('say when an extreme value stood there several times', () => {
    const twice = arraySource([sample(0, 5), sample(1, 9), sample(2, 5), sample(3, 9)], 10)
    const question = { fromMs: 0, toMs: 10, everyMs: 0, judging: strict }
    const of = (aggregate: AggregateName) =>
      readProcessed(twice, { aggregate, ...question }, 10)
        .results.map(word)
        .join()
    assert.equal(of('Minimum'), '5rs')
    assert.equal(of('Maximum'), '9cs')
    assert.equal(of('NumberOfTransitions'), '3c')
  })

  it('come page by page', () => {
    const question: ProcessedQuestion = {
      ...{ fromMs: 0, toMs: 40 * s, everyMs: 10 * s, judging: strict },
      aggregate: 'TimeAverage',
    }
    const first = readProcessed(source, question, 3)
    assert.equal(first.results.map(word).join(' '), '16?c 36?c 45?c')
    const second = readProcessed(source, question, 3, first.next)
    assert.equal(second.results.map(word).join(' '), '50c')
    assert.equal(second.next, undefined)
    const slow = readProcessed(source, question, 3, 0, () => false)
    assert.equal(slow.results.length, 1, 'a page that takes long ends early, but not empty')
  })
})

describe('Values at given times', () => {
  const at = (simple: boolean, ...times: readonly number[]): string =>
    readAtTimes(
      source,
      times.map((time) => time * s),
      simple,
      100,
    )
      .results.map(word)
      .join(' ')

  it('are entries, or what stood then', () => {
    assert.equal(at(false, 4, 6, 25, 39), '20r 20i 50r 50i')
  })

  it('step over what may not be used, and say so', () => {
    assert.equal(at(false, 8, 10, 20), '20?i 20?i 40?i')
    assert.equal(at(true, 8, 10, 20), '- - -')
  })

  it('are uncertain after what is known, and none before it', () => {
    assert.equal(at(false, 41, -1), '50?i -')
  })
})

describe('Random aggregates', () => {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
  const random = randomFrom(seed)
  const int = (below: number): number => Math.floor(random() * below)

  it(`agree with a walk through every millisecond (SEED ${seed})`, () => {
    for (let round = 0; round < 60; round += 1) {
      const qualities = ['Good', 'Good', 'Good', 'UncertainSubNormal', 'BadNoData'] as const
      const given = Array.from({ length: int(12) }, () => {
        const quality = qualities[int(qualities.length)] ?? 'Good'
        return sample(int(120), quality === 'BadNoData' ? null : int(9), quality)
      })
      const aliveMs = 60 + int(80)
      const one = arraySource(given, aliveMs)
      const [fromMs, toMs] = [int(150), int(150)]
      if (fromMs === toMs) continue
      const judging = random() < 0.5 ? strict : lenient
      const values = walk(given, Math.min(fromMs, toMs), Math.max(fromMs, toMs), aliveMs, judging)
      const of = (aggregate: AggregateName) => {
        const question = { aggregate, fromMs, toMs, everyMs: 0, judging }
        return readProcessed(one, question, 1).results[0]?.value ?? null
      }
      const text = JSON.stringify({ given, fromMs, toMs, aliveMs, judging })
      const near = (found: unknown, wanted: number | null): void => {
        if (wanted === null) assert.equal(found, null, text)
        else assert.ok(Math.abs(Number(found) - wanted) < 1e-9, `${found} ${wanted} ${text}`)
      }
      near(of('TimeAverage2'), values.steady.length === 0 ? null : mean(values.steady))
      near(of('TimeAverage'), values.carried.length === 0 ? null : mean(values.carried))
      if (values.known === 0) continue
      near(of('DurationInStateZero') ?? 0, values.steady.filter((value) => value === 0).length)
      near(of('DurationGood'), values.good)
    }
  })
})

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** What stood in each millisecond: the value where it may be used, and the last one that might be. */
function walk(
  given: Parameters<typeof arraySource>[0],
  lowMs: number,
  highMs: number,
  aliveMs: number,
  judging: Judging,
) {
  const byTime = new Map(given.map((entry) => [entry.atMs, entry]))
  const steady: number[] = []
  const carried: number[] = []
  let [known, good] = [0, 0]
  let standing: (typeof given)[number] | undefined
  let usable: number | undefined
  for (let at = 0; at < highMs; at += 1) {
    standing = byTime.get(at) ?? standing
    const severity = standing === undefined ? 'bad' : severityOf(standing.quality)
    const may = severity === 'good' || (severity === 'uncertain' && !judging.strict)
    if (may) usable = Number(standing?.value)
    // What is known ends with `aliveMs`, unless entries say more.
    const last = Math.max(aliveMs, ...given.map(({ atMs }) => atMs).filter((one) => one <= highMs))
    if (at < lowMs || at >= last) continue
    if (usable !== undefined) carried.push(usable)
    if (standing !== undefined) known += 1
    if (!may) continue
    steady.push(Number(standing?.value))
    good += 1
  }
  return { steady, carried, known, good }
}
