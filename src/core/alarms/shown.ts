// What the doors show of alarms: JSON as it stands here. The states are those of ISA-18.2.

/**
 * As ISA-18.2 names them. The first three are the alarm's own: active and not acknowledged, active and acknowledged, cleared and
 * not acknowledged. The others hide that one for a while: `active` and `acknowledged` go on telling it.
 */
export type AlarmState =
  | 'unacknowledged'
  | 'acknowledged'
  | 'returned'
  | 'shelved'
  | 'suppressed'
  | 'out of service'
/** Whether an alarm is in the list that a person works through: nothing and nobody has put it aside. */
export const isAsking = ({ state }: { readonly state: AlarmState }): boolean =>
  state === 'unacknowledged' || state === 'acknowledged' || state === 'returned'
export type AlarmPriority = 1 | 2 | 3 | 4
export type AlarmComment = { readonly by: string; readonly text: string; readonly wallMs: number }
export type AlarmView = {
  /** Source and key: `intake.B:lost`. */
  readonly id: string
  /** Name of the alarm in the catalogue. */
  readonly key: string
  readonly priority: AlarmPriority
  /** Pair, unit, path, LAN or UPS that it is about. */
  readonly source: string
  readonly pair?: string
  readonly state: AlarmState
  /** The condition stands; of an alarm that was put aside it may have gone, or not have come yet. */
  readonly active: boolean
  readonly acknowledged: boolean
  /** It tells of an event: only a person ends it. */
  readonly latched: boolean
  readonly condition: string
  readonly consequence: string
  readonly action: string
  /** Path or address of its runbook. */
  readonly runbook: string
  /** Of an alarm that does not stand but was put aside: since when. */
  readonly raisedWallMs: number
  readonly returnedWallMs?: number
  readonly acknowledgedBy?: string
  /** Put aside by a person until then: it asks for nothing. */
  readonly shelved?: {
    readonly by: string
    readonly reason: string
    readonly untilWallMs: number
    /** Only until it clears, if that is sooner. */
    readonly once?: true
  }
  /** Quiet by design, while this stands. */
  readonly suppressed?: { readonly by: string }
  /** Taken out of service by a person, until a person takes it back. */
  readonly outOfService?: {
    readonly by: string
    readonly reason: string
    readonly wallMs: number
  }
  /** The root of its group: look there first. */
  readonly under?: string
  /** The newest ones, oldest first. */
  readonly comments: readonly AlarmComment[]
}

/** How many alarms asked for something in a period that ends now. */
export type PeriodRates = {
  readonly raised: number
  /** Mean over the hours that were counted. */
  readonly perHour: number
  readonly peakHour: number
  readonly peak10Min: number
  readonly perPriority: Readonly<Record<AlarmPriority, number>>
  /** The ten that were raised most. */
  readonly top: readonly { readonly id: string; readonly raised: number }[]
}

export type AlarmRatesView = {
  /** Counted since then. */
  readonly sinceWallMs: number
  readonly operators: number
  /** More than so many in 10 minutes are a flood. */
  readonly floodPer10Min: number
  readonly last10Min: number
  readonly lastHour: number
  readonly lastDay: PeriodRates
  readonly lastWeek: PeriodRates
  /** Raised four times or more within 10 minutes. */
  readonly chattering: readonly string[]
  /** Standing for more than a day. */
  readonly stale: readonly { readonly id: string; readonly raisedWallMs: number }[]
}
