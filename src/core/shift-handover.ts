// Who has the shift, and what has happened since that whoever takes it over has to know. The incoming operator accepts what they have
// read: an acceptance of something older than the newest of these is refused with what is missing.

import type { JournalRecord, Order } from './cycle.ts'
import type { Ledger } from './ledger.ts'
import type { ShiftView } from './view.ts'

export type ShiftMemory = {
  readonly holder?: {
    readonly by: string
    readonly sinceWallMs: number
    readonly note: string
    /** The newest record that the person had read. */
    readonly seen: number
  }
  /** Since then, oldest first; the oldest ones are forgotten. */
  readonly news: readonly News[]
}
type News = { readonly seq: number; readonly text: string }
type HandoverOrder = Extract<Order, { kind: 'handover' }>

/** So many are remembered: more than that nobody reads from a refusal. */
const newsMax = 50

export const newShiftMemory = (): ShiftMemory => ({ news: [] })

/** Takes in what this cycle has recorded so far, then the orders that accept a shift. */
export function followShift(
  before: ShiftMemory,
  orders: readonly Order[],
  wallMs: number,
  ledger: Ledger,
): ShiftMemory {
  const memory = ledger.records.reduce(noteNews, before)
  return orders.reduce(
    (now, order) => (order.kind === 'handover' ? accept(now, order, wallMs, ledger) : now),
    memory,
  )
}

/** What the journal tells of shifts. */
export const foldShift = (records: readonly JournalRecord[]): ShiftMemory =>
  records.reduce((memory, record) => {
    if (record.kind !== 'handover') return noteNews(memory, record)
    const { actor: by, wallMs: sinceWallMs, data } = record
    return {
      holder: { by, sinceWallMs, note: String(data.note), seen: Number(data.seen) },
      news: [],
    }
  }, newShiftMemory())

/** What the doors show of it; undefined while nobody has taken a shift. */
export const shiftView = ({ holder, news }: ShiftMemory): ShiftView | undefined =>
  holder && { ...holder, news: news.length }

function accept(
  memory: ShiftMemory,
  order: HandoverOrder,
  wallMs: number,
  ledger: Ledger,
): ShiftMemory {
  const { by, seen, note } = order
  const newest = ledger.nextSeq - 1
  if (!Number.isInteger(seen) || seen < 0 || seen > newest) {
    const text = `there is no record ${seen}: the newest is ${newest}; accept what was shown`
    ledger.answer(order, 'invalid', text)
    return memory
  }
  const unread = memory.news.filter(({ seq }) => seq > seen)
  const last = unread.at(-1)
  if (last !== undefined) {
    const text = `${countText(unread.length)} since record ${seen} that whoever takes the shift has to know; read it, then accept up to record ${last.seq} or later`
    ledger.answer(order, 'evidence-changed', text, { difference: unread.map((one) => one.text) })
    return memory
  }
  const text = `${by.name} has taken the shift${note === '' ? '' : `: ${note}`}`
  ledger.record({ kind: 'handover', actor: by.name, text, data: { seen, note } })
  ledger.answer(order, 'accepted', text)
  return { holder: { by: by.name, sinceWallMs: wallMs, note, seen }, news: [] }
}

function countText(count: number): string {
  if (count === 1) return 'something has happened'
  return `${count === newsMax ? `${count} or more` : count} things have happened`
}

function noteNews(memory: ShiftMemory, record: JournalRecord): ShiftMemory {
  if (!isNews(record)) return memory
  const { seq, text } = record
  return { ...memory, news: [...memory.news, { seq, text }].slice(-newsMax) }
}

/** What changes how the plant has to be looked after: nothing that comes and goes by itself, or nobody could ever accept. */
function isNews({ kind, data }: JournalRecord): boolean {
  switch (kind) {
    case 'start':
    case 'proposal':
    case 'ended':
    case 'role':
    case 'lockout':
    case 'out-of-service':
    case 'held':
      return true
    case 'alarm':
      return data.event === 'raised' ? Number(data.priority) <= urgent : byPerson(data.event)
    default:
      return false
  }
}

/** Priorities 1 and 2. */
const urgent = 2
const byPerson = (event: unknown): boolean => event === 'shelved' || event === 'out-of-service'
