// Parts of Structured Text made runnable: what is assigned, called and repeated. Refuses what the standard forbids or
// leaves to each maker: writing an input or a constant, names that nothing uses, parts that are used before they are there.

import { inputSetter, instanceAt, type Scope, slotOf, typed, typedAs } from './expressions.ts'
import { type Clock, type Frame, freshFrame, type Runnable, slotsOf } from './frame.ts'
import { conversions, onDelay } from './standard.ts'
import type { Part, Place, Statement, Variable } from './syntax.ts'
import { Refused } from './tokens.ts'

type Run = (frame: Frame) => void

/** By name, in capitals. A part may use those before it, and nothing recurses. @throws Refused */
export function compile(parts: readonly Part[], clock: Clock): ReadonlyMap<string, Runnable> {
  const library = new Map<string, Runnable>([['TON', onDelay(clock)]])
  for (const part of parts) {
    if (library.has(part.name) || conversions[part.name] !== undefined) {
      throw new Refused(part.line, `${part.name} is there twice`)
    }
    library.set(part.name, runnable(part, new Map(library)))
  }
  return library
}

function runnable(part: Part, parts: ReadonlyMap<string, Runnable>): Runnable {
  const { name, kind, result, line } = part
  const own: readonly Variable[] =
    result === undefined
      ? []
      : [{ name, type: { kind: 'scalar', name: result }, section: 'output', initial: 0, line }]
  const slots = slotsOf([...part.variables, ...own])
  for (const { variable } of slots.values()) {
    const { type } = variable
    if (type.kind !== 'instance') continue
    const known = parts.get(type.block)?.kind === 'FUNCTION_BLOCK' && kind !== 'FUNCTION'
    if (!known) throw new Refused(variable.line, `no function block ${type.block} here`)
  }
  const scope: Scope = { slots, parts, used: new Set() }
  const run = sequence(scope, part.body)
  const idle = [...slots.keys()].filter((one) => !scope.used.has(one))
  if (idle.length > 0) throw new Refused(line, `${name} never uses ${idle.join(', ')}`)
  const makeInstance = (block: string): Frame => {
    const made = parts.get(block)
    if (made === undefined) throw new Error(`no ${block}`)
    return made.makeFrame()
  }
  // Some controllers do not clear what a function has for itself: nothing may rest on it.
  const leftover = kind === 'FUNCTION' ? 1 : 0
  return {
    name,
    kind,
    slots,
    result,
    makeFrame: () => freshFrame(slots, makeInstance, leftover),
    run,
  }
}

function sequence(scope: Scope, statements: readonly Statement[]): Run {
  const runs = statements.map((one) => statement(scope, one))
  return (frame) => {
    for (const run of runs) run(frame)
  }
}

function statement(scope: Scope, one: Statement): Run {
  switch (one.kind) {
    case 'assign':
      return assign(scope, one)
    case 'invoke':
      return invoke(scope, one)
    case 'if':
      return choose(scope, one)
    case 'for':
      return repeat(scope, one)
  }
}

function assign(scope: Scope, { to, value }: Statement & { kind: 'assign' }): Run {
  const { line, index, field } = to
  const { variable, at } = slotOf(scope, to.name, line)
  const { type, section } = variable
  if (section === 'input' || section === 'constant' || field !== undefined) {
    throw new Refused(line, `${to.name} may not be written here`)
  }
  if (type.kind === 'scalar' && index === undefined) {
    const { run } = typedAs(scope, value, type.name, line)
    return (frame) => {
      frame.numbers[at] = run(frame)
    }
  }
  if (type.kind !== 'array' || index === undefined) {
    throw new Refused(line, `${to.name} is not used as what it was declared`)
  }
  const { run } = typedAs(scope, value, type.of, line)
  const element = typedAs(scope, index, 'INT', line)
  return (frame) => {
    const place = element.run(frame)
    const array = frame.arrays[at]
    if (array?.[place] === undefined) throw new Refused(line, `${to.name} has no element ${place}`)
    array[place] = run(frame)
  }
}

function invoke(scope: Scope, { name, inputs, line }: Statement & { kind: 'invoke' }): Run {
  const { variable, at } = slotOf(scope, name, line)
  const { type } = variable
  const part = type.kind === 'instance' ? scope.parts.get(type.block) : undefined
  if (part === undefined) throw new Refused(line, `${name} is no function block`)
  const give = inputSetter(scope, part, inputs, line)
  return (frame) => {
    const own = instanceAt(frame, at)
    give(frame, own)
    part.run(own)
  }
}

function choose(scope: Scope, { branches, otherwise }: Statement & { kind: 'if' }): Run {
  const choices = branches.map(({ condition, run: body }) => {
    const { type, run } = typed(scope, condition)
    const { line } = condition
    if (type !== 'BOOL') throw new Refused(line, `a condition that is a ${type}`)
    return { holds: run, run: sequence(scope, body) }
  })
  const last = sequence(scope, otherwise)
  return (frame) => {
    const found = choices.find(({ holds }) => holds(frame) === 1)
    if (found === undefined) last(frame)
    else found.run(frame)
  }
}

function repeat(scope: Scope, one: Statement & { kind: 'for' }): Run {
  const { line, name } = one.counter
  const { variable, at } = slotOf(scope, name, line)
  const { type, section } = variable
  if (type.kind !== 'scalar' || type.name !== 'INT' || section !== 'local') {
    throw new Refused(line, `${name} counts: it must be an INT of this part`)
  }
  refuseWritesTo(one.counter, one.body)
  const from = typedAs(scope, one.from, 'INT', line)
  const to = typedAs(scope, one.to, 'INT', line)
  const body = sequence(scope, one.body)
  return (frame) => {
    const last = to.run(frame)
    for (let count = from.run(frame); count <= last; count++) {
      frame.numbers[at] = count
      body(frame)
    }
  }
}

/** What a changed counter does is each maker's own; so is its value after the loop. */
function refuseWritesTo(counter: Place, body: readonly Statement[]): void {
  for (const one of body) {
    const writes =
      (one.kind === 'assign' && one.to.name === counter.name) ||
      (one.kind === 'for' && one.counter.name === counter.name)
    if (writes) throw new Refused(counter.line, `${counter.name} is written inside its loop`)
    if (one.kind === 'for') refuseWritesTo(counter, one.body)
    if (one.kind === 'if') {
      for (const { run } of one.branches) refuseWritesTo(counter, run)
      refuseWritesTo(counter, one.otherwise)
    }
  }
}
