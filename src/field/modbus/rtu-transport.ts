// Modbus RTU to one device, over a serial line or a serial device server, on a bus that it may share with others. modbus-serial
// encodes the requests and decodes the answers; the line, the order on the bus, the deadlines and the judgement of what comes
// are ours, because that library gives every read the answer of the one before it after a single late reply.

import assert from 'node:assert/strict'
import modbusSerial from 'modbus-serial'
import type { Fault } from '../../core/image.ts'
import type { SerialLink, TcpLink } from '../../core/plant.ts'
import { type Backoff, fieldBackoff } from '../backoff.ts'
import type { Ending, Seat } from './bus-queue.ts'
import { exceptionText } from './mbap.ts'
import { type Area, type Clock, newCounters, type Outcome, type Transport } from './outcome.ts'
import { bitsMax, isBitArea, registersMax } from './plan.ts'
import { foresee } from './rtu-frames.ts'
import { RtuPort } from './rtu-port.ts'
import { type SharedBus, shareBus } from './shared-buses.ts'
import { type Allowed, allowedOf, commandWords } from './write-gate.ts'

/** Without an allowed write no frame that writes can leave. */
export type RtuOptions = Allowed & {
  /** Modbus unit identifier, 1 to 255; 0 would speak to all devices at once. */
  readonly unit: number
  /** Longest wait for the answer to one request; at low speeds `busTimeMs` is a good part of it. */
  readonly timeoutMs: number
  readonly backoff?: Backoff
}

export type RtuTransport = Transport & {
  /** How often the adapter gave our own request back before the answer. */
  readonly echoes: number
}

/** Opens the bus of `link`, or joins the devices that are on it already. Asserts that unit and line parameters can be. */
export function openRtuTransport(
  link: TcpLink | SerialLink,
  options: RtuOptions,
  clock: Clock,
): RtuTransport {
  return new BusDevice(link, options, clock)
}

class BusDevice implements RtuTransport {
  readonly counters = newCounters()
  readonly #options: RtuOptions
  readonly #clock: Clock
  readonly #port: RtuPort
  readonly #client: InstanceType<typeof modbusSerial.default>
  readonly #shared: SharedBus
  readonly #seat: Seat
  #asking = false
  #echoes = 0
  #closed: Promise<void> | undefined

  constructor(link: TcpLink | SerialLink, options: RtuOptions, clock: Clock) {
    const { unit, timeoutMs, backoff = fieldBackoff } = options
    assert(Number.isInteger(unit) && unit >= 1 && unit <= 255, `unit ${unit} on a serial bus`)
    assert(link.kind !== 'tcp', 'Modbus TCP carries no RTU frames')
    this.#options = options
    this.#clock = clock
    this.#port = new RtuPort(allowedOf(options))
    this.#client = new modbusSerial.default(this.#port)
    this.#client.open(() => undefined)
    this.#shared = shareBus(link, { timeoutMs, backoff }, clock)
    this.#seat = this.#shared.bus.join(unit, this.counters)
  }

  /** A bus on which another device is just asked is no obstacle. */
  get obstacle(): string | undefined {
    return this.#closed === undefined ? this.#shared.bus.obstacle(this.#options.unit) : 'closed'
  }

  get echoes(): number {
    return this.#echoes
  }

