// The history as the OPC UA server uses it: takes what changes and returns at once, hands it to its thread one batch at a time, and asks
// questions. Whatever happens to the thread or its disk, nobody waits here; what could not be kept is marked as missing.

import { Worker } from 'node:worker_threads'
import { openQuestions } from '../questions.ts'
import { openBacklog } from './backlog.ts'
import type { KeepRule } from './keeping.ts'
import type { FromStore, ReadAnswer, ReadQuestion, ToStore } from './messages.ts'
import type { EventRow, Sample } from './sample.ts'
import type { StoreSettings } from './store.ts'

export type History = {
  offer(series: string, sample: Sample, rule: KeepRule, quick: boolean): void
  event(event: EventRow): void
  /** Never rejects; a thread that does not answer in time is an answer. */
  read(question: ReadQuestion): Promise<ReadAnswer>
  /** Why nothing is kept now; one line for people. */
  fault(): string | undefined
  /** Writes what waits, within a limit. */
  close(): Promise<void>
}

export type HistoryOptions = {
  readonly settings: StoreSettings
  /** Told when it stops being kept, when it goes on, and what a person should know. */
  readonly onNote: (text: string) => void
  /** Told why nothing is kept, and `undefined` when it is again. */
  readonly onFault: (fault: string | undefined) => void
  readonly openThread?: (settings: StoreSettings) => StoreThread
}

/** As much of a worker as is used here. */
export type StoreThread = {
  postMessage(message: ToStore): void
  on(event: 'message', take: (message: FromStore) => void): unknown
  on(event: 'error', take: (error: Error) => void): unknown
  on(event: 'exit', take: () => void): unknown
  terminate(): unknown
}

const tickMs = 1_000
/** Values are written in batches this far apart; with an event among them, at the next tick. */
const batchMs = 5_000
const rowsAtOnce = 2_000
/** Without news the store is still told that all stands, so that a crash leaves a gap no longer than this. */
const aliveEachMs = 10_000
const retryMs = 5_000
/** Waiting for the disk; what comes after is lost and marked as such. */
const rowsMax = 50_000
const eventsMax = 2_000
const readWithinMs = 15_000
const readsMax = 64
const closeWithinMs = 2_500

export function openHistory(options: HistoryOptions): History {
  return new Keeper(options)
}

class Keeper implements History {
  readonly #options: HistoryOptions
  readonly #backlog = openBacklog({ rowsMax, eventsMax })
  readonly #asked = openQuestions<ReadAnswer>()
  readonly #timer: NodeJS.Timeout
  #thread: StoreThread | undefined
  #sentMs = Number.NEGATIVE_INFINITY
  #notBeforeMs = Number.NEGATIVE_INFINITY
  #fault: string | undefined
  #closed: (() => void) | undefined

  constructor(options: HistoryOptions) {
    this.#options = options
    this.#open()
    this.#timer = setInterval(() => this.#tick(), tickMs)
    this.#timer.unref()
  }

  offer(series: string, sample: Sample, rule: KeepRule, quick: boolean): void {
    this.#backlog.offer(series, { ...sample, atMs: Math.round(sample.atMs) }, rule, quick)
  }

  event(event: EventRow): void {
    this.#backlog.event({ ...event, atMs: Math.round(event.atMs) })
  }

  read(question: ReadQuestion): Promise<ReadAnswer> {
    const thread = this.#thread
    if (thread === undefined) return failed(this.#fault ?? 'its thread is being started')
    if (this.#asked.count() >= readsMax) return failed(`${readsMax} questions wait already`)
    // So that what is newest is found, too.
    this.#write(thread)
    let late: NodeJS.Timeout | undefined
    const answered = this.#asked.ask((id) => {
      late = setTimeout(() => this.#asked.answer(id, tooLate), readWithinMs)
      thread.postMessage({ kind: 'read', id, question })
    })
    return answered.finally(() => clearTimeout(late))
  }

  fault(): string | undefined {
    return this.#fault
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    const thread = this.#thread
    this.#thread = undefined
    if (thread === undefined) return
    this.#write(thread)
    const ended = new Promise<void>((done) => {
      this.#closed = done
      setTimeout(done, closeWithinMs).unref()
    })
    thread.postMessage({ kind: 'close' })
    await ended
    await thread.terminate()
  }

  #open(): void {
    const { openThread = startThread, settings } = this.#options
    const thread = openThread(settings)
    this.#thread = thread
    thread.on('message', (message) => this.#take(message))
    thread.on('error', (error) => this.#setFault(`its thread failed: ${error.message}`))
    thread.on('exit', () => this.#gone(thread))
    this.#write(thread)
  }

  #gone(thread: StoreThread): void {
    if (this.#thread !== thread) return
    this.#thread = undefined
    this.#backlog.refused()
    this.#setFault(this.#fault ?? 'its thread ended')
    this.#asked.answerAll({ kind: 'failed', text: 'its thread ended' })
    setTimeout(() => {
      if (this.#closed === undefined) this.#open()
    }, retryMs).unref()
  }

  #tick(): void {
    const { rows, events } = this.#backlog.gather(Date.now())
    const now = performance.now()
    const waitedMs = now - this.#sentMs
    const due =
      (rows > 0 && waitedMs >= batchMs) ||
      rows >= rowsAtOnce ||
      events > 0 ||
      waitedMs >= aliveEachMs
    if (due && now >= this.#notBeforeMs && this.#thread !== undefined) this.#write(this.#thread)
  }

  /** Hands over what waits, unless something is under way. */
  #write(thread: StoreThread): void {
    const batch = this.#backlog.next(Date.now())
    if (batch === undefined) return
    this.#sentMs = performance.now()
    thread.postMessage({ kind: 'write', batch })
  }

  #take(message: FromStore): void {
    switch (message.kind) {
      case 'written':
        this.#written(message)
        break
      case 'read':
        this.#asked.answer(message.id, message.answer)
        break
      case 'closed':
        this.#closed?.()
    }
  }

  #written({ fault, opened, notes }: Extract<FromStore, { kind: 'written' }>): void {
    for (const note of notes) this.#options.onNote(note)
    if (fault === undefined) this.#backlog.written(Date.now(), opened)
    else this.#backlog.refused()
    this.#notBeforeMs = fault === undefined ? 0 : performance.now() + retryMs
    this.#setFault(fault)
  }

  #setFault(text: string | undefined): void {
    const before = this.#fault
    this.#fault = text
    if (text !== before) this.#options.onFault(text)
    if (text !== undefined && before === undefined) {
      this.#options.onNote(`history: nothing is kept: ${text}`)
    }
    if (text === undefined && before !== undefined) {
      this.#options.onNote('history: it is kept again')
    }
  }
}

const tooLate: ReadAnswer = { kind: 'failed', text: 'its disk does not answer' }

const failed = (text: string): Promise<ReadAnswer> => Promise.resolve({ kind: 'failed', text })

/** The warning that node:sqlite is young would land in the middle of the terminal; it is said in the manual. */
const startThread = (settings: StoreSettings): StoreThread =>
  new Worker(new URL('./store-thread.ts', import.meta.url), {
    workerData: settings,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
