// The control program of a unit: a PI controller that holds the level with the outflow valve, and
// the tags around it. The active unit computes; the standby copies what the active one holds, so
// that it can take over without a step.
import { clampPct } from './process.ts'

/**
 * Percent of valve per percent of level, and the time in which the integral repeats it: well damped
 * on this tank.
 */
const GAIN = 8
const RESET_TIME_S = 8
const PUMP_STARTS_ABOVE_PCT = 10
const PUMP_STOPS_BELOW_PCT = 5
const HIGH_LEVEL_PCT = 80

export const MODE = { manual: 1, automatic: 2, cascade: 3 } as const

export type LevelControl = {
  measuredPct: number
  setpointPct: number
  outputPct: number
  integralPct: number
  mode: number
  batchStep: number
  pumpRuns: boolean
  highLevel: boolean
  flowTotalLitres: number
}

/** A controller in automatic that holds the valve where it stands. */
export function newLevelControl(setpointPct: number, valvePct: number): LevelControl {
  return {
    measuredPct: setpointPct,
    setpointPct,
    outputPct: valvePct,
    integralPct: valvePct,
    mode: MODE.automatic,
    batchStep: 0,
    pumpRuns: valvePct > PUMP_STOPS_BELOW_PCT,
    highLevel: false,
    flowTotalLitres: 0,
  }
}

/**
 * One scan of the active unit. The valve opens when the level is above its setpoint. Cascade works
 * as automatic.
 */
export function controlLevel(
  control: LevelControl,
  outflowLitresPerS: number,
  stepMs: number,
): void {
  const stepS = stepMs / 1000
  if (control.mode === MODE.manual) alignIntegral(control)
  else {
    const errorPct = control.measuredPct - control.setpointPct
    const integralPct = control.integralPct + (GAIN * errorPct * stepS) / RESET_TIME_S
    const wantedPct = GAIN * errorPct + integralPct
    control.outputPct = clampPct(wantedPct)
    // The integral waits at the end of the valve's travel, or it would have to unwind first.
    if (wantedPct === control.outputPct) control.integralPct = integralPct
  }
  const { outputPct } = control
  control.pumpRuns = outputPct > (control.pumpRuns ? PUMP_STOPS_BELOW_PCT : PUMP_STARTS_ABOVE_PCT)
  control.flowTotalLitres += outflowLitresPerS * stepS
}

/** Every unit measures, active or not, with its own input card. */
export function measureLevel(control: LevelControl, levelPct: number): void {
  control.measuredPct = levelPct
  control.highLevel = levelPct > HIGH_LEVEL_PCT
}

/** The standby takes over what operators set and what the sequence has reached. */
export function copySettings(control: LevelControl, primary: LevelControl): void {
  control.setpointPct = primary.setpointPct
  control.mode = primary.mode
  control.batchStep = primary.batchStep
  control.flowTotalLitres = primary.flowTotalLitres
  control.pumpRuns = primary.pumpRuns
}

/** The standby takes over where the valve stands and what the integral holds. */
export function copyControl(control: LevelControl, primary: LevelControl): void {
  control.outputPct = primary.outputPct
  control.integralPct = primary.integralPct
}

/**
 * Sets the integral so that the next output equals the present one: a unit that becomes active
 * starts without a step.
 */
export function alignIntegral(control: LevelControl): void {
  control.integralPct = control.outputPct - GAIN * (control.measuredPct - control.setpointPct)
}
