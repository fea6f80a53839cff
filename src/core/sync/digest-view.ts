// The row of the digests among the tags: what each unit shows, the verdict, and how soon a difference would be found.

import type { Pair } from '../plant.ts'
import type { TagView } from '../view.ts'
import type { DigestMemory, SeenDigest, UnitDigests } from './digest-memory.ts'

/** As of the newest change, so that the same memory always gives the same view. No tag can have this name: it has spaces. */
export function digestView(memory: DigestMemory, pair: Pair): TagView {
  const { A, B, minute, finding, fresh, sinceMs, asOfMs } = memory
  const { verdict, text, more } = finding
  const lately =
    minute.before === undefined ? '' : `, ${minute.before} scans compared in the last minute`
  const usual = `${Math.max(A.words, B.words)} words${lately}`
  const told = [text, more].filter((part) => part !== undefined && part !== '').join(', ')
  // One digest until the scan is due, at most another one until it is worked out, one reading; in tenths of a second.
  const expectedMs = 2 * periodMs(memory[memory.primary ?? 'A'].seen) + pair.scanMs
  return {
    name: 'digest of the data',
    class: 'digest',
    critical: true,
    units: '',
    tolerance: 0,
    a: shown(A, fresh.A),
    b: shown(B, fresh.B),
    verdict,
    sinceMs: asOfMs - sinceMs,
    expectedDetectionMs: 100 * Math.ceil(expectedMs / 100),
    evidence: told === '' ? usual : told,
  }
}

function shown({ seen }: UnitDigests, fresh: boolean): string {
  const newest = seen.at(-1)
  if (newest === undefined || !fresh) return '?'
  return `${newest.root.toString(16).toUpperCase().padStart(8, '0')} of scan ${newest.scan}`
}

/** Mean time from one digest to the next, as they were seen. */
function periodMs(seen: readonly SeenDigest[]): number {
  const [first, last] = [seen[0], seen.at(-1)]
  if (first === undefined || last === undefined || seen.length < 2) return 0
  return (last.atMs - first.atMs) / (seen.length - 1)
}
