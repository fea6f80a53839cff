// What persons are shown of a unit that has to prove itself again: why, for how long already, and point by point. Plain JSON.

/** One point that a unit has to show before it is relied on again. */
export type QualifyingPoint = {
  readonly what: string
  readonly met: 'yes' | 'no' | 'unknown'
  readonly value: string
  readonly clearsWhen: string
}

/** A unit that re-qualifies after a failure or after it was out of service. */
export type QualifyingView = {
  readonly why: string
  readonly forMs: number
  readonly points: readonly QualifyingPoint[]
}
