// What persons are shown of the bump of a switchover: the report afterwards, the forecast and the time budget before. Plain JSON.

/** What a switchover did to the process, as far as reads of the units can tell. */
export type BumpReport = {
  /** `interrupted`: what was measured until then is all that will ever be known. */
  readonly state: 'measuring' | 'complete' | 'interrupted'
  readonly text: string
  readonly gap?: Gap
  readonly tags: readonly TagBump[]
  /** From the first OPERATE to the last sample that counted, ms. */
  readonly measuredMs: number
}

/** Time without an active unit. The truth lies between the two: roles are known only at the instants of reads. */
export type Gap = {
  readonly leastMs: number
  /** Absent: the new unit was not read as primary, or nobody had read the old one as primary before. */
  readonly mostMs?: number
}

/** The bump of one tag, in its own unit. */
export type TagBump = {
  readonly name: string
  readonly units: string
  readonly tolerance: number
  /** Largest change from one sample to the next until the handover was over. Absent: no two samples were read. */
  readonly step?: number
  /** Furthest from where the tag was heading at the first OPERATE, until the handover was over. */
  readonly excursion?: number
  /** Time further from its value at the first OPERATE than the tolerance and its usual motion explain, ms. */
  readonly outsideMs: number
  /** From the first OPERATE until it was back for good, ms; 0 when it was never outside. Absent: not within the time of measuring. */
  readonly settledMs?: number
}
/** What a switchover now would do to one tag: the middle of what is expected, and the interval that holds it nine times in ten. */
export type TagForecast = {
  readonly name: string
  readonly units: string
  /** Absent while too little is known of the tag; `text` says how much. */
  readonly step?: Expected
  readonly excursion?: Expected
  readonly text: string
}
export type Expected = { readonly low: number; readonly middle: number; readonly high: number }

/** How long one tag would stay within its limits if nobody controlled the process from now on. */
export type TagBudget = {
  readonly name: string
  readonly units: string
  readonly toward: 'high' | 'low'
  readonly limit: number
  /** Per second, in the tag's own unit. */
  readonly rate: number
  /** Of the rate: `design` is a promise of the plant file, `history` only what was seen under control. */
  readonly basis: 'design' | 'history'
  readonly ms: number
  readonly text: string
}

/** The time budget of a pair: its shortest one, and every tag that has limits. */
export type Budget = {
  /** Absent when it is not known, or no tag has limits. */
  readonly ms?: number
  readonly text: string
  readonly tags: readonly TagBudget[]
}
