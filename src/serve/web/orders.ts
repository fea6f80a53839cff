// Requests that order something: checked for form, turned into an order, and answered with what the supervisor said. Nothing
// here decides about the plant; only passwords are checked here, because the cycle must not wait for a hash.

import type { z } from 'zod'
import type { Answer, OrderBody } from '../../core/cycle.ts'
import { unknownName } from '../nearest.ts'
import { checkPersons } from '../persons.ts'
import {
  alarmServiceBody,
  checked,
  commentBody,
  confirmBody,
  emptyBody,
  handoverBody,
  lockoutBody,
  neededCommentBody,
  prepareBody,
  qualifiedBody,
  reasonBody,
  resolveBody,
  shelveBody,
  unitParameter,
} from './bodies.ts'
import { withBody } from './handler.ts'
import type { Call, Handler, Told, WebParts } from './parts.ts'
import { good, type Reply, refuse, refuseForNow, replyTo } from './replies.ts'

export const prepare = order(
  prepareBody,
  {
    says: 'Order a switchover; with `dryRun` only say what stands against it. `overrides` names the gates to be overridden, with the right for it.',
    answers: '`{ id, text }`, or for a dry run `{ text, obstacles }`',
    status: 201,
  },
  {
    order: (body, parts) => knownPair(parts, body.pair) ?? { kind: 'prepare', ...body },
    reply: (answer, body) =>
      body.dryRun && answer.code === 'accepted'
        ? good({ text: answer.text, obstacles: [] })
        : replyTo(answer, 201),
  },
)

export const confirm = order(
  confirmBody,
  {
    says: "Confirm exactly the evidence with this hash, as the pair's policy asks: `typedName`, `reason`, own `password`, second person (`approver`).",
    answers: '`{ id, text }`',
  },
  {
    order: async ({ password, approver, ...body }, parts, call) => {
      const persons = await checkPersons(parts.access, call.session, {
        ...(password !== undefined && { password }),
        ...(approver !== undefined && { approver }),
      })
      if (persons.kind === 'forbidden') return refuse('forbidden', persons.text)
      if (persons.kind === 'later') {
        const text = 'too many passwords were wrong; nothing was confirmed'
        return refuseForNow(text, persons.retryAfterMs)
      }
      return {
        kind: 'confirm',
        switchover: parameter(call, 'id'),
        ...body,
        reauthenticated: persons.reauthenticated,
        ...(persons.approver !== undefined && { approver: persons.approver }),
      }
    },
  },
)

export const extend = order(
  emptyBody,
  {
    says: 'Give the open proposal its whole time again.',
    answers: '`{ id, text }`',
  },
  {
    order: (_body, _parts, call) => ({ kind: 'extend', switchover: parameter(call, 'id') }),
  },
)

export const reject = order(
  reasonBody,
  {
    says: 'Keep things as they are: the proposal is gone.',
    answers: '`{ id, text }`',
  },
  {
    order: (body, _parts, call) => ({ kind: 'reject', switchover: parameter(call, 'id'), ...body }),
  },
)

export const abort = order(
  reasonBody,
  {
    says: 'Call a switchover off before its first step has left.',
    answers: '`{ id, text }`',
  },
  {
    order: (body, _parts, call) => ({ kind: 'abort', switchover: parameter(call, 'id'), ...body }),
  },
)

export const lockOut = order(
  lockoutBody,
  {
    says: 'Lock a pair out of every switchover, or take the lockout off.',
    answers: '`{ text }`',
  },
  {
    order: (body, parts, call) => {
      const pair = parameter(call, 'pair')
      return knownPair(parts, pair) ?? { kind: 'lockout', pair, ...body }
    },
  },
)

export const takeOutOfService = order(
  lockoutBody,
  {
    says: 'Take a unit out of service, or put it back.',
    answers: '`{ text }`',
  },
  {
    order: (body, parts, call) => {
      const pair = parameter(call, 'pair')
      const unit = checked(unitParameter, parameter(call, 'unit'), 'unit')
      if (unit.fault !== undefined) return refuse('not-found', unit.fault)
      return knownPair(parts, pair) ?? { kind: 'out-of-service', pair, unit: unit.value, ...body }
    },
  },
)

export const qualified = order(
  qualifiedBody,
  {
    says: 'Call a unit fit again that had to live something down.',
    answers: '`{ text }`',
  },
  {
    order: (body, parts, call) => {
      const pair = parameter(call, 'pair')
      const unit = checked(unitParameter, parameter(call, 'unit'), 'unit')
      if (unit.fault !== undefined) return refuse('not-found', unit.fault)
      return knownPair(parts, pair) ?? { kind: 'qualified', pair, unit: unit.value, ...body }
    },
  },
)

