// Devices, signals and waiting for the tests of the field layer: every option has a default, so that whatever a test sets is
// what the test is about.

import assert from 'node:assert/strict'
import type { Device, ModbusPath, Path, RegisterSignal } from '../../src/core/plant.ts'

export const signal = (options: Partial<RegisterSignal> = {}): RegisterSignal => ({
  key: 'value',
  area: 'hr',
  address: 0,
  type: 'uint16',
  wordOrder: 'big',
  byteOrder: 'big',
  scale: 1,
  offset: 0,
  unknownWhen: [],
  ...options,
})

/** Modbus TCP to this machine. */
export const modbusPath = (port: number, options: Partial<ModbusPath> = {}): ModbusPath => ({
  name: 'lan-1',
  address: `tcp://127.0.0.1:${port}`,
  lan: 'lan-1',
  protocol: 'modbus',
  link: { kind: 'tcp', host: '127.0.0.1', port },
  unit: 1,
  signals: [signal({ key: 'level', address: 100 })],
  gapMax: 0,
  registersMax: 125,
  bitsMax: 2000,
  commandAt: 1100,
  ...options,
})

export const device = (path: Path, options: Partial<Device> = {}): Device => ({
  id: 'intake.A',
  paths: [path],
  derived: [],
  glance: [],
  scanMs: 200,
  timeoutMs: 60,
  mayWrite: true,
  ...options,
})

/** Asks again every few milliseconds until the answer is there; fails after `limitMs`. */
export async function until<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  limitMs = 5000,
): Promise<T> {
  const endMs = performance.now() + limitMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    assert(performance.now() < endMs, `not within ${limitMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** Seed of a random test: taken from SEED, else drawn; printed by the test so that a failure can be had again. */
export const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
