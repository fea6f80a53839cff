import assert from 'node:assert/strict'
import { playShift } from './world.ts'

// The known shifts are the same in every run and reach what they must; the random ones look for news. SHIFTS and SECONDS make it a
// campaign (npm run simulate); SEED plays one shift again.
const seed = process.env.SEED === undefined ? undefined : Number(process.env.SEED)
const shifts = Number(process.env.SHIFTS ?? 10)
const seconds = Number(process.env.SECONDS ?? 60)
const knownShifts = 15

describe('simulated shifts: random faults, orders, kills and stalls', () => {
  it('never make both units active by a command, never send unconfirmed, and end in working pairs', function () {
    this.timeout(shifts * seconds * 200 + 60_000)
    const first = seed ?? Math.floor(Math.random() * 1e9)
    const count = seed === undefined ? shifts : 1
    console.log(`      seeds ${first} to ${first + count - 1}, ${seconds} s each`)
    console.log(`      reached: ${told(play(first, count))}`)
  })

  it('reach what makes them worth something', function () {
    this.timeout(knownShifts * 60 * 200 + 60_000)
    const reached = play(1, knownShifts, 60)
    console.log(`      seeds 1 to ${knownShifts} reached: ${told(reached)}`)
    const wanted = ['confirmed', 'OPERATE', 'restarted', 'prepared planned', 'prepared recovery']
    for (const what of [
      ...wanted,
      'ended done',
      'ended stopped',
      'ended revoked',
      'ended aborted',
    ]) {
      assert.ok((reached[what] ?? 0) > 0, `no shift reached "${what}"`)
    }
  })

  it('are the same again for the same seed', () => {
    const one = playShift(7, 20).rig.records.map((record) => record.text)
    const other = playShift(7, 20).rig.records.map((record) => record.text)
    assert.deepEqual(one, other)
  })
})

function play(first: number, count: number, each = seconds): Record<string, number> {
  const reached: Record<string, number> = {}
  for (let at = first; at < first + count; at++) {
    try {
      for (const [what, times] of Object.entries(playShift(at, each).checker.reached)) {
        reached[what] = (reached[what] ?? 0) + times
      }
    } catch (fault) {
      throw new Error(`seed ${at}: play it again with SEED=${at} SECONDS=${each}`, { cause: fault })
    }
  }
  return reached
}

const told = (reached: Record<string, number>): string =>
  Object.entries(reached)
    .map(([what, times]) => `${what} ${times}`)
    .join(', ')
