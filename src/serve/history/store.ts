// The history in its file: writes entries and events in one transaction, finds them again in the order of time, and lets go of the
// oldest. Calls wait for the disk, so it lives in a thread of its own.

import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import type { EventRow, Row, Sample, SampleSource } from './sample.ts'
import { sampleQualities } from './sample.ts'
import { openStoreFile } from './store-file.ts'

export type StoreSettings = {
  readonly folder: string
  /** Older entries go, days. */
  readonly keepDays: number
  /** The file never takes more, MB of 10^6 bytes; the oldest goes first. */
  readonly maxMb: number
}

export type Batch = {
  readonly rows: readonly Row[]
  readonly events: readonly EventRow[]
  /** Until then everything is told, Unix ms. */
  readonly aliveMs: number
}

/** An event found again; `id` counts up in the order in which they were stored. */
export type StoredEvent = EventRow & { readonly id: number }

/** Of the room that the file may take, so much is used before the oldest goes, and so much afterwards. */
const fullShare = 0.9
const prunedShare = 0.8
const seriesAtOnce = 100
const dayMs = 86_400_000

export class HistoryStore {
  readonly #db: DatabaseSync
  readonly #settings: StoreSettings
  readonly #statements = new Map<string, StatementSync>()
  readonly #ids = new Map<string, number>()

