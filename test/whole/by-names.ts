// Finds nodes as a client does that knows nothing of NodeIds: from the Objects folder, name by name.

import assert from 'node:assert/strict'
import {
  type CallMethodResult,
  type ClientSession,
  DataType,
  type NodeId,
  Variant,
} from 'node-opcua'
import { browse, idOf } from '../serve/opcua/address-space.ts'
import { objectsFolder } from '../serve/opcua/client.ts'

/** The node with these browse names, each below the one before. */
export async function nodeAt(session: ClientSession, ...names: readonly string[]): Promise<NodeId> {
  let node: NodeId = objectsFolder
  for (const [index, name] of names.entries()) {
    const [children = []] = await browse(session, [node])
    const found = children.find(({ browseName }) => browseName.name === name)
    assert.ok(found, `no ${name} below ${names.slice(0, index).join('.') || 'Objects'}`)
    node = idOf(found)
  }
  return node
}

export async function valueAt(
  session: ClientSession,
  ...names: readonly string[]
): Promise<unknown> {
  const { value } = await session.read({ nodeId: await nodeAt(session, ...names), attributeId: 13 })
  return value.value
}

/** Calls the method with texts: the last of the names, on the object before it. */
export async function callAt(
  session: ClientSession,
  names: readonly string[],
  texts: readonly string[],
): Promise<CallMethodResult> {
  return session.call({
    objectId: await nodeAt(session, ...names.slice(0, -1)),
    methodId: await nodeAt(session, ...names),
    inputArguments: texts.map((value) => new Variant({ dataType: DataType.String, value })),
  })
}
