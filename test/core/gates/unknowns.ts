// Every way in which something can be not known: what a device's scans, or what the supervisor knows of itself, then look like.

import type { Fault, PathReport, Scan, Value } from '../../../src/core/image.ts'
import { withoutChecksum, withStatusWords, withValues } from './asking.ts'

type Bend = (scan: Scan) => Scan

const faults: readonly Fault[] = [
  'unreachable',
  'timeout',
  'connection-lost',
  'exception',
  'bad-answer',
  'not-asked',
]

const failed =
  (fault: Fault): Bend =>
  ({ sentMs, receivedMs, path }) => ({
    kind: 'failed',
    sentMs,
    receivedMs,
    path,
    fault,
    detail: 'tried',
  })

/** What a value can be instead of a known one. */
export const unknownValues: Readonly<Record<string, Value | undefined>> = {
  'missing from the scan': undefined,
  'marked as not known by the device': { unknown: 'raw 65535 means not known' },
  'not a number': Number.NaN,
}

/** A unit that says nothing which may be believed: each way turns every one of its scans. */
export const unknownUnits: Readonly<Record<string, Bend>> = {
  ...Object.fromEntries(faults.map((fault) => [`every scan fails: ${fault}`, failed(fault)])),
  'no status block in the scan': withValues({ status: undefined }),
  'a status block that the device marks as not known': withValues({ status: { unknown: 'bad' } }),
  'a status block of another type': withValues({ status: Number.NaN }),
  'a status block that is too short': withValues({ status: [0xc511, 12] }),
  'a status block full of zeros': withValues({ status: Array.from({ length: 22 }, () => 0) }),
  'a damaged status block': withoutChecksum,
  'the number of another unit': withStatusWords((words) => {
    words[1] = 99
  }),
  'a heartbeat that stands still': withStatusWords((words) => {
    words[17] = 4711
  }),
}

/** A unit that is believed in everything else and does not tell its role. */
export const unknownRoles: Readonly<Record<string, Bend>> = {
  'a role that is not known': withStatusWords((words) => {
    words[13] = 0
  }),
  'a role that does not exist': withStatusWords((words) => {
    words[13] = 7
  }),
}

/** Two paths to one unit that show different roles: one of them lies. */
export const disputed = (reports: readonly PathReport[]): readonly PathReport[] =>
  reports.map((report, index) => {
    if (index === 0 || report.newest === undefined) return report
    const other = withStatusWords((words) => {
      words[13] = words[13] === 1 ? 2 : 1
    })(report.newest)
    return other.kind === 'answered' ? { ...report, newest: other } : report
  })

/** Signals of a unit besides its status block, and the gate that looks at each. */
export const unitSignals: Readonly<Record<string, string>> = {
  program: 'program',
  firmware: 'program',
  configuration: 'program',
  scan_time_ms: 'load',
  load_pct: 'load',
  'tag:LEVEL.SP': 'sync',
  'tag:PID.I': 'sync',
  'tag:MODE': 'sync',
}

/** Gates that rest on what a unit says of itself, besides those that ask whether it says anything at all. */
export const restOnTarget = [
  'identity',
  'roles',
  'running',
  'commandable',
  'io',
  'forced',
  'program',
  'sync',
  'load',
] as const
export const restOnPrimary = [
  'identity',
  'roles',
  'commandable',
  'forced',
  'program',
  'sync',
] as const

/** A UPS of which it is not known whether it would carry its unit. */
export const unknownUps: Readonly<Record<string, Bend>> = {
  ...Object.fromEntries(faults.map((fault) => [`every scan fails: ${fault}`, failed(fault)])),
  'no state in the scan': withValues({ state: undefined }),
  'a state that is marked as not known': withValues({ state: { unknown: 'raw 65535' } }),
  'a state that nobody knows': withValues({ state: 'eco mode' }),
  'a gateway that has lost it': withValues({ comm_lost: true }),
  'a gateway that does not say whether it has lost it': withValues({
    comm_lost: { unknown: 'exception' },
  }),
  'values that are too old': withValues({ age_s: 3600 }),
  'values whose age is not known': withValues({ age_s: { unknown: 'raw 65535' } }),
  'a heartbeat that stands still': withValues({ heartbeat: 4711 }),
  'on battery, runtime missing': withValues({ state: 'on battery', runtime_s: undefined }),
  'on battery, runtime not known': withValues({
    state: 'on battery',
    runtime_s: { unknown: 'raw 65535' },
  }),
  'on battery, runtime not a number': withValues({ state: 'on battery', runtime_s: Number.NaN }),
  'on battery, runtime impossible': withValues({ state: 'on battery', runtime_s: 1e9 }),
  'on battery, no word on whether the battery is low': withValues({
    state: 'on battery',
    runtime_s: 3600,
    battery_low: { unknown: 'exception' },
  }),
}
