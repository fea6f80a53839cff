// Modbus TCP in bytes, strictly as docs/protocols.md section 6 has it: frames out of a stream, and
// the answer to each. No socket here, so that every wrong frame can be tried as plain bytes.

/**
 * The registers of a device. `read` is undefined, `write` false, for registers that are not there
 * to read or write.
 */
export type Registers = {
  read(address: number, count: number): readonly number[] | undefined
  write(address: number, words: readonly number[]): boolean
  /** Coils, and registers that may be written one at a time; a device without both has no such function. */
  writeCoil?(address: number, on: boolean): boolean
  readonly single?: boolean
}

export type Frame = { readonly transaction: number; readonly unit: number; readonly pdu: Buffer }

const HEADER_BYTES = 7
/** The length field counts the unit identifier and a PDU of 1 to 253 bytes. */
const LENGTH_MIN = 2
const LENGTH_MAX = 254
const UNIT_IDENTIFIER = 1
const READ_LIMIT = 125
const WRITE_LIMIT = 123
const READ_HOLDING = 3
const WRITE_COIL = 5
const WRITE_SINGLE = 6
const WRITE_MULTIPLE = 16
/**
 * Functions that only read: coils, discrete inputs, holding and input registers, and the diagnostic
 * ones.
 */
const READING_FUNCTIONS: readonly number[] = [1, 2, 3, 4, 7, 8, 11, 12, 17, 20, 24, 43]

const ILLEGAL_FUNCTION = 1
const ILLEGAL_ADDRESS = 2
const ILLEGAL_VALUE = 3
const NOBODY_BEHIND_GATEWAY = 11

/**
 * Takes whole frames off the front of a stream.
 * @returns the frames, the bytes that belong to an unfinished one, and `broken` when the stream
 *   is not Modbus TCP: nothing after that point can be trusted, so the connection must go
 */
export function takeFrames(bytes: Buffer): { frames: Frame[]; rest: Buffer; broken: boolean } {
  const frames: Frame[] = []
  let rest = bytes
  while (rest.length >= HEADER_BYTES) {
    const length = rest.readUInt16BE(4)
    if (rest.readUInt16BE(2) !== 0 || length < LENGTH_MIN || length > LENGTH_MAX) {
      return { frames, rest, broken: true }
    }
    const end = HEADER_BYTES - 1 + length
    if (rest.length < end) break
    frames.push({
      transaction: rest.readUInt16BE(0),
      unit: rest.readUInt8(6),
      pdu: rest.subarray(HEADER_BYTES, end),
    })
    rest = rest.subarray(end)
  }
  return { frames, rest, broken: false }
}

/** True for a frame that tries to change something, whether it succeeds or not. */
export function isWriteFrame(frame: Frame): boolean {
  return !READING_FUNCTIONS.includes(frame.pdu.readUInt8(0))
}

/** The whole answer to one frame. */
export function answerFrame(frame: Frame, registers: Registers): Buffer {
  const pdu =
    frame.unit === UNIT_IDENTIFIER
      ? answerPdu(frame.pdu, registers)
      : exception(frame.pdu.readUInt8(0), NOBODY_BEHIND_GATEWAY)
  const answer = Buffer.alloc(HEADER_BYTES + pdu.length)
  answer.writeUInt16BE(frame.transaction, 0)
  answer.writeUInt16BE(pdu.length + 1, 4)
  answer.writeUInt8(frame.unit, 6)
  pdu.copy(answer, HEADER_BYTES)
  return answer
}

/** The answer to a request without the header or checksum of what carries it. */
export function answerPdu(pdu: Buffer, registers: Registers): Buffer {
  const code = pdu.readUInt8(0)
  if (code === READ_HOLDING) return answerRead(pdu, registers)
  if (code === WRITE_MULTIPLE) return answerWrite(pdu, registers)
  if (code === WRITE_COIL && registers.writeCoil) return answerCoil(pdu, registers)
  if (code === WRITE_SINGLE && registers.single) return answerSingle(pdu, registers)
  if (code === WRITE_SINGLE) {
    return exception(code, pdu.length === 5 ? ILLEGAL_ADDRESS : ILLEGAL_VALUE)
  }
  return exception(code, ILLEGAL_FUNCTION)
}

function answerRead(pdu: Buffer, registers: Registers): Buffer {
  if (pdu.length !== 5) return exception(READ_HOLDING, ILLEGAL_VALUE)
  const address = pdu.readUInt16BE(1)
  const count = pdu.readUInt16BE(3)
  if (count < 1 || count > READ_LIMIT) return exception(READ_HOLDING, ILLEGAL_VALUE)
  const words = registers.read(address, count)
  if (!words) return exception(READ_HOLDING, ILLEGAL_ADDRESS)
  const answer = Buffer.alloc(2 + count * 2)
  answer.writeUInt8(READ_HOLDING, 0)
  answer.writeUInt8(count * 2, 1)
  for (const [index, word] of words.entries()) answer.writeUInt16BE(word, 2 + index * 2)
  return answer
}

function answerWrite(pdu: Buffer, registers: Registers): Buffer {
  if (pdu.length < 6) return exception(WRITE_MULTIPLE, ILLEGAL_VALUE)
  const address = pdu.readUInt16BE(1)
  const count = pdu.readUInt16BE(3)
  const fits = count >= 1 && count <= WRITE_LIMIT && pdu.readUInt8(5) === count * 2
  if (!fits || pdu.length !== 6 + count * 2) return exception(WRITE_MULTIPLE, ILLEGAL_VALUE)
  const words = Array.from({ length: count }, (_, index) => pdu.readUInt16BE(6 + index * 2))
  if (!registers.write(address, words)) return exception(WRITE_MULTIPLE, ILLEGAL_ADDRESS)
  return Buffer.from(pdu.subarray(0, 5))
}

function answerCoil(pdu: Buffer, registers: Registers): Buffer {
  if (pdu.length !== 5) return exception(WRITE_COIL, ILLEGAL_VALUE)
  const value = pdu.readUInt16BE(3)
  if (value !== 0 && value !== 0xff00) return exception(WRITE_COIL, ILLEGAL_VALUE)
  const taken = registers.writeCoil?.(pdu.readUInt16BE(1), value !== 0)
  return taken ? Buffer.from(pdu) : exception(WRITE_COIL, ILLEGAL_ADDRESS)
}

function answerSingle(pdu: Buffer, registers: Registers): Buffer {
  if (pdu.length !== 5) return exception(WRITE_SINGLE, ILLEGAL_VALUE)
  const taken = registers.write(pdu.readUInt16BE(1), [pdu.readUInt16BE(3)])
  return taken ? Buffer.from(pdu) : exception(WRITE_SINGLE, ILLEGAL_ADDRESS)
}

function exception(code: number, reason: number): Buffer {
  return Buffer.from([(code | 0x80) & 0xff, reason])
}
