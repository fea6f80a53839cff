// The moments at which a fault of a unit or a pair begins and ends. Most faults only stand in
// `faults` and are looked up where they bite; here are those that change something at that moment:
// roles, power, captured registers.
import { BOOT_MS, type Controller, powerOff, type UnitName } from './controller.ts'
import type { Fault } from './fault-list.ts'
import { forceActive, type Pair, releaseForced, takeOver } from './pair.ts'
import { COMMAND_AT, currentRegisters } from './registers.ts'
import { COMMAND_WORDS } from './wire.ts'

/** A fault has just armed; `faults` of the pair and of its units hold it already. */
export function beginFault(pair: Pair, unitName: UnitName | undefined, fault: Fault): void {
  const cause = `fault ${fault.fault}`
  if (fault.fault === 'both_primary') forceActive(pair, true, cause)
  if (fault.fault === 'none_primary') forceActive(pair, false, cause)
  if (fault.fault === 'autonomous_failover') takeOver(pair, unitName ?? standbyOf(pair), cause)
  const unit = unitName && pair.units[unitName]
  if (unit) beginUnitFault(unit, fault, cause)
}

/** A fault has just ended; `faults` does not hold it any more. */
export function endFault(
  pair: Pair,
  unitName: UnitName | undefined,
  fault: Fault,
  nowMs: number,
): void {
  const cause = `fault ${fault.fault} cleared`
  if (fault.fault === 'both_primary') releaseForced(pair, true, cause)
  if (fault.fault === 'none_primary') releaseForced(pair, false, cause)
  const unit = unitName && pair.units[unitName]
  if (!unit) return
  if (cutsOutputs(fault)) unit.cause = cause
  if (fault.fault === 'crash' && !unit.faults.crash) unit.upAtMs = nowMs + BOOT_MS
  if (fault.fault === 'stuck_registers') unit.stuckRegisters = new Map()
}

function beginUnitFault(unit: Controller, fault: Fault, cause: string): void {
  if (cutsOutputs(fault)) unit.cause = cause
  const { stuck_registers, zeroed_registers } = unit.faults
  if (fault.fault === 'crash') powerOff(unit, cause, 0)
  if (fault.fault === 'stuck_registers' && stuck_registers) {
    const { from, to } = stuck_registers
    unit.stuckRegisters = currentRegisters(unit, from, to)
  }
  if (fault.fault === 'zeroed_registers' && zeroed_registers) {
    const { from, to } = zeroed_registers
    unit.block.registers.fill(0, inBlock(from), inBlock(to + 1))
  }
}

/** Faults that take the outputs from the process, or give them back, while the role stays. */
function cutsOutputs(fault: Fault): boolean {
  return fault.fault === 'no_io' || fault.fault === 'isolated'
}

function inBlock(register: number): number {
  return Math.min(COMMAND_WORDS, Math.max(0, register - COMMAND_AT))
}

function standbyOf(pair: Pair): UnitName {
  return pair.units.A.active ? 'B' : 'A'
}
