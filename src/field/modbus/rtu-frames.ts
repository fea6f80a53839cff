// Finds the answer to one request among the bytes that a serial line brought. RTU frames carry no number and no length, so the
// whole answer is foreseen from the request: unit, function, byte count and length must be those, and the checksum must be right.
// What doesn't fit is noise, or belongs to somebody else, and is stepped over; nothing here decides when to stop waiting.

import assert from 'node:assert/strict'
import { crc16 } from './crc16.ts'
import { writeFunction } from './mbap.ts'

/** What the answer to one request looks like. */
export type Foreseen = {
  readonly request: Buffer
  /** Unit, function, and the byte count of a read or the address and count of a write. */
  readonly head: Buffer
  /** Length of the whole answer, checksum included. */
  readonly bytes: number
}

export type Answer = {
  readonly kind: 'answer'
  readonly frame: Buffer
  readonly echoed: boolean
  /** Number of bytes behind it. */
  readonly rest: number
}

export type Finding =
  | Answer
  | {
      readonly kind: 'more'
      readonly echoed: boolean
      /** True when the answer should have been there: so many bytes came, and they are none. */
      readonly full: boolean
      /** What is wrong with the bytes so far; undefined when they may become the answer. */
      readonly why?: string
    }

/** What must come back for a whole request frame (functions 1 to 4 and 16). Unit 0 speaks to all and is answered by nobody. */
export function foresee(request: Buffer): Foreseen {
  assert(request.readUInt8(0) !== 0, 'unit 0 is a broadcast')
  const functionCode = request.readUInt8(1)
  if (functionCode === writeFunction) return { request, head: request.subarray(0, 6), bytes: 8 }
  assert(functionCode >= 1 && functionCode <= 4, `Modbus function ${functionCode} is never sent`)
  const count = request.readUInt16BE(4)
  const dataBytes = functionCode <= 2 ? Math.ceil(count / 8) : 2 * count
  const head = Buffer.from([request.readUInt8(0), functionCode, dataBytes])
  return { request, head, bytes: 5 + dataBytes }
}

/**
 * Looks for the answer in everything that came since the request left. An adapter may give our own request back first: it is
 * stepped over once, and is never an answer, not even where it begins like one.
 */
export function findAnswer(foreseen: Foreseen, received: Buffer): Finding {
  const { request, bytes } = foreseen
  const alike = commonStart(request, received)
  const echoed = alike === request.length
  // What is the beginning of our own request may grow into the whole of it.
  if (alike === received.length && !echoed) return { kind: 'more', echoed, full: false }
  const start = echoed ? request.length : 0
  for (let at = start; at < received.length; at++) {
    const frame = frameAt(foreseen, received, at)
    if (frame !== undefined) {
      return { kind: 'answer', frame, echoed, rest: received.length - at - frame.length }
    }
  }
  const rest = received.subarray(start)
  const why = rest.length === 0 ? undefined : misfit(foreseen, rest)
  return { kind: 'more', echoed, full: rest.length >= bytes, ...(why === undefined ? {} : { why }) }
}

function frameAt(foreseen: Foreseen, received: Buffer, at: number): Buffer | undefined {
  const { request, head, bytes } = foreseen
  if (received[at] !== head[0]) return undefined
  if (received[at + 1] === exceptionOf(head)) return sealed(received, at, exceptionBytes)
  if (!received.subarray(at, at + head.length).equals(head)) return undefined
  const frame = sealed(received, at, bytes)
  // A request whose first bytes would pass for its own answer can't be told from an echo: then no answer is believed.
  return frame !== undefined && commonStart(request, frame) === frame.length ? undefined : frame
}

/** The bytes from `at` when all of them are there and their checksum is right. */
function sealed(received: Buffer, at: number, bytes: number): Buffer | undefined {
  const frame = received.subarray(at, at + bytes)
  return frame.length === bytes && hasRightChecksum(frame) ? frame : undefined
}

const hasRightChecksum = (frame: Buffer): boolean =>
  crc16(frame.subarray(0, -2)) === frame.readUInt16LE(frame.length - 2)

/** What keeps these bytes from being the answer, for people; undefined when they may still become it. */
function misfit({ head, bytes }: Foreseen, rest: Buffer): string | undefined {
  const [unit, functionCode] = rest
  if (unit !== head[0]) return `unit ${unit} instead of ${head[0]}`
  if (functionCode === exceptionOf(head)) return shortOrWrong(rest, exceptionBytes)
  if (functionCode !== undefined && functionCode !== head[1]) {
    return `function ${functionCode} instead of ${head[1]}`
  }
  const alike = commonStart(head, rest)
  if (alike === rest.length || alike === head.length) return shortOrWrong(rest, bytes)
  if (head.length === 3) return `byte count ${rest[2]} instead of ${head[2]}`
  return 'the acknowledgement of another write'
}

const shortOrWrong = (rest: Buffer, bytes: number): string | undefined =>
  rest.length < bytes ? undefined : 'wrong checksum'

const exceptionOf = (head: Buffer): number => (head[1] ?? 0) | 0x80
const exceptionBytes = 5

function commonStart(one: Buffer, other: Buffer): number {
  const shorter = Math.min(one.length, other.length)
  let alike = 0
  while (alike < shorter && one[alike] === other[alike]) alike++
  return alike
}
