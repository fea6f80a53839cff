// Checks a journal without changing anything, also while a supervisor appends to it: every line, the links between lines and between
// segments, and that the copies agree. Each problem is reported with its file and line.

import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Disk, JournalError, localDisk } from './disk.ts'
import { folderHolder } from './lock.ts'
import { readSegment, segmentNumbers } from './repair.ts'
import { type SegmentScan, scanSegment, segmentFile } from './segment.ts'

/** `line` 0 is the file or folder as a whole. */
export type JournalProblem = { readonly file: string; readonly line: number; readonly text: string }

export type Verification = {
  readonly ok: boolean
  /** Whole records on the copy that reaches furthest. */
  readonly records: number
  /** The last of them. Compare it with a head noted elsewhere: only that finds a journal cut short or rewritten as a whole. */
  readonly head: { readonly seq: number; readonly hash: string }
  readonly problems: readonly JournalProblem[]
}

/** Reads every copy. Throws JournalError when a folder cannot be read or none is named. */
export const verifyJournal = async (
  folders: readonly string[],
  disk: Disk = localDisk,
): Promise<Verification> => {
  const walks: Walk[] = []
  for (const folder of folders) walks.push(startWalk(folder, await segmentNumbers(disk, folder)))
  const last = Math.max(0, ...walks.map(({ numbers }) => numbers.at(-1) ?? 0))
  for (let number = 1; number <= last; number += 1) await walkSegment(disk, walks, number)
  const longest = furthest(walks)
  for (const walk of walks) await compareEnds(disk, walk, longest)
  const problems = walks.flatMap((walk) => walk.problems)
  const { records, head } = longest
  return { ok: problems.length === 0, records, head, problems }
}

type Walk = {
  readonly folder: string
  readonly numbers: readonly number[]
  readonly problems: JournalProblem[]
  journal?: string
  records: number
  head: { seq: number; hash: string }
}

const startWalk = (folder: string, numbers: readonly number[]): Walk => ({
  folder,
  numbers,
  problems: [],
  records: 0,
  head: { seq: 0, hash: '' },
})

const furthest = (walks: readonly Walk[]): Walk => {
  const [first, ...others] = walks
  if (first === undefined) throw new JournalError('journal: no folder is named to verify')
  return others.reduce((best, walk) => (walk.head.seq > best.head.seq ? walk : best), first)
}

const report = (walk: Walk, number: number, line: number, text: string): void => {
  walk.problems.push({ file: join(walk.folder, segmentFile(number)), line, text })
}

const walkSegment = async (disk: Disk, walks: readonly Walk[], number: number): Promise<void> => {
  let same: { bytes: Buffer; scan: SegmentScan } | undefined
  let model: { walk: Walk; scan: SegmentScan } | undefined
  for (const walk of walks) {
    if (!walk.numbers.includes(number)) {
      if (number < (walk.numbers.at(-1) ?? 0)) report(walk, number, 0, 'is missing')
      continue
    }
    const bytes = await readSegment(disk, walk.folder, number)
    if (!same?.bytes.equals(bytes)) same = { bytes, scan: scanSegment(number, bytes) }
    take(walk, same.scan)
    model ??= { walk, scan: same.scan }
    compareRecords(model, walk, same.scan)
  }
}

const take = (walk: Walk, scan: SegmentScan): void => {
  const { number, header } = scan
  for (const { line, text } of scan.flaws) report(walk, number, line, text)
  if (scan.tail === 'torn' && number !== walk.numbers.at(-1)) {
    report(walk, number, (scan.entries.at(-1)?.line ?? 1) + 1, 'is torn, though segments follow')
  }
  if (header !== undefined) {
    walk.journal ??= header.journal
    if (header.journal !== walk.journal) report(walk, number, 1, 'belongs to another journal')
    const follows = header.prev === (number === 1 ? header.journal : walk.head.hash)
    if (header.first !== walk.head.seq + 1 || !follows) {
      report(walk, number, 1, `does not follow from record ${walk.head.seq} of the segment before`)
    }
  }
  walk.records += scan.entries.length
  const last = scan.entries.at(-1)
  if (last !== undefined) walk.head = { seq: last.record.seq, hash: last.hash }
}

/** Reports the first record that differs; what one copy lacks is reported where its chain breaks or ends. */
const compareRecords = (
  model: { readonly walk: Walk; readonly scan: SegmentScan },
  walk: Walk,
  scan: SegmentScan,
): void => {
  if (scan === model.scan) return
  const known = new Map(model.scan.entries.map(({ record, hash }) => [record.seq, hash]))
  const odd = scan.entries.find(({ record, hash }) => (known.get(record.seq) ?? hash) !== hash)
  if (odd !== undefined) {
    const text = `is record ${odd.record.seq}, which differs from the one in ${model.walk.folder}`
    report(walk, scan.number, odd.line, text)
  }
  const { header } = scan
  if (header !== undefined && header.journal !== (model.scan.header ?? header).journal) {
    report(walk, scan.number, 1, `is not of the same journal as ${model.walk.folder}`)
  }
}

const compareEnds = async (disk: Disk, walk: Walk, longest: Walk): Promise<void> => {
  const { seq, hash } = longest.head
  // A supervisor writes to all copies together, but no reader sees them together: give a copy in use time to catch up.
  for (let tries = 0; walk.head.seq < seq && tries < 20; tries += 1) {
    if ((await folderHolder(disk, walk.folder)) === undefined) break
    if (await reaches(disk, walk, seq, hash)) return
    await pause(50)
  }
  if (walk.head.seq === seq) return
  const text = `ends with record ${walk.head.seq}, while ${longest.folder} goes on to record ${seq}`
  walk.problems.push({ file: walk.folder, line: 0, text })
}

const reaches = async (disk: Disk, walk: Walk, seq: number, hash: string): Promise<boolean> => {
  const seenLast = walk.numbers.at(-1) ?? 1
  for (const number of await segmentNumbers(disk, walk.folder)) {
    if (number < seenLast) continue
    const { entries } = scanSegment(number, await readSegment(disk, walk.folder, number))
    if (entries.some((entry) => entry.record.seq === seq && entry.hash === hash)) return true
  }
  return false
}
