// UPS verdicts, and what they mean for the units that they feed. A value that is not known never counts as sound.

import { type DeviceImage, isUnknown, sameValue, type Value } from './image.ts'
import type { Plant, PowerFeed, Ups } from './plant.ts'
import { seconds } from './presence.ts'
import type { UpsView } from './view.ts'

export type UpsMemory = {
  /** Since when we listen: the start, or the end of a gap in our own time. */
  readonly sinceMs: number
  readonly sentMs?: number
  readonly values: Readonly<Record<string, Value>>
  readonly heartbeatChangedMs: number
  /** Since when every answer has said "on mains"; absent while it does not. */
  readonly mainsSinceMs?: number
  /** What it said before it went to mains, so that a flicker does not look like a sound supply. */
  readonly before?: UpsFacts['verdict']
}

export type UpsFacts = {
  readonly verdict: UpsView['verdict']
  readonly chargePct?: number
  readonly runtimeS?: number
  readonly loadPct?: number
  readonly batteryLow: boolean
  /** The UPS has this signal and does not tell it now. */
  readonly batteryLowUnknown?: true
  readonly replaceBattery: boolean
  /** A battery test or calibration runs: what it says of its supply is its own doing. */
  readonly selfTest: boolean
  readonly ageMs?: number
  readonly lost: boolean
  /** What a person should know of a lost one, without figures that change. */
  readonly lostDetail?: string
  readonly sentence: string
}

/** A UPS that flickers between mains and battery counts as on battery until the mains have stood for so long, ms. */
const mainsSteadyMs = 3000

export const newUpsMemory = (nowMs: number): UpsMemory => ({
  sinceMs: nowMs,
  values: {},
  heartbeatChangedMs: nowMs,
})

export function observeUps(memory: UpsMemory, image: DeviceImage | undefined): UpsMemory {
  let next = memory
  for (const scan of image?.scans ?? []) {
    if (scan.kind === 'failed') continue
    const moved = !sameValue(next.values.heartbeat, scan.values.heartbeat)
    const verdict = verdictOf(scan.values.state)
    const first = next.sentMs === undefined
    const mainsSinceMs = first ? -mainsSteadyMs : (next.mainsSinceMs ?? scan.receivedMs)
    // What it does to itself for a test says nothing of the mains.
    const says = verdict === 'on mains' || isSet(scan.values.self_test) ? undefined : verdict
    const before = says ?? next.before
    next = {
      sinceMs: next.sinceMs,
      sentMs: scan.sentMs,
      values: scan.values,
      heartbeatChangedMs: moved ? scan.receivedMs : next.heartbeatChangedMs,
      ...(verdict === 'on mains' && { mainsSinceMs }),
      ...(before !== undefined && { before }),
    }
  }
  return next
}

export function upsFacts(memory: UpsMemory, ups: Ups, nowMs: number): UpsFacts {
  const silentMs = nowMs - (memory.sentMs ?? memory.sinceMs)
  const age = memory.sentMs === undefined ? {} : { ageMs: silentMs }
  if (silentMs > ups.lostMs) {
    // After a gap in our own time an old value is not known, and the UPS is not to blame.
    if (nowMs - memory.sinceMs <= ups.lostMs) return unknownUps(age, 'not read since our own gap')
    return lostUps(memory, age, { sentence: `no answer for ${seconds(silentMs)}` })
  }
  if (memory.sentMs === undefined) return unknownUps(age, 'not read yet')
  const old = oldValues(memory, ups)
  if (old !== undefined) return lostUps(memory, age, old)
  const { comm_lost: commLost, age_s: ageS } = memory.values
  if (isUntold(commLost) || isUntold(ageS)) {
    return unknownUps(age, 'answers, but does not tell how old its values are')
  }
  return answeringUps(memory, age, nowMs)
}

type Loss = { readonly sentence: string; readonly why?: string }

