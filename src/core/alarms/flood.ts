// A flood of alarms is a condition of its own: a person can no longer follow, and has to be told where they come from.

import { type AlarmMemory, alarmId, type Condition, partsOf } from './alarm-memory.ts'
import { calmPer10Min, floodPer10Min, loudWithin } from './rates.ts'

const source = 'supervisor'
const windowMs = 10 * 60_000

/** Stands from more than 10 alarms in 10 minutes for each operator until no more than 5 came. */
export function floodConditions(
  memory: AlarmMemory,
  operators: number,
  nowMs: number,
): readonly Condition[] {
  const recent = loudWithin(memory.raises, nowMs, windowMs)
  const limit = (isFlooded(memory) ? calmPer10Min : floodPer10Min) * operators
  if (recent.length <= limit) return []
  const detail = `most from ${busiest(recent.map(({ id }) => partsOf(id)[0])).join(', ')}`
  return [{ key: 'alarm-flood', source, detail }]
}

/** Whether a flood stands now. */
export function isFlooded({ active }: AlarmMemory): boolean {
  const known = active[alarmId({ source, key: 'alarm-flood' })]
  return known !== undefined && known.state !== 'returned'
}

/** The three sources that raised most. */
function busiest(sources: readonly string[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const one of sources) counts.set(one, (counts.get(one) ?? 0) + 1)
  return [...counts]
    .sort(([one, count], [other, more]) => more - count || (one < other ? -1 : 1))
    .slice(0, 3)
    .map(([one, count]) => `${one} (${count})`)
}
