// `npm run campaign:opcua`: a hundred thousand malformed messages, ten thousand connections that are dropped, strangers who say
// nothing, and a client that is logged in and asks for what wears a server out, all against one service, while another client is to
// be served throughout. `--short` takes a minute. Prints its seed; ends with 1 when a judgement failed.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { MessageSecurityMode, SecurityPolicy } from 'node-opcua'
import { randomFrom } from '../chance.ts'
import { password } from '../serve/fixture.ts'
import { StandardClient, trustRejected } from '../serve/opcua/client.ts'
import { everyday } from './everyday.ts'
import { evilServices } from './evil-services.ts'
import { type Recorder, startRecorder } from './frames.ts'
import { type Costs, costsOf, type HostileRun, judge, reportOf } from './hostile-report.ts'
import { mutated, pick } from './mutate.ts'
import { start } from './process.ts'
import type { FromService, ServiceOptions, ToService } from './service-messages.ts'
import { connectAndDrop, type Stranger, saysNothing, sendMalformed } from './strangers.ts'
import type { FromWitness, ToWitness, WitnessOptions } from './witness-messages.ts'

type Options = {
  readonly messages: number
  readonly drops: number
  readonly inside: number
  readonly evil: number
  readonly short: boolean
  readonly json: boolean
}

const given = new Command('campaign:opcua')
  .option('--messages <number>', 'malformed messages of strangers', Number, 100_000)
  .option('--drops <number>', 'connections that are dropped', Number, 10_000)
  .option('--inside <number>', 'malformed messages inside a session', Number, 5_000)
  .option('--evil <number>', 'rounds of well-formed requests that wear a server out', Number, 20)
  .option('--short', 'a minute', false)
  .option('--json', 'print JSON', false)
  .parse()
  .opts<Options>()
const options: Options = given.short
  ? { ...given, messages: 2_000, drops: 200, inside: 100, evil: 1 }
  : given
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000)
process.stderr.write(`SEED=${seed}\n`)
const random = randomFrom(seed)
/** Strangers at work at the same time. */
const together = 8
const settleMs = given.short ? 3_000 : 30_000

const folder = await mkdtemp(join(tmpdir(), 'bumpless-hostile-'))
const service = start<ToService, FromService>('service.ts', {
  ...{ pairs: 4, tags: 20, door: true },
} satisfies ServiceOptions)
const ready = await service.hear('ready')
const port = Number(new URL(ready.url.replace('opc.tcp', 'http')).port)
const recorder = await startRecorder(port)
const insideUrl = `opc.tcp://127.0.0.1:${recorder.port}`
const recording = await openClient(insideUrl)
await everyday(recording, 'Pairs.pair1.Tags[AREA1.LOOP0.VALUE]')
const recorded = recorder.recorded()
await letIn()
const witness = start<ToWitness, FromWitness>('witness.ts', {
  ...{ url: ready.url, pki: join(folder, 'witness') },
} satisfies WitnessOptions)
await witness.hear('ready')

const audit: string[] = []
const phases: HostileRun['phases'][number][] = []
const stranger = (address: number): Stranger => ({
  ...{ port, from: `127.0.0.${2 + address}`, random, recorded },
})

await phase('nobody else', () => pause(settleMs))
await phase('a tenth of everything, to settle', async () => {
  await sendMessages(options.messages / 10)
  await drop(options.drops / 10)
})
await phase('settled', () => pause(settleMs))
await phase('malformed messages', () => sendMessages(options.messages))
await phase('malformed messages inside a session', () => sendInside(options.inside))
await phase('connections dropped', () => drop(options.drops))
await phase('strangers who say nothing', silence)
await phase('what wears a server out', wearOut)
await phase('settled again', () => pause(2 * settleMs))
witness.send({ kind: 'end' })
await recording.close()
await recorder.close()
await service.end({ kind: 'end' })
await rm(folder, { recursive: true, force: true })
const run: HostileRun = { seed, phases, audit }
const faults = judge(run)
process.stdout.write(given.json ? `${JSON.stringify({ ...run, faults })}\n` : reportOf(run, faults))
process.exit(faults.length === 0 || given.json ? 0 : 1)

