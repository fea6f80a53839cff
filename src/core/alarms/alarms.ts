// Alarms after the practice of ISA-18.2: raised by a condition, acknowledged by a person, cleared only by the condition. A cleared
// alarm that nobody has seen stays visible.

import type { Order } from '../cycle.ts'
import type { Ledger } from '../ledger.ts'
import type { AlarmState, AlarmView } from '../view.ts'
import { type AlarmEntry, type AlarmKey, catalogue } from './alarm-catalogue.ts'

/** A condition that stands in this cycle. */
export type Condition = {
  readonly key: AlarmKey
  readonly source: string
  readonly pair?: string
  readonly detail: string
}

export type Alarm = {
  readonly id: string
  readonly key: AlarmKey
  readonly source: string
  readonly pair?: string
  readonly detail: string
  readonly state: AlarmState
  readonly raisedWallMs: number
  readonly returnedWallMs?: number
  readonly acknowledgedBy?: string
  /** Record of the raise: shown as raised only once that is durable. */
  readonly seq: number
}

export type AlarmMemory = {
  readonly active: Readonly<Record<string, Alarm>>
  /** Conditions that stand but whose delay has not passed: since when. */
  readonly pending: Readonly<Record<string, number>>
}
export const newAlarmMemory = (): AlarmMemory => ({ active: {}, pending: {} })

type Times = { readonly nowMs: number; readonly wallMs: number }

/** Raises and clears by the conditions of this cycle. */
export function judgeAlarms(
  memory: AlarmMemory,
  conditions: readonly Condition[],
  { nowMs, wallMs }: Times,
  ledger: Ledger,
): AlarmMemory {
  const active: Record<string, Alarm> = { ...memory.active }
  const pending: Record<string, number> = {}
  const standing = new Map(conditions.map((one) => [alarmId(one), one]))
  for (const [id, condition] of standing) {
    const entry: AlarmEntry = catalogue[condition.key]
    const sinceMs = memory.pending[id] ?? nowMs
    pending[id] = sinceMs
    const known = active[id]
    if (known === undefined || known.state === 'returned') {
      if (nowMs - sinceMs < (entry.delayMs ?? 0)) continue
      active[id] = raise(id, condition, wallMs, ledger)
    } else if (known.detail !== condition.detail) {
      active[id] = { ...known, detail: condition.detail }
    }
  }
  for (const [id, alarm] of Object.entries(active)) {
    const entry: AlarmEntry = catalogue[alarm.key]
    if (standing.has(id) || alarm.state === 'returned' || entry.latched) continue
    const next = clear(alarm, wallMs, ledger)
    if (next === undefined) delete active[id]
    else active[id] = next
  }
  return { active, pending }
}

/** A person has seen the alarm. */
export function acknowledge(
  memory: AlarmMemory,
  order: Extract<Order, { kind: 'acknowledge' }>,
  ledger: Ledger,
): AlarmMemory {
  const alarm = memory.active[order.alarm]
  if (alarm === undefined) {
    const ids = Object.keys(memory.active)
    const known = ids.length === 0 ? 'there are none' : `there are: ${ids.join(', ')}`
    ledger.answer(order, 'not-found', `no alarm "${order.alarm}"; ${known}`)
    return memory
  }
  const text = `${order.by.name} acknowledged ${alarm.source}: ${catalogue[alarm.key].condition}`
  ledger.record({
    kind: 'alarm',
    actor: order.by.name,
    ...(alarm.pair && { pair: alarm.pair }),
    text: order.comment === '' ? text : `${text} (${order.comment})`,
    data: { id: alarm.id, event: 'acknowledged', comment: order.comment },
  })
  ledger.answer(order, 'accepted', text)
  const entry: AlarmEntry = catalogue[alarm.key]
  const { [alarm.id]: _gone, ...others } = memory.active
  if (alarm.state === 'returned' || entry.latched) return { ...memory, active: others }
  const acknowledged: Alarm = { ...alarm, state: 'acknowledged', acknowledgedBy: order.by.name }
  return { ...memory, active: { ...others, [alarm.id]: acknowledged } }
}

