// What belongs to the product but not to this version is refused in so many words, never ignored.

import { type BadFile, refusesEach } from './plant-text.ts'

const table: readonly BadFile[] = [
  [
    'a UPS over OPC UA',
    "modbus: 'tcp://10.1.0.20:502'",
    "opcua: 'opc.tcp://10.1.0.20:4840'",
    [
      'plant.yaml:25:39 ups[0].opcua: reaching a UPS over OPC UA is not in this version; use modbus, nut or snmp',
    ],
  ],
  [
    'maintenance windows',
    'site: Westhaven',
    'site: Westhaven\nmaintenance_windows: []',
    [
      'plant.yaml:2:1 maintenance_windows: maintenance windows (failback by window) are not in this version; remove this key',
    ],
  ],
  [
    'failback by the operator',
    'confirm_s: 60',
    'failback: operator',
    [
      'plant.yaml:23:25 pairs[0].policy.failback: failback "operator" is not in this version; use "hold"',
    ],
  ],
  [
    'failback in a window',
    'confirm_s: 60',
    'failback: window',
    [
      'plant.yaml:23:25 pairs[0].policy.failback: failback "window" is not in this version; use "hold"',
    ],
  ],
  [
    'failback at once',
    'confirm_s: 60',
    'failback: immediate',
    [
      'plant.yaml:23:25 pairs[0].policy.failback: failback "immediate" is not in this version; use "hold"',
    ],
  ],
  [
    'automatic switchover',
    'confirm_s: 60',
    'switchover: automatic',
    [
      'plant.yaml:23:27 pairs[0].policy.switchover: automatic switchover is not in this version; use "supervised"',
    ],
  ],
]

describe('A plant file that asks for what this version does not do', () => {
  refusesEach(table)
})
