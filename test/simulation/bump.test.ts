import assert from 'node:assert/strict'
import { breakIt } from '../core/rig.ts'
import { limits, newBumpPlant } from './bump-plant.ts'
import { confirmAndJudge, type Judged, leftAlone, pass, propose } from './bump-run.ts'

// 100 switchovers in each run, the same ones; SWITCHOVERS makes it a campaign (npm run campaign:bump), SEED begins elsewhere.
const switchovers = Number(process.env.SWITCHOVERS ?? 100)
const first = Number(process.env.SEED ?? 1)
const eachPlant = 5
/** For each switchover one process that is left alone for good. */
const alone = Math.ceil(switchovers / 4)

describe('what is foretold of a switchover, against the truth of the practice plant', () => {
  it('holds: 85 to 95 % of the bumps lie in the interval that says 90 %, and it is no wider than it must be', function () {
    this.timeout(switchovers * 5000 + 60_000)
    const judged: Judged[] = []
    for (let seed = first; judged.length < 4 * switchovers; seed++) judged.push(...series(seed))
    console.log(`      ${judged.length / 4} switchovers, seeds from ${first}`)
    for (const what of new Set(judged.map((one) => one.what))) {
      const mine = judged.filter((one) => one.what === what)
      const { hitsPct, text } = coverage(mine)
      console.log(`      ${what.padEnd(19)} ${text}`)
      // Few switchovers leave room for chance: twice the spread of the share itself.
      const room = 100 * Math.sqrt((0.9 * 0.1) / mine.length)
      assert.ok(hitsPct >= 85 - room && hitsPct <= 95 + room, `${what}: ${text}`)
      const width = median(mine.map(({ low, high }) => high - low))
      assert.ok(width <= 2.5 * median(mine.map(({ actual }) => actual)), `${what}: ${text}`)
    }
    const all = coverage(judged)
    console.log(`      together            ${all.text}`)
    assert.ok(all.hitsPct >= 85 && all.hitsPct <= 95, all.text)
  })

  it('holds: a process that nobody takes over never leaves its limits before the time budget ends', function () {
    this.timeout(alone * 5000 + 60_000)
    const ratios: number[] = []
    for (let seed = first; seed < first + alone; seed++) {
      const plant = newBumpPlant(seed)
      pass(plant, 15_000 + 10_000 * plant.random())
      const budgetMs = propose(plant).budget?.ms
      assert.ok(budgetMs !== undefined && budgetMs > 0, `seed ${seed}: no budget`)
      breakIt(plant.rig, 'intake', 'none_primary', { hold: true })
      const leftMs = leftAlone(plant, 120_000)
      assert.ok(leftMs !== undefined, `seed ${seed}: it never left its limits`)
      assert.ok(leftMs >= budgetMs, `seed ${seed}: left after ${leftMs} ms, budget ${budgetMs} ms`)
      ratios.push(leftMs / budgetMs)
    }
    const [least = 0] = ratios.toSorted((one, other) => one - other)
    console.log(
      `      ${ratios.length} processes left alone: out of ${limits.low} to ${limits.high} % after ` +
        `${least.toFixed(2)} budgets at the soonest, ${median(ratios).toFixed(2)} in the middle`,
    )
  })
})

/** Some switchovers of one pair, to and fro; none of them may bring the process out of its limits. */
function series(seed: number): readonly Judged[] {
  const plant = newBumpPlant(seed)
  const { rig, truth } = plant
  pass(plant, 25_000)
  const judged: Judged[] = []
  for (let count = 0; count < eachPlant; count++) {
    const evidence = propose(plant)
    assert.ok(evidence.budget?.ms !== undefined, `seed ${seed}: no budget`)
    judged.push(...confirmAndJudge(plant))
    const out = truth.find(({ tankPct }) => tankPct > limits.high || tankPct < limits.low)
    assert.equal(out, undefined, `seed ${seed}: a switchover within its budget left the limits`)
    rig.seen.splice(0, rig.seen.length - 1)
    truth.splice(0)
    pass(plant, 3000)
  }
  assert.equal(judged.length, 4 * eachPlant, `seed ${seed}: a tag was not foretold or not measured`)
  return judged
}

function coverage(judged: readonly Judged[]): { readonly hitsPct: number; readonly text: string } {
  const share = (holds: (one: Judged) => boolean): number =>
    (100 * judged.filter(holds).length) / judged.length
  const hitsPct = share(({ low, high, actual }) => actual >= low && actual <= high)
  const below = share(({ low, actual }) => actual < low).toFixed(1)
  const above = share(({ high, actual }) => actual > high).toFixed(1)
  const width = median(judged.map(({ low, high }) => high - low)).toFixed(3)
  const typical = median(judged.map(({ actual }) => actual)).toFixed(3)
  const off = median(judged.map(({ reported, actual }) => Math.abs(reported - actual))).toFixed(3)
  const text =
    `${hitsPct.toFixed(1)} % inside, ${below} % below, ${above} % above; median width ${width}, ` +
    `median bump ${typical}, report off by ${off}`
  return { hitsPct, text }
}

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN
