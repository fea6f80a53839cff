// Where every record lies, so that screens can read the journal: the newest records from memory, older ones from any copy whose
// line still proves itself. Costs 16 bytes of memory a record, and 8 more for a record that names a pair.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { JournalRecord } from '../core/cycle.ts'
import { readLine } from './chain.ts'
import { type Disk, type DiskFile, JournalError } from './disk.ts'
import { segmentFile } from './segment.ts'

export type JournalQuery = {
  /** Only records above this number, from the lowest on. Without it: the newest. */
  readonly after?: number
  /** Only records below this number. */
  readonly before?: number
  /** Highest count to return, 1 to 1000; a higher one is cut to 1000. */
  readonly limit: number
  /** Only records that name this pair. */
  readonly pair?: string
}

export class Shelf {
  readonly #disk: Disk
  readonly #starts: number[] = []
  readonly #lengths: number[] = []
  readonly #segments: { number: number; first: number }[] = []
  readonly #byPair = new Map<string, number[]>()
  #recent: JournalRecord[] = []

  constructor(disk: Disk) {
    this.#disk = disk
  }

  /** Notes the next record and where its line begins. */
  add(record: JournalRecord, segment: number, startByte: number, lengthBytes: number): void {
    assert.equal(record.seq, this.#starts.length + 1)
    if (this.#segments.at(-1)?.number !== segment) {
      this.#segments.push({ number: segment, first: record.seq })
    }
    this.#starts.push(startByte)
    this.#lengths.push(lengthBytes)
    if (record.pair !== undefined) {
      const seqs = this.#byPair.get(record.pair)
      if (seqs === undefined) this.#byPair.set(record.pair, [record.seq])
      else seqs.push(record.seq)
    }
    this.#recent.push(record)
    if (this.#recent.length >= 2 * recentCount) this.#recent = this.#recent.slice(-recentCount)
  }

  /** Segment of the newest record; undefined before the first. */
  get newestSegment(): number | undefined {
    return this.#segments.at(-1)?.number
  }

  /** Records in rising order. Throws JournalError when a record cannot be read back from any of the folders. */
  async read(query: JournalQuery, folders: readonly string[]): Promise<readonly JournalRecord[]> {
    const seqs = this.#select(query)
    const oldest = this.#recent[0]?.seq ?? 1
    const found = await this.#readFiles(
      seqs.filter((seq) => seq < oldest),
      folders,
    )
    for (const seq of seqs) {
      const record = this.#recent[seq - oldest]
      if (record !== undefined) found.push(record)
    }
    return found
  }

  #select({ after, before, limit, pair }: JournalQuery): readonly number[] {
    const count = Math.max(1, Math.min(Math.trunc(limit), 1000))
    const above = Math.max(after ?? 0, 0)
    const below = Math.min(before ?? Number.POSITIVE_INFINITY, this.#starts.length + 1)
    if (pair === undefined) {
      const from = after === undefined ? Math.max(1, below - count) : above + 1
      const to = Math.min(below - 1, from + count - 1)
      return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)
    }
    const seqs = this.#byPair.get(pair) ?? []
    const from = placeAbove(seqs, above)
    const to = placeAbove(seqs, below - 1)
    return after === undefined
      ? seqs.slice(Math.max(from, to - count), to)
      : seqs.slice(from, Math.min(to, from + count))
  }

  async #readFiles(seqs: readonly number[], folders: readonly string[]): Promise<JournalRecord[]> {
    const files = new Map<string, DiskFile>()
    const records: JournalRecord[] = []
    try {
      for (const seq of seqs) records.push(await this.#readOne(seq, folders, files))
    } finally {
      for (const file of files.values()) await file.close()
    }
    return records
  }

  async #readOne(
    seq: number,
    folders: readonly string[],
    files: Map<string, DiskFile>,
  ): Promise<JournalRecord> {
    const segment = this.#segments.findLast(({ first }) => first <= seq)
    const [start, length] = [this.#starts[seq - 1], this.#lengths[seq - 1]]
    assert(segment !== undefined && start !== undefined && length !== undefined)
    for (const folder of folders) {
      const path = join(folder, segmentFile(segment.number))
      const bytes = await this.#readBytes(path, start, length, files)
      const line = bytes === undefined ? undefined : readLine(bytes.subarray(0, -1))
      if (line?.kind === 'record' && line.entry.record.seq === seq) return line.entry.record
    }
    throw new JournalError(
      `journal: record ${seq} cannot be read back from ${folders.join(' or ')}: check these disks, and restart to repair`,
    )
  }

  /** Undefined when this copy cannot be read: the next one is asked. */
  async #readBytes(
    path: string,
    start: number,
    length: number,
    files: Map<string, DiskFile>,
  ): Promise<Buffer | undefined> {
    try {
      const file = files.get(path) ?? (await this.#disk.open(path, 'read'))
      files.set(path, file)
      return await file.readAt(start, length)
    } catch {
      return undefined
    }
  }
}

/** Records kept in memory; twice as many before the older half is let go. */
const recentCount = 2000

/** Index of the first number above `limit` in a rising list. */
const placeAbove = (rising: readonly number[], limit: number): number => {
  let [low, high] = [0, rising.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((rising[middle] ?? 0) <= limit) low = middle + 1
    else high = middle
  }
  return low
}
