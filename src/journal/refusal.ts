// Why a journal is not opened: the sentences for what no program may decide. Each says what was found and where, that nothing was
// changed, and what a person can do.

import { join } from 'node:path'
import type { JournalRecord } from '../core/cycle.ts'
import { type CopyScan, type Found, segmentFile } from './segment.ts'

/** Records that no copy holds any more. */
export type Gap = {
  readonly from: number
  /** Highest number that is known to have existed. */
  readonly to: number
  /** Records after the gap that are whole; they are set aside, not part of the journal. */
  readonly survivors: readonly JournalRecord[]
}

/** The copies belong to different journals. */
export const strangersText = (copies: readonly CopyScan[]): string => {
  const named = copies.flatMap(({ folder, segments }) => {
    const header = segments.find((scan) => scan.header !== undefined)?.header
    return header === undefined ? [] : [`${folder} is journal ${header.journal.slice(0, 8)}`]
  })
  return (
    `journal: the copies are not of one journal (${named.join(', ')}). Nothing was changed. ` +
    'Name the right folders, or move the wrong one away and start again'
  )
}

/** One number, two records. */
export const contradictionText = (copies: readonly CopyScan[], seq: number): string =>
  `journal: record ${seq} exists in two different forms, both whole (${placesOf(copies, seq)}): a file was changed, ` +
  'or two supervisors wrote. Nothing was changed. Find out which is true, move the other folder away and start again'

/** Records are missing, or one does not follow from the one before it. `whole` records come before. */
export const gapText = (copies: readonly CopyScan[], whole: number, gap: Gap): string => {
  const broken = gap.survivors[0]?.seq === gap.from
  const what = broken
    ? `record ${gap.from} does not follow from record ${gap.from - 1}, one of them was changed (${placesOf(copies, gap.from)})`
    : `${span(gap.from, (gap.survivors[0]?.seq ?? gap.to + 1) - 1)} cannot be read on any copy (${flawsOf(copies)})`
  return (
    `journal: ${what}; ${whole} records before and ${gap.survivors.length} after are whole. Nothing was changed. ` +
    'Restore a copy from a backup, or let a named person accept the gap: the journal then goes on after ' +
    `record ${whole} and everything later is set aside`
  )
}

/** `number` is the first segment that does not continue the one before it. */
export const layoutText = (number: number): string =>
  `journal: ${segmentFile(number)} does not continue the segment before it, though no record is missing: ` +
  'files were renamed or copied by hand. Nothing was changed. Put the files back under their own names and start again'

const span = (from: number, to: number): string =>
  from >= to ? `record ${from}` : `records ${from} to ${to}`

const placesOf = (copies: readonly CopyScan[], seq: number): string => {
  const places = copies.flatMap(({ folder, segments }) =>
    segments.flatMap(({ number, entries }) =>
      entries.filter(({ record }) => record.seq === seq).map((found) => at(folder, number, found)),
    ),
  )
  return places.join(', ')
}

const at = (folder: string, number: number, { line }: Found): string =>
  `${join(folder, segmentFile(number))}:${line}`

const flawsOf = (copies: readonly CopyScan[]): string => {
  const places = copies.flatMap(({ folder, segments }) =>
    segments.flatMap(({ number, flaws }) =>
      flaws.slice(0, 1).map(({ line }) => `${join(folder, segmentFile(number))}:${line}`),
    ),
  )
  return places.length === 0 ? 'lines are missing' : places.join(', ')
}
