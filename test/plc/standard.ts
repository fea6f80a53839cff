// The conversions and the timer of the standard that config/plc uses; nothing else of the standard's library is there.

import type { Clock, Frame, Runnable } from './frame.ts'
import { slotsOf } from './frame.ts'
import type { ScalarType, Variable } from './syntax.ts'

export type Conversion = { readonly from: ScalarType; readonly to: ScalarType }

/** Conversions by name, in capitals. All keep the number: whoever calls sees to it that the other type has it. */
export const conversions: Readonly<Record<string, Conversion>> = {
  WORD_TO_DWORD: { from: 'WORD', to: 'DWORD' },
  WORD_TO_UINT: { from: 'WORD', to: 'UINT' },
  UINT_TO_WORD: { from: 'UINT', to: 'WORD' },
  DWORD_TO_UDINT: { from: 'DWORD', to: 'UDINT' },
  UDINT_TO_DWORD: { from: 'UDINT', to: 'DWORD' },
  UINT_TO_UDINT: { from: 'UINT', to: 'UDINT' },
  UDINT_TO_UINT: { from: 'UDINT', to: 'UINT' },
  INT_TO_UINT: { from: 'INT', to: 'UINT' },
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
