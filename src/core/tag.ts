// The values that are compared between the units of a pair, and the limits of that comparison, as configured.

export type TagClass =
  | 'identity'
  | 'discrete'
  | 'enum'
  | 'setpoint'
  | 'analog'
  | 'analog-own-sensor'
  | 'integrator'
  | 'counter'
  | 'timestamp'
  | 'volatile'

/** A value that is compared between the units of a pair, or shown. */
export type Tag = {
  readonly name: string
  readonly class: TagClass
  /** Largest difference that still counts as equal, in the tag's own unit. */
  readonly tolerance: number
  readonly units: string
  /** A difference in a critical tag blocks a switchover; in any other it is shown. */
  readonly critical: boolean
  /** Smallest difference that the stored form can show; 0 for floating point. */
  readonly step?: number
  /** Where the stored form starts again at 0; 0: never. Only counters are compared around it. */
  readonly wrapsAt?: number
  /** A switchover is judged by this value: its bump is foretold and measured. */
  readonly bump?: true
  readonly limits?: TagLimits
}

/** Where a value must stay, in its own unit. */
export type TagLimits = {
  readonly low?: number
  readonly high?: number
  /** Fastest change without control, per second, from the design of the process. */
  readonly ratePerS?: number
}

/** How samples of the two units are laid over each other, and how rare a false alarm must be. */
export type SyncLimits = {
  /** Shortest and longest time by which the standby's values follow the primary's. */
  readonly lagMs: readonly [number, number]
  /** Longest time for which a gateway may answer from its memory. */
  readonly gatewayMs: number
  /** Years of the pair in which one tag may be called different by chance. */
  readonly falseAlarmYears: number
}
