// A tag list made into entries of the plant file. Here is decided what no single line can know: names that are taken, and
// registers that two lines claim.

import { wordCount } from '../config/value-rules.ts'
import { isTaken, makeEntry, type Taken } from './entry.ts'
import { legalName, type Names } from './names.ts'
import type { LeftOut, ListedTag, TagList } from './tag-list.ts'

export type Conversion = {
  readonly taken: readonly Taken[]
  readonly leftOut: readonly LeftOut[]
  readonly notes: readonly string[]
}

/** What one pair of the plant file takes. */
const tagsMax = 2000

/** Never fails: what cannot be taken is left out with its reason. The order of the list is kept. */
export function convert(list: TagList): Conversion {
  const names: Names = new Map()
  const occupied: Occupied = new Map()
  const taken: Taken[] = []
  const leftOut: LeftOut[] = [...list.leftOut]
  for (const tag of list.tags) {
    const made = place(tag, names, occupied)
    if (isTaken(made)) taken.push(made)
    else leftOut.push(made)
  }
  leftOut.sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column)
  return { taken, leftOut, notes: [...list.notes, ...notesOn(taken)] }
}

/** Register, coil or node to those who stand there. */
type Occupied = Map<string, readonly Taken[]>

function place(tag: ListedTag, names: Names, occupied: Occupied): Taken | LeftOut {
  const name = legalName(tag.name, names)
  const made = makeEntry(tag, name)
  if (!isTaken(made)) {
    names.delete(name)
    return made
  }
  const places = placesOf(made)
  for (const text of places) {
    const other = occupied.get(text)?.find((one) => meet(one, made))
    if (other === undefined) continue
    names.delete(name)
    const reason = `${made.entry.at} belongs to ${other.entry.name} already`
    return { name: tag.name, place: tag.place, reason }
  }
  for (const text of places) occupied.set(text, [...(occupied.get(text) ?? []), made])
  return made
}

function placesOf({ where, entry }: Taken): readonly string[] {
  if (where.kind === 'node') return [where.node]
  const { area, address } = where
  return Array.from({ length: wordCount(entry) }, (_, word) => `${area}:${address + word}`)
}

function meet({ where: one }: Taken, { where: other }: Taken): boolean {
  if (one.kind === 'node' || other.kind === 'node') return true
  if (one.bit === undefined || other.bit === undefined) return true
  return one.bit < other.bit + (other.bitCount ?? 1) && other.bit < one.bit + (one.bitCount ?? 1)
}

function notesOn(taken: readonly Taken[]): readonly string[] {
  const wide = taken.filter(
    ({ where, entry }) =>
      where.kind === 'register' && entry.type !== 'string' && wordCount(entry) > 1,
  )
  const silent = wide.filter(({ entry }) => entry.word_order === undefined).length
  const notes: string[] = []
  if (silent > 0) {
    notes.push(
      `values of several registers are taken with the high word first (${silent} here); if they look wrong, add word_order: little`,
    )
  }
  if (taken.length > tagsMax) {
    notes.push(
      `a pair takes at most ${tagsMax} tags, and this is ${taken.length}: delete those that need not be compared`,
    )
  }
  return notes
}
