// Records, folders and small randomness for the journal's tests.

import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JournalRecord } from '../../src/core/cycle.ts'
import { JournalError } from '../../src/journal/disk.ts'
import { type JournalOptions, openJournal } from '../../src/journal/journal.ts'

/** A record like the ones that the supervisor writes; every third names no pair. */
export const sampleRecord = (
  seq: number,
  text = `Standby of intake is fit, ${seq}`,
): JournalRecord => ({
  seq,
  kind: 'note',
  wallMs: 1_780_000_000_000 + seq * 137,
  nowMs: seq * 137.5,
  actor: 'supervisor',
  ...(seq % 3 === 0 ? {} : { pair: seq % 3 === 1 ? 'intake' : 'outlet' }),
  text,
  data: { unit: 'A', seq },
})

/** Records `from` to `to`, both included. */
export const sampleRecords = (from: number, to: number): JournalRecord[] =>
  Array.from({ length: to - from + 1 }, (_, index) => sampleRecord(from + index))

/** Runs the work in a new folder with the paths of two copies in it, and removes all of it afterwards. */
export const inFolder = async (
  work: (folder: string, copies: readonly [string, string]) => Promise<void>,
): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'journal-'))
  try {
    await work(folder, [join(folder, 'a'), join(folder, 'b')])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Segment files of one copy by name, for comparing copies. */
export const segmentsIn = async (folder: string): Promise<Record<string, string>> => {
  const names = (await readdir(folder)).filter((name) => /^journal-\d+\.jsonl$/.test(name)).sort()
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
  return Object.fromEntries(names.map((name, index) => [name, texts[index] ?? '']))
}

/** Seed from the environment or the clock; print it so that a failure can be repeated. */
export const seedOf = (): number => Number(process.env.SEED ?? Date.now() % 1_000_000)

/** Waits until the condition holds; fails loudly after the limit. */
export const until = async (what: string, limitMs: number, holds: () => boolean): Promise<void> => {
  const end = performance.now() + limitMs
  while (!holds()) {
    if (performance.now() > end) throw new Error(`not within ${limitMs} ms: ${what}`)
    await new Promise((resume) => setTimeout(resume, 1))
  }
}

/** Asserts that the journal is not opened; returns the one line that says why. */
export const refusalOf = async (options: JournalOptions): Promise<string> => {
  const error = await openJournal(options).then(
    () => assert.fail('the journal was opened'),
    (reason: unknown) => reason,
  )
  assert(error instanceof JournalError, String(error))
  assert(!error.message.includes('\n'))
  return error.message
}
