// One entry of the history: what a variable showed from an instant on. Values stand until the next entry; what is kept is plain data,
// because it goes from thread to thread and into a file.

/** Names of OPC UA status codes. Files hold their numbers: new ones are added at the end, none ever changes its place. */
export const sampleQualities = [
  'Good',
  'UncertainNoCommunicationLastUsableValue',
  'UncertainSubNormal',
  'BadNoCommunication',
  'BadWaitingForInitialData',
  'BadConfigurationError',
  'BadDeviceFailure',
  'BadNoData',
  // From here on nothing was collected: the service was down, or the disk refused.
  'BadDataLost',
] as const

export type SampleQuality = (typeof sampleQualities)[number]

/** Numbers stand for switches and for words of an enumeration too. */
export type SampleValue = number | string | null

export type Sample = {
  /** Source time, whole Unix ms. */
  readonly atMs: number
  readonly quality: SampleQuality
  readonly value: SampleValue
}

/** An entry with the variable that it is of, by the name in its NodeId. */
export type Row = Sample & { readonly series: string }

/** An event as it was raised. `fields` is the door's own form. */
export type EventRow = {
  readonly atMs: number
  /** NodeIds of the event's type and of what it is about. */
  readonly type: string
  readonly source: string
  readonly fields: Uint8Array
}

/** One variable's entries in the order of their times, however they came. No two have the same time. */
export type SampleSource = {
  /** Oldest first: from `fromMs` on, before `toMs`. */
  forward(fromMs: number, toMs: number, limit: number): readonly Sample[]
  /** Newest first: from `fromMs` down, after `toMs`. */
  backward(fromMs: number, toMs: number, limit: number): readonly Sample[]
  /** The same as `forward`, one by one and without a limit. */
  each(fromMs: number, toMs: number): Iterable<Sample>
  newestBefore(atMs: number): Sample | undefined
  oldestAfter(atMs: number): Sample | undefined
  /** Until then the newest entry is known to stand, Unix ms. */
  readonly aliveMs: number
}
