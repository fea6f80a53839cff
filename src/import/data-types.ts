// The type names that controllers, engineering tools and Modbus masters use, and the type of the plant file that each one is.
// Names are compared without case, spaces, `_` and `-`; a word order may follow the name (`FLOAT CDAB`).

import { nearest } from '../config/faults.ts'

/** Type of the plant file, with what a name of the list says about the order of words and bytes. */
export type ReadType = {
  readonly type: string
  /** Characters of a string; absent when the list gives no length. */
  readonly characters?: number
  readonly wordOrder?: 'big' | 'little'
  readonly byteOrder?: 'big' | 'little'
  readonly doubt?: string
}

const names: Readonly<Record<string, readonly string[]>> = {
  bool: ['BOOL', 'BOOLEAN', 'EBOOL', 'BIT', 'DIGITAL', 'DISCRETE', 'BINARY', 'COIL'],
  int16: ['INT', 'INT16', 'I16', 'S16', 'SHORT', 'SIGNED', 'SIGNED16', 'INTEGER', 'SINT16'],
  uint16: ['UINT', 'UINT16', 'U16', 'WORD', 'USHORT', 'UNSIGNED', 'UNSIGNED16', 'UNSIGNEDSHORT'],
  int32: ['DINT', 'INT32', 'I32', 'S32', 'LONG', 'SIGNED32', 'LONGINT', 'SIGNEDLONG'],
  uint32: ['UDINT', 'UINT32', 'U32', 'DWORD', 'ULONG', 'UNSIGNED32', 'UNSIGNEDLONG'],
  int64: ['LINT', 'INT64', 'I64', 'S64', 'LONGLONG'],
  uint64: ['ULINT', 'UINT64', 'U64', 'LWORD', 'QWORD'],
  float32: ['REAL', 'REAL32', 'FLOAT', 'FLOAT32', 'F32', 'SINGLE', 'IEEE754'],
  float64: ['LREAL', 'REAL64', 'DOUBLE', 'FLOAT64', 'F64'],
  bcd16: ['BCD', 'BCD16'],
  bcd32: ['BCD32', 'LBCD'],
  string: ['STRING', 'TEXT', 'ASCII'],
  // A single byte fits no register of its own; on OPC UA it is a number like any other.
  int8: ['SINT', 'INT8'],
  uint8: ['USINT', 'UINT8', 'BYTE', 'CHAR'],
}

const byName = new Map(
  Object.entries(names).flatMap(([type, words]) => words.map((word) => [word, type] as const)),
)

const unreadable: Readonly<Record<string, string>> = {
  WSTRING: 'two bytes a character',
  LTIME: 'a 64-bit time whose unit differs between makers',
  DATE: 'a date, which every maker codes in another way',
  TOD: 'a time of day, which every maker codes in another way',
  TIMEOFDAY: 'a time of day, which every maker codes in another way',
  DT: 'a date with time, which every maker codes in another way',
  DATEANDTIME: 'a date with time, which every maker codes in another way',
}

const orders: Readonly<Record<string, Pick<ReadType, 'wordOrder' | 'byteOrder'>>> = {
  ABCD: { wordOrder: 'big' },
  CDAB: { wordOrder: 'little' },
  BADC: { wordOrder: 'big', byteOrder: 'little' },
  DCBA: { wordOrder: 'little', byteOrder: 'little' },
}

/** Reads a type name; answers with the plant file's type, or with one sentence on why there is none. */
export function readType(written: string): ReadType | { readonly wrong: string } {
  const squeezed = written.toUpperCase().replace(/[\s_-]/g, '')
  const text = /^(?:STRING|TEXT|ASCII)[[(](\d{1,4})[\])]$/.exec(squeezed)
  if (text !== null) return { type: 'string', characters: Number(text[1]) }
  const [, bare = squeezed, order] = /^(.+?)(ABCD|CDAB|BADC|DCBA)$/.exec(squeezed) ?? []
  if (bare === 'TIME') {
    return { type: 'uint32', doubt: 'TIME is taken as 32 bits without sign, in milliseconds' }
  }
  const type = byName.get(bare)
  if (type !== undefined) return { type, ...(orders[order ?? ''] ?? {}) }
  const why = unreadable[bare]
  if (why !== undefined) return { wrong: `type ${written} cannot be compared: ${why}` }
  const meant = nearest(bare, [...byName.keys()])
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`
  return { wrong: `unknown type "${written.slice(0, 40)}"${hint}` }
}

/** True for a name of the tables above, so that a reader knows where structures end. */
export const isElementary = (written: string): boolean => !('wrong' in readType(written))

export const isFloat = (type: string): boolean => type.startsWith('float')

/** Registers that a value of a type takes; 0 for a string without a length. */
export function wordsOf({ type, characters }: ReadType): number {
  if (type === 'string') return Math.ceil((characters ?? 0) / 2)
  if (type.endsWith('64')) return 4
  return type.endsWith('32') ? 2 : 1
}
