// The Modbus frame that one step of a maker's command stands for. Only what a frame can carry whole is taken: a single bit of a
// register cannot be written without the others.

import type { DeclaredWrite } from '../core/vendor-command.ts'
import { isWrong, parseRegister, type RegisterAddress } from './address.ts'
import type { VendorStepEntry } from './command-schema.ts'

/** `key` leads from the step to what is wrong. */
export type FrameFault = { readonly key: readonly string[]; readonly wrong: string }

/** The frame for the case that `to` shall be primary, or what keeps the step from being one. */
export function frameOf(step: VendorStepEntry, to: 'A' | 'B'): DeclaredWrite | FrameFault {
  const register = parseRegister(step.at)
  if (isWrong(register)) return { key: ['at'], wrong: register.wrong }
  const value = typeof step.value === 'object' ? step.value[to] : step.value
  const key = typeof step.value === 'object' ? ['value', to] : ['value']
  const { area, address } = register
  if (area === 'co') return coilFrame(step, address, value, key)
  const wrong = registerWrong(step, register)
  if (wrong !== undefined) return wrong
  const words = wordsOf(step, value)
  if (typeof words === 'string') return { key, wrong: words }
  if (address + words.length > 65_536) {
    return { key: ['at'], wrong: `reaches to hr:${address + words.length - 1}; the last is 65535` }
  }
  const functionCode = step.function ?? 16
  if (functionCode === 5)
    return { key: ['function'], wrong: 'function 5 writes coils; use 6 or 16' }
  if (functionCode === 6 && words.length > 1) {
    return { key: ['function'], wrong: `function 6 writes one register; ${step.type} needs 16` }
  }
  return { functionCode, address, words }
}

function coilFrame(
  { type, function: code = 5 }: VendorStepEntry,
  address: number,
  value: number | boolean,
  key: readonly string[],
): DeclaredWrite | FrameFault {
  if (type !== 'bool')
    return { key: ['type'], wrong: `co holds single bits; expected bool, found "${type}"` }
  if (code !== 5)
    return { key: ['function'], wrong: `function ${code} writes registers; a coil needs 5` }
  if (typeof value !== 'boolean') return { key, wrong: `expected true or false, found ${value}` }
  return { functionCode: 5, address, words: [value ? 0xff00 : 0] }
}

function registerWrong(
  { at, type }: VendorStepEntry,
  { area, bit }: RegisterAddress,
): FrameFault | undefined {
  if (area !== 'hr') {
    return {
      key: ['at'],
      wrong: `${area} cannot be written; expected a holding register or a coil`,
    }
  }
  if (bit !== undefined) {
    const wrong = `a single bit cannot be written without the other bits of its register: ${at}`
    return { key: ['at'], wrong }
  }
  return type === 'bool'
    ? { key: ['type'], wrong: 'hr holds words; expected uint16, int16, uint32 or int32' }
    : undefined
}

/** The words of a number, or why it does not fit. */
function wordsOf(
  { type, word_order }: VendorStepEntry,
  value: number | boolean,
): readonly number[] | string {
  const bits = type.endsWith('32') ? 32 : 16
  const lowest = type.startsWith('u') ? 0 : -(2 ** (bits - 1))
  const highest = type.startsWith('u') ? 2 ** bits - 1 : 2 ** (bits - 1) - 1
  if (typeof value !== 'number' || !Number.isInteger(value) || value < lowest || value > highest) {
    return `expected a whole number from ${lowest} to ${highest}, found ${String(value)}`
  }
  const low = value & 0xffff
  if (bits === 16) return [low]
  const high = (value >>> 16) & 0xffff
  return word_order === 'big' ? [high, low] : [low, high]
}
