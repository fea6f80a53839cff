// The nodes of the plant: folders, pairs, units, tags, UPS units and the supervisor. Each has a NodeId made from its names; each
// variable is remembered under that name, so that values find it.

import {
  type AddressSpace,
  type BaseNode,
  DataType,
  MethodIds,
  makeEUInformation,
  type Namespace,
  NodeClass,
  type UAMethod,
  type UAObject,
  type UAObjectType,
  type UAVariable,
} from 'node-opcua'
import { unitIds } from '../../core/plant.ts'
import type { KeepRule } from '../history/keeping.ts'
import type { Layout, PairLayout, TagLayout, UnitLayout } from './layout.ts'
import type { TypeName } from './model.ts'
import { pairMethods, switchoverMethods, unitMethods } from './model-methods.ts'
import { pairRows, pendingRows, tagRows } from './model-pair.ts'
import { pathRows, supervisorRows, unitRows, upsRows } from './model-unit.ts'
import {
  namespaceUri,
  pairId,
  pathId,
  pendingId,
  supervisorId,
  switchoverId,
  tagId,
  unitId,
  upsId,
} from './node-names.ts'
import { addMethod, addRow, addUnits, wireType } from './nodes.ts'
import { callPermissions, watchPermissions } from './permissions.ts'
import { type EnumerationName, isEnumeration, type MethodRow, type Row } from './rows.ts'
import { addTypes, type Types } from './types.ts'

/** A variable with what is needed to put a value into it. */
export type Target = {
  readonly node: UAVariable
  readonly wire: DataType
  readonly enumeration?: EnumerationName
  readonly list: boolean
  /** What of it is kept for those who read the past; absent where nothing is. */
  readonly kept?: KeepRule
}

export type Space = {
  readonly namespace: Namespace
  /** NodeId name to variable, object, method. */
  readonly targets: ReadonlyMap<string, Target>
  readonly objects: ReadonlyMap<string, UAObject>
  readonly methods: ReadonlyMap<string, UAMethod>
  readonly alarmType: UAObjectType
}

/** Builds types and plant into an address space that holds the standard and the DI nodes. Tags are kept at most every `tagMs`. */
export function buildSpace(addressSpace: AddressSpace, layout: Layout, tagMs: number): Space {
  const namespace = addressSpace.registerNamespace(namespaceUri)
  const types = addTypes(addressSpace, namespace)
  const builder = new Builder(namespace, types, tagMs)
  const root = builder.folder(addressSpace.rootFolder.objects, 'Bumpless', 'Bumpless')
  root.setEventNotifier(1)
  addressSpace.rootFolder.objects.server.addReference({
    referenceType: 'HasNotifier',
    nodeId: root,
  })
  const pairs = builder.folder(root, 'Pairs', 'Pairs')
  for (const pair of layout.pairs) builder.pair(pairs, root, pair)
  const power = builder.folder(root, 'Power', 'Power')
  for (const ups of layout.ups) {
    const node = builder.object(power, upsId(ups), ups, 'UpsType')
    builder.source(root, node)
    builder.rows(upsId(ups), node, upsRows)
  }
  const supervisor = builder.object(root, supervisorId, 'Supervisor', 'SupervisorType')
  builder.source(root, supervisor)
  builder.rows(supervisorId, supervisor, supervisorRows)
  for (const each of addressSpace.getNamespaceArray()) {
    each.setDefaultRolePermissions(watchPermissions())
  }
  closeMethods(addressSpace, namespace)
  const { targets, objects, methods } = builder
  return { namespace, targets, objects, methods, alarmType: types.alarm }
}

/** What every client may call that may look: the refresh of conditions and of monitored items. */
const refreshing: readonly string[] = [
  ...[MethodIds.ConditionType_ConditionRefresh, MethodIds.ConditionType_ConditionRefresh2],
  ...[MethodIds.Server_GetMonitoredItems, MethodIds.Server_ResendData],
].map((id) => `ns=0;i=${id}`)

