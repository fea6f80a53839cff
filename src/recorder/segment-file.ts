// Segments as files: their names, which of them there are, and the writing end of one. A segment is one gzip stream that is
// flushed often, so that what was flushed can be read after a kill -9; `zcat` shows it to people.

import { createWriteStream, readdirSync, writeFileSync } from 'node:fs'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createGzip, gzipSync } from 'node:zlib'

export type SegmentFile = {
  readonly number: number
  readonly path: string
  readonly sizeBytes: number
  /** When it was last written, Unix ms. */
  readonly writtenMs: number
}

/** `recording-000042-20261122T180300Z.jsonl.gz`; the time is for people, the number for the order. */
export function segmentName(number: number, wallMs: number): string {
  const time = new Date(wallMs).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  return `recording-${String(number).padStart(6, '0')}-${time}.jsonl.gz`
}

/** The segments of a folder in the order in which they were written. Rejects when the folder cannot be read. */
export async function segmentsIn(folder: string): Promise<readonly SegmentFile[]> {
  const found: SegmentFile[] = []
  for (const name of await readdir(folder)) {
    const digits = namePattern.exec(name)?.[1]
    if (digits === undefined) continue
    const path = join(folder, name)
    const { size, mtimeMs } = await stat(path)
    found.push({ number: Number(digits), path, sizeBytes: size, writtenMs: mtimeMs })
  }
  return found.sort((one, other) => one.number - other.number)
}

/**
 * Creates the folder where there is none, and removes the oldest segments until what is left fits: none written before
 * `oldestMs` (Unix ms), together at most `bytesMax`. Returns the number of the next segment.
 */
export async function makeRoom(
  folder: string,
  oldestMs: number,
  bytesMax: number,
): Promise<number> {
  await mkdir(folder, { recursive: true, mode: 0o750 })
  const segments = await segmentsIn(folder)
  let totalBytes = segments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  for (const { path, sizeBytes, writtenMs } of segments) {
    if (writtenMs >= oldestMs && totalBytes <= bytesMax) break
    await rm(path, { force: true })
    totalBytes -= sizeBytes
  }
  return (segments.at(-1)?.number ?? 0) + 1
}

/** Writes a whole segment before it returns, for a process that is about to end. Throws what the disk says. */
export function writeSegmentNow(folder: string, wallMs: number, text: string): void {
  const numbers = readdirSync(folder).map((name) => Number(namePattern.exec(name)?.[1] ?? 0))
  const path = join(folder, segmentName(Math.max(0, ...numbers) + 1, wallMs))
  writeFileSync(path, gzipSync(text), { flag: 'wx', mode: 0o640 })
}

/** Where the bytes of a segment go; a test hands in a slow or a full disk. */
export type OpenSink = (path: string) => Writable

export const fileSink: OpenSink = (path) => createWriteStream(path, { flags: 'wx', mode: 0o640 })

export type SegmentEnd = {
  /** Bytes of text taken so far. */
  readonly textBytes: number
  /** Resolves when the disk can take more; rejects when it cannot. */
  write(text: string): Promise<void>
  /** What was written until now reaches the file, so that a kill does not lose it. */
  flush(): Promise<void>
  /** Ends the file whole. */
  close(): Promise<void>
  /** Gives it up at once; what was flushed stays readable. */
  abandon(): void
}

export function openSegment(path: string, openSink: OpenSink): SegmentEnd {
  const gzip = createGzip()
  const sink = openSink(path)
  const done = pipeline(gzip, sink)
  // A disk that refuses never calls back: whoever waits then is told here.
  const waiting = new Set<(fault: unknown) => void>()
  let refusal: unknown
  done.catch((fault: unknown) => {
    refusal = fault
    for (const reject of waiting) reject(fault)
  })
  const orRefused = (start: (called: (fault?: Error | null) => void) => void): Promise<void> =>
    new Promise((resolve, reject) => {
      if (refusal !== undefined) return reject(refusal)
      waiting.add(reject)
      start((fault) => {
        waiting.delete(reject)
        if (fault) reject(fault)
        else resolve()
      })
    })
  let textBytes = 0
  return {
    get textBytes() {
      return textBytes
    },
    write(text) {
      textBytes += text.length
      return orRefused((called) => void gzip.write(text, called))
    },
    flush: () => orRefused((called) => gzip.flush(constants.Z_SYNC_FLUSH, () => called())),
    async close() {
      gzip.end()
      await done
    },
    abandon() {
      gzip.destroy()
      sink.destroy()
    },
  }
}

const namePattern = /^recording-(\d{6,})-.*\.jsonl\.gz$/
