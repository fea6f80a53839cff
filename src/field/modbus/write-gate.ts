// What may leave for a device, whatever carries it: reads, one command block at the one allowed address, and the very frames that
// the profile of a maker's command declares. The last look at a frame before the socket or the bus; where nothing is allowed no
// frame that writes can pass.

import assert from 'node:assert/strict'
import type { DeclaredWrite } from '../../core/vendor-command.ts'
import { readBodyBytes, writeFunction } from './mbap.ts'

/** Words of a command block of ours. */
export const commandWords = 18

/** The only writes of a device; without both it is never written. */
export type Allowed = {
  /** First register of the command block. */
  readonly commandAt?: number
  readonly declared?: readonly DeclaredWrite[]
}

/** Only what is allowed, of anything that holds more. */
export const allowedOf = ({ commandAt, declared }: Allowed): Allowed => ({
  ...(commandAt !== undefined && { commandAt }),
  ...(declared !== undefined && { declared }),
})

/** Asserts on the first `bodyBytes` of a frame without transport header and checksum. */
export function assertMaySend(frame: Buffer, bodyBytes: number, allowed: Allowed): void {
  const functionCode = frame.readUInt8(1)
  if (functionCode >= 1 && functionCode <= 4) {
    assert(bodyBytes === readBodyBytes, 'a read of another length')
    return
  }
  const { commandAt, declared = [] } = allowed
  const body = frame.subarray(0, bodyBytes)
  if (declared.some((write) => isExactly(body, write))) return
  const writes = functionCode === 5 || functionCode === 6 || functionCode === writeFunction
  assert(writes, `Modbus function ${functionCode} is never sent`)
  assert(
    commandAt !== undefined || declared.length > 0,
    'a write to a device that must not be written',
  )
  assert(commandAt !== undefined, `a write that the profile does not declare: ${hex(body)}`)
  assert(functionCode === writeFunction, `Modbus function ${functionCode} is never sent`)
  const address = frame.readUInt16BE(2)
  const count = frame.readUInt16BE(4)
  assert(
    address === commandAt && count === commandWords && bodyBytes === 7 + 2 * commandWords,
    `a write of ${count} words at ${address}, allowed are ${commandWords} at ${commandAt}`,
  )
}

/** Every byte behind the unit identifier is the declared one, and there is none more. */
function isExactly(body: Buffer, { functionCode, address, words }: DeclaredWrite): boolean {
  const several = functionCode === writeFunction
  const head = [functionCode, address >> 8, address & 0xff]
  const count = several ? [words.length >> 8, words.length & 0xff, 2 * words.length] : []
  const data = words.flatMap((word) => [word >> 8, word & 0xff])
  return body.subarray(1).equals(Buffer.from([...head, ...count, ...data]))
}

const hex = (bytes: Buffer): string => bytes.subarray(0, 12).toString('hex')
