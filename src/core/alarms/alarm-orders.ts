// What persons order about alarms: acknowledge, comment, put aside for a while, take out of service. None of it changes a condition,
// and each of it is a record with its person.

import type { Order } from '../cycle.ts'
import type { Ledger } from '../ledger.ts'
import type { Plant } from '../plant.ts'
import { type AlarmEntry, catalogue } from './alarm-catalogue.ts'
import { type Alarm, type AlarmMemory, partsOf } from './alarm-memory.ts'
import { takeShelving, whyNotPutAside } from './shelving.ts'
import type { AlarmComment } from './shown.ts'

export type AlarmOrder = Extract<
  Order,
  { kind: 'acknowledge' | 'comment' | 'shelve' | 'alarm-out-of-service' }
>
type OrderOf<Kind extends AlarmOrder['kind']> = Extract<AlarmOrder, { kind: Kind }>

/** The newest comments of an alarm are shown; all of them stand in the journal. */
const commentsMax = 5

const kinds = ['acknowledge', 'comment', 'shelve', 'alarm-out-of-service'] as const
export const isAlarmOrder = (order: Order): order is AlarmOrder =>
  kinds.some((kind) => kind === order.kind)

/** Answers the order, records it, and hands back what is remembered then. */
export function takeAlarmOrder(
  memory: AlarmMemory,
  order: AlarmOrder,
  plant: Plant,
  wallMs: number,
  ledger: Ledger,
): AlarmMemory {
  switch (order.kind) {
    case 'acknowledge':
      return acknowledge(memory, order, wallMs, ledger)
    case 'comment':
      return comment(memory, order, wallMs, ledger)
    case 'shelve': {
      if (!isKnown(memory, order.alarm)) return answerUnknown(order, memory, ledger)
      const known = memory.active[order.alarm]
      const desk = { wallMs, limits: plant.alarms, ledger }
      return { ...memory, shelved: takeShelving(memory.shelved, order, known, desk) }
    }
    case 'alarm-out-of-service':
      return order.on ? retire(memory, order, wallMs, ledger) : giveBack(memory, order, ledger)
  }
}

/** A person has seen the alarm. */
function acknowledge(
  memory: AlarmMemory,
  order: OrderOf<'acknowledge'>,
  wallMs: number,
  ledger: Ledger,
): AlarmMemory {
  const alarm = memory.active[order.alarm]
  if (alarm === undefined) return answerUnknown(order, memory, ledger)
  if (alarm.unannounced) {
    const text = `${alarm.id} is suppressed while ${alarm.suppressed?.by}: there is nothing to acknowledge`
    ledger.answer(order, 'invalid', `${text} before it speaks up`)
    return memory
  }
  const words = `${alarm.source}: ${catalogue[alarm.key].condition}`
  const text = `${order.by.name} acknowledged ${words}`
  record(alarm, order, ledger, order.comment === '' ? text : `${text} (${order.comment})`, {
    event: 'acknowledged',
    comment: order.comment,
  })
  ledger.answer(order, 'accepted', text)
  return {
    ...memory,
    active: acknowledged(memory.active, alarm, order.by.name, order.comment, wallMs),
  }
}

/** The alarms after one of them was acknowledged; also as the journal tells it after a restart. */
export function acknowledged(
  active: AlarmMemory['active'],
  alarm: Alarm,
  by: string,
  text: string,
  wallMs: number,
): AlarmMemory['active'] {
  const entry: AlarmEntry = catalogue[alarm.key]
  const { [alarm.id]: _gone, ...others } = active
  if (alarm.state === 'returned' || entry.latched) return others
  const seen: Alarm = { ...alarm, state: 'acknowledged', acknowledgedBy: by }
  const next = text === '' ? seen : withComment(seen, { by, text, wallMs })
  return { ...others, [alarm.id]: next }
}

export const withComment = (alarm: Alarm, added: AlarmComment): Alarm => ({
  ...alarm,
  comments: [...alarm.comments, added].slice(-commentsMax),
})

