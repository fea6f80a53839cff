// The piece of the plant that a pair controls: a tank with an inflow that nobody controls and an
// outflow valve. It believes only outputs that really reach the valve, and it shows what a bad
// switchover costs: a step in the valve and a bump in the level.

/** One percent of level: a tank of 2000 litres. */
const LITRES_PER_PCT = 20
/** Outflow through the fully open valve at a level of 50 %. */
const FULL_OUTFLOW_LITRES_PER_S = 100
const MEAN_INFLOW_LITRES_PER_S = 50
const SLOW_SWING_LITRES_PER_S = 6
const SLOW_SWING_PERIOD_S = 90
const FAST_SWING_LITRES_PER_S = 1
/** The time over which the random part of the inflow forgets itself. */
const FAST_SWING_MEMORY_S = 5
/** How long the valve keeps its place when nobody drives it, before its spring closes it. */
const VALVE_HOLD_MS = 2000
const VALVE_CLOSING_PCT_PER_S = 20

/**
 * Repeatable chance, so that a bump in a test comes from the switchover and not from the weather:
 * the next number, 0 up to but not including 1.
 */
type Random = () => number

export type Tank = {
  levelPct: number
  valvePct: number
  inflowLitresPerS: number
  outflowLitresPerS: number
  /**
   * The largest change of the valve from one scan to the next since the latches were reset, in
   * percent.
   */
  maxValveStepPct: number
  /**
   * The largest distance of the level from its setpoint since the latches were reset, in percent.
   */
  maxLevelDeviationPct: number
  undrivenMs: number
  fastSwing: number
  readonly random: Random
}

/**
 * A tank that stands at its setpoint, with the valve where inflow and outflow are equal.
 * @param seed makes the disturbances; the same seed makes the same ones
 */
export function newTank(levelPct: number, seed: number): Tank {
  return {
    levelPct,
    valvePct: steadyValvePct(levelPct),
    inflowLitresPerS: MEAN_INFLOW_LITRES_PER_S,
    outflowLitresPerS: MEAN_INFLOW_LITRES_PER_S,
    maxValveStepPct: 0,
    maxLevelDeviationPct: 0,
    undrivenMs: 0,
    fastSwing: 0,
    random: seededRandom(seed),
  }
}

/** The valve that holds a level against the mean inflow, in percent. */
export function steadyValvePct(levelPct: number): number {
  return (100 * MEAN_INFLOW_LITRES_PER_S) / (FULL_OUTFLOW_LITRES_PER_S * head(levelPct))
}

/**
 * One scan of the process.
 * @param outputs valve commands in percent of the units whose outputs are alive, in the order in
 *   which they write: the last one wins
 */
export function stepTank(
  tank: Tank,
  outputs: readonly number[],
  time: { readonly nowMs: number; readonly stepMs: number },
): void {
  const stepS = time.stepMs / 1000
  const previousPct = tank.valvePct
  tank.valvePct = clampPct(outputs.at(-1) ?? undrivenValve(tank, time.stepMs))
  if (outputs.length > 0) tank.undrivenMs = 0
  tank.maxValveStepPct = Math.max(tank.maxValveStepPct, Math.abs(tank.valvePct - previousPct))
  tank.inflowLitresPerS = inflow(tank, time.nowMs, stepS)
  tank.outflowLitresPerS = (FULL_OUTFLOW_LITRES_PER_S * tank.valvePct * head(tank.levelPct)) / 100
  const gainLitres = (tank.inflowLitresPerS - tank.outflowLitresPerS) * stepS
  tank.levelPct = clampPct(tank.levelPct + gainLitres / LITRES_PER_PCT)
}

/** Remembers how far the level is from a setpoint, in percent. */
export function noteDeviation(tank: Tank, setpointPct: number): void {
  const deviationPct = Math.abs(tank.levelPct - setpointPct)
  tank.maxLevelDeviationPct = Math.max(tank.maxLevelDeviationPct, deviationPct)
}

/** Keeps a percentage between 0 and 100. */
export function clampPct(pct: number): number {
  return Math.min(100, Math.max(0, pct))
}

function undrivenValve(tank: Tank, stepMs: number): number {
  tank.undrivenMs += stepMs
  if (tank.undrivenMs <= VALVE_HOLD_MS) return tank.valvePct
  return tank.valvePct - (VALVE_CLOSING_PCT_PER_S * stepMs) / 1000
}

function inflow(tank: Tank, nowMs: number, stepS: number): number {
  const share = stepS / FAST_SWING_MEMORY_S
  // The square root keeps the swing of the filtered noise the same whatever the scan time is.
  const kick = (tank.random() * 2 - 1) * Math.sqrt(6 * share)
  tank.fastSwing += kick - tank.fastSwing * share
  const slow = Math.sin((2 * Math.PI * nowMs) / 1000 / SLOW_SWING_PERIOD_S)
  return (
    MEAN_INFLOW_LITRES_PER_S +
    SLOW_SWING_LITRES_PER_S * slow +
    FAST_SWING_LITRES_PER_S * tank.fastSwing
  )
}

/** The outflow grows with the root of the level above the valve; 1 at 50 %. */
function head(levelPct: number): number {
  return Math.sqrt(Math.max(levelPct, 0) / 50)
}

/**
 * The generator known as xorshift32: three shifts, period 2^32 - 1. Any seed is right; 0 is
 * replaced, as it would stick.
 */
function seededRandom(seed: number): Random {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state / 0x1_0000_0000
  }
}
