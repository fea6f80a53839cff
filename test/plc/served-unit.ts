// The example program of config/plc as a unit on the network: scanned every 10 ms, its registers behind a Modbus TCP port.

import { type DevicePort, openModbusPort } from '../../plc-sim/modbus.ts'
import { StUnit } from './st-unit.ts'

const scanMs = 10
const statusAt = 1000
const commandAt = 1100

export class ServedUnit {
  readonly unit: StUnit
  readonly #port: DevicePort
  readonly #scanning: NodeJS.Timeout
  /** Every role that the unit had. */
  readonly roles = new Set<number>()

  private constructor(unit: StUnit, port: DevicePort) {
    this.unit = unit
    this.#port = port
    let lastMs = performance.now()
    this.#scanning = setInterval(() => {
      const nowMs = performance.now()
      const elapsedMs = Math.round(nowMs - lastMs)
      lastMs += elapsedMs
      unit.scan(elapsedMs)
      this.roles.add(unit.get('ROLE'))
    }, scanMs)
  }

  /** A standby beside a live unit, re-armed after its download. `change` is a mistake in its text. */
  static async start(change?: (text: string) => string): Promise<ServedUnit> {
    const unit = new StUnit('BUMPLESS_EXAMPLE', change)
    unit.set({ UNITNUMBER: 12, REMOTESWITCH: 1, PERMISSIVECONTACT: 1, IOHEALTHY: 1, FIRSTSCAN: 1 })
    unit.set({ PROGRAMCHECKSUM: 0x0bad_cafe })
    unit.scan()
    unit.set({ FIRSTSCAN: 0, REARMBUTTON: 1 })
    unit.scan()
    unit.set({ REARMBUTTON: 0 })
    const port = await openModbusPort('127.0.0.1', 0, {
      read: (address, count) => readFrom(unit, address, count),
      write: (address, words) => {
        if (address < commandAt || address + words.length > commandAt + 18) return false
        const registers = [...unit.read('COMMANDREGISTERS')]
        registers.splice(address - commandAt, words.length, ...words)
        unit.write('COMMANDREGISTERS', registers)
        return true
      },
    })
    return new ServedUnit(unit, port)
  }

  get address(): string {
    return `tcp://127.0.0.1:${this.#port.port}`
  }

  async close(): Promise<void> {
    clearInterval(this.#scanning)
    await this.#port.close()
  }
}

function readFrom(unit: StUnit, address: number, count: number): readonly number[] | undefined {
  const registers = unit.read('REGISTERS')
  const from = address - statusAt
  if (from >= 0 && from + count <= registers.length) return registers.slice(from, from + count)
  // The tags of the demo plant.
  return address >= 100 && address + count <= 113 ? new Array<number>(count).fill(0) : undefined
}
