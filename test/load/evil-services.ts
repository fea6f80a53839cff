// What a client that is logged in could ask for to wear the server out: every request is well-formed, and none is what a client needs.

import {
  AttributeIds,
  BrowseDirection,
  type ClientSession,
  ContentFilter,
  CreateMonitoredItemsRequest,
  CreateSubscriptionRequest,
  coerceNodeId,
  DataChangeFilter,
  DataType,
  ElementOperand,
  EventFilter,
  FilterOperator,
  LiteralOperand,
  MonitoringMode,
  makeBrowsePath,
  resolveNodeId,
  SimpleAttributeOperand,
  TimestampsToReturn,
  Variant,
  VariantArrayType,
} from 'node-opcua'
import type { Random } from '../chance.ts'
import type { StandardClient } from '../serve/opcua/client.ts'
import { rawSession } from '../serve/opcua/raw-session.ts'
import { pick } from './mutate.ts'

type Evil = (client: StandardClient, random: Random) => Promise<unknown>

export const evilServices: Readonly<Record<string, Evil>> = {
  'browses everything, one reference at a time, and lets the rest wait': ({ session }) =>
    session.browse(
      Array.from({ length: 1_000 }, () => ({
        ...{ nodeId: 'ObjectsFolder', browseDirection: BrowseDirection.Both },
        ...{ includeSubtypes: true, referenceTypeId: 'References', nodeClassMask: 0 },
        resultMask: 63,
      })),
    ),
  'reads ten thousand values at once': (client) =>
    client.session.read(
      Array.from({ length: 10_000 }, () => ({
        ...{ nodeId: client.id('Supervisor.Sentence'), attributeId: AttributeIds.Value },
      })),
    ),
  'reads parts of values that nobody has': (client, random) =>
    client.session.read(
      ['0:4294967295', '4:1', ':::', '-1', '1,2,3,4:9', ' '.repeat(5_000)].map((indexRange) => ({
        ...{ nodeId: client.id('Supervisor.Sentence'), indexRange: indexRange as never },
        attributeId: pick(40, random) as AttributeIds,
      })),
    ),
  'translates paths of ten thousand steps': ({ session }) =>
    session.translateBrowsePath(makeBrowsePath('RootFolder', '/Objects/Server'.repeat(5_000))),
  'registers nodes without end': (client) =>
    client.session.registerNodes(
      Array.from({ length: 10_000 }, (_, index) => client.id(`nothing ${index}`)),
    ),
  'listens to events with a filter that asks itself': (client) =>
    listen(client, [element(FilterOperator.Not, new ElementOperand({ index: 0 }))]),
  'listens to events with a filter that goes in a circle': (client) =>
    listen(client, [
      element(
        FilterOperator.And,
        new ElementOperand({ index: 1 }),
        new ElementOperand({ index: 1 }),
      ),
      element(
        FilterOperator.Or,
        new ElementOperand({ index: 0 }),
        new ElementOperand({ index: 0 }),
      ),
    ]),
  'listens to events with a filter a thousand deep': (client) =>
    listen(
      client,
      Array.from({ length: 1_000 }, (_, index) =>
        element(FilterOperator.Not, new ElementOperand({ index: index + 1 })),
      ),
    ),
  'listens to events with a filter that doubles at each step': (client) =>
    listen(client, [
      ...Array.from({ length: 60 }, (_, index) =>
        element(
          FilterOperator.Or,
          new ElementOperand({ index: index + 1 }),
          new ElementOperand({ index: index + 1 }),
        ),
      ),
      element(FilterOperator.IsNull, literal('something')),
    ]),
  'listens to events that are like a word which takes for ever to find': (client) =>
    listen(client, [
      element(
        FilterOperator.Like,
        new SimpleAttributeOperand({
          ...{ attributeId: AttributeIds.Value, browsePath: [{ name: 'Message' }] },
          typeDefinitionId: resolveNodeId('BaseEventType'),
        }),
        literal(`${'%a'.repeat(30)}%b`),
      ),
    ]),
  'listens to events for thousands of fields': (client) =>
    listen(
      client,
      [],
      Array.from({ length: 5_000 }, () => 'Message'),
    ),
  'watches with deadbands that are no numbers': (client) =>
    watch(client, 50, (index) => ({
      filter: new DataChangeFilter({
        ...{ deadbandType: index % 3, trigger: index % 3 },
        deadbandValue: [Number.NaN, -1, Number.POSITIVE_INFINITY, 1e300][index % 4] ?? 0,
      }),
    })),
  'watches one value five thousand times': (client) => watch(client, 5_000),
  'asks to be told without end': (client) =>
    Promise.all(
      Array.from({ length: 500 }, () =>
        rawSession(client.session)
          .publish([{ subscriptionId: 1, sequenceNumber: 1 }])
          .catch(() => undefined),
      ),
    ),
  'makes subscriptions until there are no more': async (client) => {
    for (let count = 0; count < 20; count += 1) await subscribe(client)
  },
  'calls with arguments that hold arguments': (client) =>
    client.session.call({
      ...{ objectId: client.id('Pairs.pair1.Switchover') },
      ...{ methodId: client.id('Pairs.pair1.Switchover.DryRun'), inputArguments: [deep(60)] },
    }),
  'writes what is large': (client) =>
    client.session.write({
      ...{ nodeId: client.id('Supervisor.Site'), attributeId: AttributeIds.Value },
      value: {
        value: new Variant({
          ...{ dataType: DataType.Double, arrayType: VariantArrayType.Array },
          value: new Float64Array(500_000),
        }),
      },
    }),
  'asks for the conditions again and again': (client) =>
    Promise.all(
      Array.from({ length: 20 }, async () => {
        const { subscriptionId } = await subscribe(client)
        const value = subscriptionId
        return client.session.call({
          ...{ objectId: 'ns=0;i=2782', methodId: 'ns=0;i=3875' },
          inputArguments: [new Variant({ dataType: DataType.UInt32, value })],
        })
      }),
    ),
  'asks for the past of everything': (client) =>
    client.session.readHistoryValue(
      Array.from({ length: 500 }, () => ({ nodeId: client.id('Supervisor.Site') })),
      new Date(-8e15),
      new Date(8e15),
    ),
}

