// Alarms after the practice of ISA-18.2: raised by a condition, acknowledged by a person, cleared only by the condition. A cleared
// alarm that nobody has seen stays visible. What is suppressed goes through the same states, and tells nobody.

import type { Ledger } from '../ledger.ts'
import { type AlarmEntry, type AlarmKey, catalogue } from './alarm-catalogue.ts'
import {
  type Alarm,
  type AlarmMemory,
  alarmId,
  type Condition,
  isQuiet,
  partsOf,
  type Raise,
} from './alarm-memory.ts'
import { chatterClearMs, chattering } from './chatter.ts'
import { countRaises } from './rates.ts'
import { endShelves } from './shelving.ts'
import { type Cause, isKept, judgeSuppression, recordQuiet, suppressionOf } from './suppression.ts'

type Times = { readonly nowMs: number; readonly wallMs: number }

const minute = 60_000

/** What this cycle works on; it lives for one call. */
type Desk = {
  readonly active: Record<string, Alarm>
  readonly standing: ReadonlyMap<string, Condition>
  readonly raises: Raise[]
  readonly causes: readonly Cause[]
}

/** Raises, clears and keeps quiet by the conditions and causes of this cycle. */
export function judgeAlarms(
  memory: AlarmMemory,
  conditions: readonly Condition[],
  causes: readonly Cause[],
  times: Times,
  ledger: Ledger,
): AlarmMemory {
  const { nowMs, wallMs } = times
  const desk: Desk = {
    active: { ...memory.active },
    standing: new Map(conditions.map((one) => [alarmId(one), one])),
    raises: memory.raises.filter(({ atMs }) => nowMs - atMs <= 60 * minute),
    causes,
  }
  const kept = desk.raises.length
  const { pending, hushed } = raiseStanding(memory, desk, times, ledger)
  const leaving = clearGone(memory, desk, times, ledger)
  const lifting = judgeQuiet(memory, desk, leaving, times, ledger)
  const shelved = endShelves(memory.shelved, desk.active, wallMs, ledger)
  const { active, raises } = desk
  const rates = countRaises(memory.rates, raises, kept, times)
  return { ...memory, active, pending, hushed, leaving, lifting, shelved, raises, rates }
}

/** Raises what has stood for its delay; since when each condition has stood is handed back. */
function raiseStanding(
  memory: AlarmMemory,
  { active, standing, raises, causes }: Desk,
  { nowMs, wallMs }: Times,
  ledger: Ledger,
): Pick<AlarmMemory, 'pending' | 'hushed'> {
  const pending: Record<string, number> = {}
  const hushed: string[] = []
  for (const [id, condition] of standing) {
    const entry: AlarmEntry = catalogue[condition.key]
    const sinceMs = memory.pending[id] ?? nowMs
    pending[id] = sinceMs
    const known = active[id]
    if (known !== undefined && known.state !== 'returned') {
      if (known.detail === condition.detail) continue
      // News about what somebody has acknowledged ask for them again, where the catalogue says so.
      const again = entry.realarms && known.state === 'acknowledged'
      active[id] = again
        ? raise(id, condition, causes, wallMs, ledger)
        : { ...known, detail: condition.detail }
      continue
    }
    if (nowMs - sinceMs < (entry.delayMs ?? 0)) {
      if (suppressionOf(condition, causes, false) !== undefined) hushed.push(id)
      continue
    }
    const alarm = raise(id, condition, causes, wallMs, ledger)
    active[id] = alarm
    if (alarm.suppressed === undefined)
      raises.push({ id, atMs: nowMs, ...(isQuiet(memory, alarm) && { quiet: true }) })
  }
  return { pending, hushed }
}

/** Clears what has been gone for long enough; what has not is handed back with its time. */
function clearGone(
  memory: AlarmMemory,
  { active, standing, raises, causes }: Desk,
  { nowMs, wallMs }: Times,
  ledger: Ledger,
): Record<string, number> {
  const leaving: Record<string, number> = {}
  const chatters = chattering(raises, nowMs)
  for (const [id, alarm] of Object.entries(active)) {
    const entry: AlarmEntry = catalogue[alarm.key]
    if (standing.has(id) || alarm.state === 'returned' || entry.latched || isKept(alarm, causes))
      continue
    const goneMs = memory.leaving[id] ?? nowMs
    const waitMs = Math.max(entry.clearMs ?? 0, chatters.has(id) ? chatterClearMs : 0)
    if (!alarm.unannounced && nowMs - goneMs < waitMs) {
      leaving[id] = goneMs
      continue
    }
    const next = clear(alarm, wallMs, ledger)
    if (next === undefined) delete active[id]
    else active[id] = next
  }
  return leaving
}

