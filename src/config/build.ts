// Makes the plant that the rest of the program works with from a plant file that was found right. Nothing is judged here.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import {
  type Device,
  type GateLimits,
  type Mode,
  type Pair,
  type Path,
  type Plant,
  type Policy,
  type Signal,
  type Tag,
  type Unit,
  type UnitId,
  type Ups,
  unitDevice,
  unitIds,
} from '../core/plant.ts'
import { isWrong, parseDeviceAddress, parseHostPort, parseRegister } from './address.ts'
import type { Profile, Profiles, SignalEntry } from './profile.ts'
import type { PairEntry, PlantFile, TagEntry, UpsEntry } from './schema.ts'

/** `text` is the plant file as it was read; with the profiles' texts it makes the digest. */
export function buildPlant(file: PlantFile, text: string, profiles: Profiles): Plant {
  const listen = right(parseHostPort(file.http.listen))
  const devices = [
    ...file.pairs.flatMap((pair) =>
      unitIds.map((id) => unitDeviceOf(file, pair, id, profileOf(profiles, pair.profile))),
    ),
    ...file.ups.map((ups) => upsDeviceOf(ups, profileOf(profiles, ups.profile))),
  ]
  return {
    site: file.site,
    cycleMs: file.cycle_ms,
    mode: file.mode,
    journalCopies: file.journal.copies,
    http: listen,
    usersFile: file.users,
    pairs: file.pairs.map((pair) => pairOf(pair, profileOf(profiles, pair.profile))),
    ups: file.ups.map(upsOf),
    devices: Object.fromEntries(devices.map((device) => [device.id, device])),
    digest: digestOf(text, profiles),
  }
}

/** Without a word in the plant file, a profile that nobody tried on hardware may only be watched. */
export const pairMode = (chosen: Mode | undefined, verified: boolean): Mode =>
  chosen ?? (verified ? 'supervise' : 'observe')

const pairOf = (pair: PairEntry, profile: Profile): Pair => ({
  name: pair.name,
  profile: pair.profile,
  mode: pairMode(pair.mode, profile.verified),
  criticality: pair.criticality,
  toleratesS: pair.tolerates_s,
  scanMs: pair.scan_ms,
  burstMs: pair.burst_ms,
  units: { A: unitOf(pair, 'A'), B: unitOf(pair, 'B') },
  tags: pair.tags.map(tagOf),
  gates: gatesOf(pair.gates),
  policy: policyOf(pair.policy),
})

function unitOf(pair: PairEntry, id: UnitId): Unit {
  const unit = pair.units[id]
  return {
    id,
    device: unitDevice(pair.name, id),
    number: unit.number,
    location: unit.location,
    power: { anyOf: unit.power.any_of, allOf: unit.power.all_of },
    ...(unit.program !== undefined && { program: Number(unit.program) }),
  }
}

const tagOf = (tag: TagEntry): Tag => ({
  name: tag.name,
  class: tag.class,
  tolerance: tag.tolerance,
  units: tag.units,
  critical: tag.critical,
})

const gatesOf = (gates: PairEntry['gates']): GateLimits => ({
  lostMs: gates.lost_ms,
  freshMs: gates.fresh_ms,
  heartbeatMs: gates.heartbeat_ms,
  syncDwellS: gates.sync_dwell_s,
  coveragePct: gates.coverage_pct,
  verdictAgeS: gates.verdict_age_s,
  upsRuntimeS: gates.ups_runtime_s,
  scanTimeMsMax: gates.scan_time_ms_max,
  loadPctMax: gates.load_pct_max,
  site: gates.site.map(({ name, tag, equals, override }) => ({
    name,
    tag,
    equals,
    ...(override !== undefined && { override }),
  })),
})

const policyOf = (policy: PairEntry['policy']): Policy => ({
  confirmS: policy.confirm_s,
  typedName: policy.typed_name,
  reauthenticate: policy.reauthenticate,
  secondPerson: policy.second_person,
  reason: policy.reason,
  failback: policy.failback,
  minIntervalS: policy.min_interval_s,
  proposeAgainS: policy.propose_again_s,
  settleS: policy.settle_s,
})

const upsOf = (ups: UpsEntry): Ups => ({
  name: ups.name,
  device: ups.name,
  profile: ups.profile,
  scanMs: ups.scan_ms,
  lostMs: ups.lost_ms,
})

function unitDeviceOf(file: PlantFile, pair: PairEntry, id: UnitId, profile: Profile): Device {
  const observed = file.mode === 'observe' || pairMode(pair.mode, profile.verified) === 'observe'
  const commandAt =
    profile.command_at === undefined ? undefined : right(parseRegister(profile.command_at))
  return {
    id: unitDevice(pair.name, id),
    paths: pair.units[id].paths.map(pathOf),
    signals: [
      ...profileSignals(profile),
      ...pair.tags.map((tag) =>
        signalOf(`tag:${tag.name}`, { ...tag, at: addressOf(tag.at), words: undefined }),
      ),
    ],
    gapMax: profile.gap_max,
    scanMs: pair.scan_ms,
    timeoutMs: pair.timeout_ms,
    ...(commandAt !== undefined && { commandAt: commandAt.address }),
    mayWrite: !observed && commandAt !== undefined,
  }
}

const upsDeviceOf = (ups: UpsEntry, profile: Profile): Device => ({
  id: ups.name,
  paths: [pathOf(ups)],
  signals: profileSignals(profile),
  gapMax: profile.gap_max,
  scanMs: ups.scan_ms,
  timeoutMs: ups.timeout_ms,
  mayWrite: false,
})

/** The address text of a tag, in either of its two spellings. */
const addressOf = (at: TagEntry['at']): string => (typeof at === 'string' ? at : at.modbus)

function pathOf(entry: {
  readonly modbus: string
  readonly unit: number
  readonly lan?: string | undefined
}): Path {
  const { host, port } = right(parseDeviceAddress(entry.modbus))
  return {
    name: entry.lan ?? 'modbus',
    protocol: 'modbus-tcp',
    host,
    port,
    unit: entry.unit,
    ...(entry.lan !== undefined && { lan: entry.lan }),
  }
}

const profileSignals = (profile: Profile): readonly Signal[] =>
  Object.entries(profile.signals).map(([key, signal]) => signalOf(key, signal))

function signalOf(key: string, signal: SignalEntry): Signal {
  const { area, address, bit } = right(parseRegister(signal.at))
  return {
    key,
    area,
    address,
    type: signal.type,
    wordOrder: signal.word_order,
    ...(bit !== undefined && { bit }),
    ...(signal.words !== undefined && { words: signal.words }),
    scale: signal.scale,
    offset: signal.offset,
    unknownWhen: signal.unknown_when,
    ...(signal.names !== undefined && { names: signal.names }),
  }
}

function profileOf(profiles: Profiles, name: string): Profile {
  const profile = profiles.get(name)
  assert(profile !== undefined, `profile ${name} was checked before`)
  return profile
}

function right<T extends object>(parsed: T): Exclude<T, { readonly wrong: string }> {
  assert(!isWrong(parsed), 'an address that was found right before is wrong now')
  return parsed as Exclude<T, { readonly wrong: string }>
}

// The length before each text keeps two different sets of files from running into the same bytes.
function digestOf(text: string, profiles: Profiles): string {
  const hash = createHash('sha256')
  const names = [...profiles.keys()].toSorted()
  for (const part of [text, ...names.flatMap((name) => [name, profiles.get(name)?.text ?? ''])]) {
    hash.update(`${Buffer.byteLength(part)}:${part}`)
  }
  return hash.digest('hex')
}
