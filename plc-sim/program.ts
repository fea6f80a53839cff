// What the program of a unit does in a scan once it knows its role: it controls the level or tracks
// the one that does, and it hands its data over or takes them.
import {
  type DataBlock,
  type DataFaults,
  receiveData,
  runDigest,
  type SentData,
  writeData,
} from './data-block.ts'
import type { ArmedFaults } from './faults.ts'
import {
  controlLevel,
  copyControl,
  copySettings,
  type LevelControl,
  measureLevel,
} from './level-control.ts'
import { clampPct } from './process.ts'

/** The part of a unit that the program works on. */
type ProgramUnit = {
  readonly block: { readonly unit: number; readonly retained: { readonly boot: number } }
  readonly active: boolean
  readonly control: LevelControl
  readonly faults: ArmedFaults
  readonly scans: number
  readonly data: DataBlock
  trackingLost: boolean
}
type ProgramField = {
  readonly nowMs: number
  readonly stepMs: number
  readonly levelPct: number
  readonly outflowLitresPerS: number
  readonly primary: LevelControl | undefined
  readonly sent: SentData | undefined
}

/** One scan of the control program. */
export function runProgram(unit: ProgramUnit, field: ProgramField): void {
  const { control } = unit
  measureLevel(control, field.levelPct)
  if (unit.active) controlLevel(control, field.outflowLitresPerS, field.stepMs)
  else if (field.primary) {
    copySettings(control, field.primary)
    if (!unit.faults.stuck_tracking) copyControl(control, field.primary)
  }
  loseTracking(unit, field.stepMs)
}

/** The primary stamps its data with its own key; the standby takes data and key as they come. */
export function exchangeData(unit: ProgramUnit, { nowMs, sent }: ProgramField): void {
  const { block, data, faults } = unit
  const { data_differs, data_lags, digest_stands } = faults
  const asStandby: DataFaults = {
    ...(data_differs && { differs: data_differs }),
    lateScans: data_lags?.scans ?? 0,
    still: digest_stands !== undefined,
  }
  if (unit.active) {
    const start = block.retained.boot & 0xffff
    writeData(data, unit.control, { origin: block.unit, start, scan: unit.scans }, nowMs)
  } else if (sent) receiveData(data, sent, asStandby)
  runDigest(data, unit.scans, asStandby)
}

/**
 * From the moment that tracking gets stuck a standby stands apart from its primary, as after a long
 * time without it.
 */
function loseTracking(unit: ProgramUnit, stepMs: number): void {
  const stuck = unit.faults.stuck_tracking
  if (stuck && !unit.active) {
    const awayPct = (unit.trackingLost ? 0 : stuck.offset) + (stuck.per_s * stepMs) / 1000
    unit.control.outputPct = clampPct(unit.control.outputPct + awayPct)
    unit.control.integralPct += awayPct
  }
  unit.trackingLost = stuck !== undefined
}
