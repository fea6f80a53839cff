// Looks up and types an expression, and makes something that runs of it. Stricter than the standard: both sides of
// an operator have one type, nothing is converted silently, and bit strings are never compared by size.

import { type Frame, inRange, type Runnable, type Slot } from './frame.ts'
import { conversions } from './standard.ts'
import type { Argument, Expression, Place, ScalarType } from './syntax.ts'
import { Refused } from './tokens.ts'

export type Scope = {
  readonly slots: ReadonlyMap<string, Slot>
  readonly parts: ReadonlyMap<string, Runnable>
  /** Names that were read or written, so that idle ones are found. */
  readonly used: Set<string>
}

export type Typed = { readonly type: ScalarType; readonly run: (frame: Frame) => number }

/** @param wanted the type that a bare number takes here */
export function typed(scope: Scope, expression: Expression, wanted?: ScalarType): Typed {
  switch (expression.kind) {
    case 'literal':
      return literal(expression, wanted)
    case 'place':
      return readPlace(scope, expression)
    case 'not':
      return negation(scope, expression)
    case 'binary':
      return binary(scope, expression, wanted)
    case 'call':
      return call(scope, expression)
  }
}

/** As `typed`, of this type and no other. */
export function typedAs(
  scope: Scope,
  expression: Expression,
  type: ScalarType,
  line: number,
): Typed {
  const found = typed(scope, expression, type)
  if (found.type !== type) throw new Refused(line, `a ${found.type} where a ${type} is needed`)
  return found
}

const numeric: readonly ScalarType[] = ['INT', 'UINT', 'UDINT']

function literal(
  { type, value, line }: Expression & { kind: 'literal' },
  wanted: ScalarType | undefined,
): Typed {
  const found = type ?? wanted
  if (found === undefined) throw new Refused(line, `the type of ${value} cannot be known here`)
  if (type === undefined && !numeric.includes(found)) {
    throw new Refused(line, `${value} needs its type: ${found}#${value}`)
  }
  const held = inRange(value, found, line)
  return { type: found, run: () => held }
}

/** The slot of a plain name. */
export function slotOf(scope: Scope, name: string, line: number): Slot {
  const slot = scope.slots.get(name)
  if (slot === undefined) throw new Refused(line, `${name} is not declared`)
  scope.used.add(name)
  return slot
}

function readPlace(scope: Scope, place: Place): Typed {
  const { name, field, index, line } = place
  const outer = slotOf(scope, name, line)
  if (field === undefined) return readSlot(scope, outer, index, line, (frame) => frame)
  const { type } = outer.variable
  const part = type.kind === 'instance' ? scope.parts.get(type.block) : undefined
  const inner = part?.slots.get(field)
  if (inner?.variable.section !== 'output') {
    throw new Refused(line, `${name} has no output ${field}`)
  }
  return readSlot(scope, inner, index, line, (frame) => instanceAt(frame, outer.at))
}

function readSlot(
  scope: Scope,
  { variable, at }: Slot,
  index: Expression | undefined,
  line: number,
  within: (frame: Frame) => Frame,
): Typed {
  const { name, type } = variable
  if (type.kind === 'scalar' && index === undefined) {
    return { type: type.name, run: (frame) => within(frame).numbers[at] ?? 0 }
  }
  if (type.kind !== 'array' || index === undefined) {
    throw new Refused(line, `${name} is not used as what it was declared`)
  }
  const element = typedAs(scope, index, 'INT', line)
  return {
    type: type.of,
    run: (frame) => {
      const value = within(frame).arrays[at]?.[element.run(frame)]
      if (value === undefined) throw new Refused(line, `${name} has no such element`)
      return value
    },
  }
}

export function instanceAt(frame: Frame, at: number): Frame {
  const instance = frame.instances[at]
  if (instance === undefined) throw new Error('an instance is missing')
  return instance
}

const masks: Partial<Record<ScalarType, number>> = { BOOL: 1, WORD: 0xffff, DWORD: 0xffff_ffff }

function negation(scope: Scope, { operand, line }: Expression & { kind: 'not' }): Typed {
  const { type, run } = typed(scope, operand)
  const mask = masks[type]
  if (mask === undefined) throw new Refused(line, `NOT of a ${type}`)
  return { type, run: (frame) => (~run(frame) & mask) >>> 0 }
}

const bitOperators: Readonly<Record<string, (left: number, right: number) => number>> = {
  OR: (left, right) => (left | right) >>> 0,
  XOR: (left, right) => (left ^ right) >>> 0,
  AND: (left, right) => (left & right) >>> 0,
}
/** Division by zero gives no number, which is out of every range. */
const arithmetic: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => Math.trunc(left / right),
  MOD: (left, right) => left % right,
}
const comparisons: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '=': (left, right) => left === right,
  '<>': (left, right) => left !== right,
  '<': (left, right) => left < right,
  '>': (left, right) => left > right,
  '<=': (left, right) => left <= right,
  '>=': (left, right) => left >= right,
}

