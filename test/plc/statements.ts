// Statements and expressions of the subset: assignment, call of an instance, IF and FOR; no loops without a
// bound, no CASE, no EXIT and no RETURN. The operators bind as in table 55 of the standard.

import type { Reader } from './reader.ts'
import type { Argument, Expression, Place, ScalarType, Statement } from './syntax.ts'
import { scalarTypes } from './syntax.ts'
import { Refused } from './tokens.ts'

/** Reads statements up to one of these words, which stays unread. */
export function statementsUntil(reader: Reader, ends: readonly string[]): readonly Statement[] {
  const statements: Statement[] = []
  while (!ends.includes(reader.next.text)) {
    statements.push(statement(reader))
    reader.expect(';')
  }
  return statements
}

function statement(reader: Reader): Statement {
  if (reader.skip('IF')) return ifStatement(reader)
  if (reader.skip('FOR')) return forStatement(reader)
  const { text: name, line } = reader.name()
  if (reader.next.text === '(') return { kind: 'invoke', name, inputs: inputs(reader), line }
  const to = placeAfter(reader, name, line)
  reader.expect(':=')
  return { kind: 'assign', to, value: expression(reader) }
}

function ifStatement(reader: Reader): Statement {
  const branches: { condition: Expression; run: readonly Statement[] }[] = []
  do {
    const condition = expression(reader)
    reader.expect('THEN')
    branches.push({ condition, run: statementsUntil(reader, ['ELSIF', 'ELSE', 'END_IF']) })
  } while (reader.skip('ELSIF'))
  const otherwise = reader.skip('ELSE') ? statementsUntil(reader, ['END_IF']) : []
  reader.expect('END_IF')
  return { kind: 'if', branches, otherwise }
}

function forStatement(reader: Reader): Statement {
  const { text: name, line } = reader.name()
  reader.expect(':=')
  const from = expression(reader)
  reader.expect('TO')
  const to = expression(reader)
  reader.expect('DO')
  const body = statementsUntil(reader, ['END_FOR'])
  reader.expect('END_FOR')
  const counter: Place = { kind: 'place', name, field: undefined, index: undefined, line }
  return { kind: 'for', counter, from, to, body }
}

/** Weakest first. */
const levels: readonly (readonly string[])[] = [
  ['OR'],
  ['XOR'],
  ['AND'],
  ['=', '<>'],
  ['<', '>', '<=', '>='],
  ['+', '-'],
  ['*', '/', 'MOD'],
]

function expression(reader: Reader, level = 0): Expression {
  const operators = levels[level]
  if (operators === undefined) return operand(reader)
  let left = expression(reader, level + 1)
  while (operators.includes(reader.next.text)) {
    const { text: operator, line } = reader.take()
    left = { kind: 'binary', operator, left, right: expression(reader, level + 1), line }
  }
  return left
}

function operand(reader: Reader): Expression {
  const { line } = reader.next
  if (reader.skip('NOT')) return { kind: 'not', operand: operand(reader), line }
  if (reader.skip('(')) {
    const inner = expression(reader)
    reader.expect(')')
    return inner
  }
  if (reader.next.kind === 'number' || reader.next.kind === 'time') return number(reader)
  if (reader.next.text === 'TRUE' || reader.next.text === 'FALSE') {
    const value = reader.take().text === 'TRUE' ? 1 : 0
    return { kind: 'literal', type: 'BOOL', value, line }
  }
  const name = reader.name().text
  if (reader.next.text === '(') return { kind: 'call', name, inputs: inputs(reader), line }
  return placeAfter(reader, name, line)
}

function number(reader: Reader): Expression {
  const { kind, type, value, line } = reader.take()
  const known = scalarTypes.find((one) => one === type)
  const given: ScalarType | undefined = kind === 'time' ? 'TIME' : known
  return { kind: 'literal', type: given, value, line }
}

/** Names of inputs that are words of the language: they belong to the standard's timer. */
const formalNames: ReadonlySet<string> = new Set(['IN', 'PT'])

function inputs(reader: Reader): readonly Argument[] {
  const found: Argument[] = []
  reader.expect('(')
  do {
    const argument = argumentOf(reader)
    found.push(argument)
  } while (reader.skip(','))
  reader.expect(')')
  const named = found.filter(({ name }) => name !== undefined).length
  if (named !== 0 && named !== found.length) {
    throw new Refused(reader.next.line, 'a call with some inputs by name and some by place')
  }
  return found
}

function argumentOf(reader: Reader): Argument {
  if (formalNames.has(reader.next.text)) {
    const name = reader.take().text
    reader.expect(':=')
    return { name, value: expression(reader) }
  }
  const value = expression(reader)
  if (!reader.skip(':=')) return { name: undefined, value }
  if (value.kind !== 'place' || value.field !== undefined || value.index !== undefined) {
    throw reader.refusal('the name of an input')
  }
  return { name: value.name, value: expression(reader) }
}

function placeAfter(reader: Reader, name: string, line: number): Place {
  const field = reader.skip('.') ? reader.take().text : undefined
  let index: Expression | undefined
  if (reader.skip('[')) {
    index = expression(reader)
    reader.expect(']')
  }
  return { kind: 'place', name, field, index, line }
}
