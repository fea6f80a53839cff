// What one connection is asked for, scan by scan: the signals that show life always, all others only where the subscription
// cannot vouch for them. A reader lives as long as its line.

import type { Value } from '../../core/image.ts'
import type { Device, OpcUaPath } from '../../core/plant.ts'
import { inputsFor } from '../derive.ts'
import type { OpcUaCounters } from './counters.ts'
import type { Line, Reply } from './line.ts'
import { type Limits, type Node, nodeOf, type Reading, readLimits, readNodes } from './nodes.ts'
import { type Held, Subscription } from './subscription.ts'

export type Values = {
  readonly values: Readonly<Record<string, Value>>
  /** The values are certain for this moment of our clock; the time of sending where all were read. */
  readonly asOfMs: number
}

/** Runs one request when no other is out; a command that waits goes first. */
export type Turn = <R>(request: () => Promise<Reply<R>>) => Promise<Reply<R>>

export type ReaderOptions = {
  readonly line: Line
  readonly device: Device
  readonly path: OpcUaPath
  readonly clock: () => number
  readonly counters: OpcUaCounters
  readonly turn: Turn
}

/** How often all values are read and compared with those of the subscription. */
const compareMs = 5000
/** A path that has brought no full scan for so long is a spare one and needs no subscription. */
const spareMs = 10_000
/** Bounds of the interval that is asked for. */
const intervalMinMs = 25
const intervalMaxMs = 1000

const tooMuch = /BadTooManyOperations|BadEncodingLimitsExceeded|BadResponseTooLarge/

/** Read where the device names no signal that shows life: the state of the server. */
const stateNode = 'i=2259'

export class Reader {
  readonly line: Line
  readonly #options: ReaderOptions
  readonly #all: readonly Node[]
  readonly #glance: readonly Node[]
  /** Read only when details are asked for. */
  readonly #detail: readonly Node[]
  /** What the subscription brings: all that does not show life. */
  readonly #told: readonly Node[]
  #limits: Limits | undefined
  #subscription: Subscription | undefined
  #comparedMs = Number.NEGATIVE_INFINITY
  #scannedMs = Number.NEGATIVE_INFINITY

  constructor(options: ReaderOptions) {
    const { line, device, path } = options
    this.line = line
    this.#options = options
    this.#all = path.signals.map((signal) => nodeOf(line.library, signal))
    this.#detail = (path.detail ?? []).map((signal) => nodeOf(line.library, signal))
    const keys = inputsFor(device.glance, device.derived)
    const glance = this.#all.filter(({ key }) => keys.has(key))
    this.#glance = glance.length > 0 ? glance : [stateOf(line)]
    this.#told = this.#all.filter(({ key }) => !keys.has(key))
  }

  /** All values; with `exact` every one of them read now, with `detail` those besides that can be had. */
  async scan(exact: boolean, detail: boolean): Promise<Reply<Values>> {
    const nowMs = this.#options.clock()
    this.#scannedMs = nowMs
    const limits = await this.#learnLimits()
    if (limits !== undefined) return limits
    const subscription = this.#subscribed()
    const held = subscription?.hold(nowMs)
    if (subscription !== undefined && held === undefined && !subscription.refused) {
      this.#options.counters.fallbacks += 1
    }
    const compare = nowMs - this.#comparedMs >= compareMs
    if (compare) this.#comparedMs = nowMs
    const used = exact || compare || held?.values.size === 0 ? undefined : held
    const reply = await this.#read(this.#toRead(used))
    if (reply.kind === 'failed') {
      this.#learnFrom(reply.detail)
      return reply
    }
    subscription?.compare(reply.response.values, reply.receivedMs)
    const { values, asOfMs } = this.#together(reply.response, used, reply.sentMs)
    const details = detail ? await this.#details() : {}
    return { ...reply, response: { values: { ...values, ...details }, asOfMs } }
  }

  /** A server that does not give them costs no scan. */
  async #details(): Promise<Readonly<Record<string, Value>>> {
    if (this.#detail.length === 0) return {}
    const reply = await this.#read(this.#detail)
    return reply.kind === 'failed' ? {} : Object.fromEntries(reply.response.values)
  }

