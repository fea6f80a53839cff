// Gates on what persons and earlier switchovers left standing, and on the supervisor's own health.

import { observeOnly, unitIds } from '../plant.ts'
import { seconds } from '../presence.ts'
import { durableMs } from '../switchover/exchange.ts'
import { type Finding, yesIf } from './finding.ts'
import type { GateContext } from './gate-context.ts'

/** A lone disturbance of the clock keeps authority away for this long. */
const clockQuietMs = 10_000
/** A cycle may start this many periods late. */
const latePeriodsMax = 5

export const standingGates = {
  supervised: ({ plant, pair }) =>
    yesIf(!observeOnly(plant, pair), {
      value: observeOnly(plant, pair) ? 'observe-only' : 'supervise',
      threshold: 'mode supervise',
      clearsWhen:
        'the plant file says "mode: supervise" for the plant and the pair, after a restart',
    }),

  lockout: ({ standing }) =>
    yesIf(standing.lockout === undefined, {
      value: standing.lockout ?? 'not locked out',
      threshold: 'not locked out',
      clearsWhen: 'a supervisor lifts the lockout',
    }),

  service: ({ standing }) => {
    const out = unitIds.filter((unit) => standing.outOfService[unit] !== undefined)
    const text = out.map((unit) => `${unit} out of service: ${standing.outOfService[unit]}`)
    return yesIf(out.length === 0, {
      value: text.join('; ') || 'both in service',
      threshold: 'both in service',
      clearsWhen: 'a supervisor puts the unit back into service',
    })
  },

  resumed: ({ standing }) =>
    yesIf(standing.held === undefined, {
      value: standing.held ?? 'not held',
      threshold: 'not held',
      clearsWhen: 'a supervisor resumes the pair',
    }),

  outcome: ({ standing }) =>
    yesIf(standing.unknownOutcome === undefined, {
      value: standing.unknownOutcome ?? 'every outcome is known',
      threshold: 'every outcome known',
      clearsWhen:
        'a read of the unit settles it, or one person attests what happened and a second one approves',
    }),

  authority: ({ input }) =>
    yesIf(input.lease.held, {
      value: input.lease.held ? `held by ${input.lease.holder}` : `${input.lease.holder} holds it`,
      threshold: 'held here',
      clearsWhen: 'this supervisor holds the authority',
    }),

  journal: ({ input, journalWaitsMs = 0 }) => {
    const { fault } = input.journal
    const threshold = 'every copy synced'
    if (fault === undefined && journalWaitsMs > durableMs) {
      return {
        met: 'unknown',
        value: `records have waited for ${seconds(journalWaitsMs)}`,
        threshold,
        clearsWhen: 'the disks of the journal answer again',
      }
    }
    return yesIf(fault === undefined, {
      value: fault ?? 'every copy is synced',
      threshold,
      clearsWhen: 'the copy is repaired and the supervisor restarted',
    })
  },

  clock: ({ clockDisturbedMs, input }) => {
    const agoMs = clockDisturbedMs === undefined ? undefined : input.nowMs - clockDisturbedMs
    return yesIf(agoMs === undefined || agoMs >= clockQuietMs, {
      value: agoMs === undefined ? 'steady' : `jumped ${seconds(agoMs)} ago`,
      threshold: `steady for ${seconds(clockQuietMs)}`,
      clearsWhen: `the clock has run steadily for ${seconds(clockQuietMs)}`,
    })
  },

  cycle: ({ input, plant }) => {
    const limitMs = latePeriodsMax * plant.cycleMs
    return yesIf(input.lateMs <= limitMs, {
      value: `${Math.round(input.lateMs)} ms late`,
      threshold: `at most ${limitMs} ms late`,
      clearsWhen: 'the supervisor keeps its cycle again',
    })
  },

  interval: ({ standing, pair, input }) => {
    const agoMs =
      standing.lastSwitchedMs === undefined ? undefined : input.nowMs - standing.lastSwitchedMs
    const limitMs = pair.policy.minIntervalS * 1000
    return yesIf(agoMs === undefined || agoMs >= limitMs, {
      value: agoMs === undefined ? 'none since the start' : `${seconds(agoMs)} ago`,
      threshold: `at least ${pair.policy.minIntervalS} s`,
      clearsWhen:
        agoMs === undefined ? 'now' : `${seconds(Math.max(0, limitMs - agoMs))} have passed`,
    })
  },

  alarms: ({ blockingAlarms }) =>
    yesIf(blockingAlarms.length === 0, {
      value: blockingAlarms.join('; ') || 'none',
      threshold: 'none',
      clearsWhen: 'the alarm has cleared and is acknowledged',
    }),
} as const satisfies Readonly<Record<string, (context: GateContext) => Finding>>
