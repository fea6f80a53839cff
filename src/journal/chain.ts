// The journal as text. One record is one line of JSON that a person can read with `less`; a line ends with the SHA-256 of
// everything before it in that line, and that includes the hash of the line before. So every line proves itself, no line can be
// changed, added, removed or moved without breaking the chain, and no separate checksum is needed to find damaged bytes.

import assert from 'node:assert/strict'
import { hash as digest } from 'node:crypto'
import type { JournalRecord, Json, RecordKind } from '../core/cycle.ts'

/** A record as it stands in the chain. */
export type Entry = {
  readonly record: JournalRecord
  /** Hash of the record before; for record 1 the journal's identity. 64 hex digits. */
  readonly prev: string
  readonly hash: string
  /** Length of its line with the line end. */
  readonly lengthBytes: number
}

/** First line of every segment file; it can be rebuilt from the records around it. */
export type Header = {
  /** The journal's identity: 64 random hex digits, equal on every copy. */
  readonly journal: string
  readonly segment: number
  /** Number of the first record in this segment, written or still to come. */
  readonly first: number
  /** Hash of the last record of the segment before; for segment 1 the journal's identity. */
  readonly prev: string
}

export type Line =
  | { readonly kind: 'record'; readonly entry: Entry }
  | { readonly kind: 'header'; readonly header: Header }
  | { readonly kind: 'flaw'; readonly text: string }

/** A line ready to be written, line end included. */
export type SealedLine = { readonly bytes: Buffer; readonly hash: string }

/**
 * Writes a record as one line. The same record after the same `prev` always gives the same bytes.
 * Asserts that every number is finite: JSON would silently turn another one into null.
 */
export const sealRecord = (record: JournalRecord, prev: string): SealedLine => {
  const at = new Date(record.wallMs)
  assert(Number.isFinite(at.getTime()), `record ${record.seq}: wallMs ${record.wallMs} is no date`)
  return seal({
    seq: record.seq,
    at: at.toISOString(),
    wallMs: record.wallMs,
    nowMs: record.nowMs,
    ...(record.cycle === undefined ? {} : { cycle: record.cycle }),
    kind: record.kind,
    actor: record.actor,
    ...(record.pair === undefined ? {} : { pair: record.pair }),
    text: record.text,
    data: record.data,
    prev,
  })
}

/** Writes a segment's first line. */
export const sealHeader = (header: Header): SealedLine =>
  seal({
    format: 1,
    journal: header.journal,
    segment: header.segment,
    first: header.first,
    prev: header.prev,
  })

/** Reads one line, given without its line end. Any damage is a flaw; the text completes "line 7: ...". */
export const readLine = (bytes: Buffer): Line => {
  const cut = bytes.length - sealLengthBytes
  if (cut <= 0 || !sealPattern.test(bytes.toString('latin1', cut))) {
    return flaw('is not a whole journal line (no hash at its end)')
  }
  const hash = bytes.toString('latin1', cut + sealStart.length, bytes.length - sealEnd.length)
  // Hashed as raw bytes: decoding first would make different damaged bytes look alike.
  if (digest('sha256', bytes.subarray(0, cut), 'hex') !== hash) {
    return flaw('does not match its own hash: it was changed or damaged')
  }
  return understand(bytes.toString('utf8'), hash, bytes.length + 1)
}

const sealStart = ',"hash":"'
const sealEnd = '"}'
const sealPattern = /^,"hash":"[0-9a-f]{64}"\}$/
const sealLengthBytes = sealStart.length + 64 + sealEnd.length
const hashPattern = /^[0-9a-f]{64}$/

/** Top-level fields keep their order, for the reader's eye; everything below is sorted. */
const seal = (fields: { readonly [key: string]: Json }): SealedLine => {
  const parts = Object.entries(fields).map(([name, value]) => pair(name, value))
  const body = `{${parts.join(',')}`
  const hash = digest('sha256', body, 'hex')
  return { bytes: Buffer.from(`${body}${sealStart}${hash}${sealEnd}\n`), hash }
}

const canonical = (value: Json): string => {
  if (isList(value)) return `[${value.map(canonical).join(',')}]`
  if (value !== null && typeof value === 'object') {
    const defined = Object.entries(value).filter(([, inner]) => inner !== undefined)
    defined.sort(([one], [other]) => (one < other ? -1 : 1))
    return `{${defined.map(([name, inner]) => pair(name, inner)).join(',')}}`
  }
  return JSON.stringify(value)
}

const pair = (name: string, value: Json): string => {
  assert(
    typeof value !== 'number' || Number.isFinite(value),
    `journal record: ${name} is ${String(value)}, expected a finite number`,
  )
  return `${JSON.stringify(name)}:${canonical(value)}`
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

const flaw = (text: string): Line => ({ kind: 'flaw', text })

const understand = (text: string, hash: string, lengthBytes: number): Line => {
  const fields = parse(text)
  if (fields === undefined || typeof fields.prev !== 'string' || !hashPattern.test(fields.prev)) {
    return flaw('is sealed but is not a journal line')
  }
  const header = asHeader(fields, fields.prev)
  if (header !== undefined) return { kind: 'header', header }
  const record = asRecord(fields)
  if (record === undefined) return flaw('is sealed but is neither a record nor a header')
  return { kind: 'record', entry: { record, prev: fields.prev, hash, lengthBytes } }
}

type Fields = { readonly [key: string]: Json }

const parse = (text: string): Fields | undefined => {
  try {
    const value = JSON.parse(text) as Json
    return isFields(value) ? value : undefined
  } catch {
    return undefined
  }
}

const isFields = (value: Json | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isCount = (value: Json | undefined): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 1

const asHeader = (fields: Fields, prev: string): Header | undefined => {
  const { format, journal, segment, first } = fields
  if (format !== 1 || typeof journal !== 'string' || !hashPattern.test(journal)) return undefined
  if (!isCount(segment) || !isCount(first)) return undefined
  return { journal, segment, first, prev }
}

const asRecord = (fields: Fields): JournalRecord | undefined => {
  const { seq, kind, wallMs, nowMs, cycle, actor, pair: pairName, text, data } = fields
  if (!isCount(seq) || typeof wallMs !== 'number' || typeof nowMs !== 'number') return undefined
  if (typeof kind !== 'string' || typeof actor !== 'string' || typeof text !== 'string') {
    return undefined
  }
  if (!isFields(data) || (pairName !== undefined && typeof pairName !== 'string')) return undefined
  if (cycle !== undefined && typeof cycle !== 'number') return undefined
  const named = pairName === undefined ? {} : { pair: pairName }
  const counted = cycle === undefined ? {} : { cycle }
  return { seq, kind: kind as RecordKind, wallMs, nowMs, ...counted, actor, ...named, text, data }
}
