// One device over Modbus, as src/field/driver.ts promises it: reads all signals in the planned requests, and lets a command
// block go first between two of them. A command leaves now or never: it isn't kept for a better moment, because by then the
// plant may be another one.

import assert from 'node:assert/strict'
import type { Scan, WriteNote } from '../../core/image.ts'
import type { Device, Path, Signal } from '../../core/plant.ts'
import type { BlockWrite, Driver } from '../driver.ts'
import { decode } from './decode.ts'
import { bitsMax, planReads, type Read, registersMax, sizeOf } from './plan.ts'
import { type Clock, type Counters, ModbusTransport, type Outcome } from './transport.ts'

export type ModbusDriver = Driver & {
  /** How often what happened on this path since the start. */
  readonly counters: Counters
}

/**
 * Starts to connect to `path` at once and keeps on for ever. `clock` is the monotonic clock of all times in scans, notes and
 * deadlines. In observe-only mode, or without a command block, no write can leave: the transport is then built without one.
 */
export function modbusDriver(
  device: Device,
  clock: Clock,
  path: Path | undefined = device.paths[0],
): ModbusDriver {
  assert(path !== undefined, `${device.id} has no path`)
  return new PolledDevice(device, clock, path)
}

class PolledDevice implements ModbusDriver {
  readonly #path: string
  readonly #clock: Clock
  readonly #plan: readonly Read[]
  readonly #transport: ModbusTransport
  /** Why this device is never written, fixed for the driver's life; undefined when it may be. */
  readonly #prohibition: string | undefined
  #reading = false
  #closed = false
  /** The request that is out. */
  #wire: Promise<Outcome> | undefined
  #lastTimedOut = false
  #waiting: WaitingWrite | undefined

  constructor(device: Device, clock: Clock, path: Path) {
    const { gapMax, timeoutMs, commandAt } = device
    this.#path = path.name
    this.#clock = clock
    this.#plan = planReads(device.signals, { gapMax, registersMax, bitsMax })
    this.#prohibition = prohibitionOf(device)
    const writing = this.#prohibition !== undefined || commandAt === undefined ? {} : { commandAt }
    const { host, port, unit } = path
    this.#transport = new ModbusTransport({ host, port, unit, timeoutMs, ...writing }, clock)
  }

  get counters(): Counters {
    return this.#transport.counters
  }

  async read(sample: boolean): Promise<Scan> {
    if (this.#closed) return this.#notAsked('the driver is closed')
    if (this.#reading) return this.#notAsked('the last reading is still out')
    this.#reading = true
    const scan = await this.#readAll(sample)
    this.#reading = false
    return scan
  }

  write(block: BlockWrite): Promise<WriteNote> {
    const refusal = this.#refusal(block)
    if (refusal !== undefined) return Promise.resolve(this.#dropped(block, refusal))
    if (this.#wire === undefined) return this.#send(block)
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

  async #readAll(sample: boolean): Promise<Scan> {
    const values: [string, ReturnType<typeof decode>][] = []
    let sentMs: number | undefined
    let receivedMs = this.#clock()
    for (const read of this.#plan) {
      const outcome = await this.#ask(read)
      sentMs ??= outcome.sentMs
      receivedMs = outcome.receivedMs
      if (outcome.kind === 'failed') {
        const { fault } = outcome
        const detail = `${nameOf(read)}: ${outcome.detail}`
        return { kind: 'failed', sentMs, receivedMs, path: this.#path, fault, detail }
      }
      for (const signal of read.signals) {
        values.push([signal.key, decode(signal, wordsOf(signal, read, outcome.words))])
      }
    }
    sentMs ??= receivedMs
    const path = this.#path
    return {
      kind: 'answered',
      sentMs,
      receivedMs,
      path,
      sample,
      values: Object.fromEntries(values),
    }
  }

  async #ask(read: Read): Promise<Outcome> {
    // A command may have taken the wire between the end of the last request and this one, and another one after it.
    while (this.#wire !== undefined) await this.#wire
    return this.#occupy(this.#transport.read(read.area, read.address, read.count))
  }

  async #send(block: BlockWrite): Promise<WriteNote> {
    const outcome = await this.#occupy(this.#transport.writeBlock(block.words))
    const { commandId } = block
    if (outcome.kind === 'failed' && !outcome.left) return this.#dropped(block, outcome.detail)
    const sent = outcome.kind === 'answered'
    const detail = sent ? 'acknowledged' : `left, not acknowledged: ${outcome.detail}`
    return { commandId, fate: sent ? 'sent' : 'uncertain', atMs: outcome.sentMs, detail }
  }

  /** Holds the wire until a request ends; the command that waits then goes before anything else. */
  #occupy(request: Promise<Outcome>): Promise<Outcome> {
    const held = request.then((outcome) => {
      this.#wire = undefined
      if (outcome.kind === 'answered' || outcome.fault === 'exception') this.#lastTimedOut = false
      else if (outcome.fault === 'timeout') this.#lastTimedOut = true
      this.#sendWaiting()
      return outcome
    })
    this.#wire = held
    return held
  }

  #sendWaiting(): void {
    const waiting = this.#waiting
    if (waiting === undefined) return
    this.#waiting = undefined
    const refusal = this.#refusal(waiting.block)
    waiting.resolve(
      refusal === undefined ? this.#send(waiting.block) : this.#dropped(waiting.block, refusal),
    )
  }

  #refusal(block: BlockWrite): string | undefined {
    if (this.#prohibition !== undefined) return this.#prohibition
    if (this.#closed) return 'the driver is closed'
    const nowMs = this.#clock()
    // Put this way round, a deadline that is not a number has passed too.
    if (!(nowMs <= block.deadlineMs)) {
      return `the deadline passed ${Math.round(nowMs - block.deadlineMs)} ms ago`
    }
    if (this.#transport.obstacle !== undefined) return this.#transport.obstacle
    return this.#lastTimedOut ? 'the last request timed out' : undefined
  }

  #dropped(block: BlockWrite, detail: string): WriteNote {
    return { commandId: block.commandId, fate: 'dropped', atMs: this.#clock(), detail }
  }

  #notAsked(detail: string): Scan {
    const nowMs = this.#clock()
    const path = this.#path
    return { kind: 'failed', sentMs: nowMs, receivedMs: nowMs, path, fault: 'not-asked', detail }
  }
}

type WaitingWrite = {
  readonly block: BlockWrite
  readonly resolve: (note: WriteNote | Promise<WriteNote>) => void
}

function prohibitionOf(device: Device): string | undefined {
  if (!device.mayWrite) return 'observe-only: nothing is ever written to this device'
  return device.commandAt === undefined ? 'this device has no command block' : undefined
}

const areaNames = { hr: 'holding register', ir: 'input register', co: 'coil', di: 'input' } as const

const nameOf = (read: Read): string =>
  read.count === 1
    ? `${areaNames[read.area]} ${read.address}`
    : `${areaNames[read.area]}s ${read.address} to ${read.address + read.count - 1}`

const wordsOf = (signal: Signal, read: Read, words: readonly number[]): readonly number[] =>
  words.slice(signal.address - read.address, signal.address - read.address + sizeOf(signal))
