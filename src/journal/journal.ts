// Remembers: an append-only journal in several identical copies. The supervisor appends and goes on at once; the records are
// written to all copies together and synced, and only then does `durable` rise. A command may leave only after its intent is durable,
// so a copy that fails stops all commands while monitoring and recording go on.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { JournalRecord, JournalState } from '../core/cycle.ts'
import { sealHeader, sealRecord } from './chain.ts'
import { CopyEnd, type Piece } from './copy.ts'
import { type Disk, diskTrouble, JournalError, localDisk } from './disk.ts'
import { type Lock, lockFolder } from './lock.ts'
import { type Book, headerOf } from './mend.ts'
import { type Recovery, recover } from './recover.ts'
import type { Gap } from './refusal.ts'
import { carryOut, readCopies } from './repair.ts'
import { type JournalQuery, Shelf } from './shelf.ts'

export type JournalOptions = {
  /** One folder for each copy, best on different disks. A missing folder is created, its parent is not. */
  readonly copies: readonly string[]
  /** Name of the person who accepts that records which no copy holds any more are lost. */
  readonly acceptGap?: string
  /** A new segment file begins above this size; default 64 MiB. */
  readonly segmentBytes?: number
  /** A copy that takes longer to write and sync one batch has failed; default 10 s. */
  readonly syncLimitMs?: number
  readonly disk?: Disk
}

export type RecoveryReport = {
  /** One sentence for everything that was found and mended; empty after a clean stop. */
  readonly notes: readonly string[]
  /** Something was found that a crash does not explain: worth an alarm. */
  readonly damaged: boolean
  /** An accepted gap: what came after it is not in `records`, so no outcome of an earlier command may be relied on. */
  readonly gap?: Gap
}

export type OpenedJournal = {
  readonly journal: Journal
  /** All records, from number 1 on. */
  readonly records: readonly JournalRecord[]
  readonly report: RecoveryReport
}

/**
 * Locks and repairs the copies, so that afterwards all are identical and synced, and opens them for appending.
 * Throws JournalError, having changed no record, when a folder is in use, cannot be written or read, when the copies contradict
 * each other, or when records are lost and nobody has accepted that. It never opens with fewer copies than configured: the missing one
 * may hold the newest intents.
 */
export const openJournal = async (options: JournalOptions): Promise<OpenedJournal> => {
  const { disk = localDisk, copies } = options
  checkFolders(copies)
  const locks: Lock[] = []
  const ends: CopyEnd[] = []
  try {
    for (const folder of copies) locks.push(await takeFolder(disk, folder))
    const recovery = await restore(disk, options)
    const segment = recovery.layout.at(-1)?.number ?? 1
    for (const folder of copies) {
      ends.push(await CopyEnd.open(disk, folder, segment, options.syncLimitMs ?? 10_000))
    }
    const { notes, damaged, gap } = recovery
    return {
      journal: new Journal({ disk, locks, ends, segmentBytes: 64 * 2 ** 20, ...options }, recovery),
      records: recovery.chain.map(({ record }) => record),
      report: { notes, damaged, ...(gap === undefined ? {} : { gap }) },
    }
  } catch (error) {
    for (const held of [
      ...ends.map((end) => end.close()),
      ...locks.map((lock) => lock.release()),
    ]) {
      await held
    }
    throw error
  }
}

type Parts = {
  readonly disk: Disk
  readonly locks: readonly Lock[]
  readonly ends: readonly CopyEnd[]
  readonly segmentBytes: number
}

export class Journal {
  readonly #locks: readonly Lock[]
  readonly #ends: readonly CopyEnd[]
  readonly #identity: string
  readonly #segmentBytes: number
  readonly #shelf: Shelf
  readonly #listeners = new Set<() => void>()
  #head: { readonly seq: number; readonly hash: string }
  #segment: { readonly number: number; readonly sizeBytes: number }
  #durable: number
  #waiting: Piece[] = []
  #committing: Promise<void> | undefined
  #closed = false

  /** Use openJournal. */
  constructor({ disk, locks, ends, segmentBytes }: Parts, book: Book) {
    this.#locks = locks
    this.#ends = ends
    this.#identity = book.journal
    this.#segmentBytes = segmentBytes
    this.#shelf = new Shelf(disk)
    this.#segment = shelve(this.#shelf, book)
    this.#head = { seq: book.chain.length, hash: book.chain.at(-1)?.hash ?? book.journal }
    this.#durable = this.#head.seq
  }

