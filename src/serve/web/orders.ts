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
  lockoutBody,
  neededCommentBody,
  prepareBody,
  qualifiedBody,
  reasonBody,
  resolveBody,
  shelveBody,
  unitParameter,
} from './bodies.ts'
import type { Call, WebParts } from './parts.ts'
import { good, type Reply, refuse, refuseForNow, replyTo } from './replies.ts'

export const prepare = (parts: WebParts, call: Call): Promise<Reply> =>
  give(parts, call, prepareBody, {
    order: (body) => knownPair(parts, body.pair) ?? { kind: 'prepare', ...body },
    reply: (answer, body) =>
      body.dryRun && answer.code === 'accepted'
        ? good({ text: answer.text, obstacles: [] })
        : replyTo(answer, 201),
  })

export const confirm = (parts: WebParts, call: Call): Promise<Reply> =>
  give(parts, call, confirmBody, {
    order: async ({ password, approver, ...body }) => {
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
  })

export const extend = (parts: WebParts, call: Call): Promise<Reply> =>
  give(parts, call, emptyBody, {
    order: () => ({ kind: 'extend', switchover: parameter(call, 'id') }),
  })

export const reject = (parts: WebParts, call: Call): Promise<Reply> =>
  give(parts, call, reasonBody, {
    order: (body) => ({ kind: 'reject', switchover: parameter(call, 'id'), ...body }),
  })

export const abort = (parts: WebParts, call: Call): Promise<Reply> =>
  give(parts, call, reasonBody, {
    order: (body) => ({ kind: 'abort', switchover: parameter(call, 'id'), ...body }),
  })

export const lockOut = (parts: WebParts, call: Call): Promise<Reply> =>
  give(parts, call, lockoutBody, {
    order: (body) => {
      const pair = parameter(call, 'pair')
      return knownPair(parts, pair) ?? { kind: 'lockout', pair, ...body }
    },
  })

export const takeOutOfService = (parts: WebParts, call: Call): Promise<Reply> =>
  give(parts, call, lockoutBody, {
    order: (body) => {
      const pair = parameter(call, 'pair')
      const unit = checked(unitParameter, parameter(call, 'unit'), 'unit')
      if (unit.fault !== undefined) return refuse('not-found', unit.fault)
      return knownPair(parts, pair) ?? { kind: 'out-of-service', pair, unit: unit.value, ...body }
    },
  })

export const qualified = (parts: WebParts, call: Call): Promise<Reply> =>
  give(parts, call, qualifiedBody, {
    order: (body) => {
      const pair = parameter(call, 'pair')
      const unit = checked(unitParameter, parameter(call, 'unit'), 'unit')
      if (unit.fault !== undefined) return refuse('not-found', unit.fault)
      return knownPair(parts, pair) ?? { kind: 'qualified', pair, unit: unit.value, ...body }
    },
  })

export const resolve = (parts: WebParts, call: Call): Promise<Reply> =>
  give(parts, call, resolveBody, {
    order: (body) => {
      const pair = parameter(call, 'pair')
      return knownPair(parts, pair) ?? { kind: 'resolve', pair, ...body }
    },
  })

export const acknowledge = (parts: WebParts, call: Call): Promise<Reply> =>
  give(parts, call, commentBody, {
    order: (body) => ({ kind: 'acknowledge', alarm: parameter(call, 'id'), ...body }),
  })

export const shelve = (parts: WebParts, call: Call): Promise<Reply> =>
  give(parts, call, shelveBody, {
    order: (body) => ({ kind: 'shelve', alarm: parameter(call, 'id'), ...body }),
  })

export const comment = (parts: WebParts, call: Call): Promise<Reply> =>
  give(parts, call, neededCommentBody, {
    order: (body) => ({ kind: 'comment', alarm: parameter(call, 'id'), ...body }),
  })

export const takeAlarmOutOfService = (parts: WebParts, call: Call): Promise<Reply> =>
  give(parts, call, alarmServiceBody, {
    order: (body) => ({ kind: 'alarm-out-of-service', alarm: parameter(call, 'id'), ...body }),
  })

type Ordering<T> = {
  /** The order, or the reply when the door itself refuses. */
  readonly order: (body: T) => OrderBody | Reply | Promise<OrderBody | Reply>
  readonly reply?: (answer: Answer, body: T) => Reply
}

async function give<T>(
  parts: WebParts,
  call: Call,
  schema: z.ZodType<T>,
  { order, reply = (answer) => replyTo(answer) }: Ordering<T>,
): Promise<Reply> {
  const body = checked(schema, call.body, 'body')
  if (body.fault !== undefined) return refuse('invalid', body.fault)
  const key = call.headers['idempotency-key']
  const request = {
    sessionId: call.session.id,
    key: key === undefined ? undefined : String(key),
    url: call.url,
    body: body.value,
  }
  return parts.repeats.once(request, async () => {
    const made = await order(body.value)
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
        return given === undefined ? unanswered(limitMs) : reply(given, body.value)
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
