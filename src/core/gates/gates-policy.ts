// Gates that follow from what a unit has done lately: flap damping and re-qualification after a failure.

import { seconds } from '../presence.ts'
import type { QualifyingPoint } from '../view.ts'
import { type Finding, yesIf } from './finding.ts'
import type { GateContext } from './gate-context.ts'

export const policyGates = {
  steady: ({ fitness, target }) => {
    const { flapping } = fitness[target]
    const threshold = `${target} has not gone unfit again and again`
    if (flapping === undefined) {
      return yesIf(true, { value: `${target} is steady`, threshold, clearsWhen: 'now' })
    }
    const { penalty, clearsInMs } = flapping
    return yesIf(false, {
      value: `${target} is unfit, flapping: penalty ${penalty.toFixed(0)}`,
      threshold,
      clearsWhen: `${minutesText(clearsInMs)} have passed without another fall`,
    })
  },

  requalified: ({ fitness, target }) => {
    const { qualifying } = fitness[target]
    const threshold = `${target} has shown that it may be relied on`
    if (qualifying === undefined) {
      return yesIf(true, { value: `${target} is qualified`, threshold, clearsWhen: 'now' })
    }
    const { why, points } = qualifying
    const open = points.filter(({ met }) => met !== 'yes')
    const met = `${points.length - open.length} of ${points.length} points met`
    return yesIf(false, {
      value: `${target} re-qualifies (${why}), ${met}; open: ${open.map(({ what }) => what).join(', ')}`,
      threshold,
      clearsWhen: `${openPoints(open)}, or a supervisor ends the re-qualification`,
    })
  },
} as const satisfies Readonly<Record<string, (context: GateContext) => Finding>>

/** What is left to show, point by point while there is little of it. */
function openPoints(open: readonly QualifyingPoint[]): string {
  if (open.length > 2) return `the ${open.length} open points are met`
  return open.map(({ what, clearsWhen }) => `${what}: ${clearsWhen}`).join('; ')
}

/** `29 min 55.3 s`. */
function minutesText(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  return minutes === 0 ? seconds(ms) : `${minutes} min ${seconds(ms - minutes * 60_000)}`
}
