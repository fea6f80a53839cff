// What the thread of the history and whoever uses it tell each other. Plain data; every question is answered once.

import type { ProcessedQuestion, ResultPage } from './processed.ts'
import type { RawPage, RawPosition, RawQuestion } from './raw.ts'
import type { Batch, StoredEvent } from './store.ts'

export type ReadQuestion =
  | {
      readonly kind: 'raw'
      readonly series: string
      readonly raw: RawQuestion
      readonly pageMax: number
      readonly position?: RawPosition
    }
  | {
      readonly kind: 'processed'
      readonly series: string
      readonly processed: ProcessedQuestion
      readonly pageMax: number
      readonly first: number
    }
  | {
      readonly kind: 'times'
      readonly series: string
      readonly timesMs: readonly number[]
      readonly simple: boolean
      readonly pageMax: number
      readonly first: number
    }
  | {
      readonly kind: 'events'
      readonly fromMs: number
      readonly toMs: number
      readonly newestFirst: boolean
      readonly after?: { readonly atMs: number; readonly id: number }
      readonly limit: number
    }

export type ReadAnswer =
  | { readonly kind: 'raw'; readonly page: RawPage }
  | { readonly kind: 'results'; readonly page: ResultPage }
  | { readonly kind: 'events'; readonly events: readonly StoredEvent[] }
  /** Nothing could be read, and why. */
  | { readonly kind: 'failed'; readonly text: string }

export type ToStore =
  | { readonly kind: 'write'; readonly batch: Batch }
  | { readonly kind: 'read'; readonly id: number; readonly question: ReadQuestion }
  | { readonly kind: 'close' }

export type FromStore =
  | {
      readonly kind: 'written'
      /** Why nothing was written; absent when all was. */
      readonly fault?: string
      /** The file was opened since the last write: what stood before has to be told again. */
      readonly opened: boolean
      /** What a person should know, once. */
      readonly notes: readonly string[]
    }
  | { readonly kind: 'read'; readonly id: number; readonly answer: ReadAnswer }
  | { readonly kind: 'closed' }
