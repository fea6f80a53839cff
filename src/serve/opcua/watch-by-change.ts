// Monitored items are told when a value changes, whatever sampling interval the client asks for: nearly all ask for one, and a
// timer for each item would cost half a processor for ten thousand values that stand still. The queue and the publishing interval
// of the client stay as they are.

import {
  AttributeIds,
  MonitoredItem,
  NodeClass,
  type OPCUAServerOptions,
  StatusCodes,
} from 'node-opcua'

/** For every new item of ours. The library would sample it, and would sample it again after ModifyMonitoredItems. */
export const watchByChange: NonNullable<OPCUAServerOptions['onCreateMonitoredItem']> = async (
  _subscription,
  item,
) => {
  if (!(item instanceof MonitoredItem)) return StatusCodes.Good
  const { node } = item
  const byChange =
    item.itemToMonitor.attributeId === AttributeIds.Value &&
    node?.nodeClass === NodeClass.Variable &&
    'minimumSamplingInterval' in node &&
    node.minimumSamplingInterval === 0
  if (!byChange) return StatusCodes.Good
  // The library keeps the choice in fields of its own, sets them anew whenever an item is modified, and would otherwise hold changes
  // back for the interval that was asked for. Held here, they stay: by change, and 0 as the interval, which says so (Part 4, 7.21).
  Object.defineProperty(item, '_exceptionBased', { get: () => true, set: () => undefined })
  Object.defineProperty(item, 'samplingInterval', { get: () => 0, set: () => undefined })
  return StatusCodes.Good
}
