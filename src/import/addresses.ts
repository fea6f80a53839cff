// Addresses as tag lists write them, each turned into a register or a node: our own form, Modicon numbers, IEC and Schneider
// direct addresses, OPC UA NodeIds and plain numbers. Where a form means different registers to different makers, the answer
// carries a doubt that says what was supposed.

import { isWrong, parseRegister, type Wrong } from '../config/address.ts'
import { parseSignalAddress } from '../config/signal-address.ts'
import type { Where } from './tag-list.ts'

export type ReadAddress = { readonly where: Where; readonly doubt?: string }

/** `schneider` counts every direct address in words; `iec` (CODESYS and others) in the size of the value. */
export type Dialect = 'schneider' | 'iec'

/**
 * Reads an address. `singleBit` is what the list says of the type, undefined when it says nothing: it decides whether 10001
 * can be a discrete input.
 */
export function readAddress(
  written: string,
  singleBit: boolean | undefined,
  dialect: Dialect,
): ReadAddress | Wrong {
  const text = written.trim()
  if (/^(nsu?=|[isgb]=)/.test(text)) return node(text)
  if (/^[A-Za-z]{2}:/.test(text)) {
    const parsed = parseRegister(text.toLowerCase())
    return isWrong(parsed) ? parsed : { where: { kind: 'register', ...parsed } }
  }
  if (text.startsWith('%')) return direct(text.toUpperCase(), dialect)
  if (/^0x[0-9a-f]{1,4}$/i.test(text)) return plain(String(Number(text)))
  const number = /^([0134])(\d{4,5})(?:[.:/](\d{1,2}))?$/.exec(
    text.replace(/^([134])[xX:]/, (_, lead: string) => lead),
  )
  if (number !== null) return modicon(text, number, singleBit)
  return plain(text)
}

function node(text: string): ReadAddress | Wrong {
  const parsed = parseSignalAddress({ opcua: text })
  return isWrong(parsed) ? { wrong: parsed.wrong } : { where: { kind: 'node', node: text } }
}

const modiconAreas = { '0': 'co', '1': 'di', '3': 'ir', '4': 'hr' } as const
const isModicon = (digit: string): digit is keyof typeof modiconAreas => digit in modiconAreas

// One-based: 40001 and 400001 are both hr:0.
function modicon(
  text: string,
  [, lead = '', digits = '', bitDigits]: RegExpExecArray,
  singleBit: boolean | undefined,
): ReadAddress | Wrong {
  const number = Number(digits)
  const area = isModicon(lead) ? modiconAreas[lead] : 'hr'
  const bits = area === 'co' || area === 'di'
  if (bits && singleBit === false) {
    const whole = plain(text)
    if ('wrong' in whole) return whole
    const supposed = `${text} would be a single bit to tools that count 0xxxx and 1xxxx, and the type is none`
    return { ...whole, doubt: `${supposed}; taken as a zero-based holding register` }
  }
  if (number < 1 || number > 65_536) {
    return { wrong: `"${text}" is out of range; expected ${lead}0001 to ${lead}65536, one-based` }
  }
  return register(area, number - 1, bitDigits)
}

function plain(text: string): ReadAddress | Wrong {
  const match = /^(\d{1,6})(?:\.(\d{1,2}))?$/.exec(text)
  const expected = 'expected hr:100, 40101, %MW100, ns=2;s=TAG or a number'
  if (match === null) return { wrong: `"${text.slice(0, 40)}" is no address; ${expected}` }
  const [, digits = '', bitDigits] = match
  const read = register('hr', Number(digits), bitDigits)
  if ('wrong' in read) return read
  return { ...read, doubt: 'a plain number: taken as a zero-based holding register' }
}

function register(
  area: 'hr' | 'ir' | 'co' | 'di',
  address: number,
  bitDigits: string | undefined,
): ReadAddress | Wrong {
  const bit = bitDigits === undefined ? '' : `.${Number(bitDigits)}`
  const parsed = parseRegister(`${area}:${address}${bit}`)
  return isWrong(parsed) ? parsed : { where: { kind: 'register', ...parsed } }
}

const noRegister =
  'inputs, outputs and system words have no fixed Modbus register; an XML list can be given one with --map'

// %MW100, %MW100.3 and %MW100:X3, %M5, %MX10.3 (byte and bit), %MD/%MF/%ML.
function direct(text: string, dialect: Dialect): ReadAddress | Wrong {
  if (/^%[IQSK]/.test(text)) return { wrong: `${text}: ${noRegister}` }
  const match = /^%M([XBWDFL]?)(\d{1,6})(?:(?:\.|:X)(\d{1,2}))?$/.exec(text)
  if (match === null) {
    return {
      wrong: `"${text.slice(0, 40)}" is no direct address; expected %MW100, %MW100.3 or %M5`,
    }
  }
  const [, size = '', digits = '', bitDigits] = match
  const number = Number(digits)
  if (size === 'W') return register('hr', number, bitDigits)
  if (size === '' && bitDigits === undefined) return register('co', number, undefined)
  if (size === 'X' && bitDigits !== undefined) return bitOfByte(text, number, Number(bitDigits))
  if (size === 'D' || size === 'F' || size === 'L') return wide(text, size, number, dialect)
  return { wrong: `${text}: a byte has no register of its own` }
}

function bitOfByte(text: string, byte: number, bit: number): ReadAddress | Wrong {
  if (bit > 7) return { wrong: `${text}: bit ${bit} is out of range; a byte has 0 to 7` }
  const read = register('hr', Math.floor(byte / 2), String((byte % 2) * 8 + bit))
  if ('wrong' in read) return read
  return { ...read, doubt: `${text} is taken as bit ${bit} of byte ${byte}, low byte first` }
}

// Schneider's %MF is always counted in words; %MD is not, in CODESYS and its relatives.
function wide(
  text: string,
  size: 'D' | 'F' | 'L',
  number: number,
  dialect: Dialect,
): ReadAddress | Wrong {
  if (size === 'F') return register('hr', number, undefined)
  const words = size === 'D' ? 2 : 4
  const taken = dialect === 'iec' ? number * words : number
  const read = register('hr', taken, undefined)
  if ('wrong' in read) return read
  const other = dialect === 'iec' ? number : number * words
  const doubt = `${text} is taken as word ${taken}; a controller that counts otherwise has it in word ${other}`
  return { ...read, doubt }
}

/** As the plant file writes it. */
export function whereText(where: Where): string {
  if (where.kind === 'node') return where.node
  const { area, address, bit, bitCount } = where
  if (bit === undefined) return `${area}:${address}`
  const last = bitCount === undefined ? '' : `-${bit + bitCount - 1}`
  return `${area}:${address}.${bit}${last}`
}
