// Where the variables of a part stand while it runs. Truth is 1 and 0, time is in ms; every number is held to the
// range of its type.

import type { ScalarType, Type, Variable } from './syntax.ts'
import { Refused } from './tokens.ts'

export type Frame = {
  readonly numbers: number[]
  readonly arrays: number[][]
  readonly instances: Frame[]
}

export type Slot = {
  readonly variable: Variable
  /** Place in the list of its kind. */
  readonly at: number
}

/** A part that is looked up and ready to run. */
export type Runnable = {
  readonly name: string
  readonly kind: 'FUNCTION' | 'FUNCTION_BLOCK' | 'PROGRAM'
  readonly slots: ReadonlyMap<string, Slot>
  /** What a function gives; undefined otherwise. */
  readonly result: ScalarType | undefined
  readonly makeFrame: () => Frame
  readonly run: (frame: Frame) => void
}

/** The clock of the standard timers, ms. */
export type Clock = { nowMs: number }

/** Gives every variable its place. @throws Refused when a name is there twice */
export function slotsOf(variables: readonly Variable[]): ReadonlyMap<string, Slot> {
  const slots = new Map<string, Slot>()
  const used: Record<Type['kind'], number> = { scalar: 0, array: 0, instance: 0 }
  for (const variable of variables) {
    const { name, type, line } = variable
    if (slots.has(name)) throw new Refused(line, `${name} is declared twice`)
    slots.set(name, { variable, at: used[type.kind] })
    used[type.kind] += 1
  }
  return slots
}

/** All variables with their first values, or with `leftover` where they have none of their own. */
export function freshFrame(
  slots: ReadonlyMap<string, Slot>,
  makeInstance: (block: string) => Frame,
  leftover: number,
): Frame {
  const frame: Frame = { numbers: [], arrays: [], instances: [] }
  for (const { variable } of slots.values()) {
    const { type, initial, section } = variable
    if (type.kind === 'scalar')
      frame.numbers.push(section === 'constant' ? initial : initial || leftover)
    else if (type.kind === 'array') frame.arrays.push(new Array<number>(type.length).fill(leftover))
    else frame.instances.push(makeInstance(type.block))
  }
  return frame
}

const ranges: Readonly<Record<ScalarType, readonly [number, number]>> = {
  BOOL: [0, 1],
  WORD: [0, 0xffff],
  DWORD: [0, 0xffff_ffff],
  INT: [-0x8000, 0x7fff],
  UINT: [0, 0xffff],
  UDINT: [0, 0xffff_ffff],
  TIME: [0, 0xffff_ffff],
}

/** The value itself. @throws Refused when the type does not have it: the standard calls that an error, so no controller may be relied upon */
export function inRange(value: number, type: ScalarType, line: number): number {
  const [least, most] = ranges[type]
  if (value >= least && value <= most) return value
  throw new Refused(line, `${value} is out of the range of ${type}`)
}
