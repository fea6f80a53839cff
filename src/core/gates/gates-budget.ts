// The gate on the time budget: the process must stay within its limits for longer than a switchover leaves it without control.

import { budgetOf } from '../bump/budget.ts'
import { longestHoldMs } from '../bump/handover.ts'
import { seconds } from '../presence.ts'
import { type Finding, yesIf } from './finding.ts'
import type { GateContext } from './gate-context.ts'

export const budgetGates = {
  budget: ({ bump, pair, plant, units }) => {
    const holdMs = longestHoldMs(bump.holdsMs, pair, plant.cycleMs)
    const marginS = pair.gates.budgetMarginS
    const needMs = holdMs + 1000 * marginS
    const words = {
      threshold: `at least ${seconds(needMs)}: ${seconds(holdMs)} to switch and ${seconds(1000 * marginS)} of margin`,
      clearsWhen: 'the process is further away from its limits',
    }
    const { ms, text, tags } = budgetOf(bump, pair, units)
    if (ms !== undefined) return yesIf(ms >= needMs, { value: text, ...words })
    const limited = bump.watched.some(({ tag }) => tag.limits !== undefined)
    if (!limited) return yesIf(true, { value: 'no tag has limits', ...words })
    const guessed = tags.filter(({ basis }) => basis === 'history').map(({ name }) => name)
    const clearsWhen =
      guessed.length > 0
        ? `the plant file gives limits.rate_per_s of ${guessed.join(', ')}, from the design of the process`
        : 'the tags with limits are read'
    return { met: 'unknown', value: text, threshold: words.threshold, clearsWhen }
  },
} as const satisfies Readonly<Record<string, (context: GateContext) => Finding>>
