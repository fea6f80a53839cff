// Modbus TCP framing and the judgement of a reply: a reply counts only when transaction, protocol, unit, function, byte count
// and echo are those of the one request that is out. Pure; every finding is a value, never an exception.
// A frame is a header of 6 bytes (transaction, protocol, length) and a body: unit identifier, function code, data. Frames are
// judged where they stand in the received bytes, from `start` up to but not including `end`: cutting them out would cost more.

/** What the reply to one request must look like, taken from the very bytes of that request. */
export type Expectation = {
  readonly transaction: number
  /** Requests that left since the connection began, on this or another one: their transactions are the ones just below. */
  readonly earlier: number
  readonly unit: number
  readonly functionCode: number
  /** What the answer to a write echoes: the address, and the count or the one value. */
  readonly address: number
  readonly count: number
  /** Data bytes of the answer to a read; 0 for a write. */
  readonly dataBytes: number
}

/**
 * What is wrong with received bytes. `late`: they answer an older request, of this or another connection. `short`: they are less than what was asked for.
 * `garbage`: anything else.
 */
export type Flaw = { readonly kind: 'late' | 'short' | 'garbage'; readonly detail: string }

/** Unit and function with their fields, without the checksum: the body of a request for 1 to 4. */
export const readBodyBytes = 6
/** Write multiple registers: what a command block takes. */
export const writeFunction = 16
/** Functions that write; the answer to each echoes the two words behind the function. */
export const isWriteFunction = (functionCode: number): boolean =>
  functionCode === 5 || functionCode === 6 || functionCode === writeFunction
/** Longest frame: header, unit and the 253 bytes of a PDU. */
export const frameBytesMax = 260

/** Writes the header for a body of `bodyBytes` and the body behind it into `frame`. `transaction` is 0 to 65535. */
export function fillFrame(
  frame: Buffer,
  transaction: number,
  body: Buffer,
  bodyBytes: number,
): Buffer {
  frame.writeUInt16BE(transaction, 0)
  frame.writeUInt16BE(0, 2)
  frame.writeUInt16BE(bodyBytes, 4)
  for (let at = 0; at < bodyBytes; at++) frame[headerBytes + at] = body[at] ?? 0
  return frame
}

/** What must come back for the body of a request (functions 1 to 6 and 16); a checksum behind it doesn't matter. */
export function expectationOf(transaction: number, earlier: number, body: Buffer): Expectation {
  const functionCode = body.readUInt8(1)
  const count = body.readUInt16BE(4)
  return {
    transaction,
    earlier,
    unit: body.readUInt8(0),
    functionCode,
    address: body.readUInt16BE(2),
    count,
    dataBytes: isWriteFunction(functionCode) ? 0 : dataBytesOf(functionCode, count),
  }
}

/** What is wrong with the header at `start`; undefined for a possible one, or while too little of it is there to tell. */
export function findHeaderFlaw(bytes: Buffer, start: number, end: number): Flaw | undefined {
  if (end - start < 4) return undefined
  const protocol = bytes.readUInt16BE(start + 2)
  if (protocol !== 0) return garbage(`protocol ${protocol} instead of 0`)
  if (end - start < headerBytes) return undefined
  const bodyBytes = bytes.readUInt16BE(start + 4)
  return bodyBytes < bodyBytesMin || bodyBytes > bodyBytesMax
    ? garbage(`length ${bodyBytes} instead of ${bodyBytesMin} to ${bodyBytesMax}`)
    : undefined
}

/** Where the frame that begins at `start` ends; undefined while bytes of it are missing. Ask `findHeaderFlaw` first. */
export function frameEnd(bytes: Buffer, start: number, end: number): number | undefined {
  if (end - start < headerBytes) return undefined
  const frameEndsAt = start + headerBytes + bytes.readUInt16BE(start + 4)
  return frameEndsAt <= end ? frameEndsAt : undefined
}

/** What is wrong with a whole frame; undefined when it answers the request, be it with data or with an exception. */
export function findFlaw(
  bytes: Buffer,
  start: number,
  end: number,
  expected: Expectation,
): Flaw | undefined {
  const transaction = bytes.readUInt16BE(start)
  if (transaction !== expected.transaction) return strangerFlaw(transaction, expected)
  const body = start + headerBytes
  const unit = bytes.readUInt8(body)
  if (unit !== expected.unit) return garbage(`unit ${unit} instead of ${expected.unit}`)
  const functionCode = bytes.readUInt8(body + 1)
  if (functionCode === expected.functionCode) {
    return isWriteFunction(functionCode)
      ? findEchoFlaw(bytes, body, end, expected)
      : findDataFlaw(bytes, body, end, expected.dataBytes)
  }
  if (functionCode !== (expected.functionCode | exceptionBit)) {
    return garbage(`function ${functionCode} instead of ${expected.functionCode}`)
  }
  return end - body === exceptionBytes
    ? undefined
    : garbage(`exception of ${end - body} bytes instead of ${exceptionBytes}`)
}

/** True for a frame that says no: only for one in which `findFlaw` found nothing. */
export const isException = (bytes: Buffer, start: number): boolean =>
  (bytes.readUInt8(start + headerBytes + 1) & exceptionBit) !== 0

/** Where the body of the frame at `start` begins, and the data in it. */
export const bodyStart = (start: number): number => start + headerBytes
export const dataStart = (start: number): number => start + headerBytes + 3

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
const bodyBytesMax = frameBytesMax - headerBytes
const exceptionBytes = 3
const echoBytes = 6
const exceptionBit = 0x80

const dataBytesOf = (functionCode: number, count: number): number =>
  functionCode <= 2 ? Math.ceil(count / 8) : 2 * count

const garbage = (detail: string): Flaw => ({ kind: 'garbage', detail })
const short = (detail: string): Flaw => ({ kind: 'short', detail })

function strangerFlaw(transaction: number, expected: Expectation): Flaw {
  const detail = `transaction ${transaction} instead of ${expected.transaction}`
  const age = (expected.transaction - transaction) & 0xffff
  return { kind: age <= expected.earlier ? 'late' : 'garbage', detail }
}

function findDataFlaw(
  bytes: Buffer,
  body: number,
  end: number,
  dataBytes: number,
): Flaw | undefined {
  const came = end - body - 3
  const stated = bytes.readUInt8(body + 2)
  if (stated === dataBytes && came === dataBytes) return undefined
  const detail =
    stated === dataBytes
      ? `${came} data bytes instead of ${dataBytes}`
      : `byte count ${stated} instead of ${dataBytes}`
  return came < dataBytes ? short(detail) : garbage(detail)
}

function findEchoFlaw(
  bytes: Buffer,
  body: number,
  end: number,
  expected: Expectation,
): Flaw | undefined {
  if (end - body !== echoBytes) {
    const detail = `write answered with ${end - body} bytes instead of ${echoBytes}`
    return end - body < echoBytes ? short(detail) : garbage(detail)
  }
  const address = bytes.readUInt16BE(body + 2)
  const count = bytes.readUInt16BE(body + 4)
  if (address === expected.address && count === expected.count) return undefined
  if (expected.functionCode !== writeFunction) {
    return garbage(
      `write of ${count} at ${address} echoed instead of ${expected.count} at ${expected.address}`,
    )
  }
  return garbage(
    `write of ${count} words at ${address} echoed instead of ${expected.count} at ${expected.address}`,
  )
}
