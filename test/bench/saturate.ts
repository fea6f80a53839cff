// One client of the benchmark in a process of its own: polls as fast as it can on some connections and prints the CPU that one
// poll took. Arguments: client, connections, seconds, ports as JSON. The first third of the time is warm-up and not counted.

import assert from 'node:assert/strict'
import { type ClientName, clients, type Tally } from './clients.ts'
import type { Ports } from './exchange.ts'

export type Saturated = {
  readonly polls: number
  readonly wrong: number
  readonly cpuUsPerPoll: number
  readonly pollsPerSecond: number
}

const [name = '', connections = '', seconds = '', ports = ''] = process.argv.slice(2)
assert(isClient(name), `no client is called ${name}`)
const saturated = await measure(name, Number(connections), Number(seconds), JSON.parse(ports))
process.stdout.write(`${JSON.stringify(saturated)}\n`, () => process.exit(0))

async function measure(
  client: ClientName,
  count: number,
  lengthS: number,
  target: Ports,
): Promise<Saturated> {
  const tally: Tally = { polls: 0, wrong: 0 }
  await Promise.all(Array.from({ length: count }, () => clients[client](target, tally)))
  await passed(lengthS * 500)
  const { polls, wrong } = tally
  const startMs = performance.now()
  const cpu = process.cpuUsage()
  await passed(lengthS * 1000)
  const { user, system } = process.cpuUsage(cpu)
  const tookS = (performance.now() - startMs) / 1000
  const counted = tally.polls - polls
  return {
    polls: counted,
    wrong: tally.wrong - wrong,
    cpuUsPerPoll: (user + system) / counted,
    pollsPerSecond: counted / tookS,
  }
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function isClient(text: string): text is ClientName {
  return Object.hasOwn(clients, text)
}
