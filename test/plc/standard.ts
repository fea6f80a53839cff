// The functions and the timer of the standard that config/plc uses; nothing else of the standard's library is there.

import type { Clock, Frame, Runnable } from './frame.ts'
import { slotsOf } from './frame.ts'
import type { ScalarType, Variable } from './syntax.ts'

export type StandardFunction = {
  /** Names and types of the inputs; `bits` and `numbers` are whatever the first input is of those. */
  readonly inputs: readonly (readonly [string, ScalarType | 'bits' | 'numbers'])[]
  readonly result: ScalarType | 'same'
  readonly run: (values: readonly number[], type: ScalarType) => number
}

const bitsOf = (type: ScalarType): number => (type === 'WORD' ? 0xffff : 0xffff_ffff)
const convert = (
  from: ScalarType,
  to: ScalarType,
  run: (value: number) => number,
): StandardFunction => ({
  inputs: [['IN', from]],
  result: to,
  run: ([value = 0]) => run(value),
})
const same = (value: number): number => value

/** By name, in capitals. */
export const standardFunctions: Readonly<Record<string, StandardFunction>> = {
  SHL: {
    inputs: [
      ['IN', 'bits'],
      ['N', 'INT'],
    ],
    result: 'same',
    run: ([value = 0, places = 0], type) => ((value << places) & bitsOf(type)) >>> 0,
  },
  SHR: {
    inputs: [
      ['IN', 'bits'],
      ['N', 'INT'],
    ],
    result: 'same',
    run: ([value = 0, places = 0]) => value >>> places,
  },
  MIN: {
    inputs: [
      ['IN1', 'numbers'],
      ['IN2', 'numbers'],
    ],
    result: 'same',
    run: ([left = 0, right = 0]) => Math.min(left, right),
  },
  WORD_TO_DWORD: convert('WORD', 'DWORD', same),
  DWORD_TO_WORD: convert('DWORD', 'WORD', (value) => value & 0xffff),
  WORD_TO_UINT: convert('WORD', 'UINT', same),
  UINT_TO_WORD: convert('UINT', 'WORD', same),
  DWORD_TO_UDINT: convert('DWORD', 'UDINT', same),
  UDINT_TO_DWORD: convert('UDINT', 'DWORD', same),
  UINT_TO_UDINT: convert('UINT', 'UDINT', same),
  // The caller must know that it fits: `inRange` is asked by whoever calls.
  UDINT_TO_UINT: convert('UDINT', 'UINT', same),
}

const timerVariables: readonly Variable[] = (
  [
    ['IN', 'BOOL', 'input'],
    ['PT', 'TIME', 'input'],
    ['Q', 'BOOL', 'output'],
    ['ET', 'TIME', 'output'],
    ['SINCE', 'TIME', 'local'],
    ['COUNTS', 'BOOL', 'local'],
  ] as const
).map(([name, type, section]) => ({
  ...{ name, section, initial: 0, line: 0 },
  type: { kind: 'scalar', name: type },
}))

/** The on-delay timer: Q when IN has been true for PT. */
export function onDelay(clock: Clock): Runnable {
  const slots = slotsOf(timerVariables)
  const makeFrame = (): Frame => ({ numbers: [0, 0, 0, 0, 0, 0], arrays: [], instances: [] })
  const run = ({ numbers }: Frame): void => {
    const [input = 0, presetMs = 0, , , sinceMs = 0, counts = 0] = numbers
    const start = input === 1 && counts === 0 ? clock.nowMs : sinceMs
    const elapsedMs = input === 1 ? Math.min(clock.nowMs - start, presetMs) : 0
    const over = input === 1 && elapsedMs >= presetMs ? 1 : 0
    numbers.splice(2, 4, over, elapsedMs, start, input)
  }
  return { name: 'TON', kind: 'FUNCTION_BLOCK', slots, result: undefined, makeFrame, run }
}
