// The store with everything that may happen to it: it is opened when first needed and again after a fault, a damaged file is set aside,
// and no call ever throws. What went wrong is an answer.

import type { ReadAnswer, ReadQuestion } from './messages.ts'
import { readAtTimes, readProcessed } from './processed.ts'
import { readRaw } from './raw.ts'
import { type Batch, HistoryStore, type StoreSettings } from './store.ts'
import { type StoreFault, storeFault } from './store-fault.ts'
import { historyFile, setAside } from './store-file.ts'

export type Shelf = {
  /** Yields why it could not be written; undefined when it was. */
  write(batch: Batch): string | undefined
  read(question: ReadQuestion): ReadAnswer
  /** Whether the file was opened since this was asked last. */
  takeOpened(): boolean
  /** What a person should know, each once. */
  takeNotes(): readonly string[]
  close(): void
}

/** Room and age are looked at so often, ms. */
const pruneEachMs = 30_000

export function openShelf(settings: StoreSettings, nowMs: () => number): Shelf {
  return new GuardedStore(settings, nowMs)
}

class GuardedStore implements Shelf {
  readonly #settings: StoreSettings
  readonly #nowMs: () => number
  readonly #file: string
  #store: HistoryStore | undefined
  #opened = false
  #prunedMs = Number.NEGATIVE_INFINITY
  #notes: string[] = []

  constructor(settings: StoreSettings, nowMs: () => number) {
    this.#settings = settings
    this.#nowMs = nowMs
    this.#file = historyFile(settings.folder)
  }

  write(batch: Batch): string | undefined {
    const fault = this.#writeOnce(batch)
    if (fault?.kind === 'full') this.#attempt(() => this.#prune(true))
    // A file at its limit has made room, a damaged one has been replaced: both are worth a second try.
    const left = fault === undefined || fault.kind === 'other' ? fault : this.#writeOnce(batch)
    return left?.text
  }

  read(question: ReadQuestion): ReadAnswer {
    const answer = this.#attempt(() => answerOf(this.#open(), question))
    return 'text' in answer ? { kind: 'failed', text: answer.text } : answer
  }

  takeOpened(): boolean {
    const opened = this.#opened
    this.#opened = false
    return opened
  }

  takeNotes(): readonly string[] {
    const notes = this.#notes
    this.#notes = []
    return notes
  }

  close(): void {
    try {
      this.#store?.close()
    } catch {
      // It is given up anyway; the log beside the file is carried over when it is opened next.
    }
    this.#store = undefined
  }

  #open(): HistoryStore {
    if (this.#store === undefined) {
      this.#store = new HistoryStore(this.#settings, this.#nowMs())
      this.#opened = true
    }
    return this.#store
  }

  #writeOnce(batch: Batch): StoreFault | undefined {
    const fault = this.#attempt(() => {
      this.#open().write(batch)
      return undefined
    })
    // What goes wrong here is not of this batch, which is written.
    if (fault === undefined) this.#attempt(() => this.#prune(false))
    return fault
  }

  #prune(always: boolean): void {
    const now = performance.now()
    if (!always && now - this.#prunedMs < pruneEachMs) return
    this.#prunedMs = now
    this.#open().prune(this.#nowMs())
  }

  #attempt<T>(work: () => T): T | StoreFault {
    try {
      return work()
    } catch (error) {
      return this.#giveUp(error)
    }
  }

  #giveUp(error: unknown): StoreFault {
    const fault = storeFault(error, this.#file)
    if (fault.kind === 'full') return fault
    this.close()
    if (fault.kind !== 'damaged') return fault
    try {
      const name = setAside(this.#settings.folder, this.#nowMs())
      this.#notes.push(`history: ${fault.text}; it now stands as ${name}, and a new file is begun`)
      return fault
    } catch (refusal) {
      return { kind: 'other', text: `${fault.text}; ${storeFault(refusal, this.#file).text}` }
    }
  }
}

function answerOf(store: HistoryStore, question: ReadQuestion): ReadAnswer {
  switch (question.kind) {
    case 'raw': {
      const { series, raw, pageMax, position } = question
      return { kind: 'raw', page: readRaw(store.source(series), raw, pageMax, position) }
    }
    case 'processed': {
      const { series, processed, pageMax, first } = question
      const page = readProcessed(store.source(series), processed, pageMax, first)
      return { kind: 'results', page }
    }
    case 'times': {
      const { series, timesMs, simple, pageMax, first } = question
      const page = readAtTimes(store.source(series), timesMs, simple, pageMax, first)
      return { kind: 'results', page }
    }
    case 'events':
      return { kind: 'events', events: store.events(question) }
  }
}
