// What the doors show: one snapshot of everything, the evidence that a person judges, and the words of gates and steps. It is
// JSON as it stands here, for the browser, the terminal and every other client.

import type { AlarmRatesView, AlarmView } from './alarms/shown.ts'
import type { Budget, BumpReport, TagForecast } from './bump/bump-view.ts'
import type { DeviceId, Mode, Role, UnitId } from './plant.ts'
import type { QualifyingView } from './policy/qualifying-view.ts'

export type Weight = 'hard' | 'overridable'

/** A gate that is not met. `value` is what was found, in words. */
export type Obstacle = {
  readonly gate: string
  readonly weight: Weight
  readonly title: string
  readonly value: string
  readonly threshold: string
  readonly ageMs?: number
  readonly clearsWhen: string
}

export type GateResult = {
  readonly gate: string
  readonly title: string
  readonly met: 'yes' | 'no' | 'unknown' | 'overridden'
  readonly weight: Weight
  readonly value: string
  readonly threshold: string
  readonly ageMs?: number
  readonly clearsWhen: string
}

export type SwitchoverKind = 'planned' | 'assisted' | 'recovery' | 'retry' | 'restore' | 'adopt'

export type PlanStep = { readonly text: string; readonly limitMs: number }

export type EvidenceUnit = {
  readonly role: Role
  readonly presence: Presence
  readonly program: string
  readonly firmware: string
  readonly configuration: string
  readonly epoch: number
  readonly conditions: string
}

/** What the operator is shown and confirms. `hash` covers all other fields. */
export type Evidence = {
  readonly hash: string
  readonly revision: number
  readonly pair: string
  readonly kind: SwitchoverKind
  readonly from?: UnitId
  readonly to?: UnitId
  readonly question: string
  readonly epoch: number
  readonly configDigest: string
  readonly takenWallMs: number
  readonly units: { readonly A: EvidenceUnit; readonly B: EvidenceUnit }
  readonly sync: { readonly verdict: SyncVerdict; readonly sentence: string }
  readonly gates: readonly GateResult[]
  readonly tags: readonly TagView[]
  readonly alarms: readonly string[]
  readonly plan: readonly PlanStep[]
  /** Says that nobody need confirm; absent where a person must. */
  readonly automatic?: string
  /** What it would do to the tags that are marked `bump`; absent where there are none. */
  readonly forecast?: readonly TagForecast[]
  /** How long the process stays within its limits without control; absent where no tag has limits. */
  readonly budget?: Budget
  readonly risks: readonly string[]
  readonly wayBack: string
}

export type Presence =
  | 'answering'
  | 'lost'
  | 'frozen'
  | 'swapped'
  | 'damaged'
  /** Its paths tell different stories. */
  | 'disputed'
  | 'unread'
export type SyncVerdict = 'in sync' | 'different' | 'cannot tell'

export type TagView = {
  readonly name: string
  readonly class: string
  readonly critical: boolean
  readonly units: string
  readonly tolerance: number
  readonly a: string
  readonly b: string
  readonly verdict: SyncVerdict | 'not compared' | 'not comparable'
  /** As of the newest sample. */
  readonly sinceMs?: number
  /** How long a lasting difference would stay unseen, in the mean; absent when it would not be seen within reason. */
  readonly expectedDetectionMs?: number
  /** Why it is different, or why there is no verdict. */
  readonly evidence?: string
}

/** One way to a unit, and how it stands. */
export type PathView = {
  readonly name: string
  readonly protocol: string
  readonly address: string
  /** `refused`: another device answers there. */
  readonly state: 'carries' | 'spare' | 'down' | 'refused' | 'unread'
  readonly detail: string
  readonly roundTripMs?: number
  readonly lossPct: number
  /** Since the state last changed. */
  readonly sinceMs: number
}

export type UnitView = {
  readonly unit: UnitId
  readonly device: DeviceId
  readonly location: string
  readonly presence: Presence
  readonly presenceText: string
  readonly role: Role
  readonly ageMs?: number
  readonly roundTripMs?: number
  readonly heartbeatAgeMs?: number
  readonly program?: string
  readonly firmware?: string
  readonly configuration?: string
  readonly epoch?: number
  readonly conditions: readonly string[]
  readonly powerText: string
  readonly paths: readonly PathView[]
  readonly outOfService?: { readonly by: string; readonly reason: string }
  /** It went fit and unfit again and again; the penalty halves every quarter of an hour. */
  readonly flapping?: { readonly penalty: number; readonly clearsInMs: number }
  readonly qualifying?: QualifyingView
}

export type Phase =
  | 'idle'
  | 'preparing'
  | 'proposed'
  | 'confirmed'
  | 'demoting'
  | 'promoting'
  | 'settling'
  | 'stopped'

