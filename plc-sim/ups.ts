// One UPS: mains, battery, load. On battery the charge and the runtime fall together as they do on
// a small UPS, and an empty battery ends in OFF. It charges faster than a real one, so that an
// exercise can be repeated.
import type { ArmedFaults } from './faults.ts'

/** Register `state`, docs/protocols.md section 8. */
export const UPS_STATE = { onMains: 1, onBattery: 2, bypass: 3, off: 4 } as const

/** A full battery lasts 40 minutes at the load of the demo plant. */
const FULL_RUNTIME_S = 2400
/** An empty battery is full again in 10 minutes; a real one takes hours. */
const RECHARGE_S = 600
const LOW_CHARGE_PCT = 20
const LOW_RUNTIME_S = 120
const MAINS_VOLTS = 230
const INVERTER_VOLTS = 229
const LOAD_PCT = 34
/** The load breathes with what it feeds. */
const LOAD_SWING_PCT = 1.5
const LOAD_SWING_PERIOD_S = 40

export type Ups = {
  readonly name: string
  faults: ArmedFaults
  onMains: boolean
  chargePct: number
  /** How long a full battery would last; on_battery with a runtime makes it another one. */
  fullRuntimeS: number
  loadPct: number
  heartbeat: number
  sinceHeartbeatMs: number
  /** What it goes on showing while it lies. */
  shownWords: readonly number[] | undefined
}

/** A UPS on mains with a full battery. */
export function newUps(name: string): Ups {
  return {
    name,
    faults: {},
    onMains: true,
    chargePct: 100,
    fullRuntimeS: FULL_RUNTIME_S,
    loadPct: LOAD_PCT,
    heartbeat: 0,
    sinceHeartbeatMs: 0,
    shownWords: undefined,
  }
}

/** Lets time pass. */
export function stepUps(ups: Ups, nowMs: number, stepMs: number): void {
  ups.sinceHeartbeatMs += stepMs
  if (ups.sinceHeartbeatMs >= 1000) {
    ups.sinceHeartbeatMs -= 1000
    ups.heartbeat = (ups.heartbeat + 1) & 0xffff
  }
  const swing = Math.sin((2 * Math.PI * nowMs) / 1000 / LOAD_SWING_PERIOD_S)
  ups.loadPct = isOff(ups) ? 0 : LOAD_PCT + LOAD_SWING_PCT * swing
  const perSecondPct = ups.onMains ? 100 / RECHARGE_S : -100 / ups.fullRuntimeS
  ups.chargePct = Math.min(100, Math.max(0, ups.chargePct + (perSecondPct * stepMs) / 1000))
}

/** Takes over the faults that are armed now: mains fail or return, a lie begins or ends. */
export function breakUps(ups: Ups, faults: ArmedFaults): void {
  if (faults.lies_online && !ups.faults.lies_online) ups.shownWords = wordsOf(ups)
  if (!faults.lies_online) ups.shownWords = undefined
  const runtimeS = faults.on_battery?.runtime ?? 0
  if (faults.on_battery !== ups.faults.on_battery && runtimeS > 0) {
    ups.fullRuntimeS = (runtimeS * 100) / Math.max(ups.chargePct, 1)
  }
  ups.onMains = !faults.on_battery && !faults.lies_online
  if (ups.onMains) ups.fullRuntimeS = FULL_RUNTIME_S
  ups.faults = faults
}

/** Seconds that the battery would carry the load from now. */
export function runtimeS(ups: Ups): number {
  return (ups.fullRuntimeS * ups.chargePct) / 100
}

/** The ten registers as the UPS answers them; the heartbeat goes on while it lies. */
export function upsWords(ups: Ups): readonly number[] {
  if (!ups.shownWords) return wordsOf(ups)
  return ups.shownWords.map((word, register) => (register === 7 ? ups.heartbeat : word))
}

/** What the UPS really does, as register `state` has it. */
export function upsState(ups: Ups): number {
  if (isOff(ups)) return UPS_STATE.off
  return ups.onMains ? UPS_STATE.onMains : UPS_STATE.onBattery
}

function isOff(ups: Ups): boolean {
  return !ups.onMains && ups.chargePct <= 0
}

function wordsOf(ups: Ups): number[] {
  const state = upsState(ups)
  const outputVolts = { 1: MAINS_VOLTS, 2: INVERTER_VOLTS, 4: 0 }[state] ?? 0
  return [
    state,
    Math.round(ups.chargePct * 10),
    Math.min(65_534, Math.round(runtimeS(ups))),
    Math.round(ups.loadPct * 10),
    ups.onMains ? MAINS_VOLTS * 10 : 0,
    outputVolts * 10,
    isLow(ups) ? 1 : 0,
    ups.heartbeat,
    ups.faults.replace_battery ? 1 : 0,
    0,
  ]
}

function isLow(ups: Ups): boolean {
  if (ups.faults.battery_low) return true
  return !ups.onMains && (ups.chargePct < LOW_CHARGE_PCT || runtimeS(ups) < LOW_RUNTIME_S)
}
