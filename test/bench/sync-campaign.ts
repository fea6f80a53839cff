// `npm run campaign:sync`: sound tags only, for as many tag-hours as asked, in every cell of the benchmark, on fixed seeds. Says how often
// the comparison raised a false alarm, and below which rate the true one lies (95 %). Two processes; a line for each piece.

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { Command } from 'commander'
import { upperRate } from '../../src/core/sync/cusum.ts'
import { regimes } from './sync-polls.ts'
import type { Cell } from './sync-report.ts'
import { methods } from './sync-run.ts'
import { kinds } from './sync-signals.ts'

const options = new Command('campaign:sync')
  .option('--hours <number>', 'tag-hours, all cells together', Number, 100_000)
  .option('--workers <number>', 'processes', Number, 2)
  .parse()
  .opts<{ hours: number; workers: number }>()

/** A piece: so many runs of 10 tags, of which so long is judged. */
const runs = 8
const seconds = 4 * 3600
const hoursOfPiece = (runs * 10 * seconds) / 3600

type Tally = { hours: number; at12: number; at16: number }
const names = regimes.flatMap((regime) => kinds.map((kind) => `${regime} ${kind}`))
const tallies = new Map<string, Tally>(names.map((name) => [name, { hours: 0, at12: 0, at16: 0 }]))
const pieces = Math.ceil(options.hours / names.length / hoursOfPiece)
const jobs = Array.from({ length: pieces }, (_, piece) =>
  names.map((name) => ({ name, first: 1000 + piece * runs })),
).flat()

async function work(): Promise<void> {
  for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
    const script = new URL('sync.ts', import.meta.url).pathname
    const words = ['--sound', '--json', '--cell', job.name, '--first', String(job.first)]
    const sizes = ['--runs', String(runs), '--seconds', String(seconds)]
    const run = promisify(execFile)(process.execPath, [script, ...words, ...sizes])
    const { cells } = JSON.parse((await run).stdout) as { readonly cells: readonly Cell[] }
    for (const cell of cells) take(job.name, cell)
  }
}

function take(name: string, { tagHours, alarms }: Cell): void {
  const tally = tallies.get(name)
  if (tally === undefined) return
  tally.hours += tagHours
  tally.at12 += alarms[methods.indexOf('h=12')] ?? 0
  tally.at16 += alarms[methods.indexOf('h=16')] ?? 0
  process.stdout.write(`${lineOf(name, tally)}\n`)
}

const lineOf = (name: string, { hours, at12, at16 }: Tally): string =>
  `${name.padEnd(24)} ${hours.toFixed(0).padStart(6)} tag-hours; ` +
  `h=12: ${at12} false alarms, ${rateText(at12, hours)}; h=16: ${at16}, ${rateText(at16, hours)}`

/** The bound is that of rare events; samples of one second are many enough to count as such. */
const rateText = (count: number, hours: number): string =>
  `${(count / hours).toFixed(5)} a tag-hour (below ${(3600 * upperRate(count, 3600 * hours)).toFixed(5)})`

await Promise.all(Array.from({ length: options.workers }, work))
const all = [...tallies.values()]
const total = {
  hours: all.reduce((sum, one) => sum + one.hours, 0),
  at12: all.reduce((sum, one) => sum + one.at12, 0),
  at16: all.reduce((sum, one) => sum + one.at16, 0),
}
process.stdout.write(`\n${[...tallies].map(([name, tally]) => lineOf(name, tally)).join('\n')}\n`)
process.stdout.write(`${lineOf('all', total)}\n`)