  /**
   * Takes records and returns at once; `state` tells when they are durable. Faults of a disk never throw here.
   * Asserts that numbers go on without a gap after `head().seq` and that every number in `data` is finite.
   */
  append(records: readonly JournalRecord[]): void {
    assert(!this.#closed, 'the journal is closed')
    for (const record of records) {
      const { seq, hash: prev } = this.#head
      assert.equal(
        record.seq,
        seq + 1,
        `journal: record ${record.seq} was given after record ${seq}`,
      )
      const { bytes, hash } = sealRecord(record, prev)
      const begins = this.#place(record.seq, prev, bytes.length)
      const { number, sizeBytes } = this.#segment
      this.#shelf.add(record, number, sizeBytes - bytes.length, bytes.length)
      this.#waiting.push({ segment: number, lines: [bytes], ...begins })
      this.#head = { seq: record.seq, hash }
    }
    if (records.length > 0) this.#committing ??= this.#commit()
  }

  /** What is durable on every copy; `fault` is one line for people, and while it stands `durable` does not rise. */
  state(): JournalState {
    const faults = this.#ends.flatMap(({ fault }) => fault ?? [])
    if (faults.length === 0) return { durable: this.#durable }
    return { durable: this.#durable, fault: `${faults.join('; ')}. Then restart the supervisor` }
  }

  /** Calls back after `durable` rose or a copy failed; returns what ends that. */
  onDurable(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The last record taken, durable or not; its hash vouches for all before it. For no record: 0 and the journal's identity. */
  head(): { readonly seq: number; readonly hash: string } {
    return this.#head
  }

  /** Records in rising order, durable or not; see JournalQuery. Throws JournalError when no copy can be read. */
  read(query: JournalQuery): Promise<readonly JournalRecord[]> {
    const soundFirst = this.#ends.toSorted(
      (one, other) => Number(one.fault !== undefined) - Number(other.fault !== undefined),
    )
    return this.#shelf.read(
      query,
      soundFirst.map(({ folder }) => folder),
    )
  }

  /** Waits for what was taken to be written, then frees the folders. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#committing
    for (const end of this.#ends) await end.close()
    for (const lock of this.#locks) await lock.release()
  }

  /** Makes room for one line, in a new segment when this one is full. */
  #place(seq: number, prev: string, lineBytes: number): { header?: Buffer } {
    const { number, sizeBytes } = this.#segment
    const holdsRecords = this.#shelf.newestSegment === number
    if (!holdsRecords || sizeBytes + lineBytes <= this.#segmentBytes) {
      this.#segment = { number, sizeBytes: sizeBytes + lineBytes }
      return {}
    }
    const place = { journal: this.#identity, segment: number + 1, first: seq, prev }
    const { bytes: header } = sealHeader(place)
    this.#segment = { number: number + 1, sizeBytes: header.length + lineBytes }
    return { header }
  }

  /** One batch after the other; what is appended while a batch is synced makes up the next. */
  async #commit(): Promise<void> {
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      const last = this.#head.seq
      const pieces = joined(this.#waiting)
      this.#waiting = []
      const sound = this.#ends.filter(({ fault }) => fault === undefined)
      await Promise.all(sound.map((end) => end.put(pieces)))
      const stillSound = this.#ends.filter(({ fault }) => fault === undefined)
      if (stillSound.length === this.#ends.length) this.#durable = last
      else if (stillSound.length === sound.length) continue
      for (const listener of this.#listeners) listener()
    }
    this.#committing = undefined
  }
}

const checkFolders = (folders: readonly string[]): void => {
  if (folders.length === 0)
    throw new JournalError('journal: no folder is named, expected one or more')
  const twice = folders.find((folder, index) =>
    folders.slice(0, index).some((other) => resolve(other) === resolve(folder)),
  )
  if (twice !== undefined) {
    throw new JournalError(
      `journal copy ${twice}: named twice, expected a folder of its own for each copy`,
    )
  }
}

const takeFolder = async (disk: Disk, folder: string): Promise<Lock> => {
  try {
    await disk.makeFolder(folder)
    return await lockFolder(disk, folder)
  } catch (error) {
    throw error instanceof JournalError ? error : diskTrouble(folder, 'cannot be written', error)
  }
}

const restore = async (disk: Disk, options: JournalOptions): Promise<Recovery> => {
  const { acceptGap } = options
  const stamp = `damaged-${new Date().toISOString().replaceAll(/[-:.]/g, '')}`
  const recovery = recover(await readCopies(disk, options.copies), {
    freshIdentity: randomBytes(32).toString('hex'),
    stamp,
    ...(acceptGap === undefined ? {} : { closeGap: (gap) => closingRecord(gap, acceptGap) }),
  })
  if ('refusal' in recovery) throw new JournalError(recovery.refusal)
  for (const action of recovery.actions) await carryOut(disk, recovery, action, stamp)
  return recovery
}

const closingRecord = ({ from, to, survivors }: Gap, person: string): JournalRecord => ({
  seq: from,
  kind: 'note',
  wallMs: Date.now(),
  nowMs: Math.round(performance.now()),
  actor: person,
  text: `Journal gap accepted: the records from ${from} to ${to} are lost or set aside, ${survivors.length} of them whole.`,
  data: { gapFrom: from, gapTo: to, setAside: survivors.length },
})

/** Notes where every record lies; returns the segment that is written next and its size. */
const shelve = (shelf: Shelf, book: Book): { number: number; sizeBytes: number } => {
  let segment = { number: 1, sizeBytes: 0 }
  for (const [index, { number, first }] of book.layout.entries()) {
    segment = { number, sizeBytes: sealHeader(headerOf(book, number)).bytes.length }
    const next = book.layout[index + 1]?.first ?? book.chain.length + 1
    for (const { record, lengthBytes } of book.chain.slice(first - 1, next - 1)) {
      shelf.add(record, number, segment.sizeBytes, lengthBytes)
      segment.sizeBytes += lengthBytes
    }
  }
  return segment
}

/** Consecutive lines for one segment become one write. */
const joined = (pieces: readonly Piece[]): readonly Piece[] => {
  const batch: { segment: number; header?: Buffer; lines: Buffer[] }[] = []
  for (const piece of pieces) {
    const last = batch.at(-1)
    if (last?.segment === piece.segment) last.lines.push(...piece.lines)
    else batch.push({ ...piece, lines: [...piece.lines] })
  }
  return batch
}
