// `npm run bench:sync`: how often the comparison of two units raises a false alarm and how soon it finds a fault, beside naive
// comparison and N-of-M counting, over three networks and six kinds of tags, on fixed seeds. `--short` takes seconds.

import { Command } from 'commander'
import { measureCost } from './sync-cost.ts'
import { type Regime, regimes } from './sync-polls.ts'
import { type Cell, type Cost, reportOf } from './sync-report.ts'
import { calibrationS, levels, methods, play } from './sync-run.ts'
import { faultsOf, type Kind, kinds } from './sync-signals.ts'

const options = new Command('bench:sync')
  .option('--runs <number>', 'runs for each cell, 10 tags each', Number, 8)
  .option('--first <number>', 'number of the first run, which makes its seed', Number, 0)
  .option('--seconds <number>', 'sound seconds of a run that are judged', Number, 2700)
  .option('--only <words>', 'only cells whose name contains this, such as "SKEW analog"', '')
  .option('--cell <words>', 'only the cell of exactly this name', '')
  .option('--sound', 'only sound hours and only our method: for long campaigns', false)
  .option('--short', 'one short run for each cell', false)
  .option('--json', 'print JSON', false)
  .parse()
  .opts<{
    runs: number
    first: number
    seconds: number
    only: string
    cell: string
    sound: boolean
    short: boolean
    json: boolean
  }>()

const runs = options.short ? 1 : options.runs
const tags = options.short ? 4 : 10
const soundS = options.short ? 900 : options.seconds
const isWanted = (name: string): boolean =>
  options.cell === '' ? name.includes(options.only) : name === options.cell

const cells: Cell[] = regimes.flatMap((regime, row) =>
  kinds.filter((kind) => isWanted(`${regime} ${kind}`)).map((kind) => cellOf(regime, row, kind)),
)

function cellOf(regime: Regime, row: number, kind: Kind): Cell {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${regime} ${kind}`)
  const common = { regime, kind, tags }
  const numbers = Array.from({ length: runs }, (_, run) => options.first + run)
  const seed = (run: number, salt: number): number => 1_000_000 * (row + 1) + 10_000 * salt + run
  const alarms = methods.map(() => 0)
  const above = levels.map(() => 0)
  let samples = 0
  for (const run of numbers) {
    const seconds = calibrationS + soundS
    const result = play({ ...common, seconds, seed: seed(run, 0), alone: options.sound })
    for (const [method, count] of result.alarms.entries()) {
      alarms[method] = (alarms[method] ?? 0) + count
    }
    samples += result.samples
    for (const [at, count] of result.above.entries()) above[at] = (above[at] ?? 0) + count
  }
  const faults = (options.sound ? [] : faultsOf[kind]).map((fault, salt) => ({
    name: fault.name,
    firstMs: numbers.flatMap((run) => {
      const seconds = calibrationS + 700
      return play({ ...common, seconds, seed: seed(run, salt + 1), fault }).firstMs
    }),
  }))
  const tagHours = (runs * tags * soundS) / 3600
  return { regime, kind, tagHours, alarms, aboveShare: above.map((n) => n / samples), faults }
}

const cost: Cost = options.sound ? { compareNs: 0, wholeNs: 0 } : measureCost(options.short ? 1 : 5)
if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
process.stdout.write(
  options.json ? `${JSON.stringify({ methods, cells, cost })}\n` : reportOf(cells, cost),
)
