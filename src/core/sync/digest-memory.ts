// What is remembered of the digests that the two units of a pair publish: the last ones of each, so that equal keys are found
// although neither unit is read at the instant of the other, and the pages of leaves while a difference is being looked for.

import type { Answered, Scan, Value } from '../image.ts'
import type { UnitId } from '../plant.ts'
import type { SyncVerdict } from '../view.ts'
import {
  type Digest,
  type DigestBlock,
  type DigestKey,
  type DigestPage,
  decodeDigestBlock,
  decodeDigestPage,
  digestSignal,
  pageSignals,
  sameKey,
  sameLife,
  scansBehind,
} from './digest-block.ts'

export type SeenDigest = Digest & {
  /** When it was first seen. */
  readonly atMs: number
}

export type UnitDigests = {
  /** Of one life of one primary, newest last. */
  readonly seen: readonly SeenDigest[]
  /** How many words the newest one covers. */
  readonly words: number
  /** When the unit was asked for the newest block that could be read. */
  readonly readMs?: number
  /** When the newest key was first seen. */
  readonly movedMs?: number
  /** Why the newest block says nothing; empty when it does. */
  readonly trouble: string
  /** Only while a difference is looked for; newest last. */
  readonly pages: readonly DigestPage[]
}

/** What the digests say: `text` stays the same while it is so, `more` has the figures. */
export type Finding = {
  readonly verdict: SyncVerdict
  readonly text: string
  readonly more?: string
}

export type DigestMemory = {
  readonly A: UnitDigests
  readonly B: UnitDigests
  readonly primary?: UnitId
  /** The newest key that both units had, whether their digests of it were equal, and when that was found. */
  readonly compared?: {
    readonly key: DigestKey
    readonly equal: boolean
    readonly atMs: number
  }
  /** Numbers of the leaves that differ, once pages with one key were seen of both units. */
  readonly leaves?: readonly number[]
  /** Since when the two hold data of two lives. */
  readonly apartMs?: number
  readonly finding: Finding
  readonly sinceMs: number
  /** Moves on whenever something is shown that was not so before; what is shown is as of `asOfMs`. */
  readonly version: number
  readonly asOfMs: number
  /** Which units were fresh then. */
  readonly fresh: { readonly A: boolean; readonly B: boolean }
  /** Comparisons in the minute that runs, and in the one before. */
  readonly minute: { readonly startMs: number; readonly count: number; readonly before?: number }
}

const nothingSeen: UnitDigests = { seen: [], words: 0, trouble: 'not read yet', pages: [] }

export const newDigestMemory = (nowMs: number): DigestMemory => ({
  A: nothingSeen,
  B: nothingSeen,
  finding: { verdict: 'cannot tell', text: 'digest: not read yet' },
  sinceMs: nowMs,
  version: 0,
  asOfMs: nowMs,
  fresh: { A: false, B: false },
  minute: { startMs: nowMs, count: 0 },
})

/** Pages that are kept of a unit: two a digest, of the last three. */
const pagesKept = 6

/** Takes in what the scans since the last cycle brought; `kept` digests are remembered. */
export function takeDigests(
  unit: UnitDigests,
  scans: readonly Scan[],
  kept: number,
  withPages: boolean,
): UnitDigests {
  let next = withPages || unit.pages.length === 0 ? unit : { ...unit, pages: [] }
  for (const scan of scans) {
    if (scan.kind !== 'answered' || scan.values[digestSignal] === undefined) continue
    next = takeBlock(next, scan, kept)
    if (withPages) next = takePages(next, scan)
  }
  return next
}

function takeBlock(unit: UnitDigests, scan: Answered, kept: number): UnitDigests {
  const block = blockIn(scan.values[digestSignal])
  if (typeof block === 'string') return { ...unit, trouble: block }
  const { words, newest, before } = block
  const known = isOlder(newest, unit.seen.at(-1)) ? [] : unit.seen
  const last = known.at(-1)
  const come = [before, newest].filter(
    (one, index, both) =>
      (last === undefined || scansBehind(last, one) > 0) &&
      !(index === 0 && sameKey(one, both[1] ?? one)),
  )
  const atMs = scan.receivedMs
  return {
    ...unit,
    words,
    readMs: scan.sentMs,
    trouble: '',
    ...(come.length > 0 && {
      seen: [...known, ...come.map((one) => ({ ...one, atMs }))].slice(-kept),
      movedMs: atMs,
    }),
  }
}

/** Another life of a primary, or one that counts from anew: nothing of before can be laid beside it. */
const isOlder = (key: DigestKey, known: DigestKey | undefined): boolean =>
  known !== undefined && (!sameLife(key, known) || scansBehind(key, known) > 0)

function blockIn(value: Value | undefined): DigestBlock | string {
  if (isWords(value)) return decodeDigestBlock(value)
  return typeof value === 'object' && 'unknown' in value ? value.unknown : 'no words'
}

function takePages(unit: UnitDigests, { values }: Answered): UnitDigests {
  const come = pageSignals.flatMap((key) => {
    const value = values[key]
    const page = isWords(value) ? decodeDigestPage(value) : undefined
    const isNew =
      typeof page === 'object' &&
      !unit.pages.some((known) => known.first === page.first && sameKey(known, page))
    return isNew ? [page] : []
  })
  return come.length === 0 ? unit : { ...unit, pages: [...unit.pages, ...come].slice(-pagesKept) }
}

const isWords = (value: Value | undefined): value is readonly number[] => Array.isArray(value)

/**
 * The leaves that differ in the newest pages that both units have with one key; undefined while there are none. The two pages of
 * a digest may be of two keys: each says what it says by itself.
 */
export function leavesApart(A: UnitDigests, B: UnitDigests): readonly number[] | undefined {
  const apart = new Map<number, readonly number[]>()
  for (const page of A.pages) {
    const other = B.pages.find((one) => one.first === page.first && sameKey(one, page))
    if (other === undefined) continue
    const leaves = page.leaves.flatMap((leaf, index) =>
      leaf === other.leaves[index] ? [] : [page.first + index],
    )
    apart.set(page.first, leaves)
  }
  return apart.size === 0 ? undefined : [...apart.values()].flat().sort((one, next) => one - next)
}
