// Who has a bus next: command blocks before reads, and the devices in turn, so that none waits longer than one request of each
// other. A device whose answer may still come is passed over. Only the choice; nothing here sends or waits.

import assert from 'node:assert/strict'
import type { Fault } from '../../core/image.ts'
import type { Counters } from './outcome.ts'
import type { Foreseen } from './rtu-frames.ts'

/** One device on the bus, with at most one question. */
export type Seat = {
  readonly unit: number
  readonly counters: Counters
  question: Question | undefined
  /** The newest answer, and what it answered. */
  newest?: { readonly request: Buffer; readonly frame: Buffer }
}

export type Question = {
  readonly foreseen: Foreseen
  /** Longest wait for the whole answer, ms, counted from the moment the request left. */
  readonly timeoutMs: number
  /** A command block: it leaves by this time or not at all. Absent: a read, which waits for its turn. */
  readonly leaveByMs?: number
  readonly settle: (ending: Ending) => void
}

export type Ending =
  | {
      readonly kind: 'answer'
      /** Whole and right: of the asked unit, with the foreseen length, or an exception. */
      readonly frame: Buffer
      readonly echoed: boolean
      readonly sentMs: number
      readonly receivedMs: number
    }
  | {
      readonly kind: 'failed'
      readonly fault: Fault
      readonly detail: string
      /** When the request left; absent when no byte of it did. */
      readonly sentMs?: number
    }

export class BusQueue {
  readonly seats: Seat[] = []
  /** Kept by unit and not by seat: two seats may ask the same device. */
  readonly #quietUntilMs = new Map<number, number>()
  /** Seats before this one have had their turn. */
  #turn = 0

  leave(seat: Seat): void {
    const index = this.seats.indexOf(seat)
    assert(index >= 0, 'a seat of another bus')
    this.seats.splice(index, 1)
    if (index < this.#turn) this.#turn--
  }

  /** The seat whose question goes next; undefined when none may go now. */
  next(nowMs: number): Seat | undefined {
    const ready = this.#inTurn().filter(
      ({ question, unit }) => question !== undefined && !this.isQuiet(unit, nowMs),
    )
    return ready.find(({ question }) => question?.leaveByMs !== undefined) ?? ready[0]
  }

  /** To be told when a question of the seat has left. */
  served(seat: Seat): void {
    this.#turn = this.seats.indexOf(seat) + 1
  }

  /** Takes out the command blocks that can't leave in time any more. */
  takeLate(nowMs: number): readonly Question[] {
    return this.take(({ leaveByMs }) => leaveByMs !== undefined && !(nowMs <= leaveByMs))
  }

  /** Takes out the questions of which `wanted` is true. */
  take(wanted: (question: Question) => boolean): readonly Question[] {
    return this.seats.flatMap((seat) => {
      const { question } = seat
      if (question === undefined || !wanted(question)) return []
      seat.question = undefined
      return [question]
    })
  }

  /** The next instant at which `takeLate` takes something out; undefined when no command block waits. */
  nextLateMs(): number | undefined {
    return earliest(this.seats.map(({ question }) => question?.leaveByMs))
  }

  /** The next instant at which time alone changes what `next` or `takeLate` say; undefined when none does. */
  nextChangeMs(): number | undefined {
    const quiet = this.seats.map(({ question, unit }) =>
      question === undefined ? undefined : this.#quietUntilMs.get(unit),
    )
    return earliest([...quiet, this.nextLateMs()])
  }

  /** Lets a unit not be asked before `untilMs`. */
  hush(unit: number, untilMs: number): void {
    this.#quietUntilMs.set(unit, untilMs)
  }

  isQuiet(unit: number, nowMs: number): boolean {
    const untilMs = this.#quietUntilMs.get(unit)
    if (untilMs === undefined) return false
    if (nowMs < untilMs) return true
    this.#quietUntilMs.delete(unit)
    return false
  }

  #inTurn(): readonly Seat[] {
    return [...this.seats.slice(this.#turn), ...this.seats.slice(0, this.#turn)]
  }
}

function earliest(instants: readonly (number | undefined)[]): number | undefined {
  const known = instants.filter((instantMs) => instantMs !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}
