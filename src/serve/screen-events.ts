// The events that a screen or a terminal acts on by itself, found by comparing two views: an alarm that came, changed or
// went, and a prompt that was opened, shows other evidence now, or was withdrawn.

import type { AlarmView } from '../core/alarms/shown.ts'
import type { PairView, SwitchoverView, View } from '../core/view.ts'
import { type Delta, differenceOf } from './delta.ts'

export type ScreenEvent =
  | { readonly event: 'snapshot'; readonly data: View & { readonly revision: number } }
  | { readonly event: 'delta'; readonly data: Delta }
  | { readonly event: 'alarm'; readonly data: AlarmEvent }
  | { readonly event: 'prompt'; readonly data: PromptEvent }
  | { readonly event: 'tick'; readonly data: Tick }
  | {
      readonly event: 'stopping'
      readonly data: { readonly wallMs: number; readonly revision: number }
    }

export type AlarmEvent = {
  readonly revision: number
  readonly change: 'raised' | 'changed' | 'gone'
  readonly alarm: AlarmView
}

export type PromptEvent = { readonly revision: number; readonly pair: string } & (
  | { readonly change: 'opened' | 'changed'; readonly switchover: SwitchoverView }
  | {
      readonly change: 'withdrawn'
      readonly id: string
      /** What became of it: `confirmed`, an outcome of `EndedView`, or `gone`. */
      readonly outcome: string
      /** One sentence: who answered, or why it is void. */
      readonly text: string
      readonly by?: string
    }
)

export type Tick = {
  readonly wallMs: number
  readonly revision: number
  /** Time since the last cycle; more than a few seconds means that the supervisor stands still. */
  readonly quietMs: number
}

export function alarmEvents(before: View, after: View, revision: number): readonly ScreenEvent[] {
  if (before.alarms === after.alarms) return []
  const earlier = new Map(before.alarms.filter(isTold).map((alarm) => [alarm.id, alarm]))
  const events: AlarmEvent[] = []
  for (const alarm of after.alarms.filter(isTold)) {
    const old = earlier.get(alarm.id)
    earlier.delete(alarm.id)
    if (old === undefined) events.push({ revision, change: 'raised', alarm })
    else if (differenceOf(old, alarm) === 'changed') {
      events.push({ revision, change: 'changed', alarm })
    }
  }
  for (const alarm of earlier.values()) events.push({ revision, change: 'gone', alarm })
  return events.map((data) => ({ event: 'alarm', data }))
}

/** What is suppressed by design is nobody's news: it stands in the list, and comes as raised once it speaks up. */
const isTold = ({ state }: AlarmView): boolean => state !== 'suppressed'

export function promptEvents(before: View, after: View, revision: number): readonly ScreenEvent[] {
  return after.pairs.flatMap((pair): readonly ScreenEvent[] => {
    const old = before.pairs.find((other) => other.name === pair.name)
    return promptsOf(old, pair, revision).map((data) => ({ event: 'prompt', data }))
  })
}

/** A prompt event for every proposal that is open in this view. */
export const openedPrompts = (view: View, revision: number): readonly ScreenEvent[] =>
  view.pairs.flatMap((pair): readonly ScreenEvent[] => {
    const switchover = openPrompt(pair)
    if (switchover === undefined) return []
    return [{ event: 'prompt', data: { revision, pair: pair.name, change: 'opened', switchover } }]
  })

/** What became of the prompt of one pair between two views. */
export function promptsOf(
  old: PairView | undefined,
  now: PairView,
  revision: number,
): readonly PromptEvent[] {
  const before = old && openPrompt(old)
  const after = openPrompt(now)
  const common = { revision, pair: now.name }
  const opened = (switchover: SwitchoverView): PromptEvent => ({
    ...common,
    change: 'opened',
    switchover,
  })
  if (before === undefined) return after === undefined ? [] : [opened(after)]
  if (after?.id !== before.id) {
    const withdrawn: PromptEvent = { ...common, change: 'withdrawn', ...fate(before.id, now) }
    return after === undefined ? [withdrawn] : [withdrawn, opened(after)]
  }
  if (after.evidence?.hash === before.evidence?.hash) return []
  return [{ ...common, change: 'changed', switchover: after }]
}

const openPrompt = (pair: PairView): SwitchoverView | undefined =>
  pair.switchover?.phase === 'proposed' ? pair.switchover : undefined

function fate(
  id: string,
  pair: PairView,
): { id: string; outcome: string; text: string; by?: string } {
  const going = pair.switchover
  if (going?.id === id && going.confirmedBy !== undefined) {
    const approved = going.approvedBy === undefined ? '' : `, approved by ${going.approvedBy}`
    const text = `confirmed by ${going.confirmedBy}${approved}`
    return { id, outcome: 'confirmed', text, by: going.confirmedBy }
  }
  const ended = pair.lastEnded.find((other) => other.id === id)
  if (ended === undefined) return { id, outcome: 'gone', text: 'the proposal is no longer open' }
  const { outcome, text, by } = ended
  return { id, outcome, text, ...(by !== undefined && { by }) }
}
