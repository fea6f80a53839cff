// Makes the plant that the rest of the program works with from a plant file that was found right. Nothing is judged here.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import type { OpcUaSettings } from '../core/opcua-settings.ts'
import {
  type GateLimits,
  type Mode,
  type Pair,
  type Plant,
  type Unit,
  type UnitId,
  type Ups,
  unitDevice,
  unitIds,
} from '../core/plant.ts'
import type { Policy } from '../core/policy/policy.ts'
import type { Tag } from '../core/tag.ts'
import { parseHostPort } from './address.ts'
import { vendorOf } from './build-command.ts'
import { unitDeviceOf, upsDeviceOf } from './build-device.ts'
import { digestOfPair } from './build-digest.ts'
import { right } from './build-path.ts'
import type { Profile, Profiles } from './profile.ts'
import type { PairEntry, PlantFile, TagEntry, UpsEntry } from './schema.ts'

/** `text` is the plant file as it was read; with the profiles' texts it makes the digest. */
export function buildPlant(file: PlantFile, text: string, profiles: Profiles): Plant {
  const devices = [
    ...file.pairs.flatMap((pair) =>
      unitIds.map((id) => {
        const profile = profileOf(profiles, pair.profile)
        const observed =
          file.mode === 'observe' || pairMode(pair.mode, profile.verified) === 'observe'
        return unitDeviceOf(pair, id, profile, observed)
      }),
    ),
    ...file.ups.map((ups) => upsDeviceOf(ups, profileOf(profiles, ups.profile))),
  ]
  return {
    site: file.site,
    cycleMs: file.cycle_ms,
    mode: file.mode,
    maintenanceWindows: file.maintenance_windows.map(windowOf),
    journalCopies: file.journal.copies,
    ...(file.recorder.keep_h > 0 && { recorder: recorderOf(file) }),
    http: httpOf(file.http),
    ...(file.opcua && { opcua: opcUaOf(file.opcua, file) }),
    usersFile: file.users,
    alarms: alarmsOf(file.alarms),
    pairs: file.pairs.map((pair) => pairOf(pair, profileOf(profiles, pair.profile))),
    ups: file.ups.map(upsOf),
    devices: Object.fromEntries(devices.map((device) => [device.id, device])),
    digest: digestOf(text, profiles),
  }
}

function httpOf({ listen, names, notice, tls, metrics }: PlantFile['http']): Plant['http'] {
  return {
    ...right(parseHostPort(listen)),
    hostNames: names,
    ...(notice !== undefined && { notice }),
    ...(tls !== undefined && { tls }),
    ...(metrics !== undefined && {
      metrics: {
        openHere: metrics.open_here,
        ...(metrics.token_file !== undefined && { tokenFile: metrics.token_file }),
      },
    }),
  }
}

function opcUaOf(entry: NonNullable<PlantFile['opcua']>, file: PlantFile): OpcUaSettings {
  const { folder, keep_days: keepDays, max_mb: maxMb, tag_s: tagS } = entry.history
  const history = { folder: folder ?? beside(file, 'history'), keepDays, maxMb, tagMs: tagS * 1000 }
  return {
    ...right(parseHostPort(entry.listen)),
    policies: entry.policies,
    pki: entry.pki,
    sessionsMax: entry.sessions,
    connectionsMax: entry.connections,
    alarmsMax: entry.alarms,
    backS: entry.back_s,
    ...(keepDays > 0 && { history }),
  }
}

const alarmsOf = (alarms: PlantFile['alarms']): Plant['alarms'] => ({
  operators: alarms.operators,
  shelvedPerPerson: alarms.shelved_per_person,
  shifts: {
    startsMin: alarms.shifts.map(
      (start) => Number(start.slice(0, 2)) * 60 + Number(start.slice(3)),
    ),
    zone: alarms.zone,
  },
  runbooks: alarms.runbooks_url?.replace(/\/?$/, '/') ?? 'docs/runbooks/',
})

function recorderOf(file: PlantFile): NonNullable<Plant['recorder']> {
  const { folder, keep_h: keepH, max_mb: maxMb } = file.recorder
  return { folder: folder ?? beside(file, 'recording'), keepH, maxMb }
}

/** A folder next to the journal's first copy. */
const beside = ({ journal }: PlantFile, name: string): string =>
  join(dirname(journal.copies[0] ?? ''), name)

