import assert from 'node:assert/strict'
import { playShift } from './world.ts'

// SHIFTS and SECONDS make it a campaign (npm run simulate); SEED plays one shift again.
const seed = process.env.SEED === undefined ? undefined : Number(process.env.SEED)
const shifts = Number(process.env.SHIFTS ?? 25)
const seconds = Number(process.env.SECONDS ?? 60)

describe('simulated shifts: random faults, orders, kills and stalls', () => {
  const reached: Record<string, number> = {}

  it('never make both units active by a command, never send unconfirmed, and end in working pairs', function () {
    this.timeout(shifts * seconds * 200 + 60_000)
    const first = seed ?? Math.floor(Math.random() * 1e9)
    const count = seed === undefined ? shifts : 1
    console.log(`      seeds ${first} to ${first + count - 1}, ${seconds} s each`)
    for (let at = first; at < first + count; at++) {
      try {
        const shift = playShift(at, seconds)
        for (const [what, times] of Object.entries(shift.checker.reached)) {
          reached[what] = (reached[what] ?? 0) + times
        }
      } catch (fault) {
        throw new Error(`seed ${at}: play it again with SEED=${at} SECONDS=${seconds}`, {
          cause: fault,
        })
      }
    }
    console.log(
      `      reached: ${Object.entries(reached)
        .map(([what, times]) => `${what} ${times}`)
        .join(', ')}`,
    )
  })

  it('reached what would make them worth something', function () {
    if (seed !== undefined) this.skip()
    for (const what of [
      'confirmed',
      'OPERATE',
      'ended done',
      'ended stopped',
      'ended revoked',
      'restarted',
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
