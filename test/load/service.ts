// The supervisor with its OPC UA door as `run` puts them together, in a process of its own and without a field: the images are made
// here, the journal is a counter. Its parent asks what the cycles were like since it asked last, and what the process costs.

import { join, resolve } from 'node:path'
import type { Plant } from '../../src/core/plant.ts'
import { rebuild } from '../../src/core/rebuild.ts'
import { startOpcUa } from '../../src/serve/opcua/door.ts'
import { startWeb } from '../../src/serve/web/server.ts'
import { createSupervisor, runCycles } from '../../src/supervisor.ts'
import { noSelf, openDoorParts } from '../serve/fixture.ts'
import { freePort } from '../whole/service.ts'
import { movingField, movingPlant } from './moving-plant.ts'
import type { Figures, FromService, ServiceOptions, ToService } from './service-messages.ts'

const mono = (): number => performance.now()
const options: ServiceOptions = JSON.parse(process.argv[2] ?? '{}')
const { remove, audit, onAudit, access, inbox, board, folder } = await openDoorParts()
const plant: Plant = movingPlant(options.pairs, options.tags)
const field = movingField(plant, plant.cycleMs)
const times = { nowMs: mono(), wallMs: Date.now() }
const cycles = { late: [] as number[], took: [] as number[] }
let cpuBefore = cpu()

const supervisor = createSupervisor(
  {
    plant,
    clock: { mono, wall: Date.now },
    latch: { take: () => field.take(mono()) },
    write: async (_device, { id }) => ({
      commandId: id,
      fate: 'dropped',
      atMs: mono(),
      detail: 'no field',
    }),
    setPace: () => undefined,
    journal: { append: () => undefined, state: () => ({ durable: 1_000_000 }) },
    ...{ inbox, board },
    lease: { now: () => ({ held: true, holder: 'load' }) },
    takeAudits: () => [],
  },
  rebuild(plant, [], { owner: 0x4d2a, ...times, version: 'load' }),
)
const measured = {
  cycle: (lateMs: number) => {
    const beganMs = mono()
    const view = supervisor.cycle(lateMs)
    cycles.late.push(lateMs)
    cycles.took.push(mono() - beganMs)
    return view
  },
  state: () => supervisor.state(),
}
const before = process.memoryUsage().rss
const running = runCycles(measured, plant.cycleMs, mono)
const beganMs = mono()
const pki = join(folder, 'server')
const door = options.door
  ? await startOpcUa({
      ...{ plant, version: 'load', inbox, board, access, onAudit },
      onHistory: () => undefined,
      settings: {
        ...{ host: '127.0.0.1', port: await freePort(), pki, alarmsMax: 200, backS: 60 },
        ...{ policies: ['None', 'Basic256Sha256'], sessionsMax: 20, connectionsMax: 40 },
        ...options.settings,
      },
    })
  : undefined
const web = options.web
  ? await startWeb({
      ...{ host: '127.0.0.1', port: 0, inbox, board, access, onAudit },
      journal: { read: () => [], head: () => ({ seq: 0, hash: '' }) },
      self: noSelf,
      about: { site: plant.site, version: 'load' },
      pairNames: plant.pairs.map(({ name }) => name),
      pagesFolder: resolve(import.meta.dirname, '../../dist/pages'),
      limits: { requestsPerMinute: 10_000, loginsPerMinute: 1_000 },
    })
  : undefined
say({
  ...{ kind: 'ready', url: door?.url ?? '', webUrl: web?.url ?? '', pki, pid: process.pid },
  ...{ startMs: mono() - beganMs, rssBefore: before, rss: process.memoryUsage().rss },
})

// Its parent is gone.
process.on('disconnect', () => process.exit())
process.on('message', (message: ToService) => {
  if (message.kind === 'figures') say({ kind: 'figures', figures: figuresNow() })
  else void end()
})

function figuresNow(): Figures {
  const now = cpu()
  const figures: Figures = {
    ...{ late: cycles.late, took: cycles.took, rss: process.memoryUsage().rss },
    mainCpuMs: now.main - cpuBefore.main,
    otherCpuMs: now.all - now.main - (cpuBefore.all - cpuBefore.main),
    wallMs: now.atMs - cpuBefore.atMs,
    audit: audit.splice(0),
  }
  cycles.late = []
  cycles.took = []
  cpuBefore = now
  return figures
}

/** Processor time of this thread and of the whole process, ms. */
function cpu(): { main: number; all: number; atMs: number } {
  const [main, all] = [process.threadCpuUsage(), process.cpuUsage()]
  return {
    ...{ main: (main.user + main.system) / 1000, all: (all.user + all.system) / 1000 },
    atMs: mono(),
  }
}

function say(message: FromService): void {
  process.send?.(message)
}

async function end(): Promise<void> {
  running.stop()
  await door?.close()
  await web?.close()
  inbox.close()
  access.close()
  await remove()
  process.disconnect()
}
