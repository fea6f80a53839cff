// What must hold inside a device profile beyond its shape: the signals that the decisions look for, rules that can come true,
// and a command block that is one. The words that a role, a UPS state and an identity may have stand here.

import type { z } from 'zod'
import { isWrong, parseRegister } from './address.ts'
import { vendorFaults } from './command-rules.ts'
import { whenWrong } from './condition-rules.ts'
import { oneOf } from './faults.ts'
import type { profileSchema } from './profile-schema.ts'
import { parseSignalAddress } from './signal-address.ts'
import { valueWrong, wordCount } from './value-rules.ts'

type Profile = z.output<typeof profileSchema>
type SignalEntry = Profile['signals'][string]
type Fault = {
  readonly path: readonly (string | number)[]
  readonly message: string
  readonly onKey?: true
}

export function profileRules(profile: Profile, fileName: string): readonly Fault[] {
  const faults: Fault[] = []
  if (profile.name !== fileName) {
    const message = `the file is named ${fileName}.yaml, so expected "${fileName}"`
    faults.push({ path: ['name'], message })
  }
  for (const [key, signal] of Object.entries(profile.signals)) {
    const wrong = signalWrong(key, signal, profile)
    if (wrong !== undefined) {
      faults.push({ path: ['signals', key, ...wrong.path], message: wrong.message })
    }
  }
  return [
    ...faults,
    ...deriveFaults(profile),
    ...neededFaults(profile),
    ...commandFaults(profile),
    ...vendorFaults(profile),
  ]
}

/** The words that a value of this name may have, by kind of profile; every other name is free. */
const vocabulary: Readonly<Record<Profile['kind'], Readonly<Record<string, readonly string[]>>>> = {
  unit: { role: ['primary', 'standby', 'none', 'unknown'], identity: ['A', 'B'] },
  ups: { state: ['on mains', 'on battery', 'bypass', 'off'] },
}
/** Names whose value must be true or false, or a number that is 1 when the condition holds. */
const flags = ['battery_low', 'replace_battery', 'self_test', 'comm_lost']
/** Why a pair is not ready, and what is permitted that should not be forgotten: shown by their names, so each is there or not. */
const reason = /^(inhibit|notice)_/

function neededFaults({ kind, signals, derive }: Profile): readonly Fault[] {
  const has = (key: string): boolean => key in signals || key in derive
  if (kind === 'ups') {
    return has('state') ? [] : [{ path: ['signals', 'state'], message: 'missing; a ups needs it' }]
  }
  if (has('status') || has('role')) return []
  const message = 'missing; a unit needs it, or the signal role'
  return [{ path: ['signals', 'status'], message }]
}

function signalWrong(key: string, signal: SignalEntry, { kind, derive, registers_max }: Profile) {
  const shape = valueWrong(signal)
  if (shape !== undefined) return shape
  const words = wordCount(signal)
  if (words > registers_max) {
    const message = `takes ${words} words, and registers_max lets the device give ${registers_max} in one answer`
    return { path: ['at'], message }
  }
  if (kind === 'unit' && key === 'status') {
    const isBlock = signal.type === 'words' && signal.words === 22
    return isBlock ? undefined : { path: ['type'], message: 'expected words, 22 of them' }
  }
  if (key in derive) {
    return { path: [], message: `"${key}" is derived as well; a name belongs to one of them` }
  }
  const known = vocabulary[kind][key]
  if (known !== undefined) {
    const given = Object.values(signal.names ?? {})
    if (given.length === 0 || given.some((word) => !known.includes(word))) {
      return { path: ['names'], message: `expected only the words ${known.join(', ')}` }
    }
  }
  if (reason.test(key) && signal.type !== 'bit' && signal.type !== 'bool') {
    return { path: ['type'], message: `expected bit or bool, found "${signal.type}"` }
  }
  if (flags.includes(key) && !isFlag(signal)) {
    return {
      path: ['type'],
      message: 'expected a bit, or a number that is 1 when the condition holds',
    }
  }
  return undefined
}