export const resolve = order(
  resolveBody,
  {
    says: 'Say how a stopped or held pair goes on: retry the promote, restore the old primary, adopt what is observed, or resume.',
    answers: '`{ id?, text }`',
  },
  {
    order: (body, parts, call) => {
      const pair = parameter(call, 'pair')
      return knownPair(parts, pair) ?? { kind: 'resolve', pair, ...body }
    },
  },
)

export const acknowledge = order(
  commentBody,
  {
    says: 'Acknowledge an alarm.',
    answers: '`{ text }`',
  },
  {
    order: (body, _parts, call) => ({ kind: 'acknowledge', alarm: parameter(call, 'id'), ...body }),
  },
)

export const shelve = order(
  shelveBody,
  {
    says: 'Put an alarm on the shelf for some minutes, until the end of the shift, or until it clears (`once`); 0 takes it off.',
    answers: '`{ text }`',
  },
  {
    order: (body, _parts, call) => ({ kind: 'shelve', alarm: parameter(call, 'id'), ...body }),
  },
)

export const comment = order(
  neededCommentBody,
  {
    says: 'Write a comment to an alarm.',
    answers: '`{ text }`',
  },
  {
    order: (body, _parts, call) => ({ kind: 'comment', alarm: parameter(call, 'id'), ...body }),
  },
)

export const takeAlarmOutOfService = order(
  alarmServiceBody,
  {
    says: 'Take an alarm out of service until it is put back, or put it back.',
    answers: '`{ text }`',
  },
  {
    order: (body, _parts, call) => ({
      kind: 'alarm-out-of-service',
      alarm: parameter(call, 'id'),
      ...body,
    }),
  },
)

export const takeShift = order(
  handoverBody,
  {
    says: 'Take the shift, having read the journal up to the record `seen`. Refused, with the list, when something has happened since that one has to know.',
    answers: '`{ text }`',
  },
  { order: (body) => ({ kind: 'handover', ...body }) },
)

type Ordering<T> = {
  /** The order, or the reply when the door itself refuses. */
  readonly order: (
    body: T,
    parts: WebParts,
    call: Call,
  ) => OrderBody | Reply | Promise<OrderBody | Reply>
  readonly reply?: (answer: Answer, body: T) => Reply
}

/** A handler that gives an order; with an `Idempotency-Key` at most once. */
function order<T>(schema: z.ZodType<T>, told: Told, ordering: Ordering<T>): Handler {
  return withBody(schema, told, (parts, call, body) => give(parts, call, body, ordering))
}

async function give<T>(
  parts: WebParts,
  call: Call,
  body: T,
  { order, reply = (answer) => replyTo(answer) }: Ordering<T>,
): Promise<Reply> {
  const key = call.headers['idempotency-key']
  const request = {
    sessionId: call.session.id,
    key: key === undefined ? undefined : String(key),
    url: call.url,
    body,
  }
  return parts.repeats.once(request, async () => {
    const made = await order(body, parts, call)
    if ('status' in made) return { ordered: false, reply: async () => made }
    // Checking a password takes a while: the session must still be open, with the role that it has now.
    const session = parts.access.session(call.session.id)
    if (session === undefined) return { ordered: false, reply: async () => sessionOver }
    const answer = parts.inbox.submit(made, session.person)
    const limitMs = parts.limits.answerMs
    return {
      ordered: true,
      reply: async () => {
        const given = await within(answer, limitMs)
        return given === undefined ? unanswered(limitMs) : reply(given, body)
      },
    }
  })
}

function knownPair(parts: WebParts, pair: string): Reply | undefined {
  if (parts.pairNames.includes(pair)) return undefined
  return refuse('not-found', unknownName('pair', pair, parts.pairNames))
}

const parameter = (call: Call, name: string): string => call.parameters[name] ?? ''

async function within<T>(promise: Promise<T>, limitMs: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((done) => {
    timer = setTimeout(done, limitMs, undefined)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

const sessionOver = refuse('not-logged-in', 'the session ended meanwhile; nothing was done')

const unanswered = (limitMs: number): Reply =>
  refuse(
    'no-answer',
    `the supervisor gave no answer within ${limitMs / 1000} s; it may still carry the order out, so read the state before ordering again`,
  )
