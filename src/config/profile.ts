// Device profiles: which register of a device type is which of our signals. A profile is data in a YAML file; nothing in the
// program knows a device type.

import { existsSync } from 'node:fs'
import path from 'node:path'
import type { z } from 'zod'
import { shapeFaults } from './faults.ts'
import { profileRules } from './profile-rules.ts'
import { profileSchema } from './profile-schema.ts'
import { type ConfigFault, inOrder, readSource } from './source.ts'

export type Profile = z.output<typeof profileSchema> & {
  /** Text of the file; part of the plant's digest. */
  readonly text: string
  readonly file: string
}
/** By name; only those that were found and are right. */
export type Profiles = ReadonlyMap<string, Profile>
export type ProfileResult =
  | { readonly kind: 'read'; readonly profile: Profile }
  | { readonly kind: 'absent'; readonly lookedAt: readonly string[] }
  | { readonly kind: 'faulty'; readonly faults: readonly ConfigFault[] }

const productProfiles = path.join(import.meta.dirname, '../../config/profiles')

/** Finds NAME.yaml in `profiles/` beside the plant file, else among the product's own, and checks it. */
export function readProfile(name: string, plantFile: string): ProfileResult {
  const lookedAt = [
    path.join(path.dirname(plantFile), 'profiles', `${name}.yaml`),
    path.join(productProfiles, `${name}.yaml`),
  ]
  const file = lookedAt.find((candidate) => existsSync(candidate))
  if (file === undefined) return { kind: 'absent', lookedAt }
  const read = readSource(file)
  if ('faults' in read) return { kind: 'faulty', faults: read.faults }
  const faults = [...read.source.faults, ...shapeFaults(profileSchema, read.source)]
  if (faults.length > 0) return { kind: 'faulty', faults: inOrder(faults) }
  const profile = { ...profileSchema.parse(read.source.value), text: read.source.text, file }
  const rules = profileRules(profile, name).map(({ path, message, onKey }) =>
    read.source.fault(path, message, onKey ? 'key' : undefined),
  )
  if (rules.length > 0) return { kind: 'faulty', faults: inOrder(rules) }
  return { kind: 'read', profile }
}
