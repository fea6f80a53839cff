// The object types and enumerations of our namespace, made from the rows of the model. They tell clients what there is; the nodes
// of the plant are made in space.ts from the same rows. The exported NodeSet holds exactly these types.

import type { AddressSpace, Namespace, NodeId, UADataType, UAObjectType } from 'node-opcua'
import { addAlarmType } from './alarm-nodes.ts'
import { type TypeName, typeRows } from './model.ts'
import { addMethod, addRow } from './nodes.ts'
import { type EnumerationName, enumerations } from './rows.ts'

export type Types = {
  readonly objects: Readonly<Record<TypeName, UAObjectType>>
  readonly enumerations: Readonly<Record<EnumerationName, NodeId>>
  readonly alarm: UAObjectType
}

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
  { name, text, parent, rows, methods }: (typeof typeRows)[number],
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
