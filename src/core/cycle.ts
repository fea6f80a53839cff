// What goes into one cycle and what comes out of it. `Output` is carried out in the order in which its fields stand:
// records, then commands, then answers, then the view. Everything in `Input` was latched before the cycle began;
// nothing else is visible to the core.

import type { Image, WriteNote } from './image.ts'
import type { AccessRole, DeviceId, UnitId } from './plant.ts'
import type { Evidence, Obstacle, View } from './view.ts'

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
  /** Why these inputs are not being recorded for replay; absent while they are, or where nobody asked for it. */
  readonly recordingFault?: string
  /** Why no history is kept for SCADA clients; absent while it is, or where nobody asked for it. */
  readonly historyFault?: string
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
  /** A person ends the re-qualification of a unit. */
  | {
      readonly kind: 'qualified'
      readonly pair: string
      readonly unit: UnitId
      readonly reason: string
    }
  | { readonly kind: 'acknowledge'; readonly alarm: string; readonly comment: string }
  | { readonly kind: 'comment'; readonly alarm: string; readonly comment: string }
  /** Puts an alarm aside for some minutes, until the shift ends, or `once`: until it clears; 0 takes it back. */
  | {
      readonly kind: 'shelve'
      readonly alarm: string
      readonly minutes: number | 'shift' | 'once'
      readonly reason: string
    }
  /** Takes an alarm out of service without an end, or puts it back. */
  | {
      readonly kind: 'alarm-out-of-service'
      readonly alarm: string
      readonly on: boolean
      readonly reason: string
    }
  /** The incoming operator takes the shift, having read the journal up to this record. */
  | { readonly kind: 'handover'; readonly seen: number; readonly note: string }
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
  /** Pairs whose units are to be read in detail, because something differs and its place is looked for. */
  readonly detail: readonly string[]
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
  | 'report'
  | 'role'
  | 'identity'
  | 'verdict'
  | 'calibration'
  | 'alarm'
  | 'lockout'
  | 'out-of-service'
  | 'qualifying'
  | 'flapping'
  | 'failback'
  | 'held'
  | 'handover'
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
  /** The cycle whose input led to it, counted from the supervisor's start; absent in journals of older versions. */
  readonly cycle?: number
  /** `supervisor`, or the name of the person whose order it was. */
  readonly actor: string
  readonly pair?: string
  /** One sentence for people. */
  readonly text: string
  readonly data: { readonly [key: string]: Json }
}

/** A command that may leave now. Its intent (`intentSeq`) is durable. */
export type Command = {
  readonly id: string
  readonly pair: string
  readonly unit: UnitId
  readonly device: DeviceId
  readonly intentSeq: number
  /** The command block; empty for a maker's command. */
  readonly words: readonly number[]
  /** Which declared write of the device (a maker's command has no words of its own); absent for a block. */
  readonly declared?: number
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
