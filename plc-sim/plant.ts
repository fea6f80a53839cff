// Puts the practice plant on the network: a port for each device, the scan clock and the HTTP
// control. Tests start one in their own process; `main.ts` starts one for people.
import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { doAction } from './actions.ts'
import { type ScanClock, startScanClock } from './clock.ts'
import { type Control, openControl } from './control.ts'
import { HOST, type Network, type OpcUaOptions, openNetwork, PortUnavailable } from './network.ts'
import { SCAN_MS } from './pair.ts'
import { keepRetained, readKept } from './retained-file.ts'
import type { SerialSettings } from './serial-line.ts'
import { clearFault, newSite, orderFault, type Site, scanSite } from './site.ts'
import { type PlantState, stateOf } from './state.ts'

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
  /** With the pair `boiler`, whose units have a maker's redundancy in place of our command block. */
  readonly maker?: boolean
  /** Serves units over OPC UA too. */
  readonly opcua?: OpcUaOptions
  /** Serves devices on serial lines too. */
  readonly serial?: readonly SerialSettings[]
}

export type Plant = {
  /** Such as `http://127.0.0.1:8090`. */
  readonly controlUrl: string
  /** Ports by device: `intake.A`, `ups-1`, and `intake.A/lan-2`, `intake.A/opcua` on other ways. */
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

/** Starts a healthy plant. Rejects with PortUnavailable, and leaves nothing open then. */
export async function startPlant(options: PlantOptions = {}): Promise<Plant> {
  const { retainedFile } = options
  const kept = retainedFile === undefined ? {} : readKept(retainedFile)
  const site = newSite(
    options.seed ?? 1,
    () => randomInt(CHALLENGE_COUNTS),
    kept,
    options.maker ?? false,
  )
  const network = await openNetwork(site, options)
  const plant = plantOf(site, network)
  try {
    const [host = HOST, port = '0'] = (options.control ?? `${HOST}:0`).split(':')
    plant.control = await openControl(host, Number(port), plant).catch((cause) => {
      throw new PortUnavailable(host, Number(port), 'the HTTP control', cause)
    })
  } catch (error) {
    await plant.close()
    throw error
  }
  if (options.clock !== 'hand') {
    const settle = () => void network.settle()
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

function plantOf(site: Site, network: Network): OpenPlant {
  return {
    control: undefined,
    clock: undefined,
    stopKeeping: undefined,
    get controlUrl() {
      return this.control?.url ?? ''
    },
    get ports() {
      return network.ports
    },
    state: () => stateOf(site, network.counts),
    async addFault(order) {
      const { id } = orderFault(site, order)
      await network.settle()
      return { id }
    },
    async clearFault(id) {
      const ids = id === undefined ? site.faultList.faults.map((fault) => fault.id) : [id]
      const cleared = ids.map((each) => clearFault(site, each))
      await network.settle()
      return cleared.every((each) => each)
    },
    async action(order) {
      doAction(site, order)
      await network.settle()
    },
    async advance(ms) {
      assert(!this.clock, 'time passes by itself on the real clock')
      for (let passedMs = 0; passedMs < ms; passedMs += SCAN_MS) scanSite(site)
      await network.settle()
    },
    async close() {
      this.clock?.stop()
      this.stopKeeping?.()
      await this.control?.close()
      await network.close()
    },
  }
}
