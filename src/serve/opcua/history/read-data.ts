// Reads of one variable's past: raw values, page by page, as the store answers them.

import {
  HistoryData,
  isMinDate,
  type ReadRawModifiedDetails,
  StatusCodes,
  TimestampsToReturn,
} from 'node-opcua'
import type { ReadQuestion } from '../../history/messages.ts'
import type { RawPosition, RawQuestion } from '../../history/raw.ts'
import { type Asked, type Found, status } from './asked.ts'
import { pastValue } from './past.ts'

/** What is still to be read of one variable. */
export type DataRest = {
  readonly kind: 'raw'
  readonly raw: RawQuestion
  readonly position?: RawPosition
}

export async function firstRaw(
  asked: Asked,
  details: ReadRawModifiedDetails,
): Promise<Found<DataRest>> {
  // Nobody can change what is kept, so nothing is ever modified.
  if (details.isReadModified) return status(StatusCodes.BadHistoryOperationUnsupported)
  const fromMs = timeMs(details.startTime)
  const toMs = timeMs(details.endTime)
  const limit = details.numValuesPerNode
  const given = [fromMs !== undefined, toMs !== undefined, limit > 0].filter((one) => one).length
  if (given < 2) return status(StatusCodes.BadHistoryOperationInvalid)
  const raw = {
    ...{ limit, bounds: details.returnBounds },
    ...(fromMs !== undefined && { fromMs }),
    ...(toMs !== undefined && { toMs }),
  }
  return readOn(asked, { kind: 'raw', raw })
}

export async function readOn(
  { parts, request, nodeId, pageMax }: Asked,
  rest: DataRest,
): Promise<Found<DataRest>> {
  const target = parts.targets.get(nodeId)
  if (target === undefined) return status(StatusCodes.BadNodeIdUnknown)
  const answer = await parts.history.read(questionOf(target.name, rest, pageMax))
  if (answer.kind !== 'raw') return status(StatusCodes.BadResourceUnavailable)
  const { items, next } = answer.page
  const stamps = request.timestampsToReturn ?? TimestampsToReturn.Source
  const dataValues = items.map((item) => pastValue(target, item, stamps))
  return {
    result: {
      statusCode: dataValues.length === 0 ? StatusCodes.GoodNoData : StatusCodes.Good,
      historyData: new HistoryData({ dataValues }),
    },
    ...(next && { rest: { ...rest, position: next } }),
  }
}

const questionOf = (
  series: string,
  { raw, position }: DataRest,
  pageMax: number,
): ReadQuestion => ({ kind: 'raw', series, raw, pageMax, ...(position && { position }) })

/** Unix ms; undefined where the client named no time. */
export const timeMs = (time: Date | null | undefined): number | undefined =>
  time === null || time === undefined || isMinDate(time) ? undefined : time.getTime()
