// What may leave for a device, whatever carries it: reads, and one command block at the one allowed address. The last look at a
// frame before the socket or the bus; without an allowed address no frame that writes can pass.

import assert from 'node:assert/strict'
import { readBodyBytes, writeFunction } from './mbap.ts'

/** Words of a command block, the only thing that is ever written. */
export const commandWords = 18

/** Asserts on the first `bodyBytes` of a frame without transport header and checksum. `commandAt` undefined: nothing is written. */
export function assertMaySend(
  frame: Buffer,
  bodyBytes: number,
  commandAt: number | undefined,
): void {
  const functionCode = frame.readUInt8(1)
  if (functionCode >= 1 && functionCode <= 4) {
    assert(bodyBytes === readBodyBytes, 'a read of another length')
    return
  }
  assert(functionCode === writeFunction, `Modbus function ${functionCode} is never sent`)
  assert(commandAt !== undefined, 'a write to a device that must not be written')
  const address = frame.readUInt16BE(2)
  const count = frame.readUInt16BE(4)
  assert(
    address === commandAt && count === commandWords && bodyBytes === 7 + 2 * commandWords,
    `a write of ${count} words at ${address}, allowed are ${commandWords} at ${commandAt}`,
  )
}
