// What a UPS shows in its registers (docs/protocols.md section 8): the truth of ups-truth.ts, and
// over it one layer for each fault that makes the UPS or its gateway show something else.
import type { ArmedFaults } from './faults.ts'
import { breakTruth, isOff, runtimeS, secondsOf, testOf, type Ups } from './ups-truth.ts'

const STATE = { onMains: 1, onBattery: 2, off: 4 } as const
const REGISTER = {
  state: 0,
  inputVolts: 4,
  heartbeat: 7,
  replaceBattery: 8,
  test: 9,
  age: 10,
} as const
const REGISTERS = 11
const TEST_BITS = { 'self-test': 1, calibration: 2 } as const
const AGE_UNKNOWN = 65_535

const LOW_CHARGE_PCT = 20
const LOW_RUNTIME_S = 120
const MAINS_VOLTS = 230
const INVERTER_VOLTS = 229

/** Each lays one fault over the words, the last one on top. */
const LAYERS = [
  showTest,
  flapState,
  askForBattery,
  showImpossible,
  keepLying,
  answerFromGateway,
] as const

/** The eleven registers as they are answered now. */
export function upsWords(ups: Ups): readonly number[] {
  const words = trueWords(ups)
  return LAYERS.reduce((shown, layer) => layer(ups, shown), words)
}

/**
 * The answer to a read; undefined when there is no such register. With zeros_for_undefined some are
 * missing: only a read that begins at one of them is refused, as on APC units.
 */
export function readUps(ups: Ups, address: number, count: number): readonly number[] | undefined {
  const words = upsWords(ups)
  const end = address + count
  const holes = ups.faults.zeros_for_undefined
  if (!holes) return end <= REGISTERS ? words.slice(address, end) : undefined
  const isHole = (register: number) => register >= holes.from && register <= holes.to
  if (address >= REGISTERS || isHole(address)) return undefined
  return Array.from({ length: count }, (_, index) =>
    isHole(address + index) ? 0 : (words[address + index] ?? 0),
  )
}

/** Takes over the faults that are armed now; what must go on being shown is taken down before. */
export function breakUps(ups: Ups, faults: ArmedFaults): void {
  const before = upsWords(ups)
  ups.shownBeforeLie = faults.lies_online && (ups.shownBeforeLie ?? before)
  ups.heardLast = faults.old_values && (ups.heardLast ?? before)
  breakTruth(ups, faults)
}

function trueWords(ups: Ups): number[] {
  const mainsVolts = ups.onMains ? MAINS_VOLTS : 0
  const outputVolts = ups.onMains ? MAINS_VOLTS : INVERTER_VOLTS
  const onMainsOrBattery = ups.onMains ? STATE.onMains : STATE.onBattery
  return [
    isOff(ups) ? STATE.off : onMainsOrBattery,
    Math.round(ups.chargePct * 10),
    Math.min(65_534, Math.round(runtimeS(ups))),
    Math.round(ups.loadPct * 10),
    mainsVolts * 10,
    isOff(ups) ? 0 : outputVolts * 10,
    isLow(ups) ? 1 : 0,
    ups.heartbeat,
    ups.faults.replace_battery ? 1 : 0,
    0,
    0,
  ]
}

function isLow(ups: Ups): boolean {
  if (ups.faults.battery_low) return true
  return !ups.onMains && (ups.chargePct < LOW_CHARGE_PCT || runtimeS(ups) < LOW_RUNTIME_S)
}

function showTest(ups: Ups, words: number[]): number[] {
  const test = testOf(ups)
  if (!test) return words
  const falselyOff =
    test === 'calibration' && secondsOf(ups, 'calibration') < (ups.faults.calibration?.off_s ?? 0)
  const state = falselyOff ? STATE.off : STATE.onBattery
  return changed(words, { [REGISTER.state]: state, [REGISTER.test]: TEST_BITS[test] })
}

function flapState(ups: Ups, words: number[]): number[] {
  const flap = ups.faults.state_flap
  if (!flap) return words
  const turn = Math.floor((secondsOf(ups, 'state_flap') * 1000) / flap.ms)
  const shown = { [REGISTER.state]: STATE.onBattery, [REGISTER.inputVolts]: 0 }
  return turn % 2 === 0 ? changed(words, shown) : words
}

function askForBattery(ups: Ups, words: number[]): number[] {
  const asks = ups.faults.false_replace_battery
  if (!asks || secondsOf(ups, 'false_replace_battery') >= asks.s) return words
  return changed(words, { [REGISTER.replaceBattery]: 1 })
}

function showImpossible(ups: Ups, words: number[]): number[] {
  const wrong = ups.faults.impossible_values
  if (!wrong) return words
  return words.map((word, at) => (at >= wrong.from && at <= wrong.to ? wrong.value : word))
}

function keepLying(ups: Ups, words: number[]): number[] {
  if (!ups.shownBeforeLie) return words
  return changed([...ups.shownBeforeLie], { [REGISTER.heartbeat]: ups.heartbeat })
}

function answerFromGateway(ups: Ups, words: number[]): number[] {
  const lost = ups.faults.old_values
  if (!lost || !ups.heardLast) return words
  const goneS = Math.min(AGE_UNKNOWN - 1, Math.floor(secondsOf(ups, 'old_values')))
  const age = { counts: goneS, unknown: AGE_UNKNOWN, zero: 0 }[lost.age] ?? goneS
  const heard = changed([...ups.heardLast], { [REGISTER.age]: age })
  return lost.heartbeat ? changed(heard, { [REGISTER.heartbeat]: ups.heartbeat }) : heard
}

function changed(words: number[], changes: Readonly<Record<number, number>>): number[] {
  return words.map((word, register) => changes[register] ?? word)
}
