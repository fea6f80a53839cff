// One value as the OPC UA door shows it: what it is, how far it can be believed, and when the field said so. Pure, so that
// every variable can be tested without a server.

import type { Presence, UnitView } from '../../core/view.ts'

/** Words of the model; arrays only where the row says `list`. `null`: there is no value. */
export type ReadingValue = number | boolean | string | readonly string[] | null

/** Names of OPC UA status codes (Part 8) that a value may carry. */
export type Quality =
  | 'Good'
  | 'UncertainNoCommunicationLastUsableValue'
  | 'UncertainSubNormal'
  | 'BadNoCommunication'
  | 'BadWaitingForInitialData'
  | 'BadConfigurationError'
  | 'BadDeviceFailure'
  | 'BadNoData'

export type Reading = {
  readonly value: ReadingValue
  readonly quality: Quality
  /** Time of the scan behind the value, Unix ms. */
  readonly atMs: number
}

export const good = (value: ReadingValue, atMs: number): Reading => ({
  value,
  quality: 'Good',
  atMs,
})

/** A value that may be absent: without it there is no data. */
export const maybe = (value: ReadingValue | undefined, atMs: number): Reading =>
  value === undefined ? { value: null, quality: 'BadNoData', atMs } : good(value, atMs)

/** How far what a unit says of itself can be believed. */
const unitQuality = (presence: Presence): Quality => qualities[presence]

const qualities: Readonly<Record<Presence, Quality>> = {
  answering: 'Good',
  lost: 'BadNoCommunication',
  frozen: 'UncertainNoCommunicationLastUsableValue',
  swapped: 'BadConfigurationError',
  damaged: 'BadDeviceFailure',
  disputed: 'UncertainSubNormal',
  unread: 'BadWaitingForInitialData',
}

/** Something that the unit itself said, with its quality and the time of its newest scan. */
export function fromUnit(unit: UnitView, wallMs: number, value: ReadingValue | undefined): Reading {
  const atMs = scanTimeMs(unit, wallMs)
  const quality = unitQuality(unit.presence)
  if (quality.startsWith('Bad')) return { value: null, quality, atMs }
  if (value === undefined) return { value: null, quality: 'BadNoData', atMs }
  return { value, quality, atMs }
}

/** When the newest scan of this unit was answered, Unix ms. */
const scanTimeMs = ({ ageMs }: UnitView, wallMs: number): number => wallMs - (ageMs ?? 0)
