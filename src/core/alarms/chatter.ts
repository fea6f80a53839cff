// An alarm that comes and goes: after a few raises it has to stay away for longer before it clears, so that it stands instead of
// ringing again and again.

import type { Raise } from './alarm-memory.ts'

const minute = 60_000
/** An alarm that was raised so often within 10 minutes chatters. */
const chatterRaises = 4
/** It then has to stay away for so long before it clears, ms. */
export const chatterClearMs = minute

/** The alarms that were raised so often within the last 10 minutes that they chatter. */
export function chattering(raises: readonly Raise[], nowMs: number): ReadonlySet<string> {
  const counts = new Map<string, number>()
  for (const { id, atMs } of raises)
    if (nowMs - atMs <= 10 * minute) counts.set(id, (counts.get(id) ?? 0) + 1)
  return new Set([...counts].flatMap(([id, count]) => (count >= chatterRaises ? [id] : [])))
}
