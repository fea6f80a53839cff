// What a client asks for that the server cannot bear: it gets less, and is told so.

import assert from 'node:assert/strict'
import {
  AttributeIds,
  CreateMonitoredItemsRequest,
  CreateSubscriptionRequest,
  ModifyMonitoredItemsRequest,
  MonitoringMode,
  StatusCodes,
  TimestampsToReturn,
} from 'node-opcua'
import { clientLimits } from '../../../src/serve/opcua/client-limits.ts'
import type { StandardClient } from './client.ts'
import { type DoorRig, startDoorRig } from './door-rig.ts'
import { type RawSession, rawSession } from './raw-session.ts'

describe('A client that asks for too much', () => {
  let rig: DoorRig
  let olga: StandardClient
  let raw: RawSession
  before(async () => {
    rig = await startDoorRig()
    olga = await rig.client('olga', { sessionTimeoutMs: 10 * 24 * 3_600_000 })
    raw = rawSession(olga.session)
  })
  after(() => rig.stop())

  const subscription = (change: object = {}) =>
    raw.createSubscription(
      new CreateSubscriptionRequest({
        ...{ requestedPublishingInterval: 500, requestedLifetimeCount: 1_000 },
        ...{ requestedMaxKeepAliveCount: 20, publishingEnabled: true, ...change },
      }),
    )
  const items = (subscriptionId: number, queueSize: number, count: number, name = sentence) =>
    raw.createMonitoredItems(
      new CreateMonitoredItemsRequest({
        ...{ subscriptionId, timestampsToReturn: TimestampsToReturn.Both },
        itemsToCreate: Array.from({ length: count }, (_, index) => ({
          itemToMonitor: { nodeId: olga.id(name), attributeId: AttributeIds.Value },
          monitoringMode: MonitoringMode.Reporting,
          requestedParameters: { clientHandle: index + 1, samplingInterval: 250, queueSize },
        })),
      }),
    )
  const sentence = 'Pairs.intake.Sentence'

  it('gets a session that ends two minutes after it has fallen silent', () => {
    assert.equal(olga.session.timeout, clientLimits.sessionTimeoutMaxS * 1000)
  })

  it('gets a subscription that is told of in 40 s and ends in 120 s when nobody fetches it', async () => {
    const huge = {
      requestedLifetimeCount: 4_000_000_000,
      requestedMaxKeepAliveCount: 4_000_000_000,
    }
    for (const requestedPublishingInterval of [0, -1, 500, 1e12, Number.NaN]) {
      const got = await subscription({ requestedPublishingInterval, ...huge })
      const intervalMs = got.revisedPublishingInterval
      assert.ok(intervalMs >= clientLimits.publishingMinMs, `${intervalMs}`)
      assert.ok(intervalMs <= clientLimits.publishingMaxMs, `${intervalMs}`)
      const lifeS = (got.revisedLifetimeCount * intervalMs) / 1000
      const atLeast = (6 * intervalMs) / 1000
      assert.ok(lifeS <= Math.max(clientLimits.lifetimeMaxS, atLeast), `${lifeS} s`)
      await raw.deleteSubscriptions(got.subscriptionId)
    }
  })

  it('gets queues of 100 values, and shorter ones for many items', async () => {
    const { subscriptionId } = await subscription()
    const few = await items(subscriptionId, 1_000_000, 5)
    assert.deepEqual(
      few.results?.map(({ revisedQueueSize }) => revisedQueueSize),
      [100, 100, 100, 100, 100],
    )
    const many = await items(subscriptionId, 1_000_000, 2_000)
    const [last] = many.results?.slice(-1) ?? []
    assert.equal(last?.revisedQueueSize, Math.floor(clientLimits.queuedMax / 2_005))
    const modest = await items(subscriptionId, 2, 1)
    assert.equal(modest.results?.[0]?.revisedQueueSize, 2)
    const [first] = few.results ?? []
    const modified = await raw.modifyMonitoredItems(
      new ModifyMonitoredItemsRequest({
        ...{ subscriptionId, timestampsToReturn: TimestampsToReturn.Both },
        itemsToModify: [
          {
            monitoredItemId: first?.monitoredItemId ?? 0,
            requestedParameters: { clientHandle: 1, samplingInterval: 900, queueSize: 4_000_000 },
          },
        ],
      }),
    )
    const [result] = modified.results ?? []
    assert.ok(result && result.revisedQueueSize <= 100 && result.revisedSamplingInterval === 0)
    await raw.deleteSubscriptions(subscriptionId)
  })

  it('is told of every change also when its sampling interval is no number', async () => {
    const { subscriptionId } = await subscription()
    const { results } = await raw.createMonitoredItems(
      new CreateMonitoredItemsRequest({
        ...{ subscriptionId, timestampsToReturn: TimestampsToReturn.Both },
        itemsToCreate: [sentence, 'Pairs.intake.Units.A.Model'].map((name) => ({
          itemToMonitor: { nodeId: olga.id(name), attributeId: AttributeIds.Value },
          monitoringMode: MonitoringMode.Reporting,
          requestedParameters: { clientHandle: 1, samplingInterval: Number.NaN, queueSize: 1 },
        })),
      }),
    )
    for (const { statusCode } of results ?? []) assert.equal(statusCode, StatusCodes.Good)
    await raw.deleteSubscriptions(subscriptionId)
  })

  it('has room for ten subscriptions', async () => {
    const got = []
    for (let count = 0; count < clientLimits.subscriptionsPerSession; count += 1) {
      got.push(await subscription())
    }
    await assert.rejects(subscription(), /BadTooManySubscriptions/)
    for (const { subscriptionId } of got) await raw.deleteSubscriptions(subscriptionId)
  })
})
