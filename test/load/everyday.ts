// What SCADA clients do all day, once through every service: recorded on the wire, it is what the changed messages are made from.

import {
  AttributeIds,
  BrowseDirection,
  CallMethodRequest,
  CreateMonitoredItemsRequest,
  CreateSubscriptionRequest,
  coerceNodeId,
  constructEventFilter,
  DataChangeFilter,
  DataChangeTrigger,
  DataType,
  DeadbandType,
  ModifyMonitoredItemsRequest,
  MonitoringMode,
  makeBrowsePath,
  ofType,
  TimestampsToReturn,
  Variant,
  VariantArrayType,
} from 'node-opcua'
import type { StandardClient } from '../serve/opcua/client.ts'
import { rawSession } from '../serve/opcua/raw-session.ts'

/** Every service that a client of this server needs. What is refused is recorded all the same. */
export async function everyday(client: StandardClient, tag: string): Promise<void> {
  const { session } = client
  const value = client.id(`${tag}.A`)
  const attributes = [AttributeIds.Value, AttributeIds.DisplayName, AttributeIds.DataType]
  await session.read(attributes.map((attributeId) => ({ nodeId: value, attributeId })))
  await session.read({ nodeId: value, attributeId: AttributeIds.Value }, 500)
  const found = await session.browse(
    ['RootFolder', client.id('Bumpless'), client.id('Pairs')].map((nodeId) => ({
      ...{ nodeId, browseDirection: BrowseDirection.Both, includeSubtypes: true },
      ...{ referenceTypeId: 'References', nodeClassMask: 0, resultMask: 63 },
    })),
  )
  for (const { continuationPoint } of found) {
    if (continuationPoint?.length) await session.browseNext(continuationPoint, true)
  }
  await session.translateBrowsePath(
    makeBrowsePath('RootFolder', '/Objects/Server/ServerStatus.State'),
  )
  await session.registerNodes([value, client.id(`${tag}.B`)])
  await watch(client, value)
  await session.write([
    { nodeId: value, attributeId: AttributeIds.Value, value: { value: nested() } },
    {
      nodeId: client.id('Supervisor.Site'),
      attributeId: AttributeIds.Value,
      value: { value: new Variant({ dataType: DataType.String, value: 'another site' }) },
    },
  ])
  await session.call(
    new CallMethodRequest({
      ...{ objectId: coerceNodeId(client.id('Pairs.pair1.Switchover')) },
      methodId: coerceNodeId(client.id('Pairs.pair1.Switchover.DryRun')),
      inputArguments: [new Variant({ dataType: DataType.String, value: 'B' })],
    }),
  )
  const [from, until] = [new Date(Date.now() - 60_000), new Date()]
  await session.readHistoryValue(value, from, until).catch(() => undefined)
}

const subscription = (client: StandardClient) =>
  rawSession(client.session).createSubscription(
    new CreateSubscriptionRequest({
      ...{ requestedPublishingInterval: 200, requestedLifetimeCount: 100 },
      ...{ requestedMaxKeepAliveCount: 5, publishingEnabled: true },
    }),
  )

async function watch(client: StandardClient, value: string): Promise<void> {
  const raw = rawSession(client.session)
  const { subscriptionId } = await subscription(client)
  const deadband = new DataChangeFilter({
    ...{ trigger: DataChangeTrigger.StatusValueTimestamp },
    ...{ deadbandType: DeadbandType.Absolute, deadbandValue: 0.5 },
  })
  const events = constructEventFilter(
    ['EventId', 'Message', 'Severity', 'ActiveState.Id'].map((name) => name.split('.')),
    ofType('ConditionType'),
  )
  const item = (nodeId: string, attributeId: AttributeIds, filter: object | null) => ({
    ...{ itemToMonitor: { nodeId, attributeId }, monitoringMode: MonitoringMode.Reporting },
    requestedParameters: {
      ...{ clientHandle: 7, samplingInterval: 100, queueSize: 10, discardOldest: true },
      ...{ filter: filter as never },
    },
  })
  const { results } = await raw.createMonitoredItems(
    new CreateMonitoredItemsRequest({
      ...{ subscriptionId, timestampsToReturn: TimestampsToReturn.Both },
      itemsToCreate: [
        item(value, AttributeIds.Value, deadband),
        item(client.id('Supervisor.Sentence'), AttributeIds.Value, null),
        item('i=2253', AttributeIds.EventNotifier, events),
      ],
    }),
  )
  const [first] = results ?? []
  await raw.modifyMonitoredItems(
    new ModifyMonitoredItemsRequest({
      ...{ subscriptionId, timestampsToReturn: TimestampsToReturn.Source },
      itemsToModify: [
        {
          monitoredItemId: first?.monitoredItemId ?? 0,
          requestedParameters: {
            ...{ clientHandle: 9, samplingInterval: 0, queueSize: 2, filter: deadband },
          },
        },
      ],
    }),
  )
  const { notificationMessage } = await raw.publish([])
  const { sequenceNumber } = notificationMessage
  await raw.publish([{ subscriptionId, sequenceNumber }])
  await raw.deleteSubscriptions(subscriptionId)
}

/** Values in values in values, as far as a variable might hold them. */
function nested(): Variant {
  const numbers = new Variant({
    ...{ dataType: DataType.Double, arrayType: VariantArrayType.Matrix, dimensions: [2, 3] },
    value: new Float64Array([1, 2, 3, 4, 5, 6]),
  })
  const inner = new Variant({
    ...{ dataType: DataType.Variant, arrayType: VariantArrayType.Array },
    value: [numbers, new Variant({ dataType: DataType.LocalizedText, value: { text: 'inner' } })],
  })
  return new Variant({
    ...{ dataType: DataType.Variant, arrayType: VariantArrayType.Array, value: [inner, inner] },
  })
}
