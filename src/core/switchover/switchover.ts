// The switchover machine, as a table. Everything about which phase follows which event stands here; conduct.ts carries it out
// and orders.ts turns what persons order into events. The manual's diagram (docs/switchover.md) is drawn from this table.
//
// A row is a phase; `, operated` is the same phase once an OPERATE has left, after which there is no way back by itself.

import type { EndedView, Phase } from '../view.ts'

export type Row =
  | 'idle'
  | 'preparing'
  | 'proposed'
  | 'confirmed'
  | 'demoting'
  | 'demoting, operated'
  | 'promoting'
  | 'promoting, operated'
  | 'settling'
  | 'stopped'

export type Event =
  // ordered by persons (a proposal of the supervisor enters as `prepare`)
  | 'prepare'
  | 'confirm'
  | 'reject'
  | 'abort'
  | 'extend'
  | 'resolve'
  | 'session ended'
  // found by the supervisor
  | 'obstacle'
  | 'evidence changed'
  | 'deadline'
  | 'record durable'
  | 'nothing to demote'
  | 'claimed'
  | 'demoted'
  | 'promoted'
  | 'settled'
  | 'unit refused'
  | 'unit silent'
  | 'never left'

export type Outcome = EndedView['outcome']

export type Reaction =
  | { readonly kind: 'go'; readonly to: Phase }
  | { readonly kind: 'stay' }
  | { readonly kind: 'end'; readonly outcome: Exclude<Outcome, 'stopped'> }
  | { readonly kind: 'stop' }
  | { readonly kind: 'refuse'; readonly why: string }

const go = (to: Phase): Reaction => ({ kind: 'go', to })
const end = (outcome: Exclude<Outcome, 'stopped'>): Reaction => ({ kind: 'end', outcome })
const refuse = (why: string): Reaction => ({ kind: 'refuse', why })
const stay: Reaction = { kind: 'stay' }
const stop: Reaction = { kind: 'stop' }

const busy = refuse('a switchover of this pair is under way; wait for its end or abort it')
const nothingOpen = refuse('nothing is proposed for this pair; order a switchover first')
const notStopped = refuse('the pair is not stopped; there is nothing to resolve')
const notYet = refuse('the evidence is not complete yet; wait for the proposal')
const already = refuse('it is confirmed already; abort it while no OPERATE has left')
const tooLate = refuse(
  'an OPERATE has left; it ends by itself or stops and asks, and nothing can call it back',
)
const isStopped = refuse('the pair is stopped: choose retry, restore or adopt (resolve)')
const noSwitchover = refuse('no switchover is under way')
const notInPhase = refuse('this cannot happen in this phase')
const extendProposed = refuse('only an open proposal can be extended')

/** Events that concern no row but the ones that name them. */
const nothingHappens: Readonly<Record<Event, Reaction>> = {
  prepare: busy,
  confirm: already,
  reject: already,
  abort: tooLate,
  extend: extendProposed,
  resolve: notStopped,
  'session ended': stay,
  obstacle: notInPhase,
  'evidence changed': stay,
  deadline: stay,
  'record durable': stay,
  'nothing to demote': notInPhase,
  claimed: notInPhase,
  demoted: notInPhase,
  promoted: notInPhase,
  settled: notInPhase,
  'unit refused': notInPhase,
  'unit silent': notInPhase,
  'never left': notInPhase,
}

/** Before the first OPERATE everything that spoils the plan ends it, and nothing has changed in the plant. */
const notOperated: Readonly<Record<Event, Reaction>> = {
  ...nothingHappens,
  abort: end('aborted'),
  'session ended': end('revoked'),
  obstacle: end('revoked'),
  'evidence changed': end('revoked'),
  deadline: end('expired'),
  'unit refused': end('refused'),
  'unit silent': end('aborted'),
  'never left': end('aborted'),
}

export const table: Readonly<Record<Row, Readonly<Record<Event, Reaction>>>> = {
  idle: {
    ...nothingHappens,
    prepare: go('preparing'),
    confirm: nothingOpen,
    reject: nothingOpen,
    abort: noSwitchover,
    extend: nothingOpen,
  },
  preparing: {
    ...nothingHappens,
    confirm: notYet,
    reject: end('aborted'),
    abort: end('aborted'),
    obstacle: end('refused'),
    deadline: end('aborted'),
    claimed: go('proposed'),
    'unit refused': end('refused'),
    'unit silent': end('aborted'),
    'never left': end('aborted'),
  },
  proposed: {
    ...nothingHappens,
    confirm: go('confirmed'),
    reject: end('refused'),
    abort: end('aborted'),
    extend: stay,
    obstacle: end('revoked'),
    deadline: end('expired'),
  },
  confirmed: {
    ...notOperated,
    'record durable': go('demoting'),
    'nothing to demote': go('promoting'),
    settled: end('done'),
  },
  demoting: notOperated,
  'demoting, operated': {
    ...nothingHappens,
    obstacle: stay,
    demoted: go('promoting'),
    'unit refused': stop,
    'unit silent': stop,
    'never left': end('aborted'),
  },
  promoting: notOperated,
  'promoting, operated': {
    ...nothingHappens,
    obstacle: stop,
    promoted: go('settling'),
    'unit refused': stop,
    'unit silent': stop,
    'never left': stop,
  },
  settling: { ...nothingHappens, obstacle: stop, settled: end('done') },
  stopped: {
    ...nothingHappens,
    prepare: isStopped,
    confirm: isStopped,
    reject: isStopped,
    abort: isStopped,
    extend: isStopped,
    resolve: go('preparing'),
  },
}

/** The row of a phase. */
export function rowOf(phase: Phase, operated: boolean): Row {
  if (phase === 'demoting') return operated ? 'demoting, operated' : 'demoting'
  if (phase === 'promoting') return operated ? 'promoting, operated' : 'promoting'
  return phase
}

/** Limits of the steps that the operator sees, ms; each is the longest wait before the step counts as failed. */
export const stepLimitsMs = { claim: 3000, demote: 6000, promote: 6000 } as const
