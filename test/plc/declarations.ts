// Functions, function blocks and programs with their variables: the declarations of the subset.

import { Reader } from './reader.ts'
import { statementsUntil } from './statements.ts'
import {
  type Part,
  type ScalarType,
  type Section,
  scalarTypes,
  type Type,
  type Variable,
} from './syntax.ts'
import { Refused, tokensOf } from './tokens.ts'

/** Every part of a file. @throws Refused for what the subset does not have */
export function partsOf(text: string): readonly Part[] {
  const reader = new Reader(tokensOf(text))
  const parts: Part[] = []
  while (reader.next.kind !== 'end') parts.push(part(reader))
  return parts
}

function part(reader: Reader): Part {
  const { text: kind, line } = reader.take()
  if (kind !== 'FUNCTION' && kind !== 'FUNCTION_BLOCK' && kind !== 'PROGRAM') {
    throw new Refused(line, `expected a FUNCTION, FUNCTION_BLOCK or PROGRAM, not "${kind}"`)
  }
  const name = reader.name().text
  let result: ScalarType | undefined
  if (kind === 'FUNCTION') {
    reader.expect(':')
    result = scalarType(reader)
  }
  const variables: Variable[] = []
  while (reader.next.text.startsWith('VAR')) variables.push(...section(reader, kind))
  const body = statementsUntil(reader, [`END_${kind}`])
  reader.expect(`END_${kind}`)
  return { kind, name, result, variables, body, line }
}

function section(reader: Reader, kind: Part['kind']): readonly Variable[] {
  const found = sectionKind(reader)
  if (kind === 'FUNCTION' && (found === 'output' || found === 'retain')) {
    throw reader.refusal('a function to have inputs and variables that it forgets')
  }
  const variables: Variable[] = []
  while (!reader.skip('END_VAR')) variables.push(...declaration(reader, found))
  return variables
}

function sectionKind(reader: Reader): Section {
  const { text, line } = reader.take()
  if (text === 'VAR_INPUT') return 'input'
  if (text === 'VAR_OUTPUT') return 'output'
  if (text !== 'VAR') throw new Refused(line, `${text} is not in the subset`)
  if (reader.skip('RETAIN')) return 'retain'
  return reader.skip('CONSTANT') ? 'constant' : 'local'
}

function declaration(reader: Reader, section: Section): readonly Variable[] {
  const names = [reader.name()]
  while (reader.skip(',')) names.push(reader.name())
  reader.expect(':')
  const type = typeOf(reader)
  const initial = reader.skip(':=') ? initialValue(reader, type) : 0
  if (section === 'constant' && type.kind !== 'scalar') throw reader.refusal('a plain constant')
  reader.expect(';')
  return names.map(({ text, line }) => ({ name: text, type, section, initial, line }))
}

function typeOf(reader: Reader): Type {
  if (reader.skip('ARRAY')) return arrayType(reader)
  const { text } = reader.next
  if (isScalar(text)) return { kind: 'scalar', name: scalarType(reader) }
  if (reader.skip('TON')) return { kind: 'instance', block: 'TON' }
  return { kind: 'instance', block: reader.name().text }
}

/** The bounds are numbers: the second edition has no named constants there. */
function arrayType(reader: Reader): Type {
  reader.expect('[')
  const first = reader.take()
  reader.expect('..')
  const last = reader.take()
  reader.expect(']')
  reader.expect('OF')
  if (first.text !== '0' || last.kind !== 'number') {
    throw new Refused(first.line, 'an array whose bounds are not numbers, from 0')
  }
  return { kind: 'array', length: last.value + 1, of: scalarType(reader) }
}

const isScalar = (text: string): text is ScalarType =>
  (scalarTypes as readonly string[]).includes(text)

function scalarType(reader: Reader): ScalarType {
  const { text } = reader.next
  if (!isScalar(text)) throw reader.refusal(`one of the types ${scalarTypes.join(', ')}`)
  reader.take()
  return text
}

const greatest: Readonly<Record<ScalarType, number>> = {
  BOOL: 1,
  WORD: 0xffff,
  DWORD: 0xffff_ffff,
  INT: 0x7fff,
  UINT: 0xffff,
  UDINT: 0xffff_ffff,
  TIME: 0xffff_ffff,
}

function initialValue(reader: Reader, type: Type): number {
  const { text, value, kind, line, type: literal } = reader.take()
  if (type.kind !== 'scalar') throw new Refused(line, 'a first value for something with parts')
  if (text === 'TRUE' || text === 'FALSE') {
    if (type.name !== 'BOOL') throw new Refused(line, `${text} for a ${type.name}`)
    return text === 'TRUE' ? 1 : 0
  }
  const fits =
    kind === 'number' &&
    type.name !== 'BOOL' &&
    type.name !== 'TIME' &&
    (literal === undefined || literal === type.name)
  if (!fits || value > greatest[type.name]) throw new Refused(line, `${text} for a ${type.name}`)
  return value
}
