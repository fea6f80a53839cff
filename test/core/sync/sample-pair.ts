// A pair with tags of one class, for benchmarks and tests of the comparison alone.

import { loadPlant } from '../../../src/config/load.ts'
import type { Pair } from '../../../src/core/plant.ts'
import type { Tag, TagClass } from '../../../src/core/tag.ts'

/** The first pair of the demo plant with other tags; integers of 16 bits without a tolerance, unless `change` says otherwise. */
export function samplePair(
  tagClass: TagClass,
  count: number,
  scanMs: number,
  change: Partial<Tag> = {},
): Pair {
  const loaded = loadPlant(new URL('../../../config/plant.demo.yaml', import.meta.url).pathname)
  const pair = loaded.ok ? loaded.plant.pairs[0] : undefined
  if (pair === undefined) throw new Error('the demo plant has no pair')
  const tags = Array.from({ length: count }, (_, index) => ({
    name: `TAG.${index + 1}`,
    class: tagClass,
    tolerance: 0,
    units: '',
    critical: true,
    step: 1,
    wrapsAt: 65_536,
    ...change,
  }))
  return { ...pair, scanMs, tags }
}
