// The form in which the model of the OPC UA door is written down: rows for variables and methods, and the enumerations. The
// address space, the exported NodeSet and the manual are all made from such rows.

import type { Right } from '../rights.ts'
import type { Reading } from './reading.ts'

/** Words in the order of their numbers. A number never changes its meaning: new words are added at the end. */
export const enumerations = {
  UnitLetter: ['none', 'A', 'B'],
  UnitRole: ['unknown', 'none', 'standby', 'primary'],
  UnitPresence: ['unread', 'answering', 'lost', 'frozen', 'swapped', 'damaged', 'disputed'],
  PathState: ['unread', 'carries', 'spare', 'down', 'refused'],
  PairState: ['unknown', 'normal', 'both primary', 'none primary'],
  SyncVerdict: ['cannot tell', 'in sync', 'different'],
  TagVerdict: ['cannot tell', 'in sync', 'different', 'not compared', 'not comparable'],
  SwitchoverPhase: [
    ...['idle', 'preparing', 'proposed', 'confirmed', 'demoting', 'promoting', 'settling'],
    'stopped',
  ],
  SupervisionMode: ['observe', 'supervise'],
  UpsVerdict: ['unknown', 'on mains', 'on battery', 'off'],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type EnumerationName = keyof typeof enumerations
export type PlainType = 'Boolean' | 'String' | 'Double' | 'UInt32' | 'DateTime'
export type RowType = PlainType | EnumerationName

export const isEnumeration = (type: RowType): type is EnumerationName =>
  Object.hasOwn(enumerations, type)

/** Number of a word of an enumeration; undefined for a word that is not in it. */
export function numberOf(name: EnumerationName, word: string): number | undefined {
  const words: readonly string[] = enumerations[name]
  const at = words.indexOf(word)
  return at < 0 ? undefined : at
}

/** Engineering units after UNECE Recommendation 20, the ones that our own variables use. */
export type UnitWord = 'ms' | 's' | '%'

/** One variable. `of` yields what it shows of its subject; times are Unix ms, enumerations their word. */
export type Row<Subject> = {
  readonly name: string
  /** Kept for clients that read the past; a number: only moves larger than this, in the units of the value. */
  readonly history?: true | number
  readonly type: RowType
  readonly list?: true
  readonly units?: UnitWord
  /** Lowest and highest value in normal operation. */
  readonly range?: readonly [number, number]
  readonly text: string
  readonly of: (subject: Subject) => Reading
}

export type Argument = {
  readonly name: string
  readonly type: 'String' | 'Boolean'
  readonly list?: true
  readonly text: string
}

/** One method. `right` is what a person's role must hold, as in the table of rights. */
export type MethodRow = {
  readonly name: string
  readonly right: Right
  readonly text: string
  readonly takes: readonly Argument[]
  readonly gives: readonly Argument[]
}
