// The digests that a unit publishes, as words: docs/protocols.md section 10. A block or a page with a wrong checksum was torn or
// damaged; it is told as such and never believed.

import { crc32 } from '../block.ts'

/** Of which scan of the primary the data are: unit number, start counter and scan number of that primary. */
export type DigestKey = {
  readonly origin: number
  readonly start: number
  readonly scan: number
}
export type Digest = DigestKey & { readonly root: number }

export type DigestBlock = {
  /** How many words of data are covered. */
  readonly words: number
  readonly newest: Digest
  /** The digest before; the same as `newest` where there is none. */
  readonly before: Digest
}

export type DigestPage = DigestKey & {
  /** Number of the first leaf: 0 or 32. */
  readonly first: number
  readonly leaves: readonly number[]
}

/** The names under which a profile says where they stand, and under which a scan has them. */
export const digestSignal = 'digest'
export const pageSignals: readonly string[] = ['digest_page_1', 'digest_page_2']

/** Read only where the plant file asks for digests. */
export const isOfDigests = (signal: string): boolean =>
  signal === digestSignal || pageSignals.includes(signal)

export const digestWords = 14
export const pageWords = 72
export const leafWords = 64
const leavesInPage = 32
const dataWordsMax = 4096
const blockMagic = 0xc521
const pageMagic = 0xc522

/** Reads the digest block; a sentence where it says nothing. */
export function decodeDigestBlock(words: readonly number[]): DigestBlock | string {
  const at = reader(words)
  if (words.length !== digestWords) return `${words.length} words instead of ${digestWords}`
  if (at.word(0) === 0) return 'the program makes no digests'
  if (at.word(0) !== blockMagic) return `no digest block: it begins with ${hex(at.word(0))}`
  if (at.double(12) !== crc32(words.slice(0, 12))) return 'digest block torn or damaged'
  const covered = at.word(1)
  if (covered < 1 || covered > dataWordsMax) return `digest of ${covered} words`
  const key = { origin: at.word(2), start: at.word(3) }
  if (key.origin === 0) return 'no data received yet'
  return {
    words: covered,
    newest: { ...key, scan: at.double(4), root: at.double(6) },
    before: { ...key, scan: at.double(8), root: at.double(10) },
  }
}

/** Reads one page of leaves; a sentence where it says nothing. */
export function decodeDigestPage(words: readonly number[]): DigestPage | string {
  const at = reader(words)
  if (words.length !== pageWords) return `${words.length} words instead of ${pageWords}`
  if (at.word(0) !== pageMagic) return `no leaf page: it begins with ${hex(at.word(0))}`
  if (at.double(70) !== crc32(words.slice(0, 70))) return 'leaf page torn or damaged'
  const leaves = Array.from({ length: leavesInPage }, (_, leaf) => at.double(6 + 2 * leaf))
  return {
    first: at.word(1),
    origin: at.word(2),
    start: at.word(3),
    scan: at.double(4),
    leaves,
  }
}

/** How many scans `one` lies behind `other`, around the wrap; negative when it is ahead. Only within one origin and start. */
export const scansBehind = (one: DigestKey, other: DigestKey): number => (other.scan - one.scan) | 0

/** Whether two keys count scans of one life of one primary. */
export const sameLife = (one: DigestKey, other: DigestKey): boolean =>
  one.origin === other.origin && one.start === other.start

export const sameKey = (one: DigestKey, other: DigestKey): boolean =>
  sameLife(one, other) && one.scan === other.scan

function reader(words: readonly number[]) {
  const word = (index: number): number => words[index] ?? 0
  const double = (index: number): number => word(index) * 65_536 + word(index + 1)
  return { word, double }
}

const hex = (word: number): string => word.toString(16).toUpperCase().padStart(4, '0')