  /** Opens the store and marks the time since it was last written as not collected. Throws what SQLite says. */
  constructor(settings: StoreSettings, nowMs: number) {
    this.#settings = settings
    this.#db = openStoreFile(settings.folder, settings.maxMb)
    try {
      this.#transact(() => this.#markGap())
      if (this.#mark('horizon') === undefined) this.#setMark('horizon', nowMs)
    } catch (error) {
      this.#db.close()
      throw error
    }
  }

  /** All or nothing. An entry at a time that is taken replaces the one before. */
  write({ rows, events, aliveMs }: Batch): void {
    this.#transact(() => {
      for (const { series, atMs, quality, value } of rows) {
        this.#putSample(this.#idOf(series), { atMs, quality, value })
      }
      const put = this.#prepare('INSERT INTO events (at, type, source, fields) VALUES (?, ?, ?, ?)')
      for (const { atMs, type, source, fields } of events) put.run(atMs, type, source, fields)
      this.#setMark('alive', aliveMs)
    })
  }

  /** Entries of one variable; a name that was never stored has none. */
  source(name: string): SampleSource {
    const id = this.#find(name)
    const columns = 'SELECT at, quality, value FROM samples WHERE series = ?'
    const all = (sql: string, ...values: readonly number[]): readonly Sample[] =>
      id === undefined
        ? []
        : this.#prepare(`${columns} ${sql}`)
            .all(id, ...values)
            .map(sampleOf)
    return {
      forward: (from, to, limit) =>
        all('AND at >= ? AND at < ? ORDER BY at LIMIT ?', from, to, limit),
      backward: (from, to, limit) =>
        all('AND at <= ? AND at > ? ORDER BY at DESC LIMIT ?', from, to, limit),
      each: (from, to) => this.#each(id, from, to),
      newestBefore: (at) => all('AND at < ? ORDER BY at DESC LIMIT 1', at)[0],
      oldestAfter: (at) => all('AND at > ? ORDER BY at LIMIT 1', at)[0],
      aliveMs: this.#mark('alive') ?? 0,
    }
  }

  /** Events in the order of time, or against it; `after` is the last one of the page before. */
  events(question: {
    readonly fromMs: number
    readonly toMs: number
    readonly newestFirst: boolean
    readonly after?: { readonly atMs: number; readonly id: number }
    readonly limit: number
  }): readonly StoredEvent[] {
    const { fromMs, toMs, newestFirst, after, limit } = question
    const [first, last, order, beyond] = newestFirst
      ? ['at <= ?', 'at > ?', 'DESC', '<']
      : ['at >= ?', 'at < ?', '', '>']
    const sql = `SELECT id, at, type, source, fields FROM events WHERE ${first} AND ${last}
      ${after === undefined ? '' : `AND (at, id) ${beyond} (?, ?)`}
      ORDER BY at ${order}, id ${order} LIMIT ?`
    const from = after === undefined ? [] : [after.atMs, after.id]
    return this.#prepare(sql)
      .all(fromMs, toMs, ...from, limit)
      .map(eventOf)
  }

  /** Lets go of what is too old or has no room, oldest first. Of each variable, the entry that stands at that time stays. */
  prune(nowMs: number): void {
    const horizonMs = Math.min(this.#mark('horizon') ?? nowMs, nowMs)
    const oldestMs = nowMs - this.#settings.keepDays * dayMs
    // By age a little at a time would be a write for every entry: an hour at once.
    if (oldestMs - horizonMs > 3_600_000) this.#forget(oldestMs)
    const roomBytes = this.#settings.maxMb * 1e6
    if (this.usedBytes() < roomBytes * fullShare) return
    let atMs = this.#mark('horizon') ?? nowMs
    for (let step = 0; step < 64 && this.usedBytes() > roomBytes * prunedShare; step += 1) {
      atMs += Math.max((nowMs - atMs) / 8, 60_000)
      this.#forget(Math.min(atMs, nowMs))
    }
  }

  /** Bytes of the file that hold something. */
  usedBytes(): number {
    const read = (name: string): number =>
      Number(this.#prepare(`PRAGMA ${name}`).get()?.[name] ?? 0)
    return (read('page_count') - read('freelist_count')) * read('page_size')
  }

  close(): void {
    this.#db.close()
  }

  *#each(id: number | undefined, fromMs: number, toMs: number): Iterable<Sample> {
    if (id === undefined) return
    const sql =
      'SELECT at, quality, value FROM samples WHERE series = ? AND at >= ? AND at < ? ORDER BY at'
    // One that is not read to its end must not be used by the next: a statement of its own.
    for (const row of this.#db.prepare(sql).iterate(id, fromMs, toMs)) yield sampleOf(row)
  }

  #forget(beforeMs: number): void {
    const ids = this.#prepare('SELECT id FROM series')
      .all()
      .map(({ id }) => Number(id))
    for (let at = 0; at < ids.length; at += seriesAtOnce) {
      this.#transact(() => {
        for (const id of ids.slice(at, at + seriesAtOnce)) this.#forgetOf(id, beforeMs)
      })
    }
    this.#transact(() => {
      this.#prepare('DELETE FROM events WHERE at < ?').run(Math.floor(beforeMs))
      this.#setMark('horizon', Math.floor(beforeMs))
    })
    this.#db.exec('PRAGMA incremental_vacuum')
  }

  #forgetOf(id: number, beforeMs: number): void {
    const standing = this.#prepare(
      'SELECT at FROM samples WHERE series = ? AND at <= ? ORDER BY at DESC LIMIT 1',
    ).get(id, beforeMs)
    if (standing === undefined) return
    this.#prepare('DELETE FROM samples WHERE series = ? AND at < ?').run(id, Number(standing.at))
  }

  #markGap(): void {
    const aliveMs = this.#mark('alive')
    if (aliveMs === undefined) return
    const newest = this.#prepare(
      'SELECT at, quality, value FROM samples WHERE series = ? ORDER BY at DESC LIMIT 1',
    )
    for (const { id } of this.#prepare('SELECT id FROM series').all()) {
      const row = newest.get(Number(id))
      if (row === undefined) continue
      const last = sampleOf(row)
      if (last.quality === 'BadDataLost') continue
      const atMs = Math.max(last.atMs + 1, aliveMs)
      this.#putSample(Number(id), { atMs, quality: 'BadDataLost', value: null })
    }
  }

  #putSample(id: number, { atMs, quality, value }: Sample): void {
    this.#prepare(
      'INSERT OR REPLACE INTO samples (series, at, quality, value) VALUES (?, ?, ?, ?)',
    ).run(id, Math.round(atMs), sampleQualities.indexOf(quality), storedValue(value))
  }

  #find(name: string): number | undefined {
    const known = this.#ids.get(name)
    if (known !== undefined) return known
    const row = this.#prepare('SELECT id FROM series WHERE name = ?').get(name)
    if (row === undefined) return undefined
    this.#ids.set(name, Number(row.id))
    return Number(row.id)
  }

  #idOf(name: string): number {
    const known = this.#find(name)
    if (known !== undefined) return known
    this.#prepare('INSERT INTO series (name) VALUES (?)').run(name)
    return this.#find(name) ?? Number.NaN
  }

  #mark(name: string): number | undefined {
    const at = this.#prepare('SELECT at FROM marks WHERE name = ?').get(name)?.at
    return at === undefined ? undefined : Number(at)
  }

  #setMark(name: string, atMs: number): void {
    this.#prepare('INSERT OR REPLACE INTO marks (name, at) VALUES (?, ?)').run(
      name,
      Math.round(atMs),
    )
  }

  #transact(work: () => void): void {
    this.#db.exec('BEGIN')
    try {
      work()
      this.#db.exec('COMMIT')
    } catch (error) {
      // What was numbered in this transaction is not in the file.
      this.#ids.clear()
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      throw error
    }
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    const made = this.#db.prepare(sql)
    this.#statements.set(sql, made)
    return made
  }
}

type Found = Readonly<Record<string, unknown>>

const sampleOf = ({ at, quality, value }: Found): Sample => ({
  atMs: Number(at),
  quality: sampleQualities[Number(quality)] ?? 'BadNoData',
  value: typeof value === 'number' || typeof value === 'string' ? value : null,
})

const eventOf = ({ id, at, type, source, fields }: Found): StoredEvent => ({
  ...{ id: Number(id), atMs: Number(at), type: String(type), source: String(source) },
  fields: fields instanceof Uint8Array ? fields : new Uint8Array(),
})

/** Whole numbers take less room as such: one byte for a switch. */
const storedValue = (value: Sample['value']): SQLInputValue =>
  typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31
    ? BigInt(value)
    : value
