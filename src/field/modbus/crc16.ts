// The checksum of Modbus RTU. modbus-serial speaks RTU frames to every port, so frames that came over TCP get it too.

/** CRC-16/MODBUS: reflected polynomial A001, initial value FFFF. The ASCII digits `123456789` give 4B37. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff
  for (const byte of bytes) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] ?? 0)
  return crc
}

/** A body with its checksum behind it, low byte first: one RTU frame. */
export function withCrc16(body: Uint8Array): Buffer {
  const frame = Buffer.alloc(body.length + 2)
  frame.set(body)
  frame.writeUInt16LE(crc16(body), body.length)
  return frame
}

const table: Uint16Array = Uint16Array.from({ length: 256 }, (_, index) => {
  let value = index
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xa001 : value >>> 1
  return value
})
