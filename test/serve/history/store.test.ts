// The file of the history: what it keeps, what it lets go of, and what becomes of it when the disk or somebody else does not play along.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Row } from '../../../src/serve/history/sample.ts'
import { openShelf } from '../../../src/serve/history/shelf.ts'
import { HistoryStore } from '../../../src/serve/history/store.ts'
import { sample } from './array-source.ts'

const dayMs = 86_400_000
const startMs = Date.UTC(2026, 2, 1)

describe('The store of the history', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bumpless-history-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const open = (nowMs = startMs, keepDays = 2, maxMb = 20) =>
    new HistoryStore({ folder, keepDays, maxMb }, nowMs)
  const row = (series: string, atMs: number, value: number | string | null): Row => ({
    series,
    ...sample(atMs, value, value === null ? 'BadNoData' : 'Good'),
  })
  const all = (store: HistoryStore, series: string) => [
    ...store.source(series).each(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY),
  ]
  const write = (store: HistoryStore, rows: readonly Row[], aliveMs = startMs) =>
    store.write({ rows, events: [], aliveMs })

  it('gives back numbers, texts and nothing exactly as they were', () => {
    const store = open()
    const values = [0, 1, -7, 0.1, 1e300, Math.PI, 2 ** 40, '0012', 'zu', '', null]
    write(
      store,
      values.map((value, index) => row('x', startMs + index, value)),
    )
    assert.deepEqual(
      all(store, 'x').map(({ value }) => value),
      values,
    )
    store.close()
  })

  it('finds in the order of time what came out of order, and the last of two at one time', () => {
    const store = open()
    for (const [at, value] of [
      [5, 'e'],
      [1, 'a'],
      [3, 'c'],
      [1, 'A'],
    ] as const) {
      write(store, [row('x', at, value)])
    }
    assert.deepEqual(
      all(store, 'x').map(({ atMs, value }) => [atMs, value]),
      [
        [1, 'A'],
        [3, 'c'],
        [5, 'e'],
      ],
    )
    store.close()
  })

  it('still has everything after a restart, and marks the time in between', () => {
    const first = open()
    write(first, [row('x', startMs, 1), row('y', startMs + 10, 2)], startMs + 5_000)
    first.close()
    const second = open(startMs + 60_000)
    write(second, [row('x', startMs + 60_000, 3)], startMs + 60_000)
    assert.deepEqual(
      all(second, 'x').map(({ atMs, quality, value }) => [atMs - startMs, quality, value]),
      [
        [0, 'Good', 1],
        [5_000, 'BadDataLost', null],
        [60_000, 'Good', 3],
      ],
    )
    assert.equal(all(second, 'y').at(-1)?.quality, 'BadDataLost')
    second.close()
    open(startMs + 61_000).close()
    const fourth = open(startMs + 62_000)
    assert.equal(all(fourth, 'y').length, 2, 'one mark for each gap')
    fourth.close()
  })

  it('takes all of a batch or nothing', () => {
    const store = open()
    const broken = { ...row('new', startMs, 1), atMs: Number.NaN }
    assert.throws(() => write(store, [row('x', startMs, 1), broken]))
    assert.equal(all(store, 'x').length, 0)
    write(store, [row('new', startMs, 5), row('x', startMs, 6)])
    assert.equal(all(store, 'new')[0]?.value, 5)
    assert.equal(all(store, 'x')[0]?.value, 6)
    store.close()
  })

  it('lets go of what is older than the days that it keeps, but not of the value that stands then', () => {
    const store = open()
    const rows = Array.from({ length: 96 }, (_, hour) => row('x', startMs + hour * 3_600_000, hour))
    write(store, [...rows, row('still', startMs, 42)])
    store.prune(startMs + 4 * dayMs)
    const left = all(store, 'x').map(({ value }) => value)
    assert.equal(left[0], 48, 'the value of exactly two days ago')
    assert.equal(left.at(-1), 95)
    assert.deepEqual(
      all(store, 'still').map(({ value }) => value),
      [42],
    )
    store.close()
  })

  it('lets go of events in the same way', () => {
    const store = open()
    const event = { type: 'i=2041', source: 'i=2253', fields: new Uint8Array([1, 2]) }
    const at = [0, 1, 3].map((day) => ({ ...event, atMs: startMs + day * dayMs }))
    store.write({ rows: [], events: at, aliveMs: startMs })
    store.prune(startMs + 3.5 * dayMs)
    const question = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, newestFirst: false, limit: 10 }
    const left = store.events(question)
    assert.deepEqual(
      left.map(({ atMs }) => atMs),
      [startMs + 3 * dayMs],
    )
    assert.deepEqual([...(left[0]?.fields ?? [])], [1, 2])
    store.close()
  })

  it('never takes more room than it may, and keeps the newest', function () {
    this.timeout(60_000)
    const store = open(startMs, 3650, 20)
    let atMs = startMs
    for (let batch = 0; batch < 250; batch += 1) {
      const rows = Array.from({ length: 8_000 }, (_, index) => {
        atMs += 50
        return row(`series ${index % 40}`, atMs, Math.sin(atMs))
      })
      write(store, rows, atMs)
      store.prune(atMs)
    }
    assert.ok(statSync(join(folder, 'history.db')).size <= 20e6)
    const left = all(store, 'series 7')
    assert.ok((left.at(-1)?.atMs ?? 0) > atMs - 60_000, 'the newest is there')
    assert.ok((left[0]?.atMs ?? 0) > startMs, 'the oldest has gone')
    const kept = atMs - (left[1]?.atMs ?? atMs)
    assert.ok(kept > 0.25 * (atMs - startMs), `${kept} ms of ${atMs - startMs}`)
    store.close()
  })

  it('sets a damaged file aside by name, says so, and begins a new one', () => {
    const file = join(folder, 'history.db')
    writeFileSync(file, 'this was a database once, before the disk went bad. '.repeat(200))
    const shelf = openShelf({ folder, keepDays: 1, maxMb: 20 }, () => startMs)
    const batch = { rows: [row('x', startMs, 1)], events: [], aliveMs: startMs }
    assert.equal(shelf.write(batch), undefined)
    assert.match(shelf.takeNotes().join(), /not a database; it now stands as .*damaged-2026/)
    const aside = readdirSync(folder).find((name) => name.startsWith('damaged-'))
    assert.ok(aside)
    assert.equal(statSync(join(folder, aside)).size, 52 * 200)
    shelf.close()
  })

  it('finds damage inside a file that was whole when it was opened', () => {
    const first = open()
    const many = Array.from({ length: 20_000 }, (_, index) => row('x', startMs + index, index / 7))
    write(first, many)
    first.close()
    const file = join(folder, 'history.db')
    const { size } = statSync(file)
    execFileSync('dd', [
      ...['if=/dev/urandom', `of=${file}`, 'bs=4096', 'seek=3', 'conv=notrunc'],
      ...[`count=${Math.floor(size / 4096) - 4}`, 'status=none'],
    ])
    const shelf = openShelf({ folder, keepDays: 1, maxMb: 20 }, () => startMs)
    const raw = { fromMs: startMs, toMs: startMs + 1e6, limit: 0, bounds: false }
    const question = { kind: 'raw', series: 'x', raw, pageMax: 100_000 } as const
    const answer = shelf.read(question)
    assert.equal(answer.kind, 'failed')
    assert.match(shelf.takeNotes().join(), /damaged/)
    assert.equal(shelf.write({ rows: [row('x', startMs, 1)], events: [], aliveMs: 0 }), undefined)
    assert.equal(shelf.read(question).kind, 'raw')
    shelf.close()
  })

  it('stops at three damaged files, and goes on when one is taken away', () => {
    for (const name of ['damaged-1.db', 'damaged-2.db', 'damaged-3.db']) {
      writeFileSync(join(folder, name), '')
    }
    writeFileSync(join(folder, 'history.db'), 'not a database at all '.repeat(300))
    const shelf = openShelf({ folder, keepDays: 1, maxMb: 20 }, () => startMs)
    const batch = { rows: [row('x', startMs, 1)], events: [], aliveMs: startMs }
    assert.match(shelf.write(batch) ?? '', /3 damaged files stand there; take one away/)
    rmSync(join(folder, 'damaged-1.db'))
    assert.equal(shelf.write(batch), undefined)
    shelf.close()
  })

  it('waits for another program that holds the file, and goes on when it lets go', () => {
    open().close()
    const other = new DatabaseSync(join(folder, 'history.db'))
    other.exec('BEGIN EXCLUSIVE')
    const shelf = openShelf({ folder, keepDays: 1, maxMb: 20 }, () => startMs)
    const batch = { rows: [row('x', startMs, 1)], events: [], aliveMs: startMs }
    assert.match(shelf.write(batch) ?? '', /another program holds the file/)
    other.exec('COMMIT')
    other.close()
    assert.equal(shelf.write(batch), undefined)
    assert.ok(shelf.takeOpened())
    shelf.close()
  })

  it('says that the folder cannot be made, and goes on when it can', () => {
    const inside = join(folder, 'file', 'history')
    writeFileSync(join(folder, 'file'), '')
    const shelf = openShelf({ folder: inside, keepDays: 1, maxMb: 20 }, () => startMs)
    const batch = { rows: [row('x', startMs, 1)], events: [], aliveMs: startMs }
    assert.match(shelf.write(batch) ?? '', /history/)
    rmSync(join(folder, 'file'))
    mkdirSync(join(folder, 'file'))
    assert.equal(shelf.write(batch), undefined)
    shelf.close()
  })

  it('refuses a file of another version rather than to guess', () => {
    open().close()
    const db = new DatabaseSync(join(folder, 'history.db'))
    db.exec('PRAGMA user_version = 99')
    db.close()
    assert.throws(() => open(), /form 99/)
  })
})
