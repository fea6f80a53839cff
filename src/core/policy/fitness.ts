// What is remembered and known of the fitness of the two units over time: whether one goes fit and unfit again and again, and
// whether one that failed has shown since that it may be relied on.

import type { UnitId } from '../plant.ts'
import type { QualifyingView } from './qualifying-view.ts'

export type FlapMemory = {
  /** As of `atMs`; it halves every quarter of an hour from there. */
  readonly penalty: number
  readonly atMs: number
  readonly fit: boolean
  readonly flapping: boolean
}

/** A unit that failed, or that a person has put back into service, and has not qualified since. */
export type QualifyingMemory = {
  readonly why: string
  readonly sinceMs: number
  /** Since when it answers without a break; absent while it does not. */
  readonly steadyMs?: number
}

export type UnitFitnessMemory = {
  readonly flap: FlapMemory
  readonly qualifying?: QualifyingMemory
}
export type FitnessMemory = Readonly<Record<UnitId, UnitFitnessMemory>>

/** What the gates, the alarms and the doors are told of one unit. */
export type UnitFitness = {
  /** Present while the unit is held to be flapping. */
  readonly flapping?: { readonly penalty: number; readonly clearsInMs: number }
  /** Present while the unit re-qualifies. */
  readonly qualifying?: QualifyingView
}
export type Fitness = Readonly<Record<UnitId, UnitFitness>>

/** Nothing is known against either unit. */
export const soundFitness: Fitness = { A: {}, B: {} }
