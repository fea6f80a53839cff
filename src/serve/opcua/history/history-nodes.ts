// What clients see of the history before they read it: which variables have one, how it was collected, and what the server can do with
// it. One description serves all variables that are kept alike: a description of its own for each would multiply the nodes by six.

import {
  type AddressSpace,
  DataType,
  makeAccessLevelFlag,
  type Namespace,
  type OPCUAServer,
  type UAObject,
  type UAVariable,
} from 'node-opcua'
import type { KeepRule } from '../../history/keeping.ts'
import { watchPermissions } from '../permissions.ts'
import type { Target } from '../space.ts'
import { valuesMax } from './asked.ts'
import { aggregateNodes } from './read-processed.ts'

export function showHistoryNodes(
  server: OPCUAServer,
  namespace: Namespace,
  targets: ReadonlyMap<string, Target>,
): void {
  const configurations = new Map<string, UAObject>()
  for (const { node, kept } of targets.values()) {
    if (kept === undefined) continue
    const name = kept.everyMs > 0 ? 'Tags' : kept.deadband > 0 ? `By${kept.deadband}` : 'ByChange'
    const configuration = configurations.get(name) ?? addConfiguration(namespace, name, kept)
    configurations.set(name, configuration)
    node.historizing = true
    node.accessLevel = makeAccessLevelFlag('CurrentRead | HistoryRead')
    node.addReference({ referenceType: 'HasHistoricalConfiguration', nodeId: configuration })
  }
  showCapabilities(server)
}

/** Marks the objects that raise events as ones that also tell of past ones; yields their NodeIds. */
export function showNotifiers(
  addressSpace: AddressSpace,
  objects: Iterable<UAObject>,
): ReadonlySet<string> {
  const { server } = addressSpace.rootFolder.objects
  // The standard declares permissions of its own for this one node, and none of them for our roles.
  server.setRolePermissions([...(server.rolePermissions ?? []), ...watchPermissions()])
  const notifiers = [...objects, server].filter(
    ({ eventNotifier }) => (eventNotifier & raising) !== 0,
  )
  for (const node of notifiers) node.setEventNotifier(raising | telling)
  return new Set(notifiers.map(({ nodeId }) => nodeId.toString()))
}

/** Bits of the attribute EventNotifier (Part 3, 5.5.1). */
const raising = 1
const telling = 4

function addConfiguration(namespace: Namespace, name: string, kept: KeepRule): UAObject {
  const { addressSpace } = namespace
  const type = addressSpace.findObjectType('HistoricalDataConfigurationType')
  if (type === null) throw new Error('the types of historical access are not loaded')
  const node = type.instantiate({
    ...{ browseName: { name: 'HA Configuration', namespaceIndex: 0 }, nodeId: `s=History.${name}` },
    optionals: ['Definition', 'MinTimeInterval'],
    namespace,
  })
  set(node, 'Stepped', DataType.Boolean, true)
  set(node, 'Definition', DataType.String, definition(kept))
  set(node, 'MinTimeInterval', DataType.Double, kept.everyMs)
  const aggregates = node.getComponentByName('AggregateConfiguration')
  if (aggregates === null) throw new Error('the aggregate configuration is not loaded')
  set(aggregates, 'TreatUncertainAsBad', DataType.Boolean, true)
  set(aggregates, 'PercentDataBad', DataType.Byte, 100)
  set(aggregates, 'PercentDataGood', DataType.Byte, 100)
  set(aggregates, 'UseSlopedExtrapolation', DataType.Boolean, false)
  return node
}

/** How it was collected, for people. */
function definition({ everyMs, deadband }: KeepRule): string {
  if (everyMs > 0)
    return `every change, at most one in ${everyMs} ms; a value stands until the next`
  if (deadband > 0) return `changes of more than ${deadband}; a value stands until the next`
  return 'every change; a value stands until the next'
}

/** The standard's own nodes that say what can be done; everything else in them is false already. */
function showCapabilities({ engine }: OPCUAServer): void {
  const { historyServerCapabilities: capabilities } = engine
  capabilities.accessHistoryDataCapability = true
  capabilities.accessHistoryEventsCapability = true
  capabilities.maxReturnEventValues = valuesMax
  capabilities.maxReturnDataValues = valuesMax
  const { serverCapabilities } = engine.addressSpace?.rootFolder.objects.server ?? {}
  const folders = [
    serverCapabilities?.aggregateFunctions,
    serverCapabilities
      ?.getComponentByName('HistoryServerCapabilities')
      ?.getComponentByName('AggregateFunctions'),
  ]
  for (const folder of folders) {
    for (const id of aggregateNodes()) {
      folder?.addReference({ referenceType: 'Organizes', nodeId: `i=${id}` })
    }
  }
}

function set(
  parent: UAObject | UAVariable,
  name: string,
  dataType: DataType,
  value: unknown,
): void {
  const node = parent.getPropertyByName(name)
  if (node === null) throw new Error(`a history configuration has no ${name}`)
  node.setValueFromSource({ dataType, value })
}
