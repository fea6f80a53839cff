// What became of one Modbus request, and what a transport promises: the same for TCP, for RTU over TCP and for a serial line.

import type { Fault } from '../../core/image.ts'
import type { RegisterSignal } from '../../core/plant.ts'
import type { RequestFailure } from '../driver.ts'

/** Monotonic milliseconds. */
export type Clock = () => number

export type Area = RegisterSignal['area']

export type Outcome =
  | {
      readonly kind: 'answered'
      /**
       * Registers as they came, high byte first, or bits packed low first; empty for a write. Valid until the next request on
       * the transport: copy what must be kept.
       */
      readonly bytes: Uint8Array
      readonly sentMs: number
      readonly receivedMs: number
    }
  | RequestFailure

/**
 * How often what happened on a connection since the start. `faults` counts what became of requests, and connections that were
 * lost or spoilt between two of them; the others tell what came off the wire, and what is done about it:
 *
 * | what comes                                           | counted as   | the request       | the connection |
 * | ---------------------------------------------------- | ------------ | ----------------- | -------------- |
 * | the answer                                           | `answers`    | answered          | stays          |
 * | an exception of the unit                             | `answers`    | `exception`       | stays          |
 * | the newest answer once more                          | `duplicates` | goes on           | stays          |
 * | an answer in pieces                                  | `split`      | goes on           | stays          |
 * | a further frame in the same piece                    | `coalesced`  | judged by itself  | stays          |
 * | the answer to an older question, or to somebody else | `late`       | `bad-answer`      | ended          |
 * | less than was asked for                              | `short`      | `bad-answer`      | ended          |
 * | the beginning of an answer, then nothing             | `short`      | `timeout`         | ended          |
 * | the beginning of an answer, then the end             | `short`      | `connection-lost` | ended          |
 * | another unit, function, echo, protocol; noise        | `garbage`    | `bad-answer`      | ended          |
 * | nothing in time; what comes afterwards meets nobody  | -            | `timeout`         | ended          |
 *
 * An end is a reset: what is still under way on either side is thrown away, and can't meet the next connection.
 */
export type Counters = {
  connections: number
  answers: number
  duplicates: number
  split: number
  coalesced: number
  late: number
  short: number
  garbage: number
  readonly faults: Record<Fault, number>
}

/** One device on one connection or bus. It connects at once and again for ever, and every outcome is a value. */
export type Transport = {
  readonly counters: Counters
  /** Why no request can leave now; undefined when one can. */
  readonly obstacle: string | undefined
  /** Reads 1 to 125 registers or 1 to 2000 bits. Resolves always. Asserts that no other request of this transport is out. */
  read(area: Area, address: number, count: number): Promise<Outcome>
  /**
   * Writes one command block of 18 words where that is allowed. Resolves always. Asserts what `read` asserts, and the words. On
   * a bus that several devices share it waits for the bus, in front of all reads, until `leaveByMs` and no longer.
   */
  writeBlock(words: readonly number[], leaveByMs?: number): Promise<Outcome>
  /** As `writeBlock`, for the declared write of that index; asserts that there is one. */
  writeDeclared(index: number, leaveByMs?: number): Promise<Outcome>
  /** Ends the connection and all attempts; an open request fails. Resolves when everything is closed. */
  close(): Promise<void>
}

export const newCounters = (): Counters => ({
  connections: 0,
  answers: 0,
  duplicates: 0,
  split: 0,
  coalesced: 0,
  late: 0,
  short: 0,
  garbage: 0,
  faults: {
    unreachable: 0,
    timeout: 0,
    'connection-lost': 0,
    exception: 0,
    'bad-answer': 0,
    'not-asked': 0,
  },
})
