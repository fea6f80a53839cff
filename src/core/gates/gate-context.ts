// Everything that a gate may look at, as the stages before it have found it.

import type { BumpMemory } from '../bump/bump-memory.ts'
import type { Input } from '../cycle.ts'
import type { Value } from '../image.ts'
import type { PairFacts, UnitPair } from '../pair.ts'
import type { Pair, Plant, UnitId } from '../plant.ts'
import type { Fitness } from '../policy/fitness.ts'
import type { UpsFacts } from '../power.ts'
import type { LateUnit } from '../switchover/exchange.ts'
import type { SyncFacts } from '../sync/judge-sync.ts'
import type { PathView, SwitchoverKind } from '../view.ts'

/** `prepare`: before the claims. `operate`: from the evidence to the first OPERATE. `promote`: before the promote. */
export type Stage = 'prepare' | 'operate' | 'promote'

/** Everything that a gate may look at. */
export type GateContext = {
  readonly plant: Plant
  readonly pair: Pair
  readonly kind: SwitchoverKind
  readonly stage: Stage
  /** The unit that is to be primary; for `adopt` the one that is. */
  readonly target: UnitId
  readonly units: UnitPair
  /** Values of the last believable scan of each unit, however old. */
  readonly lastValues: { readonly A: Values; readonly B: Values }
  readonly roles: PairFacts
  readonly sync: SyncFacts
  readonly ups: Readonly<Record<string, UpsFacts>>
  readonly paths: { readonly A: readonly PathView[]; readonly B: readonly PathView[] }
  /** What the units have done lately: flapping, and re-qualification after a failure. */
  readonly fitness: Fitness
  /** The supervisor itself is to confirm, if nobody else does. */
  readonly automatic: boolean
  readonly standing: Standing
  readonly blockingAlarms: readonly string[]
  readonly clockDisturbedMs?: number
  /** How the tags move that switchovers are judged by. */
  readonly bump: BumpMemory
  /** For how long records have waited for a journal that does not move on. */
  readonly journalWaitsMs?: number
  readonly input: Pick<Input, 'nowMs' | 'lateMs' | 'lease' | 'journal'>
}
type Values = Readonly<Record<string, Value>>

/** What persons and earlier switchovers have left standing on the pair. */
export type Standing = {
  readonly lockout?: string
  readonly outOfService: { readonly A?: string; readonly B?: string }
  readonly held?: string
  readonly unknownOutcome?: string
  readonly lastSwitchedMs?: number
  readonly mayActLate?: LateUnit
}
