// Suppression by design, as data: while the cause stands, these alarms exist but are quiet, because the cause is known and tells
// the same, or because the condition is meant. A critical alarm is suppressed only where its reason stands beside it.

import type { AlarmKey } from './alarm-catalogue.ts'

export type SuppressorEntry = {
  /** The cause, as it reads after "while". */
  readonly while: string
  readonly why: string
  readonly alarms: readonly AlarmKey[]
  /** Alarms of priority 1 among them, each with the reason why it may be quiet. */
  readonly critical?: Readonly<Partial<Record<AlarmKey, string>>>
  /** The cause counts for so long after it is gone, ms: what recovers together does not speak up one by one. */
  readonly lingersMs?: number
  /**
   * An alarm that stood before does not clear meanwhile: nothing is known of its condition. `only`: it is not quiet either, it
   * stays as it is.
   */
  readonly keeps?: 'too' | 'only'
  /** Only what comes meanwhile is quiet: an alarm that stood before has another cause. */
  readonly newOnly?: true
}

const ofOneUnit = [
  'lost',
  'frozen',
  'swapped',
  'damaged',
  'disputed',
  'epoch-rollback',
  'flapping',
  'path-down',
  'path-swapped',
] as const satisfies readonly AlarmKey[]

export const suppressors = {
  'unit-out-of-service': {
    while: 'the unit is out of service',
    why: 'somebody works at it; what it and its pair say of it is expected',
    alarms: [...ofOneUnit, 'not-in-sync', 'program-differs', 'clocks-differ'],
  },
  lockout: {
    while: 'the pair is locked out',
    why: 'nothing may be switched, so what only blocks a switchover asks for nothing',
    alarms: ['not-in-sync', 'program-differs', 'path-down', 'epoch-rollback'],
  },
  'unit-not-reached': {
    while: 'no path reaches the unit',
    why: 'the unit has one alarm of its own; that its paths are dead tells nothing new',
    alarms: ['path-down'],
    lingersMs: 3000,
  },
  'lan-down': {
    while: 'the whole LAN is down',
    why: 'the LAN has one alarm of its own',
    alarms: ['path-down'],
    lingersMs: 3000,
  },
  'ups-lost': {
    while: 'the UPS does not answer',
    why: 'its state is not known; what was known last is kept and judged anew when it answers',
    alarms: ['ups-on-battery', 'ups-off', 'ups-unknown', 'ups-battery'],
    keeps: 'too',
  },
  'not-read-yet': {
    while: 'the device has not been read since the start',
    why: 'nothing is known of it, so what stood before the restart stands, acknowledged or not',
    alarms: [...ofOneUnit, 'ups-on-battery', 'ups-low', 'ups-off', 'ups-lost', 'ups-battery'],
    critical: { 'ups-low': 'it is kept as it is, not quiet' },
    keeps: 'only',
  },
  switchover: {
    while: 'a switchover is being carried out',
    why: 'between demote and promote nobody is primary, and the standby follows late',
    alarms: ['not-in-sync', 'none-primary'],
    newOnly: true,
    critical: {
      'none-primary':
        'the gap is meant, a person watches it, each step has a limit, and passing it raises `stopped`',
    },
  },
} as const satisfies Readonly<Record<string, SuppressorEntry>>
export type SuppressorKey = keyof typeof suppressors
