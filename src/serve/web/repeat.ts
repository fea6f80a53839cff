// `Idempotency-Key`: a client that lost the answer may send the same order again and gets the same answer, and the order
// is given once. A key belongs to one session and one body; it is remembered for ten minutes.

import { createHmac, randomBytes } from 'node:crypto'
import { type Reply, refuse } from './replies.ts'

/** An outcome; `ordered` is false when the request was refused before any order was given, so that it may be corrected. */
export type Outcome = { readonly ordered: boolean; readonly reply: () => Promise<Reply> }

export type Repeats = {
  /** Runs `work`, or yields the outcome of the earlier run with this key. */
  once(request: Repeatable, work: () => Promise<Outcome>): Promise<Reply>
}

export type Repeatable = {
  readonly sessionId: string
  /** Undefined: the client did not send one, and the work is done. */
  readonly key: string | undefined
  readonly url: string
  readonly body: unknown
}

const rememberedMs = 600_000
const perSessionMax = 256

type Entry = {
  readonly digest: string
  readonly sinceMs: number
  readonly outcome: Promise<Outcome>
}

/** `nowMs` is a monotonic clock, ms. */
export function openRepeats(nowMs: () => number = () => performance.now()): Repeats {
  const sessions = new Map<string, Map<string, Entry>>()
  // Bodies may hold passwords: their digests are keyed, so that they cannot be guessed from a memory dump alone.
  const secret = randomBytes(32)
  const digestOf = ({ url, body }: Repeatable): string =>
    createHmac('sha256', secret)
      .update(JSON.stringify([url, body]))
      .digest('hex')

  const entriesOf = (sessionId: string): Map<string, Entry> => {
    forgetOld(sessions, nowMs() - rememberedMs)
    const entries = sessions.get(sessionId) ?? new Map<string, Entry>()
    sessions.set(sessionId, entries)
    return entries
  }

  const once = async (request: Repeatable, work: () => Promise<Outcome>): Promise<Reply> => {
    const { key } = request
    if (key === undefined) return (await work()).reply()
    if (!keyForm.test(key)) {
      return refuse('invalid', 'Idempotency-Key: expected 1 to 200 printable characters')
    }
    const entries = entriesOf(request.sessionId)
    const digest = digestOf(request)
    const earlier = entries.get(key)
    if (earlier !== undefined) {
      return earlier.digest === digest ? (await earlier.outcome).reply() : reused
    }
    if (entries.size >= perSessionMax) {
      return refuse('too-many', `more than ${perSessionMax} orders with a key within 10 minutes`)
    }
    const outcome = work()
    entries.set(key, { digest, sinceMs: nowMs(), outcome })
    const keep = await outcome.then(
      ({ ordered }) => ordered,
      () => false,
    )
    if (!keep) entries.delete(key)
    return (await outcome).reply()
  }
  return { once }
}

function forgetOld(sessions: Map<string, Map<string, Entry>>, oldestMs: number): void {
  for (const [sessionId, entries] of sessions) {
    for (const [key, entry] of entries) if (entry.sinceMs < oldestMs) entries.delete(key)
    if (entries.size === 0) sessions.delete(sessionId)
  }
}

const keyForm = /^[\x21-\x7e]{1,200}$/
const reused = refuse(
  'key-reused',
  'this Idempotency-Key was used for another order; take a new key for each order',
)
