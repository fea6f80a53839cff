// Values and digests of the two units of a pair, laid beside each other. A unit of which nothing is believed is not compared: what
// it shows may be old, or another unit's.

import type { Input } from '../cycle.ts'
import type { Pair, UnitId } from '../plant.ts'
import type { UnitFacts } from '../presence.ts'
import { judgeDigest } from './digest.ts'
import type { DigestMemory } from './digest-memory.ts'
import { judgeSync } from './judge-sync.ts'
import type { SyncMemory } from './sync-memory.ts'

/** Judges what came since the last cycle; `primary` is undefined when nobody or both are. */
export function compareUnits(
  pair: Pair,
  before: { readonly sync: SyncMemory; readonly digest?: DigestMemory },
  units: { readonly A: UnitFacts; readonly B: UnitFacts },
  { image, nowMs }: Input,
  primary: UnitId | undefined,
) {
  const imageOf = (unit: UnitId) =>
    units[unit].presence === 'answering' ? image[pair.units[unit].device] : undefined
  const images = { A: imageOf('A'), B: imageOf('B') }
  const digest =
    pair.digest && judgeDigest(before.digest, pair, pair.digest, images, primary, nowMs)
  const sync = judgeSync(before.sync, pair, images, primary, nowMs, digest?.facts)
  return { images, digest, sync }
}
