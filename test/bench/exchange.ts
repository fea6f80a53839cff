// The exchange that every client of the benchmark does: one request for 125 holding registers from address 0 of unit 1, whose
// first register is checked. The ports of the server, and the device as our own driver sees it.

import type { Device, ModbusPath, RegisterSignal } from '../../src/core/plant.ts'

export type Ports = { readonly still: number; readonly moving: number }

export const registerCount = 125
export const firstRegister = 0xb0b5
export const host = '127.0.0.1'
export const replyBytes = 9 + 2 * registerCount

/** One register, one signal: the plan makes one request of them. */
export function benchDevice(id: string, port: number): { device: Device; path: ModbusPath } {
  const signals = Array.from({ length: registerCount }, (_, address) => signalAt(address))
  const path: ModbusPath = {
    name: 'lan-1',
    address: `tcp://${host}:${port}`,
    protocol: 'modbus',
    link: { kind: 'tcp', host, port },
    unit: 1,
    signals,
    gapMax: 0,
    registersMax: registerCount,
    bitsMax: 2000,
  }
  const device: Device = {
    id,
    paths: [path],
    derived: [],
    glance: [],
    scanMs: 100,
    timeoutMs: 1000,
    mayWrite: false,
  }
  return { device, path }
}

const signalAt = (address: number): RegisterSignal => ({
  key: `r${address}`,
  area: 'hr',
  address,
  type: 'uint16',
  wordOrder: 'big',
  byteOrder: 'big',
  scale: 1,
  offset: 0,
  unknownWhen: [],
})
