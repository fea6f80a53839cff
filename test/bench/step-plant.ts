// A plant of any size for the benchmark of the cycle: the first pair of the demo plant so many times over, with a hundred tags of
// all classes, polled over two networks, and images as the latch makes them.

import { readRegisters } from '../../plc-sim/registers.ts'
import { newSite, scanSite } from '../../plc-sim/site.ts'
import { loadPlant } from '../../src/config/load.ts'
import type { Answered, DeviceImage, Image, PathReport, Value } from '../../src/core/image.ts'
import type { Device, Pair, Plant } from '../../src/core/plant.ts'
import type { Tag, TagClass } from '../../src/core/tag.ts'
import { randomFrom } from '../chance.ts'

/** A third of the tags moves in every sample; the rest moves now and then, as steps and switches do. */
const mix: readonly TagClass[] = [
  'discrete',
  'analog',
  'setpoint',
  'discrete',
  'analog',
  'discrete',
  'enum',
  'analog',
  'counter',
  'integrator',
]

export function plantOf(pairs: number, tags: number, scanMs: number): Plant {
  const loaded = loadPlant(new URL('../../config/plant.demo.yaml', import.meta.url).pathname)
  const [first] = loaded.ok ? loaded.plant.pairs : []
  if (!loaded.ok || first === undefined) throw new Error('the demo plant has no pair')
  const { plant } = loaded
  const all = Array.from({ length: pairs }, (_, index) => pairOf(first, index, tags, scanMs))
  const devices: Record<string, Device> = {}
  for (const pair of all) {
    for (const unit of ['A', 'B'] as const) {
      const template = plant.devices[first.units[unit].device]
      if (template === undefined) throw new Error('the demo plant has no device')
      const { device } = pair.units[unit]
      devices[device] = { ...template, id: device, scanMs }
    }
  }
  return { ...plant, pairs: all, ups: [], devices }
}

function pairOf(first: Pair, index: number, tags: number, scanMs: number): Pair {
  const name = `pair${index + 1}`
  const power = { anyOf: [], allOf: [] }
  const unit = (id: 'A' | 'B') => ({ ...first.units[id], device: `${name}.${id}`, power })
  return {
    ...first,
    name,
    scanMs,
    units: { A: unit('A'), B: unit('B') },
    gates: { ...first.gates, site: [], syncDwellS: 2, freshMs: 2.5 * scanMs, lostMs: 3.5 * scanMs },
    tags: Array.from({ length: tags }, (_, tag) => tagOf(tag)),
  }
}

const tagOf = (index: number): Tag => ({
  name: `AREA1.LOOP${index}.VALUE`,
  class: mix[index % mix.length] ?? 'analog',
  tolerance: 0,
  units: '%',
  critical: index % 3 === 0,
  step: 1,
  wrapsAt: 65_536,
})

export type Field = {
  /** Reads these pairs, as samples that ended just before `nowMs`. */
  poll(pairs: readonly Pair[], nowMs: number): void
  /** What the latch would hand over now: every device, with the scans since the last call. */
  take(): Image
}

/** The units of a pair show the same values, B's as A's a little earlier: a sound plant, in which every comparison has work to do. */
export function fieldOf(plant: Plant): Field {
  let challenge = 1
  const site = newSite(1, () => challenge++ * 1000)
  const [model] = site.pairs
  if (model === undefined) throw new Error('the practice plant has no pair')
  const reports = new Map<string, DeviceImage>()
  let polled: string[] = []
  const seeds = new Map(plant.pairs.map((pair, index) => [pair.name, index]))
  const poll = (pairs: readonly Pair[], nowMs: number) => {
    for (let passed = 0; passed < 100; passed += 10) scanSite(site)
    const words = {
      A: readRegisters(model.units.A, 1000, 22) ?? [],
      B: readRegisters(model.units.B, 1000, 22) ?? [],
    }
    for (const pair of pairs) {
      for (const unit of ['A', 'B'] as const) {
        const { device } = pair.units[unit]
        const before = reports.get(device)?.newest?.values
        const status = Array.from(words[unit])
        const values = valuesOf(pair, seeds.get(pair.name) ?? 0, nowMs, status, before)
        reports.set(device, imageOf(plant.devices[device], values, nowMs))
        polled.push(device)
      }
    }
  }
  return {
    poll,
    take() {
      const image = Object.fromEntries(reports)
      for (const device of polled) {
        const { scans: _old, ...rest } = reports.get(device) ?? { scans: [] }
        reports.set(device, { ...rest, scans: [] })
      }
      polled = []
      return image
    },
  }
}

function imageOf(
  device: Device | undefined,
  values: Answered['values'],
  nowMs: number,
): DeviceImage {
  const times = { kind: 'answered', sentMs: nowMs - 12, receivedMs: nowMs - 8 } as const
  const [main, spare] = device?.paths ?? []
  const newest: Answered = { ...times, path: main?.name ?? '', sample: true, values }
  const glance: Answered = {
    ...times,
    path: spare?.name ?? '',
    sample: false,
    values: { status: values.status ?? 0 },
  }
  const report = (name: string, carries: boolean, scan: Answered): PathReport => ({
    name,
    up: true,
    carries,
    changedMs: 0,
    roundTripMs: 4,
    lossPct: 0,
    newest: scan,
  })
  const paths = [report(main?.name ?? '', true, newest), report(spare?.name ?? '', false, glance)]
  return { newest, scans: [newest], paths }
}

/** A new object at every scan, with every key from the start, frozen: as field/modbus/read-out.ts hands it on. */
function valuesOf(
  pair: Pair,
  seed: number,
  nowMs: number,
  status: readonly number[],
  before: Answered['values'] | undefined,
): Answered['values'] {
  const values: Record<string, Value> = { ...before }
  values.status = status
  values.program = 0x1234abcd
  values.firmware = 0x30207
  values.configuration = 77
  values.scan_time_ms = 10.4
  values.load_pct = 31.5
  const sample = Math.floor(nowMs / pair.scanMs)
  for (const [index, tag] of pair.tags.entries()) {
    values[`tag:${tag.name}`] = valueAt(tag.class, seed * 1000 + index, sample, nowMs)
  }
  return Object.freeze(values)
}

function valueAt(tagClass: TagClass, seed: number, sample: number, nowMs: number): Value {
  const random = randomFrom(seed * 7919)
  const phase = 1000 * random()
  switch (tagClass) {
    case 'analog':
      return Math.round(500 + 300 * Math.sin((nowMs / 1000 + phase) / 20))
    case 'counter':
      return Math.floor(nowMs / 500 + 100 * phase) % 65_536
    case 'integrator':
      return Math.round(5000 + nowMs / 2000 + phase)
    case 'discrete':
      return Math.floor((sample + phase) / 30) % 2 === 0
    default:
      return Math.floor((sample + phase) / 200) % 9
  }
}