  read(area: Area, address: number, count: number): Promise<Outcome> {
    const countMax = isBitArea(area) ? bitsMax : registersMax
    assert(Number.isInteger(count) && count >= 1 && count <= countMax)
    assert(Number.isInteger(address) && address >= 0 && address + count <= 65536)
    return this.#request(undefined, (done) =>
      this.#client[readFunctions[area]](this.#options.unit, address, count, done),
    )
  }

  writeBlock(words: readonly number[], leaveByMs?: number): Promise<Outcome> {
    const { unit, commandAt } = this.#options
    assert(commandAt !== undefined, 'a write to a device that must not be written')
    assert(words.length === commandWords, `a command block of ${words.length} words`)
    assert(words.every((word) => Number.isInteger(word) && word >= 0 && word <= 65535))
    return this.#write(leaveByMs, (done) =>
      this.#client.writeFC16(unit, commandAt, [...words], (error) => done(error)),
    )
  }

  writeDeclared(index: number, leaveByMs?: number): Promise<Outcome> {
    const { unit, declared } = this.#options
    const write = declared?.[index]
    assert(write !== undefined, `declared write ${index} of a device that has none such`)
    // Functions 5 and 6 are acknowledged by their own repetition: here nobody could tell that from an echo.
    assert(write.functionCode === 16, `function ${write.functionCode} on a serial bus`)
    return this.#write(leaveByMs, (done) =>
      this.#client.writeFC16(unit, write.address, [...write.words], (error) => done(error)),
    )
  }

  close(): Promise<void> {
    if (this.#closed === undefined) {
      const { bus, release } = this.#shared
      this.#closed = Promise.resolve()
      bus.leave(this.#seat)
      this.#closed = release()
    }
    return this.#closed
  }

  #write(leaveByMs: number | undefined, encode: (done: Done) => void): Promise<Outcome> {
    const why = this.#whyNotNow(leaveByMs)
    if (why !== undefined) return Promise.resolve(this.#failure('not-asked', why, this.#clock()))
    return this.#request(leaveByMs ?? this.#clock() + fallSilentMs, encode)
  }

  #whyNotNow(leaveByMs: number | undefined): string | undefined {
    if (this.obstacle !== undefined) return this.obstacle
    return leaveByMs === undefined && this.#shared.bus.taken ? 'the bus is busy' : undefined
  }

  /** `encode` makes modbus-serial write its frame at once, and leaves it the callback for the decoded answer. */
  #request(leaveByMs: number | undefined, encode: (done: Done) => void): Promise<Outcome> {
    assert(!this.#asking, 'a second Modbus request while one is out')
    const askedMs = this.#clock()
    if (this.#closed !== undefined) {
      return Promise.resolve(this.#failure('unreachable', 'closed', askedMs))
    }
    this.#asking = true
    let decoded: Decoded | undefined
    encode((error, result) => {
      decoded = { error, bytes: result?.buffer ?? noBytes }
    })
    const foreseen = foresee(this.#port.take())
    const { timeoutMs } = this.#options
    return new Promise((resolve) => {
      const settle = (ending: Ending): void => {
        this.#asking = false
        if (ending.kind === 'answer') this.#port.answer(ending.frame)
        resolve(this.#outcomeOf(ending, decoded, askedMs))
      }
      const urgent = leaveByMs === undefined ? {} : { leaveByMs }
      this.#shared.bus.ask(this.#seat, { foreseen, timeoutMs, ...urgent, settle })
    })
  }

  #outcomeOf(ending: Ending, decoded: Decoded | undefined, askedMs: number): Outcome {
    const { sentMs } = ending
    if (ending.kind === 'failed') return this.#failure(ending.fault, ending.detail, askedMs, sentMs)
    if (ending.echoed) this.#echoes++
    if (decoded === undefined || (decoded.error && decoded.error.modbusCode === undefined)) {
      const detail = decoded?.error?.message ?? 'not decoded'
      return this.#failure('bad-answer', detail, askedMs, sentMs)
    }
    this.counters.answers++
    if (decoded.error) {
      const detail = exceptionText(decoded.error.modbusCode ?? 0)
      return this.#failure('exception', detail, askedMs, sentMs)
    }
    const { bytes } = decoded
    return { kind: 'answered', bytes, sentMs: ending.sentMs, receivedMs: ending.receivedMs }
  }

  #failure(fault: Fault, detail: string, askedMs: number, sentMs?: number): Outcome {
    this.counters.faults[fault]++
    const left = sentMs !== undefined
    const receivedMs = this.#clock()
    return { kind: 'failed', fault, detail, left, sentMs: sentMs ?? askedMs, receivedMs }
  }
}

type Done = (
  error: { readonly message: string; readonly modbusCode?: number } | null,
  result?: { readonly buffer?: Uint8Array },
) => void
type Decoded = { readonly error: Parameters<Done>[0]; readonly bytes: Uint8Array }

const noBytes = new Uint8Array()

/** A block without a time of its own waits so long for the silence after the last frame, and for nothing else. */
const fallSilentMs = 50

const readFunctions = { co: 'writeFC1', di: 'writeFC2', hr: 'writeFC3', ir: 'writeFC4' } as const