/** The standard allows many of its methods to everybody. Here nobody calls what is not ours, but for the refresh. */
function closeMethods(addressSpace: AddressSpace, own: Namespace): void {
  for (const namespace of addressSpace.getNamespaceArray()) {
    if (namespace === own || !hasNodes(namespace)) continue
    for (const node of namespace.nodeIterator()) {
      if (node.nodeClass !== NodeClass.Method) continue
      const open = refreshing.includes(node.nodeId.toString())
      node.setRolePermissions(open ? callPermissions('view') : watchPermissions())
    }
  }
}

const hasNodes = (part: object): part is { readonly nodeIterator: () => Iterable<BaseNode> } =>
  'nodeIterator' in part

class Builder {
  readonly targets = new Map<string, Target>()
  readonly objects = new Map<string, UAObject>()
  readonly methods = new Map<string, UAMethod>()
  readonly #namespace: Namespace
  readonly #types: Types
  readonly #tagMs: number

  constructor(namespace: Namespace, types: Types, tagMs: number) {
    this.#namespace = namespace
    this.#types = types
    this.#tagMs = tagMs
  }

  folder(parent: UAObject, id: string, name: string): UAObject {
    const node = this.#namespace.addObject({
      ...{ browseName: name, nodeId: `s=${id}`, typeDefinition: 'FolderType' },
      organizedBy: parent,
    })
    this.objects.set(id, node)
    return node
  }

  object(parent: UAObject, id: string, name: string, type: TypeName): UAObject {
    const inFolder = parent.typeDefinitionObj.browseName.name === 'FolderType'
    const node = this.#namespace.addObject({
      ...{ browseName: name, nodeId: `s=${id}` },
      typeDefinition: this.#types.objects[type],
      ...(inFolder ? { organizedBy: parent } : { componentOf: parent }),
    })
    this.objects.set(id, node)
    return node
  }

  /** Events of this object reach the clients that listen to the plant or the server. */
  source(root: UAObject, node: UAObject): void {
    node.setEventNotifier(1)
    root.addReference({ referenceType: 'HasEventSource', nodeId: node })
  }

  rows(id: string, parent: UAObject, rows: readonly Omit<Row<never>, 'of'>[]): void {
    for (const row of rows) {
      const { enumerations } = this.#types
      const node = addRow(this.#namespace, { parent, id, inType: false }, row, enumerations)
      this.targets.set(`${id}.${row.name}`, {
        ...{ node, wire: wireType(row.type), list: row.list === true },
        ...(isEnumeration(row.type) && { enumeration: row.type }),
        ...(row.history !== undefined && { kept: keepRule(row.history) }),
      })
    }
  }

  addMethods(id: string, parent: UAObject, rows: readonly MethodRow[]): void {
    for (const row of rows) {
      const node = addMethod(this.#namespace, { parent, id, inType: false }, row)
      this.methods.set(`${id}.${row.name}`, node)
    }
  }

  pair(folder: UAObject, root: UAObject, pair: PairLayout): void {
    const id = pairId(pair.name)
    const node = this.object(folder, id, pair.name, 'PairType')
    this.source(root, node)
    this.rows(id, node, pairRows)
    this.addMethods(id, node, pairMethods)
    const switchover = this.object(node, switchoverId(pair.name), 'Switchover', 'SwitchoverType')
    this.addMethods(switchoverId(pair.name), switchover, switchoverMethods)
    const pending = this.object(switchover, pendingId(pair.name), 'Pending', 'PendingType')
    this.rows(pendingId(pair.name), pending, pendingRows)
    const units = this.#part(node, `${id}.Units`, 'Units')
    for (const unit of unitIds) this.unit(units, root, pair, pair.units[unit])
    const tags = this.#part(node, `${id}.Tags`, 'Tags')
    for (const tag of pair.tags) this.tag(tags, pair.name, tag)
  }

  unit(folder: UAObject, root: UAObject, pair: PairLayout, unit: UnitLayout): void {
    const id = unitId(pair.name, unit.id)
    const node = this.object(folder, id, unit.id, 'UnitType')
    this.source(root, node)
    this.rows(id, node, unitRows)
    this.addMethods(id, node, unitMethods)
    addDeviceProperties(this.#namespace, node, id, pair, unit)
    this.targets.set(`${id}.DeviceHealth`, {
      ...{ node: addDeviceHealth(this.#namespace, node, id), wire: DataType.Int32, list: false },
    })
    const paths = this.#part(node, `${id}.Paths`, 'Paths')
    for (const path of unit.paths) {
      const pathNode = pathId(pair.name, unit.id, path)
      this.rows(pathNode, this.object(paths, pathNode, path, 'PathType'), pathRows)
    }
  }

  tag(folder: UAObject, pair: string, tag: TagLayout): void {
    const id = tagId(pair, tag.name)
    const node = this.object(folder, id, tag.name, 'TagType')
    for (const unit of unitIds) {
      const withUnits = tag.type === 'Double' && tag.units !== ''
      const value = this.#namespace.addVariable({
        ...{ browseName: unit, nodeId: `s=${id}.${unit}`, componentOf: node, dataType: tag.type },
        ...(withUnits && { typeDefinition: 'AnalogUnitType' }),
        description: `${tag.name} in unit ${unit}; class ${tag.class}, tolerance ${tag.tolerance} ${tag.units}`,
        ...{ accessLevel: 'CurrentRead', minimumSamplingInterval: 0 },
      })
      if (withUnits) {
        addUnits(
          this.#namespace,
          value,
          `${id}.${unit}`,
          makeEUInformation('', tag.units, tag.units),
        )
      }
      this.targets.set(`${id}.${unit}`, {
        ...{ node: value, wire: DataType[tag.type], list: false },
        kept: { everyMs: this.#tagMs, deadband: 0 },
      })
    }
    this.rows(id, node, tagRows)
  }

  /** A folder inside an object. */
  #part(parent: UAObject, id: string, name: string): UAObject {
    const node = this.#namespace.addObject({
      ...{ browseName: name, nodeId: `s=${id}`, typeDefinition: 'FolderType' },
      componentOf: parent,
    })
    this.objects.set(id, node)
    return node
  }
}

