// What goes into one cycle and what comes out of it. `Output` is carried out in the order in which its fields stand:
// records, then commands, then answers, then the view. Everything in `Input` was latched before the cycle began;
// nothing else is visible to the core.

import type { Image, WriteNote } from './image.ts'
import type { AccessRole, DeviceId, Mode, Role, UnitId } from './plant.ts'

// ---------------------------------------------------------------- in

export type Input = {
  readonly cycle: number
  /** Monotonic ms: deadlines and ages. */
  readonly nowMs: number
  /** Wall clock, Unix ms: display and journal only. */
  readonly wallMs: number
  /** How much later than planned this cycle started. */
  readonly lateMs: number
  readonly image: Image
  readonly writes: WriteNoteList
  readonly orders: readonly Order[]
  readonly lease: Lease
  readonly journal: JournalState
  /** What the doors have to tell the journal: log-ins, refused passwords. */
  readonly audits: readonly Audit[]
}

export type Audit = {
  readonly text: string
  readonly data: { readonly [key: string]: Json }
}

export type WriteNoteList = readonly WriteNote[]

/** May we act: the authority to command. A lone supervisor always holds it. */
export type Lease = { readonly held: boolean; readonly holder: string }

/** `durable`: every record up to this number is synced on every configured copy. */
export type JournalState = { readonly durable: number; readonly fault?: string }

export type Person = {
  readonly name: string
  readonly role: AccessRole
  /** Door and session, for example `http 4f2a`. */
  readonly via: string
}

export type Order = { readonly id: string; readonly by: Person } & OrderBody
export type OrderBody =
  | {
      readonly kind: 'prepare'
      readonly pair: string
      readonly to: UnitId
      readonly reason: string
      /** Evaluate and answer, start nothing. */
      readonly dryRun: boolean
      /** Ids of overridable gates that the person takes responsibility for. */
      readonly overrides: readonly string[]
    }
  | {
      readonly kind: 'confirm'
      readonly switchover: string
      readonly evidenceHash: string
      readonly typedName?: string
      readonly reason?: string
      /** True when the door has checked the person's password again for this very order. */
      readonly reauthenticated: boolean
      /** A second person whose password the door has checked. */
      readonly approver?: Person
    }
  | { readonly kind: 'reject' | 'abort'; readonly switchover: string; readonly reason: string }
  | { readonly kind: 'extend'; readonly switchover: string }
  | {
      readonly kind: 'resolve'
      readonly pair: string
      readonly way: 'retry' | 'restore' | 'adopt' | 'resume'
      readonly reason: string
      /** A person's own statement about an outcome that no read can settle. */
      readonly attest?: string
    }
  | {
      readonly kind: 'lockout'
      readonly pair: string
      readonly on: boolean
      readonly reason: string
    }
  | {
      readonly kind: 'out-of-service'
      readonly pair: string
      readonly unit: UnitId
      readonly on: boolean
      readonly reason: string
    }
  | { readonly kind: 'acknowledge'; readonly alarm: string; readonly comment: string }
  /** The person logged out or lost the role: what they confirmed is void unless it was already carried out. */
  | { readonly kind: 'session-ended'; readonly user: string }

// ---------------------------------------------------------------- out

export type Output = {
  readonly records: readonly JournalRecord[]
  readonly commands: readonly Command[]
  readonly answers: readonly Answer[]
  readonly view: View
  /** Polling period wanted for each pair, ms. */
  readonly pace: Readonly<Record<string, number>>
}

export type RecordKind =
  | 'start'
  | 'order'
  | 'refusal'
  | 'claim-intent'
  | 'select-intent'
  | 'operate-intent'
  | 'cancel-intent'
  | 'outcome'
  | 'proposal'
  | 'confirmation'
  | 'phase'
  | 'ended'
  | 'role'
  | 'verdict'
  | 'alarm'
  | 'lockout'
  | 'out-of-service'
  | 'held'
  | 'access'
  | 'note'

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json }

/** One journal entry. `seq` starts at 1 and has no gaps; the core numbers, the journal stores. */
export type JournalRecord = {
  readonly seq: number
  readonly kind: RecordKind
  readonly wallMs: number
  readonly nowMs: number
  /** `supervisor`, or the name of the person whose order it was. */
  readonly actor: string
  readonly pair?: string
  /** One sentence for people. */
  readonly text: string
  readonly data: { readonly [key: string]: Json }
}

/** A command block that may leave now. Its intent (`intentSeq`) is durable. */
export type Command = {
  readonly id: string
  readonly pair: string
  readonly unit: UnitId
  readonly device: DeviceId
  readonly intentSeq: number
  readonly words: readonly number[]
  readonly deadlineMs: number
}

export type AnswerCode =
  | 'accepted'
  | 'obstacles'
  | 'evidence-changed'
  | 'expired'
  | 'busy'
  | 'forbidden'
  | 'not-found'
  | 'invalid'

export type Answer = {
  readonly orderId: string
  readonly code: AnswerCode
  /** What, why, and what would clear it. */
  readonly text: string
  readonly switchover?: string
  readonly obstacles?: readonly Obstacle[]
  readonly difference?: readonly string[]
  /** Evidence that holds now, when the one that was answered no longer does. */
  readonly evidence?: Evidence
}

// ---------------------------------------------------------------- gates and evidence

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
  readonly risks: readonly string[]
  readonly wayBack: string
}

// ---------------------------------------------------------------- the view

export type Presence = 'answering' | 'lost' | 'frozen' | 'swapped' | 'damaged' | 'unread'
export type SyncVerdict = 'in sync' | 'different' | 'cannot tell'

export type TagView = {
  readonly name: string
  readonly class: string
  readonly critical: boolean
  readonly units: string
  readonly tolerance: number
  readonly a: string
  readonly b: string
  readonly verdict: SyncVerdict | 'not compared'
  readonly sinceMs?: number
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
  readonly outOfService?: { readonly by: string; readonly reason: string }
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
  readonly needs: {
    readonly typedName: boolean
    readonly reason: boolean
    readonly reauthentication: boolean
    readonly secondPerson: boolean
  }
  readonly confirmedBy?: string
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
  readonly steps: readonly StepView[]
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
}

export type AlarmState = 'unacknowledged' | 'acknowledged' | 'returned'
export type AlarmView = {
  readonly id: string
  readonly priority: 1 | 2 | 3 | 4
  /** Pair, unit or UPS that it is about. */
  readonly source: string
  readonly pair?: string
  readonly state: AlarmState
  readonly condition: string
  readonly consequence: string
  readonly action: string
  readonly raisedWallMs: number
  readonly returnedWallMs?: number
  readonly acknowledgedBy?: string
}

export type View = {
  readonly site: string
  readonly mode: Mode
  readonly cycle: number
  readonly wallMs: number
  readonly configDigest: string
  readonly pairs: readonly PairView[]
  readonly ups: readonly UpsView[]
  readonly alarms: readonly AlarmView[]
  readonly supervisor: {
    readonly startedWallMs: number
    readonly owner: string
    readonly durable: number
    readonly journal: string
    readonly cycleLateMs: number
    readonly sentence: string
  }
}
