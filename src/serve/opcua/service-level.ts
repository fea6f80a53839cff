// The ServiceLevel of OPC UA Part 4, 6.6: one byte by which clients choose between servers. A pure function, the same in every
// supervisor of a plant, so that two of them can be compared.

import type { PairView } from '../../core/view.ts'

export type LevelFacts = {
  /** All pairs as they stand; absent before they have been shown once. */
  readonly pairs?: readonly PairView[]
  /** The journal has failed, so that nothing can be commanded. */
  readonly journalFault: boolean
  /** Time since the last cycle, ms. */
  readonly quietMs: number
  readonly stopping: boolean
  /** A second supervisor stands ready to take over. */
  readonly backed: boolean
}

/** Without a new cycle for so long nothing that the server shows counts as data, ms. */
const quietMaxMs = 3_000

const maintenance = 0
const noData = 1
const degradedLowest = 2
const degradedHighest = 199
const healthyHighest = 255

/**
 * 0: clients shall leave. 1: no data. 2 to 199: degraded. 200 to 255: healthy, which only a supervisor with a ready backup is;
 * one that runs alone is degraded by definition (PRIMARY_ONLY). Within a range: the share of the units that can be read, and less
 * by half when the journal has failed.
 */
export function serviceLevel(facts: LevelFacts): number {
  if (facts.stopping) return maintenance
  if (facts.pairs === undefined || facts.quietMs > quietMaxMs) return noData
  const share = readableShare(facts.pairs)
  if (facts.journalFault) return within(degradedLowest, degradedHighest, share / 2)
  const [lowest, highest] =
    facts.backed && share === 1
      ? [degradedHighest + 1, healthyHighest]
      : [degradedLowest, degradedHighest]
  return within(lowest, highest, share)
}

function readableShare(pairs: readonly PairView[]): number {
  const units = pairs.flatMap((pair) => [pair.units.A, pair.units.B])
  if (units.length === 0) return 1
  return units.filter(({ presence }) => presence === 'answering').length / units.length
}

const within = (lowest: number, highest: number, share: number): number =>
  Math.round(lowest + (highest - lowest) * share)
