// `npm run bench:poll`: what a poll of 125 registers costs with our driver, with modbus-serial and jsmodbus as they are shipped,
// and with a bare socket, side by side in one run; then how punctual 200 units are polled every 100 ms. Rounds of all clients
// take turns and the medians are compared, since the machine is never the same twice. Figures that matter are the ratios.

import assert from 'node:assert/strict'
import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'
import { Command, InvalidArgumentError } from 'commander'
import { type ClientName, clients } from './clients.ts'
import type { Ports } from './exchange.ts'
import type { Paced } from './paced.ts'
import { type Bench, type Figures, goalsOf, type Row, textOf } from './report.ts'
import type { Saturated } from './saturate.ts'

const { rounds, seconds, connections, units, json } = options()
const server = await startServer()
const bench = await run(server.ports)
server.end()
process.stdout.write(json ? `${JSON.stringify(bench, null, 2)}\n` : textOf(bench))

async function run(ports: Ports): Promise<Bench> {
  const rows: Row[] = []
  for (const count of connections) {
    const results = await saturateInTurns(count, ports)
    for (const [client, runs] of results) {
      rows.push({
        client,
        connections: count,
        cpuUsPerPoll: median(runs.map((one) => one.cpuUsPerPoll)),
        pollsPerSecond: median(runs.map((one) => one.pollsPerSecond)),
        wrong: runs.reduce((sum, one) => sum + one.wrong, 0),
      })
    }
  }
  const figures = { rounds, seconds, units, rows, ...(await paceInTurns(ports)) }
  return { ...figures, goals: goalsOf(figures) }
}

async function saturateInTurns(count: number, ports: Ports): Promise<Map<ClientName, Saturated[]>> {
  const results = new Map<ClientName, Saturated[]>()
  const names = Object.keys(clients) as ClientName[]
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      progress(`${count} connections, round ${round + 1} of ${rounds}: ${name}`)
      const args = [name, String(count), String(seconds), JSON.stringify(ports)]
      const result = await runScript<Saturated>(pinned(0), 'saturate.ts', args)
      results.set(name, [...(results.get(name) ?? []), result])
    }
  }
  return results
}

type Punctuality = Pick<Figures, 'together' | 'spread' | 'timersOnly'>

async function paceInTurns(ports: Ports): Promise<Punctuality> {
  const runs: Record<keyof Punctuality, Paced[]> = { together: [], spread: [], timersOnly: [] }
  for (let round = 0; round < rounds; round++) {
    for (const how of ['together', 'spread', 'timersOnly'] as const) {
      progress(`${units} units every 100 ms, ${how}`)
      // Longer than a round: a p99 needs many polls.
      const args = [String(units), '100', String(3 * seconds), how, JSON.stringify(ports)]
      runs[how].push(await runScript<Paced>([process.execPath], 'paced.ts', args))
    }
  }
  return {
    together: medianOf(runs.together),
    spread: medianOf(runs.spread),
    timersOnly: medianOf(runs.timersOnly),
  }
}

function medianOf(runs: readonly Paced[]): Paced {
  const of = (what: keyof Paced): number => median(runs.map((run) => run[what]))
  return {
    due: of('due'),
    polls: of('polls'),
    failed: of('failed'),
    lateMsP50: of('lateMsP50'),
    lateMsP99: of('lateMsP99'),
    lateMsMax: of('lateMsMax'),
    coreShare: of('coreShare'),
  }
}

async function runScript<Result>(
  [program, ...before]: readonly [string, ...string[]],
  script: string,
  args: readonly string[],
): Promise<Result> {
  const { stdout } = await promisify(execFile)(program, [...before, pathOf(script), ...args])
  return JSON.parse(stdout) as Result
}

async function startServer(): Promise<{ ports: Ports; end: () => void }> {
  const [program, ...before] = pinned(1)
  const child = spawn(program, [...before, pathOf('server.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [line] = await once(child.stdout, 'data')
  return { ports: JSON.parse(String(line)), end: () => child.stdin.end() }
}

function pathOf(script: string): string {
  return new URL(script, import.meta.url).pathname
}

/** Client and server on a CPU each, where there are two and `taskset` can say so. */
function pinned(cpu: 0 | 1): [string, ...string[]] {
  const able =
    availableParallelism() > 1 && spawnSync('taskset', ['-c', String(cpu), 'true']).status === 0
  return able ? ['taskset', '-c', String(cpu), process.execPath] : [process.execPath]
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  const middle = sorted[Math.floor((sorted.length - 1) / 2)]
  assert(middle !== undefined)
  return (middle + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? middle)) / 2
}

function progress(what: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${what}`)
}

type Options = {
  readonly rounds: number
  readonly seconds: number
  readonly connections: readonly number[]
  readonly units: number
  readonly json: boolean
}

function options(): Options {
  const command = new Command('bench:poll')
    .option('--rounds <number>', 'rounds of each client', positive, 5)
    .option('--seconds <number>', 'length of a round', positive, 1)
    .option('--connections <list>', 'such as 1,64,256', list, [1, 64, 256])
    .option('--units <number>', 'units polled every 100 ms', positive, 200)
    .option('--json', 'print JSON', false)
  return command.parse().opts<Options>()
}

function positive(text: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new InvalidArgumentError('expected a number above 0')
  return value
}

function list(text: string): number[] {
  return text.split(',').map(positive)
}
