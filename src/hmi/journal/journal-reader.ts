// Reads the service's journal page by page, backwards for the eye and forwards for an export. What the service cannot filter is
// filtered here, so every answer also says how far it has looked.

import type { JournalRecord } from '../../core/cycle.ts'
import { type Refusal, type Result, read } from '../api.ts'

export type JournalHead = { readonly seq: number; readonly hash: string }
type JournalPage = { readonly records: readonly JournalRecord[]; readonly head: JournalHead }

export type Search = {
  readonly pair?: string
  readonly fromWallMs?: number
  readonly toWallMs?: number
  /** What else a record has to be. */
  readonly fits: (record: JournalRecord) => boolean
}

export type Found = {
  /** Newest first. */
  readonly records: readonly JournalRecord[]
  /** Everything from this number on was looked at; 1 or less: to the beginning, or to the time that was asked for. */
  readonly lookedTo: number
  readonly head: JournalHead
}

/** Hears how far it has come; ends it by its signal. */
export type Watch = {
  readonly signal: AbortSignal
  readonly onProgress: (at: JournalRecord) => void
}

const pageMax = 1_000
const beginning = 1

/** The newest `wanted` records that fit, below `before` when it is given. */
export async function readBack(
  search: Search,
  wanted: number,
  { signal, onProgress }: Watch,
  before?: number,
): Promise<Result<Found>> {
  const records: JournalRecord[] = []
  const start = before === undefined ? await beginAt(search) : { ok: true as const, body: before }
  if (!start.ok) return start
  for (let end = start.body; ; ) {
    const page = await readPage(search, {
      ...(end !== undefined && { before: end }),
      limit: pageMax,
    })
    if (!page.ok) return page
    const { head } = page.body
    for (const record of page.body.records.toReversed()) {
      if (!passes(search, record)) continue
      records.push(record)
      if (records.length === wanted)
        return { ok: true, body: { records, lookedTo: record.seq, head } }
    }
    const [oldest] = page.body.records
    const isOver = oldest === undefined || page.body.records.length < pageMax
    if (isOver || isBefore(search, page.body.records) || signal.aborted) {
      const lookedTo = signal.aborted && !isOver ? oldest.seq : beginning
      return { ok: true, body: { records, lookedTo, head } }
    }
    onProgress(oldest)
    end = oldest.seq
  }
}

/** All that fit and came after a number, oldest first, and the newest number that was looked at. */
export async function readAfter(
  search: Search,
  after: number,
): Promise<Result<{ readonly records: readonly JournalRecord[]; readonly head: JournalHead }>> {
  const records: JournalRecord[] = []
  for (let from = after; ; ) {
    const page = await readPage(search, { after: from, limit: pageMax })
    if (!page.ok) return page
    records.push(...page.body.records.filter((record) => passes(search, record)))
    const last = page.body.records.at(-1)
    if (last === undefined || page.body.records.length < pageMax)
      return { ok: true, body: { records, head: page.body.head } }
    from = last.seq
  }
}

/** Hands over all that fit, oldest first and page by page. What is written meanwhile is left out. Gives the refusal that ended it. */
export async function readForward(
  search: Search,
  take: (records: readonly JournalRecord[], share: number) => void,
  signal: AbortSignal,
): Promise<Refusal | undefined> {
  const first = await placeOf(search.fromWallMs ?? Number.NEGATIVE_INFINITY)
  if (!first.ok) return first.refusal
  const { head, seq } = first.body
  for (let after = seq - 1; !signal.aborted; ) {
    const page = await readPage(search, { after, before: head.seq + 1, limit: pageMax })
    if (!page.ok) return page.refusal
    const { records } = page.body
    const last = records.at(-1)
    after = last?.seq ?? head.seq
    take(
      records.filter((record) => passes(search, record)),
      head.seq === 0 ? 1 : after / head.seq,
    )
    if (last === undefined || records.length < pageMax) return undefined
  }
  return undefined
}

const passes = (search: Search, record: JournalRecord): boolean =>
  record.wallMs >= (search.fromWallMs ?? Number.NEGATIVE_INFINITY) &&
  record.wallMs <= (search.toWallMs ?? Number.POSITIVE_INFINITY) &&
  search.fits(record)

/** A whole page older than what is asked for: a clock that was set a little back is passed over. */
const isBefore = ({ fromWallMs }: Search, records: readonly JournalRecord[]): boolean =>
  fromWallMs !== undefined && records.every(({ wallMs }) => wallMs < fromWallMs)

/** Where reading back begins: above the last record of the time that is asked for. */
async function beginAt({ toWallMs }: Search): Promise<Result<number | undefined>> {
  if (toWallMs === undefined) return { ok: true, body: undefined }
  const place = await placeOf(toWallMs + 1)
  return place.ok ? { ok: true, body: Math.max(1, place.body.seq) } : place
}

/** The first record of that time or later, found by halving; above the head when there is none. */
async function placeOf(wallMs: number): Promise<Result<{ seq: number; head: JournalHead }>> {
  const newest = await readPage(undefined, { limit: 1 })
  if (!newest.ok) return newest
  const { head } = newest.body
  let [low, high] = [1, wallMs === Number.NEGATIVE_INFINITY ? 1 : head.seq + 1]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const page = await readPage(undefined, { after: middle - 1, limit: 1 })
    if (!page.ok) return page
    const found = page.body.records[0]
    if (found === undefined || found.wallMs >= wallMs) high = middle
    else low = middle + 1
  }
  return { ok: true, body: { seq: low, head } }
}

type Place = { readonly after?: number; readonly before?: number; readonly limit: number }

/** One page. Reading changes nothing, so a page that came too soon for the service is asked for again. */
async function readPage(search: Search | undefined, place: Place): Promise<Result<JournalPage>> {
  const query = new URLSearchParams(
    Object.entries({ ...place, ...(search?.pair !== undefined && { pair: search.pair }) }).map(
      ([name, value]) => [name, String(value)],
    ),
  )
  for (;;) {
    const result = await read<JournalPage>(`journal?${query}`)
    if (result.ok || result.refusal.status !== 429) return result
    await new Promise((done) => setTimeout(done, againMs))
  }
}
const againMs = 2_000
