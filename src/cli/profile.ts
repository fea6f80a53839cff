// `profile NAME`: what a device profile reads, and with a dump of registers what it makes of them. Asks no device.

import { readdirSync } from 'node:fs'
import path from 'node:path'
import { type Profile, readProfile } from '../config/profile.ts'
import { type DumpFile, readDumpFile } from '../config/register-dump.ts'
import { type ConfigFault, faultText } from '../config/source.ts'
import { differences, dumpValues, type Reading, registerMap, valueText } from './dump-values.ts'
import { exitCode } from './outcome.ts'
import { table, wrap } from './table.ts'

export type ProfileOptions = {
  readonly dump?: string
  readonly json?: boolean
  /** The plant file beside which profiles of the site's own are looked for; default: the folder where the command runs. */
  readonly plant?: string
}

/**
 * Prints one profile, or without a name the list of those that come with the product. Answers the exit code: 0, 1 when a dump
 * comes out otherwise than it expects, 2 for a profile or dump that is wrong or not there.
 */
export function profileCommand(
  name: string | undefined,
  options: ProfileOptions,
  out: (line: string) => void,
): number {
  const plant = options.plant ?? 'plant.yaml'
  if (name === undefined) return list(plant, options.json === true, out)
  const found = readProfile(name, plant)
  if (found.kind === 'absent') {
    out(`no profile "${name}"; looked for ${found.lookedAt.join(' and ')}`)
    return exitCode.usage
  }
  if (found.kind === 'faulty') return faulty(found.faults, out)
  const { profile } = found
  if (options.dump === undefined) {
    for (const line of options.json ? [JSON.stringify(plainProfile(profile))] : lines(profile)) {
      out(line)
    }
    return exitCode.ok
  }
  const read = readDumpFile(options.dump)
  if ('faults' in read) return faulty(read.faults, out)
  if (read.file.profile !== name) {
    out(`${options.dump} is a dump for "${read.file.profile}", not for "${name}"`)
    return exitCode.usage
  }
  if (registerMap(profile).path.signals.length === 0) {
    out(`no signal of "${name}" stands in registers, so a dump says nothing of it`)
    return exitCode.usage
  }
  return tryDumps(profile, read.file, options.json === true, out)
}

const productProfiles = path.join(import.meta.dirname, '../../config/profiles')

function list(plant: string, json: boolean, out: (line: string) => void): number {
  const names = readdirSync(productProfiles)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => path.basename(file, '.yaml'))
  const profiles = names.toSorted().flatMap((name) => {
    const found = readProfile(name, plant)
    return found.kind === 'read' ? [found.profile] : []
  })
  if (json) out(JSON.stringify(profiles.map(plainProfile)))
  else {
    const rows = profiles.map((one) => [one.name, one.kind, verifiedText(one), one.title ?? ''])
    for (const line of table(['profile', 'for', 'verified', 'device'], rows, 100)) out(line)
  }
  return exitCode.ok
}

const verifiedText = ({ verified }: Profile): string => (verified ? 'yes' : 'no')

function faulty(faults: readonly ConfigFault[], out: (line: string) => void): number {
  for (const fault of faults) out(faultText(fault))
  return exitCode.usage
}

const plainProfile = ({ text: _text, ...profile }: Profile): Omit<Profile, 'text'> => profile

function lines(profile: Profile): readonly string[] {
  const signals = Object.entries(profile.signals).map(([key, { at, type, scale, names }]) => [
    key,
    typeof at === 'string' ? at : Object.values(at).join(' | '),
    type,
    names === undefined ? (scale === 1 ? '' : `x ${scale}`) : Object.values(names).join(', '),
  ])
  const derived = Object.keys(profile.derive)
  return [
    `${profile.name}: ${profile.title ?? profile.kind}, verified on hardware: ${verifiedText(profile)}`,
    ...wrap(profile.source, 100, 'source: '),
    '',
    ...table(['signal', 'at', 'type', 'means'], signals, 100),
    ...(derived.length > 0 ? ['', ...wrap(derived.join(', '), 100, 'derived: ')] : []),
    ...commandLines(profile),
    ...(profile.notes.length > 0 ? [''] : []),
    ...profile.notes.flatMap((note) => wrap(note, 100, '- ')),
  ]
}

/** What would be written for a switchover, and of which class it is. */
function commandLines({ commands }: Profile): readonly string[] {
  if (commands === undefined) return []
  const { write_to, steps, idempotence, reset } = commands.switchover
  const writes = steps.map(({ at, value }) => `${JSON.stringify(value)} to ${at}`).join(', then ')
  const back = typeof reset === 'object' ? `, then ${String(reset.value)} to take it back` : ''
  const text = `write ${writes}${back}, at the ${write_to}; ${idempotence}, without a fence`
  return ['', ...wrap(text, 100, "maker's switchover: ")]
}

function tryDumps(
  profile: Profile,
  file: DumpFile,
  json: boolean,
  out: (line: string) => void,
): number {
  const map = registerMap(profile)
  const results = file.dumps.map((dump) => {
    const readings = dumpValues(map, dump)
    return { what: dump.what, readings, differences: differences(dump, readings) }
  })
  const differ = results.some((result) => result.differences.length > 0)
  if (json) out(JSON.stringify({ profile: profile.name, origin: file.origin, dumps: results }))
  else {
    out(`${profile.name}: ${file.dumps.length} dumps, ${originText[file.origin]}`)
    for (const result of results) for (const line of resultLines(result)) out(line)
  }
  return differ ? exitCode.failed : exitCode.ok
}

const originText = {
  recorded: 'recorded from a device',
  made: "made from the maker's document, not recorded from a device",
}

function resultLines(result: {
  readonly what: string
  readonly readings: readonly Reading[]
  readonly differences: readonly string[]
}): readonly string[] {
  const rows = result.readings.map(({ key, at, raw, value }) => [
    key,
    at ?? 'derived',
    raw ?? '',
    valueText(value),
  ])
  return [
    '',
    result.what,
    ...table(['signal', 'at', 'raw', 'value'], rows, 120),
    ...result.differences.map((difference) => `differs: ${difference}`),
  ]
}