/** Runs it and keeps what it cost the service and the witness. */
async function phase(name: string, work: () => Promise<unknown>): Promise<void> {
  process.stderr.write(`${name}\n`)
  const beganMs = performance.now()
  const count = await work()
  witness.send({ kind: 'figures' })
  const { latencies, failures } = await witness.hear('figures')
  service.send({ kind: 'figures' })
  const { figures } = await service.hear('figures')
  audit.push(...figures.audit)
  const costs: Costs = await costsOf(ready.pid)
  const seconds = (performance.now() - beganMs) / 1000
  const worn = typeof count === 'number' ? { count } : {}
  phases.push({ ...{ name, seconds, latencies, failures, costs, took: figures.took }, ...worn })
}

async function sendMessages(count: number): Promise<number> {
  let sent = 0
  await inParallel(async (address) => {
    while (sent < count) sent += await sendMalformed(stranger(address))
  })
  return sent
}

async function drop(count: number): Promise<number> {
  let dropped = 0
  await inParallel(async (address) => {
    while (dropped < count) {
      dropped += 1
      await connectAndDrop(stranger(address))
    }
  })
  return dropped
}

/** Changed messages on the connection of a client that is logged in; it comes back when it is thrown out. */
async function sendInside(count: number): Promise<number> {
  let client = await openClient(insideUrl)
  let sent = 0
  while (sent < count) {
    for (let some = 0; some < 20; some += 1) injectOne(recorder, client)
    sent += 20
    const alive = await within(client.value('Supervisor.Site'), 500)
    if (alive !== undefined) continue
    void client.close().catch(() => undefined)
    client = await openClient(insideUrl)
  }
  await client.close().catch(() => undefined)
  return sent
}

/** A recorded message with the token of the session as it is now: a message of somebody who is in. */
function injectOne({ inject }: Recorder, { session }: StandardClient): void {
  const message = recorded.messages[pick(recorded.messages.length, random)] ?? Buffer.alloc(0)
  const token = tokenOf(recording)
  const at = message.indexOf(token)
  const chunk = Buffer.from(message)
  const now = tokenOf({ session })
  if (at > 0 && now.length === token.length) now.copy(chunk, at)
  // Behind the header of the request, so that it is taken for a request of this session.
  inject(mutated(chunk, random, Math.min(chunk.length, at + token.length + 22)))
}

function tokenOf({ session }: Pick<StandardClient, 'session'>): Buffer {
  const { authenticationToken } = session as typeof session & {
    authenticationToken?: { value: unknown }
  }
  return Buffer.isBuffer(authenticationToken?.value)
    ? authenticationToken.value
    : Buffer.from('none')
}

/** As many as there are places, and then some: each is sent away in a while. */
async function silence(): Promise<number> {
  const words = [0, 1, 2] as const
  const waits = Array.from({ length: 60 }, (_, index) =>
    saysNothing(stranger(index % together), words[index % words.length] ?? 0),
  )
  const longest = Math.max(...(await Promise.all(waits)))
  if (longest > 30_000) audit.push(`a silent stranger was borne for ${longest} ms`)
  return waits.length
}

async function wearOut(): Promise<number> {
  let rounds = 0
  for (let round = 0; round < options.evil; round += 1) {
    for (const [name, evil] of Object.entries(evilServices)) {
      const client = await openClient(insideUrl, 'bert')
      const beganMs = performance.now()
      await within(
        evil(client, random).catch(() => 'refused'),
        10_000,
      )
      const tookMs = performance.now() - beganMs
      if (tookMs > 5_000) audit.push(`slow: who ${name}: ${tookMs.toFixed(0)} ms`)
      await within(client.close(), 2_000)
      rounds += 1
    }
  }
  return rounds
}

async function openClient(url: string, user = 'anna'): Promise<StandardClient> {
  for (let left = 20; ; left -= 1) {
    try {
      return await StandardClient.open({
        ...{ url, pki: join(folder, 'evil'), user, password },
        ...{ policy: SecurityPolicy.None, mode: MessageSecurityMode.None },
      })
    } catch (error) {
      if (left === 0) throw error
      await pause(250)
    }
  }
}

/** The witness comes over a secured connection: somebody has to trust it. */
async function letIn(): Promise<void> {
  const options = { url: ready.url, pki: join(folder, 'witness'), user: 'olga', password }
  for (let left = 20; left > 0; left -= 1) {
    const client = await StandardClient.open(options).catch(() => undefined)
    if (client !== undefined) return client.close()
    await trustRejected(ready.pki).catch(() => undefined)
    await pause(300)
  }
}

async function inParallel(work: (address: number) => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: together }, (_, address) => work(address)))
}

function within<Value>(work: Promise<Value>, limitMs: number): Promise<Value | undefined> {
  return Promise.race([work.catch(() => undefined), pause(limitMs).then(() => undefined)])
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms))
}
