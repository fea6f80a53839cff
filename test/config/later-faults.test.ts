// What belongs to the product but not to this version is refused in so many words, never ignored.

import { type BadFile, refusesEach } from './plant-text.ts'

const table: readonly BadFile[] = [
  [
    'a second path',
    "        paths: [{ modbus: 'tcp://10.1.0.11:502', unit: 1 }]",
    "        paths: [{ modbus: 'tcp://10.1.0.11:502' }, { modbus: 'tcp://10.2.0.11:502' }]",
    [
      'plant.yaml:12:16 pairs[0].units.A.paths: this version uses one path per unit; remove the others',
    ],
  ],
  [
    'a path over OPC UA',
    "        paths: [{ modbus: 'tcp://10.1.0.11:502', unit: 1 }]",
    "        paths: [{ opcua: 'opc.tcp://10.1.0.11:4840' }]",
    [
      'plant.yaml:12:19 pairs[0].units.A.paths[0].opcua: reaching a controller over OPC UA is not in this version; use "modbus: tcp://host:port"',
    ],
  ],
  [
    'a tag over OPC UA',
    "at: 'hr:100'",
    "at: { modbus: hr:100, opcua: 'ns=2;s=L' }",
    [
      'plant.yaml:19:46 pairs[0].tags[0].at.opcua: reading a tag over OPC UA is not in this version; use "modbus: hr:100"',
    ],
  ],
  [
    'a UPS over OPC UA',
    "modbus: 'tcp://10.1.0.20:502'",
    "opcua: 'opc.tcp://10.1.0.20:4840'",
    [
      'plant.yaml:25:39 ups[0].opcua: reaching a UPS over OPC UA is not in this version; use "modbus: tcp://host:port"',
    ],
  ],
  [
    'a serial line',
    "'tcp://10.1.0.11:502'",
    "'rtu:///dev/ttyS0'",
    [
      'plant.yaml:12:27 pairs[0].units.A.paths[0].modbus: this version reaches devices over Modbus TCP only: tcp://host:port, found "rtu:///dev/ttyS0"',
    ],
  ],
  [
    'an OPC UA server',
    'site: Westhaven',
    'site: Westhaven\nopcua: { listen: 127.0.0.1:4840 }',
    ['plant.yaml:2:1 opcua: the OPC UA server is not in this version; remove this key'],
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
