// Every node that a client can find: from the root, over every reference in both directions, in all namespaces.

import {
  BrowseDirection,
  type ClientSession,
  coerceNodeId,
  type NodeClass,
  type NodeId,
  type ReferenceDescription,
} from 'node-opcua'

export type FoundNode = {
  readonly id: NodeId
  readonly nodeClass: NodeClass
  /** Namespace and name. */
  readonly name: string
  /** Objects and types below which it hangs. */
  readonly parents: NodeId[]
}

const atOnce = 1_000
const references = 'i=31'
const hierarchical = 'i=33'

export async function everyNode(session: ClientSession): Promise<readonly FoundNode[]> {
  const found = new Map<string, FoundNode>()
  let front: NodeId[] = [coerceNodeId('i=84')]
  while (front.length > 0) {
    const next: NodeId[] = []
    for (let from = 0; from < front.length; from += atOnce) {
      const some = front.slice(from, from + atOnce)
      for (const [index, list] of (await browse(session, some, references)).entries()) {
        for (const reference of list) {
          if (note(found, reference, some[index])) next.push(idOf(reference))
        }
      }
    }
    front = next
  }
  return [...found.values()]
}

/** True for a node that was not known. */
function note(
  found: Map<string, FoundNode>,
  reference: ReferenceDescription,
  from: NodeId | undefined,
): boolean {
  const id = idOf(reference)
  const known = found.get(id.toString())
  const parent = reference.isForward && from !== undefined ? [from] : []
  if (known !== undefined) {
    known.parents.push(...parent)
    return false
  }
  const { nodeClass, browseName } = reference
  found.set(id.toString(), {
    ...{ id, nodeClass, parents: [...parent] },
    name: `${browseName.namespaceIndex}:${browseName.name}`,
  })
  return true
}

/** References of each node, whole; a method asks for hierarchical ones only. */
export async function browse(
  session: ClientSession,
  nodes: readonly NodeId[],
  referenceTypeId = hierarchical,
): Promise<readonly (readonly ReferenceDescription[])[]> {
  const results = await session.browse(
    nodes.map((nodeId) => ({
      ...{ nodeId, referenceTypeId, includeSubtypes: true, nodeClassMask: 0, resultMask: 63 },
      browseDirection:
        referenceTypeId === references ? BrowseDirection.Both : BrowseDirection.Forward,
    })),
  )
  const lists: ReferenceDescription[][] = []
  for (const { references: first, continuationPoint } of results) {
    const list = [...(first ?? [])]
    let rest = continuationPoint
    while (rest !== undefined && rest !== null && rest.length > 0) {
      const more = await session.browseNext(rest, false)
      list.push(...(more.references ?? []))
      rest = more.continuationPoint
    }
    lists.push(list)
  }
  return lists
}

export const idOf = ({ nodeId }: ReferenceDescription): NodeId => coerceNodeId(nodeId.toString())