function binary(
  scope: Scope,
  expression: Expression & { kind: 'binary' },
  wanted: ScalarType | undefined,
): Typed {
  const { operator, line } = expression
  const compares = comparisons[operator]
  const first = compares === undefined ? wanted : undefined
  const left = typed(scope, expression.left, first)
  const right = typedAs(scope, expression.right, left.type, line)
  const { type } = left
  if (compares !== undefined) {
    const bySize = operator !== '=' && operator !== '<>'
    if (bySize && !numeric.includes(type)) throw new Refused(line, `${operator} of two ${type}`)
    return { type: 'BOOL', run: (frame) => (compares(left.run(frame), right.run(frame)) ? 1 : 0) }
  }
  const bits = bitOperators[operator]
  if (bits !== undefined) {
    if (masks[type] === undefined) throw new Refused(line, `${operator} of two ${type}`)
    return { type, run: (frame) => bits(left.run(frame), right.run(frame)) }
  }
  if (!numeric.includes(type)) throw new Refused(line, `${operator} of two ${type}`)
  const calculate = arithmetic[operator]
  if (calculate === undefined) throw new Refused(line, `the operator ${operator}`)
  return {
    type,
    run: (frame) => inRange(calculate(left.run(frame), right.run(frame)), type, line),
  }
}

function call(scope: Scope, expression: Expression & { kind: 'call' }): Typed {
  const { name, inputs, line } = expression
  const part = scope.parts.get(name)
  if (part !== undefined) return callPart(scope, part, inputs, line)
  const conversion = conversions[name]
  const [given] = inputs
  if (conversion === undefined || given === undefined)
    throw new Refused(line, `no function ${name}`)
  if (inputs.length !== 1 || given.name !== undefined) throw new Refused(line, `inputs of ${name}`)
  const { from, to } = conversion
  const { run } = typedAs(scope, given.value, from, line)
  return { type: to, run: (frame) => inRange(run(frame), to, line) }
}

function callPart(scope: Scope, part: Runnable, inputs: readonly Argument[], line: number): Typed {
  const { name, result } = part
  const slot = part.slots.get(name)
  if (result === undefined || slot === undefined) throw new Refused(line, `${name} is no function`)
  const give = inputSetter(scope, part, inputs, line)
  return {
    type: result,
    run: (frame) => {
      const own = part.makeFrame()
      give(frame, own)
      part.run(own)
      return own.numbers[slot.at] ?? 0
    },
  }
}

/** Puts the inputs of a call into the frame of what is called. Every input is given: nothing rests on a first value. */
export function inputSetter(
  scope: Scope,
  part: Runnable,
  inputs: readonly Argument[],
  line: number,
): (from: Frame, to: Frame) => void {
  const formal = [...part.slots.values()].filter(({ variable }) => variable.section === 'input')
  if (inputs.length !== formal.length) {
    throw new Refused(line, `${part.name} has ${formal.length} inputs, not ${inputs.length}`)
  }
  const setters = formal.map(({ variable, at }, index) => {
    const given = inputs.find(({ name }) => name === variable.name) ?? inputs[index]
    if (given === undefined || (given.name !== undefined && given.name !== variable.name)) {
      throw new Refused(line, `${part.name} is called without ${variable.name}`)
    }
    const { type } = variable
    if (type.kind === 'array') return arraySetter(scope, given.value, type, at, line)
    if (type.kind === 'instance') throw new Refused(line, 'an instance as an input')
    const value = typedAs(scope, given.value, type.name, line)
    return (from: Frame, to: Frame): void => {
      to.numbers[at] = value.run(from)
    }
  })
  return (from, to) => {
    for (const set of setters) set(from, to)
  }
}

function arraySetter(
  scope: Scope,
  given: Expression,
  wanted: { readonly length: number; readonly of: ScalarType },
  at: number,
  line: number,
): (from: Frame, to: Frame) => void {
  const slot = given.kind === 'place' && !given.field ? slotOf(scope, given.name, line) : undefined
  const type = slot?.variable.type
  if (type?.kind !== 'array' || type.length !== wanted.length || type.of !== wanted.of) {
    throw new Refused(line, `an array of ${wanted.length} ${wanted.of} is needed`)
  }
  const place = slot?.at ?? 0
  return (from, to) => {
    to.arrays[at] = [...(from.arrays[place] ?? [])]
  }
}