const literal = (value: string): LiteralOperand =>
  new LiteralOperand({ value: new Variant({ dataType: DataType.String, value }) })

const element = (filterOperator: FilterOperator, ...filterOperands: object[]) => ({
  ...{ filterOperator, filterOperands: filterOperands as never[] },
})

async function listen(
  client: StandardClient,
  elements: readonly object[],
  fields: readonly string[] = ['Message'],
): Promise<void> {
  const filter = new EventFilter({
    selectClauses: fields.map((name) => ({
      ...{ attributeId: AttributeIds.Value, browsePath: [{ name }] },
      typeDefinitionId: resolveNodeId('BaseEventType'),
    })),
    whereClause: new ContentFilter({ elements: [...elements] as never[] }),
  })
  const { subscriptionId } = await subscribe(client)
  await rawSession(client.session).createMonitoredItems(
    new CreateMonitoredItemsRequest({
      ...{ subscriptionId, timestampsToReturn: TimestampsToReturn.Both },
      itemsToCreate: [
        {
          itemToMonitor: { nodeId: 'i=2253', attributeId: AttributeIds.EventNotifier },
          monitoringMode: MonitoringMode.Reporting,
          requestedParameters: {
            clientHandle: 1,
            samplingInterval: 0,
            queueSize: 1_000_000,
            filter,
          },
        },
      ],
    }),
  )
  // Something to be judged by the filter: a denied write is an event.
  await client.session.write({
    ...{ nodeId: client.id('Supervisor.Site'), attributeId: AttributeIds.Value },
    value: { value: new Variant({ dataType: DataType.String, value: 'a'.repeat(60) }) },
  })
}

async function watch(
  client: StandardClient,
  count: number,
  change: (index: number) => object = () => ({}),
): Promise<void> {
  const { subscriptionId } = await subscribe(client)
  await rawSession(client.session).createMonitoredItems(
    new CreateMonitoredItemsRequest({
      ...{ subscriptionId, timestampsToReturn: TimestampsToReturn.Both },
      itemsToCreate: Array.from({ length: count }, (_, index) => ({
        itemToMonitor: {
          nodeId: client.id('Supervisor.Sentence'),
          attributeId: AttributeIds.Value,
        },
        monitoringMode: MonitoringMode.Reporting,
        requestedParameters: {
          ...{ clientHandle: index, samplingInterval: 0, queueSize: 1_000_000 },
          ...change(index),
        },
      })),
    }),
  )
}

const subscribe = ({ session }: { readonly session: ClientSession }) =>
  rawSession(session).createSubscription(
    new CreateSubscriptionRequest({
      ...{ requestedPublishingInterval: 0, requestedLifetimeCount: 4_000_000_000 },
      ...{ requestedMaxKeepAliveCount: 4_000_000_000, publishingEnabled: true },
    }),
  )

function deep(levels: number): Variant {
  let value = new Variant({ dataType: DataType.NodeId, value: coerceNodeId('i=84') })
  for (let level = 0; level < levels; level += 1) {
    value = new Variant({
      ...{ dataType: DataType.Variant, arrayType: VariantArrayType.Array, value: [value] },
    })
  }
  return value
}
