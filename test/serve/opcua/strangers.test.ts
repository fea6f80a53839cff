// What a stranger or a client may send that once ended the whole server, each by itself.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import net from 'node:net'
import {
  AttributeIds,
  ContentFilter,
  CreateMonitoredItemsRequest,
  CreateSubscriptionRequest,
  ElementOperand,
  EventFilter,
  FilterOperator,
  MonitoringMode,
  TimestampsToReturn,
} from 'node-opcua'
import { waitFor } from '../fixture.ts'
import type { StandardClient } from './client.ts'
import { type DoorRig, startDoorRig } from './door-rig.ts'
import { rawSession } from './raw-session.ts'

describe('A stranger at the OPC UA port', () => {
  let rig: DoorRig
  let olga: StandardClient
  before(async () => {
    rig = await startDoorRig()
    olga = await rig.client('olga')
  })
  after(() => rig.stop())
  afterEach(async () => {
    assert.match(String(await olga.value('Supervisor.Site')), /Westhaven/)
    assert.ok(!rig.audit.some((line) => /ended by a fault/.test(line)))
  })

  async function sends(...parts: readonly Buffer[]): Promise<void> {
    const socket = net.connect(rig.settings.port, '127.0.0.1')
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    for (const part of parts) socket.write(part)
    await once(socket.resume(), 'close')
  }

  it('says hello and in the same breath that much will follow: only his connection ends', async () => {
    await sends(Buffer.concat([hello(), Buffer.from('48454c46ffffff0f', 'hex')]))
    await waitFor(() => rig.audit.some((line) => /maximum chunk size exceeded/.test(line)))
  })

  it('fills no place for good: the next one from his address is refused, others are not', async () => {
    const silent = Array.from({ length: 20 }, () =>
      net.connect({ port: rig.settings.port, host: '127.0.0.1', localAddress: '127.0.0.9' }),
    )
    for (const socket of silent) socket.on('error', () => undefined)
    await waitFor(() => rig.audit.some((line) => /have no session, one more is refused/.test(line)))
    const anna = await rig.client('anna', { pki: `${rig.folder}/client` })
    await anna.close()
    for (const socket of silent) socket.destroy()
  })
})

describe('A client with a filter that names itself over and over', () => {
  it('is refused, and does not keep the server busy for ever', async () => {
    const rig = await startDoorRig()
    try {
      const raw = rawSession((await rig.client('bert')).session)
      const { subscriptionId } = await raw.createSubscription(
        new CreateSubscriptionRequest({
          ...{ requestedPublishingInterval: 100, requestedLifetimeCount: 100 },
          ...{ requestedMaxKeepAliveCount: 10, publishingEnabled: true },
        }),
      )
      const twice = (index: number) => ({
        filterOperator: FilterOperator.Or,
        filterOperands: [new ElementOperand({ index }), new ElementOperand({ index })],
      })
      const elements = Array.from({ length: 60 }, (_, index) => twice(index + 1))
      const whereClause = new ContentFilter({ elements: [...elements, { filterOperator: 1 }] })
      const { results } = await raw.createMonitoredItems(
        new CreateMonitoredItemsRequest({
          ...{ subscriptionId, timestampsToReturn: TimestampsToReturn.Both },
          itemsToCreate: [
            {
              itemToMonitor: { nodeId: 'i=2253', attributeId: AttributeIds.EventNotifier },
              monitoringMode: MonitoringMode.Reporting,
              requestedParameters: {
                ...{ clientHandle: 1, samplingInterval: 0, queueSize: 10 },
                filter: new EventFilter({ whereClause }),
              },
            },
          ],
        }),
      )
      assert.match(results?.[0]?.statusCode.name ?? '', /^Bad/)
    } finally {
      await rig.stop()
    }
  })
})

function hello(): Buffer {
  const bytes = Buffer.alloc(32)
  bytes.write('HELF')
  for (const [index, value] of [32, 0, 65_536, 65_536, 0, 0, -1].entries()) {
    bytes.writeInt32LE(value, 4 + 4 * index)
  }
  return bytes
}
