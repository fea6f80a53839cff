// Every path of a unit must find what the decisions live on: the profile's own signals, and every tag, need an address on
// each protocol that is used. A value that only one path can read would vanish when that path fails.

import { isWrong } from './address.ts'
import { oneOf } from './faults.ts'
import { protocolOf } from './path-rules.ts'
import type { Profile, Profiles } from './profile.ts'
import { type Protocol, parseSignalAddress, type WrittenAddress } from './signal-address.ts'
import { each, type Finding, field, numberOf, type Tree, textOf } from './tree.ts'
import { wordCount } from './value-rules.ts'

export function reachRules(root: Tree, profiles: Profiles): readonly Finding[] {
  const ofPairs = each(field(root, 'pairs')).flatMap((pair) => {
    const profile = profiles.get(textOf(field(pair, 'profile')) ?? '')
    const doors = ['A', 'B'].flatMap((id) => each(field(field(field(pair, 'units'), id), 'paths')))
    const used = usedBy(doors, ['modbus', 'opcua'])
    return [
      ...(profile === undefined ? [] : unreached(doors, ['modbus', 'opcua'], profile)),
      ...(profile === undefined || !isSupervised(root, pair, profile)
        ? []
        : doors.flatMap((door) => withoutBlock(door, profile))),
      ...each(field(pair, 'tags')).flatMap((tag) => [
        ...tagWrong(tag, used),
        ...(used.has('modbus') ? tagTooLong(tag, profile?.registers_max) : []),
      ]),
    ]
  })
  const ofUps = each(field(root, 'ups')).flatMap((ups) => {
    const profile = profiles.get(textOf(field(ups, 'profile')) ?? '')
    return profile === undefined ? [] : unreached([ups], ['modbus', 'nut', 'snmp'], profile)
  })
  return [...ofPairs, ...ofUps]
}

const usedBy = (doors: readonly Tree[], allowed: readonly Protocol[]): ReadonlySet<Protocol> =>
  new Set(doors.flatMap((door) => protocolOf(door, allowed) ?? []))

/** What the decisions live on; a derived one stands where all that it is derived from stands. */
const vital: Readonly<Record<Profile['kind'], readonly string[]>> = {
  unit: ['status', 'role'],
  ups: ['state'],
}

function unreached(
  doors: readonly Tree[],
  allowed: readonly Protocol[],
  profile: Profile,
): readonly Finding[] {
  const needed = vital[profile.kind].filter(
    (key) => key in profile.signals || key in profile.derive,
  )
  return doors.flatMap((door): readonly Finding[] => {
    const protocol = protocolOf(door, allowed)
    if (protocol === undefined) return []
    const lacking = needed
      .flatMap((key) => inputsOf(key, profile))
      .find((key) => !reaches(profile.signals[key]?.at, protocol))
    if (lacking === undefined) return []
    const has = allowed.filter((way) => reaches(profile.signals[lacking]?.at, way))
    const message = `the profile "${profile.name}" has no ${protocol} address for "${lacking}"; it has ${oneOf(has)}`
    return [{ at: field(door, protocol), message }]
  })
}

const isSupervised = (root: Tree, pair: Tree, { verified }: Profile): boolean => {
  const mode = field(pair, 'mode').value ?? (verified ? 'supervise' : 'observe')
  return mode === 'supervise' && field(root, 'mode').value !== 'observe'
}

/** The path that carries a unit is the one that its commands take. */
function withoutBlock(door: Tree, { name, command_at }: Profile): readonly Finding[] {
  const protocol = protocolOf(door, ['modbus', 'opcua'])
  if (command_at === undefined || protocol === undefined) return []
  const nodes = typeof command_at === 'string' ? { modbus: command_at } : command_at
  if (protocol in nodes) return []
  const message = `the profile "${name}" has no command block on ${protocol}, so no command could go this way`
  return [{ at: field(door, protocol), message }]
}

/** The signals that a key of a profile comes from: itself, or those of its rules. */
function inputsOf(key: string, profile: Pick<Profile, 'signals' | 'derive'>): readonly string[] {
  if (key in profile.signals) return [key]
  const names = (profile.derive[key] ?? []).flatMap(({ when }) => Object.keys(when))
  return [...new Set(names)].flatMap((name) => (name === key ? [] : inputsOf(name, profile)))
}

function reaches(at: WrittenAddress | undefined, protocol: Protocol): boolean {
  if (at === undefined) return false
  const parsed = parseSignalAddress(at)
  return !isWrong(parsed) && parsed[protocol] !== undefined
}

function tagWrong(tag: Tree, used: ReadonlySet<Protocol>): readonly Finding[] {
  const at = field(tag, 'at')
  const written = at.value as WrittenAddress
  const shaped = typeof written === 'string' || (typeof written === 'object' && written !== null)
  if (!shaped || isWrong(parseSignalAddress(written))) return []
  const lacking = [...used].find((protocol) => !reaches(written, protocol))
  if (lacking === undefined) return []
  const example = lacking === 'modbus' ? 'hr:100' : 'ns=2;s=X'
  const message = `no ${lacking} address, and a path of this pair is ${lacking}; expected { ${lacking}: '${example}' } here`
  return [{ at, message }]
}

/** A value is never split over two answers, so that no half of it is older than the other. */
function tagTooLong(tag: Tree, registersMax = Number.POSITIVE_INFINITY): readonly Finding[] {
  const type = textOf(field(tag, 'type')) ?? ''
  const count = wordCount({ type, words: numberOf(field(tag, 'words')) })
  if (count <= registersMax) return []
  const message = `takes ${count} registers, and this device gives at most ${registersMax} in one answer`
  return [{ at: field(tag, 'at'), message }]
}
