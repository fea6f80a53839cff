// From answers to HTTP: every reply of the API is built here, so that one code always means one status and every refusal
// has the same body, `{ error: { code, text, obstacles?, difference?, evidence? } }`.

import type { Answer, AnswerCode } from '../../core/cycle.ts'

export type Reply = {
  readonly status: number
  /** Sent as JSON; absent: no body. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** Codes that only this door gives; the others are those of `Answer`. */
export type DoorCode =
  | 'not-logged-in'
  | 'locked'
  | 'set-up'
  | 'too-many'
  | 'key-reused'
  | 'no-answer'
  | 'starting'
  | 'too-large'
  | 'fault'

export const good = (body: unknown): Reply => ({ status: 200, body })
export const nothing: Reply = { status: 204 }

/** Every code of a refusal with its status. */
export const refusalStatuses: Readonly<Record<Exclude<AnswerCode, 'accepted'> | DoorCode, number>> =
  {
    invalid: 400,
    'not-logged-in': 401,
    locked: 401,
    'set-up': 401,
    forbidden: 403,
    'not-found': 404,
    'evidence-changed': 409,
    busy: 409,
    'key-reused': 409,
    expired: 410,
    'too-large': 413,
    obstacles: 422,
    'too-many': 429,
    fault: 500,
    starting: 503,
    'no-answer': 504,
  }

export type RefusalCode = keyof typeof refusalStatuses

/** A refusal: one clear line on what, where and what was expected. */
export function refuse(
  code: RefusalCode,
  text: string,
  more: Pick<Answer, 'obstacles' | 'difference' | 'evidence'> = {},
): Reply {
  return { status: refusalStatuses[code], body: { error: { code, text, ...more } } }
}

/** 429 with the time to wait, in the header (whole seconds) and in words. */
export function refuseForNow(text: string, retryAfterMs: number): Reply {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000))
  const reply = refuse('too-many', `${text}; try again in ${seconds} s`)
  return { ...reply, headers: { 'retry-after': String(seconds) } }
}

/** The reply to an order: what was accepted with `status`, or the refusal of the supervisor with its reasons. */
export function replyTo(answer: Answer, status: 200 | 201 = 200): Reply {
  if (answer.code === 'accepted') {
    const id = answer.switchover
    return { status, body: { ...(id !== undefined && { id }), text: answer.text } }
  }
  return refuse(answer.code, answer.text, {
    ...(answer.obstacles && { obstacles: answer.obstacles }),
    ...(answer.difference && { difference: answer.difference }),
    ...(answer.evidence && { evidence: answer.evidence }),
  })
}
