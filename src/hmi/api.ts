// Requests to the service: reads and orders, each with an end in time, and every refusal in one form. An order is never repeated by
// itself: whoever is in doubt reads the state first.

import type { Evidence, Obstacle } from '../core/view.ts'

export type Refusal = {
  readonly status: number
  readonly code: string
  /** What, why, and what would clear it. */
  readonly text: string
  readonly obstacles?: readonly Obstacle[]
  readonly difference?: readonly string[]
  readonly evidence?: Evidence
}
export type Result<T> =
  | { readonly ok: true; readonly body: T }
  | { readonly ok: false; readonly refusal: Refusal }

const answerMs = 5_000

export const read = <T>(path: string): Promise<Result<T>> => request('GET', path)

/** Sends an order once. A repeat of the same click on a bad line is told apart by its key. */
export const order = <T = unknown>(path: string, body: object = {}): Promise<Result<T>> =>
  request('POST', path, body)

async function request<T>(method: string, path: string, body?: object): Promise<Result<T>> {
  try {
    const response = await fetch(`/api/v1/${path}`, {
      method,
      signal: AbortSignal.timeout(answerMs),
      headers: {
        'x-bumpless': '1',
        ...(body && { 'content-type': 'application/json', 'idempotency-key': newKey() }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    const answer = response.status === 204 ? undefined : await response.json()
    if (response.ok) return { ok: true, body: answer as T }
    const { error } = answer as { error: Omit<Refusal, 'status'> }
    if (error.code === 'not-logged-in' || error.code === 'locked')
      for (const tell of refused) tell(error.code)
    return { ok: false, refusal: { status: response.status, ...error } }
  } catch (error) {
    return { ok: false, refusal: noAnswer(error) }
  }
}

/** Told when the service says that the session is over or locked. */
export function onSessionRefused(tell: (code: string) => void): void {
  refused.push(tell)
}
const refused: ((code: string) => void)[] = []

// `randomUUID` is missing on pages that came without TLS.
const newKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')

const noAnswer = (error: unknown): Refusal => ({
  status: 0,
  code: 'no-answer',
  text:
    error instanceof DOMException && error.name === 'TimeoutError'
      ? 'The service gave no answer within 5 s. It may still carry the order out: look at the state before ordering again.'
      : 'The service cannot be reached. Look at the state before ordering again.',
})
