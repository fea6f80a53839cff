import assert from 'node:assert/strict'
import { playPolicyShift } from './policy-shift.ts'

// Ten known shifts that reach what they must, and some random ones. SHIFTS and SECONDS make it a campaign; SEED plays one again.
const seed = process.env.SEED === undefined ? undefined : Number(process.env.SEED)
const shifts = Number(process.env.SHIFTS ?? 3)
const seconds = Number(process.env.SECONDS ?? 120)
const knownShifts = 6

describe('simulated shifts with policies: what the supervisor starts and confirms itself', () => {
  it('is only what the pair has asked for, and never twice without a person', function () {
    this.timeout(shifts * seconds * 300 + 60_000)
    const first = seed ?? Math.floor(Math.random() * 1e9)
    const count = seed === undefined ? shifts : 1
    console.log(`      seeds ${first} to ${first + count - 1}, ${seconds} s each`)
    console.log(`      reached: ${told(play(first, count))}`)
  })

  it('reaches what makes it worth something', function () {
    this.timeout(knownShifts * seconds * 300 + 60_000)
    const reached = play(1, knownShifts)
    console.log(`      seeds 1 to ${knownShifts} reached: ${told(reached)}`)
    for (const what of [
      'OPERATE without a person, assisted',
      'OPERATE without a person, planned',
      'second OPERATE without a person, after somebody looked',
      'way back proposed: operator',
      'way back proposed: immediate',
      'failback ended',
      'flapping flaps',
    ])
      assert.ok((reached[what] ?? 0) > 0, `no shift reached "${what}"`)
  })
})

function play(first: number, count: number): Record<string, number> {
  const reached: Record<string, number> = {}
  for (let at = first; at < first + count; at++) {
    try {
      for (const [what, times] of Object.entries(playPolicyShift(at, seconds).checker.reached))
        reached[what] = (reached[what] ?? 0) + times
    } catch (fault) {
      throw new Error(`seed ${at}: play it again with SEED=${at} SECONDS=${seconds}`, {
        cause: fault,
      })
    }
  }
  return reached
}

const told = (reached: Record<string, number>): string =>
  Object.entries(reached)
    .map(([what, times]) => `${what} ${times}`)
    .join(', ')
