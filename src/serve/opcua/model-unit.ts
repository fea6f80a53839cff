// The variables of a unit, of its paths, of a UPS unit and of the supervisor itself.

import type { QualifyingView } from '../../core/policy/qualifying-view.ts'
import type { PathView, UnitView, UpsView, View } from '../../core/view.ts'
import { fromUnit, good, maybe, type Reading } from './reading.ts'
import type { Row } from './rows.ts'

export type UnitSubject = { readonly unit: UnitView; readonly wallMs: number }
export type PathSubject = { readonly path: PathView; readonly wallMs: number }
export type UpsSubject = { readonly ups: UpsView; readonly wallMs: number }
export type SupervisorSubject = {
  readonly view: Omit<View, 'pairs'>
  readonly wallMs: number
  /** How the history stands, in words. */
  readonly history: string
}

/** Of the unit itself, as far as it can be believed. */
const said = ({ unit, wallMs }: UnitSubject, value: Reading['value'] | undefined): Reading =>
  fromUnit(unit, wallMs, value)

export const unitRows: readonly Row<UnitSubject>[] = [
  {
    ...{ name: 'Role', type: 'UnitRole', history: true, text: 'The role that the unit reports.' },
    of: (one) => said(one, one.unit.role),
  },
  {
    ...{
      name: 'Presence',
      type: 'UnitPresence',
      history: true,
      text: 'Whether it answers and can be believed.',
    },
    of: (one) => good(one.unit.presence, one.wallMs),
  },
  {
    ...{ name: 'PresenceText', type: 'String', text: 'The same in words.' },
    of: (one) => good(one.unit.presenceText, one.wallMs),
  },
  {
    ...{
      name: 'Reachable',
      type: 'Boolean',
      history: true,
      text: 'At least one path brings answers.',
    },
    of: (one) => good(!['lost', 'unread'].includes(one.unit.presence), one.wallMs),
  },
  {
    ...{ name: 'HeartbeatAgeMs', type: 'Double', units: 'ms' },
    text: 'Time since the heartbeat moved.',
    of: (one) => said(one, one.unit.heartbeatAgeMs),
  },
  {
    ...{ name: 'ScanAgeMs', type: 'Double', units: 'ms', text: 'Age of the newest answer.' },
    of: (one) => maybe(one.unit.ageMs, one.wallMs),
  },
  {
    ...{ name: 'RoundTripMs', type: 'Double', units: 'ms', text: 'Time that the answer took.' },
    of: (one) => said(one, one.unit.roundTripMs),
  },
  {
    ...{ name: 'LogicChecksum', type: 'String', text: 'Checksum of the program.' },
    of: (one) => said(one, one.unit.program),
  },
  {
    ...{ name: 'Firmware', type: 'String', text: 'Firmware of the controller.' },
    of: (one) => said(one, one.unit.firmware),
  },
  {
    ...{ name: 'Configuration', type: 'String', text: 'Checksum of the hardware configuration.' },
    of: (one) => said(one, one.unit.configuration),
  },
  {
    ...{ name: 'Epoch', type: 'UInt32', text: 'Number of the authority that it obeyed last.' },
    of: (one) => said(one, one.unit.epoch),
  },
  {
    ...{ name: 'Conditions', type: 'String', list: true, text: 'Condition bits that are set.' },
    of: (one) => said(one, one.unit.conditions),
  },
  {
    ...{ name: 'Power', type: 'String', text: 'What its UPS units mean for it.' },
    of: (one) => good(one.unit.powerText, one.wallMs),
  },
  {
    ...{
      name: 'OutOfService',
      type: 'Boolean',
      history: true,
      text: 'Taken out of service by a person.',
    },
    of: (one) => good(one.unit.outOfService !== undefined, one.wallMs),
  },
  {
    ...{ name: 'OutOfServiceText', type: 'String', text: 'By whom, and why.' },
    of: ({ unit: { outOfService: out }, wallMs }) =>
      good(out === undefined ? '' : `${out.by}: ${out.reason}`, wallMs),
  },
  {
    ...{ name: 'Qualifying', type: 'String' },
    text: 'What it still has to show before it is relied on again; empty when nothing.',
    of: ({ unit: { qualifying }, wallMs }) =>
      good(qualifying === undefined ? '' : qualifyingText(qualifying), wallMs),
  },
  {
    ...{ name: 'Flapping', type: 'Boolean', text: 'It goes fit and unfit again and again.' },
    of: ({ unit, wallMs }) => good(unit.flapping !== undefined, wallMs),
  },
]

function qualifyingText({ why, points }: QualifyingView): string {
  const open = points.filter(({ met }) => met !== 'yes').map(({ what }) => what)
  return open.length === 0 ? why : `${why}; still open: ${open.join(', ')}`
}

/** After NE 107: 0 normal, 1 failure, 2 function check, 3 out of specification, 4 maintenance required. */
export function deviceHealth({ unit, wallMs }: UnitSubject): Reading {
  if (unit.outOfService !== undefined) return good(2, wallMs)
  if (unit.presence === 'answering') {
    return good(
      unit.paths.some(({ state }) => state === 'down' || state === 'refused') ? 4 : 0,
      wallMs,
    )
  }
  if (unit.presence === 'unread') {
    return { value: null, quality: 'BadWaitingForInitialData', atMs: wallMs }
  }
  return good(unit.presence === 'disputed' ? 3 : 1, wallMs)
}

