// What must hold between different places of a plant file: names, journal folders, profiles and modes. The rules on devices,
// tags and times stand in files of their own. A rule looks only at parts that are right in themselves, so that one fault does
// not hide another.

import path from 'node:path'
import { isWrong, parseHostPort } from './address.ts'
import { deviceRules } from './device-rules.ts'
import { digestRules } from './digest-rules.ts'
import { makersCommandRules } from './makers-command-rules.ts'
import { policyRules } from './policy-rules.ts'
import type { Profile, Profiles } from './profile.ts'
import { reachRules } from './reach-rules.ts'
import type { ConfigFault, Source } from './source.ts'
import { tagRules } from './tag-rules.ts'
import { timeRules } from './time-rules.ts'
import { each, type Finding, field, repeated, type Tree, textOf, top } from './tree.ts'

/** Judges everything that the schema alone cannot. `profiles` are those that were found and are right. */
export function plantRules(
  source: Source,
  profiles: Profiles,
): { readonly faults: readonly ConfigFault[]; readonly warnings: readonly ConfigFault[] } {
  const root = top(source.value)
  const findings = [
    ...nameRules(root),
    ...journalRules(root),
    ...doorRules(root),
    ...profileRules(root, profiles),
    ...deviceRules(root, profiles),
    ...reachRules(root, profiles),
    ...tagRules(root, profiles),
    ...timeRules(root, profiles),
    ...policyRules(root, profiles),
    ...digestRules(root, profiles),
    ...makersCommandRules(root, profiles),
  ]
  const told = (wanted: boolean) =>
    findings
      .filter((finding) => (finding.warning === true) === wanted)
      .map((finding) => source.fault(finding.at.path, finding.message))
  return { faults: told(false), warnings: told(true) }
}

// Case does not tell two names apart: an operator who types one of them must not mean the other.
function nameRules(root: Tree): readonly Finding[] {
  const lower = (place: Tree): string | undefined => textOf(place)?.toLowerCase()
  const devices = [...each(field(root, 'pairs')), ...each(field(root, 'ups'))]
  const names = devices.map((device) => field(device, 'name'))
  return repeated(names, (first) => `the name "${textOf(first)}" is taken already`, lower)
}

function journalRules(root: Tree): readonly Finding[] {
  const copies = each(field(field(root, 'journal'), 'copies'))
  const folder = (place: Tree): string | undefined => {
    const text = textOf(place)
    return text === undefined ? undefined : path.resolve(text)
  }
  const same = repeated(copies, () => 'this copy is in the same folder as another', folder)
  const inside = copies.flatMap((copy): readonly Finding[] => {
    const own = folder(copy)
    const outer = copies.find((other) => {
      const theirs = folder(other)
      return own !== undefined && theirs !== undefined && own.startsWith(theirs + path.sep)
    })
    if (outer === undefined) return []
    return [{ at: copy, message: `this copy is inside the folder of another, ${textOf(outer)}` }]
  })
  const lonely: readonly Finding[] =
    copies.length === 1 && copies[0] !== undefined
      ? [{ at: copies[0], message: 'there is only one copy of the journal', warning: true }]
      : []
  return [...same, ...inside, ...lonely]
}

function doorRules(root: Tree): readonly Finding[] {
  const web = field(root, 'http')
  const http = field(web, 'listen')
  const opcua = field(root, 'opcua')
  const listen = field(opcua, 'listen')
  const open =
    'other machines can reach this door and there is no TLS: passwords can be read on the network; set http.tls'
  const httpHost = hostOf(http)
  return [
    ...wrongPlace(http),
    ...wrongPlace(listen),
    ...(httpHost === undefined || loopback.includes(httpHost) || field(web, 'tls').value
      ? []
      : [{ at: http, message: open, warning: true as const }]),
    ...repeated([http, listen], (first) => `${textOf(first)} is taken by another door`, textOf),
    ...each(field(opcua, 'policies'))
      .filter((policy) => textOf(policy) === 'None')
      .map(
        (at): Finding => ({
          at,
          message:
            'clients may connect without signature and encryption; anybody on the network can read and change what they send',
          warning: true,
        }),
      ),
  ]
}

const loopback = ['127.0.0.1', '::1', 'localhost']

const wrongPlace = (at: Tree): readonly Finding[] => {
  const parsed = parseHostPort(textOf(at) ?? 'host:1')
  return isWrong(parsed) ? [{ at, message: parsed.wrong }] : []
}

function hostOf(place: Tree): string | undefined {
  const parsed = parseHostPort(textOf(place) ?? '')
  return isWrong(parsed) ? undefined : parsed.host
}

function profileRules(root: Tree, profiles: Profiles): readonly Finding[] {
  const judge = (device: Tree, kind: Profile['kind'], what: string): readonly Finding[] => {
    const at = field(device, 'profile')
    const profile = profiles.get(textOf(at) ?? '')
    if (profile === undefined || profile.kind === kind) return []
    const found = profile.kind === 'ups' ? 'UPS' : 'controller'
    return [{ at, message: `"${profile.name}" is a profile for a ${found}; ${what}` }]
  }
  return [
    ...each(field(root, 'pairs')).flatMap((pair) => [
      ...judge(pair, 'unit', 'a pair needs one for a controller'),
      ...modeFindings(root, pair, profiles),
    ]),
    ...each(field(root, 'ups')).flatMap((ups) =>
      judge(ups, 'ups', 'a UPS needs one of its own kind'),
    ),
  ]
}

function modeFindings(root: Tree, pair: Tree, profiles: Profiles): readonly Finding[] {
  const profile = profiles.get(textOf(field(pair, 'profile')) ?? '')
  if (profile === undefined || profile.kind !== 'unit' || observes(field(root, 'mode'))) return []
  const mode = field(pair, 'mode')
  const commanded = (profile.command_at ?? profile.commands) !== undefined
  if (mode.value === 'supervise' && !commanded) {
    const message = `the profile "${profile.name}" has no command block and no command of its maker: use observe`
    return [{ at: mode, message }]
  }
  if (mode.value !== undefined || profile.verified) return []
  const message =
    `the profile "${profile.name}" is not verified on hardware, so this pair is only watched; ` +
    '"mode: supervise" on the pair overrules it'
  return [{ at: field(pair, 'profile'), message, warning: true }]
}

const observes = (mode: Tree): boolean => mode.value === 'observe'
