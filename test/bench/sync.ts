// `npm run bench:sync`: how often the comparison of two units raises a false alarm and how soon it finds a fault, beside naive
// comparison and N-of-M counting, over three networks and six kinds of tags, on fixed seeds. `--short` takes seconds.

import { Command } from 'commander'
import { measureCost } from './sync-cost.ts'
import { regimes } from './sync-polls.ts'
import { type Cell, type Cost, reportOf } from './sync-report.ts'
import { calibrationS, levels, methods, play } from './sync-run.ts'
import { faultsOf, kinds } from './sync-signals.ts'

const options = new Command('bench:sync')
  .option('--runs <number>', 'runs of an hour for each cell, 10 tags each', Number, 8)
  .option('--only <words>', 'only cells whose name contains this, such as "SKEW analog"', '')
  .option('--sound', 'only sound hours, no faults: for long campaigns on false alarms', false)
  .option('--short', 'one short run for each cell', false)
  .option('--json', 'print JSON', false)
  .parse()
  .opts<{ runs: number; only: string; sound: boolean; short: boolean; json: boolean }>()

const runs = options.short ? 1 : options.runs
const tags = options.short ? 4 : 10
const soundS = options.short ? 900 : 2700

const cells: Cell[] = regimes.flatMap((regime, row) =>
  kinds
    .filter((kind) => `${regime} ${kind}`.includes(options.only))
    .map((kind) => {
      if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${regime} ${kind}`)
      const common = { regime, kind, tags }
      const seed = (run: number, salt: number): number => 1_000_000 * (row + 1) + 1000 * salt + run
      const alarms = methods.map(() => 0)
      const above = levels.map(() => 0)
      let samples = 0
      for (let run = 0; run < runs; run++) {
        const result = play({ ...common, seconds: calibrationS + soundS, seed: seed(run, 0) })
        for (const [method, count] of result.alarms.entries()) {
          alarms[method] = (alarms[method] ?? 0) + count
        }
        samples += result.samples
        for (const [at, count] of result.above.entries()) above[at] = (above[at] ?? 0) + count
      }
      const faults = (options.sound ? [] : faultsOf[kind]).map((fault, salt) => ({
        name: fault.name,
        firstMs: Array.from({ length: runs }, (_, run) => {
          const length = { ...common, seconds: calibrationS + 320, seed: seed(run, salt + 1) }
          return play({ ...length, fault }).firstMs
        }).flat(),
      }))
      const tagHours = (runs * tags * soundS) / 3600
      const aboveShare = above.map((count) => count / samples)
      return { regime, kind, tagHours, alarms, aboveShare, faults }
    }),
)
const cost: Cost = measureCost(options.short ? 1 : 5)
if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
process.stdout.write(
  options.json ? `${JSON.stringify({ methods, cells, cost })}\n` : reportOf(cells, cost),
)
