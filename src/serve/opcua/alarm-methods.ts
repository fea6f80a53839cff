// What clients may do to an alarm: acknowledge, confirm, comment, shelve, take out of service. Each becomes an order of the person behind the session; what
// the supervisor has no order for (confirming what was acknowledged) is kept as a comment, and shown here.

import {
  type ISessionContext,
  LocalizedText,
  type StatusCode,
  StatusCodes,
  type UAAlarmConditionEx,
  type UAMethod,
  type Variant,
} from 'node-opcua'
import { type AlarmFace, serviceMethods, shelveMaxMs, shelvingMethods } from './alarm-nodes.ts'
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
}

type Parts = { readonly orders: Orders }
type Handler = (inputs: readonly Variant[], context: ISessionContext) => Promise<StatusCode>

export function bindAlarm(one: Answerable, parts: Parts): void {
  const { node } = one
  bind(node.acknowledge, (inputs, context) => acknowledge(one, parts, inputs, context))
  bind(node.addComment, (inputs, context) => addComment(one, parts, inputs, context))
  if (node.confirm !== undefined) {
    bind(node.confirm, (inputs, context) => confirm(one, parts, inputs, context))
  }
  const [timed, oneShot, unshelve] = shelvingMethods(node)
  if (timed !== undefined) bind(timed, ([time], context) => shelve(one, parts, time, context))
  if (oneShot !== undefined) bind(oneShot, (_inputs, context) => shelveOnce(one, parts, context))
  if (unshelve !== undefined) bind(unshelve, (_inputs, context) => takeBack(one, parts, context))
  for (const name of serviceMethods) {
    const method = node.getMethodByName(name)
    const on = name.startsWith('Remove')
    if (method !== null) {
      bind(method, ([comment], context) => service(one, parts, on, comment, context))
    }
  }
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
  const request = { kind: 'acknowledge', alarm: one.alarm, comment: commentOf(inputs) } as const
  return statusOf(await orders.give(context, request))
}

async function confirm(
  one: Answerable,
  { orders }: Parts,
  inputs: readonly Variant[],
  context: ISessionContext,
): Promise<StatusCode> {
  if (!one.knows(eventOf(inputs))) return StatusCodes.BadEventIdUnknown
  if (one.face()?.confirmed !== false) return StatusCodes.BadConditionBranchAlreadyConfirmed
  const words = commentOf(inputs)
  const comment = words === '' ? 'confirmed' : `confirmed: ${words}`
  const given = await orders.give(context, { kind: 'comment', alarm: one.alarm, comment })
  const face = one.face()
  if (given.code === 'accepted' && face !== undefined) {
    one.put({ ...face, confirmed: true, by: orders.callerOf(context)?.user ?? '', comment })
  }
  return statusOf(given)
}

async function addComment(
  one: Answerable,
  { orders }: Parts,
  inputs: readonly Variant[],
  context: ISessionContext,
): Promise<StatusCode> {
  if (!one.knows(eventOf(inputs))) return StatusCodes.BadEventIdUnknown
  const request = { kind: 'comment', alarm: one.alarm, comment: commentOf(inputs) } as const
  return statusOf(await orders.give(context, request))
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

/** Until the alarm clears, and no longer than any other shelf. */
async function shelveOnce(
  one: Answerable,
  { orders }: Parts,
  context: ISessionContext,
): Promise<StatusCode> {
  if (one.face()?.shelved === true) return StatusCodes.BadConditionAlreadyShelved
  const reason = 'shelved by an OPC UA client until it clears'
  const request = { kind: 'shelve', alarm: one.alarm, minutes: 'once', reason } as const
  return statusOf(await orders.give(context, request))
}

/** Out of service, or back into it. Without a comment the reason is where it came from. */
async function service(
  one: Answerable,
  { orders }: Parts,
  on: boolean,
  comment: Variant | undefined,
  context: ISessionContext,
): Promise<StatusCode> {
  const words = wordsOf(comment)
  const reason = words === '' ? 'ordered by an OPC UA client' : words
  const request = { kind: 'alarm-out-of-service', alarm: one.alarm, on, reason } as const
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

const commentOf = ([, comment]: readonly Variant[]): string => wordsOf(comment)

function wordsOf(comment: Variant | undefined): string {
  const text: unknown = comment?.value
  return text instanceof LocalizedText ? (text.text ?? '') : ''
}