/** Why an answer says nothing about the UPS itself: a gateway may go on answering long after it lost the UPS. */
function oldValues(
  { sentMs = 0, heartbeatChangedMs, values }: UpsMemory,
  ups: Ups,
): Loss | undefined {
  const stillMs = sentMs - heartbeatChangedMs
  if (values.heartbeat !== undefined && stillMs > ups.lostMs) {
    const sentence = `answers with old values: heartbeat still for ${seconds(stillMs)}`
    return { sentence, why: 'its heartbeat stands still' }
  }
  const why = 'its gateway has lost the UPS'
  if (isSet(values.comm_lost)) return { sentence: `${why}: old values`, why }
  const ageS = numberOf(values.age_s)
  if (ageS === undefined || ageS * 1000 <= ups.lostMs) return undefined
  return { sentence: `its gateway last heard the UPS ${seconds(ageS * 1000)} ago: old values`, why }
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
  if (facts.runtimeS === undefined || facts.batteryLowUnknown) return 'unknown'
  return facts.runtimeS >= needS ? 'yes' : 'no'
}

function answeringUps(memory: UpsMemory, age: { ageMs?: number }, nowMs: number): UpsFacts {
  const { values, mainsSinceMs, before } = memory
  const said = verdictOf(values.state)
  const flickers =
    said === 'on mains' &&
    before === 'on battery' &&
    nowMs - (mainsSinceMs ?? nowMs) < mainsSteadyMs
  const verdict = flickers ? 'on battery' : said
  const chargePct = within(values.charge_pct, 0, 100)
  const runtimeS = within(values.runtime_s, 0, runtimeMaxS)
  const loadPct = within(values.load_pct, 0, 1000)
  const batteryLow = isSet(values.battery_low)
  const selfTest = isSet(values.self_test)
  const words = [
    verdict === 'unknown' ? 'state not known' : verdict,
    ...(flickers ? ['mains back, not steady yet'] : []),
    ...(selfTest ? ['battery test'] : []),
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
    ...(isUntold(values.battery_low) && { batteryLowUnknown: true }),
    replaceBattery: isSet(values.replace_battery),
    selfTest,
    ...age,
    lost: false,
    sentence: words.join(', '),
  }
}

/**
 * A UPS that was on battery when it fell silent is assumed to be running out (the rule of NUT's upsmon for a dead UPS): the
 * alarm must come although nothing is known.
 */
function lostUps(memory: UpsMemory, age: { ageMs?: number }, { sentence, why }: Loss): UpsFacts {
  const { state } = memory.values
  const was = isUnknown(state) ? [] : [`last seen ${state}`]
  const lostDetail = [...(why === undefined ? [] : [why]), ...was].join(', ')
  const batteryLow =
    verdictOf(state) === 'on battery' || (memory.before === 'on battery' && !steady(memory))
  const whole = [sentence, ...was].join(', ')
  return { ...unknownUps(age, whole), lost: true, lostDetail, batteryLow }
}

const steady = ({ sentMs = 0, mainsSinceMs }: UpsMemory): boolean =>
  mainsSinceMs !== undefined && sentMs - mainsSinceMs >= mainsSteadyMs

const unknownUps = (age: { ageMs?: number }, sentence: string): UpsFacts => ({
  verdict: 'unknown',
  batteryLow: false,
  replaceBattery: false,
  selfTest: false,
  ...age,
  lost: false,
  sentence,
})

/** Bypass feeds the load straight from the mains, without a battery behind it: not sound, so it counts as off. */
function verdictOf(value: Value | undefined): UpsFacts['verdict'] {
  if (value === 'on mains' || value === 'on battery') return value
  return value === 'bypass' || value === 'off' ? 'off' : 'unknown'
}

const numberOf = (value: Value | undefined): number | undefined =>
  typeof value === 'number' ? value : undefined

/** A UPS with a runtime of more than a month has made it up. */
const runtimeMaxS = 31 * 86_400

/** 65535 % and the like are markers of some maker, never a measurement. */
function within(value: Value | undefined, lowest: number, highest: number): number | undefined {
  const known = numberOf(value)
  return known !== undefined && known >= lowest && known <= highest ? known : undefined
}

/** The device has the signal, and its value is not known. */
const isUntold = (value: Value | undefined): boolean => value !== undefined && isUnknown(value)

const isSet = (value: Value | undefined): boolean => value === true || value === 1
