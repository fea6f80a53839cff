// One bus with several devices: one request at a time on all of it, silence between frames, each device in turn. RTU frames carry
// no number, so what keeps a late answer from being taken for a newer one's is time: a device that didn't answer properly isn't
// asked again before that answer can't come any more, and what comes while nothing is asked is thrown away.

import assert from 'node:assert/strict'
import type { Backoff } from '../backoff.ts'
import { BusQueue, type Ending, type Question, type Seat } from './bus-queue.ts'
import { quietMs } from './bus-time.ts'
import { Line, type OpenCable } from './cable.ts'
import type { Clock, Counters } from './outcome.ts'
import { type Answer, findAnswer } from './rtu-frames.ts'
import { Silence } from './silence.ts'
import { StrayBytes } from './stray-bytes.ts'
import { failed, mayBeRepeated, overdue, receivedBytesMax, type Turn } from './turn.ts'

export type BusOptions = {
  /** For people. */
  readonly name: string
  readonly open: OpenCable
  readonly backoff: Backoff
  /** Silence between two frames. */
  readonly silentMs: number
  /** Bytes that were sent may wait on the way and arrive much later, as on a TCP connection. */
  readonly holdsBack: boolean
  /** How long the bus is only listened to at the start: somebody before us may have asked, and its answer may be late. */
  readonly listenMs: number
}

/**
 * The scan time of a bus: one round takes the sum of what its devices' requests take (`busTimeMs`, and the time that each device
 * needs). A device that doesn't answer takes its time-out once a round, and then nothing while its late answer is waited for.
 */
export class SerialBus {
  readonly #options: BusOptions
  readonly #clock: Clock
  readonly #line: Line
  readonly #queue = new BusQueue()
  #turn: Turn | undefined
  #wake: NodeJS.Timeout | undefined
  readonly #silence: Silence
  readonly #stray = new StrayBytes()
  #wasOpen = false
  /** Requests in a row after which not a single byte came. */
  #mute = 0

