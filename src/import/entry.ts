// From one line of a tag list to one entry of the plant file's `tags:`. The plant file's own rules have the last word: an
// entry that they would refuse is left out with their sentence as the reason.

import { tagSchema } from '../config/schema.ts'
import { valueWrong } from '../config/value-rules.ts'
import { whereText } from './addresses.ts'
import { classify } from './classify.ts'
import { isFloat, type ReadType, readType, wordsOf } from './data-types.ts'
import type { LeftOut, ListedTag, Where } from './tag-list.ts'

/** A tag as the plant file takes it, without its defaults. */
export type Entry = {
  readonly name: string
  readonly at: string
  readonly type: string
  readonly words?: number
  readonly word_order?: 'little'
  readonly byte_order?: 'little'
  readonly class: string
  readonly tolerance?: number
  readonly units?: string
  readonly scale?: number
  readonly offset?: number
  readonly names?: Readonly<Record<string, string>>
}

export type Taken = {
  readonly from: ListedTag
  readonly entry: Entry
  readonly where: Where
  /** Why this class. */
  readonly reason: string
  /** Why `critical: true` is proposed; never set by itself. */
  readonly critical?: string
  readonly doubts: readonly string[]
}

/** Answers with the entry under the name given, or with why there is none. */
export function makeEntry(tag: ListedTag, name: string): Taken | LeftOut {
  const typed = typeOf(tag)
  if ('wrong' in typed) return leftOut(tag, typed.wrong)
  const { where } = typed
  const scaling = scalingOf(tag, typed.type)
  const proposal = classify(tag, typed.type)
  const units = unitsOf(tag)
  const entry: Entry = {
    name,
    at: whereText(where),
    type: typed.type,
    ...(typed.words === undefined ? {} : { words: typed.words }),
    ...(typed.wordOrder === 'little' ? { word_order: 'little' as const } : {}),
    ...(typed.byteOrder === 'little' ? { byte_order: 'little' as const } : {}),
    class: proposal.class,
    ...(proposal.tolerance === undefined ? {} : { tolerance: proposal.tolerance }),
    ...(units.text === '' ? {} : { units: units.text }),
    ...scaling.keys,
    ...namesOf(tag, typed.type, scaling.keys),
  }
  const wrong = refusal(entry)
  if (wrong !== undefined) return leftOut(tag, wrong)
  const doubts = [tag.doubts, typed.doubts, scaling.doubts, units.doubts, proposal.doubts].flat()
  const { reason, critical } = proposal
  return {
    from: tag,
    entry,
    where,
    reason,
    ...(critical === undefined ? {} : { critical }),
    doubts,
  }
}

export const isTaken = (made: Taken | LeftOut): made is Taken => 'entry' in made

const leftOut = ({ name, place }: ListedTag, reason: string): LeftOut => ({ name, place, reason })

function refusal(entry: Entry): string | undefined {
  const read = tagSchema.safeParse(entry)
  if (read.success) return valueWrong(read.data)?.message
  const issue = read.error.issues[0]
  return `${issue?.path.join('.') ?? 'the entry'}: ${issue?.message ?? 'refused'}`
}

type Typed = {
  readonly type: string
  readonly where: Where
  readonly words?: number
  readonly wordOrder?: 'big' | 'little' | undefined
  readonly byteOrder?: 'big' | 'little' | undefined
  readonly doubts: readonly string[]
}

function typeOf(tag: ListedTag): Typed | { readonly wrong: string } {
  if (tag.type.trim() === '') return silentType(tag.where)
  const read = readType(tag.type)
  if ('wrong' in read) return read
  const doubts = read.doubt === undefined ? [] : [read.doubt]
  if (read.type === 'bool') return singleBit(tag.where, doubts)
  if (tag.where.kind === 'node') return onNode(read, tag.where, doubts)
  return inRegisters(read, tag, tag.where, doubts)
}

function silentType(where: Where): Typed {
  if (where.kind === 'node') {
    return { type: 'float32', where, doubts: ['the list names no type; taken as float32'] }
  }
  if (where.area === 'co' || where.area === 'di') return { type: 'bool', where, doubts: [] }
  if (where.bitCount !== undefined) return { type: 'bits', where, doubts: [] }
  if (where.bit !== undefined) return { type: 'bit', where, doubts: [] }
  return { type: 'uint16', where, doubts: ['the list names no type; taken as uint16'] }
}

function singleBit(where: Where, doubts: readonly string[]): Typed {
  if (where.kind === 'node') return { type: 'bool', where, doubts }
  if (where.area === 'co' || where.area === 'di') return { type: 'bool', where, doubts }
  if (where.bit !== undefined) return { type: 'bit', where, doubts }
  const doubt = 'a single bit in a whole register: taken as its lowest bit'
  return { type: 'bit', where: { ...where, bit: 0 }, doubts: [...doubts, doubt] }
}

const wider: Readonly<Record<string, string>> = { int8: 'int16', uint8: 'uint16' }

function onNode(read: ReadType, where: Where, doubts: readonly string[]): Typed {
  return { type: wider[read.type] ?? read.type, where, doubts }
}

function inRegisters(
  read: ReadType,
  tag: ListedTag,
  where: Where & { kind: 'register' },
  doubts: readonly string[],
): Typed | { readonly wrong: string } {
  if (where.bitCount !== undefined) return { type: 'bits', where, doubts }
  if (where.bit !== undefined) {
    return { wrong: `${tag.type} does not fit into one bit, ${whereText(where)}` }
  }
  if (read.type === 'string') {
    const words = wordsOf(read)
    if (words === 0) return { wrong: 'a text without a length; expected STRING[20] or so' }
    return { type: 'string', where, words, byteOrder: read.byteOrder, doubts }
  }
  const type = wider[read.type]
  const orders = { wordOrder: read.wordOrder ?? tag.wordOrder, byteOrder: read.byteOrder }
  if (type === undefined) {
    return { type: read.type, where, ...(wordsOf(read) > 1 ? orders : {}), doubts }
  }
  return { type, where, doubts: [...doubts, `${tag.type} is taken as the whole register`] }
}

type Part<T> = T & { readonly doubts: readonly string[] }

function scalingOf(
  { scale, offset }: ListedTag,
  type: string,
): Part<{ readonly keys: Pick<Entry, 'scale' | 'offset'> }> {
  const keys = {
    ...(scale === undefined || scale === 1 ? {} : { scale }),
    ...(offset === undefined || offset === 0 ? {} : { offset }),
  }
  if (Object.keys(keys).length === 0) return { keys, doubts: [] }
  if (['bool', 'bit', 'string'].includes(type)) {
    return { keys: {}, doubts: [`a scale on ${type} has no meaning; left away`] }
  }
  if (scale !== 0) return { keys, doubts: [] }
  return { keys: {}, doubts: ['a scale of 0 would make every value the same; left away'] }
}

const unitsMax = 20

function unitsOf({ units }: ListedTag): Part<{ readonly text: string }> {
  const text = units.replace(/[\p{C}\s]+/gu, ' ').trim()
  if (text.length <= unitsMax) return { text, doubts: [] }
  return { text: '', doubts: [`the unit "${text.slice(0, 40)}" is too long; left away`] }
}

function namesOf(
  { names }: ListedTag,
  type: string,
  scaling: Pick<Entry, 'scale' | 'offset'>,
): Pick<Entry, 'names'> {
  const fits = !isFloat(type) && !['bool', 'bit', 'string'].includes(type)
  return names !== undefined && fits && Object.keys(scaling).length === 0 ? { names } : {}
}
