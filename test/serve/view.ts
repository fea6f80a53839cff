// Views as a supervisor in good order publishes them: each function makes a whole and plausible part, and takes what the
// test is about.

import type { AlarmView, PeriodRates } from '../../src/core/alarms/shown.ts'
import type { UnitId } from '../../src/core/plant.ts'
import type {
  Evidence,
  EvidenceUnit,
  PairView,
  SwitchoverView,
  UnitView,
  View,
} from '../../src/core/view.ts'

export function viewOf(change: Partial<View> = {}): View {
  return {
    site: 'Westhaven water works',
    mode: 'supervise',
    cycle: 1,
    wallMs: 1_772_000_000_000,
    configDigest: 'd1'.repeat(32),
    pairs: [pairOf('intake')],
    ups: [
      {
        name: 'ups-1',
        verdict: 'on mains',
        sentence: 'ups-1: on mains, 98 % charged, 52 min.',
        chargePct: 98,
        runtimeS: 3_120,
        loadPct: 41,
        ageMs: 300,
        feeds: ['intake.A'],
        neededS: 300,
      },
    ],
    alarms: [],
    alarmRates: {
      sinceWallMs: 1_771_999_000_000,
      ...{ operators: 1, floodPer10Min: 10, last10Min: 0, lastHour: 0, chattering: [], stale: [] },
      lastDay: quietPeriod,
      lastWeek: quietPeriod,
    },
    supervisor: {
      startedWallMs: 1_771_999_000_000,
      owner: '7c1d22aa',
      durable: 12,
      journal: 'two copies in step',
      cycleLateMs: 0.4,
      alarmLoad: { last10Min: 0, lastHour: 0, flood: false },
      sentence: 'supervising 2 pairs',
    },
    ...change,
  }
}

export function pairOf(name: string, change: Partial<PairView> = {}): PairView {
  return {
    name,
    sentence: `${name}: A primary, B standby, in sync 94 s; ready to switch to B.`,
    mode: 'supervise',
    criticality: 'high',
    phase: 'idle',
    primary: 'A',
    pairState: 'normal',
    sync: { verdict: 'in sync', sinceMs: 94_000, coveragePct: 100, sentence: 'in sync 94 s' },
    units: { A: unitOf(name, 'A'), B: unitOf(name, 'B') },
    tags: [
      {
        ...{ name: 'LIC301.SP', class: 'setpoint', critical: true, units: 'm', tolerance: 0.5 },
        ...{ a: '2.10', b: '2.10', verdict: 'in sync', sinceMs: 94_000 },
      },
    ],
    obstacles: [],
    target: 'B',
    ready: true,
    lastEnded: [],
    ...change,
  }
}

export const unitOf = (pair: string, unit: UnitId, change: Partial<UnitView> = {}): UnitView => ({
  unit,
  device: `${pair}.${unit}`,
  location: `rack 3${unit === 'A' ? 'L' : 'R'}`,
  presence: 'answering',
  presenceText: 'answering',
  role: unit === 'A' ? 'primary' : 'standby',
  ageMs: 120,
  roundTripMs: 4,
  heartbeatAgeMs: 90,
  program: '7F3A91C0',
  firmware: '4.12',
  configuration: '0011AABB',
  epoch: 41,
  conditions: [],
  paths: [],
  powerText: 'ups-1 on mains',
  ...change,
})

export const alarmOf = (id: string, change: Partial<AlarmView> = {}): AlarmView => ({
  ...{ id, key: id.split(':')[1] ?? id, active: true, acknowledged: false, latched: false },
  ...{ runbook: 'docs/runbooks/lost.md', comments: [] },
  ...{ priority: 2, source: 'intake.B', pair: 'intake', state: 'unacknowledged' },
  condition: 'standby B does not answer',
  consequence: 'no switchover is possible',
  action: 'check LAN 2 and the power of rack 3R',
  raisedWallMs: 1_772_000_000_000,
  ...change,
})

export const evidenceOf = (hash: string, change: Partial<Evidence> = {}): Evidence => ({
  ...{ hash, revision: 1, pair: 'intake', kind: 'planned', from: 'A', to: 'B', epoch: 41 },
  question: 'Make B the primary of intake? (A becomes standby)',
  configDigest: 'd1'.repeat(32),
  takenWallMs: 1_772_000_000_000,
  units: { A: evidenceUnitOf('primary'), B: evidenceUnitOf('standby') },
  sync: { verdict: 'in sync', sentence: 'in sync 94 s' },
  gates: [],
  tags: [],
  alarms: [],
  plan: [{ text: 'A becomes standby', limitMs: 2_000 }],
  risks: ['outputs are held for up to 500 ms'],
  wayBack: 'a switchover to A',
  ...change,
})

const evidenceUnitOf = (role: 'primary' | 'standby'): EvidenceUnit => ({
  ...{ role, presence: 'answering', program: '7F3A91C0', firmware: '4.12' },
  ...{ configuration: '0011AABB', epoch: 41, conditions: '' },
})

export const switchoverOf = (id: string, change: Partial<SwitchoverView> = {}): SwitchoverView => ({
  ...{ id, kind: 'planned', from: 'A', to: 'B', phase: 'proposed', raisedBy: 'anna' },
  reason: 'new power supply in rack 3L',
  evidence: evidenceOf('e1'),
  expiresInMs: 60_000,
  needs: { typedName: false, reason: true, reauthentication: false, secondPerson: false },
  steps: [],
  canAbort: true,
  ...change,
})

/** The pair with a proposal that waits for confirmation. */
export const proposedPair = (id: string, change: Partial<SwitchoverView> = {}): PairView =>
  pairOf('intake', { phase: 'proposed', switchover: switchoverOf(id, change) })

const quietPeriod: PeriodRates = {
  ...{ raised: 0, perHour: 0, peakHour: 0, peak10Min: 0, top: [] },
  perPriority: { 1: 0, 2: 0, 3: 0, 4: 0 },
}