  /** Starts to open the line at once. */
  constructor(options: BusOptions, clock: Clock) {
    this.#options = options
    this.#clock = clock
    this.#silence = new Silence(options.silentMs)
    this.#line = new Line(options.name, options.open, options.backoff, {
      opened: () => this.#opened(),
      received: (bytes) => this.#received(bytes),
      lost: (why) => this.#lost(why),
    })
  }

  join(unit: number, counters: Counters): Seat {
    const seat: Seat = { unit, counters, question: undefined }
    this.#queue.seats.push(seat)
    return seat
  }

  /** Gives a seat up; its question fails. */
  leave(seat: Seat): void {
    const turn = this.#turn
    if (turn?.seat === seat) {
      // The device may answer all the same: the bus stays taken until it has, or until its time is over.
      turn.question.settle(failed('connection-lost', 'closed', turn.sentMs))
      turn.settled = true
    }
    this.#queue.leave(seat)
    seat.question?.settle(failed('connection-lost', 'closed'))
    seat.question = undefined
  }

  /** Resolves when the line is closed. To be called when every seat has been given up. */
  close(): Promise<void> {
    assert(this.#queue.seats.length === 0, 'a bus that is still in use')
    clearTimeout(this.#wake)
    clearTimeout(this.#turn?.timer)
    this.#turn = undefined
    return this.#line.close()
  }

  /** Why the unit can't be asked, however long one waits for the bus; undefined when it can. */
  obstacle(unit: number): string | undefined {
    if (this.#line.obstacle !== undefined) return this.#line.obstacle
    const nowMs = this.#clock()
    const waits = this.#silence.isListening(nowMs) || this.#queue.isQuiet(unit, nowMs)
    return waits ? 'a late answer may still come' : undefined
  }

  /** True while a request is out. */
  get taken(): boolean {
    return this.#turn !== undefined
  }

  /** Takes a question, which is settled in any case: later, with the one exception of a line that is not open. */
  ask(seat: Seat, question: Question): void {
    assert(seat.question === undefined, 'a second Modbus request while one is out')
    if (this.#line.obstacle !== undefined) {
      question.settle(failed('unreachable', this.#line.obstacle))
      return
    }
    seat.question = question
    this.#proceed()
  }

  #opened(): void {
    if (!this.#wasOpen) this.#silence.listen(this.#clock() + this.#options.listenMs)
    this.#wasOpen = true
    for (const { counters } of this.#queue.seats) counters.connections++
    this.#proceed()
  }

  #lost(why: string): void {
    for (const seat of this.#queue.seats) {
      if (seat.question === undefined && this.#turn?.seat !== seat) {
        seat.counters.faults['connection-lost']++
      }
    }
    for (const { settle } of this.#queue.take(() => true)) settle(failed('connection-lost', why))
    const turn = this.#turn
    if (turn !== undefined) this.#end(turn, failed('connection-lost', why, turn.sentMs))
  }

  /** Gives the bus to the next question, or sees to it that this is tried again. To be called whenever anything has changed. */
  #proceed(): void {
    clearTimeout(this.#wake)
    const nowMs = this.#clock()
    for (const { settle } of this.#queue.takeLate(nowMs)) settle(failed('not-asked', busy))
    if (this.#line.obstacle !== undefined) return
    if (this.#turn !== undefined) {
      this.#wakeAt(this.#queue.nextLateMs())
      return
    }
    const seat = this.#queue.next(nowMs)
    const { fromMs } = this.#silence
    if (seat === undefined) this.#wakeAt(this.#queue.nextChangeMs())
    else if (nowMs < fromMs && this.#silence.isBabble(nowMs)) this.#giveUp(seat)
    else if (nowMs < fromMs) this.#wakeAt(fromMs)
    else this.#begin(seat)
  }

  #wakeAt(instantMs: number | undefined): void {
    if (instantMs === undefined) return
    const waitMs = Math.max(1, Math.ceil(instantMs - this.#clock()))
    this.#wake = setTimeout(() => this.#proceed(), waitMs)
  }

  #begin(seat: Seat): void {
    const { question } = seat
    assert(question !== undefined)
    const turn: Turn = { seat, question, received: noBytes, pieces: 0, settled: false }
    seat.question = undefined
    this.#turn = turn
    this.#line.discard().then(() => {
      if (this.#turn !== turn) return
      if (this.#clock() < this.#silence.fromMs) this.#postpone(turn)
      else this.#send(turn)
    })
  }

  /** Something came just now, so the bus isn't silent after all. */
  #postpone({ seat, question, settled }: Turn): void {
    this.#turn = undefined
    if (!settled) seat.question = question
    this.#proceed()
  }

  #send(turn: Turn): void {
    const nowMs = this.#clock()
    const { foreseen, timeoutMs, leaveByMs } = turn.question
    if (turn.settled || (leaveByMs !== undefined && !(nowMs <= leaveByMs))) {
      this.#end(turn, failed('not-asked', busy))
      this.#proceed()
      return
    }
    this.#queue.served(turn.seat)
    this.#silence.forgive()
    this.#stray.asked(turn.seat.unit)
    this.#mute++
    turn.sentMs = nowMs
    this.#line.send(foreseen.request)
    if (this.#turn === turn) this.#expectBy(turn, nowMs + timeoutMs)
  }

  #expectBy(turn: Turn, instantMs: number): void {
    clearTimeout(turn.timer)
    turn.timer = setTimeout(() => {
      const lateMs = this.#clock() - instantMs
      // Our own process was held up: the answer may have come in the meantime, and gets the time to be read.
      if (lateMs > heldUpMs) turn.timer = setTimeout(() => this.#overdue(turn), readMs)
      else this.#overdue(turn)
    }, instantMs - this.#clock())
  }

  #received(bytes: Buffer): void {
    const nowMs = this.#clock()
    const turn = this.#turn
    this.#mute = 0
    this.#silence.heard(nowMs, turn?.sentMs !== undefined)
    if (turn?.sentMs === undefined) {
      this.#stray.heard(bytes, this.#queue.seats)
      return
    }
    turn.received = Buffer.concat([turn.received, bytes])
    turn.pieces++
    const { foreseen, timeoutMs } = turn.question
    let finding = findAnswer(foreseen, turn.received)
    // Another device's late answer is no reason to think ill of this one.
    if (finding.kind === 'more' && this.#stray.removeLate(turn))
      finding = findAnswer(foreseen, turn.received)
    if (finding.kind === 'answer') this.#found(turn, finding)
    else if (turn.received.length > receivedBytesMax) this.#overdue(turn)
    else if (finding.full) {
      this.#expectBy(turn, Math.min(turn.sentMs + timeoutMs, nowMs + completeMs))
    }
  }

  /** Takes an answer, unless it may be the last one once more: then a better one may follow. */
  #found(turn: Turn, finding: Answer): void {
    if (turn.doubtful !== undefined) turn.seat.counters.duplicates++
    const isDoubtful = turn.doubtful === undefined && mayBeRepeated(turn, finding.frame)
    turn.doubtful = finding
    if (!isDoubtful) {
      this.#answered(turn, finding)
      return
    }
    turn.received = turn.received.subarray(turn.received.length - finding.rest)
    this.#expectBy(turn, this.#clock() + completeMs)
  }

  #answered(turn: Turn, { frame, echoed, rest }: Answer): void {
    const { sentMs } = turn
    assert(sentMs !== undefined)
    turn.seat.newest = { request: turn.question.foreseen.request, frame }
    const { counters } = turn.seat
    if (turn.pieces > 1) counters.split++
    if (rest > 0) counters.coalesced++
    this.#stray.answered(frame)
    this.#line.praise()
    this.#end(turn, { kind: 'answer', frame, echoed, sentMs, receivedMs: this.#clock() })
    this.#proceed()
  }

  #overdue(turn: Turn): void {
    if (turn.doubtful !== undefined) {
      this.#answered(turn, turn.doubtful)
      return
    }
    this.#stray.gaveUp(turn)
    this.#end(turn, overdue(turn))
    if (this.#options.holdsBack) this.#renewIfHeldBack(turn)
    this.#proceed()
  }

  #renewIfHeldBack({ question }: Turn): void {
    if (question.leaveByMs !== undefined) this.#line.renew('a command was not acknowledged')
    else if (this.#mute >= muteMax) this.#line.renew(`no byte after ${this.#mute} requests`)
  }

  #end(turn: Turn, ending: Ending): void {
    clearTimeout(turn.timer)
    this.#turn = undefined
    if (ending.kind === 'failed' && turn.sentMs !== undefined) {
      const { timeoutMs } = turn.question
      this.#queue.hush(turn.seat.unit, this.#clock() + quietMs(timeoutMs))
    }
    if (!turn.settled) turn.question.settle(ending)
  }

  #giveUp(seat: Seat): void {
    const { question } = seat
    seat.question = undefined
    this.#silence.forgive()
    question?.settle(failed('bad-answer', 'the bus is never silent'))
    this.#proceed()
  }
}

const noBytes: Buffer = Buffer.alloc(0)
const busy = 'the bus is busy'

/** A device sends an answer in one go: when enough bytes for it have come and the bus is silent so long, no better ones follow. */
const completeMs = 50
/** Time to read what has come while our own process was held up. */
const readMs = 20
/** A timer that is so late tells that our own process was held up. */
const heldUpMs = 5
/** A connection to a dead peer takes requests and brings nothing; several dead devices do the same. */
const muteMax = 3
