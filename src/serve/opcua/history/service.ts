// HistoryRead for the whole server. The library reads history node by node, keeps everything it found for each client, and goes on
// after it has refused; so the request is answered here, in one place, from the store.

import {
  type BaseNode,
  HistoryReadResult,
  type HistoryReadValueId,
  NodeClass,
  type OPCUAServer,
  PermissionType,
  ReadAtTimeDetails,
  ReadEventDetails,
  ReadProcessedDetails,
  ReadRawModifiedDetails,
  type StatusCode,
  StatusCodes,
  TimestampsToReturn,
} from 'node-opcua'
import { type Asked, type Found, type ServiceParts, status, valuesMax } from './asked.ts'
import { openPoints, type Points } from './continuation.ts'
import { type DataRest, firstRaw, readOn } from './read-data.ts'
import { type EventRest, eventsOn, firstEvents } from './read-events.ts'
import { firstAtTimes, firstProcessed, type ResultRest, resultsOn } from './read-processed.ts'

/** What is left of a read, and of which node. */
type Left = DataRest | ResultRest | EventRest
type Rest = { readonly node: string; readonly left: Left }

/** Values in one answer, over all of its nodes. */
const answerMax = 50_000
const points = { pointsMax: 100, keepMs: 600_000 }

export function serveHistory({ engine }: OPCUAServer, parts: ServiceParts): void {
  const kept = openPoints<Rest>(points)
  engine.historyRead = async (context, request) => {
    const nodes = request.nodesToRead ?? []
    const pageMax = Math.max(1, Math.min(valuesMax, Math.floor(answerMax / nodes.length)))
    const results: HistoryReadResult[] = []
    // One after the other: the store reads one at a time anyway, and nobody's answer is held twice.
    for (const [index, node] of nodes.entries()) {
      const nodeId = node.nodeId.toString()
      const asked = { parts, context, request, index, nodeId, pageMax }
      results.push(await answer(asked, node, kept, results))
    }
    return results
  }
}

async function answer(
  asked: Asked,
  value: HistoryReadValueId,
  points: Points<Rest>,
  results: object,
): Promise<HistoryReadResult> {
  const { context, request } = asked
  const session = context.session ?? asked.parts
  const point = value.continuationPoint
  const rest = point?.length > 0 ? points.take(session, point) : undefined
  // A point that is released needs no more than to be gone.
  if (request.releaseContinuationPoints) return bad(StatusCodes.Good)
  if (point?.length > 0 && rest?.node !== asked.nodeId) {
    return bad(StatusCodes.BadContinuationPointInvalid)
  }
  const refusal = refusalOf(asked, value)
  if (refusal !== undefined) return bad(refusal)
  const found = await (rest === undefined ? first(asked) : goOn(asked, rest.left))
  if (found.rest === undefined) return new HistoryReadResult(found.result)
  const next = points.give(session, { node: asked.nodeId, left: found.rest }, results)
  if (next === undefined) return bad(StatusCodes.BadNoContinuationPoints)
  return new HistoryReadResult({ ...found.result, continuationPoint: next })
}

async function first(asked: Asked): Promise<Found<Left>> {
  const { historyReadDetails: details } = asked.request
  if (details instanceof ReadRawModifiedDetails) return firstRaw(asked, details)
  if (details instanceof ReadEventDetails) return firstEvents(asked, details)
  if (details instanceof ReadProcessedDetails) return firstProcessed(asked, details)
  if (details instanceof ReadAtTimeDetails) return firstAtTimes(asked, details)
  return status(StatusCodes.BadHistoryOperationUnsupported)
}

function goOn(asked: Asked, left: Left): Promise<Found<Left>> {
  if (left.kind === 'raw') return readOn(asked, left)
  return left.kind === 'events' ? eventsOn(asked, left) : resultsOn(asked, left)
}

/** Why this node is not read at all. */
function refusalOf(
  { parts, context, request }: Asked,
  { nodeId, indexRange, dataEncoding }: HistoryReadValueId,
): StatusCode | undefined {
  const node = parts.addressSpace.findNode(nodeId)
  if (node === null) return StatusCodes.BadNodeIdUnknown
  if (!context.checkPermission(node, PermissionType.ReadHistory)) {
    return StatusCodes.BadUserAccessDenied
  }
  const wantsEvents = request.historyReadDetails instanceof ReadEventDetails
  if (!hasHistory(parts, node, wantsEvents)) return StatusCodes.BadHistoryOperationUnsupported
  if (indexRange !== null && !indexRange.isEmpty()) return StatusCodes.BadIndexRangeNoData
  if (!isBinary(dataEncoding?.name)) return StatusCodes.BadDataEncodingUnsupported
  return request.timestampsToReturn === TimestampsToReturn.Neither
    ? StatusCodes.BadTimestampsToReturnInvalid
    : undefined
}

function hasHistory(
  { targets, notifiers }: ServiceParts,
  { nodeClass, nodeId }: BaseNode,
  events: boolean,
): boolean {
  if (events) return nodeClass === NodeClass.Object && notifiers.has(nodeId.toString())
  return nodeClass === NodeClass.Variable && targets.get(nodeId.toString())?.kept !== undefined
}

const isBinary = (name: string | null | undefined): boolean =>
  name === null || name === undefined || name === '' || name === 'Default Binary'

const bad = (statusCode: StatusCode): HistoryReadResult => new HistoryReadResult({ statusCode })
