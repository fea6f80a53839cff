// Gates that follow from what a unit has done lately: flap damping, re-qualification after a failure; and what
// is asked besides when no person is to confirm.

import { has } from '../block.ts'
import { unitIds } from '../plant.ts'
import type { QualifyingPoint } from '../policy/qualifying-view.ts'
import { seconds } from '../presence.ts'
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
  // Seen, not configured: the units themselves say that a contact is wired.
  interlock: ({ units, pair }) => {
    const unread = unitIds.filter((unit) => units[unit].status === undefined)
    const without = unitIds.filter((unit) => {
      const { status } = units[unit]
      return status !== undefined && !has(status, 'peerContactFitted')
    })
    const words = {
      threshold: 'a peer contact fitted at A and at B',
      clearsWhen: 'both units say that their peer contact is fitted',
    }
    if (!pair.peerInterlock)
      return { met: 'no', value: 'the plant file says "peer_interlock: none"', ...words }
    if (without.length > 0)
      return { met: 'no', value: `no peer contact at ${without.join(' and ')}`, ...words }
    if (unread.length > 0)
      return { met: 'unknown', value: `${unread.join(' and ')} not read`, ...words }
    return { met: 'yes', value: 'fitted at both', ...words }
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
