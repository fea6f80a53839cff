// Reads a recording: one segment, or all of a folder in their order. The last segment of a run may end anywhere, because the
// process was killed or is still writing: what can be read of it counts.

import { createReadStream, type Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { constants, createGunzip } from 'node:zlib'
import type { PairState, State } from '../core/state.ts'
import { type SegmentFile, segmentsIn } from './segment-file.ts'
import { type Frame, frameReader, type Head, type Line, lineOf } from './segment-lines.ts'

/** What keeps a recording from being read: one line with file, reason and what was expected. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError'
}

export type Opening = {
  readonly file: string
  readonly head: Head
  /** Before the first cycle of the segment. */
  readonly state: State
}

export type Part =
  | { readonly kind: 'opening'; readonly opening: Opening }
  | { readonly kind: 'frame'; readonly frame: Frame }
  /** The rest of the segment cannot be read. */
  | { readonly kind: 'damage'; readonly text: string }

/** The segments of a folder, or the one that is named. Throws RecordingError when there are none. */
export async function segmentsOf(path: string): Promise<readonly SegmentFile[]> {
  const found = await stat(path).catch((): undefined => undefined)
  if (found === undefined) throw new RecordingError(`${path}: no such file or folder`)
  if (!found.isDirectory()) return [asSegment(path, found)]
  const segments = await segmentsIn(path)
  if (segments.length === 0) {
    throw new RecordingError(`${path}: no recording in it, expected files recording-*.jsonl.gz`)
  }
  return segments
}

/** The segment's head alone. Throws RecordingError when the file is no recording; undefined when nothing of it was written yet. */
export async function headOf({ path }: SegmentFile): Promise<Head | undefined> {
  const line = await firstLine(path)
  if (line === undefined) return undefined
  if ('head' in line && line.head.format === 1) return line.head
  throw new RecordingError(`${path}: begins without the head of a recording of format 1`)
}

/** One segment from its opening to its last frame that can be read. Throws RecordingError when the file is no recording. */
export async function* readSegment(segment: SegmentFile): AsyncGenerator<Part> {
  const head = await headOf(segment)
  if (head === undefined) return
  const { path: file } = segment
  const pairs: Record<string, PairState> = {}
  let top: Omit<State, 'pairs'> | undefined
  let opened = false
  const frameOf = frameReader()
  let number = 0
  try {
    for await (const text of linesOf(file)) {
      number += 1
      const line = lineOf(text)
      if ('state' in line) top = line.state
      else if ('pair' in line) pairs[line.pair] = line.is
      else if ('frame' in line) {
        if (top === undefined) throw new SyntaxError('a frame before the state')
        if (!opened) {
          opened = true
          yield { kind: 'opening', opening: { file, head, state: { ...top, pairs } } }
        }
        yield { kind: 'frame', frame: frameOf(line.frame) }
      }
    }
  } catch (error) {
    if (!isDamage(error) && !isGone(error)) throw error
    yield { kind: 'damage', text: `${file}: cannot be read after line ${number}: ${error.message}` }
  }
}

const asSegment = (path: string, { size, mtimeMs }: Stats): SegmentFile => ({
  number: 1,
  path,
  sizeBytes: size,
  writtenMs: mtimeMs,
})

/** Whole lines only: what follows the last line end was cut off. */
async function* linesOf(path: string): AsyncGenerator<string> {
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH })
  const file = createReadStream(path)
  file.on('error', (error) => gunzip.destroy(error))
  file.pipe(gunzip).setEncoding('utf8')
  let rest = ''
  try {
    for await (const chunk of gunzip) {
      const parts = (rest + String(chunk)).split('\n')
      rest = parts.pop() ?? ''
      yield* parts
    }
  } finally {
    file.destroy()
    gunzip.destroy()
  }
}

async function firstLine(path: string): Promise<Line | undefined> {
  const lines = linesOf(path)
  try {
    const { value } = await lines.next()
    return value === undefined ? undefined : lineOf(value)
  } catch (error) {
    if (isGone(error)) return undefined
    if (!isDamage(error)) throw error
    throw new RecordingError(`${path}: ${error.message}, expected a segment of a recording`)
  } finally {
    await lines.return(undefined)
  }
}

/** The recorder has removed it meanwhile to make room. */
const isGone = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'

/** Bytes that are not what a recorder writes; anything else is our own error. */
const isDamage = (error: unknown): error is Error =>
  error instanceof SyntaxError ||
  (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
