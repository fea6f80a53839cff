// One device over OPC UA, as src/field/driver.ts promises it. Every scan asks for the few signals that show life in one read
// with our own time limit; the others come from a subscription while that is provably alive, and are read where it is not. The
// library's own keep-alive, reconnection and queues take no part: silence is detected by the reads alone.
//
// Times in a scan: those of its read, unless it uses values of the subscription. Then `sentMs` is the earlier moment for which
// those values are certain (subscription.ts), so that a scan never claims to be newer than any of its values. While a switchover
// runs (bursts, and the scans around them) everything is read.

import type { Failed, Fault, Scan, WriteNote } from '../../core/image.ts'
import type { Device, OpcUaPath } from '../../core/plant.ts'
import { derive } from '../derive.ts'
import type { BlockWrite, Driver } from '../driver.ts'
import { writeCommand } from './command.ts'
import { type Connection, keepConnected } from './connection.ts'
import { newOpcUaCounters, type OpcUaCounters } from './counters.ts'
import type { Line, Reply } from './line.ts'
import { Reader, type Values } from './reader.ts'

export type OpcUaDriver = Driver & { readonly counters: OpcUaCounters }

/**
 * Starts to connect to `path` at once and keeps on for ever. `clock` is the monotonic clock of all times in scans, notes and
 * deadlines. In observe-only mode, or without the nodes of a command block, no write can leave.
 */
export const opcuaDriver = (device: Device, clock: () => number, path: OpcUaPath): OpcUaDriver =>
  new PolledServer(device, clock, path)

/** Readings in a row without an answer after which the connection is given up. */
const silentMax = 2
/** A session that is not used for so long ends at the server; it also bounds what a reset connection leaves behind there. */
const sessionMinMs = 5000

type WaitingWrite = {
  readonly block: BlockWrite
  readonly resolve: (note: WriteNote | Promise<WriteNote>) => void
}

class PolledServer implements OpcUaDriver {
  readonly counters = newOpcUaCounters()
  readonly #device: Device
  readonly #path: OpcUaPath
  readonly #clock: () => number
  readonly #connection: Connection
  /** Why this device is never written, fixed for the driver's life; undefined when it may be. */
  readonly #prohibition: string | undefined
  #reader: Reader | undefined
  #reading = false
  #closed = false
  /** The request or the command that is out. */
  #wire: Promise<unknown> | undefined
  #waiting: WaitingWrite | undefined
  #silent = 0
  #exactUntilMs = Number.NEGATIVE_INFINITY

  constructor(device: Device, clock: () => number, path: OpcUaPath) {
    this.#device = device
    this.#path = path
    this.#clock = clock
    this.#prohibition = prohibitionOf(device, path)
    const sessionMs = Math.max(sessionMinMs, 4 * device.scanMs, 4 * device.timeoutMs)
    this.#connection = keepConnected({ path, clock, sessionMs, counters: this.counters })
  }

  read(sample: boolean): Promise<Scan> {
    const nowMs = this.#clock()
    if (!sample) this.#exactUntilMs = nowMs + 2 * this.#device.scanMs
    const exact = nowMs <= this.#exactUntilMs
    return this.#scan(sample, (reader) => reader.scan(exact))
  }

  glance(): Promise<Scan> {
    return this.#scan(false, (reader) => reader.glance())
  }

