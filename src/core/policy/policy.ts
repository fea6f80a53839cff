// What a pair's owner has decided about its switchovers: who confirms and how, what follows a failure, and when.

/** Who confirms: a person every time, or the supervisor itself after the loss of a primary when nobody has answered. */
export type SwitchoverPolicy = 'supervised' | 'automatic'
/** What follows when a unit that failed has re-qualified. */
export type FailbackPolicy = 'hold' | 'operator' | 'window' | 'immediate'

export type Policy = {
  readonly switchover: SwitchoverPolicy
  /** Automatic: for so long the prompt stands open before the supervisor confirms it itself. */
  readonly automaticAfterS: number
  readonly confirmS: number
  readonly typedName: boolean
  readonly reauthenticate: boolean
  readonly secondPerson: boolean
  readonly reason: 'required' | 'optional'
  readonly failback: FailbackPolicy
  readonly minIntervalS: number
  /** An unanswered proposal is made again after this time. */
  readonly proposeAgainS: number
  /** So many unanswered proposals in a row raise an alarm of their own. */
  readonly escalateAfter: number
  readonly settleS: number
  /** Longest time after a switchover for which its bump is measured on. */
  readonly bumpS: number
}

/** Hours of the week in which a pair may go back to a unit that failed. */
export type MaintenanceWindow = {
  readonly days: readonly Weekday[]
  /** Minutes after midnight on the clock of the zone, 0 to 1439; `to` before `from` ends on the next day. */
  readonly fromMin: number
  readonly toMin: number
  /** IANA name: `Europe/Oslo`. */
  readonly zone: string
}
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof weekdays)[number]
