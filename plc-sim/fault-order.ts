// Reads an order to break something, from a person or a test, and checks it against the catalogue
// and the plant.
import type { FaultKind, ParameterKind } from './fault-kinds.ts'
import { CATALOGUE, type FaultName, isFaultName } from './faults.ts'
import { RefusedRequest, recordIn, unknownWord } from './refusal.ts'
import { OPCODE, RESULT } from './wire.ts'

export type FaultValue = number | boolean | string

/** The judgement that arms a waiting fault; a part that is left out matches everything. */
export type Trigger = { readonly unit: string; readonly opcode?: string; readonly result?: string }

export type FaultOrder = {
  readonly target: string
  readonly fault: FaultName
  readonly parameters: Readonly<Record<string, FaultValue>>
  readonly afterMs: number
  readonly when?: Trigger
}

/** What can be broken: `intake` is a pair, `intake.A` a unit, `ups-1` a UPS. */
export type Targets = Readonly<Record<string, 'unit' | 'pair' | 'ups'>>

const COMMON_KEYS = ['target', 'fault', 'after_ms', 'when']
const AFTER_MS: ParameterKind = { kind: 'number', initial: 0, min: 0, max: 3_600_000 }

/**
 * The order in a request body: `{ target, fault, after_ms?, when?, ...parameters }`; numbers may
 * come as text.
 * @throws RefusedRequest for a word, a number or a combination that does not exist
 */
export function readFaultOrder(body: unknown, targets: Targets): FaultOrder {
  const given = recordIn(body, "an object such as { target: 'intake.A', fault: 'crash' }")
  const target = String(given.target ?? '')
  const on = targets[target]
  if (!on) throw unknownWord('target', target, Object.keys(targets))
  const fault = String(given.fault ?? '')
  if (!isFaultName(fault)) throw unknownWord('fault', fault, faultsFor(on))
  refuseMisplaced(fault, target, targets)
  const parameters = readParameters(fault, given)
  const afterMs = Number(readValue('after_ms', given.after_ms, AFTER_MS))
  const order = { target: placeOf(fault, target), fault, parameters, afterMs }
  return given.when === undefined ? order : { ...order, when: readTrigger(given.when, targets) }
}

type TargetKind = Targets[string]

function faultsFor(given: TargetKind): FaultName[] {
  const names = Object.keys(CATALOGUE).filter(isFaultName)
  return names.filter((name) => {
    const { on } = CATALOGUE[name]
    return given === 'ups' ? fits(on, given) : on !== 'ups'
  })
}

/** A pair fault may be named at one of its units. The failover of a pair is that of its standby. */
function refuseMisplaced(fault: FaultName, target: string, targets: Targets): void {
  const { on } = CATALOGUE[fault]
  const given = targets[target]
  if (given && (fits(on, given) || (fault === 'autonomous_failover' && given === 'pair'))) return
  const exists = Object.entries(targets).flatMap(([name, kind]) =>
    kind === on || (on === 'port' && kind !== 'pair') ? [name] : [],
  )
  const needs = { unit: 'one unit', pair: 'a pair', ups: 'a UPS', port: 'a unit or a UPS' }[on]
  const line = `fault '${fault}' breaks ${needs}, not '${target}'; say one of: ${exists.join(', ')}`
  throw new RefusedRequest(line, exists)
}

function fits(on: FaultKind['on'], given: TargetKind): boolean {
  if (on === 'port') return given !== 'pair'
  return on === given || (on === 'pair' && given === 'unit')
}

function placeOf(fault: FaultName, target: string): string {
  return CATALOGUE[fault].on === 'pair' ? (target.split('.')[0] ?? target) : target
}

function readParameters(
  fault: FaultName,
  given: Readonly<Record<string, unknown>>,
): Record<string, FaultValue> {
  const kinds: Readonly<Record<string, ParameterKind>> = CATALOGUE[fault].parameters
  const known = [...Object.keys(kinds), ...COMMON_KEYS]
  const strange = Object.keys(given).find((key) => !known.includes(key))
  if (strange !== undefined) throw unknownWord(`parameter of ${fault}`, strange, known)
  const parameters: Record<string, FaultValue> = {}
  for (const [key, kind] of Object.entries(kinds)) {
    const value = readValue(key, given[key], kind)
    if (value !== undefined) parameters[key] = value
  }
  return parameters
}

function readValue(key: string, given: unknown, kind: ParameterKind): FaultValue | undefined {
  if (given === undefined) return kind.kind === 'optional' ? undefined : kind.initial
  const written = String(given)
  if (kind.kind === 'choice' || kind.kind === 'optional')
    return readChoice(key, written, kind.choices)
  if (kind.kind === 'boolean') {
    if (written !== 'true' && written !== 'false')
      throw unknownWord(key, written, ['true', 'false'])
    return written === 'true'
  }
  const value = written.trim() === '' ? Number.NaN : Number(written)
  if (value >= kind.min && value <= kind.max) return value
  throw new RefusedRequest(
    `${key} is '${written}'; expected a number from ${kind.min} to ${kind.max}`,
  )
}

function readChoice(
  key: string,
  written: string,
  choices: Readonly<Record<string, number>>,
): string {
  const words = Object.keys(choices)
  const word = words.find((name) => name === written || String(choices[name]) === written)
  if (word === undefined) throw unknownWord(key, written, words)
  return word
}

function readTrigger(value: unknown, targets: Targets): Trigger {
  const given = recordIn(value, 'when to be { unit, opcode?, result? }')
  const allowed: Readonly<Record<string, readonly string[]>> = {
    unit: Object.keys(targets).filter((target) => targets[target] === 'unit'),
    opcode: Object.keys(OPCODE),
    result: Object.keys(RESULT),
  }
  for (const [key, word] of Object.entries(given)) {
    const words = allowed[key]
    if (!words) throw unknownWord('part of when', key, Object.keys(allowed))
    if (!words.includes(String(word))) throw unknownWord(`when.${key}`, String(word), words)
  }
  const { unit, opcode, result } = given
  if (unit === undefined) throw new RefusedRequest('when needs a unit, such as intake.A')
  return {
    unit: String(unit),
    ...(opcode === undefined ? {} : { opcode: String(opcode) }),
    ...(result === undefined ? {} : { result: String(result) }),
  }
}
