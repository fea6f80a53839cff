// Which requests read a device's signals.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { RegisterSignal as Signal } from '../../src/core/plant.ts'
import {
  bitsMax,
  planReads,
  type Read,
  type ReadLimits,
  registersMax,
  sizeOf,
} from '../../src/field/modbus/plan.ts'
import { seed, signal } from './devices.ts'

const limits = (gapMax: number): ReadLimits => ({ gapMax, registersMax, bitsMax })
const at = (address: number, type: Signal['type'] = 'uint16', words?: number): Signal =>
  signal({ key: `${type}@${address}`, address, type, ...(words === undefined ? {} : { words }) })
const bitAt = (address: number): Signal => signal({ area: 'di', address, type: 'bool' })
const shape = (reads: readonly Read[]): string[] =>
  reads.map((read) => `${read.area} ${read.address}+${read.count}`)

describe('the plan of reads', () => {
  const rows: [string, Signal[], number, string[]][] = [
    ['nothing to read needs no request', [], 0, []],
    ['neighbouring registers share a request', [at(11), at(10)], 0, ['hr 10+2']],
    ['an unused register between two splits them', [at(10), at(12)], 0, ['hr 10+1', 'hr 12+1']],
    ['unless the profile allows such a gap', [at(10), at(12)], 1, ['hr 10+3']],
    ['a longer gap still splits them', [at(10), at(13)], 1, ['hr 10+1', 'hr 13+1']],
    ['two bits of one word need it once', [at(110, 'bit'), at(110, 'bit')], 0, ['hr 110+1']],
    ['a value inside a longer one costs nothing', [at(0, 'words', 22), at(5)], 0, ['hr 0+22']],
    [
      '125 registers fit into one request',
      [at(0, 'words', 123), at(123, 'int32')],
      0,
      ['hr 0+125'],
    ],
    ['126 do not', [at(0, 'words', 124), at(124, 'int32')], 0, ['hr 0+124', 'hr 124+2']],
    [
      'status, information and tags of a demo unit need two requests',
      [at(1000, 'words', 22), at(1022, 'uint32'), at(1024, 'words', 6), at(100, 'float32')],
      8,
      ['hr 100+2', 'hr 1000+30'],
    ],
    ['the last register of all can be read', [at(65535)], 0, ['hr 65535+1']],
    [
      'every type takes the registers that it needs',
      (['bits', 'bcd16', 'bcd32', 'uint64', 'int64', 'float64'] as const).map((type, index) =>
        at(10 * index, type),
      ),
      0,
      ['hr 0+1', 'hr 10+1', 'hr 20+2', 'hr 30+4', 'hr 40+4', 'hr 50+4'],
    ],
    ['a text is read whole', [at(0, 'string', 16), at(16)], 0, ['hr 0+17']],
  ]
  for (const [title, signals, gapMax, expected] of rows) {
    it(title, () => assert.deepEqual(shape(planReads(signals, limits(gapMax))), expected))
  }

  it('areas are never mixed', () => {
    const signals = (['di', 'co', 'ir', 'hr'] as const).map((area) => signal({ area, address: 7 }))
    const reads = planReads(signals, limits(100))
    assert.deepEqual(shape(reads), ['hr 7+1', 'ir 7+1', 'co 7+1', 'di 7+1'])
  })

  it('2000 bits fit into one request and 2001 do not', () => {
    const bits = [0, 1999, 2000].map(bitAt)
    assert.deepEqual(shape(planReads(bits, limits(2000))), ['di 0+2000', 'di 2000+1'])
  })

  it('a device that gives less in one answer is asked for less', () => {
    const own = { gapMax: 0, registersMax: 4, bitsMax: 8 }
    const signals = [at(0), at(1, 'int32'), at(3, 'int32'), at(5), ...[0, 7, 8].map(bitAt)]
    const reads = planReads(signals, { ...own, gapMax: 6 })
    assert.deepEqual(shape(reads), ['hr 0+3', 'hr 3+3', 'di 0+8', 'di 8+1'])
  })

  it('a signal that no request can carry is our own error', () => {
    assert.throws(() => planReads([at(0, 'words', 126)], limits(0)), /126 of 125/)
    assert.throws(() => planReads([at(65535, 'uint32')], limits(0)), /past address 65535/)
    const own = { gapMax: 0, registersMax: 3, bitsMax: 1 }
    assert.throws(() => planReads([at(0, 'float64')], own), /needs 4 of 3/)
    assert.deepEqual(shape(planReads([bitAt(9)], own)), ['di 9+1'])
  })

  it(`reads every signal exactly once, within the limits, in the fewest requests, SEED=${seed}`, () => {
    fc.assert(fc.property(fc.array(anySignal, { maxLength: 30 }), anyLimits, check), {
      numRuns: 500,
      seed,
    })
  })

  it(`no other way to share few signals out needs fewer requests, SEED=${seed}`, () => {
    const few = fc.array(crowdedSignal, { maxLength: 6 })
    fc.assert(
      fc.property(few, anyLimits, (signals, own) => {
        const inArea = signals.map((one) => ({ ...one, area: 'hr' }) as const)
        assert.equal(planReads(inArea, own).length, fewestGroups(inArea, [], own))
      }),
      { numRuns: 500, seed },
    )
  })
})

