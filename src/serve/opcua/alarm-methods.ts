// What clients may do to an alarm: acknowledge, confirm, comment, shelve. Each becomes an order of the person behind the session; what
// the supervisor has no order for (confirming what was acknowledged, a comment) is written to the journal and shown.

import {
  type ISessionContext,
  LocalizedText,
  type StatusCode,
  StatusCodes,
  type UAAlarmConditionEx,
  type UAMethod,
  type Variant,
} from 'node-opcua'
import { type AlarmFace, shelveMaxMs, shelvingMethods } from './alarm-nodes.ts'
import type { ToMain } from './messages.ts'
import { type Orders, statusOf } from './orders.ts'

/** An alarm as its methods see it. */
export type Answerable = {
  readonly node: UAAlarmConditionEx
  readonly alarm: string
  /** What is shown now; undefined while the alarm is over. */
  face(): AlarmFace | undefined
  /** Whether this event told of the alarm since it was raised. */
  knows(event: string): boolean
  /** Shows another face, with an event. */
  put(face: AlarmFace): void
  /** What the next event says of who did it. */
  credit(by: string, comment: string): void
}

type Parts = { readonly orders: Orders; readonly send: (message: ToMain) => void }
type Handler = (inputs: readonly Variant[], context: ISessionContext) => Promise<StatusCode>

export function bindAlarm(one: Answerable, parts: Parts): void {
  const { node } = one
  bind(node.acknowledge, (inputs, context) => acknowledge(one, parts, inputs, context))
  bind(node.addComment, async (inputs, context) =>
    note(one, parts, inputs, context, 'commented on'),
  )
  if (node.confirm !== undefined) {
    bind(node.confirm, async (inputs, context) => confirm(one, parts, inputs, context))
  }
  const [timed, oneShot, unshelve] = shelvingMethods(node)
  if (timed !== undefined) bind(timed, ([time], context) => shelve(one, parts, time, context))
  // A shelf has an end and a reason here; one that lasts until the alarm returns has neither.
  if (oneShot !== undefined) bind(oneShot, async () => StatusCodes.BadNotSupported)
  if (unshelve !== undefined) bind(unshelve, (_inputs, context) => takeBack(one, parts, context))
}

function bind(method: UAMethod, handle: Handler): void {
  method.bindMethod(async (inputs: Variant[], context: ISessionContext) => ({
    statusCode: await handle(inputs, context),
    outputArguments: [],
  }))
}

async function acknowledge(
  one: Answerable,
  { orders }: Parts,
  inputs: readonly Variant[],
  context: ISessionContext,
): Promise<StatusCode> {
  if (!one.knows(eventOf(inputs))) return StatusCodes.BadEventIdUnknown
  if (one.face()?.acknowledged === true) return StatusCodes.BadConditionBranchAlreadyAcked
  const comment = commentOf(inputs)
  const given = await orders.give(context, { kind: 'acknowledge', alarm: one.alarm, comment })
  if (given.code === 'accepted') one.credit(orders.callerOf(context)?.user ?? '', comment)
  return statusOf(given)
}

function confirm(
  one: Answerable,
  parts: Parts,
  inputs: readonly Variant[],
  context: ISessionContext,
): StatusCode {
  if (!one.knows(eventOf(inputs))) return StatusCodes.BadEventIdUnknown
  if (one.face()?.confirmed !== false) return StatusCodes.BadConditionBranchAlreadyConfirmed
  return note(one, parts, inputs, context, 'confirmed', { confirmed: true })
}

/** Shows and records what a person did that needs no order. */
function note(
  one: Answerable,
  { orders, send }: Parts,
  inputs: readonly Variant[],
  context: ISessionContext,
  done: string,
  change: Partial<AlarmFace> = {},
): StatusCode {
  if (!one.knows(eventOf(inputs))) return StatusCodes.BadEventIdUnknown
  const caller = orders.callerOf(context)
  const face = one.face()
  if (caller === undefined || face === undefined) return StatusCodes.BadUserAccessDenied
  const comment = commentOf(inputs)
  if (!/^\P{Cc}{0,500}$/u.test(comment)) return StatusCodes.BadInvalidArgument
  const { user, session } = caller
  const text = `${user} (opcua ${session}) ${done} ${one.alarm}${comment === '' ? '' : `: ${comment}`}`
  send({ kind: 'audit', text, data: { user, session, alarm: one.alarm, comment } })
  one.put({ ...face, ...change, by: user, comment })
  return StatusCodes.Good
}

async function shelve(
  one: Answerable,
  { orders }: Parts,
  time: Variant | undefined,
  context: ISessionContext,
): Promise<StatusCode> {
  const timeMs = Number(time?.value)
  if (one.face()?.shelved === true) return StatusCodes.BadConditionAlreadyShelved
  if (!(timeMs > 0 && timeMs <= shelveMaxMs)) return StatusCodes.BadShelvingTimeOutOfRange
  const minutes = Math.ceil(timeMs / 60_000)
  const reason = 'shelved by an OPC UA client'
  const request = { kind: 'shelve', alarm: one.alarm, minutes, reason } as const
  return statusOf(await orders.give(context, request))
}

async function takeBack(
  one: Answerable,
  { orders }: Parts,
  context: ISessionContext,
): Promise<StatusCode> {
  if (one.face()?.shelved !== true) return StatusCodes.BadConditionNotShelved
  const reason = 'taken back by an OPC UA client'
  const request = { kind: 'shelve', alarm: one.alarm, minutes: 0, reason } as const
  return statusOf(await orders.give(context, request))
}

function eventOf([event]: readonly Variant[]): string {
  const id: unknown = event?.value
  return Buffer.isBuffer(id) ? id.toString('hex') : ''
}

function commentOf([, comment]: readonly Variant[]): string {
  const text: unknown = comment?.value
  return text instanceof LocalizedText ? (text.text ?? '') : ''
}