export const pathRows: readonly Row<PathSubject>[] = [
  {
    ...{ name: 'State', type: 'PathState', text: 'How the path stands.' },
    of: ({ path, wallMs }) => good(path.state, wallMs),
  },
  {
    ...{ name: 'Detail', type: 'String', text: 'What is wrong with it.' },
    of: ({ path, wallMs }) => good(path.detail, wallMs),
  },
  {
    ...{ name: 'Address', type: 'String', text: 'Protocol and address.' },
    of: ({ path, wallMs }) => good(`${path.protocol} ${path.address}`, wallMs),
  },
  {
    ...{ name: 'RoundTripMs', type: 'Double', units: 'ms', text: 'Time that an answer took.' },
    of: ({ path, wallMs }) => maybe(path.roundTripMs, wallMs),
  },
  {
    ...{ name: 'LossPct', type: 'Double', units: '%', range: [0, 100] },
    text: 'Share of the last 100 readings that failed.',
    of: ({ path, wallMs }) => good(path.lossPct, wallMs),
  },
]

/** What the UPS itself said, with the time of its newest answer. */
const ofUps = ({ ups, wallMs }: UpsSubject, value: number | undefined): Reading =>
  maybe(value, wallMs - (ups.ageMs ?? 0))

export const upsRows: readonly Row<UpsSubject>[] = [
  {
    ...{
      name: 'Verdict',
      type: 'UpsVerdict',
      history: true,
      text: 'What the unit means for its loads.',
    },
    of: ({ ups, wallMs }) => good(ups.verdict, wallMs - (ups.ageMs ?? 0)),
  },
  {
    ...{ name: 'Sentence', type: 'String', text: 'The same in one sentence.' },
    of: ({ ups, wallMs }) => good(ups.sentence, wallMs),
  },
  {
    ...{
      name: 'ChargePct',
      type: 'Double',
      units: '%',
      range: [0, 100],
      text: 'Battery charge.',
      history: 0.5,
    },
    of: (one) => ofUps(one, one.ups.chargePct),
  },
  {
    ...{
      name: 'RuntimeS',
      type: 'Double',
      units: 's',
      text: 'Runtime left on battery.',
      history: 5,
    },
    of: (one) => ofUps(one, one.ups.runtimeS),
  },
  {
    ...{
      name: 'LoadPct',
      type: 'Double',
      units: '%',
      range: [0, 100],
      text: 'Load.',
      history: 0.5,
    },
    of: (one) => ofUps(one, one.ups.loadPct),
  },
  {
    ...{ name: 'Feeds', type: 'String', list: true, text: 'The units that it feeds.' },
    of: ({ ups, wallMs }) => good(ups.feeds, wallMs),
  },
]

export const supervisorRows: readonly Row<SupervisorSubject>[] = [
  {
    ...{ name: 'Sentence', type: 'String', text: 'The whole plant in one sentence.' },
    of: ({ view, wallMs }) => good(view.supervisor.sentence, wallMs),
  },
  {
    ...{ name: 'Site', type: 'String', text: 'Name of the site.' },
    of: ({ view, wallMs }) => good(view.site, wallMs),
  },
  {
    ...{ name: 'Mode', type: 'SupervisionMode', text: 'observe: nothing is ever written.' },
    of: ({ view, wallMs }) => good(view.mode, wallMs),
  },
  {
    ...{ name: 'StartedAt', type: 'DateTime', text: 'When the supervisor started.' },
    of: ({ view, wallMs }) => good(view.supervisor.startedWallMs, wallMs),
  },
  {
    ...{ name: 'CycleLateMs', type: 'Double', units: 'ms', text: 'How late the cycle began.' },
    of: ({ view, wallMs }) => good(view.supervisor.cycleLateMs, wallMs),
  },
  {
    ...{ name: 'Journal', type: 'String', text: 'How the copies of the journal stand.' },
    of: ({ view, wallMs }) => good(view.supervisor.journal, wallMs),
  },
  {
    ...{ name: 'History', type: 'String', text: 'Whether values are kept for later, or why not.' },
    of: ({ history, wallMs }) => good(history, wallMs),
  },
  {
    ...{ name: 'AlarmsIn10Min', type: 'UInt32', text: 'Alarms raised in the last 10 minutes.' },
    of: ({ view, wallMs }) => good(view.supervisor.alarmLoad.last10Min, wallMs),
  },
  {
    ...{
      name: 'AlarmFlood',
      type: 'Boolean',
      text: 'Alarms come faster than a person can follow.',
    },
    of: ({ view, wallMs }) => good(view.supervisor.alarmLoad.flood, wallMs),
  },
  {
    ...{ name: 'ConfigDigest', type: 'String', text: 'SHA-256 of the plant file.' },
    of: ({ view, wallMs }) => good(view.configDigest, wallMs),
  },
]