const longestWords = 20
const anyLimits: fc.Arbitrary<ReadLimits> = fc.record({
  gapMax: fc.integer({ min: 0, max: 20 }),
  registersMax: fc.oneof(
    fc.constant(registersMax),
    fc.integer({ min: longestWords, max: registersMax }),
  ),
  bitsMax: fc.oneof(fc.constant(bitsMax), fc.integer({ min: 1, max: bitsMax })),
})

const anyType = fc.constantFrom(
  ...(['bool', 'bit', 'bits', 'uint16', 'int32', 'bcd32', 'float32', 'float64', 'int64'] as const),
  ...(['words', 'string'] as const),
)

const anySignal: fc.Arbitrary<Signal> = fc
  .record({
    area: fc.constantFrom('hr', 'ir', 'co', 'di'),
    address: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 65000 })),
    type: anyType,
    words: fc.integer({ min: 1, max: longestWords }),
  } as const)
  .map((options) => signal(options))

/** So close together that they get into each other's way. */
const crowdedSignal: fc.Arbitrary<Signal> = fc
  .record({
    address: fc.integer({ min: 0, max: 60 }),
    type: anyType,
    words: fc.integer({ min: 1, max: longestWords }),
  } as const)
  .map((options) => signal(options))

function check(signals: readonly Signal[], own: ReadLimits): void {
  const reads = planReads(signals, own)
  const planned = reads.flatMap((read) => read.signals)
  assert.equal(planned.length, signals.length)
  assert.deepEqual(new Set(planned), new Set(signals))
  for (const read of reads) {
    assert(read.count >= 1 && read.count <= mostIn(read.area, own))
    for (const one of read.signals) {
      assert.equal(one.area, read.area)
      assert(one.address >= read.address)
      assert(one.address + sizeOf(one) <= read.address + read.count)
    }
    assert(unusedRun(read) <= own.gapMax)
  }
  for (const area of ['hr', 'ir', 'co', 'di'] as const) {
    const inArea = signals.filter((one) => one.area === area)
    const needed = fewest(inArea, own.gapMax, mostIn(area, own))
    assert.equal(reads.filter((read) => read.area === area).length, needed)
  }
}

const mostIn = (area: Signal['area'], own: ReadLimits): number =>
  area === 'co' || area === 'di' ? own.bitsMax : own.registersMax

/** Longest run of addresses inside a request that no signal uses. */
function unusedRun(read: Read): number {
  let longest = 0
  let run = 0
  for (let address = read.address; address < read.address + read.count; address++) {
    const used = read.signals.some(
      (one) => address >= one.address && address < one.address + sizeOf(one),
    )
    run = used ? 0 : run + 1
    longest = Math.max(longest, run)
  }
  return longest
}

/** Fewest requests by trying every way to cut the signals, in order of address, into runs. */
function fewest(signals: readonly Signal[], gapMax: number, countMax: number): number {
  const sorted = inOrder(signals)
  const best = [0]
  for (let last = 1; last <= sorted.length; last++) {
    let least = Number.POSITIVE_INFINITY
    for (let first = last; first >= 1; first--) {
      if (isOneRequest(sorted.slice(first - 1, last), gapMax, countMax)) {
        least = Math.min(least, (best[first - 1] ?? 0) + 1)
      }
    }
    best.push(least)
  }
  return best[sorted.length] ?? 0
}

/** Fewest requests by trying every way to share the signals out, whatever their order. */
function fewestGroups(
  [next, ...others]: readonly Signal[],
  groups: readonly (readonly Signal[])[],
  own: ReadLimits,
): number {
  if (next === undefined) {
    const possible = groups.every((one) => isOneRequest(inOrder(one), own.gapMax, own.registersMax))
    return possible ? groups.length : Number.POSITIVE_INFINITY
  }
  const ways = groups.map((group, place) =>
    fewestGroups(others, groups.with(place, [...group, next]), own),
  )
  return Math.min(fewestGroups(others, [...groups, [next]], own), ...ways)
}

const inOrder = (signals: readonly Signal[]): Signal[] =>
  [...signals].sort((one, other) => one.address - other.address)

function isOneRequest(run: readonly Signal[], gapMax: number, countMax: number): boolean {
  const start = run[0]?.address ?? 0
  let end = start
  for (const one of run) {
    if (one.address - end > gapMax) return false
    end = Math.max(end, one.address + sizeOf(one))
  }
  return end - start <= countMax
}
