// `npm run campaign:frozen`: a process with clients that watch every tag, asked for the longest queues there are, is stopped as a hung
// SCADA station would be, for ten minutes. Others go on meanwhile. Prints what the service holds, every half minute.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import type { FromClients, SubscriberOptions, ToClients } from './client-messages.ts'
import { costsOf } from './hostile-report.ts'
import { tagNodes } from './moving-plant.ts'
import { type Child, start } from './process.ts'
import type { FromService, ServiceOptions, ToService } from './service-messages.ts'

const { pairs, tags, seconds, frozen } = new Command('campaign:frozen')
  .option('--pairs <number>', 'pairs of the plant', Number, 10)
  .option('--tags <number>', 'tags of each pair', Number, 100)
  .option('--frozen <number>', 'clients that stand still', Number, 3)
  .option('--seconds <number>', 'how long they do', Number, 600)
  .parse()
  .opts<{ pairs: number; tags: number; seconds: number; frozen: number }>()

const lookS = 30
const folder = await mkdtemp(join(tmpdir(), 'bumpless-frozen-'))
const service = start<ToService, FromService>('service.ts', {
  ...{ pairs, tags, door: true },
} satisfies ServiceOptions)
const ready = await service.hear('ready')
await pause(5_000)
const before = await costsOf(ready.pid)
const healthy = await clients('healthy', 2, { publishingMs: 1_000, queueSize: 10 })
const still = await clients('frozen', frozen, { publishingMs: 100, queueSize: 4_000_000_000 })
await pause(10_000)
const watched = await costsOf(ready.pid)
say(`before any client ${mb(before.rss)} MB; with ${2 + frozen} clients ${mb(watched.rss)} MB`)
still.signal('SIGSTOP')
let most = watched.rss
await look()
for (let at = lookS; at <= seconds; at += lookS) {
  await pause(lookS * 1000)
  most = Math.max(most, (await costsOf(ready.pid)).rss)
  say(`${String(at).padStart(4)} s: ${await look()}`)
}
still.signal('SIGKILL')
say(`grew by at most ${mb(most - watched.rss)} MB while they stood still`)
await healthy.end({ kind: 'end' })
await service.end({ kind: 'end' })
await rm(folder, { recursive: true, force: true })

type Clients = Child<ToClients, FromClients>

async function clients(
  name: string,
  count: number,
  wishes: Pick<SubscriberOptions, 'publishingMs' | 'queueSize'>,
): Promise<Clients> {
  const child: Clients = start('subscribers.ts', {
    ...{ url: ready.url, pki: join(folder, name), serverPki: ready.pki, clients: count },
    ...wishes,
  } satisfies SubscriberOptions)
  child.send({ kind: 'watch', nodes: tagNodes(pairs, tags) })
  await child.hear('ready')
  return child
}

/** What the service holds now, and what the healthy clients saw since the last look. */
async function look(): Promise<string> {
  healthy.send({ kind: 'figures' })
  const { each } = await healthy.hear('figures')
  service.send({ kind: 'figures' })
  const { figures } = await service.hear('figures')
  const ended = figures.audit.filter((line) => /ended|closed/.test(line))
  const { rss, files } = await costsOf(ready.pid)
  const seen = each
    .map(({ values, lost, failed }) => `${values} values, ${lost} lost, ${failed} failed`)
    .join('; ')
  return `${mb(rss)} MB, ${files} files; healthy: ${seen}${ended.map((line) => `\n       ${line.slice(0, 100)}`).join('')}`
}

function mb(bytes: number): string {
  return (bytes / 1e6).toFixed(0)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms))
}