const isFlag = ({ type, names }: SignalEntry): boolean =>
  type === 'bool' || type === 'bit' || (names === undefined && /^(u?int|float|bits)/.test(type))

function deriveFaults(profile: Profile): readonly Fault[] {
  const known = Object.keys(profile.signals)
  return Object.entries(profile.derive).flatMap(([key, rules]) => {
    const sources = [...known]
    known.push(key)
    return rules.flatMap((rule, index): readonly Fault[] => {
      const path = ['derive', key, index]
      const ofRule = Object.entries(rule.when).flatMap(([name, value]): readonly Fault[] => {
        const wrong = whenWrong(name, value, sources, profile)
        return wrong === undefined ? [] : [{ path: [...path, 'when', name], message: wrong }]
      })
      const empty = otherwiseWrong(key, rules, index, profile.kind)
      const result = resultWrong(key, rule, profile.kind)
      return [
        ...ofRule,
        ...(empty === undefined ? [] : [{ path: [...path, 'when'], message: empty }]),
        ...(result === undefined ? [] : [{ path: [...path, 'is'], message: result }]),
      ]
    })
  })
}

type Rules = Profile['derive'][string]

/** Without conditions a rule means "otherwise"; what matters must follow from something that was read. */
function otherwiseWrong(
  key: string,
  rules: Rules,
  index: number,
  kind: Profile['kind'],
): string | undefined {
  const rule = rules[index]
  if (rule === undefined || Object.keys(rule.when).length > 0) return undefined
  if (vocabulary[kind][key] !== undefined) {
    return `would make it ${JSON.stringify(rule.is)} whatever was read; expected at least one signal`
  }
  return index < rules.length - 1
    ? 'a rule without conditions always applies, so those below it never do; put it last'
    : undefined
}

function resultWrong(key: string, rule: Rules[number], kind: Profile['kind']): string | undefined {
  const words = vocabulary[kind][key]
  const found = JSON.stringify(rule.is)
  if (words !== undefined) {
    return words.includes(String(rule.is)) ? undefined : `expected ${oneOf(words)}, found ${found}`
  }
  const mustBePlain = reason.test(key) || flags.includes(key)
  return mustBePlain && typeof rule.is !== 'boolean'
    ? `expected true or false, found ${found}`
    : undefined
}

function commandFaults({ kind, command_at }: Profile): readonly Fault[] {
  if (command_at === undefined) return []
  if (kind === 'ups') {
    return [{ path: ['command_at'], message: 'a UPS is never written', onKey: true }]
  }
  if (typeof command_at === 'string') return blockWrong(command_at, ['command_at'])
  const { modbus, opcua } = command_at
  if (modbus === undefined && opcua === undefined) {
    return [{ path: ['command_at'], message: 'no address; expected modbus, opcua or both' }]
  }
  return [
    ...(modbus === undefined ? [] : blockWrong(modbus, ['command_at', 'modbus'])),
    ...(opcua === undefined ? [] : nodesWrong(opcua)),
  ]
}

function blockWrong(text: string, path: readonly string[]): readonly Fault[] {
  const command = parseRegister(text)
  if (isWrong(command)) return [{ path, message: command.wrong }]
  if (command.area === 'hr' && command.bit === undefined && command.address <= 65_518) return []
  return [{ path, message: 'expected a holding register with 18 words of room' }]
}

function nodesWrong(nodes: { readonly block: string; readonly commit: string }): readonly Fault[] {
  const wrong = (['block', 'commit'] as const).flatMap((key): readonly Fault[] => {
    const path = ['command_at', 'opcua', key]
    const parsed = parseSignalAddress({ opcua: nodes[key] })
    if (isWrong(parsed)) return [{ path, message: parsed.wrong }]
    const { bit, node } = parsed.opcua ?? {}
    return bit === undefined ? [] : [{ path, message: `a whole node is written: ${node}` }]
  })
  if (wrong.length > 0 || nodes.block !== nodes.commit) return wrong
  const message = 'the block and the word that commits it are two nodes'
  return [{ path: ['command_at', 'opcua', 'commit'], message }]
}
