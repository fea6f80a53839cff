// One segment file as found: which lines are whole, which stand in their place, how far the file is clean, and how it ends.
// The end matters most: a tail that a crash tore is harmless, because nothing in it was ever reported as durable; a whole line
// that no longer matches its hash is damage. Pure: bytes in, findings out.

import { type Entry, type Header, readLine } from './chain.ts'

export type Found = Entry & {
  /** Line in the file, counted from 1. */
  readonly line: number
}

export type Flaw = { readonly line: number; readonly text: string }

export type SegmentScan = {
  readonly number: number
  readonly sizeBytes: number
  readonly header?: Header
  /** Every record whose line proves itself, wherever it stands. */
  readonly entries: readonly Found[]
  /** What is wrong before the tail, and in a damaged tail; empty in a sound file. */
  readonly flaws: readonly Flaw[]
  /** The header and the records up to here are whole and linked. */
  readonly clean: { readonly bytes: number; readonly records: number }
  /** The last record is whole but its line end is missing. */
  readonly unterminated: boolean
  /**
   * How the file ends after its last whole line. `torn`: half a line, or pages that never reached the disk and read as zeros;
   * a crash does that. `damaged`: complete lines that are wrong; a crash does not do that.
   */
  readonly tail: 'whole' | 'torn' | 'damaged'
}

/** One folder's segments, by number. */
export type CopyScan = { readonly folder: string; readonly segments: readonly SegmentScan[] }

/** Examines the bytes of segment file `number`. */
export const scanSegment = (number: number, bytes: Buffer): SegmentScan => {
  const walk = startWalk(number)
  for (const span of lineSpans(bytes)) take(walk, span, bytes)
  const rest = bytes.subarray(walk.lastWhole.end)
  const tail = tailOf(rest)
  const { line: lastLine } = walk.lastWhole
  return {
    number,
    sizeBytes: bytes.length,
    ...(walk.header === undefined ? {} : { header: walk.header }),
    entries: walk.entries,
    flaws: tail === 'torn' ? walk.flaws.filter(({ line }) => line <= lastLine) : walk.flaws,
    clean: walk.clean,
    unterminated: walk.lastWhole.unterminated && walk.clean.bytes === bytes.length,
    tail,
  }
}

const filePattern = /^journal-(\d{6,})\.jsonl$/

/** File name of a segment: `journal-000001.jsonl`. */
export const segmentFile = (number: number): string =>
  `journal-${String(number).padStart(6, '0')}.jsonl`

/** Segment number of a file name; undefined for any other file in the folder. */
export const segmentNumber = (fileName: string): number | undefined => {
  const digits = filePattern.exec(fileName)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** `end` is after the line end, if there is one. */
type Span = {
  readonly line: number
  readonly start: number
  readonly end: number
  readonly unterminated: boolean
}

type Walk = {
  readonly number: number
  readonly entries: Found[]
  readonly flaws: Flaw[]
  header?: Header
  expected?: { seq: number; prev: string }
  clean: { bytes: number; records: number }
  sound: boolean
  lastWhole: { line: number; end: number; unterminated: boolean }
}

const startWalk = (number: number): Walk => ({
  number,
  entries: [],
  flaws: [],
  clean: { bytes: 0, records: 0 },
  sound: true,
  lastWhole: { line: 0, end: 0, unterminated: false },
})

function* lineSpans(bytes: Buffer): Generator<Span> {
  let start = 0
  for (let line = 1; start < bytes.length; line += 1) {
    const lineEnd = bytes.indexOf(0x0a, start)
    const unterminated = lineEnd === -1
    const end = unterminated ? bytes.length : lineEnd + 1
    yield { line, start, end, unterminated }
    start = end
  }
}

const take = (walk: Walk, span: Span, bytes: Buffer): void => {
  const line = readLine(bytes.subarray(span.start, span.unterminated ? span.end : span.end - 1))
  let misplaced: string | undefined
  if (line.kind === 'flaw') misplaced = line.text
  else if (line.kind === 'header') misplaced = takeHeader(walk, line.header, span)
  else misplaced = takeRecord(walk, { ...line.entry, line: span.line })
  if (line.kind !== 'flaw') {
    walk.lastWhole = { line: span.line, end: span.end, unterminated: span.unterminated }
  }
  if (misplaced !== undefined) {
    walk.flaws.push({ line: span.line, text: misplaced })
    walk.sound = false
  } else if (walk.sound) {
    walk.clean = { bytes: span.end, records: walk.entries.length }
  }
}

const takeHeader = (walk: Walk, header: Header, span: Span): string | undefined => {
  if (span.line !== 1) return 'is a segment header in the midst of the records'
  if (header.segment !== walk.number) return `is the header of segment ${header.segment}`
  walk.header = header
  walk.expected = { seq: header.first, prev: header.prev }
  return undefined
}

const takeRecord = (walk: Walk, found: Found): string | undefined => {
  const expected = walk.expected
  walk.entries.push(found)
  walk.expected = { seq: found.record.seq + 1, prev: found.hash }
  if (expected === undefined) return found.line === 1 ? 'is not a segment header' : undefined
  if (found.record.seq !== expected.seq) {
    return `is record ${found.record.seq} where record ${expected.seq} belongs`
  }
  if (found.prev !== expected.prev) {
    return `is record ${found.record.seq}, which does not follow from the line before it`
  }
  return undefined
}

const tailOf = (rest: Buffer): SegmentScan['tail'] => {
  if (rest.length === 0) return 'whole'
  return !rest.includes(0x0a) || rest.includes(0x00) ? 'torn' : 'damaged'
}
