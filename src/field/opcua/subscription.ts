// What a server tells by itself: a subscription of all signals that the scans do not ask for, with the newest value of each and
// the proof that it is still alive. It is believed only while publish responses come, and it is compared with what a read says;
// where the two differ for longer than a notification may take, the subscription is lying and is made anew.
//
// How old its values may be. A publish response that carries no more than it says was put together after its request was sent,
// and its values were sampled at most one sampling interval before. The server stamps its answers with one clock, so the answer
// to the read of the same scan tells how long before it the publish response was made; that narrows the time down, but never
// beyond what our own clock proves. A scan that uses these values says the older time of the two for all its values.

import { isDeepStrictEqual } from 'node:util'
import type {
  CreateMonitoredItemsResponse,
  CreateSubscriptionResponse,
  PublishResponse,
} from 'node-opcua'
import type { Value } from '../../core/image.ts'
import type { OpcUaCounters } from './counters.ts'
import type { Line } from './line.ts'
import { type Node, stampOf } from './nodes.ts'

/** What the subscription holds at one moment, and when that was true. */
export type Held = {
  readonly values: ReadonlyMap<string, Value>
  /** The values stood like this on the server at this time of our clock or later, given the answer to a later read. */
  asOfMs(read: { readonly sentMs: number; readonly stampMs: number | undefined }): number
}

export type SubscriptionOptions = {
  readonly line: Line
  readonly nodes: readonly Node[]
  /** Publishing and sampling interval that is asked for, ms. */
  readonly intervalMs: number
  /** Longest silence after which the values are still believed, ms. */
  readonly silenceMs: number
  readonly timeoutMs: number
  readonly itemsMax: number
  readonly clock: () => number
  readonly counters: OpcUaCounters
}

/** A subscription that stays silent or lies is made anew at most this often. */
const rebuildMs = 5000
/** How long the server keeps a subscription that nobody asks after, and how long it may keep a publish request. */
const lifetimeMs = 10_000
const publishMs = 60_000

type Publish = {
  readonly askedMs: number
  readonly receivedMs: number
  readonly stampMs: number | undefined
}

export class Subscription {
  readonly #options: SubscriptionOptions
  #id: number | undefined
  #refused = false
  #builtMs = Number.NEGATIVE_INFINITY
  #building = false
  #round = 0
  #samplingMs = 0
  #sequence: number | undefined
  #acknowledge: { subscriptionId: number; sequenceNumber: number }[] = []
  #newest: Publish | undefined
  #values = new Map<string, Value>()
  /** Signals whose read value differs from the held one, since when. */
  #doubted = new Map<string, number>()

  constructor(options: SubscriptionOptions) {
    this.#options = options
    void this.#build()
  }

