// A plant as the service would show it, for the tests of the terminal: two pairs, two UPS units, one proposal. Wall times are
// fixed, in UTC+0 terms of the machine that runs the test.

import type { AlarmView, PeriodRates } from '../../src/core/alarms/shown.ts'
import type { UnitId } from '../../src/core/plant.ts'
import type {
  Evidence,
  GateResult,
  Obstacle,
  PairView,
  SwitchoverView,
  UnitView,
  View,
} from '../../src/core/view.ts'

export const wallMs = new Date(2026, 10, 22, 14, 5, 10).getTime()

export function sampleUnit(pair: string, unit: UnitId, changes: Partial<UnitView> = {}): UnitView {
  return {
    unit,
    device: `${pair}.${unit}`,
    location: unit === 'A' ? 'rack 3L' : 'rack 3R',
    presence: 'answering',
    presenceText: `${unit} answers`,
    role: unit === 'A' ? 'primary' : 'standby',
    ageMs: unit === 'A' ? 120 : 180,
    conditions: [],
    paths: [],
    powerText: 'on mains',
    ...changes,
  }
}

export function samplePair(name: string, changes: Partial<PairView> = {}): PairView {
  return {
    name,
    sentence: `${name}: A primary, B standby, in sync 94 s; ready to switch to B.`,
    mode: 'supervise',
    criticality: 'high',
    phase: 'idle',
    primary: 'A',
    pairState: 'normal',
    sync: { verdict: 'in sync', sinceMs: 94_000, coveragePct: 100, sentence: 'in sync 94 s' },
    units: { A: sampleUnit(name, 'A'), B: sampleUnit(name, 'B') },
    tags: [],
    obstacles: [],
    target: 'B',
    ready: true,
    lastEnded: [],
    ...changes,
  }
}

export const sampleAlarm: AlarmView = {
  id: 'sync.filters',
  key: 'not-in-sync',
  priority: 2,
  source: 'filters',
  pair: 'filters',
  state: 'unacknowledged',
  condition: 'standby not in sync',
  consequence: 'switchover blocked',
  action: 'check the redundancy link',
  raisedWallMs: wallMs - 12_000,
  active: true,
  acknowledged: false,
  latched: false,
  runbook: 'docs/runbooks/not-in-sync.md',
  comments: [],
}

export function sampleView(changes: Partial<View> = {}): View {
  return {
    site: 'Westhaven water works',
    mode: 'supervise',
    cycle: 41,
    wallMs,
    configDigest: 'c0ffee',
    pairs: [samplePair('intake'), samplePair('filters')],
    ups: [
      {
        name: 'ups-1',
        verdict: 'on mains',
        sentence: 'ups-1: on mains, charge 100 %, 52 min left.',
        feeds: ['intake.A'],
        neededS: 300,
      },
      {
        name: 'ups-2',
        verdict: 'on battery',
        sentence: 'ups-2: on battery, charge 71 %, 18 min left.',
        feeds: ['intake.A', 'intake.B'],
        neededS: 300,
      },
    ],
    alarms: [sampleAlarm],
    alarmRates: {
      sinceWallMs: wallMs - 3_600_000,
      ...{ operators: 1, floodPer10Min: 10, last10Min: 0, lastHour: 0, chattering: [], stale: [] },
      lastDay: quietPeriod,
      lastWeek: quietPeriod,
    },
    supervisor: {
      startedWallMs: wallMs - 3_600_000,
      owner: '4f2a19c0',
      durable: 812,
      journal: 'two copies, sound',
      cycleLateMs: 1,
      alarmLoad: { last10Min: 0, lastHour: 0, flood: false },
      sentence: 'supervising since 13:05:10, journal sound.',
    },
    ...changes,
  }
}

export const sampleObstacle: Obstacle = {
  gate: 'sync-dwell',
  weight: 'hard',
  title: 'in sync for the dwell time',
  value: '2 s in sync',
  threshold: 'at least 5 s',
  ageMs: 150,
  clearsWhen: 'A and B stay in sync for 3 s more',
}

