// How many readings it takes until a wrong word is found and named, for every position of the fault between two readings, and for
// words that are no tag. The practice plant says when the fault was there.

import assert from 'node:assert/strict'
import { breakIt, cycle, mendIt, newRig, pairOf, type Rig, run, runUntil } from '../rig.ts'

const scanMs = 200
const verdict = (rig: Rig) => pairOf(rig, 'dosing').sync.verdict
const sentence = (rig: Rig) => pairOf(rig, 'dosing').sync.sentence

/** Readings of both units after one moment, up to another. */
const readings = (fromMs: number, toMs: number): number =>
  Math.floor(toMs / scanMs) - Math.floor(fromMs / scanMs)

describe('A word that is no tag and differs on the standby', () => {
  it('is found within two readings and named with the next one, wherever the fault falls', () => {
    const rig = newRig()
    runUntil(rig, () => rig.nowMs > 0 && rig.seen.length > 1 && verdict(rig) === 'in sync')
    const found: number[] = []
    for (let phaseMs = 0; phaseMs < scanMs; phaseMs += 10) {
      runUntil(rig, () => verdict(rig) === 'in sync' && rig.nowMs % scanMs === 0)
      const word = 16 + ((phaseMs * 37) % 1008)
      const armedMs = rig.nowMs + phaseMs
      const fault = breakIt(rig, 'dosing.B', 'data_differs', { word, by: 1, after_ms: phaseMs })
      runUntil(rig, () => verdict(rig) === 'different', 2000)
      found.push(readings(armedMs, rig.nowMs))
      const foundMs = rig.nowMs
      const from = word - (word % 64)
      const name = `words ${from} to ${from + 63}`
      runUntil(rig, () => sentence(rig).includes(name), 2000)
      assert.equal(readings(foundMs, rig.nowMs), 1, `word ${word} named`)
      mendIt(rig, fault)
      run(rig, 2 * scanMs)
      cycle(rig)
    }
    assert.equal(found.length, 20)
    assert.ok(Math.max(...found) <= 2, `readings until found: ${found.join(' ')}`)
    if (process.env.PRINT) console.log(`readings until found: ${found.join(' ')}`)
  })
})
