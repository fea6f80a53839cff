// Reading the journal in a browser: backwards for the eye, forwards for an export, and honest about how far it has looked.

import assert from 'node:assert/strict'
import type { JournalRecord } from '../../src/core/cycle.ts'
import {
  readAfter,
  readBack,
  readForward,
  type Search,
} from '../../src/hmi/journal/journal-reader.ts'
import { exportForms } from '../../src/hmi/pages/journal/export-form.ts'

const count = 2_500
const journal: readonly JournalRecord[] = Array.from({ length: count }, (_, index) => ({
  ...{ seq: index + 1, kind: 'note' as const, wallMs: 10_000 + 100 * index, nowMs: 0 },
  ...{ actor: index % 100 === 0 ? 'anna' : 'supervisor', text: `note ${index + 1}`, data: {} },
  ...{ pair: index % 2 === 0 ? 'intake' : 'filters' },
}))
const all: Search = { fits: () => true }
const seqsOf = (records: readonly JournalRecord[]) => records.map(({ seq }) => seq)

describe('the journal in a browser', () => {
  const real = globalThis.fetch
  let asked: string[] = []
  let refusals = 0
  beforeEach(() => {
    asked = []
    refusals = 0
    globalThis.fetch = (address) => {
      asked.push(String(address))
      return Promise.resolve(refusals-- > 0 ? tooMany() : answerTo(String(address)))
    }
  })
  afterEach(() => {
    globalThis.fetch = real
  })
  const watch = () => ({ signal: new AbortController().signal, onProgress: () => {} })

  it('gives the newest first and goes on where it ended, to the beginning', async () => {
    const first = await found(readBack(all, 3, watch()))
    assert.deepEqual(seqsOf(first.records), [2500, 2499, 2498])
    assert.equal(first.lookedTo, 2498)
    const next = await found(readBack(all, 3, watch(), first.lookedTo))
    assert.deepEqual(seqsOf(next.records), [2497, 2496, 2495])
    const last = await found(readBack(all, 9, watch(), 3))
    assert.deepEqual(seqsOf(last.records), [2, 1])
    assert.equal(last.lookedTo, 1)
  })

  it('searches through all pages for what is rare, and tells where it is', async () => {
    const places: number[] = []
    const search = { fits: ({ actor }: JournalRecord) => actor === 'anna' }
    const onProgress = ({ seq }: JournalRecord) => places.push(seq)
    const { signal } = new AbortController()
    const { records, lookedTo } = await found(readBack(search, 1_000, { signal, onProgress }))
    assert.equal(records.length, 25)
    assert.deepEqual([records[0]?.seq, records.at(-1)?.seq, lookedTo], [2401, 1, 1])
    assert.deepEqual(places, [1501, 501])
  })

  it('stops a long search when a person says so, and says how far it has looked', async () => {
    const stop = new AbortController()
    const onProgress = () => stop.abort()
    const search = { fits: () => false }
    const { records, lookedTo } = await found(
      readBack(search, 10, { signal: stop.signal, onProgress }),
    )
    assert.deepEqual([records.length, lookedTo], [0, 501])
  })

  it('finds a time without reading all that is newer', async () => {
    const search = { ...all, fromWallMs: 10_000 + 100 * 40, toWallMs: 10_000 + 100 * 42 + 50 }
    const { records, lookedTo } = await found(readBack(search, 100, watch()))
    assert.deepEqual(seqsOf(records), [43, 42, 41])
    assert.equal(lookedTo, 1)
    assert.ok(asked.length < 20, `${asked.length} requests`)
  })

  it('gives one pair alone', async () => {
    const { records } = await found(readBack({ ...all, pair: 'filters' }, 2, watch()))
    assert.deepEqual(seqsOf(records), [2500, 2498])
  })

  it('gives all that came after a record', async () => {
    const { records } = await found(readAfter(all, 1_400))
    assert.deepEqual([records.length, records[0]?.seq, records.at(-1)?.seq], [1100, 1401, 2500])
  })

  it('exports every record of the filter once, oldest first', async () => {
    const taken: JournalRecord[] = []
    const shares: number[] = []
    const refusal = await readForward(
      { ...all, pair: 'intake', fromWallMs: 10_000 + 100 * 10 },
      (records, share) => {
        taken.push(...records)
        shares.push(share)
      },
      new AbortController().signal,
    )
    assert.equal(refusal, undefined)
    assert.deepEqual(
      taken,
      journal.slice(10).filter(({ pair }) => pair === 'intake'),
    )
    assert.deepEqual(
      shares.map((share) => Math.round(share * 100)),
      [80, 100],
    )
  })

  it('says why it could not read on', async () => {
    globalThis.fetch = () => Promise.reject(new TypeError('fetch failed'))
    const result = await readBack(all, 3, watch())
    assert.equal(result.ok, false)
    assert.match(result.ok ? '' : result.refusal.text, /cannot be reached/)
  })

  it('asks again for a page that came too soon', async () => {
    refusals = 1
    const { records } = await found(readBack(all, 1, watch()))
    assert.deepEqual(seqsOf(records), [2500])
    assert.equal(asked.length, 2)
  })
})

describe('an exported record', () => {
  const record: JournalRecord = {
    ...{ seq: 7, kind: 'alarm', wallMs: Date.UTC(2026, 10, 23, 14, 2, 11), nowMs: 1 },
    ...{ actor: 'anna', pair: 'intake', text: 'a "quoted", text', data: { id: 'intake.B:lost' } },
  }

  it('stands in JSON as the service gave it', () => {
    assert.deepEqual(JSON.parse(exportForms.json.line(record)), record)
  })

  it('stands in CSV on one line, quoted, with its time in UTC', () => {
    assert.equal(
      exportForms.csv.line(record),
      '7,2026-11-23T14:02:11.000Z,alarm,intake,anna,"a ""quoted"", text","{""id"":""intake.B:lost""}"',
    )
  })

  it('is never taken for a formula by a spreadsheet', () => {
    for (const text of ['=HYPERLINK("x")', '+1', '-1', '@x', '\tx'])
      assert.match(exportForms.csv.line({ ...record, text }), /,"?'[=+\-@\t]/, text)
  })
})

async function found<T>(result: Promise<{ ok: true; body: T } | { ok: false }>): Promise<T> {
  const given = await result
  assert.ok(given.ok)
  return given.body
}

/** As the service answers it. */
function answerTo(address: string): Response {
  const query = new URL(address, 'http://localhost').searchParams
  const number = (name: string) => (query.has(name) ? Number(query.get(name)) : undefined)
  const [after, before = Number.POSITIVE_INFINITY, limit = 100] = [
    number('after'),
    number('before'),
    number('limit'),
  ]
  const pair = query.get('pair')
  const fitting = journal.filter(
    (record) =>
      record.seq > (after ?? 0) && record.seq < before && (pair === null || record.pair === pair),
  )
  const records = after === undefined ? fitting.slice(-limit) : fitting.slice(0, limit)
  return Response.json({ records, head: { seq: count, hash: 'ab' } })
}

const tooMany = (): Response =>
  Response.json({ error: { code: 'too-many', text: 'too many requests' } }, { status: 429 })
