// How many alarms a person was given: counted by hour over the last week, so that a shift, a day and a week can be told from a
// bounded state. Only what asked for something counts; what was shelved, suppressed or out of service did not.

import { type AlarmKey, catalogue } from './alarm-catalogue.ts'
import {
  type Alarm,
  type AlarmMemory,
  partsOf,
  type Raise,
  type RateMemory,
} from './alarm-memory.ts'
import { chattering } from './chatter.ts'
import type { AlarmRatesView, PeriodRates } from './shown.ts'

const minute = 60_000
const hourMs = 60 * minute
const weekHours = 7 * 24
/** Further ids of an hour are counted together: a plant that raises so many is in a flood, whatever they are called. */
const idsMax = 40
const others = 'others'
const staleMs = 24 * hourMs

/** More than this within 10 minutes is a flood, for each operator (EEMUA 191, ISA-18.2). */
export const floodPer10Min = 10
/** A flood is over when no more than this came within 10 minutes. */
export const calmPer10Min = 5

/** Alarms that asked for something within the last `ms`; the flood's own alarm is none of them. */
export const loudWithin = (raises: readonly Raise[], nowMs: number, ms: number): readonly Raise[] =>
  raises.filter(({ id, atMs, quiet }) => !quiet && nowMs - atMs <= ms && !isFlood(id))

const isFlood = (id: string): boolean => partsOf(id)[1] === 'alarm-flood'

/** Counts the raises from number `from` on, which are those of this cycle. */
export function countRaises(
  memory: RateMemory,
  raises: readonly Raise[],
  from: number,
  { nowMs, wallMs }: { readonly nowMs: number; readonly wallMs: number },
): RateMemory {
  const fresh = loudWithin(raises.slice(from), nowMs, 0)
  if (fresh.length === 0) return memory
  const peak = loudWithin(raises, nowMs, 10 * minute).length
  return fresh.reduce((counted, { id }) => countOne(counted, id, wallMs, peak), memory)
}

/** Counts one alarm that was raised at this wall time; `peak10Min` as it was then. */
export function countOne(
  { sinceWallMs, hours }: RateMemory,
  id: string,
  wallMs: number,
  peak10Min: number,
): RateMemory {
  const hour = Math.floor(wallMs / hourMs)
  const last = hours.at(-1)
  const current = last?.hour === hour ? last : { hour, byId: {}, peak10Min: 0 }
  const name = id in current.byId || Object.keys(current.byId).length < idsMax ? id : others
  const byId = { ...current.byId, [name]: (current.byId[name] ?? 0) + 1 }
  const counted = { hour, byId, peak10Min: Math.max(current.peak10Min, peak10Min) }
  const kept = hours.filter((one) => one !== current && Math.abs(hour - one.hour) < weekHours)
  return { sinceWallMs, hours: [...kept, counted].slice(-weekHours) }
}

/** What the doors show of it. */
export function ratesView(
  memory: AlarmMemory,
  operators: number,
  { nowMs, wallMs }: { readonly nowMs: number; readonly wallMs: number },
): AlarmRatesView {
  const { raises, rates, active } = memory
  const standing = Object.values(active).filter(isAsking)
  return {
    sinceWallMs: rates.sinceWallMs,
    operators,
    floodPer10Min: floodPer10Min * operators,
    last10Min: loudWithin(raises, nowMs, 10 * minute).length,
    lastHour: loudWithin(raises, nowMs, hourMs).length,
    lastDay: periodOf(rates, 24, wallMs),
    lastWeek: periodOf(rates, weekHours, wallMs),
    chattering: [...chattering(raises, nowMs)].sort(),
    stale: standing
      .filter(({ raisedWallMs }) => wallMs - raisedWallMs > staleMs)
      .map(({ id, raisedWallMs }) => ({ id, raisedWallMs }))
      .sort((one, other) => one.raisedWallMs - other.raisedWallMs),
  }
}

const isAsking = ({ state, suppressed }: Alarm): boolean =>
  state !== 'returned' && suppressed === undefined

/** The last so many hours, the one that is going on among them. */
function periodOf({ hours, sinceWallMs }: RateMemory, length: number, wallMs: number): PeriodRates {
  const now = Math.floor(wallMs / hourMs)
  const counted = hours.filter(({ hour }) => hour > now - length && hour <= now)
  const byId = new Map<string, number>()
  const perPriority = { 1: 0, 2: 0, 3: 0, 4: 0 }
  for (const one of counted)
    for (const [id, count] of Object.entries(one.byId)) {
      byId.set(id, (byId.get(id) ?? 0) + count)
      perPriority[priorityOf(id)] += count
    }
  const raised = [...byId.values()].reduce((sum, count) => sum + count, 0)
  const observedHours = Math.min(length, Math.max(1, (wallMs - sinceWallMs) / hourMs))
  const sums = counted.map((one) => Object.values(one.byId).reduce((sum, count) => sum + count, 0))
  return {
    raised,
    perHour: raised / observedHours,
    peakHour: Math.max(0, ...sums),
    peak10Min: Math.max(0, ...counted.map(({ peak10Min }) => peak10Min)),
    perPriority,
    top: [...byId]
      .map(([id, count]) => ({ id, raised: count }))
      .sort((one, other) => other.raised - one.raised || (one.id < other.id ? -1 : 1))
      .slice(0, 10),
  }
}

function priorityOf(id: string): 1 | 2 | 3 | 4 {
  const [, key] = partsOf(id)
  return Object.hasOwn(catalogue, key) ? catalogue[key as AlarmKey].priority : 4
}
