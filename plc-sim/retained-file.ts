// Retained memory that outlives the practice plant itself: a file that holds what each unit keeps over a power cut. Without it a plant
// that is started anew looks like one whose units have all lost their epochs, and a supervisor that remembers them is right to refuse.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { RefusedRequest } from './refusal.ts'
import type { Retained } from './retained.ts'
import { type Site, unitsOf } from './site.ts'

/** Retained data by unit, such as `intake.A`. */
export type KeptData = Readonly<Record<string, Retained>>

/** How often it is looked whether a unit has changed what it keeps. */
const KEEP_EVERY_MS = 100
const FIELDS = ['epoch', 'owner', 'accepted', 'boot', 'checksum'] as const

/** What the file holds; nothing when it is not there yet. @throws RefusedRequest when it holds something else */
export function readKept(file: string): KeptData {
  const text = readText(file)
  if (text === undefined) return {}
  const kept = parse(text)
  if (kept) return kept
  throw new RefusedRequest(
    `${file} does not hold retained data (epoch, owner, accepted, boot, checksum of each unit); delete it to start with empty memories`,
  )
}

/** Writes the file whenever a unit keeps something new, until it is called to stop. */
export function keepRetained(file: string, site: Site): () => void {
  let written = ''
  const write = (): void => {
    const entries = unitsOf(site).map(({ target, unit }) => [target, unit.block.retained])
    const text = JSON.stringify(Object.fromEntries(entries))
    if (text === written) return
    writeFileSync(`${file}.new`, text)
    renameSync(`${file}.new`, file)
    written = text
  }
  write()
  const timer = setInterval(write, KEEP_EVERY_MS)
  return () => {
    clearInterval(timer)
    write()
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new RefusedRequest(`${file} cannot be read: ${String(error)}`)
  }
}

function parse(text: string): KeptData | undefined {
  try {
    const kept: unknown = JSON.parse(text)
    if (typeof kept !== 'object' || kept === null) return undefined
    return Object.values(kept).every(isRetained) ? (kept as KeptData) : undefined
  } catch {
    return undefined
  }
}

const isRetained = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  FIELDS.every((field) => Number.isInteger((value as Record<string, unknown>)[field]))
