// Reads the plant file and everything that it names, and answers with the plant or with every fault at once, each with its
// file, line and column.

import type { Plant } from '../core/plant.ts'
import { buildPlant } from './build.ts'
import { shapeFaults } from './faults.ts'
import { type Profile, type Profiles, readProfile } from './profile.ts'
import { plantRules } from './rules.ts'
import { plantSchema } from './schema.ts'
import { type ConfigFault, inOrder, readSource, type Source } from './source.ts'
import { each, field, textOf, top } from './tree.ts'

export type LoadResult =
  | { readonly ok: true; readonly plant: Plant; readonly warnings: readonly ConfigFault[] }
  | { readonly ok: false; readonly faults: readonly ConfigFault[] }

/**
 * Reads a plant file (YAML, at most 1 MB) and its profiles. Never throws for what stands in the files. Relative paths in the
 * file (journal, users) stay relative: they belong to the folder in which the program runs. The plant's digest covers the
 * text of the plant file and of every profile that it uses.
 */
export function loadPlant(file: string): LoadResult {
  const read = readSource(file)
  if ('faults' in read) return { ok: false, faults: read.faults }
  const { source } = read
  if (source.value === undefined || source.value === null) {
    return { ok: false, faults: [...source.faults, source.fault([], 'the file is empty')] }
  }
  const shape = shapeFaults(plantSchema, source)
  const { profiles, faults: ofProfiles } = readProfiles(source)
  const rules = plantRules(source, profiles)
  const here = inOrder([
    ...source.faults,
    ...shape,
    ...rules.faults,
    ...ofProfiles.filter((one) => one.file === file),
  ])
  const elsewhere = ofProfiles.filter((one) => one.file !== file)
  if (here.length + elsewhere.length > 0) return { ok: false, faults: [...here, ...elsewhere] }
  const plant = buildPlant(plantSchema.parse(source.value), source.text, profiles)
  return { ok: true, plant, warnings: inOrder(rules.warnings) }
}

// Every profile is read once, and its faults are told once, however many devices use it.
function readProfiles(source: Source): {
  readonly profiles: Profiles
  readonly faults: readonly ConfigFault[]
} {
  const profiles = new Map<string, Profile>()
  const faults: ConfigFault[] = []
  const seen = new Set<string>()
  const root = top(source.value)
  const users = [...each(field(root, 'pairs')), ...each(field(root, 'ups'))]
  for (const user of users) {
    const node = field(user, 'profile')
    const name = textOf(node)
    if (name === undefined || !/^[A-Za-z0-9][\w-]{0,39}$/.test(name)) continue
    if (seen.has(name)) continue
    seen.add(name)
    const result = readProfile(name, source.file)
    if (result.kind === 'read') profiles.set(name, result.profile)
    if (result.kind === 'faulty') faults.push(...result.faults)
    if (result.kind === 'absent') {
      faults.push(
        source.fault(
          node.path,
          `no profile "${name}"; looked for ${result.lookedAt.join(' and ')}`,
        ),
      )
    }
  }
  return { profiles, faults }
}
