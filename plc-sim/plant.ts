// Puts the practice plant on the network: a port for each device, the scan clock and the HTTP
// control. Tests start one in their own process; `main.ts` starts one for people.
import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { doAction } from './actions.ts'
import { type ScanClock, startScanClock } from './clock.ts'
import { type Control, openControl } from './control.ts'
import type { Controller } from './controller.ts'
import { ModbusPort, type PortBehaviour } from './modbus.ts'
import type { Registers } from './modbus-frames.ts'
import { SCAN_MS } from './pair.ts'
import { readRegisters, writeRegisters } from './registers.ts'
import { keepRetained, readKept } from './retained-file.ts'
import {
  clearFault,
  newSite,
  orderFault,
  PAIRS,
  type Site,
  scanSite,
  UNIT_NAMES,
  UPSES,
  unitsOf,
} from './site.ts'
import { type PlantState, stateOf } from './state.ts'
import { type Ups, upsWords } from './ups.ts'

const HOST = '127.0.0.1'
const UPS_REGISTERS = 10
const CHALLENGE_COUNTS = 2 ** 32

export type PlantOptions = {
  /**
   * Port of intake A, the others follow as docs/protocols.md has them; 0 (the default) takes a free
   * port for each device.
   */
  readonly basePort?: number
  /** Where the HTTP control listens, `host:port`; by default a free port of 127.0.0.1. */
  readonly control?: string
  /** Makes the disturbances of the tanks; 1 by default. */
  readonly seed?: number
  /** Keeps the units' retained data over the life of the plant; by default they begin as from the factory. */
  readonly retainedFile?: string
  /** `real` (the default) scans in real time; with `hand` time passes only through `advance`. */
  readonly clock?: 'real' | 'hand'
}

export type Plant = {
  /** Such as `http://127.0.0.1:8090`. */
  readonly controlUrl: string
  /** Ports by device: `intake.A`, `ups-1`. */
  readonly ports: Readonly<Record<string, number>>
  /** The truth, as `GET /state` shows it. */
  state(): PlantState
  /**
   * Breaks something; the port has changed, if it must, when this resolves. Rejects with
   * RefusedRequest.
   */
  addFault(order: unknown): Promise<{ readonly id: string }>
  /** Mends what one order broke, or everything without an id. False when there is no such order. */
  clearFault(id?: string): Promise<boolean>
  /** Does what a person at the plant can do; see `ACTIONS`. Rejects with RefusedRequest. */
  action(order: unknown): Promise<void>
  /** Lets plant time pass at once, in milliseconds; for the clock `hand`. */
  advance(ms: number): Promise<void>
  close(): Promise<void>
}

/** A port that could not be opened: which, whose, and why in one line. */
export class PortUnavailable extends Error {
  constructor(host: string, port: number, device: string, cause: unknown) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    const reason = why === 'EADDRINUSE' ? 'is in use' : `cannot be opened (${why})`
    super(`port ${port} of ${host}, wanted for ${device}, ${reason}`)
    this.name = 'PortUnavailable'
  }
}

/** Starts a healthy plant. Rejects with PortUnavailable, and leaves nothing open then. */
export async function startPlant(options: PlantOptions = {}): Promise<Plant> {
  const { retainedFile } = options
  const kept = retainedFile === undefined ? {} : readKept(retainedFile)
  const site = newSite(options.seed ?? 1, () => randomInt(CHALLENGE_COUNTS), kept)
  const ports = new Map<string, ModbusPort>()
  const plant = plantOf(site, ports)
  try {
    await openPorts(site, ports, options.basePort ?? 0)
    const [host = HOST, port = '0'] = (options.control ?? `${HOST}:0`).split(':')
    plant.control = await openControl(host, Number(port), plant).catch((cause) => {
      throw new PortUnavailable(host, Number(port), 'the HTTP control', cause)
    })
  } catch (error) {
    await plant.close()
    throw error
  }
  if (options.clock !== 'hand') {
    const settle = () => void settlePorts(site, ports)
    plant.clock = startScanClock(SCAN_MS, () => scanSite(site), settle)
  }
  if (retainedFile !== undefined) plant.stopKeeping = keepRetained(retainedFile, site)
  return plant
}

