// The file of the history: opens or makes it, and sets a damaged one aside under another name, because it may still be of use to
// somebody who knows how to mend it.

import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export const historyFile = (folder: string): string => join(folder, 'history.db')

/** So many damaged files are kept; with more, a person has to clear up before the history goes on. */
const asideMax = 3
const pageBytes = 4096
/** Another program may hold the file for so long before we give up for now, ms. */
const busyMs = 500
/** The log beside the file is cut back to this after each checkpoint, bytes. */
const logBytes = 8_000_000

/** Opens the file in this folder, or makes both. Throws what SQLite or the file system says. */
export function openStoreFile(folder: string, maxMb: number): DatabaseSync {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const db = new DatabaseSync(historyFile(folder), { timeout: busyMs })
  try {
    // Alone: no second service may write here, and no memory is shared through a file that a full disk could cut short.
    db.exec('PRAGMA locking_mode = EXCLUSIVE')
    db.exec(`PRAGMA page_size = ${pageBytes}`)
    db.exec('PRAGMA auto_vacuum = INCREMENTAL')
    db.exec('PRAGMA journal_mode = WAL')
    // The last second may be lost when the power fails; the file stays whole. The journal is what must not lose anything.
    db.exec('PRAGMA synchronous = NORMAL')
    db.exec(`PRAGMA journal_size_limit = ${logBytes}`)
    db.exec('PRAGMA cache_size = -16000')
    db.exec(tables)
    db.exec(`PRAGMA max_page_count = ${Math.floor((maxMb * 1e6) / pageBytes)}`)
    checkForm(db)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Gives the damaged file another name; yields the name. Throws when there are too many already. */
export function setAside(folder: string, nowMs: number): string {
  const aside = readdirSync(folder).filter((name) => /^damaged-.*\.db$/.test(name))
  if (aside.length >= asideMax) {
    throw new Error(`${folder}: ${aside.length} damaged files stand there; take one away`)
  }
  const stamp = new Date(nowMs).toISOString().replaceAll(/[:.]/g, '')
  const name = join(folder, `damaged-${stamp}.db`)
  for (const end of ['', '-wal', '-shm']) {
    const file = `${historyFile(folder)}${end}`
    if (existsSync(file)) renameSync(file, `${name}${end}`)
  }
  return name
}

/** Form of the tables; counted up with every change. */
const form = 1

const tables = `
  CREATE TABLE IF NOT EXISTS series (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE IF NOT EXISTS samples (
    series INTEGER NOT NULL, at INTEGER NOT NULL, quality INTEGER NOT NULL, value ANY,
    PRIMARY KEY (series, at)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, type TEXT NOT NULL, source TEXT NOT NULL, fields BLOB NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS events_at ON events (at);
  CREATE TABLE IF NOT EXISTS marks (name TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`

function checkForm(db: DatabaseSync): void {
  const found = Number(db.prepare('PRAGMA user_version').get()?.user_version)
  if (found === 0) db.exec(`PRAGMA user_version = ${form}`)
  else if (found !== form) {
    throw new Error(`history: the file has form ${found}, this version writes form ${form}`)
  }
}
