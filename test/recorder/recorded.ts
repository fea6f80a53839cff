// A shift of the practice plant, recorded to real files, and its replay.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRecorder, type Recorder, type RecorderOptions } from '../../src/recorder/recorder.ts'
import { type Found, type Range, replay } from '../../src/recorder/replay.ts'
import { cycle, type Rig } from '../core/rig.ts'

/** Runs the work in a folder of its own, which is gone afterwards. */
export async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'recording-'))
  try {
    await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** A recorder that sees every cycle of the rig from now on. */
export function recordRig(
  rig: Rig,
  folder: string,
  more: Partial<RecorderOptions> = {},
): { readonly recorder: Recorder; readonly gaps: string[] } {
  const gaps: string[] = []
  const recorder = openRecorder({
    plant: rig.plant,
    version: 'test',
    folder,
    keepH: 24,
    maxMb: 500,
    // Cycles of the rig come much faster than the disk of a test can write.
    waitingMax: 1_000_000,
    closeWithinMs: 30_000,
    onGap: (text) => gaps.push(text),
    ...more,
  })
  rig.watch = (before, input, output) => recorder.take(before, input, output)
  return { recorder, gaps }
}

/** Lets the recorder write what it was given. A cycle of the rig takes no time, so the recorder has to be given some. */
export const breathe = (): Promise<void> => new Promise((resume) => setTimeout(resume, 1))

/** Runs cycles for `ms` of the plant's time. */
export async function runRecorded(rig: Rig, ms: number): Promise<void> {
  const untilMs = rig.nowMs + ms
  for (let count = 0; rig.nowMs < untilMs; count += 1) {
    cycle(rig)
    if (count % 20 === 0) await breathe()
  }
}

export type Played = {
  readonly cycles: number
  readonly runs: number
  readonly gaps: readonly string[]
  readonly texts: readonly string[]
  readonly difference?: Extract<Found, { kind: 'difference' }>['difference']
}

export async function play(path: string, range: Range = {}): Promise<Played> {
  let cycles = 0
  let runs = 0
  const gaps: string[] = []
  const texts: string[] = []
  for await (const found of replay(path, range)) {
    if (found.kind === 'run') runs += 1
    if (found.kind === 'gap') gaps.push(found.text)
    if (found.kind === 'died') texts.push(`died: ${found.text}`)
    if (found.kind === 'difference') {
      return { cycles, runs, gaps, texts, difference: found.difference }
    }
    if (found.kind !== 'cycle' || !found.asked) continue
    cycles += 1
    texts.push(...found.output.records.map(({ text }) => text))
  }
  return { cycles, runs, gaps, texts }
}

export function assertIdentical(played: Played, cycles: number): void {
  assert.equal(played.difference, undefined, JSON.stringify(played.difference))
  assert.deepEqual(played.gaps, [])
  assert.equal(played.cycles, cycles)
}
