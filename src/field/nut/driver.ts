// One UPS on a NUT server, as src/field/driver.ts promises it: one LIST VAR a reading. Whatever NUT has a driver for can be
// read this way.
//
// What upsd shows may be old. While its driver is dead it serves the last values for MAXAGE (15 s by default) and only then
// says DATA-STALE; nothing in the protocol tells the age of a value. A plant that must know sooner lowers MAXAGE.

import assert from 'node:assert/strict'
import type { Scan, Value, WriteNote } from '../../core/image.ts'
import type { Device, NutPath, NutSignal } from '../../core/plant.ts'
import { derive, inputsFor } from '../derive.ts'
import type { BlockWrite, Driver } from '../driver.ts'
import { NutConnection } from './connection.ts'
import { nutValue } from './values.ts'

/**
 * Starts to connect at once and keeps on for ever. `clock` is the monotonic clock of all times in scans and notes. A refusal
 * of the server (stale data, unknown UPS) is a failed scan with the fault `exception`, and the connection goes on.
 */
export function nutDriver(device: Device, clock: () => number, path: NutPath): Driver {
  for (const signal of path.signals) assertReadable(signal)
  return new NutUps(device, clock, path)
}

class NutUps implements Driver {
  readonly #device: Device
  readonly #clock: () => number
  readonly #path: NutPath
  readonly #glance: readonly NutSignal[]
  readonly #connection: NutConnection
  #reading = false

  constructor(device: Device, clock: () => number, path: NutPath) {
    this.#device = device
    this.#clock = clock
    this.#path = path
    const needed = inputsFor(device.glance, device.derived)
    this.#glance = path.signals.filter((signal) => needed.has(signal.key))
    this.#connection = new NutConnection(path, device.timeoutMs, clock)
  }

  read(sample: boolean): Promise<Scan> {
    return this.#ask(sample, this.#path.signals)
  }

  glance(): Promise<Scan> {
    return this.#ask(false, this.#glance)
  }

  write(block: BlockWrite): Promise<WriteNote> {
    const { commandId } = block
    const atMs = this.#clock()
    return Promise.resolve({ commandId, fate: 'dropped', atMs, detail: 'a UPS is never written' })
  }

  close(): Promise<void> {
    return this.#connection.close()
  }

  async #ask(sample: boolean, signals: readonly NutSignal[]): Promise<Scan> {
    const path = this.#path.name
    if (this.#reading) {
      const nowMs = this.#clock()
      const detail = 'the last reading is still out'
      return { kind: 'failed', sentMs: nowMs, receivedMs: nowMs, path, fault: 'not-asked', detail }
    }
    this.#reading = true
    const reply = await this.#connection.list()
    this.#reading = false
    const { sentMs, receivedMs } = reply
    if (reply.kind === 'failed') return { ...reply, path }
    if (reply.value.kind === 'refused') {
      const { detail } = reply.value
      return { kind: 'failed', sentMs, receivedMs, path, fault: 'exception', detail }
    }
    const { variables } = reply.value
    const read: Record<string, Value> = Object.fromEntries(
      signals.map((signal) => [signal.key, nutValue(signal, variables)]),
    )
    const values = derive(this.#device.derived, read)
    return { kind: 'answered', sentMs, receivedMs, path, sample, values }
  }
}

function assertReadable({ key, type, token }: NutSignal): void {
  const bitwise = type === 'bit' || type === 'bits' || type === 'words'
  const packed = type === 'bcd16' || type === 'bcd32'
  assert(!bitwise && !packed, `${key}: a NUT variable has no ${type}`)
  assert((type === 'bool') === (token !== undefined), `${key}: a bool needs a token, others none`)
}
