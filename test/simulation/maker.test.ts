import assert from 'node:assert/strict'
import { makerPlant } from '../core/maker-plant.ts'
import { playShift } from './world.ts'

// As simulation.test.ts, for pairs that are switched by their maker's command: each variant of it has its own shifts. SHIFTS and
// SECONDS make it a campaign; SEED plays one shift of each variant again.
const seed = process.env.SEED === undefined ? undefined : Number(process.env.SEED)
const shifts = Number(process.env.SHIFTS ?? 4)
const seconds = Number(process.env.SECONDS ?? 60)
const variants = ['relative', 'absolute', 'pulse', 'coil', 'two-steps', 'assisted']

describe("simulated shifts of pairs that are switched by their maker's command", () => {
  it('never write twice for one confirmation, never without two persons, and end in working pairs', function () {
    this.timeout(variants.length * shifts * seconds * 200 + 60_000)
    const first = seed ?? Math.floor(Math.random() * 1e9)
    const count = seed === undefined ? shifts : 1
    console.log(`      seeds ${first} to ${first + count - 1} of each variant, ${seconds} s each`)
    console.log(`      reached: ${told(play(first, count))}`)
  })

  it('reach what makes them worth something', function () {
    this.timeout(variants.length * 5 * 60 * 200 + 60_000)
    const reached = play(1, 5, 60)
    console.log(`      seeds 1 to 5 of each variant reached: ${told(reached)}`)
    const wanted = [
      "maker's command",
      'confirmed',
      'restarted',
      'prepared planned',
      'outcome unknown',
    ]
    for (const what of [
      ...wanted,
      'outcome attested',
      'ended done',
      'ended stopped',
      'ended revoked',
    ]) {
      assert.ok((reached[what] ?? 0) > 0, `no shift reached "${what}"`)
    }
  })
})

function play(first: number, count: number, each = seconds): Record<string, number> {
  const reached: Record<string, number> = {}
  for (const [index, variant] of variants.entries()) {
    const plant = makerPlant([variant])
    for (let at = first; at < first + count; at++) {
      try {
        const { checker } = playShift(at + 1000 * index, each, undefined, plant)
        for (const [what, times] of Object.entries(checker.reached)) {
          reached[what] = (reached[what] ?? 0) + times
        }
      } catch (fault) {
        const again = `play it again with SEED=${at} SECONDS=${each}`
        throw new Error(`${variant}, seed ${at}: ${again}`, { cause: fault })
      }
    }
  }
  return reached
}

const told = (reached: Record<string, number>): string =>
  Object.entries(reached)
    .map(([what, times]) => `${what} ${times}`)
    .join(', ')
