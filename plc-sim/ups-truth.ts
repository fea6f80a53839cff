// One UPS as it really is: mains, battery, load. On battery the charge and the runtime fall
// together as they do on a small UPS, and an empty battery ends in OFF: the load drops. It charges
// faster than a real one, so that an exercise can be repeated.
import type { ArmedFaults, FaultName } from './faults.ts'

/** A full battery lasts 40 minutes at the load of the demo plant. */
const FULL_RUNTIME_S = 2400
/** An empty battery is full again in 10 minutes; a real one takes hours. */
const RECHARGE_S = 600
const LOAD_PCT = 34
/** The load breathes with what it feeds. */
const LOAD_SWING_PCT = 1.5
const LOAD_SWING_PERIOD_S = 40

export type UpsTest = 'self-test' | 'calibration'

export type Ups = {
  readonly name: string
  faults: ArmedFaults
  /** When each armed fault began. */
  begunMs: ReadonlyMap<string, number>
  nowMs: number
  onMains: boolean
  chargePct: number
  /** How long a full battery would last; on_battery with a runtime makes it another one. */
  fullRuntimeS: number
  loadPct: number
  heartbeat: number
  sinceHeartbeatMs: number
  /** When the load lost its power the last time; null when it never did. */
  loadDroppedAtMs: number | null
  /** What it showed when it began to lie, and what its gateway heard last. */
  shownBeforeLie: readonly number[] | undefined
  heardLast: readonly number[] | undefined
}

/** A UPS on mains with a full battery. */
export function newUps(name: string): Ups {
  return {
    name,
    faults: {},
    begunMs: new Map(),
    nowMs: 0,
    onMains: true,
    chargePct: 100,
    fullRuntimeS: FULL_RUNTIME_S,
    loadPct: LOAD_PCT,
    heartbeat: 0,
    sinceHeartbeatMs: 0,
    loadDroppedAtMs: null,
    shownBeforeLie: undefined,
    heardLast: undefined,
  }
}

/** Lets time pass. */
export function stepUps(ups: Ups, nowMs: number, stepMs: number): void {
  const wasOff = isOff(ups)
  ups.nowMs = nowMs
  ups.sinceHeartbeatMs += stepMs
  if (ups.sinceHeartbeatMs >= 1000) {
    ups.sinceHeartbeatMs -= 1000
    ups.heartbeat = (ups.heartbeat + 1) & 0xffff
  }
  const drains = !ups.onMains || testOf(ups) !== undefined
  const perSecondPct = drains ? -100 / ups.fullRuntimeS : 100 / RECHARGE_S
  ups.chargePct = Math.min(100, Math.max(0, ups.chargePct + (perSecondPct * stepMs) / 1000))
  if (isOff(ups) && !wasOff) ups.loadDroppedAtMs = nowMs
  const swing = Math.sin((2 * Math.PI * nowMs) / 1000 / LOAD_SWING_PERIOD_S)
  ups.loadPct = isOff(ups) ? 0 : LOAD_PCT + LOAD_SWING_PCT * swing
}

/** Takes over the faults that are armed now: mains fail or return, a test begins. */
export function breakTruth(ups: Ups, faults: ArmedFaults): void {
  const begun = new Map<string, number>()
  for (const [name, parameters] of Object.entries(faults)) {
    const goesOn = ups.faults[name as FaultName] === parameters
    begun.set(name, (goesOn ? ups.begunMs.get(name) : undefined) ?? ups.nowMs)
  }
  for (const name of ['on_battery', 'dead_on_battery'] as const) {
    const runtimeS = faults[name]?.runtime ?? 0
    if (faults[name] !== ups.faults[name] && runtimeS > 0) {
      ups.fullRuntimeS = (runtimeS * 100) / Math.max(ups.chargePct, 1)
    }
  }
  ups.onMains = !faults.on_battery && !faults.lies_online && !faults.dead_on_battery
  if (ups.onMains) ups.fullRuntimeS = FULL_RUNTIME_S
  ups.faults = faults
  ups.begunMs = begun
}

/** Seconds that the battery would carry the load from now. */
export function runtimeS(ups: Ups): number {
  return (ups.fullRuntimeS * ups.chargePct) / 100
}

/** The battery is empty and mains are gone: the load has no power. */
export function isOff(ups: Ups): boolean {
  return !ups.onMains && ups.chargePct <= 0
}

/** The test that runs now. */
export function testOf(ups: Ups): UpsTest | undefined {
  const { self_test, calibration } = ups.faults
  if (calibration && secondsOf(ups, 'calibration') < calibration.s) return 'calibration'
  if (self_test && secondsOf(ups, 'self_test') < self_test.s) return 'self-test'
  return undefined
}

/** Seconds since an armed fault began. */
export function secondsOf(ups: Ups, fault: FaultName): number {
  return (ups.nowMs - (ups.begunMs.get(fault) ?? ups.nowMs)) / 1000
}

/** Whether the UPS answers nobody now, and whether it will again by itself. */
export function isSilent(ups: Ups): 'dead' | 'for a while' | undefined {
  const { dead_on_battery, comms_flap } = ups.faults
  if (dead_on_battery && secondsOf(ups, 'dead_on_battery') >= dead_on_battery.after_s) return 'dead'
  if (!comms_flap) return undefined
  const { answers_s, silent_s } = comms_flap
  const inTurn = secondsOf(ups, 'comms_flap') % (answers_s + silent_s)
  return inTurn >= answers_s ? 'for a while' : undefined
}
