// What is remembered of a pair's switchovers from cycle to cycle, and what the stages of one cycle share.

import type { Action, Opcode } from '../block.ts'
import type { BumpMemory } from '../bump/bump-memory.ts'
import type { Input, Person } from '../cycle.ts'
import type { GateContext } from '../gates/gate-context.ts'
import type { Ledger } from '../ledger.ts'
import type { PairFacts, UnitPair } from '../pair.ts'
import type { Pair, Plant, UnitId } from '../plant.ts'
import type { Fitness } from '../policy/fitness.ts'
import type { UpsFacts } from '../power.ts'
import type { SyncFacts } from '../sync/judge-sync.ts'
import type { EndedView, Evidence, PathView, Phase, SwitchoverKind } from '../view.ts'
import type { Claim, Exchange, LateUnit } from './exchange.ts'
import type { VendorWrite } from './vendor-write.ts'

export type StepKey = 'claim' | 'demote' | 'promote' | 'settle' | 'adopt'
export type Step = {
  readonly key: StepKey
  readonly text: string
  readonly limitMs: number
  readonly startedMs?: number
  readonly endedMs?: number
  readonly failed?: string
}

export type Confirmation = {
  readonly by: Person
  readonly approver?: Person
  readonly seq: number
  readonly hash: string
  readonly expiresMs: number
}

/** A switchover that is under way. */
export type Switchover = {
  readonly id: string
  readonly kind: SwitchoverKind
  readonly from?: UnitId
  readonly to: UnitId
  readonly raisedBy: string
  readonly reason: string
  readonly overrides: readonly string[]
  /** The unit from which the process is taken because it failed. */
  readonly failed?: UnitId
  /** The supervisor's own proposal to go back to a unit that had failed. */
  readonly failback?: true
  /** The supervisor confirms it itself at this time, if nobody has answered; without a time before evidence is shown. */
  readonly automatic?: { readonly atMs?: number }
  readonly phase: Exclude<Phase, 'idle' | 'stopped'>
  readonly sinceMs: number
  /** True once an OPERATE was handed to a driver. */
  readonly operated: boolean
  readonly claim: Claim
  readonly claims: readonly Exchange[]
  readonly claimed: Readonly<Partial<Record<UnitId, number>>>
  readonly evidence?: Evidence
  /** Evidence shown before, newest last, to tell a late answer what has changed since. */
  readonly earlier: readonly Evidence[]
  readonly deadlineMs: number
  readonly confirmation?: Confirmation
  readonly exchange?: Exchange
  /** The write of a maker's command that is on its way. */
  readonly write?: VendorWrite
  /** The end that waits until the selection is cancelled. */
  readonly ending?: Ending
  readonly steps: readonly Step[]
  readonly mayActLate?: LateUnit
}
export type Ending = {
  readonly outcome: EndedView['outcome']
  readonly text: string
  readonly by: string
}

/** An OPERATE that may or may not have been carried out. */
export type UnknownOutcome = {
  readonly unit: UnitId
  readonly action: Action
  readonly claim: Claim
  readonly seq: number
  /** A read sent after this time that finds the unit idle proves that the block can no longer act. */
  readonly settledAfterMs: number
  /** A maker's command that was to make this unit primary: it has no number, so only the roles or a person can tell. */
  readonly makersCommand?: UnitId
}

/** A switchover that stopped half way and waits for a person. */
export type Stopped = {
  readonly text: string
  /** The unit from which the process was being taken because it failed. */
  readonly failed?: UnitId
  readonly from?: UnitId
  readonly to: UnitId
  readonly mayActLate?: LateUnit
  /** Who said what no read could settle. Nobody relies on that word alone: the way out then needs a second person. */
  readonly attestedBy?: string
}

/** The matter of a unit that failed. */
export type Failback = {
  /** The process was taken from it. */
  readonly unit: UnitId
  /** Id of the switchover that took it. */
  readonly after: string
  /** Who said no; nothing more is proposed until the unit has failed and qualified once more. */
  readonly rejectedBy?: string
  /** Proposals that nobody answered. */
  readonly unanswered: number
  readonly notBeforeMs: number
}

export type OpenBlock = {
  readonly commandId: string
  readonly switchover: string
  readonly opcode: Opcode
  readonly epoch: number
  readonly seq: number
  readonly handedMs: number
  readonly judgeByMs: number
}

export type SwitchoverMemory = {
  readonly current?: Switchover
  readonly stopped?: Stopped
  /** Why no order is taken before a person resumes the pair. */
  readonly held?: string
  readonly unknown?: UnknownOutcome
  readonly lastBlockSeq: number
  /** Blocks that a unit may still have to judge: nothing else is written to it meanwhile. */
  readonly openBlocks: Readonly<Partial<Record<UnitId, OpenBlock>>>
  readonly epochFloor: number
  readonly lastSwitchedMs?: number
  readonly proposeAfterMs: number
  /** The lost unit for which a proposal was rejected: not proposed again until the situation has changed. */
  readonly rejectedFor?: UnitId
  /** Proposals after a loss that nobody answered: how many in a row, and since when nobody is known to be in control. */
  readonly unanswered?: {
    readonly last: string
    readonly count: number
    readonly sinceWallMs: number
  }
  readonly failback?: Failback
  /** Since a restart no person has ordered anything about the pair: the supervisor proposes nothing of its own. */
  readonly unresumed?: true
  readonly ended: readonly EndedView[]
  readonly count: number
}

export const newSwitchoverMemory = (): SwitchoverMemory => ({
  lastBlockSeq: 0,
  openBlocks: {},
  epochFloor: 0,
  proposeAfterMs: 0,
  ended: [],
  count: 0,
})

/** What this cycle has found about one pair before its switchover is looked at. */
export type PairCycle = PairFound & { readonly fitness: Fitness }

/** The same, before the units' fitness over time is judged. */
export type PairFound = {
  readonly plant: Plant
  readonly pair: Pair
  readonly owner: number
  readonly units: UnitPair
  readonly lastValues: GateContext['lastValues']
  readonly roles: PairFacts
  readonly sync: SyncFacts
  readonly ups: Readonly<Record<string, UpsFacts>>
  readonly paths: { readonly A: readonly PathView[]; readonly B: readonly PathView[] }
  readonly lockout?: string
  readonly outOfService: { readonly A?: string; readonly B?: string }
  readonly activeAlarms: readonly string[]
  readonly blockingAlarms: readonly string[]
  /** Another unit turned out to be primary in this cycle, and no OPERATE of ours was to make it so. */
  readonly changedByOthers: boolean
  readonly clockDisturbedMs?: number
  readonly journalWaitsMs?: number
  readonly bump: BumpMemory
  readonly input: Input
  readonly ledger: Ledger
}
