// Modbus TCP framing and the judgement of a reply: a reply counts only when transaction, protocol, unit, function, byte count
// and echo are those of the one request that is out. Pure; every finding is a sentence, never an exception.
// A `body` is what a frame carries behind its 6-byte header: unit identifier, function code, data.

/** What the reply to one request must look like, taken from the very bytes of that request. */
export type Expectation = {
  readonly transaction: number
  readonly unit: number
  readonly functionCode: number
  /** Data bytes of the answer to a read; absent for a write. */
  readonly dataBytes?: number
  /** Address and count that the answer to a write must echo; absent for a read. */
  readonly echo?: { readonly address: number; readonly count: number }
}

/** Puts the header before a body. `transaction` is 0 to 65535. */
export function frameOf(transaction: number, body: Uint8Array): Buffer {
  const frame = Buffer.alloc(headerBytes + body.length)
  frame.writeUInt16BE(transaction, 0)
  frame.writeUInt16BE(body.length, 4)
  frame.set(body, headerBytes)
  return frame
}

/** The body of a whole frame. */
export const bodyOf = (frame: Buffer): Buffer => frame.subarray(headerBytes)

/** What must come back for the body of a request (functions 1 to 4 and 16). */
export function expectationOf(transaction: number, body: Buffer): Expectation {
  const functionCode = body.readUInt8(1)
  const address = body.readUInt16BE(2)
  const count = body.readUInt16BE(4)
  const common = { transaction, unit: body.readUInt8(0), functionCode }
  if (functionCode === writeFunction) return { ...common, echo: { address, count } }
  return { ...common, dataBytes: functionCode <= 2 ? Math.ceil(count / 8) : 2 * count }
}

/** Write multiple registers, the only writing function that is ever used. */
export const writeFunction = 16

export type Split =
  | { readonly kind: 'frame'; readonly frame: Buffer; readonly rest: Buffer }
  | { readonly kind: 'more' }
  | { readonly kind: 'fault'; readonly detail: string }

/** Cuts the first frame from received bytes. A header that can't be one is a fault at once: the stream is out of step. */
export function splitFrame(bytes: Buffer): Split {
  if (bytes.length >= 4 && bytes.readUInt16BE(2) !== 0) {
    return fault(`protocol ${bytes.readUInt16BE(2)} instead of 0`)
  }
  if (bytes.length < headerBytes) return { kind: 'more' }
  const bodyBytes = bytes.readUInt16BE(4)
  if (bodyBytes < bodyBytesMin || bodyBytes > bodyBytesMax) {
    return fault(`length ${bodyBytes} instead of ${bodyBytesMin} to ${bodyBytesMax}`)
  }
  const end = headerBytes + bodyBytes
  if (bytes.length < end) return { kind: 'more' }
  return { kind: 'frame', frame: bytes.subarray(0, end), rest: bytes.subarray(end) }
}

/** What is wrong with a reply, in words; undefined when it answers the request, be it with data or with an exception. */
export function findFault(frame: Buffer, expected: Expectation): string | undefined {
  const body = bodyOf(frame)
  const transaction = frame.readUInt16BE(0)
  if (transaction !== expected.transaction) {
    return `transaction ${transaction} instead of ${expected.transaction}`
  }
  const unit = body.readUInt8(0)
  if (unit !== expected.unit) return `unit ${unit} instead of ${expected.unit}`
  const functionCode = body.readUInt8(1)
  if (functionCode === (expected.functionCode | exceptionBit)) {
    return body.length === 3 ? undefined : `exception of ${body.length} bytes instead of 3`
  }
  if (functionCode !== expected.functionCode) {
    return `function ${functionCode} instead of ${expected.functionCode}`
  }
  return expected.echo === undefined
    ? findDataFault(body, expected.dataBytes ?? 0)
    : findEchoFault(body, expected.echo)
}

/** What a unit's exception code says, Modbus Application Protocol V1.1b3 section 7. */
export const exceptionText = (code: number): string =>
  `exception ${code} (${exceptions[code] ?? 'unknown code'})`

const exceptions: Readonly<Record<number, string>> = {
  1: 'illegal function',
  2: 'illegal data address',
  3: 'illegal data value',
  4: 'device failure',
  5: 'acknowledged, still working',
  6: 'device busy',
  8: 'memory parity error',
  10: 'gateway path unavailable',
  11: 'device behind the gateway does not answer',
}

const headerBytes = 6
/** Unit, function and one byte; at most the 253 bytes of a PDU behind the unit. */
const bodyBytesMin = 3
const bodyBytesMax = 254
const exceptionBit = 0x80

const fault = (detail: string): Split => ({ kind: 'fault', detail })

function findDataFault(body: Buffer, dataBytes: number): string | undefined {
  const stated = body.readUInt8(2)
  if (stated !== dataBytes) return `byte count ${stated} instead of ${dataBytes}`
  if (body.length !== 3 + dataBytes) return `${body.length - 3} data bytes instead of ${dataBytes}`
  return undefined
}

function findEchoFault(
  body: Buffer,
  echo: { readonly address: number; readonly count: number },
): string | undefined {
  if (body.length !== 6) return `write answered with ${body.length} bytes instead of 6`
  const address = body.readUInt16BE(2)
  const count = body.readUInt16BE(4)
  if (address === echo.address && count === echo.count) return undefined
  return `write of ${count} words at ${address} echoed instead of ${echo.count} at ${echo.address}`
}
