// The signals of one path as nodes of one server: what is put into a request, how an answer becomes a value, and how many of
// them the server takes at once.

import type { ReadValueId } from 'node-opcua'
import type { Value } from '../../core/image.ts'
import type { NodeSignal } from '../../core/plant.ts'
import { unknown } from '../meaning.ts'
import type { Library } from './library.ts'
import type { Line, Reply } from './line.ts'
import { type Answer, nodeDecoder } from './variant.ts'

export type Node = {
  readonly key: string
  readonly toRead: ReadValueId
  readonly decode: (answer: Answer | undefined) => Value
}

/** The values of some nodes as one request brought them, by key. */
export type Reading = {
  readonly values: ReadonlyMap<string, Value>
  /** When the server says that it answered, ms of its own clock. */
  readonly stampMs: number | undefined
}

/** How many nodes a server takes in one request. */
export type Limits = { readonly readMax: number; readonly itemsMax: number }

/** A text that is no NodeId makes a node whose value is never known. */
export function nodeOf(library: Library, signal: NodeSignal): Node {
  const { key, node } = signal
  try {
    return { key, toRead: valueIdOf(library, node), decode: nodeDecoder(signal) }
  } catch {
    const why = unknown(`${node} is not a NodeId`)
    return { key, toRead: valueIdOf(library, 'i=0'), decode: () => why }
  }
}

/** The value attribute of a node, to be read. */
export const valueIdOf = (library: Library, node: string): ReadValueId =>
  new library.ReadValueId({
    nodeId: library.coerceNodeId(node),
    attributeId: library.AttributeIds.Value,
  })

/** Reads some nodes in one request, which the caller keeps within the server's limit. */
export async function readNodes(
  line: Line,
  nodes: readonly Node[],
  timeoutMs: number,
): Promise<Reply<Reading>> {
  const reply = await askValues(
    line,
    nodes.map((node) => node.toRead),
    timeoutMs,
  )
  if (reply.kind === 'failed') return reply
  const { answers, stampMs } = reply.response
  const values = new Map(nodes.map((node, index) => [node.key, node.decode(answers[index])]))
  return { ...reply, response: { values, stampMs } }
}

/** Reads values as the server gives them; always as many answers as were asked for. */
export async function askValues(
  line: Line,
  nodesToRead: readonly ReadValueId[],
  timeoutMs: number,
): Promise<Reply<{ readonly answers: readonly Answer[]; readonly stampMs: number | undefined }>> {
  const { ReadRequest, ReadResponse, TimestampsToReturn } = line.library
  const request = new ReadRequest({
    // No cached value: one that the server asks its source for now.
    maxAge: 0,
    timestampsToReturn: TimestampsToReturn.Neither,
    nodesToRead: [...nodesToRead],
  })
  const reply = await line.ask(request, ReadResponse, timeoutMs)
  if (reply.kind === 'failed') return reply
  const answers = reply.response.results ?? []
  if (answers.length !== nodesToRead.length) {
    const { sentMs, receivedMs } = reply
    const detail = `${answers.length} values instead of ${nodesToRead.length}`
    return { kind: 'failed', fault: 'bad-answer', detail, left: true, sentMs, receivedMs }
  }
  const stampMs = stampOf(reply.response.responseHeader.timestamp)
  return { ...reply, response: { answers, stampMs } }
}

/** A server's time stamp in ms; undefined where it gives none. */
export const stampOf = (stamp: Date | null | undefined): number | undefined => {
  const stampMs = stamp?.getTime()
  return stampMs !== undefined && stampMs > 0 ? stampMs : undefined
}

/** OperationLimits of the server object: MaxNodesPerRead and MaxMonitoredItemsPerCall. */
const limitNodes = ['i=11705', 'i=11714']
/** What we ask for at most, and of a server that names no limit. */
const perRequestMax = 1000

/** Asks the server how much it takes; one that doesn't say is not asked for more than 1000 at once. */
export async function readLimits(line: Line, timeoutMs: number): Promise<Reply<Limits>> {
  const toRead = limitNodes.map((node) => valueIdOf(line.library, node))
  const reply = await askValues(line, toRead, timeoutMs)
  if (reply.kind === 'failed') return reply
  const [readMax = perRequestMax, itemsMax = perRequestMax] = reply.response.answers.map(limitOf)
  return { ...reply, response: { readMax, itemsMax } }
}

function limitOf(answer: Answer): number {
  const limit = answer.value?.value
  // Zero means that there is no limit.
  return typeof limit === 'number' && limit > 0 ? Math.min(limit, perRequestMax) : perRequestMax
}
