// Reads many objects with few requests. An agent that can't give so many at once, or that refuses all of a request for the
// sake of one object, is asked for halves, down to single objects; what it took is remembered.

import type { Datum, SnmpFailure, SnmpReply, SnmpSession } from './session.ts'

export type ObjectsRead =
  | {
      readonly kind: 'read'
      readonly data: ReadonlyMap<string, Datum>
      readonly sentMs: number
      readonly receivedMs: number
    }
  | SnmpFailure

export class ObjectList {
  readonly #whole: Batches
  #batches: Batches

  /** `oids` without repetitions. */
  constructor(oids: readonly string[]) {
    const count = Math.max(Math.ceil(oids.length / batchMax), 1)
    this.#whole = Array.from({ length: count }, (_, index) =>
      oids.slice(index * batchMax, (index + 1) * batchMax),
    )
    this.#batches = this.#whole
  }

  /** Forgets what the agent took: it may be another one now. */
  forget(): void {
    this.#batches = this.#whole
  }

  /** Every object once; one that the agent refuses alone has no value. Fails when nothing at all was answered. */
  async read(session: Pick<SnmpSession, 'get'>): Promise<ObjectsRead> {
    const data = new Map<string, Datum>()
    const open = [...this.#batches]
    const taken: (readonly string[])[] = []
    let first: SnmpReply | undefined
    let answered = false
    for (;;) {
      const batch = open.shift() ?? []
      const reply = await session.get(batch)
      first ??= reply
      if (reply.kind === 'failed') return { ...reply, sentMs: first.sentMs }
      if (reply.kind === 'refused' && batch.length > 1) {
        const middle = Math.ceil(batch.length / 2)
        open.unshift(batch.slice(0, middle), batch.slice(middle))
        continue
      }
      taken.push(batch)
      if (reply.kind === 'refused') data.set(batch[0] ?? '', refusal(reply.status))
      else for (const { oid, datum } of reply.objects) data.set(oid, datum)
      answered ||= reply.kind === 'answered'
      if (open.length > 0) continue
      this.#batches = taken
      const { sentMs } = first
      const { receivedMs } = reply
      if (answered) return { kind: 'read', data, sentMs, receivedMs }
      const detail = `the agent refuses every object${reply.kind === 'refused' ? `: ${reply.status}` : ''}`
      return { kind: 'failed', fault: 'exception', detail, sentMs, receivedMs }
    }
  }
}

type Batches = readonly (readonly string[])[]

/** 20 numbers with their names fill about half of what every agent must take (484 bytes). */
const batchMax = 20

const refusal = (status: string): Datum => ({ kind: 'none', why: `refused by the UPS: ${status}` })
