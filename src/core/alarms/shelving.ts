// Putting an alarm aside for a while: by a person, with a reason, with an end. The alarm goes on being judged and recorded; it only
// stops asking. What may cost a person or the process at once cannot be put aside.

import type { Order } from '../cycle.ts'
import type { Ledger } from '../ledger.ts'
import type { Plant } from '../plant.ts'
import { type AlarmEntry, type AlarmKey, catalogue } from './alarm-catalogue.ts'
import type { Alarm, Shelves } from './alarm-memory.ts'
import { shiftEndMs } from './shift.ts'

/** The longest that an alarm may stay on the shelf: one shift. */
const shelfMaxMin = 480

type ShelveOrder = Extract<Order, { kind: 'shelve' }>

/** Answers the order; `known` is absent when the alarm does not exist now. */
export function takeShelving(
  shelved: Shelves,
  order: ShelveOrder,
  known: Alarm | undefined,
  { wallMs, limits, ledger }: { wallMs: number; limits: Plant['alarms']; ledger: Ledger },
): Shelves {
  const { alarm, minutes, reason, by } = order
  if (minutes === 0) return takeBack(shelved, order, ledger)
  const refuse = (code: 'forbidden' | 'invalid' | 'busy', text: string): Shelves => {
    ledger.answer(order, code, text)
    return shelved
  }
  const fixed = known === undefined ? undefined : whyNotPutAside(known.key)
  const stands = known !== undefined && known.state !== 'returned'
  if (fixed !== undefined)
    return refuse('forbidden', `${alarm} ${fixed} and cannot be shelved; acknowledge it`)
  const mine = Object.keys(shelved).filter((id) => shelved[id]?.by === by.name && id !== alarm)
  if (mine.length >= limits.shelvedPerPerson) {
    const text = `${by.name} has ${mine.length} alarms on the shelf, the most for one person`
    return refuse('busy', `${text}; take one back first: ${mine.join(', ')}`)
  }
  const once = minutes === 'once'
  if (once && !stands) {
    const text = `${alarm} does not stand now, so there is nothing to wait for`
    return refuse('invalid', `${text}; shelve it for a number of minutes`)
  }
  const untilWallMs =
    minutes === 'shift'
      ? shiftEndMs(limits.shifts, wallMs)
      : wallMs + (once ? shelfMaxMin : minutes) * 60_000
  if (untilWallMs === undefined) {
    const text = 'no shifts are configured (alarms.shifts in the plant file)'
    return refuse('invalid', `${text}; shelve it for a number of minutes`)
  }
  const lengthMin = Math.ceil((untilWallMs - wallMs) / 60_000)
  if (lengthMin > shelfMaxMin) {
    const text = `the shift ends in ${lengthMin} min, and ${shelfMaxMin} min is the most`
    return refuse('invalid', `${text}; shelve it for a number of minutes`)
  }
  const until = once
    ? 'until it clears, at most '
    : minutes === 'shift'
      ? 'until the shift ends, '
      : 'for '
  const text = `${by.name} shelved ${alarm} ${until}${lengthMin} min: ${reason}`
  const data = { id: alarm, event: 'shelved', untilWallMs, reason, ...(once && { once }) }
  ledger.record({ kind: 'alarm', actor: by.name, text, data })
  ledger.answer(order, 'accepted', text)
  return {
    ...shelved,
    [alarm]: { by: by.name, reason, untilWallMs, ...(once && { once: true }) },
  }
}

/** Why no person may put such an alarm aside; undefined when they may. */
export function whyNotPutAside(key: AlarmKey): string | undefined {
  const entry: AlarmEntry = catalogue[key]
  if (entry.priority === 1) return 'has priority 1'
  return entry.blocks ? 'stands against a switchover' : undefined
}

/** Takes back every shelf whose time is over, or whose alarm has cleared where it was only for that. */
export function endShelves(
  shelved: Shelves,
  active: Readonly<Record<string, Alarm>>,
  wallMs: number,
  ledger: Ledger,
): Shelves {
  const ends = Object.entries(shelved).flatMap(([id, { untilWallMs, once }]) => {
    const clear = active[id] === undefined || active[id].state === 'returned'
    const why = untilWallMs <= wallMs ? 'its time is over' : once && clear ? 'it has cleared' : ''
    return why === '' ? [] : [{ id, why }]
  })
  if (ends.length === 0) return shelved
  for (const { id, why } of ends) {
    const text = `${id} is no longer shelved: ${why}`
    ledger.record({ kind: 'alarm', text, data: { id, event: 'unshelved' } })
  }
  return without(
    shelved,
    ends.map(({ id }) => id),
  )
}

function takeBack(shelved: Shelves, order: ShelveOrder, ledger: Ledger): Shelves {
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