/**
 * Alarms of one pair and its units that stand, in words, for the evidence: also those still in their delay, since they tell
 * nothing new when it has passed.
 */
export function standingAlarms(memory: AlarmMemory, pair: string): readonly string[] {
  const raised = alarmsOfPair(memory, pair).map(({ source, key }) => wordsOf(source, key))
  const waiting = Object.keys(memory.pending)
    .filter((id) => id.startsWith(`${pair}:`) || id.startsWith(`${pair}.`))
    .map((id) => wordsOf(...partsOf(id)))
  return [...new Set([...raised, ...waiting])].sort()
}

const wordsOf = (source: string, key: AlarmKey): string => `${source}: ${catalogue[key].condition}`

const partsOf = (id: string): [source: string, key: AlarmKey] => {
  const at = id.lastIndexOf(':')
  return [id.slice(0, at), id.slice(at + 1) as AlarmKey]
}

const alarmsOfPair = (memory: AlarmMemory, pair: string): readonly Alarm[] =>
  Object.values(memory.active).filter((one) => one.pair === pair && one.state !== 'returned')

/** Alarms that stand against a planned switchover, in words. */
export const blockingAlarms = (memory: AlarmMemory, pair: string): readonly string[] =>
  alarmsOfPair(memory, pair)
    .filter((one) => (catalogue[one.key] as AlarmEntry).blocks)
    .map(({ source, key }) => wordsOf(source, key))

/** What the doors show, worst and newest first. An alarm whose record is not durable yet is not shown as raised. */
export function alarmViews(
  memory: AlarmMemory,
  durable: number,
  journalFault: string | undefined,
): readonly AlarmView[] {
  return Object.values(memory.active)
    .filter((alarm) => alarm.seq <= durable || journalFault !== undefined)
    .map((alarm): AlarmView => {
      const { priority, condition, consequence, action } = catalogue[alarm.key]
      return {
        id: alarm.id,
        priority,
        source: alarm.source,
        ...(alarm.pair && { pair: alarm.pair }),
        state: alarm.state,
        condition: alarm.detail === '' ? condition : `${condition}: ${alarm.detail}`,
        consequence,
        action,
        raisedWallMs: alarm.raisedWallMs,
        ...(alarm.returnedWallMs !== undefined && { returnedWallMs: alarm.returnedWallMs }),
        ...(alarm.acknowledgedBy !== undefined && { acknowledgedBy: alarm.acknowledgedBy }),
      }
    })
    .sort(byUrgency)
}

const alarmId = ({ source, key }: Condition): string => `${source}:${key}`

function raise(id: string, condition: Condition, wallMs: number, ledger: Ledger): Alarm {
  const { key, source, pair, detail } = condition
  const words = catalogue[key].condition
  const seq = ledger.record({
    kind: 'alarm',
    ...(pair && { pair }),
    text: `raised: ${source} ${words}${detail === '' ? '' : `: ${detail}`}`,
    data: { id, event: 'raised', key, source, detail, priority: catalogue[key].priority },
  })
  return {
    id,
    key,
    source,
    ...(pair && { pair }),
    detail,
    state: 'unacknowledged',
    raisedWallMs: wallMs,
    seq,
  }
}

function clear(alarm: Alarm, wallMs: number, ledger: Ledger): Alarm | undefined {
  ledger.record({
    kind: 'alarm',
    ...(alarm.pair && { pair: alarm.pair }),
    text: `cleared: ${alarm.source} ${catalogue[alarm.key].condition}`,
    data: { id: alarm.id, event: 'cleared' },
  })
  if (alarm.state === 'acknowledged') return undefined
  return { ...alarm, state: 'returned', returnedWallMs: wallMs }
}

const stateRank: Readonly<Record<AlarmState, number>> = {
  unacknowledged: 0,
  returned: 1,
  acknowledged: 2,
}

const byUrgency = (one: AlarmView, other: AlarmView): number =>
  stateRank[one.state] - stateRank[other.state] ||
  one.priority - other.priority ||
  other.raisedWallMs - one.raisedWallMs
