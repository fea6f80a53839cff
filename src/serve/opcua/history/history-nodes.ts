// What clients see of the history before they read it: which variables have one, how it was collected, and what the server can do with
// it. One description serves all variables that are kept alike: a description of its own for each would multiply the nodes by six.

import {
  DataType,
  makeAccessLevelFlag,
  type Namespace,
  type OPCUAServer,
  type UAObject,
  type UAVariable,
} from 'node-opcua'
import type { KeepRule } from '../../history/keeping.ts'
import type { Target } from '../space.ts'
import { valuesMax } from './asked.ts'

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
  capabilities.maxReturnDataValues = valuesMax
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
