// Bytes on a bus that answer no open request: the late answer to one that was given up, the newest answer once more, or noise.
// None of them is ever used; they are recognised so that they can be counted, and so that they harm no other device.

import type { Seat } from './bus-queue.ts'
import { findAnswer } from './rtu-frames.ts'
import { receivedBytesMax, type Turn } from './turn.ts'

export class StrayBytes {
  /** The newest request without an answer. */
  #unanswered: Turn | undefined
  #newestAnswer: Buffer = Buffer.alloc(0)

  answered(frame: Buffer): void {
    this.#newestAnswer = frame
  }

  gaveUp(turn: Turn): void {
    this.#unanswered = turn
  }

  /** A request to this unit leaves: its older answers are not waited for any more. */
  asked(unit: number): void {
    if (this.#unanswered?.seat.unit === unit) this.#unanswered = undefined
  }

  /** Bytes that came while nothing was asked. Noise concerns everybody on the bus. */
  heard(bytes: Buffer, seats: readonly Seat[]): void {
    const turn = this.#unanswered
    if (turn !== undefined) {
      turn.received = Buffer.concat([turn.received, bytes])
      if (!this.removeLate(turn) && turn.received.length > receivedBytesMax) {
        this.#unanswered = undefined
      }
      return
    }
    const what = bytes.equals(this.#newestAnswer) ? 'duplicates' : 'garbage'
    for (const { counters } of seats) counters[what]++
  }

  /** Takes the late answer of another request out of what `turn` received; false when it isn't there. */
  removeLate(turn: Turn): boolean {
    const late = this.#unanswered
    if (late === undefined) return false
    const finding = findAnswer(late.question.foreseen, turn.received)
    if (finding.kind !== 'answer') return false
    late.seat.counters.late++
    this.#unanswered = undefined
    turn.received = turn.received.subarray(turn.received.length - finding.rest)
    return true
  }
}