  /** The values that may be believed now, without those that are doubted; undefined while the subscription is silent. */
  hold(nowMs: number): Held | undefined {
    const newest = this.#newest
    const { silenceMs } = this.#options
    const alive = newest !== undefined && nowMs - newest.receivedMs <= silenceMs
    if (!alive) {
      if (!this.#refused && nowMs - this.#builtMs > rebuildMs) this.#rebuild()
      return undefined
    }
    const values = new Map(this.#values)
    for (const key of this.#doubted.keys()) values.delete(key)
    const samplingMs = this.#samplingMs
    return { values, asOfMs: (read) => asOf(newest, read) - samplingMs }
  }

  /** True when the server does not make subscriptions: everything is read, until the next connection. */
  get refused(): boolean {
    return this.#refused
  }

  /**
   * Compares values that were just read with the held ones. A difference is doubted at first, because the value may have
   * changed a moment ago; it counts, and the subscription is made anew, when no notification has come long after it.
   */
  compare(read: ReadonlyMap<string, Value>, atMs: number): void {
    for (const [key, value] of read) {
      const held = this.#values.get(key)
      if (held === undefined) continue
      if (isDeepStrictEqual(held, value)) this.#doubted.delete(key)
      else if (!this.#doubted.has(key)) this.#doubted.set(key, atMs)
    }
    const settledMs = this.#options.silenceMs + this.#samplingMs
    const lying = [...this.#doubted.values()].filter((sinceMs) => atMs - sinceMs > settledMs)
    // Until then the doubted values are read in every scan.
    if (lying.length === 0 || atMs - this.#builtMs < rebuildMs) return
    this.#options.counters.differences += lying.length
    this.#rebuild()
  }

  /** Takes the subscription off the server; the object is then of no more use. */
  close(): void {
    this.#refused = true
    this.#round += 1
    this.#delete()
  }

  #rebuild(): void {
    if (this.#building || this.#refused || this.#options.line.obstacle !== undefined) return
    this.#options.counters.subscriptionRebuilds += 1
    this.#delete()
    void this.#build()
  }

  #delete(): void {
    if (this.#id === undefined) return
    const { line, timeoutMs } = this.#options
    const { DeleteSubscriptionsRequest, DeleteSubscriptionsResponse } = line.library
    const request = new DeleteSubscriptionsRequest({ subscriptionIds: [this.#id] })
    this.#id = undefined
    void line.ask(request, DeleteSubscriptionsResponse, timeoutMs)
  }

  async #build(): Promise<void> {
    const { clock, line, counters } = this.#options
    this.#building = true
    this.#newest = undefined
    this.#sequence = undefined
    this.#values = new Map()
    this.#doubted = new Map()
    this.#acknowledge = []
    this.#builtMs = clock()
    const made = await this.#create()
    this.#building = false
    if (made === 'open') void this.#publish()
    else if (made === 'refused' && line.obstacle === undefined) {
      counters.subscriptionRefusals += 1
      this.#refused = true
    }
  }

  async #create(): Promise<'open' | 'refused' | 'silent'> {
    const { line, intervalMs, timeoutMs } = this.#options
    const { CreateSubscriptionRequest, CreateSubscriptionResponse } = line.library
    const request = new CreateSubscriptionRequest({
      requestedPublishingInterval: intervalMs,
      // Every publishing interval proves itself, with data or without.
      requestedMaxKeepAliveCount: 1,
      requestedLifetimeCount: Math.max(3, Math.ceil(lifetimeMs / intervalMs)),
      maxNotificationsPerPublish: 0,
      publishingEnabled: true,
      priority: 0,
    })
    const reply = await line.ask(request, CreateSubscriptionResponse, timeoutMs)
    if (reply.kind === 'failed') return reply.fault === 'exception' ? 'refused' : 'silent'
    const made: CreateSubscriptionResponse = reply.response
    this.#id = made.subscriptionId
    return this.#createItems(made.subscriptionId)
  }

  async #createItems(subscriptionId: number): Promise<'open' | 'refused' | 'silent'> {
    const { line, nodes, intervalMs, timeoutMs, itemsMax } = this.#options
    const { CreateMonitoredItemsRequest, CreateMonitoredItemsResponse } = line.library
    const { MonitoringMode, TimestampsToReturn } = line.library
    this.#samplingMs = intervalMs
    for (let first = 0; first < nodes.length; first += itemsMax) {
      const itemsToCreate = nodes.slice(first, first + itemsMax).map((node, index) => ({
        itemToMonitor: node.toRead,
        monitoringMode: MonitoringMode.Reporting,
        requestedParameters: {
          clientHandle: first + index,
          samplingInterval: intervalMs,
          queueSize: 1,
          discardOldest: true,
        },
      }))
      const request = new CreateMonitoredItemsRequest({
        subscriptionId,
        timestampsToReturn: TimestampsToReturn.Neither,
        itemsToCreate,
      })
      const reply = await line.ask(request, CreateMonitoredItemsResponse, timeoutMs)
      if (reply.kind === 'failed') return reply.fault === 'exception' ? 'refused' : 'silent'
      this.#noteSampling(reply.response)
    }
    return 'open'
  }

  /** The slowest sampling counts. A node whose item was refused is never notified, and is therefore read in every scan. */
  #noteSampling({ results }: CreateMonitoredItemsResponse): void {
    for (const { statusCode, revisedSamplingInterval } of results ?? []) {
      if (statusCode.isGood() && revisedSamplingInterval > this.#samplingMs) {
        this.#samplingMs = revisedSamplingInterval
      }
    }
  }

  /**
   * Keeps one publish request at the server: with more of them an answer would prove less about its age. After a rebuild a new
   * request is sent, because the server may have lost the one of before; an answer to that one is still taken.
   */
  async #publish(): Promise<void> {
    const { line, clock } = this.#options
    const { PublishRequest, PublishResponse } = line.library
    this.#round += 1
    const round = this.#round
    while (line.obstacle === undefined && round === this.#round) {
      const askedMs = clock()
      const subscriptionAcknowledgements = this.#acknowledge
      this.#acknowledge = []
      const request = new PublishRequest({ subscriptionAcknowledgements })
      const reply = await line.ask(request, PublishResponse, publishMs)
      if (reply.kind === 'answered') this.#take(reply.response, askedMs, reply.receivedMs)
      else if (reply.fault === 'exception') return
    }
  }

  #take(response: PublishResponse, askedMs: number, receivedMs: number): void {
    if (response.subscriptionId !== this.#id) return
    const { sequenceNumber, notificationData } = response.notificationMessage
    const carries = (notificationData ?? []).length > 0
    const expected = this.#sequence
    // A keep-alive says the number of the next notification.
    const gap = expected !== undefined && sequenceNumber !== expected
    this.#sequence = carries
      ? sequenceNumber >= maxSequence
        ? 1
        : sequenceNumber + 1
      : sequenceNumber
    if (carries) {
      this.#acknowledge.push({ subscriptionId: response.subscriptionId, sequenceNumber })
    }
    if (gap || !this.#takeData(notificationData ?? [])) {
      this.#rebuild()
      return
    }
    if (response.moreNotifications) return
    const stampMs = stampOf(response.responseHeader.timestamp)
    this.#newest = { askedMs, receivedMs, stampMs }
  }

  /** False when the server has ended the subscription. */
  #takeData(data: readonly unknown[]): boolean {
    const { line, nodes } = this.#options
    const { DataChangeNotification, StatusChangeNotification } = line.library
    for (const one of data) {
      if (one instanceof StatusChangeNotification) return false
      if (!(one instanceof DataChangeNotification)) continue
      for (const { clientHandle, value } of one.monitoredItems ?? []) {
        const node = nodes[clientHandle]
        if (node === undefined) continue
        this.#values.set(node.key, node.decode(value))
        this.#doubted.delete(node.key)
      }
    }
    return true
  }
}

const maxSequence = 0xffff_ffff

function asOf(
  { askedMs, receivedMs, stampMs }: Publish,
  read: { readonly sentMs: number; readonly stampMs: number | undefined },
): number {
  if (stampMs === undefined || read.stampMs === undefined) return askedMs
  const madeMs = read.sentMs - (read.stampMs - stampMs)
  return Math.max(askedMs, Math.min(receivedMs, madeMs))
}