function comment(
  memory: AlarmMemory,
  order: OrderOf<'comment'>,
  wallMs: number,
  ledger: Ledger,
): AlarmMemory {
  const alarm = memory.active[order.alarm]
  if (alarm === undefined) return answerUnknown(order, memory, ledger)
  const { by, comment: said } = order
  if (said.trim() === '') {
    ledger.answer(order, 'invalid', 'the comment is empty: say something')
    return memory
  }
  const text = `${by.name} on ${alarm.source}, ${catalogue[alarm.key].condition}: ${said}`
  record(alarm, order, ledger, text, { event: 'commented', comment: said })
  ledger.answer(order, 'accepted', `kept with ${alarm.id}`)
  const next = withComment(alarm, { by: by.name, text: said, wallMs })
  return { ...memory, active: { ...memory.active, [alarm.id]: next } }
}

/** Takes the alarm out of service, without an end. */
function retire(
  memory: AlarmMemory,
  order: OrderOf<'alarm-out-of-service'>,
  wallMs: number,
  ledger: Ledger,
): AlarmMemory {
  const { alarm: id, reason, by } = order
  if (!isKnown(memory, id)) return answerUnknown(order, memory, ledger)
  const known = memory.outOfService[id]
  const [, key] = partsOf(id)
  const fixed = isKey(key) ? whyNotPutAside(key) : undefined
  if (fixed !== undefined) {
    const text = `${id} ${fixed} and cannot be taken out of service; acknowledge it`
    ledger.answer(order, 'forbidden', text)
  } else if (reason.trim() === '') {
    ledger.answer(order, 'invalid', 'a reason is required: say why the alarm is out of service')
  } else if (known !== undefined) {
    const text = `${id} is out of service already, by ${known.by}: ${known.reason}`
    ledger.answer(order, 'busy', text)
  } else {
    const text = `${by.name} took alarm ${id} out of service: ${reason}`
    record(memory.active[id] ?? { id }, order, ledger, text, { event: 'out-of-service', reason })
    ledger.answer(order, 'accepted', text)
    const outOfService = { ...memory.outOfService, [id]: { by: by.name, reason, wallMs } }
    return { ...memory, outOfService }
  }
  return memory
}

function giveBack(
  memory: AlarmMemory,
  order: OrderOf<'alarm-out-of-service'>,
  ledger: Ledger,
): AlarmMemory {
  const { alarm: id, reason, by } = order
  const { [id]: known, ...outOfService } = memory.outOfService
  if (known === undefined) {
    ledger.answer(
      order,
      'not-found',
      `alarm ${id} is not out of service; ${listOf('out of service', memory.outOfService)}`,
    )
    return memory
  }
  const text = `${by.name} put alarm ${id} back into service${reason === '' ? '' : `: ${reason}`}`
  record(memory.active[id] ?? { id }, order, ledger, text, { event: 'in-service', reason })
  ledger.answer(order, 'accepted', text)
  return { ...memory, outOfService }
}

function record(
  { id, pair }: { readonly id: string; readonly pair?: string },
  { by }: AlarmOrder,
  ledger: Ledger,
  text: string,
  data: { readonly event: string; readonly [key: string]: string },
): void {
  const common = { kind: 'alarm', actor: by.name, ...(pair !== undefined && { pair }) } as const
  ledger.record({ ...common, text, data: { id, ...data } })
}

/** An alarm that exists, was put aside, or was raised within the last hour: what only chatters may be put aside while it is quiet. */
const isKnown = ({ active, shelved, outOfService, raises }: AlarmMemory, id: string): boolean =>
  [active, shelved, outOfService].some((known) => known[id] !== undefined) ||
  raises.some((one) => one.id === id)

const isKey = (key: string): key is keyof typeof catalogue => Object.hasOwn(catalogue, key)

function answerUnknown(order: AlarmOrder, memory: AlarmMemory, ledger: Ledger): AlarmMemory {
  ledger.answer(order, 'not-found', `no alarm "${order.alarm}"; ${listOf('', memory.active)}`)
  return memory
}

function listOf(what: string, known: Readonly<Record<string, unknown>>): string {
  const ids = Object.keys(known)
  const so = what === '' ? '' : ` ${what}`
  return ids.length === 0 ? `there are none${so}` : `there are${so}: ${ids.join(', ')}`
}
