// Proposes the class of a value from its type, its name and, when the name says nothing, its description; and its tolerance
// from its range. The words are data in `class-rules.ts`.

import { type ClassRule, classRules, type TagClass, type TypeKind } from './class-rules.ts'
import { isFloat } from './data-types.ts'
import type { ListedTag } from './tag-list.ts'

export type Proposal = {
  readonly class: TagClass
  readonly reason: string
  /** In the tag's own unit; absent means that equal is equal. */
  readonly tolerance?: number
  readonly critical?: string
  readonly doubts: readonly string[]
}

/** `type` is the plant file's. Answers for every value; what it only guesses has a doubt. */
export function classify(tag: ListedTag, type: string): Proposal {
  const found = findClass(tag, kindOf(type))
  const { tolerance, doubt } = toleranceOf(found.class, tag, type)
  return {
    ...found,
    ...(tolerance === undefined ? {} : { tolerance }),
    doubts: doubt === undefined ? found.doubts : [...found.doubts, doubt],
  }
}

type Found = Omit<Proposal, 'tolerance'>

function findClass(tag: ListedTag, kind: TypeKind): Found {
  if (tag.constant === true && kind !== 'bool') {
    return { class: 'setpoint', reason: 'a constant of the program', doubts: [] }
  }
  if (tag.names !== undefined && kind === 'whole') return fromEnumeration(tag)
  const named = matching(tag.name, kind)
  if (named !== undefined) return fromRule(named)
  const described = matching(tag.description, kind)
  if (described !== undefined) {
    const found = fromRule(described)
    return { ...found, doubts: [...found.doubts, 'the class follows from the description alone'] }
  }
  return byRange(tag)
}

function fromEnumeration(tag: ListedTag): Found {
  const named = matching(tag.name, 'whole')
  const critical = named?.class === 'enum' ? named.critical : undefined
  const found = { class: 'enum', reason: 'an enumeration', doubts: [] } as const
  return critical === undefined ? found : { ...found, critical }
}

function fromRule({ class: tagClass, reason, critical, doubt }: ClassRule): Found {
  return {
    class: tagClass,
    reason,
    ...(critical === undefined ? {} : { critical }),
    doubts: doubt === undefined ? [] : [doubt],
  }
}

function byRange({ range }: ListedTag): Found {
  if (range !== undefined) return { class: 'analog', reason: 'it has a range', doubts: [] }
  const doubt = 'neither name nor range says what it is; taken as analog'
  return { class: 'analog', reason: 'a number', doubts: [doubt] }
}

function kindOf(type: string): TypeKind {
  if (type === 'bool' || type === 'bit') return 'bool'
  if (type === 'string') return 'text'
  return isFloat(type) ? 'float' : 'whole'
}

function matching(text: string, kind: TypeKind): ClassRule | undefined {
  const words = nameWords(text)
  return classRules.find((rule) => rule.kinds.includes(kind) && fits(rule, words))
}

function fits({ words, parts = [], last }: ClassRule, tokens: readonly string[]): boolean {
  if (words.length === 0 && parts.length === 0) return true
  if (last) return tokens.length > 1 && words.includes(tokens.at(-1) ?? '')
  const line = ` ${tokens.join(' ')} `
  return (
    words.some((word) => line.includes(` ${word} `) || line.includes(` ${word}s `)) ||
    parts.some((part) => line.includes(part))
  )
}

/** `LIC301.SpLow` is `lic`, `sp`, `low`: digits and signs divide, and so does a capital after a small letter. */
export const nameWords = (text: string): readonly string[] =>
  text
    .normalize('NFC')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '')

type Tolerance = { readonly tolerance?: number; readonly doubt?: string }

const moving: readonly TagClass[] = ['analog', 'analog-own-sensor', 'integrator']
/** Of the span: the accuracy class of common transmitters. */
const shareOfSpan = 0.005

function toleranceOf(tagClass: TagClass, { range }: ListedTag, type: string): Tolerance {
  if (moving.includes(tagClass)) {
    if (range !== undefined) return { tolerance: round((range.high - range.low) * shareOfSpan) }
    return { doubt: 'no range, so no tolerance: give the difference that still counts as equal' }
  }
  if (tagClass === 'setpoint' && isFloat(type)) {
    if (range !== undefined) return { tolerance: rounding(range, type === 'float32' ? 23 : 52) }
    return { doubt: 'no range, so no tolerance: rounding alone would count as a difference' }
  }
  if (tagClass === 'counter' || tagClass === 'timestamp') {
    return { doubt: 'no tolerance: give what the units may lie apart' }
  }
  return {}
}

/** Twice the distance of neighbouring floats at the largest value of the range. */
function rounding({ low, high }: { low: number; high: number }, bits: number): number {
  const largest = Math.max(Math.abs(low), Math.abs(high))
  return round(2 ** (Math.floor(Math.log2(largest)) - bits + 1))
}

const round = (value: number): number => Number(value.toPrecision(3))
