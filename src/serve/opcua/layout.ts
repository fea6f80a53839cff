// What of the plant the OPC UA server needs to know to build its nodes: names, tags and paths, and nothing that is secret. Plain
// data, because it goes to another thread.

import type { Plant, Signal } from '../../core/plant.ts'
import { type UnitId, unitIds } from '../../core/plant.ts'
import type { TagType } from './model-pair.ts'

export type TagLayout = {
  readonly name: string
  readonly type: TagType
  readonly units: string
  readonly class: string
  readonly critical: boolean
  readonly tolerance: number
}
export type UnitLayout = {
  readonly id: UnitId
  readonly location: string
  readonly paths: readonly string[]
}
export type PairLayout = {
  readonly name: string
  readonly profile: string
  readonly units: Readonly<Record<UnitId, UnitLayout>>
  readonly tags: readonly TagLayout[]
}
export type Layout = {
  readonly site: string
  readonly pairs: readonly PairLayout[]
  readonly ups: readonly string[]
}

export function layoutOf(plant: Plant): Layout {
  return {
    site: plant.site,
    ups: plant.ups.map(({ name }) => name),
    pairs: plant.pairs.map((pair) => ({
      name: pair.name,
      profile: pair.profile,
      units: { A: unitLayout(plant, pair.units.A), B: unitLayout(plant, pair.units.B) },
      tags: pair.tags.map(({ name, units, class: kind, critical, tolerance }) => ({
        ...{ name, units, class: kind, critical, tolerance },
        type: tagType(
          unitIds.flatMap((unit) => signalOf(plant, pair.units[unit].device, `tag:${name}`)),
        ),
      })),
    })),
  }
}

function unitLayout(
  plant: Plant,
  { id, location, device }: Plant['pairs'][number]['units']['A'],
): UnitLayout {
  return { id, location, paths: plant.devices[device]?.paths.map(({ name }) => name) ?? [] }
}

function signalOf(plant: Plant, device: string, key: string): readonly Signal[] {
  const paths = plant.devices[device]?.paths ?? []
  return paths.flatMap((path): readonly Signal[] =>
    path.signals.filter((signal) => signal.key === key),
  )
}

/** A tag has one type on every path; where they differ, text holds them all. */
function tagType(signals: readonly Signal[]): TagType {
  const types = new Set(signals.map(typeOf))
  const [only] = types
  return types.size === 1 && only !== undefined ? only : 'String'
}

function typeOf({ type, names }: Signal): TagType {
  if (names !== undefined || type === 'string' || type === 'words') return 'String'
  return type === 'bool' || type === 'bit' ? 'Boolean' : 'Double'
}
