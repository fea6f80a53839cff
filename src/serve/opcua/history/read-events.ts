// Reads of past events: those of one notifier, in the order of time, as far as the person may receive them and the filter wants them.

import {
  type AddressSpace,
  type EventFilter,
  type ExtensionObject,
  type ISessionContext,
  PermissionType,
  type ReadEventDetails,
  resolveNodeId,
  StatusCodes,
  type Variant,
} from 'node-opcua'
import type { StoredEvent } from '../../history/store.ts'
import { refuseCostly } from '../filter-cost.ts'
import { type Asked, type Found, status } from './asked.ts'
import { decodeFields } from './event-form.ts'
import { filterFault, selected } from './past-event.ts'
import { timeMs } from './read-data.ts'

/** What is still to be read. */
export type EventRest = {
  readonly kind: 'events'
  readonly fromMs: number
  readonly toMs: number
  readonly newestFirst: boolean
  readonly filter: EventFilter
  /** Events wanted at once; 0: as many as fit. */
  readonly limit: number
  /** Only so many are wanted in all. */
  readonly counted: boolean
  readonly after?: { readonly atMs: number; readonly id: number }
}

/** Events that are looked at for one answer; a filter may let none of them through. */
const lookedMax = 5_000
/** A filter is evaluated for many events at once here: simpler than one that waits for each. */
const costMax = 100
const atOnce = 500

export async function firstEvents(
  asked: Asked,
  details: ReadEventDetails,
): Promise<Found<EventRest>> {
  const { filter, numValuesPerNode: limit } = details
  refuseCostly(filter, costMax)
  const fault = filterFault(filter)
  if (fault !== undefined) return status(fault)
  const [fromMs, toMs] = [timeMs(details.startTime), timeMs(details.endTime)]
  const given = [fromMs !== undefined, toMs !== undefined, limit > 0].filter((one) => one).length
  if (given < 2) return status(StatusCodes.BadHistoryOperationInvalid)
  return eventsOn(asked, { kind: 'events', filter, limit, ...rangeOf(fromMs, toMs) })
}

/** Part 11, 6.5.2.2: the same ranges as with values; a single instant includes itself. */
function rangeOf(fromMs: number | undefined, toMs: number | undefined) {
  if (fromMs === undefined) {
    const to = Number.MIN_SAFE_INTEGER
    return { fromMs: toMs ?? 0, toMs: to, newestFirst: true, counted: true }
  }
  if (toMs === undefined) {
    return { fromMs, toMs: Number.MAX_SAFE_INTEGER, newestFirst: false, counted: true }
  }
  const end = fromMs === toMs ? toMs + 1 : toMs
  return { fromMs, toMs: end, newestFirst: toMs < fromMs, counted: false }
}

export async function eventsOn(asked: Asked, rest: EventRest): Promise<Found<EventRest>> {
  const { parts, context, nodeId, pageMax } = asked
  const wanted = rest.limit > 0 ? Math.min(rest.limit, pageMax) : pageMax
  const found: (readonly Variant[])[] = []
  let after = rest.after
  let looked = 0
  let more = true
  while (more && found.length < wanted && looked < lookedMax) {
    const { fromMs, toMs, newestFirst } = rest
    const answer = await parts.history.read({
      ...{ kind: 'events', fromMs, toMs, newestFirst, limit: atOnce },
      ...(after && { after }),
    })
    if (answer.kind !== 'events') return status(StatusCodes.BadResourceUnavailable)
    more = answer.events.length === atOnce
    for (const event of answer.events) {
      if (found.length === wanted) {
        more = true
        break
      }
      after = { atMs: event.atMs, id: event.id }
      looked += 1
      const fields = fieldsFor(asked, event, rest.filter, nodeId, context)
      if (fields !== undefined) found.push(fields)
    }
  }
  const left = rest.counted ? rest.limit - found.length : rest.limit
  const goesOn = more && after !== undefined && !(rest.counted && left <= 0)
  // An empty last page does not say that there was nothing.
  const nothing = found.length === 0 && !goesOn && rest.after === undefined
  return {
    result: {
      statusCode: nothing ? StatusCodes.GoodNoData : StatusCodes.Good,
      historyData: historyEvent(parts.addressSpace, found),
    },
    ...(goesOn && after && { rest: { ...rest, limit: left, after } }),
  }
}

/** What the client gets of the event; undefined for one that it does not get. */
function fieldsFor(
  { parts }: Asked,
  { type, source, fields }: StoredEvent,
  filter: EventFilter,
  notifier: string,
  context: ISessionContext,
): readonly Variant[] | undefined {
  const { addressSpace, rootNotifier } = parts
  const everything = notifier === serverNode || notifier === rootNotifier
  if (!everything && notifier !== source) return undefined
  if (!mayReceive(addressSpace, context, type) || !mayReceive(addressSpace, context, source)) {
    return undefined
  }
  return selected(addressSpace, filter, decodeFields(fields))
}

/** As with events that are raised now: by the permissions of the type and of the source. */
function mayReceive(addressSpace: AddressSpace, context: ISessionContext, node: string): boolean {
  const found = addressSpace.findNode(node)
  return found === null || context.checkPermission(found, PermissionType.ReceiveEvents)
}

const serverNode = resolveNodeId('Server').toString()

/** The library has this structure and does not hand out its class. */
function historyEvent(
  addressSpace: AddressSpace,
  events: readonly (readonly Variant[])[],
): ExtensionObject {
  const type = addressSpace.findDataType('HistoryEvent')
  if (type === null) throw new Error('the data type HistoryEvent is not loaded')
  return addressSpace.constructExtensionObject(type, {
    events: events.map((eventFields) => ({ eventFields })),
  })
}
