// Device profiles: which register of a device type is which of our signals. A profile is data in a YAML file; nothing in the
// program knows a device type.

import { existsSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { parseRegister } from './address.ts'
import { shapeFaults } from './faults.ts'
import { dataTypes, decoding } from './schema.ts'
import { type ConfigFault, inOrder, readSource, type Source } from './source.ts'

const signalSchema = z.strictObject({
  at: z.string().describe('Address: `hr:1000`, `ir:7`, `co:3`; a bit of a word is `hr:1000.0`.'),
  type: z.enum([...dataTypes, 'words']).describe('How the value is stored.'),
  words: z.int().min(1).max(125).optional().describe('Number of words, for the type words.'),
  ...decoding,
})

const profileSchema = z.strictObject({
  name: z.string().describe('As the plant file names it; the file is called NAME.yaml.'),
  kind: z.enum(['unit', 'ups']).describe('What the device is.'),
  verified: z.boolean().describe('Tried on real hardware of this type.'),
  source: z.string().min(1).describe('Where the addresses come from.'),
  gap_max: z
    .int()
    .min(0)
    .max(120)
    .default(0)
    .describe('Unused registers that may be read along to save a request; 0 forbids it.'),
  command_at: z.string().optional().describe('First register of the command block.'),
  signals: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/), signalSchema),
})

export type Profile = z.output<typeof profileSchema> & {
  /** Text of the file; part of the plant's digest. */
  readonly text: string
  readonly file: string
}
/** By name; only those that were found and are right. */
export type Profiles = ReadonlyMap<string, Profile>
export type SignalEntry = Profile['signals'][string]

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
  const rules = profileRules(profile, name, read.source)
  if (rules.length > 0) return { kind: 'faulty', faults: inOrder(rules) }
  return { kind: 'read', profile }
}

function profileRules(profile: Profile, name: string, source: Source): readonly ConfigFault[] {
  const faults: ConfigFault[] = []
  if (profile.name !== name) {
    faults.push(source.fault(['name'], `the file is named ${name}.yaml, so expected "${name}"`))
  }
  for (const [key, signal] of Object.entries(profile.signals)) {
    const wrong = signalWrong(key, signal, profile.kind)
    if (wrong !== undefined) faults.push(source.fault(['signals', key, wrong.key], wrong.message))
  }
  const needed = profile.kind === 'unit' ? 'status' : 'state'
  if (!(needed in profile.signals)) {
    faults.push(source.fault(['signals', needed], `missing; a ${profile.kind} needs it`))
  }
  if (profile.command_at !== undefined) {
    const command = parseRegister(profile.command_at)
    if ('wrong' in command) faults.push(source.fault(['command_at'], command.wrong))
    else if (command.area !== 'hr' || command.bit !== undefined || command.address > 65_518) {
      faults.push(source.fault(['command_at'], 'expected a holding register with 18 words of room'))
    }
    if (profile.kind === 'ups') {
      faults.push(source.fault(['command_at'], 'a UPS is never written', 'key'))
    }
  }
  return faults
}

const upsStates = ['on mains', 'on battery', 'bypass', 'off']
const upsFlags = ['battery_low', 'replace_battery']

function signalWrong(
  key: string,
  signal: SignalEntry,
  kind: Profile['kind'],
): { readonly key: string; readonly message: string } | undefined {
  const shape = valueWrong(signal)
  if (shape !== undefined) return shape
  if (kind === 'unit') {
    const isBlock = signal.type === 'words' && signal.words === 22
    if (key === 'status' && !isBlock) return { key: 'type', message: 'expected words, 22 of them' }
    return undefined
  }
  if (key === 'state') {
    const words = Object.values(signal.names ?? {})
    const stranger = words.find((word) => !upsStates.includes(word))
    if (words.length === 0 || stranger !== undefined) {
      return { key: 'names', message: `expected only the words ${upsStates.join(', ')}` }
    }
  }
  // The decisions compare these with 1.
  if (upsFlags.includes(key) && (signal.type === 'bit' || signal.type === 'bool')) {
    return { key: 'type', message: 'expected a number that is 1 when the condition holds' }
  }
  return undefined
}

/** What is wrong between the address, the type and the decoding of one signal or tag. */
export function valueWrong(
  signal: Omit<SignalEntry, 'type' | 'words'> & {
    readonly type: string
    readonly words?: number | undefined
  },
): { readonly key: string; readonly message: string } | undefined {
  const parsed = parseRegister(signal.at)
  if ('wrong' in parsed) return { key: 'at', message: parsed.wrong }
  const { area, address, bit } = parsed
  const coil = area === 'co' || area === 'di'
  if (coil && signal.type !== 'bool') {
    return {
      key: 'type',
      message: `${area} holds single bits; expected bool, found "${signal.type}"`,
    }
  }
  if (!coil && signal.type === 'bool') {
    return {
      key: 'type',
      message: `${area} holds words; expected bit with an address such as hr:110.0`,
    }
  }
  if (signal.type === 'bit' && bit === undefined) {
    return { key: 'at', message: `a bit needs its number; expected ${area}:${address}.0 or so` }
  }
  if (signal.type !== 'bit' && bit !== undefined) {
    return { key: 'at', message: `only the type bit takes a bit number; leave ".${bit}" away` }
  }
  if ((signal.type === 'words') !== (signal.words !== undefined)) {
    return { key: 'words', message: 'the type words needs the key words, and no other type has it' }
  }
  const last = address + wordCount(signal) - 1
  if (last > 65_535) return { key: 'at', message: `reaches to ${area}:${last}; the last is 65535` }
  return scalingWrong(signal)
}

function scalingWrong(signal: {
  readonly type: string
  readonly scale: number
  readonly offset: number
  readonly names?: Readonly<Record<string, string>> | undefined
}): { readonly key: string; readonly message: string } | undefined {
  const scaled = signal.scale !== 1 || signal.offset !== 0
  const plain = signal.type === 'bit' || signal.type === 'bool' || signal.type === 'words'
  const key = signal.scale !== 1 ? 'scale' : 'offset'
  if (plain && scaled) return { key, message: `${signal.type} cannot be scaled` }
  const float = signal.type.startsWith('float')
  if (signal.names !== undefined && (plain || float || scaled)) {
    return { key: 'names', message: 'only whole numbers without scale and offset can have names' }
  }
  return undefined
}

/** Registers that a value takes; 1 for bits and coils. */
export function wordCount(signal: {
  readonly type: string
  readonly words?: number | undefined
}): number {
  if (signal.type === 'words') return signal.words ?? 1
  if (signal.type.endsWith('64')) return 4
  return signal.type.endsWith('32') ? 2 : 1
}
