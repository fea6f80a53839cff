// How much is shown anew in a cycle. Making the words of a pair costs as much as deciding about it, so on a large plant the words of
// pairs at rest are made in turn. Nothing is decided by what is shown.

import { pairView } from './pair-view.ts'
import type { StandingMemory } from './standing.ts'
import type { Shown } from './state.ts'
import type { PairCycle, SwitchoverMemory } from './switchover/switchover-memory.ts'

/** So many pairs are shown anew in every cycle; a plant of this size or smaller is shown as it is in each one. */
const pairsEachCycle = 200

/** What the doors are shown of the pair in this cycle: made anew with news at once, else when it is its turn. */
export function show(
  before: Shown | undefined,
  cycle: PairCycle,
  memory: SwitchoverMemory,
  standing: StandingMemory,
  news: News,
): Shown {
  const { sync, plant, input } = cycle
  const turns = Math.ceil(plant.pairs.length / pairsEachCycle)
  const myTurn = news.index % turns === input.cycle % turns
  const anew = before === undefined || myTurn || news.told || isNews(before, cycle, memory)
  if (!anew) return before
  const tags = before?.tagsVersion === sync.version ? before.view.tags : sync.tags()
  return { view: pairView(cycle, memory, standing, tags), tagsVersion: sync.version }
}

export type News = {
  /** Place of the pair in the plant file. */
  readonly index: number
  /** An order about it came, or something about it went into the journal. */
  readonly told: boolean
}

/** True while somebody may be waiting at the screen for this pair, or when what is shown of it in few words is no longer so. */
function isNews(
  { view }: Shown,
  { units, roles, sync }: PairCycle,
  { current, stopped, unknown }: SwitchoverMemory,
): boolean {
  const { A, B } = view.units
  return (
    current !== undefined ||
    stopped !== undefined ||
    unknown !== undefined ||
    view.phase !== 'idle' ||
    view.sync.verdict !== sync.verdict ||
    view.pairState !== roles.state ||
    A.presence !== units.A.presence ||
    B.presence !== units.B.presence ||
    A.role !== units.A.role ||
    B.role !== units.B.role
  )
}
