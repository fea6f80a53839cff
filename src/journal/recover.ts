// What the copies of a journal, as found after a crash or a fault, say together. A record that is whole on any copy survives. What is
// whole but contradicts itself is never resolved here: two different records with one number mean that somebody changed a file or
// that two supervisors wrote, and a person must look. Pure: scans in, a plan or a refusal out.

import assert from 'node:assert/strict'
import type { JournalRecord } from '../core/cycle.ts'
import { type Entry, sealRecord } from './chain.ts'
import { type Book, type Layout, type Mending, planActions } from './mend.ts'
import { contradictionText, type Gap, gapText, layoutText, strangersText } from './refusal.ts'
import type { CopyScan, SegmentScan } from './segment.ts'

export type Recovery = Book & Mending & { readonly gap?: Gap }

/** One sentence; no file may be changed then. */
export type Refusal = { readonly refusal: string }

export type RecoveryOptions = {
  /** Identity, should this turn out to be a new journal. */
  readonly freshIdentity: string
  /** Ending of the names under which damaged files are kept. */
  readonly stamp: string
  /** Makes the record that closes an accepted gap and takes its first number; without it a gap is refused. */
  readonly closeGap?: (gap: Gap) => JournalRecord
}

/** Decides what the journal is and which files must change. */
export const recover = (
  copies: readonly CopyScan[],
  options: RecoveryOptions,
): Recovery | Refusal => {
  const scans = [...new Set(copies.flatMap(({ segments }) => segments))]
  const identities = new Set(scans.flatMap(({ header }) => header?.journal ?? []))
  if (identities.size > 1) return { refusal: strangersText(copies) }
  const known = collect(scans)
  if ('clash' in known) return { refusal: contradictionText(copies, known.clash) }
  const journal = [...identities][0] ?? known.bySeq.get(1)?.prev ?? options.freshIdentity
  const chain = link(known.bySeq, journal)
  const gap = findGap(copies, known, chain.length)
  if (gap === undefined) {
    const layout = layOut(scans, chain.length + 1)
    const misfit = layout.find((_, index) => !continues(layout, index))
    if (misfit !== undefined) return { refusal: layoutText(misfit.number) }
    const book = { journal, chain, layout }
    return { ...book, ...planActions(copies, book, options.stamp) }
  }
  if (options.closeGap === undefined) return { refusal: gapText(copies, chain.length, gap) }
  chain.push(closingEntry(chain, journal, options.closeGap(gap)))
  const book = { journal, chain, layout: layOutBefore(scans, gap) }
  return { ...book, ...planActions(copies, book, options.stamp), damaged: true, gap }
}

type Known = { readonly bySeq: ReadonlyMap<number, Entry>; readonly highest: number }

const collect = (scans: readonly SegmentScan[]): Known | { readonly clash: number } => {
  const bySeq = new Map<number, Entry>()
  let clash = Number.POSITIVE_INFINITY
  let highest = 0
  for (const { header, entries } of scans) {
    // A later segment's header proves that every record before it existed.
    highest = Math.max(highest, (header?.first ?? 1) - 1)
    for (const entry of entries) {
      const { seq } = entry.record
      const other = bySeq.get(seq)
      if (other !== undefined && other.hash !== entry.hash) clash = Math.min(clash, seq)
      bySeq.set(seq, entry)
      highest = Math.max(highest, seq)
    }
  }
  return Number.isFinite(clash) ? { clash } : { bySeq, highest }
}

const link = (bySeq: ReadonlyMap<number, Entry>, journal: string): Entry[] => {
  const chain: Entry[] = []
  for (;;) {
    const next = bySeq.get(chain.length + 1)
    if (next === undefined || next.prev !== (chain.at(-1)?.hash ?? journal)) return chain
    chain.push(next)
  }
}

const closingEntry = (chain: readonly Entry[], journal: string, record: JournalRecord): Entry => {
  assert.equal(record.seq, chain.length + 1, 'the closing record takes the number of the gap')
  const prev = chain.at(-1)?.hash ?? journal
  const { bytes, hash } = sealRecord(record, prev)
  return { record, prev, hash, lengthBytes: bytes.length }
}

/** Records that existed after the first `whole` ones, as far as the copies prove it. */
const findGap = (copies: readonly CopyScan[], known: Known, whole: number): Gap | undefined => {
  const from = whole + 1
  if (known.highest > whole) {
    const later = [...known.bySeq.values()].map(({ record }) => record)
    const survivors = later.filter(({ seq }) => seq > whole).sort((a, b) => a.seq - b.seq)
    return { from, to: known.highest, survivors }
  }
  // A copy that ends soundly after the last whole record proves that nothing later was ever durable.
  if (copies.some((copy) => endsSoundly(copy, whole))) return undefined
  return copies.some(endsDamaged) ? { from, to: from, survivors: [] } : undefined
}

const endsSoundly = (copy: CopyScan, whole: number): boolean => {
  if (endsDamaged(copy)) return false
  return copy.segments.some(({ header, entries }) =>
    whole === 0 ? header !== undefined : entries.at(-1)?.record.seq === whole,
  )
}

const endsDamaged = ({ segments }: CopyScan): boolean => {
  const lastWithRecords = segments.findLastIndex(({ entries }) => entries.length > 0)
  return segments.slice(Math.max(lastWithRecords, 0)).some(({ tail }) => tail === 'damaged')
}

/** `next` is the number of the next record: where a segment begins that tells nothing about itself. */
const layOut = (scans: readonly SegmentScan[], next: number): readonly Layout[] => {
  const numbers = new Set([1, ...scans.map(({ number }) => number)])
  return [...numbers]
    .sort((a, b) => a - b)
    .map((number) => ({ number, first: number === 1 ? 1 : (firstOf(scans, number) ?? next) }))
}

/** The segments that remain when the journal ends with the record that closes the gap. */
const layOutBefore = (scans: readonly SegmentScan[], gap: Gap): readonly Layout[] => {
  const all = layOut(scans, gap.from)
  const cut = all.findIndex(({ first }, index) => first > gap.from || !continues(all, index))
  return cut === -1 ? all : all.slice(0, cut)
}

const firstOf = (scans: readonly SegmentScan[], number: number): number | undefined => {
  const same = scans.filter((scan) => scan.number === number)
  return (
    same.find(({ header }) => header !== undefined)?.header?.first ??
    same.find(({ entries }) => entries.length > 0)?.entries[0]?.record.seq
  )
}

const continues = (layout: readonly Layout[], index: number): boolean => {
  const before = layout[index - 1]
  const place = layout[index]
  return place?.number === index + 1 && (before === undefined || before.first < place.first)
}
