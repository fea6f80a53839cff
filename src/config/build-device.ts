// Makes what the field layer polls from a plant file that was found right: a device with its paths, and on each path where
// every signal stands. Nothing is judged here.

import {
  type Derived,
  type Device,
  type NodeSignal,
  type NutSignal,
  type Path,
  type RegisterSignal,
  type Signal,
  type SnmpSignal,
  type UnitId,
  unitDevice,
} from '../core/plant.ts'
import { parseRegister } from './address.ts'
import { declaredFor } from './build-command.ts'
import { buildPath, type PathEntry, right } from './build-path.ts'
import type { Profile } from './profile.ts'
import type { PairEntry, TagEntry, UpsEntry } from './schema.ts'
import { parseSignalAddress, type WrittenAddress } from './signal-address.ts'

/** A controller; `observed` forbids every write in the driver itself. */
export function unitDeviceOf(
  pair: PairEntry,
  id: UnitId,
  profile: Profile,
  observed: boolean,
): Device {
  const entries = [
    ...profileEntries(profile),
    ...pair.tags.map((tag) => ({ key: `tag:${tag.name}`, ...tag })),
  ]
  return {
    id: unitDevice(pair.name, id),
    paths: namedPaths(pair.units[id].paths, profile, entries, id),
    derived: derivedOf(profile),
    glance: glanceOf(profile, ['status', 'role', 'identity', 'heartbeat']),
    scanMs: pair.scan_ms,
    timeoutMs: pair.timeout_ms,
    mayWrite: !observed && (profile.command_at ?? profile.commands) !== undefined,
  }
}

export const upsDeviceOf = (ups: UpsEntry, profile: Profile): Device => ({
  id: ups.name,
  paths: namedPaths([ups], profile, profileEntries(profile)),
  derived: derivedOf(profile),
  glance: glanceOf(profile, ['state', 'heartbeat']),
  scanMs: ups.scan_ms,
  timeoutMs: ups.timeout_ms,
  mayWrite: false,
})

/** A device of which only the profile and one way to it are known. */
export const profileDevice = (entry: PathEntry, profile: Profile): Device => ({
  id: profile.name,
  paths: namedPaths([entry], profile, profileEntries(profile)),
  derived: derivedOf(profile),
  glance: [],
  scanMs: 1000,
  timeoutMs: 2000,
  mayWrite: false,
})

type Entry = (Profile['signals'][string] | TagEntry) & { readonly key: string }

const profileEntries = (profile: Profile): readonly Entry[] =>
  Object.entries(profile.signals).map(([key, signal]) => ({ key, ...signal }))

const derivedOf = (profile: Profile): readonly Derived[] =>
  Object.entries(profile.derive).map(([key, rules]) => ({ key, rules }))

const glanceOf = ({ signals, derive }: Profile, keys: readonly string[]): readonly string[] =>
  keys.filter((key) => key in signals || key in derive)

/** Two paths over one network get different names all the same. */
function namedPaths(
  entries: readonly PathEntry[],
  profile: Profile,
  signals: readonly Entry[],
  unit?: UnitId,
): readonly Path[] {
  const names = new Set<string>()
  return entries.map((entry) => {
    const path = pathOf(entry, profile, signals, unit)
    const name = names.has(path.name) ? `${path.name}-${names.size + 1}` : path.name
    names.add(name)
    return { ...path, name }
  })
}

function pathOf(
  entry: PathEntry,
  profile: Profile,
  entries: readonly Entry[],
  unit: UnitId | undefined,
): Path {
  const { command_at } = profile
  const register = typeof command_at === 'string' ? command_at : command_at?.modbus
  const nodes = typeof command_at === 'string' ? undefined : command_at?.opcua
  const declared = unit === undefined ? undefined : declaredFor(profile, unit)
  return buildPath(entry, {
    registers: {
      signals: entries.flatMap(registerSignal),
      gapMax: profile.gap_max,
      registersMax: profile.registers_max,
      bitsMax: profile.bits_max,
      ...(register !== undefined && { commandAt: right(parseRegister(register)).address }),
      ...(declared !== undefined && { declared }),
    },
    nodes: { signals: entries.flatMap(nodeSignal), ...(nodes !== undefined && { command: nodes }) },
    variables: entries.flatMap(nutSignal),
    objects: entries.flatMap(snmpSignal),
  })
}

const addressOf = (entry: Entry) => right(parseSignalAddress(entry.at as WrittenAddress))

const common = (entry: Entry): Signal => ({
  key: entry.key,
  type: entry.type,
  scale: entry.scale,
  offset: entry.offset,
  unknownWhen: entry.unknown_when,
  ...(entry.names !== undefined && { names: entry.names }),
})

function registerSignal(entry: Entry): readonly RegisterSignal[] {
  const { modbus } = addressOf(entry)
  if (modbus === undefined) return []
  const { word_order, byte_order, words } = entry
  return [
    {
      ...common(entry),
      ...modbus,
      wordOrder: word_order,
      byteOrder: byte_order,
      ...(words !== undefined && { words }),
    },
  ]
}

function nodeSignal(entry: Entry): readonly NodeSignal[] {
  const { opcua } = addressOf(entry)
  if (opcua === undefined) return []
  // A bit without a number is a variable that is true or false by itself.
  const type = entry.type === 'bit' && opcua.bit === undefined ? 'bool' : entry.type
  const { words } = entry
  return [{ ...common(entry), type, ...opcua, ...(words !== undefined && { words }) }]
}

function nutSignal(entry: Entry): readonly NutSignal[] {
  const { nut } = addressOf(entry)
  return nut === undefined ? [] : [{ ...common(entry), ...nut }]
}

function snmpSignal(entry: Entry): readonly SnmpSignal[] {
  const { snmp } = addressOf(entry)
  return snmp === undefined ? [] : [{ ...common(entry), ...snmp }]
}
