// The words that a primary hands to its standby, with the key that says of which scan they are, and
// the digests that both make of them (docs/protocols.md section 10). Written from that page alone;
// the CRC comes from zlib.
import type { LevelControl } from './level-control.ts'
import { crcOfWords, float32, uint32 } from './wire.ts'

export const DATA_WORDS = 1024
export const DIGEST_WORDS = 14
export const PAGE_WORDS = 72
const LEAF_WORDS = 64
const LEAVES_IN_PAGE = 32
const EVERY_SCANS = 8
const READY_AFTER_SCANS = 6
const RECIPE_AT = 16
const RECIPE_STEP_MS = 1000

/** Of which scan of which life of which primary some data are; origin 0 when nobody sent any. */
export type DataKey = { readonly origin: number; readonly start: number; readonly scan: number }

/** What travels over the redundancy link in a scan. */
export type SentData = { key: DataKey; readonly words: Uint16Array }

type Digest = {
  readonly key: DataKey
  readonly words: Uint16Array
  /** Of the unit's own scans, the one in which the digest is ready. */
  readonly readyAt: number
  /** Worked out when somebody looks: most digests are never read. */
  leaves: readonly number[] | undefined
}

export type DataBlock = {
  key: DataKey
  readonly words: Uint16Array
  /** What the link brought last, before any fault: the truth that the words are judged by. */
  readonly received: Uint16Array
  /** Copies that a lagging standby has not taken yet. */
  late: SentData[]
  coming: Digest | undefined
  newest: Digest | undefined
  before: Digest | undefined
}

/** Faults of a standby's data: one word flipped by a mask, everything late by some scans, no new digests. */
export type DataFaults = {
  readonly differs?: { readonly word: number; readonly by: number }
  readonly lateScans: number
  readonly still: boolean
}

/** A unit that has just started: nothing written, nothing received. */
export function newDataBlock(): DataBlock {
  return {
    key: { origin: 0, start: 0, scan: 0 },
    words: Uint16Array.from({ length: DATA_WORDS }, (_, at) => (at < RECIPE_AT ? 0 : at)),
    received: new Uint16Array(DATA_WORDS),
    late: [],
    coming: undefined,
    newest: undefined,
    before: undefined,
  }
}

/** A place for what goes over the link, used again in every scan. */
export function newSentData(): SentData {
  return { key: { origin: 0, start: 0, scan: 0 }, words: new Uint16Array(DATA_WORDS) }
}

/** The primary's scan ends: its data are those of this scan. */
export function writeData(data: DataBlock, control: LevelControl, key: DataKey, nowMs: number) {
  data.key = key
  data.late = []
  const head = [
    ...float32(control.setpointPct),
    ...float32(control.outputPct),
    ...float32(control.integralPct),
    control.mode,
    control.batchStep,
    control.pumpRuns ? 1 : 0,
    ...uint32(Math.floor(control.flowTotalLitres) % 2 ** 32),
  ]
  data.words.set(head)
  if (nowMs % RECIPE_STEP_MS === 0) {
    const at = RECIPE_AT + (((nowMs / RECIPE_STEP_MS) * 7) % (DATA_WORDS - RECIPE_AT))
    data.words[at] = (data.words[at] ?? 0) + 1
  }
}

/** The standby takes what the link brings. */
export function receiveData(data: DataBlock, sent: SentData, faults: DataFaults): void {
  data.received.set(sent.words)
  if (faults.lateScans === 0) {
    data.late = []
    data.words.set(sent.words)
    data.key = sent.key
  } else {
    data.late.push({ key: sent.key, words: sent.words.slice() })
    const due = data.late.length > faults.lateScans ? data.late.shift() : undefined
    if (due) {
      data.words.set(due.words)
      data.key = due.key
    }
  }
  const { differs } = faults
  if (differs) data.words[differs.word] = (data.words[differs.word] ?? 0) ^ differs.by
}

/** The end of every scan: a digest that is ready is shown, and one that is due is begun. */
export function runDigest(data: DataBlock, ownScans: number, { still }: DataFaults): void {
  const { coming, key } = data
  if (coming && !still && ownScans >= coming.readyAt) {
    const sameLife = coming.key.origin === data.newest?.key.origin
    data.before = sameLife && coming.key.start === data.newest?.key.start ? data.newest : undefined
    data.newest = coming
    data.coming = undefined
  }
  const due = key.origin !== 0 && key.scan % EVERY_SCANS === 0
  if (!due || data.coming || sameKey(key, data.newest?.key)) return
  const readyAt = ownScans + READY_AFTER_SCANS
  data.coming = { key, words: data.words.slice(), readyAt, leaves: undefined }
}

/** The digest block, registers 1030 to 1043. */
export function digestBlockWords({ newest, before }: DataBlock): number[] {
  if (!newest) return signed([0xc521, DATA_WORDS, ...Array<number>(10).fill(0)])
  const { key, words } = newest
  const last = before ?? newest
  return signed([
    ...[0xc521, words.length, key.origin, key.start],
    ...[...uint32(key.scan), ...uint32(rootOf(newest))],
    ...[...uint32(last.key.scan), ...uint32(rootOf(last))],
  ])
}

/** A leaf page; the first one stands in registers 1200 to 1271, and 1024 words have no other. */
export function pageOfLeaves({ newest }: DataBlock, first = 0): number[] {
  const { origin, start, scan } = newest?.key ?? { origin: 0, start: 0, scan: 0 }
  const leaves = newest ? leavesOf(newest) : []
  const all = Array.from({ length: LEAVES_IN_PAGE }, (_, leaf) => leaves[first + leaf] ?? 0)
  return signed([0xc522, first, origin, start, ...uint32(scan), ...all.flatMap(uint32)])
}

/** The root that is shown now, or undefined before the first digest. */
export function shownRoot({ newest }: DataBlock): number | undefined {
  return newest && rootOf(newest)
}

/** Numbers of the words in which the standby's data are not what the link brought. */
export function wordsApart({ words, received }: DataBlock): number[] {
  return [...words.keys()].filter((at) => words[at] !== received[at])
}

function leavesOf(digest: Digest): readonly number[] {
  digest.leaves ??= leaves(digest.words)
  return digest.leaves
}

/** One CRC for each 64 words. */
function leaves(words: Uint16Array): readonly number[] {
  const count = Math.ceil(words.length / LEAF_WORDS)
  return Array.from({ length: count }, (_, leaf) => {
    const block = words.subarray(leaf * LEAF_WORDS, (leaf + 1) * LEAF_WORDS)
    return crcOfWords(block, block.length)
  })
}

/** The digest of all: CRC over number of words, key and leaves. */
function rootOver(words: number, key: DataKey, of: readonly number[]): number {
  const all = [words, key.origin, key.start, ...uint32(key.scan), ...of.flatMap(uint32)]
  return crcOfWords(all, all.length)
}

function rootOf(digest: Digest): number {
  return rootOver(digest.words.length, digest.key, leavesOf(digest))
}

function signed(words: readonly number[]): number[] {
  return [...words, ...uint32(crcOfWords(words, words.length))]
}

function sameKey(one: DataKey, other: DataKey | undefined): boolean {
  return one.origin === other?.origin && one.start === other.start && one.scan === other.scan
}
