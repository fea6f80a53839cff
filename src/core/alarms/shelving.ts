// Putting an alarm aside for a while: by a person, with a reason, with an end. The alarm goes on being judged and recorded; it only
// stops asking. What may cost a person or the process at once cannot be put aside.

import type { Order } from '../cycle.ts'
import type { Ledger } from '../ledger.ts'
import { type AlarmEntry, type AlarmKey, catalogue } from './alarm-catalogue.ts'

export type Shelf = {
  readonly by: string
  readonly reason: string
  /** Wall time, Unix ms: a shelf outlasts a restart. */
  readonly untilWallMs: number
}
type Shelves = Readonly<Record<string, Shelf>>

/** Answers the order; `key` is absent when the alarm does not stand now. */
export function takeShelving(
  shelved: Shelves,
  order: Extract<Order, { kind: 'shelve' }>,
  key: AlarmKey | undefined,
  wallMs: number,
  ledger: Ledger,
): Shelves {
  const { alarm, minutes, reason, by } = order
  if (minutes === 0) return takeBack(shelved, order, ledger)
  const entry: AlarmEntry | undefined = key === undefined ? undefined : catalogue[key]
  if (entry?.priority === 1 || entry?.blocks) {
    const why = entry.priority === 1 ? 'has priority 1' : 'stands against a switchover'
    ledger.answer(order, 'forbidden', `${alarm} ${why} and cannot be shelved; acknowledge it`)
    return shelved
  }
  const untilWallMs = wallMs + minutes * 60_000
  const text = `${by.name} shelved ${alarm} for ${minutes} min: ${reason}`
  const data = { id: alarm, event: 'shelved', untilWallMs, reason }
  ledger.record({ kind: 'alarm', actor: by.name, text, data })
  ledger.answer(order, 'accepted', text)
  return { ...shelved, [alarm]: { by: by.name, reason, untilWallMs } }
}

/** Takes back every shelf whose time is over. */
export function expired(shelved: Shelves, wallMs: number, ledger: Ledger): Shelves {
  const over = Object.keys(shelved).filter((id) => (shelved[id]?.untilWallMs ?? 0) <= wallMs)
  if (over.length === 0) return shelved
  for (const id of over) {
    const text = `${id} is no longer shelved: its time is over`
    ledger.record({ kind: 'alarm', text, data: { id, event: 'unshelved' } })
  }
  return without(shelved, over)
}

function takeBack(
  shelved: Shelves,
  order: Extract<Order, { kind: 'shelve' }>,
  ledger: Ledger,
): Shelves {
  const { alarm, by } = order
  if (shelved[alarm] === undefined) {
    ledger.answer(order, 'accepted', `${alarm} is not shelved`)
    return shelved
  }
  const text = `${by.name} took ${alarm} off the shelf`
  const data = { id: alarm, event: 'unshelved' }
  ledger.record({ kind: 'alarm', actor: by.name, text, data })
  ledger.answer(order, 'accepted', text)
  return without(shelved, [alarm])
}

const without = (shelved: Shelves, ids: readonly string[]): Shelves =>
  Object.fromEntries(Object.entries(shelved).filter(([id]) => !ids.includes(id)))