/** Lets causes keep alarms quiet, and what they no longer keep quiet speak again. */
function judgeQuiet(
  memory: AlarmMemory,
  { active, raises, causes }: Desk,
  leaving: Readonly<Record<string, number>>,
  { nowMs }: Times,
  ledger: Ledger,
): Record<string, number> {
  const lifting: Record<string, number> = {}
  for (const [id, before] of Object.entries(active)) {
    const since = memory.lifting[id]
    const at = { ...(since !== undefined && { liftingMs: since }), isLeaving: id in leaving, nowMs }
    const { alarm, liftingMs } = judgeSuppression(before, causes, at, ledger)
    if (liftingMs !== undefined) lifting[id] = liftingMs
    if (alarm === before) continue
    active[id] = alarm
    // Only now is anybody told of it.
    if (before.unannounced && !alarm.unannounced)
      raises.push({ id, atMs: nowMs, ...(isQuiet(memory, alarm) && { quiet: true }) })
  }
  return lifting
}

function raise(
  id: string,
  condition: Condition,
  causes: readonly Cause[],
  wallMs: number,
  ledger: Ledger,
): Alarm {
  const { key, source, pair, detail } = condition
  const alarm = {
    ...condition,
    id,
    state: 'unacknowledged',
    raisedWallMs: wallMs,
    comments: [],
  } as const
  const suppressed = suppressionOf(condition, causes, false)
  if (suppressed !== undefined) {
    const seq = recordQuiet(alarm, suppressed, ledger)
    return { ...alarm, seq, suppressed, unannounced: true }
  }
  const { condition: words, priority } = catalogue[key]
  const seq = ledger.record({
    kind: 'alarm',
    ...(pair && { pair }),
    text: `raised: ${source} ${words}${detail === '' ? '' : `: ${detail}`}`,
    data: { id, event: 'raised', key, source, detail, priority },
  })
  return { ...alarm, seq }
}

/** What nobody was told of goes without a word. */
function clear(alarm: Alarm, wallMs: number, ledger: Ledger): Alarm | undefined {
  if (alarm.unannounced) return undefined
  ledger.record({
    kind: 'alarm',
    ...(alarm.pair && { pair: alarm.pair }),
    text: `cleared: ${alarm.source} ${catalogue[alarm.key].condition}`,
    data: { id: alarm.id, event: 'cleared' },
  })
  if (alarm.state === 'acknowledged') return undefined
  return { ...alarm, state: 'returned', returnedWallMs: wallMs }
}

export type PairAlarms = {
  readonly standing: readonly string[]
  readonly blocking: readonly string[]
}

/**
 * The alarms of each pair and its units, in words. `standing` is for the evidence: also those still in their delay, since they tell
 * nothing new when it has passed; what is suppressed tells nothing, what a person put aside still counts. `blocking` stands
 * against a planned switchover: also cleared ones, until a person has seen them.
 */
export function alarmsByPair(memory: AlarmMemory): (pair: string) => PairAlarms {
  const found = new Map<string, { readonly standing: Set<string>; readonly blocking: string[] }>()
  const of = (pair: string) => {
    const known = found.get(pair) ?? { standing: new Set(), blocking: [] }
    found.set(pair, known)
    return known
  }
  for (const { pair, source, key, state, suppressed } of Object.values(memory.active)) {
    if (pair === undefined || suppressed !== undefined) continue
    const words = wordsOf(source, key)
    if (state !== 'returned') of(pair).standing.add(words)
    if ((catalogue[key] as AlarmEntry).blocks) of(pair).blocking.push(words)
  }
  for (const id of Object.keys(memory.pending)) {
    if (memory.active[id]?.suppressed !== undefined || memory.hushed.includes(id)) continue
    const [source, key] = partsOf(id)
    of(source.split(/[ .]/)[0] ?? '').standing.add(wordsOf(source, key as AlarmKey))
  }
  return (pair) => {
    const { standing = [], blocking = [] } = found.get(pair) ?? {}
    return { standing: [...standing].sort(), blocking }
  }
}

const wordsOf = (source: string, key: AlarmKey): string => `${source}: ${catalogue[key].condition}`