/** Without a word in the plant file, a profile that nobody tried on hardware may only be watched. */
export const pairMode = (chosen: Mode | undefined, verified: boolean): Mode =>
  chosen ?? (verified ? 'supervise' : 'observe')

const pairOf = (pair: PairEntry, profile: Profile): Pair => ({
  name: pair.name,
  profile: pair.profile,
  mode: pairMode(pair.mode, profile.verified),
  peerInterlock: pair.peer_interlock === 'wired',
  criticality: pair.criticality,
  toleratesS: pair.tolerates_s,
  scanMs: pair.scan_ms,
  burstMs: pair.burst_ms,
  units: { A: unitOf(pair, 'A'), B: unitOf(pair, 'B') },
  tags: pair.tags.map(tagOf),
  sync: {
    lagMs: [pair.sync.lag_ms[0], pair.sync.lag_ms[1]],
    gatewayMs: pair.sync.gateway_ms,
    falseAlarmYears: pair.sync.false_alarm_years,
  },
  ...(pair.digest !== undefined && { digest: digestOfPair(pair, pair.digest) }),
  gates: gatesOf(pair.gates),
  policy: policyOf(pair.policy, profile),
  ...vendorPart(profile, pair.policy.accept_unfenced),
})

function vendorPart(profile: Profile, acceptUnfenced: string | undefined): Pick<Pair, 'vendor'> {
  const vendor = vendorOf(profile, acceptUnfenced)
  return vendor === undefined ? {} : { vendor }
}

function unitOf(pair: PairEntry, id: UnitId): Unit {
  const unit = pair.units[id]
  return {
    id,
    device: unitDevice(pair.name, id),
    number: unit.number ?? 0,
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
  step: stepOf(tag),
  wrapsAt: wrapsAtOf(tag),
  ...(tag.bump && { bump: true as const }),
  ...(tag.limits !== undefined && { limits: limitsOf(tag.limits) }),
})

const limitsOf = ({ low, high, rate_per_s: ratePerS }: NonNullable<TagEntry['limits']>) => ({
  ...(low !== undefined && { low }),
  ...(high !== undefined && { high }),
  ...(ratePerS !== undefined && { ratePerS }),
})

/** Smallest difference that the stored form can show, in the tag's own unit. */
const stepOf = ({ type, scale, names }: TagEntry): number =>
  type.startsWith('float') || type === 'string' || names !== undefined ? 0 : Math.abs(scale)

/** Where a counter of this form starts again; 64 bits do not wrap in the life of a plant. */
function wrapsAtOf({ type, scale }: TagEntry): number {
  const [, digits] = /^bcd(16|32)$/.exec(type) ?? []
  if (digits !== undefined) return 10 ** (Number(digits) / 4) * Math.abs(scale)
  const [, bits] = /^u?int(16|32)$/.exec(type) ?? []
  return bits === undefined ? 0 : 2 ** Number(bits) * Math.abs(scale)
}

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
  budgetMarginS: gates.budget_margin_s,
  requalifyS: gates.requalify_s,
  site: gates.site.map(({ name, tag, equals, override }) => ({
    name,
    tag,
    equals,
    ...(override !== undefined && { override }),
  })),
})

const policyOf = (policy: PairEntry['policy'], { commands }: Profile): Policy => ({
  switchover: policy.switchover,
  automaticAfterS: policy.automatic_after_s,
  confirmS: policy.confirm_s,
  typedName: policy.typed_name,
  reauthenticate: policy.reauthenticate,
  // Nothing fences a maker's command: two persons stand in for the fence unless the plant file says why not.
  secondPerson: policy.second_person ?? commands !== undefined,
  reason: policy.reason,
  failback: policy.failback,
  minIntervalS: policy.min_interval_s,
  proposeAgainS: policy.propose_again_s,
  escalateAfter: policy.escalate_after,
  settleS: policy.settle_s,
  bumpS: policy.bump_s,
})

const windowOf = ({ days, from, to, zone }: PlantFile['maintenance_windows'][number]) => ({
  days,
  fromMin: minutesOf(from),
  toMin: minutesOf(to),
  zone,
})

/** `02:30` as minutes after midnight. */
const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

const upsOf = (ups: UpsEntry): Ups => ({
  name: ups.name,
  device: ups.name,
  profile: ups.profile,
  scanMs: ups.scan_ms,
  lostMs: ups.lost_ms,
})

function profileOf(profiles: Profiles, name: string): Profile {
  const profile = profiles.get(name)
  assert(profile !== undefined, `profile ${name} was checked before`)
  return profile
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
