// What a unit answers for its registers: status, information, command and tags (docs/protocols.md
// sections 2, 5 and 8), with the faults that make the answer differ from the truth.
import { selectLeftMs } from './command-block.ts'
import { acknowledgement, type Controller } from './controller.ts'
import { MAKER_AT, makerWords, writeMaker, writeMakerCoil } from './maker.ts'
import {
  COMMAND_WORDS,
  CONDITION,
  float32,
  ROLE,
  type RoleName,
  STATUS_WORDS,
  statusWords,
  uint32,
} from './wire.ts'

export const STATUS_AT = 1000
export const INFORMATION_AT = STATUS_AT + STATUS_WORDS
export const COMMAND_AT = 1100
const TAGS_AT = 100

const PROGRAM_CHECKSUM = 0x7c3a91e5
const FIRMWARE = (3 << 16) | (2 << 8) | 7
const CONFIGURATION_CHECKSUM = 0x51d0b2c4
/** The wrong values of the practice faults. */
const OTHER_PROGRAM_CHECKSUM = 0x7c3a91e6
const OTHER_FIRMWARE = (3 << 16) | (1 << 8) | 9
const OTHER_CONFIGURATION_CHECKSUM = 0x51d0b2c5
const SCAN_TIME_HUNDREDTHS_MS = 1000
const LOAD_PER_MILLE = 312

type Area = {
  readonly at: number
  readonly count: number
  readonly words: (unit: Controller) => readonly number[]
}

const AREAS: readonly Area[] = [
  { at: TAGS_AT, count: 13, words: tagWords },
  {
    at: STATUS_AT,
    count: STATUS_WORDS + 8,
    words: (unit) => [...statusOf(unit), ...informationWords(unit)],
  },
  { at: COMMAND_AT, count: COMMAND_WORDS, words: (unit) => [...unit.block.registers] },
]

/** A unit with a maker's redundancy has its registers in place of our blocks, and the same tags. */
const MAKER_AREAS: readonly Area[] = [
  { at: MAKER_AT, count: 14, words: makerArea },
  { at: TAGS_AT, count: 13, words: tagWords },
]

const areasOf = (unit: Controller): readonly Area[] => (unit.maker ? MAKER_AREAS : AREAS)

/**
 * The registers `address` to `address + count - 1`, or undefined when the unit does not have all of
 * them.
 */
export function readRegisters(
  unit: Controller,
  address: number,
  count: number,
): number[] | undefined {
  const area = areasOf(unit).find(
    ({ at, count: size }) => address >= at && address + count <= at + size,
  )
  if (!area) return undefined
  const zeroed = unit.faults.zeroed_registers
  const from = address - area.at
  const live = area.words(unit).slice(from, from + count)
  return live.map((word, index) => {
    const register = address + index
    if (zeroed && register >= zeroed.from && register <= zeroed.to) return 0
    return unit.stuckRegisters.get(register) ?? word
  })
}

/**
 * Takes what the network writes; false when it would touch a register outside the command block, or
 * outside the orders of a maker.
 */
export function writeRegisters(
  unit: Controller,
  address: number,
  words: readonly number[],
): boolean {
  if (unit.maker) return writeMaker(unit, unit.maker, address, words)
  const from = address - COMMAND_AT
  if (from < 0 || from + words.length > COMMAND_WORDS) return false
  unit.block.registers.set(words, from)
  return true
}

/** Takes what the network writes to a coil; only a maker's unit has one. */
export function writeCoil(unit: Controller, address: number, on: boolean): boolean {
  return unit.maker !== undefined && writeMakerCoil(unit, unit.maker, address, on)
}

/**
 * The values that the registers from one address to another have now, for those that the unit has.
 */
export function currentRegisters(
  unit: Controller,
  from: number,
  to: number,
): ReadonlyMap<number, number> {
  const values = areasOf(unit).flatMap((area) =>
    area.words(unit).map((word, index): [number, number] => [area.at + index, word]),
  )
  return new Map(values.filter(([register]) => register >= from && register <= to))
}

/** The program checksum that the unit shows. */
export function shownProgramChecksum(unit: Controller): number {
  return unit.faults.wrong_program ? OTHER_PROGRAM_CHECKSUM : PROGRAM_CHECKSUM
}

/** The firmware that the unit shows: major in bits 16 and up, minor in 8 to 15, patch in 0 to 7. */
export function shownFirmware(unit: Controller): number {
  return unit.faults.wrong_firmware ? OTHER_FIRMWARE : FIRMWARE
}

function makerArea(unit: Controller): number[] {
  const identity = { program: shownProgramChecksum(unit), firmware: shownFirmware(unit) }
  return unit.maker ? makerWords(unit, unit.maker, shownRole(unit), identity) : []
}

function statusOf(unit: Controller): number[] {
  const { block, senses, faults } = unit
  const { retained } = block
  const shown = unit.shownAcknowledgement ?? acknowledgement(block)
  return statusWords({
    ...shown,
    unit: faults.swapped_address ? unit.peerBlockUnit : block.unit,
    boot: retained.boot,
    epoch: retained.epoch,
    owner: retained.owner,
    challenge: block.challenge,
    selectLeftMs: selectLeftMs(block, senses.nowMs),
    role: ROLE[shownRole(unit)],
    conditions: conditions(unit),
    evidence: block.evidence,
    heartbeat: unit.shownHeartbeat,
    badBlocks: block.badBlocks,
  })
}

function shownRole(unit: Controller): RoleName {
  const { lying_role, role_flap } = unit.faults
  if (lying_role) return lying_role.role as RoleName
  const flipped =
    role_flap !== undefined && Math.floor((unit.senses.nowMs * role_flap.hz * 2) / 1000) % 2 === 1
  return unit.senses.active !== flipped ? 'primary' : 'standby'
}

function conditions(unit: Controller): number {
  const { block, senses } = unit
  const bits: readonly (readonly [number, boolean])[] = [
    [CONDITION[block.phase.kind], true],
    [CONDITION.remote, senses.remote],
    [CONDITION.locked, block.locked],
    [CONDITION.interlockOk, senses.interlockOk],
    [CONDITION.peerNotActive, senses.peerNotActive],
    [CONDITION.peerIsolated, senses.peerIsolated],
    // The program writes this bit itself, so it cannot take it back once it stands still.
    [CONDITION.running, true],
    [CONDITION.forced, senses.forced],
    [CONDITION.seesIo, senses.seesIo],
    [CONDITION.rearmed, block.rearmed],
    [CONDITION.contactFitted, senses.contactFitted],
  ]
  return bits.reduce((word, [mask, isOn]) => (isOn ? word | mask : word), 0)
}

function informationWords(unit: Controller): number[] {
  const configuration = unit.faults.wrong_configuration
    ? OTHER_CONFIGURATION_CHECKSUM
    : CONFIGURATION_CHECKSUM
  return [
    ...uint32(shownProgramChecksum(unit)),
    ...uint32(shownFirmware(unit)),
    ...uint32(configuration),
    SCAN_TIME_HUNDREDTHS_MS,
    Math.round((unit.faults.overload?.pct ?? LOAD_PER_MILLE / 10) * 10),
  ]
}

function tagWords(unit: Controller): number[] {
  const { control } = unit
  return [
    ...float32(control.measuredPct),
    ...float32(control.setpointPct),
    ...float32(control.outputPct),
    ...float32(control.integralPct),
    control.mode,
    control.batchStep,
    (control.pumpRuns ? 1 : 0) | (control.highLevel ? 2 : 0),
    ...uint32(Math.floor(control.flowTotalLitres) % 2 ** 32),
  ]
}
