import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  advance,
  outsideTest,
  shiftTest,
  thresholdFor,
  upperRate,
} from '../../../src/core/sync/cusum.ts'

describe('sums of evidence', () => {
  it('promise the years that were asked for: h for 1000 tags, once a second, 10 years, is 26.5', () => {
    assert.equal(thresholdFor(1000, 1, 10).toFixed(1), '26.5')
  })

  it('know how rare a thing may be that was never seen in 900 samples, and in a day', () => {
    assert.equal(upperRate(0, 900).toFixed(4), '0.0033')
    assert.equal((1e5 * upperRate(0, 86_400)).toFixed(1), '3.5')
  })

  it('never take a rate for smaller than the exact 95 % bound, and hardly for larger', () => {
    for (const samples of [100, 600, 900, 10_000]) {
      for (const share of [0, 0.001, 0.01, 0.05, 0.2]) {
        const hits = Math.round(share * samples)
        const ours = upperRate(hits, samples)
        const exact = exactUpper(hits, samples)
        const where = `${hits} of ${samples}: ${ours}, exact ${exact}`
        assert(ours >= exact - 1e-12, where)
        assert(ours <= exact * 1.1 + 1e-4, where)
      }
    }
  })

  it('never rise by a match, never sink below 0, and rise by a mismatch by no more than ln(p1/p0)', () => {
    const rate = fc.double({ min: 3e-5, max: 0.34, noNaN: true })
    const sum = fc.double({ min: 0, max: 40, noNaN: true })
    fc.assert(
      fc.property(rate, sum, fc.boolean(), (p0, before, shift) => {
        const test = shift ? shiftTest(p0) : outsideTest(p0)
        const matched = advance(before, test, false, 40)
        const missed = advance(before, test, true, 40)
        assert(matched <= before && matched >= 0)
        assert(missed >= before || missed === 40)
        assert(missed - before <= Math.log(1 / p0) + 1e-9 && missed <= 40)
      }),
      { seed: Number(process.env.SEED ?? 20_261_122) },
    )
  })

  it('raise no more false alarms than e^-h a sample', () => {
    const p0 = 0.02
    const h = 5
    const test = outsideTest(p0)
    const random = randomFrom(7)
    let sum = 0
    let alarms = 0
    const samples = 400_000
    for (let sample = 0; sample < samples; sample++) {
      sum = advance(sum, test, random() < p0, 100)
      if (sum > h) {
        alarms += 1
        sum = 0
      }
    }
    assert(alarms > 0, 'nothing was tested')
    assert(alarms <= samples * Math.exp(-h), `${alarms} alarms`)
  })
})

/** The rate at which so few hits or fewer have a chance of 5 %, by halving. */
function exactUpper(hits: number, samples: number): number {
  let low = hits / samples
  let high = 1
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2
    if (chanceOfAtMost(hits, samples, middle) > 0.05) low = middle
    else high = middle
  }
  return high
}

function chanceOfAtMost(hits: number, samples: number, rate: number): number {
  let logTerm = samples * Math.log1p(-rate)
  let sum = Math.exp(logTerm)
  for (let at = 1; at <= hits; at++) {
    logTerm += Math.log((samples - at + 1) / at) + Math.log(rate) - Math.log1p(-rate)
    sum += Math.exp(logTerm)
  }
  return sum
}

function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
