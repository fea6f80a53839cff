// What characters cost on a serial line: how long the line must be silent between two frames, and how long one reading takes. A
// bus carries one request at a time, so the sum over its devices is the shortest scan time that it can keep.

/**
 * Silence that ends a frame, ms: 3.5 characters of 11 bits, and 1.75 ms for everything above 19,200 baud, where slaves could no
 * longer time it by the character (Modbus over Serial Line V1.02, section 2.5.1.1).
 */
export const silentMs = (baud: number): number =>
  baud > fastestCountedBaud ? 1.75 : 3.5 * characterMs(baud)

/**
 * Shortest time that reading 1 to 125 registers takes on the bus, ms: request, answer and the silence after each, without the
 * time that the device needs to answer. A device that doesn't answer takes its whole time-out instead.
 */
export const busTimeMs = (baud: number, registers: number): number =>
  frameMs(baud, requestBytes) + frameMs(baud, answerBytes + 2 * registers) + 2 * silentMs(baud)

/**
 * How long a device is not asked after a request without a proper answer, ms: counted from the end of the time-out, it lets an
 * answer pass that takes more than twice the time-out, and one of 300 ms in any case.
 */
export const quietMs = (timeoutMs: number): number => Math.max(300, 1.5 * timeoutMs)

/** Time that so many bytes take on the line, ms. */
const frameMs = (baud: number, bytes: number): number => bytes * characterMs(baud)

/** Start bit, 8 data bits, parity or a second stop bit, stop bit. Without either a character is a tenth shorter. */
const characterBits = 11
const fastestCountedBaud = 19_200
const requestBytes = 8
/** Unit, function, byte count and checksum. */
const answerBytes = 5

const characterMs = (baud: number): number => (characterBits * 1000) / baud
