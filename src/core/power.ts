// UPS verdicts, and what they mean for the units that they feed. A value that is not known never counts as sound.

import { type DeviceImage, isUnknown, type Value } from './image.ts'
import type { Plant, PowerFeed, Ups } from './plant.ts'
import { seconds } from './presence.ts'
import type { UpsView } from './view.ts'

export type UpsMemory = {
  readonly sinceMs: number
  readonly sentMs?: number
  readonly values: Readonly<Record<string, Value>>
  readonly heartbeatChangedMs: number
}

export type UpsFacts = {
  readonly verdict: UpsView['verdict']
  readonly chargePct?: number
  readonly runtimeS?: number
  readonly loadPct?: number
  readonly batteryLow: boolean
  readonly replaceBattery: boolean
  readonly ageMs?: number
  readonly lost: boolean
  readonly sentence: string
}

export const newUpsMemory = (nowMs: number): UpsMemory => ({
  sinceMs: nowMs,
  values: {},
  heartbeatChangedMs: nowMs,
})

export function observeUps(memory: UpsMemory, image: DeviceImage | undefined): UpsMemory {
  let next = memory
  for (const scan of image?.scans ?? []) {
    if (scan.kind === 'failed') continue
    const moved = next.values.heartbeat !== scan.values.heartbeat
    next = {
      sinceMs: next.sinceMs,
      sentMs: scan.sentMs,
      values: scan.values,
      heartbeatChangedMs: moved ? scan.receivedMs : next.heartbeatChangedMs,
    }
  }
  return next
}

export function upsFacts(memory: UpsMemory, ups: Ups, nowMs: number): UpsFacts {
  const silentMs = nowMs - (memory.sentMs ?? memory.sinceMs)
  const age = memory.sentMs === undefined ? {} : { ageMs: silentMs }
  if (silentMs > ups.lostMs) {
    const was = isUnknown(memory.values.state) ? '' : `, last seen ${memory.values.state}`
    return unknownUps(age, true, `no answer for ${seconds(silentMs)}${was}`)
  }
  if (memory.sentMs === undefined) return unknownUps(age, false, 'not read yet')
  const stillMs = memory.sentMs - memory.heartbeatChangedMs
  if (memory.values.heartbeat !== undefined && stillMs > ups.lostMs) {
    return unknownUps(age, true, `answers with old values: heartbeat still for ${seconds(stillMs)}`)
  }
  return answeringUps(memory, age)
}

/** Whether the unit's feeds would carry it for `needS` seconds, and why; a unit without configured feeds is not supervised. */
export function judgeFeed(
  feed: PowerFeed,
  facts: Readonly<Record<string, UpsFacts>>,
  needS: number,
): { readonly sound: 'yes' | 'no' | 'unknown' | 'not supervised'; readonly text: string } {
  const names = [...feed.anyOf, ...feed.allOf]
  if (names.length === 0) return { sound: 'not supervised', text: 'no UPS configured' }
  const text = names.map((name) => `${name} ${facts[name]?.sentence ?? 'unknown'}`).join('; ')
  const each = (name: string) => judgeSource(facts[name], needS)
  const all = feed.allOf.map(each)
  const any = feed.anyOf.map(each)
  if (all.includes('no') || (any.length > 0 && any.every((one) => one === 'no'))) {
    return { sound: 'no', text }
  }
  const anySound = any.length === 0 || any.includes('yes')
  return { sound: anySound && all.every((one) => one === 'yes') ? 'yes' : 'unknown', text }
}

/** The UPS units that feed some unit of the plant, by name. */
export const fedBy = (plant: Plant, ups: string): readonly string[] =>
  plant.pairs.flatMap((pair) =>
    [pair.units.A, pair.units.B]
      .filter((unit) => [...unit.power.anyOf, ...unit.power.allOf].includes(ups))
      .map((unit) => unit.device),
  )

function judgeSource(facts: UpsFacts | undefined, needS: number): 'yes' | 'no' | 'unknown' {
  if (facts === undefined || facts.verdict === 'unknown') return 'unknown'
  if (facts.verdict === 'off') return 'no'
  if (facts.verdict === 'on mains') return 'yes'
  if (facts.batteryLow) return 'no'
  if (facts.runtimeS === undefined) return 'unknown'
  return facts.runtimeS >= needS ? 'yes' : 'no'
}

function answeringUps(memory: UpsMemory, age: { ageMs?: number }): UpsFacts {
  const verdict = verdictOf(memory.values.state)
  const chargePct = numberOf(memory.values.charge_pct)
  const runtimeS = numberOf(memory.values.runtime_s)
  const loadPct = numberOf(memory.values.load_pct)
  const batteryLow = numberOf(memory.values.battery_low) === 1
  const words = [
    verdict === 'unknown' ? 'state not known' : verdict,
    ...(chargePct === undefined ? [] : [`charge ${chargePct.toFixed(0)} %`]),
    ...(runtimeS === undefined ? [] : [`runtime ${Math.floor(runtimeS / 60)} min`]),
    ...(batteryLow ? ['battery low'] : []),
  ]
  return {
    verdict,
    ...(chargePct !== undefined && { chargePct }),
    ...(runtimeS !== undefined && { runtimeS }),
    ...(loadPct !== undefined && { loadPct }),
    batteryLow,
    replaceBattery: numberOf(memory.values.replace_battery) === 1,
    ...age,
    lost: false,
    sentence: words.join(', '),
  }
}

const unknownUps = (age: { ageMs?: number }, lost: boolean, sentence: string): UpsFacts => ({
  verdict: 'unknown',
  batteryLow: false,
  replaceBattery: false,
  ...age,
  lost,
  sentence,
})

/** Bypass feeds the load straight from the mains, without a battery behind it: not sound, so it counts as off. */
function verdictOf(value: Value | undefined): UpsFacts['verdict'] {
  if (value === 'on mains' || value === 'on battery') return value
  return value === 'bypass' || value === 'off' ? 'off' : 'unknown'
}

const numberOf = (value: Value | undefined): number | undefined =>
  typeof value === 'number' ? value : undefined
