// A Modbus driver on a server that misbehaves as a test asks: opened with the options that the test is about, and closed with
// everything that belongs to it.

import type { Answered } from '../../src/core/image.ts'
import type { Device, ModbusPath, RegisterSignal } from '../../src/core/plant.ts'
import { type ModbusDriver, modbusDriver } from '../../src/field/modbus/driver.ts'
import { device, modbusPath, signal, until } from './devices.ts'
import { HostileServer, type Request } from './hostile-server.ts'

export const clock = (): number => performance.now()

/** Three areas of registers that no gap joins: three requests for one reading. */
export const threeReads: readonly RegisterSignal[] = [100, 200, 300].map((address) =>
  signal({ key: `tag:${address}`, address }),
)

/** Options of the path and of its device in one. */
export type DriverOptions = Partial<
  ModbusPath & Pick<Device, 'mayWrite' | 'timeoutMs' | 'derived' | 'glance'>
>

export class DriverRig {
  server = new HostileServer()
  readonly #drivers: ModbusDriver[] = []

  /** To the server of the rig, or to a port of one's own. */
  open(options: DriverOptions = {}, port = this.server.port): ModbusDriver {
    const { mayWrite = true, timeoutMs = 60, derived = [], glance = [], ...own } = options
    const path = modbusPath(port, own)
    return this.openOn(device(path, { mayWrite, timeoutMs, derived, glance }), path)
  }

  openOn(onDevice: Device, path: ModbusPath): ModbusDriver {
    const driver = modbusDriver(onDevice, clock, path)
    this.#drivers.push(driver)
    return driver
  }

  async close(): Promise<void> {
    await Promise.all(this.#drivers.splice(0).map((driver) => driver.close()))
    await this.server.close()
  }
}

/** The first scan that is answered. */
export const answered = (driver: ModbusDriver): Promise<Answered> =>
  until('an answered scan', async () => {
    const scan = await driver.read(true)
    return scan.kind === 'answered' && scan
  })

/** `read 100`, `write 1100`, ... in the order in which they came to the server. */
export const order = (requests: readonly Request[]): string[] =>
  requests.map((one) => `${one.functionCode === 16 ? 'write' : 'read'} ${one.address}`)
