// `npm run bench:opcua`: what four clients that watch ten thousand changing variables cost the cycle of the supervisor, and how
// late they see what changes. Phases without and with clients take turns in one run, since the machine is never the same twice.
// `--short` takes half a minute.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import type { FromClients, SubscriberOptions, ToClients } from './client-messages.ts'
import { type LoadRun, type Phase, reportOf } from './load-report.ts'
import { tagNodes } from './moving-plant.ts'
import { start } from './process.ts'
import type { FromService, ServiceOptions, ToService } from './service-messages.ts'

type Options = {
  readonly pairs: number
  readonly tags: number
  readonly clients: number
  readonly publishing: number
  readonly seconds: number
  readonly rounds: number
  readonly short: boolean
  readonly json: boolean
}

const given = new Command('bench:opcua')
  .option('--pairs <number>', 'pairs of the plant', Number, 50)
  .option('--tags <number>', 'tags of each pair', Number, 100)
  .option('--clients <number>', 'clients', Number, 4)
  .option('--publishing <ms>', 'publishing interval', Number, 1_000)
  .option('--seconds <number>', 'length of a phase', Number, 30)
  .option('--rounds <number>', 'phases without and with clients', Number, 3)
  .option('--short', 'a small plant and short phases', false)
  .option('--json', 'print JSON', false)
  .parse()
  .opts<Options>()
const options: Options = given.short
  ? { ...given, pairs: 10, tags: 50, clients: 2, seconds: 5, rounds: 1 }
  : given
/** Compiled and settled by then. */
const settleMs = given.short ? 5_000 : 15_000

const folder = await mkdtemp(join(tmpdir(), 'bumpless-load-'))
const { pairs, tags, clients, publishing } = options
const service = start<ToService, FromService>('service.ts', {
  ...{ pairs, tags, door: true },
} satisfies ServiceOptions)
const ready = await service.hear('ready')
await pause(settleMs)
const idle: Phase[] = []
const loaded: Phase[] = []
for (let round = 0; round < options.rounds; round += 1) {
  progress(`round ${round + 1}: without clients`)
  idle.push(await phase())
  progress(`round ${round + 1}: with clients`)
  loaded.push(await loadedPhase())
}
await service.end({ kind: 'end' })
await rm(folder, { recursive: true, force: true })
progress('')
const { startMs, rssBefore, rss } = ready
const run: LoadRun = { ...options, startMs, rssBefore, rss, idle, loaded }
process.stdout.write(given.json ? `${JSON.stringify(run)}\n` : reportOf(run))

async function phase(): Promise<Phase> {
  await figures()
  await pause(options.seconds * 1000)
  return { service: await figures() }
}

async function loadedPhase(): Promise<Phase> {
  const nodes = tagNodes(pairs, tags)
  const watching = start<ToClients, FromClients>('subscribers.ts', {
    ...{ url: ready.url, pki: join(folder, 'client'), serverPki: ready.pki },
    ...{ clients, publishingMs: publishing, queueSize: 10 },
  } satisfies SubscriberOptions)
  watching.send({ kind: 'watch', nodes })
  await watching.hear('ready')
  // The first values of all items, and what piled up meanwhile, have gone out by then.
  await pause(2_000 + 2 * publishing)
  watching.send({ kind: 'figures' })
  await watching.hear('figures')
  const service = (await phase()).service
  watching.send({ kind: 'figures' })
  const { each, cpuMs, wallMs } = await watching.hear('figures')
  await watching.end({ kind: 'end' })
  await pause(2_000)
  return { service, clients: { each, cpuMs, wallMs } }
}

async function figures() {
  service.send({ kind: 'figures' })
  return (await service.hear('figures')).figures
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms))
}

function progress(what: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${what}`)
}
