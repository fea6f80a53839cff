// The units of the practice plant on one serial line: Modbus RTU slaves that share the line and know their requests by the unit
// identifier. A request for anybody else is left unanswered, as an absent device leaves it, and so is one with a wrong checksum.
import { execFile } from 'node:child_process'
import { open } from 'node:fs/promises'
import { ReadStream, WriteStream } from 'node:tty'
import { promisify } from 'node:util'
import { answerFrame, isWriteFrame, type Registers } from './modbus-frames.ts'

export type SerialSlave = {
  /** Requests to our devices that only read, and those that would change something, whether they succeeded or not. */
  readonly frames: { read: number; write: number }
  close(): Promise<void>
}

/** A pause after which what has come so far is no request any more; a line keeps 4 ms between frames at 9600 baud. */
const PAUSE_MS = 50
const CHECKSUM_BYTES = 2
const WRITE_MULTIPLE_COILS = 15
const WRITE_MULTIPLE = 16
/** Unit, function, address, count, and the number of data bytes. */
const WRITE_HEAD_BYTES = 7
/** Every other request: unit, function, two words and the checksum. */
const PLAIN_BYTES = 8

/**
 * Opens a serial device, or one end of a pair of pseudo terminals, and answers on it for `devices` (key: unit identifier, 1 to
 * 255). Speed and parity stay as the device has them. Ends by itself when the line hangs up.
 * @throws when there is no such device, or it is not a serial line
 */
export async function openSerialSlave(
  path: string,
  devices: ReadonlyMap<number, Registers>,
): Promise<SerialSlave> {
  await promisify(execFile)('stty', ['-F', path, 'raw', '-echo'])
  const file = await open(path, 'r+')
  const input = new ReadStream(file.fd)
  const output = new WriteStream(file.fd)
}