const gateTitles: readonly [string, string][] = [
  ['A reachable', '0.1 s'],
  ['B reachable', '0.2 s'],
  ['A heartbeat moves', '0.1 s'],
  ['B heartbeat moves', '0.2 s'],
  ['identity as configured', 'yes'],
  ['one primary, one standby', 'A, B'],
  ['both run', 'yes'],
  ['same program', '7F3A91C0'],
  ['in sync for the dwell time', '94 s'],
  ['coverage', '100 %'],
  ['no I/O forced', 'none'],
  ['B sees its I/O', 'yes'],
  ['power of B', '18 min'],
  ['minimum interval', '2 h ago'],
  ['authority held', 'yes'],
  ['journal sound', 'two copies'],
]

export const sampleGates: readonly GateResult[] = gateTitles.map(([title, value], index) => ({
  gate: `gate-${index}`,
  title,
  met: 'yes',
  weight: 'hard',
  value,
  threshold: 'as configured',
  clearsWhen: 'it is met',
}))

export function sampleEvidence(changes: Partial<Evidence> = {}): Evidence {
  const unit = {
    presence: 'answering' as const,
    program: '7F3A91C0',
    firmware: '00000412',
    configuration: '00000001',
    epoch: 17,
    conditions: '',
  }
  return {
    hash: '9f31c20a5b6d4e8f9f31c20a5b6d4e8f',
    revision: 1,
    pair: 'intake',
    kind: 'planned',
    from: 'A',
    to: 'B',
    question: 'Make B the primary of intake? (A becomes standby)',
    epoch: 18,
    configDigest: 'c0ffee',
    takenWallMs: wallMs,
    units: { A: { ...unit, role: 'primary' }, B: { ...unit, role: 'standby' } },
    sync: { verdict: 'in sync', sentence: 'in sync 94 s, 9 of 9 tags compared' },
    gates: sampleGates,
    tags: [],
    alarms: [],
    plan: [
      { text: 'A gives up control', limitMs: 6000 },
      { text: 'B takes control', limitMs: 6000 },
      { text: 'both are watched while they settle', limitMs: 2000 },
    ],
    risks: ['the process runs without control between the demote and the promote'],
    wayBack: 'none by itself; afterwards by a planned switchover to A',
    ...changes,
  }
}

export function sampleSwitchover(changes: Partial<SwitchoverView> = {}): SwitchoverView {
  return {
    id: 'S-12',
    kind: 'planned',
    from: 'A',
    to: 'B',
    phase: 'proposed',
    raisedBy: 'anna (http 4f2a)',
    reason: 'pump seal',
    evidence: sampleEvidence(),
    expiresInMs: 58_400,
    needs: { typedName: true, reason: false, reauthentication: false, secondPerson: false },
    steps: [],
    canAbort: true,
    ...changes,
  }
}

/** Thirty notes, of the two pairs in turn, as the door reads them. */
export function sampleJournal() {
  const records = Array.from({ length: 30 }, (_, index) => ({
    ...{ seq: index + 1, kind: 'note' as const, wallMs: 1_000 + index, nowMs: index },
    ...{ actor: 'supervisor', pair: index % 2 === 0 ? 'intake' : 'filters' },
    ...{ text: `note ${index + 1}`, data: {} },
  }))
  return {
    read: ({ after, limit, pair }: { after: number; limit: number; pair?: string }) =>
      records
        .filter((record) => record.seq > after && (pair === undefined || record.pair === pair))
        .slice(0, limit),
    head: () => ({ seq: records.length, hash: 'ab'.repeat(32) }),
  }
}

const quietPeriod: PeriodRates = {
  ...{ raised: 0, perHour: 0, peakHour: 0, peak10Min: 0, top: [] },
  perPriority: { 1: 0, 2: 0, 3: 0, 4: 0 },
}
