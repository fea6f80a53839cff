// What has to be done to each file so that all copies become identical, and the sentence that tells people about it. A tail that a
// crash tore is cut off and the missing records are appended; any other difference is rebuilt beside the damaged file, which is kept.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type Entry, type Header, sealHeader, sealRecord } from './chain.ts'
import { type CopyScan, type SegmentScan, segmentFile } from './segment.ts'

/** The journal as it shall stand on every copy. */
export type Book = {
  readonly journal: string
  /** Record n at place n - 1. */
  readonly chain: readonly Entry[]
  readonly layout: readonly Layout[]
}

/** Which records a segment file holds: from `first` to before the next segment's first. */
export type Layout = { readonly number: number; readonly first: number }

/** One file to change. */
export type FileAction = {
  readonly folder: string
  readonly segment: number
  /** `extend`: cut at `keepBytes`, then append. `rebuild`: keep the old file aside, write anew. `retire`: only set aside. */
  readonly way: 'extend' | 'rebuild' | 'retire'
  readonly keepBytes: number
  readonly lineEndMissing: boolean
  readonly withHeader: boolean
  /** Records to write, by number; none when `from` is above `to`. */
  readonly from: number
  readonly to: number
}

export type Mending = {
  readonly actions: readonly FileAction[]
  /** One sentence for every file that was not as it should be; empty after a clean stop. */
  readonly notes: readonly string[]
  /** Bytes were wrong in a way that a crash does not explain. */
  readonly damaged: boolean
}

/** Compares every file of every copy with the chain. `stamp` ends the names of files that are kept aside. */
export const planActions = (
  copies: readonly CopyScan[],
  { chain, layout }: Book,
  stamp: string,
): Mending => {
  const fresh = copies.every(({ segments }) => segments.length === 0)
  const steps = copies.flatMap((copy) => {
    const kept = layout.map((place, index) => {
      const next = layout[index + 1]
      return compare(copy, place, (next?.first ?? chain.length + 1) - 1, chain, stamp)
    })
    return [...kept, ...retired(copy, layout, stamp)]
  })
  const changed = steps.filter((step) => step !== undefined)
  return {
    actions: changed.map(({ action }) => action),
    notes: fresh ? [] : changed.map(({ note }) => note),
    damaged: !fresh && changed.some(({ damaged }) => damaged),
  }
}

/** The bytes that an action writes, after what it keeps. */
export const bytesOf = (book: Book, action: FileAction): Buffer => {
  const parts: Buffer[] = action.lineEndMissing ? [Buffer.from('\n')] : []
  if (action.withHeader) parts.push(sealHeader(headerOf(book, action.segment)).bytes)
  for (const entry of book.chain.slice(action.from - 1, Math.max(action.to, action.from - 1))) {
    const sealed = sealRecord(entry.record, entry.prev)
    assert.equal(sealed.hash, entry.hash, `record ${entry.record.seq} does not seal as it was read`)
    parts.push(sealed.bytes)
  }
  return Buffer.concat(parts)
}

type Step = { readonly action: FileAction; readonly note: string; readonly damaged: boolean }

const compare = (
  { folder, segments }: CopyScan,
  place: Layout,
  last: number,
  chain: readonly Entry[],
  stamp: string,
): Step | undefined => {
  const scan = segments.find(({ number }) => number === place.number)
  const file = join(folder, segmentFile(place.number))
  const common = { folder, segment: place.number, to: last }
  if (scan === undefined) {
    const action = extension(common, 0, place.first, false)
    const wrote = recordSpan(place.first, last)
    return { action, note: `${file} was missing: written anew ${wrote}`, damaged: false }
  }
  const kept = place.first + scan.clean.records - 1
  if (isPrefix(scan, place, kept, last, chain)) {
    if (isWhole(scan) && kept === last) return undefined
    const action = extension(common, scan.clean.bytes, kept + 1, scan.unterminated)
    return { action, note: `${file}: ${extensionNote(scan, kept, last)}`, damaged: false }
  }
  const action = {
    ...common,
    way: 'rebuild' as const,
    keepBytes: 0,
    lineEndMissing: false,
    withHeader: true,
    from: place.first,
  }
  const why = reasonOf(scan)
  const note = `${file}${why}; rebuilt ${recordSpan(place.first, last)}, the old file is kept as ${segmentFile(place.number)}.${stamp}`
  return { action, note, damaged: true }
}

/** True when the file is the beginning of what it should be, followed at most by a torn tail. */
const isPrefix = (
  scan: SegmentScan,
  place: Layout,
  kept: number,
  last: number,
  chain: readonly Entry[],
): boolean => {
  if (scan.flaws.length > 0 || scan.tail === 'damaged') return false
  if (scan.clean.bytes === 0) return scan.entries.length === 0
  if (scan.header?.first !== place.first || kept > last) return false
  const hash = scan.entries.at(-1)?.hash
  return hash === undefined || hash === chain[kept - 1]?.hash
}

const isWhole = ({ clean, sizeBytes, unterminated }: SegmentScan): boolean =>
  clean.bytes === sizeBytes && clean.bytes > 0 && !unterminated

const extension = (
  common: { readonly folder: string; readonly segment: number; readonly to: number },
  keepBytes: number,
  from: number,
  lineEndMissing: boolean,
): FileAction => ({
  ...common,
  way: 'extend',
  keepBytes,
  lineEndMissing,
  withHeader: keepBytes === 0,
  from,
})

const extensionNote = (scan: SegmentScan, kept: number, last: number): string => {
  const tornBytes = scan.sizeBytes - scan.clean.bytes
  const parts: string[] = []
  if (tornBytes > 0) parts.push(`torn tail of ${tornBytes} bytes cut off after record ${kept}`)
  if (scan.unterminated) parts.push(`line end of record ${kept} restored`)
  if (last > kept) parts.push(`${recordSpan(kept + 1, last).slice(5)} copied from the other copy`)
  if (parts.length === 0) parts.push('header written anew')
  return parts.join('; ')
}

const reasonOf = ({ flaws }: SegmentScan): string => {
  const [flaw] = flaws
  if (flaw === undefined) return ': does not belong to the journal as it stands'
  const more = flaws.length > 1 ? ` (and ${flaws.length - 1} more)` : ''
  return `:${flaw.line}: ${flaw.text}${more}`
}

const recordSpan = (from: number, to: number): string => {
  if (from > to) return 'without records'
  return from === to ? `with record ${from}` : `with records ${from} to ${to}`
}

const retired = (
  { folder, segments }: CopyScan,
  layout: readonly Layout[],
  stamp: string,
): readonly Step[] =>
  segments
    .filter((scan) => !layout.some(({ number }) => number === scan.number))
    .map((scan) => ({
      action: {
        folder,
        segment: scan.number,
        way: 'retire',
        keepBytes: 0,
        lineEndMissing: false,
        withHeader: false,
        from: 1,
        to: 0,
      },
      note: `${join(folder, segmentFile(scan.number))}: stands after the gap; kept as ${segmentFile(scan.number)}.${stamp}`,
      damaged: true,
    }))

/** The first line that a segment must have. */
export const headerOf = ({ chain, layout, journal }: Book, segment: number): Header => {
  const place = layout.find(({ number }) => number === segment)
  assert(place !== undefined, `segment ${segment} is not part of the journal`)
  const prev = chain[place.first - 2]?.hash ?? journal
  return { journal, segment, first: place.first, prev }
}
