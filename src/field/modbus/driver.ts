// One device over Modbus, as src/field/driver.ts promises it: reads all signals in the planned requests, and lets a command
// go first between two of them. A command leaves now or never: it isn't kept for a better moment, because by then the
// plant may be another one.

import assert from 'node:assert/strict'
import type { Failed, Scan, WriteNote } from '../../core/image.ts'
import type { Device, ModbusPath } from '../../core/plant.ts'
import { inputsFor } from '../derive.ts'
import type { BlockWrite, Driver } from '../driver.ts'
import type { Clock, Counters, Outcome, Transport } from './outcome.ts'
import { planReads, type Read } from './plan.ts'
import { ReadOut } from './read-out.ts'
import { openRtuTransport } from './rtu-transport.ts'
import { ModbusTransport } from './transport.ts'
import { allowedOf } from './write-gate.ts'

export type ModbusDriver = Driver & {
  /** How often what happened on this path since the start. */
  readonly counters: Counters
}

/**
 * Starts to connect to `path` at once and keeps on for ever. `clock` is the monotonic clock of all times in scans, notes and
 * deadlines. In observe-only mode, or without a command block, no write can leave: the transport is then built without one.
 * A glance at a device of whose glance nothing stands on this path reads everything. Asserts that the path has signals.
 */
export const modbusDriver = (device: Device, clock: Clock, path: ModbusPath): ModbusDriver =>
  new PolledDevice(device, clock, path)

class PolledDevice implements ModbusDriver {
  readonly #path: string
  readonly #clock: Clock
  readonly #full: ReadOut
  readonly #glance: ReadOut
  readonly #transport: Transport
  /** Why no block is ever written to this device, fixed for the driver's life; undefined when it may be. */
  readonly #prohibition: string | undefined
  readonly #observes: boolean
  readonly #declaredWrites: number
  /** True from the first request of a reading to the end of its last: the wire is taken, by it or by a command in between. */
  #reading = false
  #closed = false
  /** The command that is out. */
  #writing: Promise<Outcome> | undefined
  #lastTimedOut = false
  #waiting: WaitingWrite | undefined

  constructor(device: Device, clock: Clock, path: ModbusPath) {
    assert(path.signals.length > 0, `${device.id} has no signal on ${path.name}`)
    const needed = inputsFor(device.glance, device.derived)
    const glanced = path.signals.filter((signal) => needed.has(signal.key))
    this.#path = path.name
    this.#clock = clock
    this.#full = new ReadOut(planReads(path.signals, path), device.derived)
    this.#glance =
      glanced.length === 0 ? this.#full : new ReadOut(planReads(glanced, path), device.derived)
    this.#prohibition = prohibitionOf(device, path)
    this.#observes = !device.mayWrite
    this.#declaredWrites = path.declared?.length ?? 0
    this.#transport = openTransport(device, clock, path, device.mayWrite)
  }

  get counters(): Counters {
    return this.#transport.counters
  }

  read(sample: boolean): Promise<Scan> {
    return this.#begin(this.#full, sample)
  }

  glance(): Promise<Scan> {
    return this.#begin(this.#glance, false)
  }