  /** The signals that show life, and what they derive from. */
  async glance(): Promise<Reply<Values>> {
    if (this.#options.clock() - this.#scannedMs > spareMs) {
      this.#subscription?.close()
      this.#subscription = undefined
    }
    const reply = await this.#read(this.#glance)
    if (reply.kind === 'failed') return reply
    const { values } = reply.response
    const { sentMs } = reply
    return { ...reply, response: { values: this.#inOrder(values), asOfMs: sentMs } }
  }

  /** A reply without a response type when the limits could not be had; undefined when they are known. */
  async #learnLimits(): Promise<Extract<Reply<Values>, { kind: 'failed' }> | undefined> {
    if (this.#limits !== undefined) return undefined
    const { line, device, turn } = this.#options
    const reply = await turn(() => readLimits(line, device.timeoutMs))
    if (reply.kind === 'failed') return reply
    this.#limits = reply.response
    return undefined
  }

  /** A server that does not say how much it takes says when it was too much. */
  #learnFrom(detail: string): void {
    if (this.#limits === undefined || !tooMuch.test(detail)) return
    const readMax = Math.ceil(Math.min(this.#limits.readMax, this.#all.length) / 2)
    this.#limits = { ...this.#limits, readMax }
  }

  #subscribed(): Subscription | undefined {
    const { line, device, clock, counters } = this.#options
    if (this.#told.length === 0 || this.#limits === undefined) return undefined
    // A quarter of a scan: sampling and publishing together then make a value half a scan old at most, and two units are
    // compared only when their samples lie no farther apart than that.
    const intervalMs = Math.min(Math.max(device.scanMs / 4, intervalMinMs), intervalMaxMs)
    this.#subscription ??= new Subscription({
      line,
      nodes: this.#told,
      intervalMs,
      silenceMs: Math.max(2 * device.scanMs, 500),
      timeoutMs: device.timeoutMs,
      itemsMax: this.#limits.itemsMax,
      clock,
      counters,
    })
    return this.#subscription
  }

  #toRead(held: Held | undefined): readonly Node[] {
    if (held === undefined) return this.#all
    const needed = this.#all.filter(({ key }) => !held.values.has(key))
    return needed.length > 0 ? needed : this.#glance
  }

  /** In as many requests as the server's limit needs, one after the other. */
  async #read(nodes: readonly Node[]): Promise<Reply<Reading>> {
    const { line, device, turn } = this.#options
    const most = this.#limits?.readMax ?? nodes.length
    const first = await turn(() => readNodes(line, nodes.slice(0, most), device.timeoutMs))
    if (first.kind === 'failed') return first
    const values = new Map(first.response.values)
    let { receivedMs } = first
    for (let done = most; done < nodes.length; done += most) {
      const part = nodes.slice(done, done + most)
      const reply = await turn(() => readNodes(line, part, device.timeoutMs))
      if (reply.kind === 'failed') return reply
      for (const [key, value] of reply.response.values) values.set(key, value)
      receivedMs = reply.receivedMs
    }
    return { ...first, receivedMs, response: { values, stampMs: first.response.stampMs } }
  }

  #together(read: Reading, held: Held | undefined, sentMs: number): Values {
    const asOfMs = held?.asOfMs({ sentMs, stampMs: read.stampMs }) ?? sentMs
    const values = new Map([...(held?.values ?? []), ...read.values])
    return { values: this.#inOrder(values), asOfMs: Math.min(asOfMs, sentMs) }
  }

  #inOrder(values: ReadonlyMap<string, Value>): Record<string, Value> {
    const ordered: Record<string, Value> = {}
    for (const { key } of this.#all) {
      const value = values.get(key)
      if (value !== undefined) ordered[key] = value
    }
    return ordered
  }
}

const stateOf = (line: Line): Node =>
  nodeOf(line.library, {
    key: '',
    node: stateNode,
    type: 'int32',
    scale: 1,
    offset: 0,
    unknownWhen: [],
  })
