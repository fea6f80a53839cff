// Alarms after the practice of ISA-18.2: raised by a condition, acknowledged by a person, cleared only by the condition. A cleared
// alarm that nobody has seen stays visible.

import type { Order } from '../cycle.ts'
import type { Ledger } from '../ledger.ts'
import type { AlarmState, AlarmView } from '../view.ts'
import { type AlarmEntry, type AlarmKey, catalogue } from './alarm-catalogue.ts'
import { expired, type Shelf, takeShelving } from './shelving.ts'

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
  /** Conditions that are gone but whose clear delay has not passed: since when. */
  readonly leaving: Readonly<Record<string, number>>
  readonly shelved: Readonly<Record<string, Shelf>>
  /** When alarms were raised within the last hour. */
  readonly raises: readonly { readonly id: string; readonly atMs: number }[]
}
export const newAlarmMemory = (): AlarmMemory => ({
  active: {},
  pending: {},
  leaving: {},
  shelved: {},
  raises: [],
})

type Times = { readonly nowMs: number; readonly wallMs: number }

const minute = 60_000
/** An alarm that was raised so often within 10 minutes chatters: it then has to stay away for a minute before it clears. */
const chatterRaises = 4
const chatterClearMs = minute

/** Raises and clears by the conditions of this cycle. */
export function judgeAlarms(
  memory: AlarmMemory,
  conditions: readonly Condition[],
  times: Times,
  ledger: Ledger,
): AlarmMemory {
  const { nowMs, wallMs } = times
  const active: Record<string, Alarm> = { ...memory.active }
  const pending: Record<string, number> = {}
  const raises = memory.raises.filter(({ atMs }) => nowMs - atMs <= 60 * minute)
  const standing = new Map(conditions.map((one) => [alarmId(one), one]))
  for (const [id, condition] of standing) {
    const entry: AlarmEntry = catalogue[condition.key]
    const sinceMs = memory.pending[id] ?? nowMs
    pending[id] = sinceMs
    const known = active[id]
    if (known === undefined || known.state === 'returned') {
      if (nowMs - sinceMs < (entry.delayMs ?? 0)) continue
      active[id] = raise(id, condition, wallMs, ledger)
      raises.push({ id, atMs: nowMs })
    } else if (known.detail !== condition.detail) {
      active[id] = { ...known, detail: condition.detail }
    }
  }
  const leaving = clearGone(memory, { active, standing, raises }, times, ledger)
  const shelved = expired(memory.shelved, wallMs, ledger)
  return { active, pending, leaving, shelved, raises }
}

type Judged = {
  readonly active: Record<string, Alarm>
  readonly standing: ReadonlyMap<string, Condition>
  readonly raises: AlarmMemory['raises']
}

/** Clears what has been gone for long enough; what has not is handed back with its time. */
function clearGone(
  memory: AlarmMemory,
  { active, standing, raises }: Judged,
  { nowMs, wallMs }: Times,
  ledger: Ledger,
): Record<string, number> {
  const leaving: Record<string, number> = {}
  for (const [id, alarm] of Object.entries(active)) {
    const entry: AlarmEntry = catalogue[alarm.key]
    if (standing.has(id) || alarm.state === 'returned' || entry.latched) continue
    const goneMs = memory.leaving[id] ?? nowMs
    const chatters = raisedOften(raises, id, nowMs)
    const waitMs = Math.max(entry.clearMs ?? 0, chatters ? chatterClearMs : 0)
    if (nowMs - goneMs < waitMs) {
      leaving[id] = goneMs
      continue
    }
    const next = clear(alarm, wallMs, ledger)
    if (next === undefined) delete active[id]
    else active[id] = next
  }
  return leaving
}

const raisedOften = (raises: AlarmMemory['raises'], id: string, nowMs: number): boolean =>
  raises.filter((one) => one.id === id && nowMs - one.atMs <= 10 * minute).length >= chatterRaises

/** How many alarms were raised lately. */
export const alarmLoad = ({ raises }: AlarmMemory, nowMs: number) => ({
  last10Min: raises.filter(({ atMs }) => nowMs - atMs <= 10 * minute).length,
  lastHour: raises.length,
})

/** A person has seen the alarm. */
export function acknowledge(
  memory: AlarmMemory,
  order: Extract<Order, { kind: 'acknowledge' }>,
  ledger: Ledger,
): AlarmMemory {
  const alarm = memory.active[order.alarm]
  if (alarm === undefined) {
    answerUnknown(order, memory, ledger)
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

/** A person puts an alarm aside, or takes it back. */
export function shelve(
  memory: AlarmMemory,
  order: Extract<Order, { kind: 'shelve' }>,
  wallMs: number,
  ledger: Ledger,
): AlarmMemory {
  const alarm = memory.active[order.alarm]
  const known = alarm !== undefined || memory.shelved[order.alarm] !== undefined
  if (!known) {
    answerUnknown(order, memory, ledger)
    return memory
  }
  return { ...memory, shelved: takeShelving(memory.shelved, order, alarm?.key, wallMs, ledger) }
}

function answerUnknown(
  order: Extract<Order, { kind: 'acknowledge' | 'shelve' }>,
  { active }: AlarmMemory,
  ledger: Ledger,
): void {
  const ids = Object.keys(active)
  const known = ids.length === 0 ? 'there are none' : `there are: ${ids.join(', ')}`
  ledger.answer(order, 'not-found', `no alarm "${order.alarm}"; ${known}`)
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

/** Alarms that stand against a planned switchover, in words: also cleared ones, until a person has seen them. */
export const blockingAlarms = (memory: AlarmMemory, pair: string): readonly string[] =>
  Object.values(memory.active)
    .filter((one) => one.pair === pair && (catalogue[one.key] as AlarmEntry).blocks)
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
        ...(memory.shelved[alarm.id] && { shelved: memory.shelved[alarm.id] }),
        ...underFirst(memory, alarm),
      }
    })
    .sort(byUrgency)
}

/** Alarms of a pair that come so soon after its first one are shown under it, ms. */
const sameEventMs = 10_000

/** The alarm of the same pair that stands longest, when this one came shortly after it. */
function underFirst({ active }: AlarmMemory, alarm: Alarm): { under?: string } {
  if (alarm.pair === undefined || alarm.state === 'returned') return {}
  const first = Object.values(active)
    .filter(({ key, pair, state }) => {
      return pair === alarm.pair && state !== 'returned' && catalogue[key].priority < 4
    })
    .reduce((one, other) => (other.seq < one.seq ? other : one), alarm)
  const soon = alarm.raisedWallMs - first.raisedWallMs <= sameEventMs
  return first.id !== alarm.id && soon ? { under: first.id } : {}
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
  Number(one.shelved !== undefined) - Number(other.shelved !== undefined) ||
  stateRank[one.state] - stateRank[other.state] ||
  one.priority - other.priority ||
  other.raisedWallMs - one.raisedWallMs
