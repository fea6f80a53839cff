// The object types and enumerations of our namespace, made from the rows of the model. They tell clients what there is; the nodes
// of the plant are made in space.ts from the same rows. The exported NodeSet holds exactly these types.

import type { AddressSpace, Namespace, NodeId, UADataType, UAObjectType } from 'node-opcua'
import { addAlarmType } from './alarm-nodes.ts'
import { pairMethods, switchoverMethods, unitMethods } from './model-methods.ts'
import { pairRows, pendingRows, tagRows } from './model-pair.ts'
import { pathRows, supervisorRows, unitRows, upsRows } from './model-unit.ts'
import { addMethod, addRow } from './nodes.ts'
import { type EnumerationName, enumerations, type MethodRow, type Row } from './rows.ts'

export type TypeName =
  | 'PairType'
  | 'PendingType'
  | 'SwitchoverType'
  | 'UnitType'
  | 'PathType'
  | 'TagType'
  | 'UpsType'
  | 'SupervisorType'

export type Types = {
  readonly objects: Readonly<Record<TypeName, UAObjectType>>
  readonly enumerations: Readonly<Record<EnumerationName, NodeId>>
  readonly alarm: UAObjectType
}

type TypeRow = {
  readonly name: TypeName
  readonly text: string
  /** Browse name of the parent type; DI's are looked up in its namespace. */
  readonly parent: 'BaseObjectType' | 'DeviceType'
  readonly rows: readonly Omit<Row<never>, 'of'>[]
  readonly methods: readonly MethodRow[]
}

const plain = 'BaseObjectType'
/** Every type, in the order in which they are made. */
export const typeRows: readonly TypeRow[] = [
  {
    ...{ name: 'PathType', parent: plain, rows: pathRows, methods: [] },
    text: 'One way to reach a unit.',
  },
  {
    ...{ name: 'UnitType', parent: 'DeviceType', rows: unitRows, methods: unitMethods },
    text: 'One controller of a pair.',
  },
  {
    ...{ name: 'TagType', parent: plain, rows: tagRows, methods: [] },
    text: 'A value that is compared between the two units.',
  },
  {
    ...{ name: 'PendingType', parent: plain, rows: pendingRows, methods: [] },
    text: 'The proposal that waits for an answer.',
  },
  {
    ...{ name: 'SwitchoverType', parent: plain, rows: [], methods: switchoverMethods },
    text: 'The switchover of a pair: what is pending, and the methods to order and answer it.',
  },
  {
    ...{ name: 'PairType', parent: plain, rows: pairRows, methods: pairMethods },
    text: 'Two controllers that do one job.',
  },
  {
    ...{ name: 'UpsType', parent: plain, rows: upsRows, methods: [] },
    text: 'An uninterruptible power supply.',
  },
  {
    ...{ name: 'SupervisorType', parent: plain, rows: supervisorRows, methods: [] },
    text: 'The supervisor itself.',
  },
]

export function addTypes(addressSpace: AddressSpace, namespace: Namespace): Types {
  const words = Object.entries(enumerations).map(([name, list]) => {
    const node = addEnumeration(namespace, name, list)
    return [name, node.nodeId] as const
  })
  const enumerationNodes = Object.fromEntries(words) as Types['enumerations']
  const objects = Object.fromEntries(
    typeRows.map((row) => [row.name, addType(addressSpace, namespace, row, enumerationNodes)]),
  ) as Types['objects']
  addParts(namespace, objects)
  return { objects, enumerations: enumerationNodes, alarm: addAlarmType(namespace) }
}

function addEnumeration(namespace: Namespace, name: string, words: readonly string[]): UADataType {
  return namespace.addEnumerationType({
    browseName: name,
    nodeId: `s=${name}`,
    enumeration: words.map((word, value) => ({ displayName: word, value })),
  })
}

function addType(
  addressSpace: AddressSpace,
  namespace: Namespace,
  { name, text, parent, rows, methods }: TypeRow,
  enumerationNodes: Types['enumerations'],
): UAObjectType {
  const di = addressSpace.getNamespaceIndex('http://opcfoundation.org/UA/DI/')
  const base = addressSpace.findObjectType(parent, parent === 'DeviceType' ? di : 0)
  if (base === null) throw new Error(`the object type ${parent} is not loaded`)
  const type = namespace.addObjectType({
    browseName: name,
    nodeId: `s=${name}`,
    description: text,
    subtypeOf: base,
  })
  for (const row of rows) {
    addRow(namespace, { parent: type, id: name, inType: true }, row, enumerationNodes)
  }
  for (const row of methods) addMethod(namespace, { parent: type, id: name, inType: true }, row)
  return type
}

/** The objects inside the types. */
function addParts(namespace: Namespace, objects: Types['objects']): void {
  const add = (
    parent: TypeName,
    browseName: string,
    typeDefinition: UAObjectType | string,
  ): void => {
    namespace.addObject({
      ...{ browseName, typeDefinition, modellingRule: 'Mandatory' },
      componentOf: objects[parent],
      nodeId: `s=${parent}.${browseName}`,
    })
  }
  add('SwitchoverType', 'Pending', objects.PendingType)
  add('PairType', 'Switchover', objects.SwitchoverType)
  add('PairType', 'Units', 'FolderType')
  add('PairType', 'Tags', 'FolderType')
  add('UnitType', 'Paths', 'FolderType')
  for (const unit of ['A', 'B']) {
    namespace.addVariable({
      ...{ browseName: unit, dataType: 'BaseDataType', modellingRule: 'Mandatory' },
      componentOf: objects.TagType,
      nodeId: `s=TagType.${unit}`,
      description: `The value in unit ${unit}.`,
      accessLevel: 'CurrentRead',
      minimumSamplingInterval: 0,
    })
  }
}