type OpenPlant = Plant & {
  control: Control | undefined
  clock: ScanClock | undefined
  stopKeeping: (() => void) | undefined
}

function plantOf(site: Site, ports: ReadonlyMap<string, ModbusPort>): OpenPlant {
  const settle = () => settlePorts(site, ports)
  return {
    control: undefined,
    clock: undefined,
    stopKeeping: undefined,
    get controlUrl() {
      return this.control?.url ?? ''
    },
    get ports() {
      return Object.fromEntries([...ports].map(([device, { port }]) => [device, port]))
    },
    state: () => stateOf(site, (device) => countsOf(ports, device)),
    async addFault(order) {
      const { id } = orderFault(site, order)
      await settle()
      return { id }
    },
    async clearFault(id) {
      const ids = id === undefined ? site.faultList.faults.map((fault) => fault.id) : [id]
      const cleared = ids.map((each) => clearFault(site, each))
      await settle()
      return cleared.every((each) => each)
    },
    async action(order) {
      doAction(site, order)
      await settle()
    },
    async advance(ms) {
      assert(!this.clock, 'time passes by itself on the real clock')
      for (let passedMs = 0; passedMs < ms; passedMs += SCAN_MS) scanSite(site)
      await settle()
    },
    async close() {
      this.clock?.stop()
      this.stopKeeping?.()
      await this.control?.close()
      await Promise.all([...ports.values()].map((port) => port.close()))
    },
  }
}

async function openPorts(
  site: Site,
  ports: Map<string, ModbusPort>,
  basePort: number,
): Promise<void> {
  const open = async (device: string, offset: number, registers: Registers) => {
    const wanted = basePort === 0 ? 0 : basePort + offset
    const port = await ModbusPort.open(HOST, wanted, registers).catch((cause) => {
      throw new PortUnavailable(HOST, wanted, device, cause)
    })
    ports.set(device, port)
  }
  const offsets = PAIRS.flatMap(({ offsets }) => UNIT_NAMES.map((name) => offsets[name]))
  for (const [index, { target, unit }] of unitsOf(site).entries()) {
    await open(target, offsets[index] ?? 0, unitRegisters(unit))
  }
  for (const [index, { name, offset }] of UPSES.entries()) {
    const ups = site.upses[index]
    if (ups) await open(name, offset, upsRegisters(ups))
  }
}

function unitRegisters(unit: Controller): Registers {
  return {
    read: (address, count) => readRegisters(unit, address, count),
    write: (address, words) => writeRegisters(unit, address, words),
  }
}

function upsRegisters(ups: Ups): Registers {
  return {
    read: (address, count) =>
      address + count <= UPS_REGISTERS ? upsWords(ups).slice(address, address + count) : undefined,
    write: () => false,
  }
}

async function settlePorts(site: Site, ports: ReadonlyMap<string, ModbusPort>): Promise<void> {
  const units = unitsOf(site).map(({ target, unit }) => ports.get(target)?.behave(portOf(unit)))
  const upses = site.upses.map(({ name, faults }) => {
    const mode = faults.comms_lost ? 'unreachable' : 'serving'
    return ports.get(name)?.behave({ mode, delayMs: 0 })
  })
  await Promise.all([...units, ...upses])
}

function portOf({ powered, faults }: Controller): PortBehaviour {
  const delayMs = faults.slow?.ms ?? 0
  if (!powered) return { mode: 'closed', delayMs }
  if (faults.network_loss) return { mode: 'unreachable', delayMs }
  return { mode: faults.hang ? 'mute' : 'serving', delayMs }
}

function countsOf(ports: ReadonlyMap<string, ModbusPort>, device: string) {
  const port = ports.get(device)
  return { port: port?.port ?? 0, read: port?.frames.read ?? 0, write: port?.frames.write ?? 0 }
}
