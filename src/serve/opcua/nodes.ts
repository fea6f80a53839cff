// Makes single variables and methods from rows of the model: in a type, where they carry a modelling rule, or in the plant.

import {
  DataType,
  type Namespace,
  type NodeId,
  standardUnits,
  type UAMethod,
  type UAObject,
  type UAObjectType,
  type UAVariable,
} from 'node-opcua'
import { callPermissions } from './permissions.ts'
import {
  type EnumerationName,
  isEnumeration,
  type MethodRow,
  type Row,
  type RowType,
  type UnitWord,
} from './rows.ts'

export type Place = {
  readonly parent: UAObject | UAObjectType
  /** NodeId name of the parent. */
  readonly id: string
  readonly inType: boolean
}

export type EnumerationNodes = Readonly<Record<EnumerationName, NodeId>>

export function addRow(
  namespace: Namespace,
  place: Place,
  row: Omit<Row<never>, 'of'>,
  enumerations: EnumerationNodes,
): UAVariable {
  const { name, type, list, units, range, text } = row
  const node = namespace.addVariable({
    ...common(place, name),
    componentOf: place.parent,
    description: text,
    dataType: isEnumeration(type) ? enumerations[type] : type,
    valueRank: list ? 1 : -1,
    ...(list && { arrayDimensions: [0] }),
    ...(units !== undefined && {
      typeDefinition: range === undefined ? 'AnalogUnitType' : 'AnalogUnitRangeType',
    }),
    ...{ accessLevel: 'CurrentRead', minimumSamplingInterval: 0 },
  })
  if (units !== undefined) {
    addUnits(namespace, node, `${place.id}.${name}`, standardUnits[unitNames[units]], place.inType)
  }
  if (range !== undefined) addRange(namespace, node, `${place.id}.${name}`, range, place.inType)
  return node
}

/** Engineering units of a number, from our own list or as the plant file writes them. */
export function addUnits(
  namespace: Namespace,
  parent: UAVariable,
  id: string,
  units: object,
  inType = false,
): void {
  namespace.addVariable({
    browseName: { name: 'EngineeringUnits', namespaceIndex: 0 },
    nodeId: `s=${id}.EngineeringUnits`,
    propertyOf: parent,
    dataType: 'EUInformation',
    ...(inType && { modellingRule: 'Mandatory' }),
    accessLevel: 'CurrentRead',
    value: { dataType: DataType.ExtensionObject, value: units },
  })
}

function addRange(
  namespace: Namespace,
  parent: UAVariable,
  id: string,
  [low, high]: readonly [number, number],
  inType: boolean,
): void {
  const range = namespace.addressSpace.constructExtensionObject(rangeType(namespace), { low, high })
  namespace.addVariable({
    browseName: { name: 'EURange', namespaceIndex: 0 },
    nodeId: `s=${id}.EURange`,
    propertyOf: parent,
    dataType: 'Range',
    ...(inType && { modellingRule: 'Mandatory' }),
    accessLevel: 'CurrentRead',
    value: { dataType: DataType.ExtensionObject, value: range },
  })
}

export function addMethod(
  namespace: Namespace,
  place: Place,
  { name, text, takes, gives, right }: MethodRow,
): UAMethod {
  return namespace.addMethod(place.parent, {
    ...common(place, name),
    description: text,
    inputArguments: takes.map(argument),
    outputArguments: gives.map(argument),
    rolePermissions: callPermissions(right),
  })
}

const argument = ({ name, type, list, text }: MethodRow['takes'][number]) => ({
  ...{ name, dataType: DataType[type], description: text },
  valueRank: list ? 1 : -1,
  ...(list && { arrayDimensions: [0] }),
})

const common = ({ id, inType }: Place, name: string) => ({
  browseName: name,
  nodeId: `s=${id}.${name}`,
  ...(inType && { modellingRule: 'Mandatory' as const }),
})

const unitNames = {
  ms: 'millisecond',
  s: 'second',
  '%': 'percent',
} as const satisfies Readonly<Record<UnitWord, keyof typeof standardUnits>>

function rangeType({ addressSpace }: Namespace) {
  const type = addressSpace.findDataType('Range')
  if (type === null) throw new Error('the data type Range is not loaded')
  return type
}

/** The type of a value on the wire. */
export const wireType = (type: RowType): DataType =>
  isEnumeration(type) ? DataType.Int32 : DataType[type]
