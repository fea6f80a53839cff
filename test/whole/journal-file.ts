// Reads the journal of a supervisor from outside, as it grows: the copies are lines of JSON on disk, and what stands there is
// what a restart will find.

import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

export type Line = {
  readonly seq: number
  readonly kind: string
  readonly actor: string
  readonly pair?: string
  readonly text: string
  readonly data: Readonly<Record<string, unknown>>
}

/** Every whole record of one copy; a line that is still being written is left out. */
export function readCopy(folder: string): readonly Line[] {
  const text = readFileSync(segmentOf(folder), 'utf8')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)
    .filter((line) => line.seq !== undefined)
}

/** Looks at the copy every 2 ms until it holds a record that fits, and gives the first one. */
export async function untilRecord(
  folder: string,
  fits: (line: Line) => boolean,
  limitMs: number,
): Promise<Line | undefined> {
  const endMs = performance.now() + limitMs
  let sizeBytes = -1
  while (performance.now() < endMs) {
    const now = statSync(segmentOf(folder)).size
    const found = now === sizeBytes ? undefined : readCopy(folder).find(fits)
    if (found !== undefined) return found
    sizeBytes = now
    await pause(2)
  }
  return undefined
}

const segmentOf = (folder: string): string => join(folder, 'journal-000001.jsonl')
