// What a client asks for is cut to what the server can bear, before the library sees it: the answer then tells the client what it
// got, as the standard has it (revised values). The library by itself would keep 5,000 values for each item and a silent session
// for 50 minutes, and would sample items by timers, at half a processor for ten thousand values that stand still: here every item
// of ours is told when its value changes, whatever sampling interval is asked for.

import {
  type AddressSpace,
  AttributeIds,
  CreateMonitoredItemsRequest,
  CreateSessionRequest,
  CreateSubscriptionRequest,
  ModifyMonitoredItemsRequest,
  ModifySubscriptionRequest,
  type OPCUAServer,
} from 'node-opcua'
import { clientLimits } from './client-limits.ts'
import { refuseCostly } from './filter-cost.ts'

/** From now on every request is revised as it comes in. */
export function reviseRequests(server: OPCUAServer, addressSpace: AddressSpace): void {
  server.on('request', (request) => {
    if (request instanceof CreateSessionRequest) {
      const { requestedSessionTimeout: asked } = request
      // 0 asks for the server's own choice.
      request.requestedSessionTimeout = asked > 0 ? Math.min(asked, sessionMaxMs) : sessionMaxMs
    } else if (
      request instanceof CreateSubscriptionRequest ||
      request instanceof ModifySubscriptionRequest
    ) {
      reviseSubscription(request)
    } else if (request instanceof CreateMonitoredItemsRequest) {
      reviseNewItems(server, addressSpace, request)
    } else if (request instanceof ModifyMonitoredItemsRequest) {
      reviseItems(server, request)
    }
  })
}

const sessionMaxMs = clientLimits.sessionTimeoutMaxS * 1000

function reviseSubscription(request: CreateSubscriptionRequest | ModifySubscriptionRequest): void {
  const { publishingMinMs, publishingMaxMs, keepAliveMaxS, lifetimeMaxS } = clientLimits
  const asked = request.requestedPublishingInterval
  const intervalMs = Math.min(Math.max(asked || publishingMinMs, publishingMinMs), publishingMaxMs)
  const ticks = (seconds: number): number => Math.max(1, Math.floor((seconds * 1000) / intervalMs))
  request.requestedPublishingInterval = intervalMs
  request.requestedMaxKeepAliveCount = Math.min(
    request.requestedMaxKeepAliveCount || ticks(keepAliveMaxS),
    ticks(keepAliveMaxS),
  )
  // The library makes it three times the keep-alive count at least.
  request.requestedLifetimeCount = Math.min(
    request.requestedLifetimeCount || ticks(lifetimeMaxS),
    ticks(lifetimeMaxS),
  )
}

function reviseNewItems(
  server: OPCUAServer,
  addressSpace: AddressSpace,
  request: CreateMonitoredItemsRequest,
): void {
  const items = request.itemsToCreate ?? []
  const standing = sessionOf(server, request)?.currentMonitoredItemCount ?? 0
  const queueMax = queueFor(standing + items.length)
  for (const { itemToMonitor, requestedParameters } of items) {
    const { attributeId, nodeId } = itemToMonitor
    const isEvents = attributeId === AttributeIds.EventNotifier
    const byChange =
      attributeId === AttributeIds.Value && isTold(addressSpace.findNode(nodeId) ?? undefined)
    revise(requestedParameters, isEvents ? clientLimits.eventsMax : queueMax, byChange)
  }
}

function reviseItems(server: OPCUAServer, request: ModifyMonitoredItemsRequest): void {
  const session = sessionOf(server, request)
  const subscription = session?.getSubscription(request.subscriptionId) ?? undefined
  const queueMax = queueFor(session?.currentMonitoredItemCount ?? 0)
  for (const { monitoredItemId, requestedParameters } of request.itemsToModify ?? []) {
    const item = subscription?.getMonitoredItem(monitoredItemId) ?? undefined
    const isEvents = item?.itemToMonitor.attributeId === AttributeIds.EventNotifier
    const byChange = item?.isExceptionBased === true
    revise(requestedParameters, isEvents ? clientLimits.eventsMax : queueMax, byChange)
  }
}

function revise(
  parameters: { queueSize: number; samplingInterval: number; filter: unknown },
  queueMax: number,
  byChange: boolean,
): void {
  refuseCostly(parameters.filter)
  parameters.queueSize = Math.min(parameters.queueSize, queueMax)
  // The library takes a number that is none for a fault of its own.
  if (byChange) parameters.samplingInterval = 0
  else if (!Number.isFinite(parameters.samplingInterval)) parameters.samplingInterval = -1
}

/** Our variables say by their minimum sampling interval that every change is told. */
const isTold = (node: object | undefined): boolean =>
  node !== undefined && 'minimumSamplingInterval' in node && node.minimumSamplingInterval === 0

/** The more items a session has, the shorter the queues of those that come next. */
function queueFor(items: number): number {
  const share = Math.floor(clientLimits.queuedMax / Math.max(1, items))
  return Math.max(1, Math.min(clientLimits.queueMax, share))
}

const sessionOf = (
  server: OPCUAServer,
  { requestHeader }: CreateMonitoredItemsRequest | ModifyMonitoredItemsRequest,
) => server.getSession(requestHeader.authenticationToken, true) ?? undefined
