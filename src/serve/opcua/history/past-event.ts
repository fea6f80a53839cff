// A kept event as the library's filters see it: where clauses and select clauses are evaluated on the fields as they were, not on
// nodes as they are now.

import type { AddressSpace, FilterContext } from 'node-opcua'
import {
  AttributeIds,
  type BrowsePath,
  ContentFilter,
  checkFilter,
  DataType,
  type EventFilter,
  FilterOperator,
  NodeClass,
  NodeId,
  type NodeIdLike,
  type SimpleAttributeOperand,
  type StatusCode,
  StatusCodes,
  sameNodeId,
  Variant,
  validateContentFilter,
} from 'node-opcua'
import { conditionKey, type EventFields, fieldKey, nodeOf } from './event-form.ts'

/** What the library evaluates; anything else it would take for false. */
const operators: readonly FilterOperator[] = [
  ...[FilterOperator.Equals, FilterOperator.GreaterThan, FilterOperator.LessThan],
  ...[FilterOperator.GreaterThanOrEqual, FilterOperator.LessThanOrEqual, FilterOperator.Between],
  ...[FilterOperator.Not, FilterOperator.And, FilterOperator.Or],
  ...[FilterOperator.InList, FilterOperator.OfType],
]

/** Why this filter cannot be answered; undefined when it can. */
export function filterFault({ selectClauses, whereClause }: EventFilter): StatusCode | undefined {
  if (!selectClauses || selectClauses.length === 0) return StatusCodes.BadEventFilterInvalid
  const elements = whereClause?.elements ?? []
  if (elements.some((element) => element && !operators.includes(element.filterOperator))) {
    return StatusCodes.BadFilterOperatorUnsupported
  }
  const status = validateContentFilter(whereClause ?? new ContentFilter({}))
  return status.isGood() ? undefined : status
}

/** The fields that the client selected, in its order; undefined when the where clause excludes the event. */
export function selected(
  addressSpace: AddressSpace,
  { selectClauses, whereClause }: EventFilter,
  fields: EventFields,
): readonly Variant[] | undefined {
  const past = new PastEvent(addressSpace, fields)
  if (whereClause && !checkFilter(past, whereClause)) return undefined
  return (selectClauses ?? []).map((clause) => fieldOf(clause, fields))
}

function fieldOf(
  { attributeId, browsePath }: SimpleAttributeOperand,
  fields: EventFields,
): Variant {
  const path = browsePath ?? []
  if (path.length === 0) {
    const condition = attributeId === AttributeIds.NodeId ? fields.get(conditionKey) : undefined
    return condition ?? new Variant()
  }
  if (attributeId !== AttributeIds.Value) return new Variant()
  return fields.get(fieldKey(path.map(String))) ?? new Variant()
}

/** Fields are named by NodeIds of their own here, because that is how the library asks for them. */
const fieldsNamespace = 0xffff
const fieldNode = (key: string): NodeId =>
  new NodeId(NodeId.NodeIdType.STRING, key, fieldsNamespace)

class PastEvent implements FilterContext {
  readonly eventSource: NodeId
  readonly #addressSpace: AddressSpace
  readonly #fields: EventFields
  readonly #type: NodeId
  readonly #isCondition: boolean

  constructor(addressSpace: AddressSpace, fields: EventFields) {
    this.#addressSpace = addressSpace
    this.#fields = fields
    this.#type = nodeOf(fields, 'eventtype')
    this.#isCondition = fields.has(conditionKey)
    this.eventSource = this.#isCondition ? nodeOf(fields, conditionKey) : this.#type
  }

  isSubtypeOf(nodeId: NodeId, baseType: NodeId): boolean {
    const [type, base] = [nodeId, baseType].map((id) => this.#addressSpace.findObjectType(id))
    return type && base ? type.isSubtypeOf(base) : false
  }

  getTypeDefinition(nodeId: NodeId): NodeId | null {
    return this.#isCondition && sameNodeId(nodeId, this.eventSource) ? this.#type : null
  }

  readNodeValue(nodeId: NodeIdLike): Variant {
    const key = nodeId instanceof NodeId ? String(nodeId.value) : ''
    return this.#fields.get(key) ?? new Variant({ dataType: DataType.Null })
  }

  getNodeClass(nodeId: NodeId): NodeClass {
    if (nodeId.namespace === fieldsNamespace) return NodeClass.Variable
    if (this.#isCondition && sameNodeId(nodeId, this.eventSource)) return NodeClass.Object
    return this.#addressSpace.findNode(nodeId)?.nodeClass ?? NodeClass.Unspecified
  }

  browsePath({ relativePath }: BrowsePath): NodeId | null {
    const path = relativePath.elements?.map(({ targetName }) => String(targetName)) ?? []
    const key = fieldKey(path)
    return this.#fields.has(key) ? fieldNode(key) : null
  }
}
