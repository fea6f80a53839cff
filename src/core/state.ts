// What the supervisor remembers from cycle to cycle, and nothing else: every fact that can be derived is derived anew.

import type { AlarmMemory } from './alarms/alarm-memory.ts'
import type { BumpMemory } from './bump/bump-memory.ts'
import type { Entry } from './ledger.ts'
import type { PairMemory } from './pair.ts'
import type { FitnessMemory } from './policy/fitness.ts'
import type { Normal } from './policy/foreign-change.ts'
import type { UpsMemory } from './power.ts'
import type { UnitMemory } from './presence.ts'
import type { ShiftMemory } from './shift-handover.ts'
import type { StandingMemory } from './standing.ts'
import type { SwitchoverMemory } from './switchover/switchover-memory.ts'
import type { DigestMemory } from './sync/digest-memory.ts'
import type { SyncMemory } from './sync/sync-memory.ts'
import type { PairView } from './view.ts'

/** What the doors were last shown of a pair, and of which state of its tags that was made. */
export type Shown = { readonly view: PairView; readonly tagsVersion: number }

export type PairState = {
  readonly units: { readonly A: UnitMemory; readonly B: UnitMemory }
  readonly roles: PairMemory
  readonly sync: SyncMemory
  /** Only of a pair with digests, from its first cycle on. */
  readonly digest?: DigestMemory
  readonly standing: StandingMemory
  readonly fitness: FitnessMemory
  /** What was so while the pair last had exactly one primary. */
  readonly normal?: Normal
  readonly switchover: SwitchoverMemory
  readonly bump: BumpMemory
  readonly shown?: Shown
}

export type State = {
  readonly nextSeq: number
  readonly owner: number
  readonly startedWallMs: number
  /** Records that the first cycle writes: the start, and what the restart found. */
  readonly startEntries: readonly Entry[]
  readonly clock?: {
    readonly nowMs: number
    readonly wallMs: number
    readonly disturbedMs?: number
  }
  /** The journal has not moved on from this record since then, and later ones wait. */
  readonly unsynced?: { readonly durable: number; readonly sinceMs: number }
  readonly pairs: Readonly<Record<string, PairState>>
  readonly ups: Readonly<Record<string, UpsMemory>>
  readonly alarms: AlarmMemory
  /** Absent in recordings of older versions. */
  readonly shift?: ShiftMemory
}
