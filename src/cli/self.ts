// What the service knows of itself for the system page: files, disks, devices as they last answered. Looked up when it is asked for.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile, statfs } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type DeviceImage, type Image, isUnknown, type Value } from '../core/image.ts'
import type { Path, Plant } from '../core/plant.ts'
import type { CycleTimes } from '../serve/cycle-times.ts'
import type { Self } from '../serve/web/parts.ts'

export type SelfOptions = {
  readonly plant: Plant
  readonly plantFile: string
  readonly startedWallMs: number
  readonly times: CycleTimes
  /** The image that the last cycle decided on. */
  readonly image: () => Image
  readonly nowMs: () => number
  readonly journal: {
    state(): { readonly durable: number; readonly fault?: string }
    head(): { readonly seq: number }
  }
  readonly recordingFault: () => string | undefined
}

export function selfOf(options: SelfOptions): Self {
  const { plant, plantFile, times, image, nowMs } = options
  const running = hashOf(readFileSync(plantFile))
  return {
    cycles: times.figures,
    device: (id) => deviceFacts(plant, id, image()[id], nowMs()),
    facts: async () => {
      const { durable, fault } = options.journal.state()
      const recording = options.recordingFault()
      return {
        startedWallMs: options.startedWallMs,
        memory: process.memoryUsage(),
        journal: {
          ...{ head: options.journal.head().seq, durable },
          ...(fault !== undefined && { fault }),
          copies: await Promise.all(plant.journalCopies.map(disk)),
        },
        ...(plant.recorder && {
          recorder: {
            ...(await disk(plant.recorder.folder)),
            ...(recording !== undefined && { fault: recording }),
          },
        }),
        ...(plant.opcua && { opcua: { host: plant.opcua.host, port: plant.opcua.port } }),
        plantFile: {
          ...{ file: resolve(plantFile), digest: plant.digest },
          changedOnDisk: (await hashOnDisk(plantFile)) !== running,
        },
      }
    },
  }
}

async function disk(folder: string) {
  const found = await statfs(folder).catch(() => undefined)
  return {
    folder,
    ...(found && { freeBytes: found.bavail * found.bsize, sizeBytes: found.blocks * found.bsize }),
  }
}

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** A file that is gone counts as changed. */
const hashOnDisk = (file: string): Promise<string | undefined> =>
  readFile(file).then(hashOf, () => undefined)

function deviceFacts(plant: Plant, id: string, image: DeviceImage | undefined, nowMs: number) {
  const device = plant.devices[id]
  const newest = image?.newest
  if (device === undefined || image === undefined) return undefined
  const failed = image.scans.findLast((scan) => scan.kind === 'failed')
  const names = new Set([
    ...device.paths.flatMap(({ signals }) => signals.map(({ key }) => key)),
    ...Object.keys(newest?.values ?? {}),
  ])
  return {
    device: id,
    scanMs: device.scanMs,
    timeoutMs: device.timeoutMs,
    writable: device.mayWrite,
    ...(newest && {
      ageMs: nowMs - newest.receivedMs,
      path: newest.path,
      tookMs: newest.receivedMs - newest.sentMs,
    }),
    signals: [...names].map((name) => ({
      name,
      ...valueFacts(newest?.values[name]),
      at: device.paths.flatMap((path) => placeOf(path, name)),
      ...rawOf(device.paths, name, newest?.values[name]),
    })),
    ...(failed && { lastFault: { fault: failed.fault, detail: failed.detail, path: failed.path } }),
  }
}

const valueFacts = (value: Value | undefined): { value?: Value; unknown?: string } => {
  if (value === undefined) return { unknown: 'not read' }
  return isUnknown(value) ? { unknown: value.unknown } : { value }
}

/** Where a signal stands on a path; nothing for one that is derived. */
function placeOf(path: Path, name: string) {
  const signal = (path.signals as readonly { readonly key: string; readonly type: string }[]).find(
    ({ key }) => key === name,
  )
  if (signal === undefined) return []
  const { key: _key, names: _names, ...place } = signal as { key: string; names?: object }
  return [{ path: path.name, ...place }]
}

function rawOf(paths: readonly Path[], name: string, value: Value | undefined): { raw?: number } {
  const signal = paths.flatMap((path) => [...path.signals]).find(({ key }) => key === name)
  if (typeof value !== 'number' || signal === undefined) return {}
  const { scale = 1, offset = 0 } = signal as { scale?: number; offset?: number }
  return { raw: (value - offset) / scale }
}
