// Reads of what is made of one variable's past: aggregates by interval, and the values at given times.

import {
  AggregateFunction,
  DataType,
  DataValue,
  HistoryData,
  type NodeId,
  type ReadAtTimeDetails,
  type ReadProcessedDetails,
  StatusCode,
  StatusCodes,
  TimestampsToReturn,
  Variant,
} from 'node-opcua'
import {
  type AggregateName,
  aggregateNames,
  aggregates,
  isForWords,
  type Judging,
  type Result,
} from '../../history/aggregates.ts'
import type { ReadQuestion } from '../../history/messages.ts'
import type { ProcessedQuestion } from '../../history/processed.ts'
import type { Target } from '../space.ts'
import { type Asked, type Found, status } from './asked.ts'
import { stampsOf, variantOf } from './past.ts'
import { timeMs } from './read-data.ts'

/** What is still to be made. */
export type ResultRest =
  | { readonly kind: 'processed'; readonly processed: ProcessedQuestion; readonly first: number }
  | {
      readonly kind: 'times'
      readonly timesMs: readonly number[]
      readonly simple: boolean
      readonly first: number
    }

/** Times in one question. */
const timesMax = 10_000

export async function firstProcessed(
  asked: Asked,
  details: ReadProcessedDetails,
): Promise<Found<ResultRest>> {
  const { parts, index, nodeId, request } = asked
  const types = details.aggregateType ?? []
  if (types.length !== request.nodesToRead?.length) {
    return status(StatusCodes.BadAggregateListMismatch)
  }
  const target = parts.targets.get(nodeId)
  const aggregate = nameOf(types[index])
  if (target === undefined || aggregate === undefined || !isOffered(aggregate, target)) {
    return status(StatusCodes.BadAggregateNotSupported)
  }
  const judging = judgingOf(details)
  const everyMs = details.processingInterval
  if (judging === undefined || !(everyMs >= 0)) return status(StatusCodes.BadAggregateInvalidInputs)
  const [fromMs, toMs] = [timeMs(details.startTime), timeMs(details.endTime)]
  if (fromMs === undefined || toMs === undefined || fromMs === toMs) {
    return status(StatusCodes.BadInvalidArgument)
  }
  const processed = { aggregate, fromMs, toMs, everyMs, judging }
  return resultsOn(asked, { kind: 'processed', processed, first: 0 })
}

export async function firstAtTimes(
  asked: Asked,
  { reqTimes, useSimpleBounds: simple }: ReadAtTimeDetails,
): Promise<Found<ResultRest>> {
  const timesMs = (reqTimes ?? []).map((time) => time?.getTime() ?? Number.NaN)
  if (timesMs.length === 0 || timesMs.some(Number.isNaN)) {
    return status(StatusCodes.BadInvalidTimestampArgument)
  }
  if (timesMs.length > timesMax) return status(StatusCodes.BadTooManyOperations)
  return resultsOn(asked, { kind: 'times', timesMs, simple, first: 0 })
}

export async function resultsOn(
  { parts, request, nodeId, pageMax }: Asked,
  rest: ResultRest,
): Promise<Found<ResultRest>> {
  const target = parts.targets.get(nodeId)
  if (target === undefined) return status(StatusCodes.BadNodeIdUnknown)
  const question: ReadQuestion = { ...rest, series: target.name, pageMax }
  const answer = await parts.history.read(question)
  if (answer.kind !== 'results') return status(StatusCodes.BadResourceUnavailable)
  const { results, next } = answer.page
  const stamps = request.timestampsToReturn ?? TimestampsToReturn.Source
  const name = rest.kind === 'processed' ? rest.processed.aggregate : 'Interpolative'
  const dataValues = results.map((one) => dataValueOf(target, name, one, stamps))
  return {
    result: { statusCode: StatusCodes.Good, historyData: new HistoryData({ dataValues }) },
    ...(next !== undefined && { rest: { ...rest, first: next } }),
  }
}

/** Every aggregate that is offered, as its node of the standard. */
export const aggregateNodes = (): readonly AggregateFunction[] =>
  aggregateNames.map((name) => AggregateFunction[name])

const nameOf = (type: NodeId | undefined): AggregateName | undefined =>
  type?.namespace === 0
    ? aggregateNames.find((name) => Number(AggregateFunction[name]) === type.value)
    : undefined

/** Switches and words have no average. */
const isOffered = (name: AggregateName, { wire, enumeration }: Target): boolean =>
  isForWords(name) || (wire !== DataType.Boolean && wire !== DataType.String && !enumeration)

/** Undefined where the shares contradict each other. */
function judgingOf({ aggregateConfiguration: given }: ReadProcessedDetails): Judging | undefined {
  if (given === null || given === undefined || given.useServerCapabilitiesDefaults) {
    return { strict: true, badPct: 100, goodPct: 100 }
  }
  const { treatUncertainAsBad: strict, percentDataBad: badPct, percentDataGood: goodPct } = given
  const right = badPct <= 100 && goodPct <= 100 && goodPct >= 100 - badPct
  return right ? { strict, badPct, goodPct } : undefined
}

function dataValueOf(
  target: Target,
  name: AggregateName,
  result: Result,
  stamps: TimestampsToReturn,
): DataValue {
  const bits =
    infoBits[result.made] |
    (result.partial ? infoBits.partial : 0) |
    (result.several ? infoBits.several : 0)
  const base = StatusCodes[result.status]
  return new DataValue({
    value: variantFor(target, name, result),
    statusCode: bits === 0 ? base : StatusCode.makeStatusCode(base, bits),
    ...stampsOf(result.atMs, stamps),
  })
}

function variantFor(target: Target, name: AggregateName, { value }: Result): Variant {
  const { kind } = aggregates[name]
  if (value === null) return new Variant()
  if (kind === 'same') return variantOf(target, value)
  return new Variant({ dataType: kind === 'count' ? DataType.Int32 : DataType.Double, value })
}

/** Part 4, 7.39: how a value of history came about. */
const infoBits = { raw: 0, calculated: 1, interpolated: 2, partial: 4, several: 16 } as const