export type StepView = {
  readonly text: string
  readonly state: 'wait' | 'now' | 'ok' | 'failed'
  readonly limitMs: number
  readonly tookMs?: number
  readonly detail?: string
}

export type SwitchoverView = {
  readonly id: string
  readonly kind: SwitchoverKind
  readonly from?: UnitId
  readonly to?: UnitId
  readonly phase: Phase
  readonly raisedBy: string
  readonly reason: string
  readonly evidence?: Evidence
  /** Time left to confirm; only while proposed. */
  readonly expiresInMs?: number
  /** Time left until the supervisor confirms it itself; only while proposed, and only where nobody need confirm. */
  readonly automaticInMs?: number
  readonly needs: {
    readonly typedName: boolean
    readonly reason: boolean
    readonly reauthentication: boolean
    readonly secondPerson: boolean
  }
  readonly confirmedBy?: string
  /** Door and session of the confirmation, such as `http 3fa2c1`. */
  readonly confirmedVia?: string
  readonly approvedBy?: string
  readonly steps: readonly StepView[]
  readonly canAbort: boolean
}

/** How a switchover ended; kept for the pair's last ones. */
export type EndedView = {
  readonly id: string
  readonly kind: SwitchoverKind
  readonly to?: UnitId
  readonly outcome: 'done' | 'refused' | 'expired' | 'revoked' | 'aborted' | 'stopped'
  readonly text: string
  readonly endedWallMs: number
  readonly by?: string
  /** Who confirmed it, and at which door; absent when nobody did. */
  readonly confirmed?: { readonly by: string; readonly via: string; readonly approver?: string }
  readonly steps: readonly StepView[]
  /** What it did to the process; only where an OPERATE left. Completed when the process has settled. */
  readonly report?: BumpReport
}

export type PairView = {
  readonly name: string
  readonly sentence: string
  readonly mode: Mode
  readonly criticality: string
  readonly phase: Phase
  readonly primary?: UnitId
  readonly pairState: 'normal' | 'both primary' | 'none primary' | 'unknown'
  readonly sync: {
    readonly verdict: SyncVerdict
    readonly sinceMs: number
    readonly coveragePct: number
    readonly sentence: string
  }
  readonly units: { readonly A: UnitView; readonly B: UnitView }
  readonly tags: readonly TagView[]
  /** Standing obstacles against a switchover to the unit that is not primary. */
  readonly obstacles: readonly Obstacle[]
  readonly target?: UnitId
  readonly ready: boolean
  readonly switchover?: SwitchoverView
  readonly stopped?: {
    readonly text: string
    readonly ways: readonly ('retry' | 'restore' | 'adopt')[]
  }
  readonly held?: string
  readonly unknownOutcome?: string
  readonly lockout?: { readonly by: string; readonly reason: string; readonly wallMs: number }
  /** On a pair that may be switched without a person: what stands against that now. */
  readonly automatic?: { readonly obstacles: readonly Obstacle[] }
  /** A unit from which the process was taken because it failed, and what becomes of the way back. */
  readonly failback?: { readonly unit: UnitId; readonly after: string; readonly text: string }
  readonly lastEnded: readonly EndedView[]
}

export type UpsView = {
  readonly name: string
  readonly verdict: 'on mains' | 'on battery' | 'off' | 'unknown'
  readonly sentence: string
  readonly chargePct?: number
  readonly runtimeS?: number
  readonly loadPct?: number
  readonly ageMs?: number
  readonly feeds: readonly string[]
  /** Runtime that the pairs it feeds ask of it for a switchover, s; 0 when it feeds none. */
  readonly neededS: number
}

/** Who has the shift. */
export type ShiftView = {
  readonly by: string
  readonly sinceWallMs: number
  readonly note: string
  /** The newest record of the journal that the person had read when they took it. */
  readonly seen: number
  /** How many things have happened since that the next one has to know; at most 50 are counted. */
  readonly news: number
}

export type View = {
  readonly site: string
  readonly mode: Mode
  readonly cycle: number
  readonly wallMs: number
  readonly configDigest: string
  readonly pairs: readonly PairView[]
  readonly ups: readonly UpsView[]
  /** All that exist, also those that ask for nothing; see `state`. */
  readonly alarms: readonly AlarmView[]
  readonly alarmRates: AlarmRatesView
  /** Absent while nobody has taken a shift. */
  readonly shift?: ShiftView
  readonly supervisor: {
    readonly startedWallMs: number
    readonly owner: string
    readonly durable: number
    readonly journal: string
    readonly cycleLateMs: number
    /** How many alarms asked for something lately, and whether that is a flood. */
    readonly alarmLoad: {
      readonly last10Min: number
      readonly lastHour: number
      readonly flood: boolean
    }
    readonly sentence: string
  }
}
