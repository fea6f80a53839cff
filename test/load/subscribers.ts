// Clients that watch every tag of a service, in a process of their own: standard services only, with the publish loop written out, so
// that a client costs as little as a client can. Each value is the number of its sample and carries the time of its scan: what was
// lost and how late the rest came is known for each.

import {
  AttributeIds,
  CreateMonitoredItemsRequest,
  CreateSubscriptionRequest,
  DataChangeNotification,
  MonitoringMode,
  type PublishResponse,
  TimestampsToReturn,
} from 'node-opcua'
import { password } from '../serve/fixture.ts'
import { StandardClient, trustRejected } from '../serve/opcua/client.ts'
import { type RawSession, rawSession } from '../serve/opcua/raw-session.ts'
import type { ClientFigures, FromClients, SubscriberOptions, ToClients } from './client-messages.ts'

/** Publish requests that each client keeps at the server. */
const publishing = 8
/** Items that are asked for in one request. */
const slice = 1_000

const options: SubscriberOptions = JSON.parse(process.argv[2] ?? '{}')

class Subscriber {
  readonly #client: StandardClient
  readonly #session: RawSession
  readonly #last: Float64Array
  #figures: ClientFigures = empty()
  #acknowledge: { subscriptionId: number; sequenceNumber: number }[] = []
  #over = false

  private constructor(client: StandardClient, items: number) {
    this.#client = client
    this.#session = rawSession(client.session)
    this.#last = new Float64Array(items).fill(-1)
  }

  static async open(client: StandardClient, nodes: readonly string[]): Promise<Subscriber> {
    const one = new Subscriber(client, nodes.length)
    const created = await one.#session.createSubscription(
      new CreateSubscriptionRequest({
        ...{ requestedPublishingInterval: options.publishingMs, requestedLifetimeCount: 1_000 },
        ...{ requestedMaxKeepAliveCount: 20, maxNotificationsPerPublish: 0 },
        ...{ publishingEnabled: true, priority: 1 },
      }),
    )
    for (let from = 0; from < nodes.length; from += slice) {
      await one.#watch(created.subscriptionId, nodes.slice(from, from + slice), from)
    }
    for (let count = 0; count < publishing; count += 1) void one.#publish()
    return one
  }

  async #watch(subscriptionId: number, nodes: readonly string[], from: number): Promise<void> {
    const { results } = await this.#session.createMonitoredItems(
      new CreateMonitoredItemsRequest({
        ...{ subscriptionId, timestampsToReturn: TimestampsToReturn.Source },
        itemsToCreate: nodes.map((name, index) => ({
          itemToMonitor: { nodeId: this.#client.id(name), attributeId: AttributeIds.Value },
          monitoringMode: MonitoringMode.Reporting,
          requestedParameters: {
            ...{ clientHandle: from + index, samplingInterval: options.publishingMs },
            ...{ queueSize: options.queueSize, discardOldest: true },
          },
        })),
      }),
    )
    const refused = results?.find(({ statusCode }) => statusCode.isNotGood())
    if (refused) throw new Error(`an item was refused: ${refused.statusCode.name}`)
  }

  async #publish(): Promise<void> {
    while (!this.#over) {
      const response = await this.#session
        .publish(this.#acknowledge.splice(0))
        .catch(() => undefined)
      if (this.#over) return
      if (response !== undefined) this.#take(response)
      else {
        this.#figures.failed += 1
        await new Promise((done) => setTimeout(done, 100))
      }
    }
  }

  #take({ subscriptionId, notificationMessage }: PublishResponse): void {
    const { sequenceNumber, notificationData } = notificationMessage
    const nowMs = Date.now()
    for (const data of notificationData ?? []) {
      this.#acknowledge.push({ subscriptionId, sequenceNumber })
      if (!(data instanceof DataChangeNotification)) continue
      for (const { clientHandle, value } of data.monitoredItems ?? []) {
        const sample: unknown = value.value.value
        if (typeof sample !== 'number') continue
        this.#count(clientHandle, sample, nowMs - (value.sourceTimestamp?.getTime() ?? 0))
      }
    }
  }

  #count(item: number, sample: number, lagMs: number): void {
    const last = this.#last[item] ?? -1
    this.#last[item] = sample
    // The first value of an item is as old as it is.
    if (last < 0) return
    this.#figures.values += 1
    this.#figures.lost += Math.max(0, sample - last - 1)
    const bin = Math.min(lagBins - 1, Math.max(0, Math.round(lagMs)))
    this.#figures.lags[bin] = (this.#figures.lags[bin] ?? 0) + 1
  }

  figures(): ClientFigures {
    const { ...since } = this.#figures
    this.#figures = empty()
    return since
  }

  async close(): Promise<void> {
    this.#over = true
    await this.#client.close()
  }
}

/** Lags up to 20 s, one bin a millisecond. */
const lagBins = 20_000

const empty = (): ClientFigures => ({
  ...{ values: 0, lost: 0, failed: 0, lags: new Array<number>(lagBins).fill(0) },
})

async function open(): Promise<StandardClient> {
  const { url, pki } = options
  const attempt = () => StandardClient.open({ url, pki, user: 'olga', password })
  for (let left = 40; ; left -= 1) {
    try {
      return await attempt()
    } catch (error) {
      if (left === 0 || !String(error).includes('BadSecurityChecksFailed')) throw error
      await trustRejected(options.serverPki).catch(() => undefined)
      await new Promise((done) => setTimeout(done, 250))
    }
  }
}

const say = (message: FromClients): void => void process.send?.(message)
let beforeUs = cpuUs()
let beforeMs = performance.now()
const clients: Subscriber[] = []
// Its parent is gone.
process.on('disconnect', () => process.exit())
process.on('message', (message: ToClients) => {
  if (message.kind === 'watch') {
    void watch(message.nodes)
    return
  }
  if (message.kind === 'end') {
    void Promise.all(clients.map((one) => one.close())).then(() => process.exit(0))
    return
  }
  const [nowUs, nowMs] = [cpuUs(), performance.now()]
  const each = clients.map((one) => one.figures())
  say({ kind: 'figures', each, cpuMs: (nowUs - beforeUs) / 1000, wallMs: nowMs - beforeMs })
  beforeUs = nowUs
  beforeMs = nowMs
})

async function watch(nodes: readonly string[]): Promise<void> {
  for (let count = 0; count < options.clients; count += 1) {
    clients.push(await Subscriber.open(await open(), nodes))
  }
  say({ kind: 'ready' })
}

function cpuUs(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}
