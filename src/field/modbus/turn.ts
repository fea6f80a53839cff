// One request on a bus from the moment it gets the bus: what has come back since, and what it amounts to when its time is over.

import type { Ending, Question, Seat } from './bus-queue.ts'
import { type Answer, findAnswer } from './rtu-frames.ts'

export type Turn = {
  readonly seat: Seat
  readonly question: Question
  /** When the request left; absent while it has not. */
  sentMs?: number
  /** Everything that came since. */
  received: Buffer
  pieces: number
  timer?: NodeJS.Timeout
  /** An answer that is believed only if no other one follows. */
  doubtful?: Answer
  /** True when the one who asked has his ending already, and only the bus still waits. */
  settled: boolean
}

/** Bytes that are looked through for one answer: more than an echo, the answer, and as much noise again. */
export const receivedBytesMax = 1024

export const failed = (
  fault: (Ending & { kind: 'failed' })['fault'],
  detail: string,
  sentMs?: number,
): Ending => ({ kind: 'failed', fault, detail, ...(sentMs === undefined ? {} : { sentMs }) })

/** How a request ends whose answer has not come in time; counts what came instead. */
export function overdue({ seat, question, received, sentMs }: Turn): Ending {
  const { foreseen, timeoutMs } = question
  const finding = findAnswer(foreseen, received)
  const late = `no answer within ${timeoutMs} ms`
  if (finding.kind === 'answer') return failed('timeout', late, sentMs)
  const echoBytes = finding.echoed ? foreseen.request.length : 0
  const bytes = received.length - echoBytes
  if (finding.why !== undefined) {
    seat.counters.garbage++
    return failed('bad-answer', finding.why, sentMs)
  }
  if (bytes > 0) {
    seat.counters.short++
    return failed('timeout', `${late}, only ${bytes} of ${foreseen.bytes} bytes`, sentMs)
  }
  return failed('timeout', finding.echoed ? `${late}, only the request itself` : late, sentMs)
}

/**
 * Some gateways ask a device twice and hand on both answers. The second one fits the next question too, if that asks for as much:
 * it is told by its bytes, which are those of the last answer of this device although another question was asked.
 */
export function mayBeRepeated({ seat, question }: Turn, frame: Buffer): boolean {
  const { newest } = seat
  if (newest === undefined || !newest.frame.equals(frame)) return false
  return !newest.request.equals(question.foreseen.request)
}