  write(block: BlockWrite): Promise<WriteNote> {
    const line = this.#writable(block)
    if (typeof line === 'string') return Promise.resolve(this.#dropped(block, line))
    if (this.#wire === undefined) return this.#send(block, line)
    if (this.#waiting !== undefined) {
      return Promise.resolve(this.#dropped(block, 'another command waits already'))
    }
    return new Promise((resolve) => {
      this.#waiting = { block: { ...block, words: [...block.words] }, resolve }
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#connection.close()
    await this.#wire
  }

  async #scan(sample: boolean, ask: (reader: Reader) => Promise<Reply<Values>>): Promise<Scan> {
    const nowMs = this.#clock()
    const times = { sentMs: nowMs, receivedMs: nowMs }
    if (this.#closed) return this.#failed('not-asked', 'the driver is closed', times)
    if (this.#reading) return this.#failed('not-asked', 'the last reading is still out', times)
    const { line } = this.#connection
    if (line === undefined) return this.#failed('unreachable', this.#connection.obstacle, times)
    this.#reading = true
    const reply = await ask(this.#readerOf(line))
    this.#reading = false
    if (reply.kind === 'failed') return this.#failed(reply.fault, reply.detail, reply)
    this.counters.answers += 1
    const { values, asOfMs } = reply.response
    return {
      kind: 'answered',
      sentMs: asOfMs,
      receivedMs: reply.receivedMs,
      path: this.#path.name,
      sample,
      values: derive(this.#device.derived, values),
    }
  }

  #readerOf(line: Line): Reader {
    if (this.#reader?.line !== line) {
      this.#silent = 0
      this.#reader = new Reader({
        line,
        device: this.#device,
        path: this.#path,
        clock: this.#clock,
        counters: this.counters,
        turn: (request) => this.#ask(line, request),
      })
    }
    return this.#reader
  }

  async #ask<R>(line: Line, request: () => Promise<Reply<R>>): Promise<Reply<R>> {
    // A command may have taken the wire between the end of the last request and this one, and another one after it.
    while (this.#wire !== undefined) await this.#wire
    return this.#occupy(request().then((reply) => this.#noteReply(line, reply)))
  }

  #noteReply<R>(line: Line, reply: Reply<R>): Reply<R> {
    if (reply.kind === 'answered') {
      this.#silent = 0
      this.#connection.noteAnswer()
    } else if (reply.fault === 'timeout') {
      this.#silent += 1
      if (this.#silent >= silentMax) line.hangUp(`${silentMax} readings in a row got no answer`)
    }
    return reply
  }

  async #send(block: BlockWrite, line: Line): Promise<WriteNote> {
    const command = this.#path.command
    if (command === undefined) return this.#dropped(block, 'this path has no command block')
    // What follows a command is read to the last value, with true times.
    this.#exactUntilMs = this.#clock() + 2 * this.#device.scanMs
    const note = await this.#occupy(writeCommand(line, command, block, this.#device.timeoutMs))
    return { commandId: block.commandId, ...note }
  }

  /** Holds the wire until `work` ends; the command that waits then goes before anything else. */
  #occupy<T>(work: Promise<T>): Promise<T> {
    const held = work.finally(() => {
      this.#wire = undefined
      this.#sendWaiting()
    })
    this.#wire = held
    return held
  }

  #sendWaiting(): void {
    const waiting = this.#waiting
    if (waiting === undefined) return
    this.#waiting = undefined
    const line = this.#writable(waiting.block)
    waiting.resolve(
      typeof line === 'string'
        ? this.#dropped(waiting.block, line)
        : this.#send(waiting.block, line),
    )
  }

  /** The line that may carry the block now, or why none may. */
  #writable(block: BlockWrite): Line | string {
    if (this.#prohibition !== undefined) return this.#prohibition
    if (block.declared !== undefined) return "a maker's command goes over Modbus only"
    if (this.#closed) return 'the driver is closed'
    const nowMs = this.#clock()
    // Put this way round, a deadline that is not a number has passed too.
    if (!(nowMs <= block.deadlineMs)) {
      return `the deadline passed ${Math.round(nowMs - block.deadlineMs)} ms ago`
    }
    if (this.#silent > 0) return 'the last request timed out'
    return this.#connection.line ?? this.#connection.obstacle
  }

  #dropped(block: BlockWrite, detail: string): WriteNote {
    return { commandId: block.commandId, fate: 'dropped', atMs: this.#clock(), detail }
  }

  #failed(
    fault: Fault,
    detail: string,
    { sentMs, receivedMs }: { readonly sentMs: number; readonly receivedMs: number },
  ): Failed {
    this.counters.faults[fault] += 1
    return { kind: 'failed', sentMs, receivedMs, path: this.#path.name, fault, detail }
  }
}

function prohibitionOf(device: Device, path: OpcUaPath): string | undefined {
  if (!device.mayWrite) return 'observe-only: nothing is ever written to this device'
  return path.command === undefined ? 'this path has no command block' : undefined
}