  write(block: BlockWrite): Promise<WriteNote> {
    const refusal = this.#refusal(block)
    if (refusal !== undefined) return Promise.resolve(this.#dropped(block, refusal))
    if (!this.#reading && this.#writing === undefined) return this.#send(block)
    if (this.#waiting !== undefined) {
      return Promise.resolve(this.#dropped(block, 'another command waits already'))
    }
    return new Promise((resolve) => {
      this.#waiting = { block: { ...block, words: [...block.words] }, resolve }
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#transport.close()
  }

  #begin(readOut: ReadOut, sample: boolean): Promise<Scan> {
    if (this.#closed) return Promise.resolve(this.#notAsked('the driver is closed'))
    if (this.#reading) return Promise.resolve(this.#notAsked('the last reading is still out'))
    return this.#readAll(readOut, sample)
  }

  async #readAll(readOut: ReadOut, sample: boolean): Promise<Scan> {
    this.#reading = true
    let sentMs: number | undefined
    let receivedMs = 0
    try {
      for (let index = 0; index < readOut.plan.length; index++) {
        const read = readOut.plan[index]
        assert(read !== undefined)
        // A command may have taken the wire between the end of the last request and this one, and another one after it.
        while (this.#writing !== undefined) await this.#writing
        const outcome = await this.#transport.read(read.area, read.address, read.count)
        // Taken before anything else is sent: the bytes are good until the next request only.
        if (outcome.kind === 'answered') readOut.take(index, outcome.bytes)
        this.#ended(outcome)
        sentMs ??= outcome.sentMs
        receivedMs = outcome.receivedMs
        if (outcome.kind === 'failed') return this.#failed(read, outcome, sentMs)
      }
      const path = this.#path
      const values = readOut.values()
      return { kind: 'answered', sentMs: sentMs ?? receivedMs, receivedMs, path, sample, values }
    } finally {
      this.#reading = false
    }
  }

  async #send(block: BlockWrite): Promise<WriteNote> {
    const { words, declared, deadlineMs } = block
    const request =
      declared === undefined
        ? this.#transport.writeBlock(words, deadlineMs)
        : this.#transport.writeDeclared(declared, deadlineMs)
    this.#writing = request
    const outcome = await request
    this.#writing = undefined
    this.#ended(outcome)
    return this.#noteOf(block, outcome)
  }

  #noteOf(block: BlockWrite, outcome: Outcome): WriteNote {
    if (outcome.kind === 'failed' && !outcome.left) return this.#dropped(block, outcome.detail)
    const { commandId } = block
    const sent = outcome.kind === 'answered'
    const detail = sent ? 'acknowledged' : `left, not acknowledged: ${outcome.detail}`
    return { commandId, fate: sent ? 'sent' : 'uncertain', atMs: outcome.sentMs, detail }
  }

  /** The wire is free: a command that waits goes before anything else. */
  #ended(outcome: Outcome): void {
    if (outcome.kind === 'answered' || outcome.fault === 'exception') this.#lastTimedOut = false
    else if (outcome.fault === 'timeout') this.#lastTimedOut = true
    const waiting = this.#waiting
    if (waiting === undefined) return
    this.#waiting = undefined
    const { block, resolve } = waiting
    const refusal = this.#refusal(block)
    resolve(refusal === undefined ? this.#send(block) : this.#dropped(block, refusal))
  }

  #refusal(block: BlockWrite): string | undefined {
    const prohibition =
      block.declared === undefined ? this.#prohibition : this.#unless(block.declared)
    if (prohibition !== undefined) return prohibition
    if (this.#closed) return 'the driver is closed'
    const nowMs = this.#clock()
    // Put this way round, a deadline that is not a number has passed too.
    if (!(nowMs <= block.deadlineMs)) {
      return `the deadline passed ${Math.round(nowMs - block.deadlineMs)} ms ago`
    }
    if (this.#transport.obstacle !== undefined) return this.#transport.obstacle
    return this.#lastTimedOut ? 'the last request timed out' : undefined
  }

  /** Why a declared write is never sent, fixed for the driver's life. */
  #unless(declared: number): string | undefined {
    if (this.#observes) return observeOnly
    if (Number.isInteger(declared) && declared >= 0 && declared < this.#declaredWrites)
      return undefined
    return `the profile declares no command ${declared}`
  }

  #dropped(block: BlockWrite, detail: string): WriteNote {
    return { commandId: block.commandId, fate: 'dropped', atMs: this.#clock(), detail }
  }

  #failed(read: Read, outcome: Outcome & { kind: 'failed' }, sentMs: number): Failed {
    const { fault, receivedMs } = outcome
    const detail = `${nameOf(read)}: ${outcome.detail}`
    return { kind: 'failed', sentMs, receivedMs, path: this.#path, fault, detail }
  }

  #notAsked(detail: string): Failed {
    const nowMs = this.#clock()
    const path = this.#path
    return { kind: 'failed', sentMs: nowMs, receivedMs: nowMs, path, fault: 'not-asked', detail }
  }
}

type WaitingWrite = {
  readonly block: BlockWrite
  readonly resolve: (note: WriteNote | Promise<WriteNote>) => void
}

/** Starts to connect at once. A transport that may not write has no address that it could write to. */
export function openTransport(
  { timeoutMs }: Pick<Device, 'timeoutMs'>,
  clock: Clock,
  path: ModbusPath,
  mayWrite: boolean,
): Transport {
  const { link, unit } = path
  const options = { unit, timeoutMs, ...(mayWrite && allowedOf(path)) }
  if (link.kind !== 'tcp') return openRtuTransport(link, options, clock)
  return new ModbusTransport({ host: link.host, port: link.port, ...options }, clock)
}

const observeOnly = 'observe-only: nothing is ever written to this device'

function prohibitionOf({ mayWrite }: Device, { commandAt }: ModbusPath): string | undefined {
  if (!mayWrite) return observeOnly
  return commandAt === undefined ? 'this device has no command block' : undefined
}

const areaNames = { hr: 'holding register', ir: 'input register', co: 'coil', di: 'input' } as const

const nameOf = (read: Read): string =>
  read.count === 1
    ? `${areaNames[read.area]} ${read.address}`
    : `${areaNames[read.area]}s ${read.address} to ${read.address + read.count - 1}`
