// A plant of which every tag changes in every sample, for the load on the OPC UA door: pairs of the benchmark plant with tags that
// are numbers, and images as the latch makes them. The value of a tag is the number of its sample, so that a client can tell what
// it missed.

import { readRegisters } from '../../plc-sim/registers.ts'
import { newSite, scanSite } from '../../plc-sim/site.ts'
import type { Answered, DeviceImage, Image, PathReport, Value } from '../../src/core/image.ts'
import type { Device, Plant, RegisterSignal } from '../../src/core/plant.ts'
import { plantOf } from '../bench/step-plant.ts'

/** Every tag has a new value this often, ms. */
export const sampleMs = 1_000

export function movingPlant(pairs: number, tags: number): Plant {
  const plant = plantOf(pairs, tags, sampleMs)
  const [first] = plant.pairs
  const names = (first?.tags ?? []).map(({ name }) => name)
  const withTags = (device: Device): Device => ({
    ...device,
    paths: device.paths.map((path) =>
      path.protocol === 'modbus'
        ? { ...path, signals: [...path.signals, ...names.map(number)] }
        : path,
    ),
  })
  return {
    ...plant,
    pairs: plant.pairs.map((pair) => ({
      ...pair,
      tags: pair.tags.map((tag) => ({ ...tag, class: 'analog', critical: false })),
    })),
    devices: Object.fromEntries(
      Object.entries(plant.devices).map(([id, device]) => [id, withTags(device)]),
    ),
  }
}

const number = (name: string, index: number): RegisterSignal => ({
  ...{ key: `tag:${name}`, type: 'float32', scale: 1, offset: 0, unknownWhen: [] },
  ...{ area: 'hr', address: 2 * index, wordOrder: 'big', byteOrder: 'big' },
})

/** NodeIds of the values of every tag, as the manual has them. */
export const tagNodes = (pairs: number, tags: number): readonly string[] =>
  movingPlant(pairs, tags).pairs.flatMap((pair) =>
    pair.tags.flatMap(({ name }) =>
      ['A', 'B'].map((unit) => `Pairs.${pair.name}.Tags[${name}].${unit}`),
    ),
  )

/** What the latch hands over at `nowMs`: a tenth of the pairs has just been read, both units with the same values. */
export function movingField(plant: Plant, cycleMs: number): { take(nowMs: number): Image } {
  let challenge = 1
  const site = newSite(1, () => challenge++ * 1000)
  const [model] = site.pairs
  if (model === undefined) throw new Error('the practice plant has no pair')
  const slots = Math.round(sampleMs / cycleMs)
  const image: Record<string, DeviceImage> = {}
  let fresh: string[] = []
  let cycle = 0
  return {
    take: (nowMs) => {
      for (const device of fresh) image[device] = { ...imageOf(image, device), scans: [] }
      fresh = []
      for (let passed = 0; passed < cycleMs; passed += 10) scanSite(site)
      const status = {
        A: Array.from(readRegisters(model.units.A, 1000, 22) ?? []),
        B: Array.from(readRegisters(model.units.B, 1000, 22) ?? []),
      }
      const sample = Math.floor(cycle / slots)
      for (const [index, pair] of plant.pairs.entries()) {
        if (index % slots !== cycle % slots) continue
        const tags = Object.fromEntries(pair.tags.map(({ name }) => [`tag:${name}`, sample]))
        for (const unit of ['A', 'B'] as const) {
          const { device } = pair.units[unit]
          image[device] = read(plant.devices[device], { ...tags, status: status[unit] }, nowMs)
          fresh.push(device)
        }
      }
      cycle += 1
      return { ...image }
    },
  }
}

function imageOf(image: Image, device: string): DeviceImage {
  const known = image[device]
  if (known === undefined) throw new Error(`no image of ${device}`)
  return known
}

function read(
  device: Device | undefined,
  found: Readonly<Record<string, Value>>,
  nowMs: number,
): DeviceImage {
  const values: Answered['values'] = {
    ...{ program: 0x1234abcd, firmware: 0x30207, configuration: 77 },
    ...{ scan_time_ms: 10.4, load_pct: 31.5, ...found },
  }
  const times = { kind: 'answered', sentMs: nowMs - 6, receivedMs: nowMs - 2 } as const
  const [main, spare] = device?.paths ?? []
  const newest: Answered = { ...times, path: main?.name ?? '', sample: true, values }
  const glance: Answered = {
    ...{ ...times, path: spare?.name ?? '', sample: false },
    values: { status: values.status ?? 0 },
  }
  const report = (name: string, carries: boolean, scan: Answered): PathReport => ({
    ...{ name, up: true, carries, changedMs: 0, roundTripMs: 4, lossPct: 0, newest: scan },
  })
  const paths = [report(main?.name ?? '', true, newest), report(spare?.name ?? '', false, glance)]
  return { newest, scans: [newest], paths }
}