const keepRule = (history: true | number): KeepRule => ({
  everyMs: 0,
  deadband: history === true ? 0 : history,
})

/** What the DI device type demands. An empty text says that we do not know it. */
function addDeviceProperties(
  namespace: Namespace,
  node: UAObject,
  id: string,
  { profile }: PairLayout,
  { location }: UnitLayout,
): void {
  const di = namespace.addressSpace.getNamespaceIndex('http://opcfoundation.org/UA/DI/')
  const texts = { Manufacturer: '', Model: profile, DeviceClass: 'controller', AssetId: location }
  const unknown = [
    'SerialNumber',
    'DeviceManual',
    'DeviceRevision',
    'SoftwareRevision',
    'HardwareRevision',
  ]
  const add = (name: string, dataType: 'String' | 'LocalizedText' | 'Int32', value: unknown) =>
    namespace.addVariable({
      browseName: { name, namespaceIndex: di },
      ...{ nodeId: `s=${id}.${name}`, propertyOf: node, dataType, accessLevel: 'CurrentRead' },
      value: { dataType: DataType[dataType], value },
    })
  for (const [name, text] of Object.entries(texts)) {
    const localized = name === 'Manufacturer' || name === 'Model'
    add(name, localized ? 'LocalizedText' : 'String', localized ? { text } : text)
  }
  for (const name of unknown) add(name, 'String', '')
  add('RevisionCounter', 'Int32', -1)
}

function addDeviceHealth(namespace: Namespace, node: UAObject, id: string): UAVariable {
  const di = namespace.addressSpace.getNamespaceIndex('http://opcfoundation.org/UA/DI/')
  const dataType = namespace.addressSpace.findDataType('DeviceHealthEnumeration', di)
  if (dataType === null) throw new Error('the DI data types are not loaded')
  return namespace.addVariable({
    browseName: { name: 'DeviceHealth', namespaceIndex: di },
    ...{ nodeId: `s=${id}.DeviceHealth`, componentOf: node, dataType: dataType.nodeId },
    description: 'State after NAMUR NE 107.',
    ...{ accessLevel: 'CurrentRead', minimumSamplingInterval: 0 },
  })
}
