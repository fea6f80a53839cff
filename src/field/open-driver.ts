// Which driver reaches a path: the one place that knows every protocol.

import type { Device, Path } from '../core/plant.ts'
import type { Driver } from './driver.ts'
import { modbusDriver } from './modbus/driver.ts'
import { nutDriver } from './nut/driver.ts'
import { opcuaDriver } from './opcua/driver.ts'
import { snmpDriver } from './snmp/driver.ts'

/** Starts to connect at once. `clock` is the monotonic clock of all times in scans, notes and deadlines, ms. */
export function openDriver(device: Device, clock: () => number, path: Path): Driver {
  switch (path.protocol) {
    case 'modbus':
      return modbusDriver(device, clock, path)
    case 'opcua':
      return opcuaDriver(device, clock, path)
    case 'nut':
      return nutDriver(device, clock, path)
    case 'snmp':
      return snmpDriver(device, clock, path)
  }
}
