// The digests of docs/protocols.md section 10, bound to three programs that share no code: the Structured Text of config/plc, the
// practice plant and the supervisor's reader. Every vector of the page goes through all of them that can make or read it.

import assert from 'node:assert/strict'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { digestBlockWords, newDataBlock, pageOfLeaves } from '../../plc-sim/data-block.ts'
import { decodeDigestBlock, decodeDigestPage } from '../../src/core/sync/digest-block.ts'
import { vector } from '../protocol-vectors.ts'
import { StUnit } from './st-unit.ts'

const ofPage = (count: number): number[] =>
  Array.from({ length: count }, (_, at) => (at * 40_503 + 12_345) % 65_536)
const data = ofPage(130)
const before = [...data.slice(0, 129), 0]
const joined = (words: readonly number[]): number => (words[0] ?? 0) * 65_536 + (words[1] ?? 0)

/** A digest as the practice plant holds it. */
const digest = (words: readonly number[], origin: number, start: number, scan: number) => ({
  key: { origin, start, scan },
  words: Uint16Array.from(words),
  readyAt: 0,
  leaves: undefined,
})

type Inputs = Readonly<Record<string, number>>

/** A controller that runs the digest block, far enough on that the digest of `inputs` is ready. */
function digested(unit: StUnit, words: readonly number[], inputs: Inputs): StUnit {
  unit.write('DATA', [...words, ...new Array<number>(1024 - words.length).fill(0)])
  unit.set({ EVERY: 64, WORDSPERSCAN: 16, FIRSTSCAN: 0, WORDCOUNT: words.length, ...inputs })
  unit.run()
  for (let scans = 0; unit.get('WORKING') === 1; scans++) {
    assert.ok(scans < 100, 'never ready')
    unit.run()
  }
  return unit
}
const newUnit = (): StUnit => new StUnit('BUMPLESS_DIGEST')

describe('The digests of the data', () => {
  it('are leaves as on the page, in the Structured Text', () => {
    const unit = digested(newUnit(), data, { ORIGIN: 31, START: 2, SCANNUMBER: 6400 })
    const leaves = unit.read('PAGE').slice(6)
    assert.deepEqual(leaves.slice(0, 6), [...vector('L1'), ...vector('L2'), ...vector('L3')])
    const other = digested(newUnit(), before, { ORIGIN: 31, START: 2, SCANNUMBER: 6336 })
    assert.deepEqual(other.read('PAGE').slice(10, 12), vector('L4'))
  })

  it('are vectors D1 and P1 in the Structured Text, over as many scans as they take', () => {
    const unit = digested(newUnit(), before, { ORIGIN: 31, START: 2, SCANNUMBER: 6336 })
    digested(unit, data, { SCANNUMBER: 6400 })
    assert.deepEqual(unit.read('DIGEST'), vector('D1'))
    assert.deepEqual(unit.read('PAGE'), vector('P1'))
  })

  it('are vector D2 in the Structured Text, just before the scan number wraps', () => {
    const unit = digested(newUnit(), [0], { ORIGIN: 32, START: 65_535, SCANNUMBER: 4_294_967_232 })
    assert.deepEqual(unit.read('DIGEST'), vector('D2'))
  })

  it('are vectors D1 to D3, P1 and P2 in the practice plant', () => {
    const own = newDataBlock()
    own.newest = digest(data, 31, 2, 6400)
    own.before = digest(before, 31, 2, 6336)
    assert.deepEqual(digestBlockWords(own), vector('D1'))
    assert.deepEqual(pageOfLeaves(own), vector('P1'))
    own.newest = digest([0], 32, 65_535, 4_294_967_232)
    own.before = undefined
    assert.deepEqual(digestBlockWords(own), vector('D2'))
    own.newest = digest(ofPage(4096), 31, 2, 0)
    assert.deepEqual(digestBlockWords(own), vector('D3'))
    assert.deepEqual(pageOfLeaves(own, 32), vector('P2'))
  })

  it('are read by the supervisor as the page means them', () => {
    const root = 0xc0de38c4
    assert.deepEqual(decodeDigestBlock(vector('D1')), {
      words: 130,
      newest: { origin: 31, start: 2, scan: 6400, root },
      before: { origin: 31, start: 2, scan: 6336, root: 0xb7417a09 },
    })
    const first = decodeDigestBlock(vector('D2'))
    assert.ok(typeof first === 'object')
    assert.deepEqual(first.before, first.newest)
    assert.equal(first.newest.scan, 4_294_967_232)
    const leaves = decodeDigestPage(vector('P1'))
    assert.ok(typeof leaves === 'object')
    assert.deepEqual([leaves.first, leaves.origin, leaves.start, leaves.scan], [0, 31, 2, 6400])
    assert.deepEqual(leaves.leaves.slice(0, 4), [
      joined(vector('L1')),
      joined(vector('L2')),
      joined(vector('L3')),
      0,
    ])
    const second = decodeDigestPage(vector('P2'))
    assert.ok(typeof second === 'object')
    assert.equal(second.first, 32)
  })

  it('are thrown away by the supervisor when any single bit is wrong', () => {
    for (const [name, decode] of [
      ['D1', decodeDigestBlock],
      ['P1', decodeDigestPage],
    ] as const) {
      const words = vector(name)
      for (let bit = 0; bit < words.length * 16; bit++) {
        const torn = words.map((word, at) => (at === bit >> 4 ? word ^ (1 << (bit & 15)) : word))
        assert.equal(typeof decode(torn), 'string', `${name} bit ${bit}`)
      }
    }
  })

  it('are the same in the Structured Text and in the practice plant for any data and any key', () => {
    const seed = Number(process.env.SEED ?? Date.now() & 0xffffff)
    const words = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 1, maxLength: 300 })
    const key = fc.tuple(
      fc.integer({ min: 1, max: 0xffff }),
      fc.integer({ min: 0, max: 0xffff }),
      fc.integer({ min: 0, max: 0x3ff_ffff }),
    )
    fc.assert(
      fc.property(words, key, (some, [origin, start, block]) => {
        const scan = block * 64
        const unit = digested(newUnit(), some, { ORIGIN: origin, START: start, SCANNUMBER: scan })
        const own = newDataBlock()
        own.newest = digest(some, origin, start, scan)
        assert.deepEqual(unit.read('DIGEST'), digestBlockWords(own))
        assert.deepEqual(unit.read('PAGE'), pageOfLeaves(own))
      }),
      { seed, numRuns: 15 },
    )
  })
})

