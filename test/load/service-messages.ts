// What the process of the service and the one that measures it tell each other.

import type { OpcUaSettings } from '../../src/core/opcua-settings.ts'

export type ServiceOptions = {
  readonly pairs: number
  readonly tags: number
  /** Without a door it shows what the cycles cost by themselves. */
  readonly door: boolean
  /** Opens the HTTP door with the pages. */
  readonly web?: boolean
  readonly settings?: Partial<OpcUaSettings>
}

/** Since they were asked for last. */
export type Figures = {
  /** Of each cycle: how much later than planned it began, and how long it took, ms. */
  readonly late: readonly number[]
  readonly took: readonly number[]
  readonly rss: number
  /** Processor time of the deciding thread, and of all others of the process. */
  readonly mainCpuMs: number
  readonly otherCpuMs: number
  readonly wallMs: number
  readonly audit: readonly string[]
}

export type Ready = {
  readonly kind: 'ready'
  readonly url: string
  /** Of the HTTP door. */
  readonly webUrl: string
  readonly pki: string
  readonly pid: number
  /** Time until the door was open, and memory before and after, bytes. */
  readonly startMs: number
  readonly rssBefore: number
  readonly rss: number
}

export type ToService = { readonly kind: 'figures' } | { readonly kind: 'end' }
export type FromService = Ready | { readonly kind: 'figures'; readonly figures: Figures }
