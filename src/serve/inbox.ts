// Orders from every door wait here, are taken once a cycle and answered after it. The inbox is bounded so that a client
// that floods it cannot delay the cycle, and an order that waited too long is answered instead of being carried out late.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { Answer, AnswerCode, Order, OrderBody, Person } from '../core/cycle.ts'
import { orderRefusal } from './rights.ts'

export type Inbox = {
  /**
   * Hands in an order; resolves with its answer, never rejects. Answers `forbidden` at once when the person's role does not
   * hold the right, and `busy` when too much waits; nothing was done then.
   */
  submit(body: OrderBody, by: Person): Promise<Answer>
  /** The orders for this cycle, oldest first; each is handed out once and must be answered. */
  take(): readonly Order[]
  /** Hands each answer to whoever waits for it. An answer to an order that was not taken is a fault of ours. */
  answer(answers: readonly Answer[]): void
  /** Number of orders that wait or were taken and not answered yet. */
  open(): number
  /** From now on only orders of this door are taken; others are answered `busy`: the service is stopping. */
  stopFor(door: string): void
  /** Answers everything that waits with `busy`, and every later order too. */
  close(): void
}

export type InboxLimits = {
  /** Orders handed out in one cycle. */
  readonly perCycle: number
  /** Orders that may be open at once, over all doors. */
  readonly total: number
  /** Orders that may be open at once from one session. */
  readonly perSession: number
  /** An order that waited longer than this is answered `busy`: by then nobody expects it to be carried out. */
  readonly waitMs: number
}

const usualLimits: InboxLimits = { perCycle: 32, total: 256, perSession: 16, waitMs: 3_000 }

type Waiting = {
  readonly order: Order
  readonly sinceMs: number
  readonly resolve: (answer: Answer) => void
}

/** Opens an empty inbox. `nowMs` is a monotonic clock, ms. */
export function openInbox(
  limits: Partial<InboxLimits> = {},
  nowMs: () => number = () => performance.now(),
): Inbox {
  const { perCycle, waitMs, ...room } = { ...usualLimits, ...limits }
  const tag = randomBytes(3).toString('hex')
  const queue: Waiting[] = []
  const taken = new Map<string, Waiting>()
  let count = 0
  let closed = false
  let stoppingFor: string | undefined

  const submit = (body: OrderBody, by: Person): Promise<Answer> => {
    count += 1
    const order: Order = { ...body, id: `${tag}-${count}`, by }
    const shut =
      stoppingFor !== undefined && by.via !== stoppingFor && body.kind !== 'session-ended'
    if (closed || shut) return Promise.resolve(refused(order, 'busy', stopping))
    const refusal = orderRefusal(body, by)
    if (refusal !== undefined) return Promise.resolve(refused(order, 'forbidden', refusal))
    // The end of a session voids what the person confirmed, so it may never be lost for lack of room.
    const full =
      body.kind === 'session-ended' ? undefined : overflow([...queue, ...taken.values()], by, room)
    if (full !== undefined) {
      return Promise.resolve(refused(order, 'busy', `${full}; nothing was done, order it again`))
    }
    return new Promise((resolve) => queue.push({ order, sinceMs: nowMs(), resolve }))
  }

  const take = (): readonly Order[] => {
    const batch: Order[] = []
    while (batch.length < perCycle) {
      const waiting = queue.shift()
      if (waiting === undefined) break
      if (isLate(waiting, nowMs() - waitMs)) {
        waiting.resolve(refused(waiting.order, 'busy', lateText(waitMs)))
        continue
      }
      taken.set(waiting.order.id, waiting)
      batch.push(waiting.order)
    }
    return batch
  }

  const answer = (answers: readonly Answer[]): void => {
    for (const given of answers) {
      const waiting = taken.get(given.orderId)
      assert(waiting !== undefined || closed, `not open: order ${given.orderId}`)
      taken.delete(given.orderId)
      waiting?.resolve(given)
    }
  }

  const close = (): void => {
    closed = true
    for (const waiting of queue.splice(0)) {
      waiting.resolve(refused(waiting.order, 'busy', stopping))
    }
    for (const waiting of taken.values()) {
      waiting.resolve(refused(waiting.order, 'busy', stoppingUnknown))
    }
    taken.clear()
  }

  const stopFor = (door: string): void => {
    stoppingFor = door
  }

  return { submit, take, answer, open: () => queue.length + taken.size, stopFor, close }
}

/** Why there is no room for another order of this person; undefined when there is. */
function overflow(
  open: readonly Waiting[],
  by: Person,
  { total, perSession }: Pick<InboxLimits, 'total' | 'perSession'>,
): string | undefined {
  if (open.length >= total) return `${open.length} orders wait already`
  const own = open.filter((waiting) => waiting.order.by.via === by.via).length
  return own >= perSession ? `${own} orders of this session wait already` : undefined
}

const stopping = 'the service is stopping; nothing was done'
const lateText = (waitMs: number): string =>
  `the order was not looked at within ${waitMs / 1000} s; nothing was done, order it again`
const stoppingUnknown =
  'the service is stopping; the order was already being looked at, read the state before ordering it again'

const refused = (order: Order, code: AnswerCode, text: string): Answer => ({
  orderId: order.id,
  code,
  text,
})

const isLate = (waiting: Waiting, oldestMs: number): boolean =>
  waiting.sinceMs < oldestMs && waiting.order.kind !== 'session-ended'
