// Which requests read a device's signals.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Signal } from '../../src/core/plant.ts'
import {
  bitsMax,
  planReads,
  type Read,
  type ReadLimits,
  registersMax,
  sizeOf,
} from '../../src/field/modbus/plan.ts'
import { signal } from './devices.ts'

const limits = (gapMax: number): ReadLimits => ({ gapMax, registersMax, bitsMax })
const at = (address: number, type: Signal['type'] = 'uint16', words?: number): Signal =>
  signal({ key: `${type}@${address}`, address, type, ...(words === undefined ? {} : { words }) })
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
    const bits = [0, 1999, 2000].map((address) => signal({ area: 'di', address, type: 'bool' }))
    assert.deepEqual(shape(planReads(bits, limits(2000))), ['di 0+2000', 'di 2000+1'])
  })

  it('a signal that no request can carry is our own error', () => {
    assert.throws(() => planReads([at(0, 'words', 126)], limits(0)), /126 of 125/)
    assert.throws(() => planReads([at(65535, 'uint32')], limits(0)), /past address 65535/)
  })

  it('reads every signal exactly once, within the limits, in the fewest requests', () => {
    fc.assert(
      fc.property(fc.array(anySignal, { maxLength: 30 }), fc.integer({ min: 0, max: 20 }), check),
      { numRuns: 500 },
    )
  })
})

const anySignal: fc.Arbitrary<Signal> = fc
  .record({
    area: fc.constantFrom('hr', 'ir', 'co', 'di'),
    address: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 65000 })),
    type: fc.constantFrom('bool', 'bit', 'uint16', 'int32', 'float32', 'float64', 'words'),
    words: fc.integer({ min: 1, max: 125 }),
  } as const)
  .map((options) => signal(options))

function check(signals: readonly Signal[], gapMax: number): void {
  const reads = planReads(signals, limits(gapMax))
  const planned = reads.flatMap((read) => read.signals)
  assert.equal(planned.length, signals.length)
  assert.deepEqual(new Set(planned), new Set(signals))
  assert(reads.length <= signals.length)
  for (const read of reads) {
    assert(read.count >= 1 && read.count <= mostIn(read.area))
    for (const { area, address, ...rest } of read.signals) {
      assert.equal(area, read.area)
      const size = sizeOf({ area, address, ...rest })
      assert(address >= read.address && address + size <= read.address + read.count)
    }
    assert(unusedRun(read) <= gapMax)
  }
  for (const area of ['hr', 'ir', 'co', 'di'] as const) {
    const inArea = signals.filter((one) => one.area === area)
    const needed = fewest(inArea, gapMax, mostIn(area))
    assert.equal(reads.filter((read) => read.area === area).length, needed)
  }
}

const mostIn = (area: Signal['area']): number =>
  area === 'co' || area === 'di' ? bitsMax : registersMax

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
  const sorted = [...signals].sort((one, other) => one.address - other.address)
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

function isOneRequest(run: readonly Signal[], gapMax: number, countMax: number): boolean {
  const start = run[0]?.address ?? 0
  let end = start
  for (const one of run) {
    if (one.address - end > gapMax) return false
    end = Math.max(end, one.address + sizeOf(one))
  }
  return end - start <= countMax
}
