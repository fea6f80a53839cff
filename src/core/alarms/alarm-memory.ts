// What is remembered of alarms from cycle to cycle: those that exist, those on their way, and what persons put aside.

import type { AlarmKey } from './alarm-catalogue.ts'
import type { AlarmComment } from './shown.ts'
import type { SuppressorKey } from './suppressors.ts'

/** A condition that stands in this cycle. */
export type Condition = {
  readonly key: AlarmKey
  readonly source: string
  readonly pair?: string
  readonly detail: string
}

/** Why an alarm is quiet by design. */
export type Suppression = {
  readonly cause: SuppressorKey
  /** The cause in words: `intake.B is out of service (bert: card replaced)`. */
  readonly by: string
}

export type Alarm = Condition & {
  readonly id: string
  /** As if nothing were put aside: the state to which it comes back. */
  readonly state: 'unacknowledged' | 'acknowledged' | 'returned'
  readonly raisedWallMs: number
  readonly returnedWallMs?: number
  readonly acknowledgedBy?: string
  /** Record of the raise: shown as raised only once that is durable. */
  readonly seq: number
  readonly suppressed?: Suppression
  /** It came while it was suppressed, so nobody was told of it yet. */
  readonly unannounced?: true
  readonly comments: readonly AlarmComment[]
}

export type Shelf = {
  readonly by: string
  readonly reason: string
  /** Wall time, Unix ms: a shelf outlasts a restart. */
  readonly untilWallMs: number
  /** Ends before that time as well, as soon as the alarm clears. */
  readonly once?: true
}
export type Shelves = Readonly<Record<string, Shelf>>

/** Taken out of service by a person, until a person takes it back. */
export type Retired = { readonly by: string; readonly reason: string; readonly wallMs: number }

export type AlarmMemory = {
  readonly active: Readonly<Record<string, Alarm>>
  /** Conditions that stand but whose delay has not passed: since when. */
  readonly pending: Readonly<Record<string, number>>
  /** Those of them that would be suppressed if they were raised now: they tell nothing, neither now nor later. */
  readonly hushed: readonly string[]
  /** Conditions that are gone but whose clear delay has not passed: since when. */
  readonly leaving: Readonly<Record<string, number>>
  /** Suppressed alarms whose cause is gone but lingers: since when. */
  readonly lifting: Readonly<Record<string, number>>
  readonly shelved: Shelves
  readonly outOfService: Readonly<Record<string, Retired>>
  /** When alarms were raised within the last hour. `quiet`: nobody was asked for anything. */
  readonly raises: readonly Raise[]
  /** Counts of the last week, for the rates. */
  readonly rates: RateMemory
}
export type Raise = { readonly id: string; readonly atMs: number; readonly quiet?: true }

type HourCount = {
  /** Hours since 1970, by the wall clock. */
  readonly hour: number
  readonly byId: Readonly<Record<string, number>>
  /** Most alarms that any 10 minutes ending in this hour had. */
  readonly peak10Min: number
}
export type RateMemory = {
  /** Counted since then, wall time. */
  readonly sinceWallMs: number
  readonly hours: readonly HourCount[]
}
export const newRateMemory = (wallMs: number): RateMemory => ({ sinceWallMs: wallMs, hours: [] })

export const newAlarmMemory = (wallMs: number): AlarmMemory => ({
  active: {},
  pending: {},
  hushed: [],
  leaving: {},
  lifting: {},
  shelved: {},
  outOfService: {},
  raises: [],
  rates: newRateMemory(wallMs),
})

export const alarmId = ({ source, key }: Pick<Condition, 'source' | 'key'>): string =>
  `${source}:${key}`

/** Source and key of an id; the key may be none of the catalogue. */
export const partsOf = (id: string): [source: string, key: string] => {
  const at = id.lastIndexOf(':')
  return [id.slice(0, at), id.slice(at + 1)]
}

/** Whether it asks a person for something now. */
export const isQuiet = (
  { shelved, outOfService }: AlarmMemory,
  { id, suppressed }: Pick<Alarm, 'id' | 'suppressed'>,
): boolean =>
  suppressed !== undefined || shelved[id] !== undefined || outOfService[id] !== undefined