describe('The digest block in the controller', () => {
  it('does the same bounded work in each scan, and shows nothing of a digest before it is whole', () => {
    const unit = digested(newUnit(), data, { ORIGIN: 31, START: 2, SCANNUMBER: 64 })
    const shown = unit.read('DIGEST')
    unit.set({ SCANNUMBER: 128 })
    // 130 words, 5 + 6 words of the root and 70 words of the page, 16 in each scan.
    const scans = Math.ceil((130 + 11 + 70) / 16)
    for (let scan = 1; scan < scans; scan++) {
      unit.run()
      assert.deepEqual(unit.read('DIGEST'), shown, `scan ${scan}`)
    }
    unit.run()
    assert.equal(unit.read('DIGEST')[5], 128)
  })

  it('works on the data of the scan that was due, whatever comes meanwhile', () => {
    const unit = newUnit()
    unit.write('DATA', [...data, ...new Array<number>(894).fill(0)])
    unit.set({ EVERY: 64, WORDSPERSCAN: 1, FIRSTSCAN: 0, WORDCOUNT: 130 })
    unit.set({ ORIGIN: 31, START: 2, SCANNUMBER: 6400 })
    unit.run()
    unit.write('DATA', new Array<number>(1024).fill(0xffff))
    for (let scan = 6401; unit.get('WORKING') === 1; scan++) {
      unit.set({ SCANNUMBER: scan })
      unit.run()
    }
    assert.deepEqual(unit.read('DIGEST').slice(0, 8), vector('D1').slice(0, 8))
  })

  it('begins no digest of a scan that is not due, of one that it has made, or of no data', () => {
    const unit = digested(newUnit(), data, { ORIGIN: 31, START: 2, SCANNUMBER: 64 })
    const shown = unit.read('DIGEST')
    for (const inputs of [{ SCANNUMBER: 64 }, { SCANNUMBER: 65 }, { SCANNUMBER: 128, ORIGIN: 0 }]) {
      unit.set(inputs)
      unit.run()
      assert.equal(unit.get('WORKING'), 0)
      assert.deepEqual(unit.read('DIGEST'), shown)
    }
  })

  it('says before its first digest that it has received nothing', () => {
    const unit = newUnit()
    unit.set({ EVERY: 64, WORDSPERSCAN: 16, FIRSTSCAN: 1, WORDCOUNT: 130, ORIGIN: 0 })
    unit.run()
    assert.equal(decodeDigestBlock(unit.read('DIGEST')), 'no data received yet')
  })

  it('makes no digests when its settings are impossible, and says so', () => {
    for (const wrong of [{ WORDCOUNT: 0 }, { WORDCOUNT: 1025 }, { EVERY: 0 }]) {
      const unit = newUnit()
      unit.set({ EVERY: 64, WORDSPERSCAN: 16, FIRSTSCAN: 1, WORDCOUNT: 130, ORIGIN: 31, ...wrong })
      unit.run()
      assert.equal(decodeDigestBlock(unit.read('DIGEST')), 'the program makes no digests')
    }
  })

  it('forgets at a start what another life has made', () => {
    const unit = digested(newUnit(), data, { ORIGIN: 31, START: 2, SCANNUMBER: 64 })
    unit.set({ FIRSTSCAN: 1, ORIGIN: 0 })
    unit.run()
    assert.equal(decodeDigestBlock(unit.read('DIGEST')), 'no data received yet')
    digested(unit, data, { ORIGIN: 31, START: 3, SCANNUMBER: 64 })
    const words = unit.read('DIGEST')
    assert.deepEqual(words.slice(4, 8), words.slice(8, 12))
  })

  it('has the checksum of zlib, word for word', () => {
    const unit = new StUnit('BUMPLESS_CRC_NEXT')
    let crc = 0xffff_ffff
    for (const word of data) {
      unit.set({ BEFORE: crc, NEXTWORD: word })
      unit.run()
      crc = unit.get('BUMPLESS_CRC_NEXT')
    }
    const bytes = Buffer.alloc(260)
    for (const [at, word] of data.entries()) bytes.writeUInt16BE(word, 2 * at)
    assert.equal((crc ^ 0xffff_ffff) >>> 0, crc32(bytes))
  })
})
