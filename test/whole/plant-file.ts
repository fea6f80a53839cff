// The plant file of a whole-process test: the shipped demo plant with the addresses of one practice plant and short times.

import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parse, stringify } from 'yaml'

export type PlantFileOptions = {
  /** Pairs that are supervised; each of them is a pair of the practice plant. */
  readonly pairs: readonly string[]
  /** Ports of the practice plant by device. */
  readonly ports: Readonly<Record<string, number>>
  readonly httpPort: number
  readonly folder: string
  readonly mode?: 'supervise' | 'observe'
  /** The shipped plant file that is changed; the demo plant by default. */
  readonly shipped?: string
  /** Merged into the policy of every pair. */
  readonly policy?: Readonly<Record<string, unknown>>
  /** Port of the OPC UA server; without it there is none. */
  readonly opcuaPort?: number
  /** Merged into every pair. */
  readonly pair?: Readonly<Record<string, unknown>>
  /** The paths of a unit such as `intake.A`, in place of the two networks. */
  readonly paths?: (device: string, ports: Readonly<Record<string, number>>) => readonly object[]
}

/** Limits that every test counts with, ms. */
export const scanMs = 100
export const lostMs = 800
const freshMs = 700

/** Writes `plant.yaml` into the folder and gives its path. */
export async function writePlantFile(options: PlantFileOptions): Promise<string> {
  const { folder, httpPort, ports } = options
  const shipped = await readFile(resolve(options.shipped ?? 'config/plant.demo.yaml'), 'utf8')
  const plant = parse(shipped) as Shipped
  const pairs = plant.pairs.filter(({ name }) => options.pairs.includes(name))
  assert.equal(pairs.length, options.pairs.length)
  const file = join(folder, 'plant.yaml')
  const text = stringify({
    ...plant,
    mode: options.mode ?? 'supervise',
    journal: { copies: journalFolders(folder) },
    http: { listen: `127.0.0.1:${httpPort}` },
    ...(options.opcuaPort !== undefined && {
      opcua: { listen: `127.0.0.1:${options.opcuaPort}`, pki: join(folder, 'opcua') },
    }),
    users: join(folder, 'users.yaml'),
    pairs: pairs.map((pair) => fastPair(pair, options)),
    ups: plant.ups.map((ups) => ({ ...ups, modbus: addressOf(ports, ups.name), scan_ms: 200 })),
  })
  await writeFile(file, text)
  return file
}

export const journalFolders = (folder: string): readonly string[] => [
  join(folder, 'journal-a'),
  join(folder, 'journal-b'),
]

type Named = { readonly name: string }
type ShippedUnit = { readonly paths: readonly { readonly lan: string }[] }
type ShippedTag = Named & { readonly at: string }
type ShippedPair = Named & {
  readonly tags: readonly ShippedTag[]
  readonly units: { readonly A: ShippedUnit; readonly B: ShippedUnit }
  readonly gates: object
  readonly policy: object
}
type Shipped = { readonly pairs: readonly ShippedPair[]; readonly ups: readonly Named[] }

function fastPair(pair: ShippedPair, options: PlantFileOptions): object {
  const { ports } = options
  const networks = (device: string) =>
    pair.units.A.paths.map((path) => ({
      ...path,
      modbus: addressOf(ports, path.lan === 'lan-1' ? device : `${device}/${path.lan}`),
    }))
  const unit = (name: 'A' | 'B') => {
    const device = `${pair.name}.${name}`
    return { ...pair.units[name], paths: (options.paths ?? networks)(device, ports) }
  }
  const tags = pair.tags.map((tag) => ({
    ...tag,
    at: { modbus: tag.at, opcua: `ns=2;s=${tag.name}` },
  }))
  return {
    ...pair,
    scan_ms: scanMs,
    units: { A: unit('A'), B: unit('B') },
    tags,
    gates: { ...pair.gates, sync_dwell_s: 1, lost_ms: lostMs, fresh_ms: freshMs },
    policy: {
      ...pair.policy,
      min_interval_s: 0,
      settle_s: 1,
      confirm_s: 60,
      propose_again_s: 60,
      ...options.policy,
    },
    ...options.pair,
  }
}

function addressOf(ports: PlantFileOptions['ports'], device: string): string {
  const port = ports[device]
  assert.ok(port !== undefined, `the practice plant has no ${device}`)
  return `tcp://127.0.0.1:${port}`
}
