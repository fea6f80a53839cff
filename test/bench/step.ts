// `npm run bench:step`: what one cycle of the core costs on plants of 100, 300 and 1,000 pairs with 100 tags each: when every pair is
// read in the same cycle, which is the worst, and with the readings spread over the scan period as pollers spread them. `--short`
// takes seconds. Where the time goes: `npx node --cpu-prof test/bench/step.ts`.

import { createHash } from 'node:crypto'
import { Command } from 'commander'
import type { Input, JournalRecord } from '../../src/core/cycle.ts'
import type { Plant } from '../../src/core/plant.ts'
import { rebuild } from '../../src/core/rebuild.ts'
import type { State } from '../../src/core/state.ts'
import { step } from '../../src/core/step.ts'
import { ruleText, tagRules } from '../../src/core/sync/classes.ts'
import { fieldOf, plantOf } from './step-plant.ts'
import { type Row, reportOf } from './step-report.ts'

const options = new Command('bench:step')
  .option('--pairs <list>', 'sizes of the plant', '100,300,1000')
  .option('--tags <number>', 'tags of each pair', Number, 100)
  .option('--scans <number>', 'scan periods that are measured', Number, 30)
  .option('--short', 'small plants, few scans', false)
  .option('--json', 'print JSON', false)
  .parse()
  .opts<{ pairs: string; tags: number; scans: number; short: boolean; json: boolean }>()

const cycleMs = 100
const sizes = options.short ? [10, 30] : options.pairs.split(',').map(Number)
const scans = options.short ? 5 : options.scans
/** Compiled and settled by then: the first scans are not counted. */
const warmMs = (scanMs: number): number => Math.max(8000, (options.short ? 12 : 20) * scanMs)

const start = { owner: 0x4d2a, nowMs: 0, wallMs: Date.UTC(2026, 10, 22, 8), version: 'bench' }

type Play = { readonly pairs: number; readonly scanMs: number; readonly spread: boolean }

function measure({ pairs, scanMs, spread }: Play): Row {
  const plant = plantOf(pairs, options.tags, scanMs)
  const field = fieldOf(plant)
  const slots = spread ? scanMs / cycleMs : 1
  const groups = Array.from({ length: slots }, (_, slot) =>
    plant.pairs.filter((_, index) => index % slots === slot),
  )
  let state: State = rebuild(plant, learnedOf(plant, scanMs), start)
  const times: number[] = []
  const sampled: number[] = []
  const busy: number[] = []
  let ready = 0
  let before = 0
  const words = createHash('sha256')
  const warm = warmMs(scanMs)
  const cycles = (warm + scans * scanMs) / cycleMs
  for (let cycle = 1; cycle <= cycles; cycle++) {
    const nowMs = cycle * cycleMs
    const group = groups[cycle % (scanMs / cycleMs)] ?? []
    if (group.length > 0) field.poll(group, nowMs)
    const input = inputOf(cycle, nowMs, field.take())
    const beganUs = busyUs()
    const beganMs = performance.now()
    const { state: next, output } = step(state, input, plant)
    const tookMs = performance.now() - beganMs
    const tookUs = busyUs() - beganUs
    state = next
    ready = output.view.pairs.filter((pair) => pair.ready).length
    if (cycle === cycles && ready === 0)
      console.log(output.view.pairs[0]?.sentence, output.view.pairs[0]?.obstacles)
    for (const pair of output.view.pairs) words.update(pair.sentence)
    if (nowMs === warm) before = comparedIn(state)
    if (nowMs <= warm) continue
    times.push(tookMs)
    busy.push(tookUs / 1000)
    if (group.length > 0) sampled.push(tookUs / 1000)
  }
  const comparisons = comparedIn(state) - before
  const compared = comparisons * options.tags
  const digest = words.digest('hex').slice(0, 16)
  const common = { pairs, tags: options.tags, scanMs, spread, scans }
  return { ...common, times, busy, sampled, compared, ready, digest }
}

const comparedIn = ({ pairs }: State): number =>
  Object.values(pairs).reduce((sum, { sync }) => sum + sync.compared, 0)

/** Time of this thread on a processor: what others do on the machine does not count. */
function busyUs(): number {
  const { user, system } = process.threadCpuUsage()
  return user + system
}

const inputOf = (cycle: number, nowMs: number, image: Input['image']): Input => ({
  cycle,
  nowMs,
  wallMs: start.wallMs + nowMs,
  lateMs: 0,
  image,
  writes: [],
  orders: [],
  lease: { held: true, holder: 'this supervisor' },
  journal: { durable: 1_000_000 },
  audits: [],
})

/** What a plant has learned that runs for a day, so that all tests of moving values are at work. */
function learnedOf(plant: Plant, scanMs: number): readonly JournalRecord[] {
  const numbers = [300, 0, 4, 3, 3, 86_400, 40, 9000, 9000, 20]
  return plant.pairs.map((pair, index): JournalRecord => {
    const rules = tagRules(pair).map((rule) => [
      rule.name,
      { rule: ruleText(rule, scanMs), numbers },
    ])
    const { wallMs, nowMs } = start
    const common = { seq: index + 1, kind: 'calibration', wallMs, nowMs } as const
    return {
      ...common,
      actor: 'bench',
      pair: pair.name,
      text: '',
      data: { tags: Object.fromEntries(rules) },
    }
  })
}

const plays: Play[] = [
  ...sizes.map((pairs) => ({ pairs, scanMs: 1000, spread: false })),
  ...sizes.map((pairs) => ({ pairs, scanMs: 1000, spread: true })),
  ...sizes.map((pairs) => ({ pairs, scanMs: 200, spread: true })),
]
const rows = plays.map((play) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${play.pairs} pairs`)
  return measure(play)
})
if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
process.stdout.write(options.json ? `${JSON.stringify(rows)}\n` : reportOf(rows))
